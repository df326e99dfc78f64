//! The user's decisions: accept, reject, look.
//!
//! Invariants
//! - A decision about something that no longer waits is refused with a sentence, never guessed.
//! - *Accept all* leaves out conflicts, protected paths and what is out of scope, and says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use vouchsafe_evidence::log::Decision;

use super::Session;
use super::apply::{Applying, Decided, Expected, What};
use super::document::DocumentId;
use super::outgoing::{Call, ClientChange, ClientEdit, Level, Outgoing, Pick};
use super::plan::{Lines, Plan, WholeChange};
use super::reviews::{Kind, Review};
use super::state::State;
use super::tasks::counted;
use super::{text, write};
use crate::review::{FileChange, HunkId, LineEdit, ProposedFile, char_range, sentence};

impl Session {
    /// Carries out a decision.
    ///
    /// # Errors
    /// One sentence for the user: nothing was done.
    pub fn decide(&self, call: Call) -> Result<(), String> {
        match call {
            Call::Accept(pick) => self.accept(&pick),
            Call::AcceptWithNeeds(pick) => self.accept_with_needs(&pick),
            Call::Reject(pick) => self.reject(&pick),
            Call::ShowEvidence(pick) => self.show_evidence(&pick),
            Call::Compare(pick) => self.compare(&pick),
            Call::Cancel(task) => self.cancel(task.task),
            Call::Tasks => {
                self.tell(Outgoing::Message(Level::Info, self.tasks_in_words()));
                Ok(())
            }
            Call::ShowTasks(_) => {
                self.show_tasks();
                Ok(())
            }
            Call::ShowChange(pick) => self.show_change(&pick),
            Call::CheckClaim(which) => self.check_claim(&which),
            Call::NoteEvidence(which) => self.show_note(&which),
            Call::DismissNote(which) => self.dismiss(&which),
            Call::Message(word) => self.message(&word),
            Call::SetKey(key) => self.set_key(&key),
            Call::SetUpModel => self.set_up_model(),
            Call::ShowAnswer(task) => self.show_answer(task.task),
            Call::Start(_) | Call::StartTask(_) | Call::FollowUp(_) => {
                Err("start a task with the command vouchsafe.start".to_owned())
            }
            Call::Review(_) | Call::Blame(_) | Call::Findings(_) | Call::Trailer(_) => {
                Err("this command only answers: send it as a request".to_owned())
            }
        }
    }

    /// Accepts what is picked, and says what was left out.
    fn accept(&self, pick: &Pick) -> Result<(), String> {
        let plan = self.accept_now(pick)?;
        if plan.is_empty() && plan.left_out == 0 {
            return Err("this change no longer waits: it was decided, or the text has changed".to_owned());
        }
        if plan.left_out > 0 {
            let text = format!(
                "Vouchsafe task {}: {} not accepted with the others (in conflict, protected, out of scope or deleted by you): decide one by one",
                pick.task,
                counted(plan.left_out, "change")
            );
            self.tell(Outgoing::Message(Level::Info, text));
        }
        self.tell_unmet(pick, &plan);
        Ok(())
    }

    /// Asks the client for the edits that accept what is picked, writes what it cannot, and answers what it came to.
    pub(super) fn accept_now(&self, pick: &Pick) -> Result<Plan, String> {
        self.sync_closed(pick)?;
        let mut state = self.state();
        let mut plan = Plan::new(&mut state, pick);
        if plan.deferred {
            state.deferred.push_back(pick.clone());
        }
        let mut edits: Vec<_> =
            plan.lines.iter().filter_map(|lines| state.ask_for_lines(pick.task, lines)).collect();
        let mut writes = Vec::new();
        for whole in &plan.wholes {
            if state.waits_for_needs(whole.id) {
                state.deferred.push_back(Pick { task: whole.id.task, hunk: Some(whole.id.hunk), uri: None });
                continue;
            }
            match state.ask_for_whole(whole) {
                Some(edit) => edits.push(edit),
                None => {
                    state.writing.insert(whole.id);
                    writes.push((whole.shown_in.clone(), whole.id, whole.file.clone()));
                }
            }
        }
        if pick.hunk.is_none() && state.previews(pick.task) {
            edits.iter_mut().for_each(|edit| edit.confirm = true);
            state.confirming.extend(edits.iter().map(|edit| edit.id));
        }
        plan.deferred |= !edits.is_empty() || !plan.wholes.is_empty();
        let workspace = state.tasks.get(&pick.task).map(|task| task.workspace.clone());
        drop(state);
        edits.into_iter().for_each(|edit| self.tell(Outgoing::Apply(edit)));
        if let Some(workspace) = workspace {
            writes.into_iter().for_each(|(shown, id, file)| self.write(workspace.clone(), shown, id, file));
        }
        Ok(plan)
    }

    /// The texts of closed files, as they are on disk now.
    fn sync_closed(&self, pick: &Pick) -> Result<(), String> {
        let mut state = self.state();
        if !state.tasks.contains_key(&pick.task) {
            return Err(format!("there is no task {} in this session", pick.task));
        }
        let picked: Vec<_> = state.picked(pick).map(|(document, _)| document.clone()).collect();
        let closed: Vec<_> =
            picked.into_iter().filter(|document| !state.documents.contains_key(document)).collect();
        drop(state);
        closed.iter().for_each(|document| self.sync_from_disk(document));
        Ok(())
    }

    fn reject(&self, pick: &Pick) -> Result<(), String> {
        let mut state = self.state();
        let mut decided = Vec::new();
        let mut stale = Vec::new();
        for (document, review) in state.picked(pick) {
            let (task, path) = (review.task, review.file.path.clone());
            stale.push(document.clone());
            decided.extend(rejected(review, pick.hunk).into_iter().map(|hunk| Decided {
                task,
                hunk,
                path: path.clone(),
                decision: Decision::Rejected,
                cites: Vec::new(),
            }));
        }
        let ids: Vec<_> = decided.iter().map(|decided| decided.hunk).collect();
        state.rejected.extend(&ids);
        drop(state);
        if decided.is_empty() {
            return Err("this change no longer waits: it was decided already".to_owned());
        }
        stale.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
        self.record(decided);
        self.tell_needing(&ids);
        Ok(())
    }

    /// Writes what the client cannot do, on another thread.
    fn write(&self, workspace: PathBuf, shown_in: DocumentId, id: HunkId, file: ProposedFile) {
        let Some(session) = self.itself.upgrade() else { return };
        self.scribe.run(move || session.write_now(&workspace, shown_in, id, &file));
    }

    fn write_now(&self, workspace: &Path, shown_in: DocumentId, id: HunkId, file: &ProposedFile) {
        let (done, what) = (write::write(workspace, file), sentence(file));
        let (level, text) = match &done {
            Ok(()) => (Level::Info, format!("Vouchsafe task {}: done on disk: {what}", id.task)),
            Err(error) => {
                (Level::Error, format!("Vouchsafe task {}: {error}; the change still waits", id.task))
            }
        };
        let mut state = self.state();
        state.writing.remove(&id);
        if done.is_ok() {
            let decided = state.settle_whole(id, Decision::Accepted);
            state.decided.extend(decided);
        } else {
            state.deferred.retain(|pick| pick.task != id.task);
        }
        drop(state);
        if done.is_ok() {
            self.follow_rename(workspace, file);
            self.remember(&DocumentId::File(workspace.join(file.path.as_path())));
        }
        self.tell(Outgoing::Message(level, text));
        self.tell(Outgoing::Refresh(shown_in));
        self.settle_landed();
    }

    /// What is under review for a file that an accepted change renamed moves with it.
    pub(super) fn follow_rename(&self, workspace: &Path, file: &ProposedFile) {
        if let FileChange::Rename { from } = &file.change {
            self.renamed(&workspace.join(from.as_path()), &workspace.join(file.path.as_path()));
        }
    }
}

/// Rejects a review's open changes, or the one named; answers which those were.
fn rejected(review: &mut Review, hunk: Option<u32>) -> Vec<HunkId> {
    let task = review.task;
    match &mut review.kind {
        Kind::Text(file) => match hunk {
            Some(hunk) => file.reject(HunkId { task, hunk }),
            None => file.reject_all(),
        },
        Kind::Whole(whole) if whole.is_open() => {
            whole.decided = true;
            vec![whole.id]
        }
        Kind::Whole(_) => Vec::new(),
    }
}

impl State {
    /// The reviews that a pick speaks of, with the documents they are shown in.
    pub(super) fn picked<'a>(
        &'a mut self,
        pick: &'a Pick,
    ) -> impl Iterator<Item = (&'a DocumentId, &'a mut Review)> {
        let uri = pick.uri.as_deref();
        let named: Vec<DocumentId> = self
            .reviews
            .keys()
            .filter(|id| uri.is_none_or(|uri| self.uri_of(id).as_deref() == Some(uri)))
            .cloned()
            .collect();
        let reviews = self.reviews.iter_mut().filter(move |(id, _)| named.contains(id));
        reviews
            .flat_map(|(id, reviews)| reviews.iter_mut().map(move |review| (id, review)))
            .filter(|(_, review)| review.task == pick.task)
            .filter(|(_, review)| pick.hunk.is_none_or(|hunk| review.has(hunk)))
    }

    /// Whether the user wants to be asked by the editor about each edit, and it can.
    fn previews(&self, task: u64) -> bool {
        let workspace = self.tasks.get(&task).map(|task| &task.workspace);
        let folder = self.folders.iter().find(|folder| Some(&folder.path) == workspace);
        self.client.previews && folder.is_some_and(|folder| folder.loaded.config.review.preview)
    }

    fn ask_for_lines(&mut self, task: u64, lines: &Lines) -> Option<ClientEdit> {
        let Lines { document, file, edits } = lines;
        let uri = self.uri_of(document)?.to_string();
        let version = self.documents.get(document).map(|open| open.version);
        let shown = file.text();
        let encoding = self.client.encoding;
        let ranges = edits.iter().map(|edit| {
            let chars = char_range(shown, &edit.lines);
            let at = |char| text::position(shown, char, encoding);
            (at(chars.start)..at(chars.end), edit.new_text.clone())
        });
        let change = ClientChange::Text { uri, version, edits: ranges.collect() };
        let expected = LineEdit::apply(edits, shown);
        let label = format!("Vouchsafe task {task}: accept {}", counted(edits.len(), "change"));
        Some(self.ask(task, document.clone(), label, change, What::Lines { edits: edits.clone(), expected }))
    }

    /// The edit for a change without lines; `None` if this client cannot make it.
    fn ask_for_whole(&mut self, whole: &WholeChange) -> Option<ClientEdit> {
        let (client, task) = (Arc::clone(&self.client), whole.id.task);
        let workspace = self.tasks.get(&task)?.workspace.clone();
        let document =
            |path: &vouchsafe_base::WorkspacePath| DocumentId::File(workspace.join(path.as_path()));
        let (of, from) = (document(&whole.file.path), document(&whole.file.stands_at));
        let change = write::client_change(&whole.file, &client, &self.uri_of(&of)?, &self.uri_of(&from)?)?;
        let (shows_it, expected) = match &change {
            ClientChange::Create { text, .. } => (of, Expected::Text(ropey::Rope::from_str(text))),
            ClientChange::Rename { .. } => (from, Expected::Gone),
            ClientChange::Delete { .. } | ClientChange::Text { .. } => (of, Expected::Gone),
        };
        let label = format!("Vouchsafe task {task}: {}", sentence(&whole.file));
        let what = What::Whole { hunk: whole.id, expected, file: Box::new(whole.file.clone()), workspace };
        Some(self.ask(task, shows_it, label, change, what))
    }

    fn ask(
        &mut self,
        task: u64,
        document: DocumentId,
        label: String,
        change: ClientChange,
        what: What,
    ) -> ClientEdit {
        self.next_edit += 1;
        let id = self.next_edit;
        self.applying.push(Applying { id, document, task, what });
        ClientEdit { id, label, change, confirm: false }
    }
}
