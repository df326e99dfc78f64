//! The last states of a review, so that undo and redo are seen however the client tells them.
//!
//! Most clients tell an undo as the edit it is, and the content of each spot settles it. Some tell a diff of the
//! two texts, which may blame other lines than those that were edited (`a a` from `a` grew at either end). When
//! the whole text is one that was here before, the spots of then are right whatever the diff says.
//!
//! Invariants
//! - A hunk that was rejected since stays rejected.

use std::collections::{HashSet, VecDeque};

use ropey::Rope;

use super::spot::Spot;

/// How many states are kept. One is added when lines of a calm spot change, or come and go next to
/// it; not for every key.
const STATES_MAX: usize = 16;

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    states: VecDeque<(Rope, Vec<Spot>)>,
}

impl History {
    /// Keeps a state that is about to change.
    pub(super) fn keep(&mut self, text: &Rope, spots: &[Spot]) {
        self.states.truncate(STATES_MAX - 1);
        self.states.push_front((text.clone(), spots.to_vec()));
    }

    /// The latest spots that this very text had, without hunks that `now` no longer has.
    pub(super) fn spots_of(&self, text: &Rope, now: &[Spot]) -> Option<Vec<Spot>> {
        let same = |known: &&(Rope, Vec<Spot>)| known.0.len_bytes() == text.len_bytes() && known.0 == *text;
        let (_, spots) = self.states.iter().find(same)?;
        let live = now.iter().flat_map(|spot| &spot.parts).map(|part| part.hunk).collect::<HashSet<_>>();
        Some(spots.iter().cloned().filter_map(|spot| spot.only(|part| live.contains(&part.hunk))).collect())
    }
}
