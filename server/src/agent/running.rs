//! A task while it runs: its copy and sandbox, command after command, each recorded before anybody hears of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{
    Cancel, Command, Confined, Ended as CommandEnded, HiddenFiles, Limits, Observation, Output, Policy,
    Shadow, ShadowError, ShadowPlan, Tier,
};
use vouchsafe_evidence::log::{
    CommandRan, Ended, Event, Exit, FileChanged, OutputRef, ProposalReady, Seq, ShadowMade, Stop, TaskId,
};
use vouchsafe_evidence::record::{self, Record};
use vouchsafe_evidence::store::{Store, StoreError};

use super::capture::Capture;
use super::{
    CommandLine, Finished, Job, Report, Services, ServicesError, StepInfo, TaskError, TrackedFiles, limits,
    words,
};
use crate::review::git_patch;

/// Why a task's commands cannot be run.
pub(super) enum Unprepared {
    Refused(String),
    Failed(String),
    Record(StoreError),
}

/// A task between its first event and its last.
pub(super) struct Running<'a> {
    job: &'a Job,
    state: PathBuf,
    store: Arc<Store>,
    task: TaskId,
    /// The last event; no one else writes to this task while it runs.
    last: Seq,
    began: Instant,
    steps: Vec<StepInfo>,
    checks: Vec<StepInfo>,
    tier: Option<Tier>,
    files: TrackedFiles,
    lacks: Vec<String>,
    pub(super) ignored_written: u64,
    cache: PathBuf,
}

impl<'a> Running<'a> {
    pub(super) fn new(job: &'a Job, services: &Services, store: Arc<Store>, task: TaskId) -> Self {
        Self {
            job,
            state: services.dirs.state.clone(),
            cache: services.dirs.cache.clone(),
            store,
            task,
            last: Seq::FIRST,
            began: Instant::now(),
            steps: Vec::new(),
            checks: Vec::new(),
            tier: None,
            files: TrackedFiles::default(),
            lacks: Vec::new(),
            ignored_written: 0,
        }
    }

    pub(super) fn prepare(&mut self, services: &Services) -> Result<(Shadow, Confined), Unprepared> {
        let refused = |error: ServicesError| Unprepared::Refused(error.to_string());
        let enforced = services.enforced().map_err(refused)?;
        let plan = ShadowPlan {
            workspace: self.job.workspace.clone(),
            cache: self.cache.clone(),
            seeds: self.job.unsaved.clone(),
            hidden: HiddenFiles {
                globs: self.job.config.hidden.globs().to_vec(),
                except: self.job.config.hidden.except().to_vec(),
            },
            limits: limits::of_shadow(&self.job.config),
        };
        let failed = |error: ShadowError| Unprepared::Failed(error.to_string());
        let shadow = Shadow::make(&enforced, plan).map_err(failed)?;
        self.lacks = shadow.lacks().iter().map(words::lacking).collect();
        let mut policy = Policy::for_shadow(&shadow).limits(limits::of_task(&self.job.config));
        for directory in self.job.config.read_directories.iter().chain(&self.job.read) {
            policy = policy.may_read(directory);
        }
        for (name, value) in limits::environment(self.job, &shadow) {
            policy = policy.env(name, value);
        }
        let confined = enforced.confine(policy).map_err(|error| Unprepared::Refused(error.to_string()))?;
        self.tier = Some(confined.tier());
        let made = ShadowMade {
            tier: words::tier(confined.tier()).to_owned(),
            lacks: self.lacks.clone(),
            unsaved: self.job.unsaved.iter().map(|(path, _)| path.clone()).collect(),
        };
        self.append(&Event::Shadow(made)).map_err(Unprepared::Record)?;
        Ok((shadow, confined))
    }

    pub(super) fn commands(
        &mut self,
        shadow: &Shadow,
        confined: &Confined,
        cancel: &Cancel,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Ended, TaskError> {
        let (commands, checks) = (&self.job.commands, &self.job.checks);
        let of = commands.len() + checks.len();
        let work = commands.iter().map(|line| (line, Role::Work));
        for (at, (line, role)) in work.chain(checks.iter().map(|line| (line, Role::Check))).enumerate() {
            report(Report::StepBegins { number: at + 1, of, shown: &line.shown });
            let ended = self.command(line, role, shadow, confined, cancel, report)?;
            // A check that fails says something about the work; it does not undo it.
            let ends_it = |ended: &Ended| role == Role::Work || !matches!(ended, Ended::Failed { .. });
            if let Some(ended) = ended.filter(ends_it) {
                return Ok(ended);
            }
        }
        Ok(Ended::Finished)
    }

    /// Runs one command and records it; answers why the task cannot go on after it, if it cannot.
    fn command(
        &mut self,
        line: &CommandLine,
        role: Role,
        shadow: &Shadow,
        confined: &Confined,
        cancel: &Cancel,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Option<Ended>, TaskError> {
        let command = Command {
            program: line.program.clone(),
            directory: line.directory.clone(),
            env: Vec::new(),
            stdin: line.stdin.clone(),
        };
        let store = Arc::clone(&self.store);
        let mut capture = Capture::new(&store, shadow, cancel, limits::stored_bytes(&self.job.config));
        let seen = confined.run(&command, &self.limits(), cancel, &mut |stream, bytes| {
            capture.take(stream, bytes);
            report(Report::Output(stream, bytes));
        });
        let seen = seen.unwrap_or_else(|error| not_run(error.to_string()));
        let outputs = capture.finish(&seen.stdout, &seen.stderr)?;
        let changed = match role {
            Role::Work => self.files.step(shadow, self.last.next()),
            Role::Check => Ok(Vec::new()),
        };
        let unreadable = changed.as_ref().err().map(|error| Ended::Failed { reason: error.to_string() });
        let step = self.record(line, role, seen, changed.unwrap_or_default(), outputs)?;
        report(Report::StepEnds(&step));
        let ended = unreadable.or_else(|| unfinished(&line.shown, step.exit.clone(), &step.denials));
        match role {
            Role::Work => self.steps.push(step),
            Role::Check => self.checks.push(step),
        }
        Ok(ended)
    }

    fn append(&mut self, event: &Event) -> Result<Seq, StoreError> {
        self.last = self.store.append(self.task, event)?;
        Ok(self.last)
    }

    fn limits(&self) -> Limits {
        let mut limits = limits::of_command(&self.job.config);
        if let Some(wall) = self.job.command_wall {
            limits.wall = limits.wall.min(wall);
        }
        let left = limits::wall(&self.job.config).saturating_sub(self.began.elapsed());
        limits.wall = limits.wall.min(left);
        limits
    }

    fn record(
        &mut self,
        line: &CommandLine,
        role: Role,
        seen: Observation,
        changed: Vec<FileChanged>,
        [stdout, stderr]: [OutputRef; 2],
    ) -> Result<StepInfo, StoreError> {
        let denials: Vec<_> = seen.denials.iter().map(ToString::to_string).collect();
        let exit = exit(seen.ended);
        let ran = CommandRan {
            command: line.shown.clone(),
            directory: line.directory.as_ref().map_or_else(|| ".".to_owned(), WorkspacePath::to_string),
            exit: exit.clone(),
            stdout,
            stderr,
            duration_ms: millis(seen.duration),
            cpu_ms: millis(seen.cpu),
            max_rss_bytes: seen.max_rss_bytes,
            changed,
            denials: denials.clone(),
            because: Some(match (role, &self.job.recipe) {
                (Role::Check, _) => format!("check of {}", self.job.title),
                (Role::Work, Some(recipe)) => format!("recipe {recipe}"),
                (Role::Work, None) => self.job.title.clone(),
            }),
        };
        let seq = self.append(&Event::Command(ran))?;
        let record = self.write_record()?;
        let lines = record.lines.get(&seq);
        Ok(StepInfo {
            seq: seq.get(),
            shown: line.shown.clone(),
            exit,
            duration: seen.duration,
            denials,
            heading: lines.map_or(1, |lines| lines.heading),
            output: lines.and_then(|lines| lines.output.clone()),
        })
    }

    fn write_record(&self) -> Result<Record, StoreError> {
        let events = self.store.events(self.task)?;
        let record = record::render_from(self.task, &events, &*self.store, None);
        record::write_record(&self.state, self.task, &record)?;
        Ok(record)
    }

    pub(super) fn end(mut self, outcome: Ended) -> Result<Finished, TaskError> {
        let files = self.files.file_changes();
        let proposal =
            self.files.proposal(self.task.get(), &self.job.title, &|path| self.job.restriction(path));
        let diff = git_patch(&proposal.changes).bytes;
        let outcome = match outcome {
            Ended::Finished if files.is_empty() => Ended::NothingToDo,
            outcome => outcome,
        };
        if !files.is_empty() {
            let diff = Some(self.store.put_blob(&diff)?);
            let ready = ProposalReady { files, diff, origins: None };
            self.append(&Event::Proposal(ready))?;
        }
        self.append(&Event::End(outcome.clone()))?;
        self.write_record()?;
        Ok(Finished {
            task: self.task,
            outcome,
            steps: self.steps,
            checks: self.checks,
            tier: self.tier,
            proposal,
            lost: self.files.lost(),
            too_large: self.files.too_large(),
            record: record::record_path(&self.state, self.task),
            lacks: self.lacks,
            ignored_written: self.ignored_written,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Work,
    Check,
}

/// Why a task cannot go on after this command; `None` when it can.
fn unfinished(shown: &str, exit: Exit, denials: &[String]) -> Option<Ended> {
    match exit {
        Exit::Code { code: 0 } => None,
        Exit::Stopped { by: Stop::Cancelled, .. } => Some(Ended::Cancelled),
        Exit::Stopped { by, sentence } => Some(Ended::Limit { limit: words::limit(by).to_owned(), sentence }),
        Exit::NotStarted { reason } => Some(Ended::Failed { reason: words::because(reason, denials) }),
        exit => {
            let reason = format!("`{shown}` ended with {exit}");
            Some(Ended::Failed { reason: words::because(reason, denials) })
        }
    }
}

/// A command that could not even be handed to the sandbox.
fn not_run(reason: String) -> Observation {
    Observation {
        ended: CommandEnded::NotStarted(reason),
        duration: Duration::ZERO,
        cpu: Duration::ZERO,
        max_rss_bytes: 0,
        stdout: Output::default(),
        stderr: Output::default(),
        denials: Vec::new(),
        killed: 0,
    }
}

fn exit(ended: CommandEnded) -> Exit {
    match ended {
        CommandEnded::Exited(code) => Exit::Code { code },
        CommandEnded::Signalled(signal) => Exit::Signal { signal },
        CommandEnded::NotStarted(reason) => Exit::NotStarted { reason },
        CommandEnded::Stopped(stopped) => {
            Exit::Stopped { by: words::stop(&stopped), sentence: stopped.to_string() }
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
