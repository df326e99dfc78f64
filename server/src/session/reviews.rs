//! A finished task's changes against what the user has now.
//!
//! Invariants
//! - A change of lines in a text is reviewed hunk by hunk; anything else a task can do to a path is one change.
//! - A change stands in the document of its file, or, when that file does not exist, where the task was started.

use std::collections::BTreeSet;
use std::path::Path;

use vouchsafe_base::WorkspacePath;

use super::Session;
use super::document::DocumentId;
use super::folders::Folder;
use super::outgoing::{Level, Outgoing};
use super::state::{Phase, State};
use crate::agent::Finished;
use crate::review::{Author, FileChange, HunkId, Proposal, ProposedFile, ReviewedFile, WholeHunk, splices};

/// One change of one file of one task's proposal.
pub(super) struct Review {
    pub(super) task: u64,
    pub(super) file: ProposedFile,
    pub(super) kind: Kind,
}

/// How it is reviewed.
pub(super) enum Kind {
    /// By hunks.
    Text(ReviewedFile),
    /// As one change.
    Whole(Whole),
}

/// A change that has no lines: a file that appears, goes, moves or is no text.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) id: HunkId,
    pub(super) steps: Vec<u32>,
    /// The line of the document it is shown in.
    pub(super) line: u32,
    pub(super) decided: bool,
}

impl Whole {
    pub(super) const fn is_open(&self) -> bool {
        !self.decided
    }
}

impl Review {
    /// How many changes wait, and how many of those are in conflict.
    pub(super) fn open(&self) -> (usize, usize) {
        match &self.kind {
            Kind::Text(file) => file.open(),
            Kind::Whole(whole) => (usize::from(whole.is_open()), 0),
        }
    }

    /// Whether it holds this change of its task.
    pub(super) fn has(&self, hunk: u32) -> bool {
        match &self.kind {
            Kind::Text(file) => file.hunk(HunkId { task: self.task, hunk }).is_some(),
            Kind::Whole(whole) => whole.id.hunk == hunk,
        }
    }

    /// Its file has another name now.
    pub(super) fn moved_to(&mut self, document: &DocumentId, workspace: &Path) {
        let below = document.path().and_then(|path| path.strip_prefix(workspace).ok());
        let is_its_own = !matches!(self.file.change, FileChange::Create(_) | FileChange::Rename { .. });
        if let Some(path) =
            below.and_then(|below| WorkspacePath::from_relative(below).ok()).filter(|_| is_its_own)
        {
            self.file.path = path.clone();
            self.file.stands_at = path;
        }
    }

    pub(super) fn text_mut(&mut self) -> Option<&mut ReviewedFile> {
        match &mut self.kind {
            Kind::Text(file) => Some(file),
            Kind::Whole(_) => None,
        }
    }
}

impl Session {
    /// Puts a finished task's changes before the user; answers how many there are, and in how many files.
    pub(super) fn review(&self, id: u64, folder: &Folder, finished: Finished) -> (usize, usize) {
        let counts = (finished.proposal.hunks().count(), finished.proposal.changes.len());
        let reviews: Vec<_> = finished
            .proposal
            .files
            .iter()
            .map(|file| self.against_now(id, folder, &finished.proposal, file))
            .collect();
        let mut state = self.state();
        state.needs.insert(id, finished.proposal.all_needs().to_vec());
        let Some(task) = state.tasks.get_mut(&id) else { return (0, 0) };
        task.phase = Phase::Settled;
        task.steps = finished.steps.into_iter().chain(finished.checks).collect();
        task.record = Some(finished.record);
        let shown = state.put_before(id, reviews);
        drop(state);
        shown.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
        self.settle_if_decided(id);
        for (paths, why) in [
            (
                &finished.lost,
                "changed on disk while the task ran, so its change is not offered; start the task again",
            ),
            (
                &finished.too_large,
                "too large to review (over 64 MiB, or 512 MiB in all), so its change is not offered",
            ),
        ] {
            if !paths.is_empty() {
                let paths: Vec<_> = paths.iter().map(ToString::to_string).collect();
                let text = format!("Vouchsafe task {id}: {}: {why}", paths.join(", "));
                self.tell(Outgoing::Message(Level::Warning, text));
            }
        }
        counts
    }

    /// One proposed change against the user's text or disk, and the document of its own file if there is one.
    fn against_now(
        &self,
        task: u64,
        folder: &Folder,
        proposal: &Proposal,
        file: &ProposedFile,
    ) -> (Option<DocumentId>, Review) {
        let document = DocumentId::File(folder.path.join(file.stands_at.as_path()));
        if let FileChange::Text(change) = &file.change {
            if let Some(current) = self.text_of(&document) {
                let kind = Kind::Text(ReviewedFile::new(change, &current));
                return (Some(document), Review { task, file: file.clone(), kind });
            }
            if let Some(file) = made_anew(proposal, file) {
                return (None, whole(task, file));
            }
        }
        let exists = document.path().is_some_and(|path| path.symlink_metadata().is_ok());
        (exists.then_some(document), whole(task, file.clone()))
    }
}

impl State {
    /// Puts reviews of a known task at their own document, or, without one, where the task was started; answers
    /// where that was.
    pub(super) fn put_before(
        &mut self,
        task: u64,
        reviews: Vec<(Option<DocumentId>, Review)>,
    ) -> BTreeSet<DocumentId> {
        let Some(task) = self.tasks.get(&task) else { return BTreeSet::new() };
        let (started_at, started_line) = (task.started_at.clone(), task.started_line);
        let mut shown = BTreeSet::new();
        for (own_place, mut review) in reviews {
            if let Kind::Whole(whole) = &mut review.kind {
                whole.line = if own_place.is_some() { 0 } else { started_line };
            }
            let place = own_place.unwrap_or_else(|| started_at.clone());
            // The user may have typed since the review was made for the text.
            let open = self.documents.get(&place).map(|document| document.text.clone());
            if let (Kind::Text(file), Some(text)) = (&mut review.kind, open)
                && *file.text() != text
            {
                let steps = splices(file.text(), &text);
                file.spliced(&steps, &text, Author::User);
            }
            shown.insert(place.clone());
            self.reviews.entry(place).or_default().push(review);
        }
        shown
    }
}

pub(super) fn whole(task: u64, file: ProposedFile) -> Review {
    // Every change that is no text has its one hunk; without a name it could not be decided.
    let id = file.whole.as_ref().map_or(HunkId { task, hunk: 0 }, |whole| whole.id);
    let citations = file.whole.as_ref().map(|whole| whole.citations.clone()).unwrap_or_default();
    let steps = citations.iter().map(|cite| cite.step).collect();
    Review { task, file, kind: Kind::Whole(Whole { id, steps, line: 0, decided: false }) }
}

/// The user deleted the file while the task changed its text: the change becomes one that makes the file anew, and
/// never together with others.
pub(super) fn made_anew(proposal: &Proposal, file: &ProposedFile) -> Option<ProposedFile> {
    let change = proposal.changes.iter().find(|change| change.path == file.path)?;
    let FileChange::Text(text) = &file.change else { return None };
    let first = text.hunks.first()?;
    let whole = WholeHunk { id: first.id, citations: first.citations.clone(), lines: None };
    Some(ProposedFile {
        change: FileChange::Create(change.after.clone()?),
        whole: Some(whole),
        protected: Some(format!("you deleted {} meanwhile", file.path)),
        ..file.clone()
    })
}
