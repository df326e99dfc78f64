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

use super::running::{Running, Unprepared, Within};
use super::{
    Answer, CheckedClaim, Job, Services, ServicesError, StepInfo, Suspicion, Unanswered, Work, limits, talk,
};
use crate::model::Delta;
use crate::policy::Risky;
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
    /// Lines it adds that begin to use the network, processes, or code made at run time.
    pub risky: Vec<(WorkspacePath, Risky)>,
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
    /// The model's key is not to be had.
    #[error("{0}")]
    Key(Unanswered),
    /// The record could not be written.
    #[error("the record cannot be kept, so the task was stopped: {0}")]
    Record(#[from] StoreError),
}

/// What stands in the record where the model's key would.
const MODEL_KEY: &str = "model-key";

/// A task that has its number and its first event, and has not run yet.
pub struct Begun {
    job: Job,
    store: Arc<Store>,
    task: TaskId,
    reviewed: bool,
}

/// Gives a job its number and writes down that it was asked for.
///
/// The key of its model is asked for before anything is written, so that the record knows what must not be in it; where a
/// program of the user's prints it, this takes as long as that, unless it is cancelled.
///
/// # Errors
/// When no record can be kept: no evidence, no task. When the model's key is not to be had.
pub fn begin(mut job: Job, services: &Services, cancel: &Cancel) -> Result<Begun, TaskError> {
    let store = services.store_for(&job.config)?;
    if let Work::Model(work) = &job.work {
        // A key is short, so it can always be looked for.
        let mut keep_out = |key: &str| store.redact_value(MODEL_KEY, key).unwrap_or_default();
        work.model.reveal(cancel, &mut keep_out).map_err(TaskError::Key)?;
    }
    // It is shown in many places that are no record: what the user typed by mistake is in none of them.
    job.title = store.redactor().text(&job.title).into_owned();
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
        let outcome = match &self.job.work {
            Work::Check(work) => running.check(work, services, cancel, report)?,
            Work::Commands { .. } => in_copy(&mut running, services, cancel, report, &mut Running::commands)?,
            Work::Model(work) => {
                let ended =
                    in_copy(&mut running, services, cancel, report, &mut |running, within, report| {
                        talk::carry_on(running, work, *within, report)
                    });
                work.steering.close();
                ended?
            }
        };
        running.end(outcome)
    }
}

/// What is done in a copy.
type InCopy<'w, 'j> =
    dyn FnMut(&mut Running<'j>, &Within<'_>, &mut dyn FnMut(Report<'_>)) -> Result<Ended, TaskError> + 'w;

/// Makes the copy and does the work in it.
fn in_copy<'j>(
    running: &mut Running<'j>,
    services: &Services,
    cancel: &Cancel,
    report: &mut dyn FnMut(Report<'_>),
    work: &mut InCopy<'_, 'j>,
) -> Result<Ended, TaskError> {
    match running.prepare(services) {
        Ok((shadow, confined)) => {
            report(Report::Ready(confined.tier()));
            let within = Within { shadow: &shadow, confined: &confined, cancel };
            let outcome = work(running, &within, report)?;
            running.ignored_written = shadow.ignored_written().unwrap_or(0);
            running.look_around(&shadow);
            Ok(outcome)
        }
        Err(Unprepared::Refused(reason)) => Ok(Ended::Refused { by: RefusedBy::Confinement, reason }),
        Err(Unprepared::Failed(reason)) => Ok(Ended::Failed { reason }),
        Err(Unprepared::Record(error)) => Err(error.into()),
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
    let span = |first: u32, end: u32| Some(LineSpan { first: first + 1, last: end.max(first + 1) });
    let place = match &job.work {
        Work::Model(work) => work
            .asked
            .place
            .as_ref()
            .map(|place| Place { path: place.path.clone(), lines: span(place.lines.start, place.lines.end) }),
        Work::Commands { .. } | Work::Check(_) => {
            let place = job.place.as_ref();
            place.map(|(path, line)| Place { path: path.clone(), lines: span(*line, *line) })
        }
    };
    TaskStarted {
        kind: job.kind.to_owned(),
        title: job.title.clone(),
        text,
        workspace: job.workspace.display().to_string(),
        place,
        config_digest: Some(limits::digest(&job.config)),
        recipe,
    }
}
