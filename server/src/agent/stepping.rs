//! One command of a task: run in the copy, recorded, and its changes given their origin.

use std::sync::Arc;
use std::time::Duration;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Command, Ended as CommandEnded, Observation, Output};
use vouchsafe_evidence::log::{CommandRan, Ended, Event, Exit, FileChanged, FileEdit, OutputRef, Stop};
use vouchsafe_evidence::store::StoreError;

use super::capture::Capture;
use super::running::{Running, Within};
use super::{CommandLine, Report, StepInfo, TaskError, Work, limits, words};

/// A command that is to be run.
pub(super) struct Wanted<'a> {
    pub(super) line: &'a CommandLine,
    /// Whether what it changes is proposed.
    pub(super) tracked: bool,
    pub(super) because: Option<String>,
    /// Its own wall time, where that is less than what is left.
    pub(super) wall: Option<Duration>,
}

impl Running<'_> {
    pub(super) fn commands(
        &mut self,
        within: &Within<'_>,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Ended, TaskError> {
        let Work::Commands { commands, checks, .. } = &self.job.work else { return Ok(Ended::Finished) };
        let of = commands.len() + checks.len();
        let work = commands.iter().map(|line| (line, Role::Work));
        for (at, (line, role)) in work.chain(checks.iter().map(|line| (line, Role::Check))).enumerate() {
            report(Report::StepBegins { number: at + 1, of: Some(of), shown: &line.shown });
            let ended = self.command(line, role, within, report)?;
            // A check that fails says something about the work; it does not undo it.
            let ends_it = |ended: &Ended| role == Role::Work || !matches!(ended, Ended::Failed { .. });
            if let Some(ended) = ended.filter(ends_it) {
                return Ok(ended);
            }
        }
        Ok(Ended::Finished)
    }

    /// Runs one command of a recipe; answers why the task cannot go on after it, if it cannot.
    pub(super) fn command(
        &mut self,
        line: &CommandLine,
        role: Role,
        within: &Within<'_>,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Option<Ended>, TaskError> {
        let because = match (role, self.recipe()) {
            (Role::Check, _) => format!("check of {}", self.job.title),
            (Role::Work, Some(recipe)) => format!("recipe {recipe}"),
            (Role::Work, None) => self.job.title.clone(),
        };
        let wanted = Wanted { line, tracked: role == Role::Work, because: Some(because), wall: None };
        let (mut step, unreadable) = self.run(wanted, within, report)?;
        // The title says it already, wherever the step is shown.
        step.because = None;
        report(Report::StepEnds(&step));
        let ended = unreadable
            .or_else(|| step.exit.clone().and_then(|exit| unfinished(&line.shown, exit, &step.denials)));
        match role {
            Role::Work => self.steps.push(step),
            Role::Check => self.checks.push(step),
        }
        Ok(ended)
    }

    /// Runs one command and records it; also why the copy could not be read afterwards, if it could not.
    pub(super) fn run(
        &mut self,
        wanted: Wanted<'_>,
        within: &Within<'_>,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<(StepInfo, Option<Ended>), TaskError> {
        let Within { shadow, confined, cancel } = *within;
        let line = wanted.line;
        let command = Command {
            program: line.program.clone(),
            directory: line.directory.clone(),
            env: Vec::new(),
            stdin: line.stdin.clone(),
        };
        let mut limits = self.limits();
        limits.wall = wanted.wall.map_or(limits.wall, |wall| wall.min(limits.wall));
        let store = Arc::clone(&self.store);
        let mut capture = Capture::new(&store, shadow, cancel, limits::stored_bytes(&self.job.config));
        let seen = confined.run(&command, &limits, cancel, &mut |stream, bytes| {
            capture.take(stream, bytes);
            report(Report::Output(stream, bytes));
        });
        let seen = seen.unwrap_or_else(|error| not_run(error.to_string()));
        let outputs = capture.finish(&seen.stdout, &seen.stderr)?;
        let changed = if wanted.tracked { self.files.step(shadow, self.last.next()) } else { Ok(Vec::new()) };
        let unreadable = changed.as_ref().err().map(|error| Ended::Failed { reason: error.to_string() });
        let step = self.record(line, wanted.because, seen, changed.unwrap_or_default(), outputs)?;
        Ok((step, unreadable))
    }

    fn recipe(&self) -> Option<&str> {
        match &self.job.work {
            Work::Commands { recipe, .. } => recipe.as_deref(),
            Work::Model(_) | Work::Check(_) => None,
        }
    }

    /// Records an edit, and keeps it as a step.
    pub(super) fn edited(&mut self, edit: &FileEdit) -> Result<StepInfo, StoreError> {
        let seq = self.append(&Event::FileEdit(edit.clone()))?;
        let record = self.write_record()?;
        let step = StepInfo::edited(seq, edit, record.lines.get(&seq));
        self.steps.push(step.clone());
        Ok(step)
    }

    fn record(
        &mut self,
        line: &CommandLine,
        because: Option<String>,
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
            because: because.clone(),
        };
        let seq = self.append(&Event::Command(ran))?;
        let record = self.write_record()?;
        let lines = record.lines.get(&seq);
        Ok(StepInfo {
            seq: seq.get(),
            shown: line.shown.clone(),
            exit: Some(exit),
            because,
            duration: seen.duration,
            denials,
            heading: lines.map_or(1, |lines| lines.heading),
            output: lines.and_then(|lines| lines.output.clone()),
        })
    }
}

/// What a command of a recipe is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
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
