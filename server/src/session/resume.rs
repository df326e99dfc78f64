//! Reviews that outlive their server: what earlier ones left undecided is put before the user again.
//!
//! Invariants
//! - A proposal is shown by one server at a time: the one that ran its task, then, when that is gone, the first that
//!   looks, which it does when it starts and when a document is opened.
//! - What was decided is not shown again. How the rest stands is told from the texts as they are now.
//! - All of it happens on the scribe's thread.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Cancel;
use vouchsafe_evidence::log::TaskId;
use vouchsafe_evidence::store::{Store, StoreError};

use super::Session;
use super::check::Checkable;
use super::document::DocumentId;
use super::folders::Folder;
use super::notes::Found;
use super::outgoing::{Level, Outgoing};
use super::reviews::{Kind, Review, made_anew, whole};
use super::state::{Asking, Phase, Task};
use super::tasks::counted;
use crate::agent::{self, Restored, Steering};
use crate::config::LogLevel;
use crate::review::{Entry, FileChange, HunkId, ProposedFile, ReviewedFile, State as Standing};

impl Session {
    /// Looks for what earlier servers left in a folder, soon.
    pub(super) fn resume(&self, folder: Arc<Folder>) {
        let Some(session) = self.itself.upgrade() else { return };
        self.scribe.run(move || {
            let Some(store) = session.services.store_if_begun() else { return };
            if let Err(error) = session.resume_now(&store, &folder) {
                let text = || format!("earlier tasks could not be looked up: {error}");
                session.log(&folder, LogLevel::Error, text);
            }
        });
    }

    fn resume_now(&self, store: &Store, folder: &Arc<Folder>) -> Result<(), StoreError> {
        let workspace = folder.real.display().to_string();
        agent::mark_interrupted(store)?;
        let interrupted = store.take_untold(&workspace)?;
        for task in store.take_waiting(&workspace)? {
            self.take_up(store, folder, task)?;
        }
        for task in interrupted {
            let title = store.task(task)?.title;
            let left = match self.state().open_changes(task.get()).0 {
                0 => "it left no changes to review, start it again".to_owned(),
                waiting => format!("{} it had proposed can be reviewed", counted(waiting, "change")),
            };
            let text = format!(
                "Vouchsafe: task {task} ({title}) was interrupted because its server ended; {left}. `vouchsafe log {task}` shows what it did"
            );
            self.tell(Outgoing::Message(Level::Warning, text));
        }
        Ok(())
    }

    /// Puts what waits of one task before the user.
    fn take_up(&self, store: &Store, folder: &Arc<Folder>, task: TaskId) -> Result<(), StoreError> {
        let id = task.get();
        let Some(restored) = agent::restore(store, task, &folder.path)? else { return store.settle(task) };
        let reviews: Vec<_> = restored
            .proposal
            .files
            .iter()
            .filter_map(|file| self.resumed(id, folder, &restored, file))
            .collect();
        let waiting: usize = reviews.iter().map(|(_, review)| review.open().0).sum();
        self.tell_lost(id, &restored);
        let title = restored.title.clone();
        if waiting == 0 {
            return store.settle(task);
        }
        let needs = restored.proposal.all_needs().to_vec();
        let rejected: Vec<_> = restored
            .decided
            .iter()
            .filter(|(_, standing)| **standing == Standing::Rejected)
            .map(|(hunk, _)| *hunk)
            .collect();
        let first = reviews.first().and_then(|(document, _)| document.clone());
        let (started_at, started_line) = match restored.place {
            Some((path, line)) => (DocumentId::File(folder.path.join(path.as_path())), line),
            None => (first.unwrap_or_else(|| DocumentId::File(folder.path.clone())), 0),
        };
        let known = Task {
            title,
            kind: restored.kind,
            checks: None,
            checkable: Some(Arc::new(Checkable {
                message: restored.message,
                changes: restored.proposal.changes,
                folder: Arc::clone(folder),
            })),
            workspace: folder.path.clone(),
            started_at,
            started_line,
            phase: Phase::Settled,
            cancel: Cancel::default(),
            steps: restored.steps,
            record: Some(restored.record.clone()),
            // Nobody listens any more, but another task can go on from what was asked.
            asked: restored.asked.map(|asked| Asking { asked, steering: Steering::closed() }),
            answer: None,
            takes_over: None,
        };
        let found: Vec<_> =
            restored.claims.into_iter().filter_map(|claim| Found::claim(claim, &restored.record)).collect();
        let mut state = self.state();
        if state.tasks.contains_key(&id) {
            return Ok(());
        }
        let title = known.title.clone();
        state.tasks.insert(id, known);
        state.needs.insert(id, needs);
        state.rejected.extend(rejected);
        let shown = state.put_before(id, reviews);
        drop(state);
        self.note(id, found);
        shown.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
        self.log(folder, LogLevel::Info, || {
            format!("task {id} ({title}): {} still to decide", counted(waiting, "change"))
        });
        Ok(())
    }

    /// Names the files whose changes are not there any more.
    fn tell_lost(&self, task: u64, restored: &Restored) {
        let lost: Vec<_> = restored.lost.iter().map(ToString::to_string).collect();
        if !lost.is_empty() {
            let text = format!(
                "Vouchsafe task {task} ({}): {}: what held a secret is not stored, so it cannot be offered again; start the task again",
                restored.title,
                lost.join(", ")
            );
            self.tell(Outgoing::Message(Level::Warning, text));
        }
    }

    /// One change of an earlier task against the text or disk as it is now; `None` when there is nothing to show.
    fn resumed(
        &self,
        task: u64,
        folder: &Folder,
        restored: &Restored,
        file: &ProposedFile,
    ) -> Option<(Option<DocumentId>, Review)> {
        let decided = |id: &HunkId| restored.decided.get(id).copied();
        let mut file = file.clone();
        let document = |path: &WorkspacePath| DocumentId::File(folder.path.join(path.as_path()));
        if file.path != file.stands_at && self.text_of(&document(&file.stands_at)).is_none() {
            // Its rename was accepted.
            file.stands_at = file.path.clone();
        }
        let own = document(&file.stands_at);
        if let FileChange::Text(change) = &file.change {
            if let Some(current) = self.text_of(&own) {
                let state = |id| decided(&id).unwrap_or(Standing::Pending);
                let kind = Kind::Text(ReviewedFile::resumed(change, &current, state));
                return Some((Some(own), Review { task, file, kind }));
            }
            let file = made_anew(&restored.proposal, &file)?;
            let open = file.ids().iter().any(|id| decided(id).is_none());
            return open.then(|| (None, whole(task, file)));
        }
        let id = file.whole.as_ref()?.id;
        let at = |path: &WorkspacePath| entry_at(&folder.path.join(path.as_path()));
        let (here, there) = (at(&file.path), at(&file.stands_at));
        let stands = file.standing(here.as_ref(), there.as_ref());
        match decided(&id).or(Some(stands).filter(|state| *state == Standing::Accepted)) {
            None => {
                let place = there.is_some().then_some(own);
                Some((place, whole(task, file)))
            }
            Some(Standing::Accepted) => {
                let lines = file.whole.as_ref()?.lines.clone()?;
                let current = self.text_of(&own)?;
                let kind = Kind::Text(ReviewedFile::resumed(&lines, &current, |_| Standing::Accepted));
                Some((Some(own), Review { task, file, kind }))
            }
            Some(_) => None,
        }
    }

    /// Tells the store, after everything that is to be recorded before, when nothing of a task waits any more.
    pub(super) fn settle_if_decided(&self, task: u64) {
        let Some(session) = self.itself.upgrade() else { return };
        self.scribe.run(move || {
            if session.state().open_changes(task).0 == 0
                && let Some(store) = session.services.store_if_begun()
            {
                // What stays marked as waiting is found decided, and settled, at the next start.
                drop(store.settle(TaskId::new(task)));
            }
        });
    }
}

/// More of a file than any task proposes is not read: that it is larger tells it apart.
const READ_BYTES_MAX: u64 = 1 + (64 << 20);

/// What is at a path; `None` for nothing, and for what cannot be read.
fn entry_at(path: &Path) -> Option<Entry> {
    let meta = path.symlink_metadata().ok()?;
    if meta.is_dir() {
        return Some(Entry::Directory);
    }
    if meta.is_symlink() {
        let target = std::fs::read_link(path).ok()?;
        return Some(Entry::Symlink { target: target.as_os_str().as_encoded_bytes().into() });
    }
    let mut bytes = Vec::new();
    let file = meta.is_file().then(|| File::open(path)).and_then(Result::ok)?;
    file.take(READ_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(Entry::File { bytes: bytes.into(), mode: mode(&meta) })
}

#[cfg(unix)]
fn mode(meta: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode(_meta: &std::fs::Metadata) -> u32 {
    0o644
}
