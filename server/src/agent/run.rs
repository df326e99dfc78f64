//! One task from beginning to end: shadow, commands, origins, record.
//!
//! Invariants
//! - No evidence, no task: the first event is on disk before anything else happens, and each step's before
//!   anybody hears of it.
//! - The first command that fails is the last; what was changed up to there is still proposed.

use std::path::PathBuf;
use std::sync::Arc;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Cancel, Stream, Tier};
use vouchsafe_evidence::claim::recorded::Weakened;
use vouchsafe_evidence::log::{Ended, LineSpan, Place, RefusedBy, TaskId, TaskStarted};
use vouchsafe_evidence::store::{Store, StoreError};

use super::running::{Running, Unprepared};
use super::{Answer, CheckedClaim, Job, Services, ServicesError, StepInfo, Suspicion, Work, limits};
use crate::model::Delta;
use crate::review::Proposal;

/// What happens while a task runs, for whoever shows it.
#[derive(Debug)]
pub enum Report<'a> {
    /// The copy is made.
    Ready(Tier),
    /// A command begins.
    StepBegins {
        /// Which, from 1.
        number: usize,
        /// How many there are, where that is known beforehand.
        of: Option<usize>,
        /// The command as the user knows it.
        shown: &'a str,
    },
    /// The model is asked.
    Asks {
        /// Which turn, from 1.
        turn: u32,
    },
    /// The model says, thinks or calls something.
    Says(Delta<'a>),
    /// The model's tool does something other than running a command.
    Acts {
        /// What, for people: `reads src/a.rs`.
        shown: &'a str,
    },
    /// A command wrote something.
    Output(Stream, &'a [u8]),
    /// A command or an edit has ended.
    StepEnds(&'a StepInfo),
}

/// A task that has ended, with everything the user may review.
#[derive(Debug)]
pub struct Finished {
    /// The task.
    pub task: TaskId,
    /// How it ended.
    pub outcome: Ended,
    /// Its commands and edits.
    pub steps: Vec<StepInfo>,
    /// What it wants to change.
    pub proposal: Proposal,
    /// Changed files that are not proposed, because the user changed them on disk as well meanwhile.
    pub lost: Vec<WorkspacePath>,
    /// Changed files that are not proposed, because they are too large to review.
    pub too_large: Vec<WorkspacePath>,
    /// The readable record.
    pub record: PathBuf,
    /// Its checks.
    pub checks: Vec<StepInfo>,
    /// What the model said at its end; `None` without a model, or when it never came to that.
    pub answer: Option<Answer>,
    /// Everything that was said at the end and is checked.
    pub message: String,
    /// What was claimed at the end, and how it fared against the record.
    pub claims: Vec<CheckedClaim>,
    /// Tests that say less than before.
    pub weakened: Vec<Weakened>,
    /// Text in the files it read that speaks to an assistant.
    pub suspicions: Vec<Suspicion>,
    /// How it was confined; `None` if it never got that far.
    pub tier: Option<Tier>,
    /// What the copy lacked, one sentence each.
    pub lacks: Vec<String>,
    /// How many ignored files it wrote: build output, not proposed.
    pub ignored_written: u64,
}

/// Why a task could not even be recorded.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// The store or the machine refuses.
    #[error(transparent)]
    Services(#[from] ServicesError),
    /// The record could not be written.
    #[error("the record cannot be kept, so the task was stopped: {0}")]
    Record(#[from] StoreError),
}

/// A task that has its number and its first event, and has not run yet.
pub struct Begun {
    job: Job,
    store: Arc<Store>,
    task: TaskId,
    reviewed: bool,
}

/// Gives a job its number and writes down that it was asked for.
///
/// # Errors
/// When no record can be kept: no evidence, no task.
pub fn begin(job: Job, services: &Services) -> Result<Begun, TaskError> {
    let store = services.store_for(&job.config)?;
    let task = store.begin(&started(&job))?;
    Ok(Begun { job, store, task, reviewed: false })
}

impl Begun {
    /// The task's number.
    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// What it was given.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// A user will decide about its changes: they are kept until then, be it after a restart.
    pub fn will_be_reviewed(&mut self) {
        self.reviewed = true;
    }

    /// The texts that editors show and the disk does not have, as they are now.
    pub fn set_unsaved(&mut self, unsaved: Vec<(WorkspacePath, Vec<u8>)>) {
        self.job.unsaved = unsaved;
    }

    /// Carries it out. Blocks until everything it started has ended.
    ///
    /// # Errors
    /// Only when the record cannot be kept; whatever else happens is the outcome of a [`Finished`].
    pub fn run(
        self,
        services: &Services,
        cancel: &Cancel,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Finished, TaskError> {
        let mut running = Running::new(&self.job, services, self.store, self.task);
        running.reviewed = self.reviewed;
        if cancel.is_cancelled() {
            return running.end(Ended::Cancelled);
        }
        if let Work::Check(work) = &self.job.work {
            let outcome = running.check(work, services, cancel, report)?;
            return running.end(outcome);
        }
        let outcome = match running.prepare(services) {
            Ok((shadow, confined)) => {
                report(Report::Ready(confined.tier()));
                let outcome = running.commands(&shadow, &confined, cancel, report)?;
                running.ignored_written = shadow.ignored_written().unwrap_or(0);
                running.look_around(&shadow);
                outcome
            }
            Err(Unprepared::Refused(reason)) => Ended::Refused { by: RefusedBy::Confinement, reason },
            Err(Unprepared::Failed(reason)) => Ended::Failed { reason },
            Err(Unprepared::Record(error)) => return Err(error.into()),
        };
        running.end(outcome)
    }
}

fn started(job: &Job) -> TaskStarted {
    let (text, recipe) = match &job.work {
        Work::Commands { recipe, commands, .. } => {
            let lines: Vec<_> = commands.iter().map(|command| command.shown.as_str()).collect();
            (lines.join("\n"), recipe.clone())
        }
        Work::Model(work) => (work.asked.prompt.clone(), None),
        Work::Check(work) => (work.line.shown.clone(), None),
    };
    TaskStarted {
        kind: job.kind.to_owned(),
        title: job.title.clone(),
        text,
        workspace: job.workspace.display().to_string(),
        place: job.place.as_ref().map(|(path, line)| Place {
            path: path.clone(),
            lines: Some(LineSpan { first: line + 1, last: line + 1 }),
        }),
        config_digest: Some(limits::digest(&job.config)),
        recipe,
    }
}
