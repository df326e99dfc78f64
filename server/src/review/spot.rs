//! A place in the live text where hunks stand, and what its content says about them.
//!
//! A *calm* spot holds one hunk, and the text there is exactly that hunk's `old` or `new`. When its lines are
//! touched it becomes *torn*: it remembers the text that stood there (the *anchor*) with the hunks in it, and after
//! every further change the content decides. If it is the anchor again, with any of its hunks swapped for their
//! other side, the spot falls apart into calm ones; else it stays torn.
//!
//! Invariants
//! - `marks` has one entry for each line of `at`.
//! - The hunks of a torn spot are settled together: a touched region that covers two hunks is one conflict.

use std::ops::Range;

use ropey::Rope;

use super::lines::{Lines, fits, len, number, slice};
use super::{Author, Hunk, State};

/// More lines than this are compared as a whole only, not searched for a piece that settles the spot.
const SEARCHED_LINES_MAX: u32 = 500;
/// With more hunks than this in one torn spot, only the likely combinations of them are compared.
const COMBINED_PARTS_MAX: usize = 6;

/// Which side of a hunk the text (or the anchor) holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// `old`: the hunk waits.
    Pending,
    /// `new`: the user accepted it or typed the same, or another task did the same.
    Landed(Author),
}

/// One hunk of a spot.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Its place in the list of the file's hunks.
    pub(super) hunk: usize,
    /// Where it stands in the anchor, or in the spot if that is calm.
    pub(super) at: Range<u32>,
    /// Which side of it stands there.
    pub(super) standing: Standing,
}

/// The hunk line that a line of the text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The hunk's place in the list of the file's hunks.
    pub(super) hunk: u32,
    /// The line of its `new`.
    pub(super) line: u32,
}

/// What tore a spot first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Edits that the user made before the task ended.
    WhileRunning,
    /// Edits after that.
    WhileWaiting(Author),
    /// A hunk beside it was accepted, and the lines of both would run together.
    RunsTogether,
}

impl Cause {
    pub(super) fn author(self) -> Author {
        match self {
            Self::WhileRunning | Self::RunsTogether => Author::User,
            Self::WhileWaiting(author) => author,
        }
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::WhileRunning => "You changed these lines while the task was running.",
            Self::RunsTogether => {
                "This change would run into the accepted line beside it, which has no line end of its own."
            }
            Self::WhileWaiting(Author::User) => "You changed these lines while the change waited for review.",
            Self::WhileWaiting(Author::Task) => "An accepted change of another task stands on these lines.",
        }
    }
}

/// What a torn spot remembers.
#[derive(Debug, Clone)]
pub(super) struct Torn {
    pub(super) anchor: Lines,
    pub(super) cause: Cause,
}

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Its lines in the live text.
    pub(super) at: Range<u32>,
    pub(super) marks: Vec<Option<Mark>>,
    pub(super) parts: Vec<Part>,
    pub(super) torn: Option<Torn>,
}

impl Spot {
    /// A spot that holds one side of one hunk at line `start`.
    pub(super) fn calm(hunks: &[Hunk], hunk: usize, standing: Standing, start: u32) -> Self {
        let lines = hunks.get(hunk).map_or(0, |hunk| side(hunk, standing).len());
        let mark = |line| {
            matches!(standing, Standing::Landed(Author::User)).then(|| Mark { hunk: number(hunk), line })
        };
        Self {
            at: start..start + lines,
            marks: (0..lines).map(mark).collect(),
            parts: vec![Part { hunk, at: 0..lines, standing }],
            torn: None,
        }
    }

    /// Moves it.
    pub(super) fn shift(&mut self, by: i64) {
        self.at = shifted(self.at.start, by)..shifted(self.at.end, by);
    }

    /// The hunk of a calm spot that waits.
    pub(super) fn waiting(&self) -> Option<usize> {
        let part =
            self.parts.first().filter(|part| self.torn.is_none() && part.standing == Standing::Pending)?;
        Some(part.hunk)
    }

    /// Whether a hunk waits for the user here, be it in a conflict.
    pub(super) fn is_open(&self) -> bool {
        self.parts.iter().any(|part| part.standing == Standing::Pending)
    }

    /// What stood here when it was last calm.
    pub(super) fn anchor(&self, hunks: &[Hunk]) -> Lines {
        let calm =
            || self.parts.first().and_then(|part| Some(side(hunks.get(part.hunk)?, part.standing).clone()));
        self.torn.as_ref().map(|torn| torn.anchor.clone()).or_else(calm).unwrap_or_else(|| Lines::of(""))
    }

    /// The anchor with every waiting hunk carried out: what the task proposes for this place.
    pub(super) fn proposed(&self, hunks: &[Hunk]) -> (Lines, Vec<Part>) {
        let anchor = self.anchor(hunks);
        Swapped { anchor: &anchor, parts: &self.parts, hunks, choice: Choice::Pending }.build(Author::User)
    }

    /// How the review of one of its hunks stands.
    pub(super) fn state(&self, part: &Part) -> State {
        match (part.standing, &self.torn) {
            (Standing::Pending, None) => State::Pending,
            (Standing::Pending, Some(_)) => State::Conflicted,
            (Standing::Landed(Author::Task), _) => State::Superseded,
            (Standing::Landed(Author::User), None) => State::Accepted,
            (Standing::Landed(Author::User), Some(_)) => State::Edited,
        }
    }

    /// What is left of it when only some of its hunks stay.
    pub(super) fn only(mut self, stays: impl Fn(&Part) -> bool) -> Option<Self> {
        self.parts.retain(stays);
        (!self.parts.is_empty()).then_some(self)
    }

    /// Lets the content decide: the calm spots it falls into, or itself, still torn.
    pub(super) fn settled(self, hunks: &[Hunk], text: &Rope, by: Author) -> Vec<Self> {
        let choices = choices(self.parts.len()).collect::<Vec<_>>();
        self.settled_as(&choices, hunks, text, by)
    }

    /// As [`Self::settled`], but only the anchor itself settles it.
    pub(super) fn restored(self, hunks: &[Hunk], text: &Rope) -> Vec<Self> {
        self.settled_as(&[Choice::Bits(0)], hunks, text, Author::User)
    }

    fn settled_as(self, choices: &[Choice], hunks: &[Hunk], text: &Rope, by: Author) -> Vec<Self> {
        let Some(torn) = &self.torn else { return vec![self] };
        let region = Region::new(text, &self.at);
        for search in [Search::Whole, Search::Piece, Search::Ends] {
            for choice in choices.iter().copied() {
                let swapped = Swapped { anchor: &torn.anchor, parts: &self.parts, hunks, choice };
                let calm = swapped.found(&region, search).and_then(|found| swapped.calm(text, &found, by));
                if let Some(spots) = calm {
                    return spots;
                }
            }
        }
        vec![self]
    }
}

/// Which hunks of a torn spot are swapped for their other side.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Bits(u32),
    Pending,
    Landed,
}

impl Choice {
    fn is_likely(self) -> bool {
        matches!(self, Self::Bits(0) | Self::Pending | Self::Landed)
    }

    fn swaps(self, nth: usize, part: &Part) -> bool {
        match self {
            Self::Bits(bits) => nth < COMBINED_PARTS_MAX && bits >> nth & 1 == 1,
            Self::Pending => part.standing == Standing::Pending,
            Self::Landed => part.standing != Standing::Pending,
        }
    }
}

/// What to compare with, likeliest first: nothing swapped (an undo), all that waits (done by hand), and so on.
fn choices(parts: usize) -> impl Iterator<Item = Choice> {
    let combined = if parts <= COMBINED_PARTS_MAX { 1u32 << parts } else { 1 };
    [Choice::Bits(0), Choice::Pending, Choice::Landed].into_iter().chain((1..combined).map(Choice::Bits))
}

/// The lines of a torn spot as they are now, with the sizes that rule out most comparisons.
struct Region<'a> {
    text: &'a Rope,
    at: Range<u32>,
    bytes: usize,
}

impl<'a> Region<'a> {
    fn new(text: &'a Rope, at: &Range<u32>) -> Self {
        Self { text, at: at.clone(), bytes: slice(text, at.clone()).len_bytes() }
    }
}

/// An anchor with some of its hunks swapped.
struct Swapped<'a> {
    anchor: &'a Lines,
    parts: &'a [Part],
    hunks: &'a [Hunk],
    choice: Choice,
}

impl Swapped<'_> {
    /// Where it stands in the region.
    fn found(&self, region: &Region<'_>, search: Search) -> Option<Found> {
        let (lines, bytes) = self.size();
        let there = i64::from(len(&region.at));
        let possible = match search {
            Search::Whole => lines == there && bytes == signed(region.bytes),
            Search::Piece => lines > 0 && lines < there && bytes < signed(region.bytes),
            Search::Ends => lines > 0 && there > 0 && self.has_lines_around() && self.choice.is_likely(),
        };
        let short = there.max(lines) <= i64::from(SEARCHED_LINES_MAX);
        if !possible || !(short || search == Search::Whole) {
            return None;
        }
        let (wanted, there) = (self.build(Author::User).0, Lines::of_rope(region.text, region.at.clone()));
        let (wanted, there) = (wanted.iter().collect::<Vec<_>>(), there.iter().collect::<Vec<_>>());
        let start = region.at.start;
        match search {
            Search::Whole => (wanted == there).then_some(Found::Piece { start }),
            Search::Piece => only_piece(&wanted, &there).map(|at| Found::Piece { start: start + at }),
            Search::Ends => Some(Found::ends(&wanted, &there, &region.at)),
        }
    }

    /// Whether it has lines besides those of one hunk.
    fn has_lines_around(&self) -> bool {
        self.parts.iter().all(|part| len(&part.at) < self.anchor.len())
    }

    /// Its lines and bytes.
    fn size(&self) -> (i64, i64) {
        let mut size = (i64::from(self.anchor.len()), signed(self.anchor.text().len()));
        for (_, part) in self.parts.iter().enumerate().filter(|(nth, part)| self.choice.swaps(*nth, part)) {
            let Some(hunk) = self.hunks.get(part.hunk) else { continue };
            let (is, would) = (side(hunk, part.standing), side(hunk, other(part.standing, Author::User)));
            size.0 += i64::from(would.len()) - i64::from(is.len());
            size.1 += signed(would.text().len()) - signed(is.text().len());
        }
        size
    }

    /// Its lines, and its hunks where they stand in them.
    fn build(&self, by: Author) -> (Lines, Vec<Part>) {
        let anchor = self.anchor.iter().collect::<Vec<_>>();
        let piece = |from: u32, to: u32| anchor.get(from as usize..to as usize).unwrap_or_default();
        let (mut lines, mut parts, mut cursor) = (Vec::<&str>::new(), Vec::new(), 0);
        for (nth, part) in self.parts.iter().enumerate() {
            lines.extend(piece(cursor, part.at.start));
            let start = number(lines.len());
            let swaps = self.choice.swaps(nth, part);
            let standing = if swaps { other(part.standing, by) } else { part.standing };
            if let Some(hunk) = self.hunks.get(part.hunk).filter(|_| swaps) {
                lines.extend(side(hunk, standing).iter());
            } else {
                lines.extend(piece(part.at.start, part.at.end));
            }
            parts.push(Part { hunk: part.hunk, at: start..number(lines.len()), standing });
            cursor = part.at.end;
        }
        lines.extend(piece(cursor, self.anchor.len()));
        (lines.into_iter().collect(), parts)
    }

    /// Its hunks as calm spots, unless one was not found or waits where it would not fit.
    fn calm(&self, text: &Rope, found: &Found, by: Author) -> Option<Vec<Spot>> {
        let (_, parts) = self.build(by);
        let spots = parts.iter().map(|part| {
            let spot = Spot::calm(self.hunks, part.hunk, part.standing, found.start_of(&part.at)?);
            let waits = spot.waiting().and_then(|hunk| self.hunks.get(hunk));
            waits.is_none_or(|hunk| fits(text, &spot.at, &hunk.new)).then_some(spot)
        });
        spots.collect()
    }
}

/// What of a region is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    /// All of it.
    Whole,
    /// Exactly one piece of it: the user wrote more around.
    Piece,
    /// Its begin and its end: the user wrote something else between, and no hunk is in there.
    Ends,
}

/// Where the wanted lines stand.
enum Found {
    Piece { start: u32 },
    Ends { head: u32, tail: u32, wanted: u32, region: Range<u32> },
}

impl Found {
    fn ends(wanted: &[&str], there: &[&str], region: &Range<u32>) -> Self {
        let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
        let head = wanted.iter().zip(there).take_while(same).count();
        let room = wanted.len().min(there.len()) - head;
        let tail = wanted.iter().rev().zip(there.iter().rev()).take(room).take_while(same).count();
        let (head, tail, wanted) = (number(head), number(tail), number(wanted.len()));
        Self::Ends { head, tail, wanted, region: region.clone() }
    }

    /// The line of the text where some wanted lines begin. No lines are found only with all around them.
    fn start_of(&self, part: &Range<u32>) -> Option<u32> {
        match self {
            Self::Piece { start } => Some(start + part.start),
            Self::Ends { .. } if part.is_empty() => None,
            Self::Ends { head, region, .. } if part.end <= *head => Some(region.start + part.start),
            Self::Ends { tail, wanted, region, .. } => {
                (part.start >= wanted - tail).then(|| region.end - (wanted - part.start))
            }
        }
    }
}

/// Where some lines stand in others, if they do exactly once.
fn only_piece(wanted: &[&str], there: &[&str]) -> Option<u32> {
    let mut found = there.windows(wanted.len()).enumerate().filter(|(_, piece)| *piece == wanted);
    let (at, _) = found.next()?;
    found.next().is_none().then(|| number(at))
}

/// The side of a hunk that stands in the text.
pub(super) fn side(hunk: &Hunk, standing: Standing) -> &Lines {
    match standing {
        Standing::Pending => &hunk.old,
        Standing::Landed(_) => &hunk.new,
    }
}

fn other(standing: Standing, by: Author) -> Standing {
    match standing {
        Standing::Pending => Standing::Landed(by),
        Standing::Landed(_) => Standing::Pending,
    }
}

/// A line, moved.
pub(super) fn shifted(line: u32, by: i64) -> u32 {
    u32::try_from(i64::from(line) + by).unwrap_or(0)
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
