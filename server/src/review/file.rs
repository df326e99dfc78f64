//! The review of one text: its hunks against what the user has in the editor now.
//!
//! Invariants
//! - A waiting hunk's lines in the live text equal its `old`, and its `new` fits there line by line.
//! - `spots` are in the order of the text and do not overlap. A hunk in no spot is rejected.
//! - Nothing here changes the live text: [`ReviewedFile::accept`] only says what to replace.
//!
//! Several tasks on one text have a `ReviewedFile` each. Accepting a hunk of one is a change by
//! [`Author::Task`] for the others.

use std::collections::HashSet;
use std::ops::Range;

use ropey::Rope;

use super::edit::LineEdit;
use super::follow::Change;
use super::history::History;
use super::lines::{Lines, SplitLines as _, fits, fitting, number, slice};
use super::splice::{Splice, refined, splices};
use super::spot::{Cause, Spot, Standing, Torn, shifted};
use super::{Author, Hunk, HunkId, State, TextChange};

/// See the module.
///
/// ```
/// use ropey::Rope;
/// use vouchsafe::review::{Author, HunkId, LineEdit, ReviewedFile, Selection, State, TextChange};
///
/// // The task saw `a b c` and proposes `A b C`; every line was made by its step 4.
/// let change = TextChange::new(HunkId { task: 1, hunk: 1 }, "a\nb\nc\n", "A\nb\nC\n", &|_| vec![4]);
/// let mut file = ReviewedFile::new(&change, &Rope::from_str("a\nb\nc\n"));
///
/// // The user types a line on top, then accepts all: the editor applies the edits and tells the text.
/// let text = Rope::from_str("mine\na\nb\nc\n");
/// file.edited(0..0, 1, &text, Author::User);
/// let edits = file.accept(&Selection::All);
/// let after = LineEdit::apply(&edits, &text);
/// assert!(file.applied(&edits, &after));
/// // Another task's review of the same file is told: `other.spliced(&LineEdit::splices(&edits), &after, Author::Task)`.
///
/// assert_eq!(after, "mine\nA\nb\nC\n");
/// assert!(file.hunks().all(|view| view.state == State::Accepted));
/// assert_eq!(file.origin(1).map(|(id, cites)| (id.to_string(), cites[0].step)), Some(("1.1".to_owned(), 4)));
/// assert_eq!(file.origin(0), None);
/// ```
#[derive(Debug, Clone)]
pub struct ReviewedFile {
    pub(super) text: Rope,
    pub(super) hunks: Vec<Hunk>,
    pub(super) spots: Vec<Spot>,
    history: History,
}

/// Which waiting hunks to accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All that wait without a conflict.
    All,
    /// Those of them.
    Hunks(Vec<HunkId>),
}

/// How to settle a conflict in favour of the task; [`ReviewedFile::reject`] settles it in favour of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The task's lines instead of the user's.
    Theirs,
    /// The user's lines, then the task's: only where both inserted at the same gap.
    Both,
}

impl ReviewedFile {
    /// Starts the review of `change` against the live text, which may differ from what the task saw: the user's
    /// edits since then are carried over the hunks as if they were typed now.
    #[must_use]
    pub fn new(change: &TextChange, current: &Rope) -> Self {
        Self::started(change, current, |_| State::Pending, Cause::WhileRunning)
    }

    /// Takes a review up again, after a restart or a reopened file: `state_of` tells how each hunk stood, and what
    /// the text has become since is told from the text. Conflicts need not be told; they show.
    #[must_use]
    pub fn resumed(change: &TextChange, current: &Rope, state_of: impl Fn(HunkId) -> State) -> Self {
        Self::started(change, current, state_of, Cause::WhileWaiting(Author::User))
    }

    fn started(
        change: &TextChange,
        current: &Rope,
        state_of: impl Fn(HunkId) -> State,
        cause: Cause,
    ) -> Self {
        let (before, hunks) = without_mark(change, current);
        let (mut spots, mut landed, mut moved) = (Vec::new(), Vec::new(), 0);
        for (nth, hunk) in hunks.iter().enumerate() {
            let standing = match state_of(hunk.id) {
                State::Rejected => continue,
                State::Pending | State::Conflicted => Standing::Pending,
                State::Accepted | State::Edited => Standing::Landed(Author::User),
                State::Superseded => Standing::Landed(Author::Task),
            };
            spots.push(Spot::calm(&hunks, nth, standing, shifted(hunk.base.start, moved)));
            if standing != Standing::Pending {
                landed.push(LineEdit::of(hunk, hunk.base.clone()));
                moved += i64::from(hunk.new.len()) - i64::from(hunk.old.len());
            }
        }
        let text = LineEdit::apply(&landed, &Rope::from_str(before));
        let mut file = Self { spots, hunks, text, history: History::default() };
        let typed = splices(&file.text, current);
        file.follow(&typed, current, cause);
        file
    }

    /// The live text changed: `lines` of the text before became `with` lines, and `text` is the text now.
    /// A whole new text is `0..count` replaced by all its lines.
    pub fn edited(&mut self, lines: Range<u32>, with: u32, text: &Rope, by: Author) {
        let with = lines.start..lines.start.saturating_add(with);
        let splice = Splice { lines, with };
        let near = |spot: &Spot| spot.at.start <= splice.lines.end && splice.lines.start <= spot.at.end;
        let told = std::slice::from_ref(&splice);
        if self.spots.iter().any(near) && Splice::lead(told, &self.text, text) {
            self.spliced(&refined(&self.text, text, splice), text, by);
        } else {
            self.spliced(told, text, by);
        }
    }

    /// As [`Self::edited`] for several replaced ranges at once, in order, as [`splices`] gives them. Ranges that
    /// cannot have led to `text` are put aside, and the two texts are compared instead.
    pub fn spliced(&mut self, splices: &[Splice], text: &Rope, by: Author) {
        let cause = Cause::WhileWaiting(by);
        if Splice::lead(splices, &self.text, text) {
            self.follow(splices, text, cause);
        } else {
            self.follow(&super::splices(&self.text, text), text, cause);
        }
    }

    fn follow(&mut self, splices: &[Splice], text: &Rope, cause: Cause) {
        let change = Change::new(&self.text, text, splices, cause);
        let before = self.history.spots_of(text, splices, &self.spots);
        let window = change.window(&self.spots);
        let near = self.spots.get(window.clone()).unwrap_or_default();
        let hits = change.hits(near, &self.hunks);
        if before.is_some() || hits.iter().zip(near).any(|(hit, spot)| change.stirs(spot, hit)) {
            self.history.keep(&self.text, &self.spots);
        }
        if let Some(spots) = before {
            self.spots = spots;
        } else {
            let near = self.spots.splice(window.clone(), []).collect();
            let near = change.follow(near, hits, &self.hunks);
            self.spots.iter_mut().skip(window.start).for_each(|spot| spot.shift(change.shift()));
            self.spots.splice(window.start..window.start, near);
        }
        self.text = text.clone();
    }

    /// The edits that accept the selected hunks. Hunks in conflict, settled and unknown ones are left out.
    #[must_use]
    pub fn accept(&self, which: &Selection) -> Vec<LineEdit> {
        let waiting = self.spots.iter().filter_map(|spot| Some((spot, self.hunks.get(spot.waiting()?)?)));
        let ids = match which {
            Selection::All => None,
            Selection::Hunks(ids) => Some(ids.iter().copied().collect::<HashSet<_>>()),
        };
        let chosen = |hunk: &Hunk| ids.as_ref().is_none_or(|ids| ids.contains(&hunk.id));
        // Were an edit told wrongly, its lines would not be what the spots say: then nothing may be replaced.
        let stands = |spot: &Spot, hunk: &Hunk| slice(&self.text, spot.at.clone()) == hunk.old.text();
        let ready = waiting.filter(|(spot, hunk)| chosen(hunk) && stands(spot, hunk));
        let edits = ready.map(|(spot, hunk)| LineEdit::of(hunk, spot.at.clone()));
        LineEdit::apart(edits.collect(), &self.text)
    }

    /// The edit that settles a conflict in favour of the task; `None` if the hunk is in no conflict, or has no
    /// such resolution (the lines would run into those around them).
    #[must_use]
    pub fn resolve(&self, id: HunkId, how: Resolution) -> Option<LineEdit> {
        let spot = self.conflict_spot(id)?;
        let mine = String::from(slice(&self.text, spot.at.clone()));
        let theirs = spot.proposed(&self.hunks).0;
        let whole = match how {
            Resolution::Theirs => theirs.text().to_owned(),
            Resolution::Both if !spot.anchor(&self.hunks).is_empty() => return None,
            Resolution::Both => {
                let between = fitting(&Rope::from_str(&mine), &(u32::MAX..u32::MAX), theirs.text()).0;
                [&mine, between, theirs.text()].concat()
            }
        };
        let first = spot.parts.iter().find(|part| part.standing == Standing::Pending)?;
        let edit = LineEdit {
            hunk: self.hunks.get(first.hunk)?.id,
            lines: spot.at.clone(),
            new_text: whole,
            old_text: mine,
        };
        let edit = edit.fitted(&self.text);
        let above = edit.lines.start..spot.at.start;
        let shared = above.into_iter().any(|line| self.spots.iter().any(|other| other.at.contains(&line)));
        let sound = !shared && LineEdit::stay_apart(std::slice::from_ref(&edit), &self.text);
        sound.then_some(edit)
    }

    /// The live text is now what `edits` (from [`Self::accept`] or [`Self::resolve`] of this very state) make
    /// of it: their hunks are accepted, with exact lines. Answers whether that was so; if the text is another one,
    /// what happened is told from the text alone, as for any edit.
    pub fn applied(&mut self, edits: &[LineEdit], text: &Rope) -> bool {
        let expected = LineEdit::apply(edits, &self.text) == *text;
        if !expected {
            let typed = splices(&self.text, text);
            self.spliced(&typed, text, Author::User);
            return false;
        }
        self.history.keep(&self.text, &self.spots);
        let mut moved = 0;
        let mut left = edits.iter().peekable();
        let mut after = Vec::with_capacity(self.spots.len());
        for spot in std::mem::take(&mut self.spots) {
            let edit = left.next_if(|edit| self.settles(edit, &spot));
            let above = edit.map_or(0, |edit| spot.at.start.saturating_sub(edit.lines.start));
            let mut spot = spot;
            spot.shift(moved);
            match edit {
                Some(edit) => {
                    let splice = LineEdit::splices(std::slice::from_ref(edit));
                    moved += splice.iter().map(Splice::shift).sum::<i64>();
                    after.extend(self.landed(spot, edit, above, text));
                }
                None => after.push(spot),
            }
        }
        self.text = text.clone();
        self.spots = after.into_iter().map(|spot| self.fitting(spot)).collect();
        true
    }

    /// The same spot, torn if its waiting hunk no longer fits because its neighbour was accepted.
    fn fitting(&self, mut spot: Spot) -> Spot {
        let waiting = spot.waiting().and_then(|hunk| self.hunks.get(hunk));
        if let Some(hunk) = waiting.filter(|hunk| !fits(&self.text, &spot.at, &hunk.new)) {
            spot.torn = Some(Torn { anchor: hunk.old.clone(), cause: Cause::RunsTogether });
        }
        spot
    }

    fn settles(&self, edit: &LineEdit, spot: &Spot) -> bool {
        let first = spot.parts.iter().find(|part| part.standing == Standing::Pending);
        first.and_then(|part| self.hunks.get(part.hunk)).is_some_and(|hunk| hunk.id == edit.hunk)
    }

    /// A spot whose edit, which took in `above` lines above it, is in the text.
    fn landed(&self, spot: Spot, edit: &LineEdit, above: u32, text: &Rope) -> Vec<Spot> {
        if let Some(hunk) = spot.waiting() {
            return vec![Spot::calm(&self.hunks, hunk, Standing::Landed(Author::User), spot.at.start)];
        }
        let (anchor, parts) = spot.proposed(&self.hunks);
        let count = edit.new_text.split_lines().count().saturating_sub(above as usize);
        let torn = spot.torn.map(|torn| Torn { anchor, ..torn });
        let at = spot.at.start..spot.at.start + number(count);
        Spot { at, marks: vec![None; count], parts, torn }.restored(&self.hunks, text)
    }

    /// The user does not want a waiting hunk, or keeps their own lines in a conflict; that settles all hunks of
    /// the conflict. Answers the hunks that are rejected by it: none if it does not wait.
    pub fn reject(&mut self, id: HunkId) -> Vec<HunkId> {
        let ids = self.together(id);
        let is_it = |spot: &Spot| spot.parts.iter().any(|part| self.id_of(part.hunk) == Some(id));
        if let Some(nth) =
            self.spots.iter().position(|spot| spot.is_open() && is_it(spot)).filter(|_| !ids.is_empty())
        {
            let spot = self.spots.remove(nth);
            self.spots.splice(nth..nth, spot.only(|part| part.standing != Standing::Pending));
        }
        ids
    }

    /// Rejects all that waits, conflicts included.
    pub fn reject_all(&mut self) -> Vec<HunkId> {
        let parts = self.spots.iter().flat_map(|spot| &spot.parts);
        let open = parts.filter(|part| part.standing == Standing::Pending);
        let ids = open.filter_map(|part| self.id_of(part.hunk)).collect();
        let settled = |spot: Spot| spot.only(|part| part.standing != Standing::Pending);
        self.spots = std::mem::take(&mut self.spots).into_iter().filter_map(settled).collect();
        ids
    }

    pub(super) fn id_of(&self, hunk: usize) -> Option<HunkId> {
        self.hunks.get(hunk).map(|hunk| hunk.id)
    }

    pub(super) fn conflict_spot(&self, id: HunkId) -> Option<&Spot> {
        let has = |spot: &Spot| {
            spot.parts
                .iter()
                .any(|part| part.standing == Standing::Pending && self.id_of(part.hunk) == Some(id))
        };
        self.spots.iter().find(|spot| spot.torn.is_some() && has(spot))
    }
}

/// The text that the task saw and the hunks, without the byte order mark if the editor keeps that to itself.
fn without_mark<'a>(change: &'a TextChange, current: &Rope) -> (&'a str, Vec<Hunk>) {
    const MARK: char = '\u{feff}';
    let shown = current.get_char(0) == Some(MARK);
    let Some(before) = change.before.strip_prefix(MARK).filter(|_| !shown) else {
        return (&change.before, change.hunks.clone());
    };
    let plain = |lines: &Lines| Lines::of(lines.text().strip_prefix(MARK).unwrap_or(lines.text()));
    let hunks = change.hunks.iter().map(|hunk| match hunk.base.start {
        0 => Hunk { old: plain(&hunk.old), new: plain(&hunk.new), ..hunk.clone() },
        _ => hunk.clone(),
    });
    (before, hunks.filter(|hunk| hunk.old != hunk.new).collect())
}
