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

use super::Splice;
use super::lines::slice;
use super::spot::Spot;

/// How many states are kept. One is added when lines of a calm spot change, or lines come and go around it; none
/// for the keys typed into a torn spot or into a line beside a calm one.
const STATES_MAX: usize = 16;
/// How many spots all of them may hold together; two states are kept in any case, for undo and redo.
const SPOTS_MAX: usize = 40_000;

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    states: VecDeque<(Rope, Vec<Spot>)>,
}

impl History {
    /// Keeps a state that is about to change.
    pub(super) fn keep(&mut self, text: &Rope, spots: &[Spot]) {
        let states = (SPOTS_MAX / spots.len().max(1)).clamp(2, STATES_MAX);
        self.states.truncate(states - 1);
        self.states.push_front((text.clone(), spots.to_vec()));
    }

    /// The latest spots that this very text had, without hunks that `now` no longer has. The lines that changed
    /// just now are compared first: most texts differ there already.
    pub(super) fn spots_of(&self, text: &Rope, changed: &[Splice], now: &[Spot]) -> Option<Vec<Spot>> {
        let same_there = |known: &Rope| {
            changed.iter().all(|splice| slice(known, splice.with.clone()) == slice(text, splice.with.clone()))
        };
        let same = |known: &Rope| known.len_bytes() == text.len_bytes() && same_there(known) && known == text;
        let (_, spots) = self.states.iter().find(|(known, _)| same(known))?;
        let live = now.iter().flat_map(|spot| &spot.parts).map(|part| part.hunk).collect::<HashSet<_>>();
        Some(spots.iter().cloned().filter_map(|spot| spot.only(|part| live.contains(&part.hunk))).collect())
    }
}
