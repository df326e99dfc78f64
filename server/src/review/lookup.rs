//! What can be asked of a review: which hunks there are, how they stand, where a line came from.

use std::ops::Range;

use ropey::Rope;

use super::lines::{line_count, slice};
use super::spot::{Spot, Standing};
use super::{Citation, Conflict, Hunk, HunkId, ReviewedFile, State};

/// One hunk and how its review stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HunkView<'a> {
    /// What the task proposes.
    pub hunk: &'a Hunk,
    /// Its lines in the live text; those of the whole conflict if there is one; `None` when it was rejected.
    pub at: Option<Range<u32>>,
    /// How it stands.
    pub state: State,
}

impl ReviewedFile {
    /// The waiting hunks that are settled together with this waiting one, itself included: more than one only in
    /// a conflict whose lines cover several.
    #[must_use]
    pub fn together(&self, id: HunkId) -> Vec<HunkId> {
        let open = |spot: &&Spot| {
            let mut waiting = spot.parts.iter().filter(|part| part.standing == Standing::Pending);
            waiting.any(|part| self.id_of(part.hunk) == Some(id))
        };
        let spot = self.spots.iter().find(open);
        let parts = spot.into_iter().flat_map(|spot| &spot.parts);
        parts
            .filter(|part| part.standing == Standing::Pending)
            .filter_map(|part| self.id_of(part.hunk))
            .collect()
    }

    /// The three texts of a conflict; `None` if the hunk is in none.
    #[must_use]
    pub fn conflict(&self, id: HunkId) -> Option<Conflict> {
        let spot = self.conflict_spot(id)?;
        Some(Conflict {
            reason: spot.torn.as_ref()?.cause.reason(),
            base: spot.anchor(&self.hunks).text().to_owned(),
            mine: slice(&self.text, spot.at.clone()).into(),
            theirs: spot.proposed(&self.hunks).0.text().to_owned(),
        })
    }

    /// The live text as last told.
    #[must_use]
    pub fn text(&self) -> &Rope {
        &self.text
    }

    /// Every hunk, in the order of the proposal.
    pub fn hunks(&self) -> impl Iterator<Item = HunkView<'_>> {
        let mut views = self
            .hunks
            .iter()
            .map(|hunk| HunkView { hunk, at: None, state: State::Rejected })
            .collect::<Vec<_>>();
        for (spot, part) in self.spots.iter().flat_map(|spot| spot.parts.iter().map(move |part| (spot, part)))
        {
            if let Some(view) = views.get_mut(part.hunk) {
                view.at = Some(spot.at.clone());
                view.state = spot.state(part);
            }
        }
        views.into_iter()
    }

    /// One hunk.
    #[must_use]
    pub fn hunk(&self, id: HunkId) -> Option<HunkView<'_>> {
        self.hunks().find(|view| view.hunk.id == id)
    }

    /// The hunks that stand at a line of the live text. Deleted or inserted lines, which have no line of their own,
    /// stand at the line below; at the end of the text at the last line.
    pub fn at_line(&self, line: u32) -> impl Iterator<Item = HunkView<'_>> {
        let is_last = line.saturating_add(1) >= line_count(&self.text);
        let here = move |spot: &&Spot| match spot.at.is_empty() {
            true => spot.at.start == line || (is_last && spot.at.start > line),
            false => spot.at.contains(&line),
        };
        let from = self.spots.partition_point(|spot| spot.at.end < line);
        let spots = self.spots.iter().skip(from).take_while(move |spot| spot.at.start <= line || is_last);
        let parts = spots.filter(here).flat_map(|spot| spot.parts.iter().map(move |part| (spot, part)));
        parts.filter_map(|(spot, part)| {
            let hunk = self.hunks.get(part.hunk)?;
            Some(HunkView { hunk, at: Some(spot.at.clone()), state: spot.state(part) })
        })
    }

    /// The accepted hunk that a line of the live text came from, and the steps that made the line. `None` for the
    /// user's own lines.
    #[must_use]
    pub fn origin(&self, line: u32) -> Option<(HunkId, &[Citation])> {
        let spot = self.spots.get(self.spots.partition_point(|spot| spot.at.end <= line))?;
        let nth = line.checked_sub(spot.at.start)?;
        let mark = (*spot.marks.get(nth as usize)?)?;
        let hunk = self.hunks.get(mark.hunk as usize)?;
        Some((hunk.id, hunk.line_citations.get(mark.line as usize)?))
    }

    /// The live text's lines that came from accepted hunks, in order.
    pub fn origins(&self) -> impl Iterator<Item = (u32, HunkId, &[Citation])> {
        self.spots.iter().flat_map(|spot| spot.at.clone()).filter_map(|line| {
            let (id, citations) = self.origin(line)?;
            Some((line, id, citations))
        })
    }

    /// How many hunks wait, and how many of those are in conflict.
    #[must_use]
    pub fn open(&self) -> (usize, usize) {
        let parts = self.spots.iter().flat_map(|spot| spot.parts.iter().map(move |part| (spot, part)));
        let waiting = parts.filter(|(_, part)| part.standing == Standing::Pending);
        waiting.fold((0, 0), |(all, torn), (spot, _)| (all + 1, torn + usize::from(spot.torn.is_some())))
    }
}
