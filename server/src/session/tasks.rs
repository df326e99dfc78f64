//! Starting, following and ending tasks.
//!
//! Invariants
//! - A task has a number and an event on disk before the client hears of it.
//! - At most as many run at once as the configuration says; the others wait in order.
//! - A task works on the texts as they are when it begins, not when it was asked for.

use std::sync::Arc;
use std::time::Duration;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Cancel;
use vouchsafe_evidence::log::Ended;

use super::Session;
use super::check::Checkable;
use super::document::DocumentId;
use super::folders::Folder;
use super::notes::Found;
use super::outgoing::{Level, NoteArgument, Outgoing, Start};
use super::state::{Phase, State, Task, Waiting};
use super::voice::Voice;
use crate::agent::{self, CheckedClaim, ClaimCounts, CommandLine, Finished, Job, Report, Work};
use crate::config::LogLevel;
use crate::recipe;

impl Session {
    /// Starts a recipe on a document; answers with the task's number at once.
    ///
    /// # Errors
    /// One sentence for the user: nothing was started.
    pub async fn start(&self, start: &Start, document: DocumentId) -> Result<u64, String> {
        let session = self.itself.upgrade().ok_or("the session has ended")?;
        let start = start.clone();
        // The first event goes to disk: not on the task that moves messages.
        let started = tokio::task::spawn_blocking(move || session.begin(&start, &document)).await;
        started.unwrap_or_else(|_| Err("the task could not be started: see the server's log".to_owned()))
    }

    fn begin(&self, start: &Start, document: &DocumentId) -> Result<u64, String> {
        let (folder, file) = self.workplace(document)?;
        let job = job(&folder, start, file).map_err(|error| error.to_string())?;
        self.launch(job, folder, document.clone(), start.line, None)
    }

    /// The folder that a task on this document works on, and the document's file in it.
    pub(super) fn workplace(
        &self,
        document: &DocumentId,
    ) -> Result<(Arc<Folder>, Option<WorkspacePath>), String> {
        if let Some(folder) = self.folder_of(document) {
            let file = folder.inside(document);
            return Ok((folder, file));
        }
        Err(match document {
            DocumentId::File(path) => format!(
                "{} is in no workspace folder: open its folder in the editor, a task needs a workspace to copy",
                path.display()
            ),
            DocumentId::Other(_) => {
                "this document has no file yet: save it in a workspace folder first".to_owned()
            }
        })
    }

    /// Gives a job its number and its place in the queue.
    pub(super) fn launch(
        &self,
        job: Job,
        folder: Arc<Folder>,
        document: DocumentId,
        line: u32,
        checks: Option<NoteArgument>,
    ) -> Result<u64, String> {
        let begun = agent::begin(job, &self.services, &self.starting).map_err(|error| error.to_string())?;
        let id = begun.task().get();
        let cancel = Cancel::default();
        let mut task = Task::new(begun.job(), folder.path.clone(), document, line, cancel.clone());
        task.checks = checks;
        let title = task.title.clone();
        self.log(&folder, LogLevel::Info, || {
            format!("task {id} begins: {title}, in {}", folder.path.display())
        });
        let mut state = self.state();
        state.tasks.insert(id, task);
        state.waiting.push_back(Waiting { begun, folder, cancel });
        drop(state);
        self.tell(Outgoing::ProgressBegin { task: id, title });
        self.run_waiting();
        Ok(id)
    }

    /// Gives the next tasks their threads, as far as the limit allows.
    fn run_waiting(&self) {
        let Some(session) = self.itself.upgrade() else { return };
        let mut state = self.state();
        while let Some(next) = state.waiting.front() {
            if state.running >= next.folder.loaded.config.limits.parallel_tasks {
                let ids: Vec<_> = state.waiting.iter().map(|waiting| waiting.begun.task().get()).collect();
                drop(state);
                for task in ids {
                    let text = "waiting for another task to end".to_owned();
                    self.tell(Outgoing::ProgressStep { task, text, percent: None });
                }
                return;
            }
            let Some(next) = state.waiting.pop_front() else { return };
            session.give_thread(&mut state, next);
        }
    }

    /// Gives a task its thread.
    fn give_thread(self: &Arc<Self>, state: &mut State, next: Waiting) {
        state.running += 1;
        state.threads.retain(|thread| !thread.is_finished());
        let session = Arc::clone(self);
        let id = next.begun.task().get();
        let thread = std::thread::Builder::new().name(format!("task-{id}"));
        match thread.spawn(move || session.carry_out(next)) {
            Ok(thread) => state.threads.push(thread),
            Err(error) => {
                state.running -= 1;
                state.tasks.remove(&id);
                let text = format!("could not be started: {error}");
                self.tell(Outgoing::ProgressEnd { task: id, text });
            }
        }
    }

    /// The whole life of a task, on its own thread.
    fn carry_out(&self, waiting: Waiting) {
        let Waiting { mut begun, folder, cancel } = waiting;
        let id = begun.task().get();
        begun.set_unsaved(self.unsaved(&folder));
        begun.will_be_reviewed();
        let mut voice = Voice::default();
        let ended =
            begun.run(&self.services, &cancel, &mut |report| self.reported(id, &folder, &report, &mut voice));
        self.state().running -= 1;
        match ended {
            Ok(finished) => self.finished(id, &folder, finished),
            Err(error) => {
                let sentence = error.to_string();
                self.log(&folder, LogLevel::Error, || format!("task {id}: {sentence}"));
                self.end_without_review(id, &sentence);
                self.tell(Outgoing::Message(Level::Error, format!("Vouchsafe: task {id}: {sentence}")));
            }
        }
        self.run_waiting();
    }

    fn reported(&self, task: u64, folder: &Folder, report: &Report<'_>, voice: &mut Voice) {
        let (text, percent) = match report {
            Report::Ready(_) => ("copy ready".to_owned(), None),
            Report::StepBegins { number, of, shown } => {
                let percent = of.and_then(|of| u32::try_from((number - 1) * 100 / of.max(1)).ok());
                let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
                (format!("step {number}{of}: {shown}"), percent)
            }
            Report::StepEnds(step) => {
                self.log(folder, LogLevel::Debug, || {
                    format!("task {task}: step {}: {}", step.seq, step.summary())
                });
                return;
            }
            Report::Asks { turn } => (format!("turn {turn}: the model thinks"), None),
            Report::Acts { shown } => ((*shown).to_owned(), None),
            Report::Says(delta) => match voice.hears(*delta) {
                Some(line) => (line, None),
                None => return,
            },
            Report::Output(..) => return,
        };
        if let Some(entry) = self.state().tasks.get_mut(&task) {
            entry.phase = Phase::Running { step: text.clone() };
        }
        let text = self.services.clean(text);
        self.tell(Outgoing::ProgressStep { task, text, percent });
    }

    fn end_without_review(&self, id: u64, sentence: &str) {
        if let Some(task) = self.state().tasks.get_mut(&id) {
            task.phase = Phase::Settled;
        }
        self.tell(Outgoing::ProgressEnd { task: id, text: sentence.to_owned() });
    }

    fn finished(&self, id: u64, folder: &Arc<Folder>, mut finished: Finished) {
        let outcome = finished.outcome.clone();
        let claims = std::mem::take(&mut finished.claims);
        let checks = self.state().tasks.get(&id).and_then(|task| task.checks);
        if let (Some(which), Some(checked)) = (checks, claims.first()) {
            let (checked, record) = (checked.clone(), finished.record.clone());
            self.review(id, folder, finished);
            self.tell(Outgoing::ProgressEnd { task: id, text: checked.claim.because.clone() });
            return self.checked(id, &which, checked, &record);
        }
        let counted_claims = ClaimCounts::of(claims.iter().map(|checked| &checked.claim)).in_words();
        let mut found = found(claims, &finished);
        let reply = self.take_reply(id, &finished, &mut found);
        let checkable = Checkable {
            message: finished.message.clone(),
            changes: finished.proposal.changes.clone(),
            folder: Arc::clone(folder),
        };
        let failed_checks: Vec<_> =
            finished.checks.iter().filter(|check| check.failed()).map(agent::StepInfo::summary).collect();
        let counts = self.review(id, folder, finished);
        if let Some(task) = self.state().tasks.get_mut(&id).filter(|_| counted_claims.is_some()) {
            task.checkable = Some(Arc::new(checkable));
        }
        self.note(id, found);
        if counts.0 > 0 {
            self.take_over(id);
        }
        let Some(title) = self.state().tasks.get(&id).map(|task| task.title.clone()) else { return };
        let changes = match counts {
            (0, _) => reply
                .as_ref()
                .and_then(|reply| reply.outcome.clone())
                .unwrap_or_else(|| "no changes".to_owned()),
            (changes, files) => format!("{} in {}", counted(changes, "change"), counted(files, "file")),
        };
        let mut sentence = match &outcome {
            Ended::Finished | Ended::NothingToDo => format!("{title}: {changes}"),
            other => format!("{title}: {other} ({changes})"),
        };
        if let Some(counted) = counted_claims {
            sentence.push_str(&format!("; {counted}"));
        }
        for check in failed_checks {
            sentence.push_str(&format!("; the check {check}"));
        }
        self.log(folder, LogLevel::Info, || format!("task {id} has ended: {sentence}"));
        self.tell(Outgoing::ProgressEnd { task: id, text: sentence.clone() });
        self.collect(folder);
        self.check_after(id, folder);
        self.tell_end(id, &sentence, counts.0, &outcome, reply.as_ref());
    }

    /// Cancels a task, running or waiting; one that has ended is left alone.
    ///
    /// # Errors
    /// One sentence when there is no such task.
    pub fn cancel(&self, task: u64) -> Result<(), String> {
        let mut state = self.state();
        let known =
            state.tasks.get(&task).ok_or_else(|| format!("there is no task {task} in this session"))?;
        known.cancel.cancel();
        let is_over = matches!(known.phase, Phase::Settled);
        // A task that waits for its turn ends now: all it has to do is to say so.
        let queued = state.waiting.iter().position(|waiting| waiting.begun.task().get() == task);
        let queued = queued.and_then(|at| state.waiting.remove(at));
        if let (Some(queued), Some(session)) = (queued, self.itself.upgrade()) {
            session.give_thread(&mut state, queued);
        }
        drop(state);
        if !is_over {
            // Ending takes as long as its processes take to go; that it was heard shows at once.
            self.tell(Outgoing::ProgressStep { task, text: "cancelling".to_owned(), percent: None });
        }
        Ok(())
    }

    /// A line for the client's log, if the configuration wants to hear of it.
    pub(super) fn log(&self, folder: &Folder, level: LogLevel, text: impl FnOnce() -> String) {
        let as_message = match level {
            _ if folder.loaded.config.log < level => return,
            LogLevel::Error => Level::Error,
            LogLevel::Warn => Level::Warning,
            LogLevel::Off | LogLevel::Info | LogLevel::Debug => Level::Info,
        };
        self.tell(Outgoing::Log(as_message, self.services.clean(text())));
    }

    /// Retires old outputs once in a session, after a task, on the scribe's time.
    fn collect(&self, folder: &Folder) {
        if std::mem::replace(&mut self.state().collected, true) {
            return;
        }
        let (services, kept) = (Arc::clone(&self.services), folder.loaded.config.evidence);
        self.scribe.run(move || {
            // Housekeeping: what cannot be retired now is looked at again in the next session.
            drop(services.store().map(|store| store.gc(&agent::retention(kept))));
        });
    }

    /// Cancels every task, and the start of those that wait for their key: only where the session ends.
    pub fn cancel_all(&self) {
        self.starting.cancel();
        for task in self.state().tasks.values() {
            task.cancel.cancel();
        }
    }
}

/// The job of a recipe.
fn job(folder: &Folder, start: &Start, file: Option<WorkspacePath>) -> Result<Job, recipe::RecipeError> {
    let config = &folder.loaded.config;
    let recipe = recipe::find(&config.recipes, &start.recipe)?;
    folder.tools.refresh();
    recipe.ready(&folder.tools)?;
    let lines = |lines: Vec<String>| lines.into_iter().map(CommandLine::shell).collect();
    Ok(Job {
        kind: "recipe",
        title: recipe.title.clone(),
        workspace: folder.real.clone(),
        work: Work::Commands {
            recipe: Some(recipe.name.clone()),
            commands: lines(recipe.commands(file.as_ref())?),
            checks: lines(recipe.checks(file.as_ref())?),
        },
        place: file.map(|file| (file, start.line)),
        only_its_file: recipe.scope == recipe::RecipeScope::File,
        unsaved: Vec::new(),
        env: recipe.env.clone(),
        tool_directories: folder.facts.bins().collect(),
        read: Vec::new(),
        config: Arc::new(config.clone()),
        command_wall: recipe.timeout_s.map(|seconds| Duration::from_secs(seconds.into())),
    })
}

/// What a finished task has to say besides its changes.
fn found(claims: Vec<CheckedClaim>, finished: &Finished) -> Vec<Found> {
    let weakened = finished.weakened.iter().map(|test| Found::weakened(test, &finished.record));
    let risky = finished.risky.iter().map(|(path, risky)| Found::risky(path, risky, &finished.record));
    let claims = claims.into_iter().filter_map(|claim| Found::claim(claim, &finished.record));
    claims.chain(weakened).chain(risky).collect()
}

/// `1 change`, `2 changes`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
