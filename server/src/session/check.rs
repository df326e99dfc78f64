//! *Check it now*: a task that runs what decides a claim, and what becomes of the claim then.
//!
//! Invariants
//! - The claim's own task is not touched: the new verdict is another event of its record.
//! - A note whose claim is verified is no diagnostic any more.

use std::path::Path;
use std::sync::Arc;

use vouchsafe_evidence::log::{ClaimChecked, TaskId, Verdict};

use super::Session;
use super::folders::Folder;
use super::notes::Found;
use super::outgoing::{Level, NoteArgument, Outgoing};
use crate::agent::{CheckWork, CheckedClaim, Job, Work, command_that_decides};

/// What is needed of a finished task to check its claims.
pub(super) struct Checkable {
    /// Everything the agent said at the end.
    pub(super) message: String,
    /// Everything it wants to change.
    pub(super) changes: Vec<crate::review::Change>,
    /// The folder it worked in.
    pub(super) folder: Arc<Folder>,
}

impl Session {
    /// Starts the check of a claim.
    ///
    /// # Errors
    /// One sentence for the user: nothing was started.
    pub(super) fn check_claim(&self, which: &NoteArgument) -> Result<(), String> {
        let (claim, checkable, started_at, line) = {
            let state = self.state();
            let note = state.note(which);
            let claim = note.and_then(|note| note.claim.clone());
            let task = state.tasks.get(&which.task);
            let (Some(claim), Some(task)) = (claim, task) else {
                return Err("this claim is gone: it was dismissed, or decided by a check".to_owned());
            };
            let checkable = task.checkable.clone();
            (claim, checkable, task.started_at.clone(), task.started_line)
        };
        let Some(checkable) = checkable else {
            return Err("this claim is of an earlier session: what the task left is not known any more, so it cannot be checked by running".to_owned());
        };
        let Some(session) = self.itself.upgrade() else { return Ok(()) };
        let which = *which;
        // The record is read and written: not on the task that moves messages.
        self.scribe.run(move || {
            let started = session.check_job(which.task, &claim, &checkable).and_then(|job| {
                let checks = Some(which);
                session.launch(job, Arc::clone(&checkable.folder), started_at, line, checks)
            });
            if let Err(sentence) = started {
                session.tell(Outgoing::Message(Level::Warning, format!("Vouchsafe: {sentence}")));
            }
        });
        Ok(())
    }

    fn check_job(&self, task: u64, claim: &ClaimChecked, of: &Checkable) -> Result<Job, String> {
        let folder = &of.folder;
        let config = Arc::new(folder.loaded.config.clone());
        let store = self.services.store().map_err(|error| error.to_string())?;
        let of_task = TaskId::new(task);
        let events = store.events(of_task).map_err(|error| error.to_string())?;
        let line = command_that_decides(claim, &events, &config.verify, &folder.real)
            .map_err(|error| error.to_string())?;
        Ok(Job {
            kind: "check",
            title: format!("Check: “{}”", claim.quote),
            workspace: folder.real.clone(),
            command_wall: Some(std::time::Duration::from_secs(config.verify.wall_s.into())),
            work: Work::Check(Box::new(CheckWork {
                of: of_task,
                claim: claim.clone(),
                message: of.message.clone(),
                line,
                changes: of.changes.clone(),
            })),
            place: None,
            only_its_file: false,
            unsaved: Vec::new(),
            env: std::collections::BTreeMap::new(),
            tool_directories: folder.facts.bins().collect(),
            read: Vec::new(),
            config,
        })
    }

    /// Puts the new verdict in the place of the old one, and says it.
    pub(super) fn checked(&self, check: u64, which: &NoteArgument, checked: CheckedClaim, record: &Path) {
        let verdict = match checked.claim.verdict {
            Verdict::Verified => "is verified",
            Verdict::Unverified => "is still not verified",
            Verdict::Contradicted => "does not hold",
        };
        let text =
            format!("Vouchsafe task {check}: “{}” {verdict}. {}", checked.claim.quote, checked.claim.because);
        let level = match checked.claim.verdict {
            Verdict::Verified => Level::Info,
            Verdict::Unverified | Verdict::Contradicted => Level::Warning,
        };
        if let Some(found) = Found::claim(checked, record) {
            self.replace_note(which, &found);
        }
        self.tell(Outgoing::Message(level, text));
    }

    /// Checks what the record of a task does not decide, if the user wants that after each task.
    pub(super) fn check_after(&self, task: u64, folder: &Folder) {
        if !folder.loaded.config.verify.after_task {
            return;
        }
        let open: Vec<NoteArgument> = {
            let state = self.state();
            let notes = state.notes.values().flatten();
            let open = notes.filter(|note| note.task == task && note.is_checkable());
            open.map(|note| NoteArgument { task, note: note.number }).collect()
        };
        for which in open {
            if let Err(sentence) = self.check_claim(&which) {
                self.tell(Outgoing::Message(Level::Warning, format!("Vouchsafe: {sentence}")));
            }
        }
    }
}
