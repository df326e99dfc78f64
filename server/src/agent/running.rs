//! A task while it runs: its copy and sandbox, command after command, each recorded before anybody hears of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{
    Cancel, Confined, HiddenFiles, Limits, Policy, Shadow, ShadowError, ShadowPlan, Tier,
};
use vouchsafe_evidence::claim::recorded::Texts;
use vouchsafe_evidence::log::{
    self, ClaimChecked, Ended, Event, ProposalReady, RefusedBy, Ruling, Seq, ShadowMade, TaskId,
};
use vouchsafe_evidence::record::{self, Record};
use vouchsafe_evidence::store::{Store, StoreError};

use super::recheck::{RunOfState, lay, verdict};
use super::stepping::Role;
use super::{
    Answer, Finished, Job, Report, Services, ServicesError, StepInfo, Suspicion, TaskError, TrackedFiles,
    Work, claims, limits, scope, words,
};
use super::{CheckWork, CheckedClaim};
use crate::policy::{RISKY, Risky};
use crate::review::{Proposal, git_patch};

/// Why a task's commands cannot be run.
pub(super) enum Unprepared {
    Refused(String),
    Failed(String),
    Record(StoreError),
}

/// A task between its first event and its last.
pub(super) struct Running<'a> {
    pub(super) job: &'a Job,
    state: PathBuf,
    pub(super) store: Arc<Store>,
    pub(super) task: TaskId,
    /// The last event; no one else writes to this task while it runs.
    pub(super) last: Seq,
    pub(super) began: Instant,
    pub(super) steps: Vec<StepInfo>,
    pub(super) checks: Vec<StepInfo>,
    tier: Option<Tier>,
    pub(super) files: TrackedFiles,
    pub(super) lacks: Vec<String>,
    pub(super) ignored_written: u64,
    /// Texts that the task did not change, if there is something to check against them.
    around: Texts,
    /// What a check found.
    checked: Option<ClaimChecked>,
    /// Whether a user will decide about its changes, be it after a restart.
    pub(super) reviewed: bool,
    cache: PathBuf,
    pub(super) answer: Option<Answer>,
    pub(super) suspicions: Vec<Suspicion>,
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
            answer: None,
            suspicions: Vec::new(),
            around: Texts::default(),
            checked: None,
            reviewed: false,
        }
    }

    /// Makes the copy and the sandbox.
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

    /// Runs what decides a claim, each time in a fresh copy, and judges the claim again.
    pub(super) fn check(
        &mut self,
        work: &CheckWork,
        services: &Services,
        cancel: &Cancel,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Ended, TaskError> {
        let states = work.states();
        let mut runs = Vec::new();
        for (at, state) in states.iter().enumerate() {
            let (shadow, confined) = match self.prepare(services) {
                Ok(prepared) => prepared,
                Err(Unprepared::Refused(reason)) => {
                    return Ok(Ended::Refused { by: RefusedBy::Confinement, reason });
                }
                Err(Unprepared::Failed(reason)) => return Ok(Ended::Failed { reason }),
                Err(Unprepared::Record(error)) => return Err(error.into()),
            };
            let laid =
                work.changes_of(*state).try_for_each(|change| lay(&confined, &self.limits(), cancel, change));
            if let Err(reason) = laid {
                return Ok(Ended::Failed { reason });
            }
            let shown = format!("{} {}", work.line.shown, state.name());
            report(Report::StepBegins { number: at + 1, of: Some(states.len()), shown: &shown });
            let within = Within { shadow: &shadow, confined: &confined, cancel };
            let ended = self.command(&work.line, Role::Check, &within, report)?;
            // A run that fails says something about the claim; anything else says that it could not be checked.
            if let Some(ended) = ended.filter(|ended| !matches!(ended, Ended::Failed { .. })) {
                return Ok(ended);
            }
            if at == 0 {
                self.around = work.texts(&shadow);
            }
            let recorded = self.store.event(self.task, self.last)?;
            runs.extend(recorded.map(|recorded| RunOfState { state: *state, recorded }));
        }
        let events = self.store.events(work.of)?;
        let outputs = |digest| self.store.blob(digest).ok().flatten();
        self.checked = Some(verdict(work, &events, &runs, &self.around, &outputs));
        Ok(Ended::NothingToDo)
    }

    /// The new verdict, in the record of the check and in that of the task that made the claim.
    fn record_check(&mut self, claim: ClaimChecked) -> Result<CheckedClaim, StoreError> {
        let seq = self.append(&Event::Claim(claim.clone()))?;
        if let Work::Check(work) = &self.job.work {
            // The steps that decide it are those of the check, which the reason names.
            let because = format!("{} (task {})", claim.because, self.task);
            let of_task = ClaimChecked { because, evidence: Vec::new(), ..claim.clone() };
            self.store.append(work.of, &Event::Claim(of_task))?;
            record_page(&self.store, work.of, &self.state)?;
        }
        Ok(CheckedClaim { seq, claim, places: Vec::new() })
    }

    /// Keeps what claims are checked against, while the copy is there.
    pub(super) fn look_around(&mut self, shadow: &Shadow) {
        if self.checks.is_empty() && self.answer.is_none() {
            return;
        }
        let changed = self.files.texts();
        let is_changed = |path: &WorkspacePath| changed.iter().any(|file| file.path == *path);
        let (others, complete) = claims::others(shadow, &is_changed);
        self.around = Texts { others, complete, changed: Vec::new() };
    }

    /// What the proposed lines begin to do, each in the record.
    fn risky(&mut self, proposal: &Proposal) -> Result<Vec<(WorkspacePath, Risky)>, StoreError> {
        let found: Vec<_> = scope::risky_lines(proposal).collect();
        for (path, risky) in &found {
            self.append(&Event::Policy(log::Policy {
                rule: RISKY.to_owned(),
                saw: risky.saw.clone(),
                ruling: Ruling::Warn,
                reason: format!("line {} of {path} {}", risky.line, risky.does),
            }))?;
        }
        Ok(found)
    }

    /// Puts an event on disk.
    pub(super) fn append(&mut self, event: &Event) -> Result<Seq, StoreError> {
        self.last = self.store.append(self.task, event)?;
        Ok(self.last)
    }

    pub(super) fn limits(&self) -> Limits {
        let mut limits = limits::of_command(&self.job.config);
        if let Some(wall) = self.job.command_wall {
            limits.wall = limits.wall.min(wall);
        }
        let left = limits::wall(&self.job.config).saturating_sub(self.began.elapsed());
        limits.wall = limits.wall.min(left);
        limits
    }

    /// Writes the readable page as it is now.
    pub(super) fn write_record(&self) -> Result<Record, StoreError> {
        record_page(&self.store, self.task, &self.state)
    }

    pub(super) fn end(mut self, outcome: Ended) -> Result<Finished, TaskError> {
        let files = self.files.file_changes();
        let mut proposal =
            self.files.proposal(self.task.get(), &self.job.title, &|path| self.job.restriction(path));
        let diff = git_patch(&proposal.changes).bytes;
        let texts = Texts { changed: self.files.texts(), ..std::mem::take(&mut self.around) };
        let message = match &self.answer {
            Some(answer) => claims::message_of(answer),
            None => claims::message_of_checks(&self.checks),
        };
        let (store, task) = (Arc::clone(&self.store), self.task);
        let weakened = claims::record_weakened(&texts, &mut |event| self.append(event))?;
        scope::set_apart(&self.job.work, &weakened, &mut proposal);
        let risky = self.risky(&proposal)?;
        let mut checked = match self.checked.take() {
            Some(claim) => vec![self.record_check(claim)?],
            None => claims::record(&store, task, &texts, &message, &mut |event| self.append(event))?,
        };
        let outcome = match outcome {
            Ended::Finished if files.is_empty() && self.job.work.edits() => Ended::NothingToDo,
            outcome => outcome,
        };
        if !files.is_empty() {
            let diff = Some(self.store.put_blob(&diff)?);
            let mut ready = ProposalReady { files, diff, review: None, stored: Vec::new() };
            if self.reviewed {
                super::keep(&self.store, &proposal, &mut ready)?;
            }
            self.append(&Event::Proposal(ready))?;
        }
        self.append(&Event::End(outcome.clone()))?;
        let record = self.write_record()?;
        let steps: Vec<_> = self.steps.iter().chain(&self.checks).collect();
        claims::find_places(&mut checked, &record, &steps);
        Ok(Finished {
            task: self.task,
            outcome,
            steps: self.steps,
            checks: self.checks,
            tier: self.tier,
            proposal,
            answer: self.answer,
            message,
            claims: checked,
            weakened,
            risky,
            suspicions: self.suspicions,
            lost: self.files.lost(),
            too_large: self.files.too_large(),
            record: record::record_path(&self.state, self.task),
            lacks: self.lacks,
            ignored_written: self.ignored_written,
        })
    }
}

/// Where a step happens, and what ends it.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    pub(super) shadow: &'a Shadow,
    pub(super) confined: &'a Confined,
    pub(super) cancel: &'a Cancel,
}

/// Renders a task's record and writes it to its file.
fn record_page(store: &Store, task: TaskId, state: &Path) -> Result<Record, StoreError> {
    let events = store.events(task)?;
    let record = record::render_from(task, &events, store, None);
    record::write_record(state, task, &record)?;
    Ok(record)
}
