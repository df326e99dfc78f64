//! Carrying the spots of one text over a change of that text.
//!
//! What touches a spot (the rule, for a splice of the lines `a..b` and a spot at `s..e`):
//! 1. lines replaced inside it: `a..b` and `s..e` share a line;
//! 2. lines inserted inside it: `s < a == b < e`;
//! 3. both at one gap: `a == b == s == e`, or `a < s == e < b`;
//! 4. next to it, when the waiting hunk would no longer fit there (a terminator that it needs is gone).
//!
//! All else next to a spot is the user's own text and only moves it: an edited neighbour line, and lines
//! inserted at the edge of a hunk that has lines. At the edge of a torn spot the change is taken in only if that
//! settles the spot, as when a deletion is undone in pieces.
//!
//! Invariants
//! - Spots keep their order and never overlap. The cost is the number of spots below the change (they move), plus
//!   the lines of touched ones.

use std::ops::Range;

use ropey::Rope;

use super::lines::{Lines, fits, len};
use super::spot::{Cause, Mark, Part, Spot, Torn, shifted};
use super::{Hunk, Splice};

/// One change of the text.
pub(super) struct Change<'a> {
    pub(super) before: &'a Rope,
    pub(super) after: &'a Rope,
    /// What was replaced, in order.
    pub(super) splices: &'a [Splice],
    pub(super) cause: Cause,
    /// By how much the splices before the nth move what follows; one more entry than splices.
    moves: Vec<i64>,
}

impl<'a> Change<'a> {
    pub(super) fn new(before: &'a Rope, after: &'a Rope, splices: &'a [Splice], cause: Cause) -> Self {
        let mut moves = vec![0];
        let mut sum = 0;
        moves.extend(splices.iter().map(|splice| {
            sum += splice.shift();
            sum
        }));
        Self { before, after, splices, cause, moves }
    }

    /// By how much all below the change moves.
    pub(super) fn shift(&self) -> i64 {
        self.move_before(self.splices.len())
    }

    /// The spots that the change may concern; those before it stay, those after it only move.
    pub(super) fn window(&self, spots: &[Spot]) -> Range<usize> {
        let (Some(first), Some(last)) = (self.splices.first(), self.splices.last()) else { return 0..0 };
        let start = spots.partition_point(|spot| spot.at.end < first.lines.start);
        start..spots.partition_point(|spot| spot.at.start <= last.lines.end).max(start)
    }

    /// The spots after the change. `hits` tells for each the splices that touch it.
    pub(super) fn follow(&self, spots: Vec<Spot>, hits: Vec<Range<usize>>, hunks: &[Hunk]) -> Vec<Spot> {
        let mut out = Vec::with_capacity(spots.len());
        let mut cluster: Option<(Vec<Spot>, Range<usize>)> = None;
        for (mut spot, hit) in spots.into_iter().zip(hits) {
            match &mut cluster {
                Some((members, splices)) if hit.start < splices.end && !hit.is_empty() => {
                    splices.end = splices.end.max(hit.end);
                    members.push(spot);
                    continue;
                }
                _ => out.extend(cluster.take().into_iter().flat_map(|done| self.torn(done, hunks))),
            }
            if hit.is_empty() {
                let beside = spot.torn.is_some() && !self.near(&spot).is_empty();
                spot.shift(self.move_of(&spot));
                if beside {
                    out.extend(spot.settled(hunks, self.after, self.cause.author()));
                } else {
                    out.push(spot);
                }
            } else {
                cluster = Some((vec![spot], hit));
            }
        }
        out.extend(cluster.into_iter().flat_map(|done| self.torn(done, hunks)));
        out
    }

    fn torn(&self, (spots, splices): (Vec<Spot>, Range<usize>), hunks: &[Hunk]) -> Vec<Spot> {
        self.absorb(&spots, &splices, hunks).settled(hunks, self.after, self.cause.author())
    }

    /// For each spot the splices that touch it; an empty range for none.
    pub(super) fn hits(&self, spots: &[Spot], hunks: &[Hunk]) -> Vec<Range<usize>> {
        let mut hits = spots.iter().map(|spot| self.touching(spot, hunks)).collect::<Vec<_>>();
        // A spot that a neighbour's touched region has come to cover belongs to it.
        let forth = (1..spots.len()).map(|nth| (nth - 1, nth));
        let back = (1..spots.len()).rev().map(|nth| (nth, nth - 1));
        for (from, to) in forth.chain(back) {
            let Some(hit) = hits.get(from).filter(|hit| !hit.is_empty()).cloned() else { continue };
            let covers =
                spots.get(from).is_some_and(|spot| self.covers(spot, &hit, from < to, spots.get(to)));
            if let Some(own) = hits.get_mut(to).filter(|own| own.start == own.end && covers) {
                *own = hit;
            }
        }
        for nth in 0..spots.len() {
            if let Some(extended) = self.settling(nth, spots, &hits, hunks) {
                hits.iter_mut().skip(nth).take(1).for_each(|own| own.clone_from(&extended));
            }
        }
        hits
    }

    /// The splices at the edges of an untouched torn spot, if taking them in settles it and concerns no other spot.
    fn settling(
        &self,
        nth: usize,
        spots: &[Spot],
        hits: &[Range<usize>],
        hunks: &[Hunk],
    ) -> Option<Range<usize>> {
        let (spot, own) = (spots.get(nth)?, hits.get(nth)?);
        let near = self.near(spot);
        if spot.torn.is_none() || near.is_empty() || *own == near {
            return None;
        }
        let free = |other: usize| {
            let apart = |hit: &Range<usize>| hit.is_empty() || hit.end <= near.start || near.end <= hit.start;
            hits.get(other).is_none_or(apart) && !self.covers(spot, &near, nth < other, spots.get(other))
        };
        if !free(nth + 1) || !nth.checked_sub(1).is_none_or(free) {
            return None;
        }
        let settled = self.absorb(std::slice::from_ref(spot), &near, hunks);
        let settled = settled.settled(hunks, self.after, self.cause.author());
        settled.iter().all(|spot| spot.torn.is_none()).then_some(near)
    }

    /// Whether a spot and the splices that touch it cover lines of its neighbour.
    fn covers(&self, spot: &Spot, hit: &Range<usize>, below: bool, neighbour: Option<&Spot>) -> bool {
        let hull = self.hull(std::slice::from_ref(spot), hit);
        neighbour.is_some_and(
            |other| {
                if below { other.at.start < hull.end } else { hull.start < other.at.end }
            },
        )
    }

    /// Whether a client that tells a difference of texts may tell the undo of this change so that a calm spot in
    /// the window is concerned: always, unless one line became one line and touched nothing.
    pub(super) fn stirs(&self, spot: &Spot, hit: &Range<usize>) -> bool {
        let one_line = matches!(self.splices, [only] if len(&only.lines) == 1 && len(&only.with) == 1);
        spot.torn.is_none() && (!hit.is_empty() || !one_line)
    }

    /// The splices inside a spot and at its edges.
    fn near(&self, spot: &Spot) -> Range<usize> {
        let first = self.splices.partition_point(|splice| splice.lines.end < spot.at.start);
        let end = self.splices.partition_point(|splice| splice.lines.start <= spot.at.end);
        first..end.max(first)
    }

    fn touching(&self, spot: &Spot, hunks: &[Hunk]) -> Range<usize> {
        let near = self.near(spot);
        let touches =
            |nth: &usize| self.splices.get(*nth).is_some_and(|splice| touches(&splice.lines, &spot.at));
        let first = near.clone().find(touches);
        let last = near.clone().rev().find(touches);
        if let (Some(first), Some(last)) = (first, last) {
            return first..last + 1;
        }
        if near.is_empty() {
            return near;
        }
        let by = self.move_of(spot);
        let at = shifted(spot.at.start, by)..shifted(spot.at.end, by);
        let waiting = spot.waiting().and_then(|hunk| hunks.get(hunk));
        let still_fits = waiting.is_none_or(|hunk| fits(self.after, &at, &hunk.new));
        if still_fits { near.start..near.start } else { near }
    }

    /// By how much an untouched spot moves.
    fn move_of(&self, spot: &Spot) -> i64 {
        self.move_before(self.splices.partition_point(|splice| splice.lines.end <= spot.at.start))
    }

    fn move_before(&self, nth: usize) -> i64 {
        self.moves.get(nth).copied().unwrap_or(0)
    }

    /// The lines, in the text before, that some spots and the splices that touch them cover.
    fn hull(&self, spots: &[Spot], splices: &Range<usize>) -> Range<u32> {
        let touched = self.splices.get(splices.clone()).unwrap_or_default();
        let ranges = || spots.iter().map(|spot| &spot.at).chain(touched.iter().map(|splice| &splice.lines));
        let start = ranges().map(|range| range.start).min().unwrap_or(0);
        start..ranges().map(|range| range.end).max().unwrap_or(start)
    }

    /// One torn spot for some spots and the splices that touch them.
    fn absorb(&self, spots: &[Spot], splices: &Range<usize>, hunks: &[Hunk]) -> Spot {
        let hull = self.hull(spots, splices);
        let at = shifted(hull.start, self.move_before(splices.start))
            ..shifted(hull.end, self.move_before(splices.end));
        let first = spots.iter().find_map(|spot| spot.torn.as_ref().map(|torn| torn.cause));
        let (anchor, parts) = self.anchor(spots, &hull, hunks);
        let marks = self.marks(spots, &hull, splices);
        debug_assert_eq!(marks.len(), len(&at) as usize, "one mark for each line");
        Spot { at, marks, parts, torn: Some(Torn { anchor, cause: first.unwrap_or(self.cause) }) }
    }

    /// What stood in the hull when its spots were calm, and the hunks in it.
    fn anchor(&self, spots: &[Spot], hull: &Range<u32>, hunks: &[Hunk]) -> (Lines, Vec<Part>) {
        if let [only] = spots
            && only.at == *hull
        {
            return (only.anchor(hunks), only.parts.clone());
        }
        let (mut blocks, mut parts, mut cursor, mut lines) = (Vec::new(), Vec::new(), hull.start, 0);
        for spot in spots {
            let between = Lines::of_rope(self.before, cursor..spot.at.start);
            lines += between.len();
            parts.extend(
                spot.parts
                    .iter()
                    .map(|part| Part { at: part.at.start + lines..part.at.end + lines, ..part.clone() }),
            );
            let anchor = spot.anchor(hunks);
            lines += anchor.len();
            blocks.extend([between, anchor]);
            cursor = spot.at.end;
        }
        blocks.push(Lines::of_rope(self.before, cursor..hull.end));
        (blocks.iter().flat_map(Lines::iter).collect(), parts)
    }

    /// The marks of the hull after the change: what was replaced has none.
    fn marks(&self, spots: &[Spot], hull: &Range<u32>, splices: &Range<usize>) -> Vec<Option<Mark>> {
        let mut before = vec![None; len(hull) as usize];
        for spot in spots {
            let start = (spot.at.start - hull.start) as usize;
            before.iter_mut().skip(start).zip(&spot.marks).for_each(|(to, mark)| *to = *mark);
        }
        let (mut marks, mut cursor) = (Vec::with_capacity(before.len()), 0);
        for splice in self.splices.get(splices.clone()).unwrap_or_default() {
            let at = |line: u32| (line - hull.start) as usize;
            marks.extend_from_slice(before.get(cursor..at(splice.lines.start)).unwrap_or_default());
            marks.extend(std::iter::repeat_n(None, len(&splice.with) as usize));
            cursor = at(splice.lines.end);
        }
        marks.extend_from_slice(before.get(cursor..).unwrap_or_default());
        marks
    }
}

/// Rules 1 to 3 of the module.
fn touches(lines: &Range<u32>, at: &Range<u32>) -> bool {
    match (lines.is_empty(), at.is_empty()) {
        (false, false) => lines.start < at.end && at.start < lines.end,
        (true, false) => at.start < lines.start && lines.start < at.end,
        (false, true) => lines.start < at.start && at.start < lines.end,
        (true, true) => lines.start == at.start,
    }
}
