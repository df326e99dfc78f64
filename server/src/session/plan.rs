//! What accepting comes to: which lines to replace, which changes to carry out, what is left out.

use std::collections::BTreeSet;

use vouchsafe_base::WorkspacePath;

use super::document::DocumentId;
use super::outgoing::Pick;
use super::reviews::{Kind, Review};
use super::state::State;
use crate::review::{
    FileChange, HunkId, LineEdit, ProposedFile, Resolution, ReviewedFile, Selection, State as Standing,
};

/// Everything one decision to accept leads to.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) lines: Vec<Lines>,
    pub(super) wholes: Vec<WholeChange>,
    /// Open changes that are not accepted together with others.
    pub(super) left_out: usize,
    /// Whether something waits for an edit that is under way, or for a rename.
    pub(super) deferred: bool,
}

/// Lines to replace in one document.
pub(super) struct Lines {
    pub(super) document: DocumentId,
    pub(super) file: ReviewedFile,
    pub(super) edits: Vec<LineEdit>,
}

/// A change without lines to carry out.
pub(super) struct WholeChange {
    /// Where it is shown.
    pub(super) shown_in: DocumentId,
    pub(super) id: HunkId,
    pub(super) file: ProposedFile,
}

impl Plan {
    /// The plan for a pick, on the state as it is.
    pub(super) fn new(state: &mut State, pick: &Pick) -> Self {
        let busy: Vec<_> = state.applying.iter().map(|applying| applying.document.clone()).collect();
        let renames = renames(state, pick);
        let mut plan = Self::default();
        for (document, review) in state.picked(pick) {
            let waits_for_rename =
                matches!(review.kind, Kind::Text(_)) && renames.contains(&review.file.path);
            if busy.contains(document) || waits_for_rename {
                plan.deferred |= review.open().0 > 0;
            } else {
                plan.take(document, review, pick);
            }
        }
        // What stands in the way of another change goes first.
        plan.wholes.sort_by_key(|whole| matches!(whole.file.change, FileChange::Create(_)));
        plan
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.wholes.is_empty() && !self.deferred
    }

    /// The changes that are carried out.
    pub(super) fn hunks(&self) -> impl Iterator<Item = HunkId> {
        let of_lines = self.lines.iter().flat_map(|lines| lines.edits.iter().map(|edit| edit.hunk));
        of_lines.chain(self.wholes.iter().map(|whole| whole.id))
    }

    fn take(&mut self, document: &DocumentId, review: &Review, pick: &Pick) {
        if review.file.protected.is_some() && pick.hunk.is_none() {
            self.left_out += review.open().0;
            return;
        }
        match &review.kind {
            Kind::Text(file) => {
                let edits = match pick.hunk {
                    Some(hunk) => one(file, HunkId { task: review.task, hunk }),
                    None => {
                        let (together, apart) = together(review, file);
                        self.left_out += file.open().1 + apart;
                        file.accept(&Selection::Hunks(together))
                    }
                };
                if !edits.is_empty() {
                    self.lines.push(Lines { document: document.clone(), file: file.clone(), edits });
                }
            }
            Kind::Whole(whole)
                if whole.is_open()
                    && pick.hunk.is_none()
                    && review.file.restriction(whole.id.hunk).is_some() =>
            {
                self.left_out += 1;
            }
            Kind::Whole(whole) if whole.is_open() => {
                let (shown_in, file) = (document.clone(), review.file.clone());
                self.wholes.push(WholeChange { shown_in, id: whole.id, file });
            }
            Kind::Whole(_) => {}
        }
    }
}

/// The hunks of a text that wait and may be accepted together, and how many may not.
fn together(review: &Review, file: &ReviewedFile) -> (Vec<HunkId>, usize) {
    let waiting = file.hunks().filter(|view| view.state == Standing::Pending).map(|view| view.hunk.id);
    let (together, apart): (Vec<_>, Vec<_>) =
        waiting.partition(|id| review.file.restriction(id.hunk).is_none());
    (together, apart.len())
}

/// The new names of open renames in a pick: a text's lines are changed after its file has its new name.
fn renames(state: &mut State, pick: &Pick) -> BTreeSet<WorkspacePath> {
    let open = state
        .picked(pick)
        .filter(|(_, review)| matches!(review.file.change, FileChange::Rename { .. }) && review.open().0 > 0);
    open.map(|(_, review)| review.file.path.clone()).collect()
}

/// The edit that accepts one hunk; in a conflict, that takes the task's lines.
fn one(file: &ReviewedFile, id: HunkId) -> Vec<LineEdit> {
    match file.hunk(id).map(|view| view.state) {
        Some(Standing::Conflicted) => file.resolve(id, Resolution::Theirs).into_iter().collect(),
        _ => file.accept(&Selection::Hunks(vec![id])),
    }
}
