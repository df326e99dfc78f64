//! Outlines of open documents, read in the background when somebody asks what can be done at a place.
//!
//! Invariants
//! - A change of a text costs a few numbers here, whatever the size of the file; nothing is parsed for it.
//! - One reading at a time for a document, and at most a fifth of the time is spent reading one.
//! - An outline may be older than the text: its lines are carried over the changes since, so that what is offered is
//!   about the lines that the user sees.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ropey::Rope;

use super::Session;
use super::document::DocumentId;
use super::state::State;
use crate::review::Splice;
use crate::syntax::{Language, Outline, outline};
use crate::task::TaskKind;

/// How long reading one text may take.
pub(super) const READ_WITHIN: Duration = Duration::from_secs(5);
/// How long after the first reading of a document began a question waits for it.
const FIRST_WAIT: Duration = Duration::from_millis(300);
/// How long a question waits for an outline of the newest text, where that is quick.
const FRESH_WAIT: Duration = Duration::from_millis(4);
/// What quick is: the last reading took no longer.
const QUICK: Duration = Duration::from_millis(2);
/// How long after a reading the next one begins, in multiples of what the last one took.
const REST: u32 = 4;
/// The most changes that are carried; after more the outline is forgotten.
const CHANGES_MAX: usize = 20_000;

/// What is known of one document.
#[derive(Default)]
pub(super) struct Known {
    outline: Option<Arc<Outline>>,
    /// What has changed since the outline's text.
    since: Vec<Splice>,
    reading: Option<Reading>,
    /// How long the last reading took, and when it ended.
    last: Option<(Duration, Instant)>,
    /// Whether too much has changed since for the outline to be of use.
    lost: bool,
}

/// A text that is being read.
struct Reading {
    /// Which, among all of the session: a document that was opened again has a new text.
    ticket: u64,
    /// When it began.
    began: Instant,
    /// What has changed since.
    since: Vec<Splice>,
}

/// An outline, and how its lines stand to those of the text.
pub(super) struct Outlined<'a> {
    pub(super) outline: &'a Outline,
    since: &'a [Splice],
}

impl Known {
    fn changed(&mut self, splices: &[Splice]) {
        if self.outline.is_some() {
            self.since.extend_from_slice(splices);
        }
        if let Some(reading) = &mut self.reading {
            reading.since.extend_from_slice(splices);
        }
        self.forget_if_long();
    }

    fn forget_if_long(&mut self) {
        if self.since.len() > CHANGES_MAX {
            self.outline = None;
            self.since = Vec::new();
            self.lost = true;
        }
    }

    fn read(&mut self, ticket: u64, outline: Option<Outline>, took: Duration) {
        let Some(reading) = self.reading.take_if(|reading| reading.ticket == ticket) else { return };
        self.since = reading.since;
        self.outline = outline.map(Arc::new);
        self.last = Some((took, Instant::now()));
        self.lost = false;
        self.forget_if_long();
    }

    fn is_fresh(&self) -> bool {
        self.last.is_some() && !self.lost && self.since.is_empty()
    }

    fn is_due(&self) -> bool {
        self.reading.is_none() && self.last.is_none_or(|(took, ended)| ended.elapsed() >= took * REST)
    }

    fn patience(&self) -> Duration {
        match self.last {
            // However long it takes: nobody waits longer than that after its begin.
            None => self
                .reading
                .as_ref()
                .map_or(Duration::ZERO, |reading| FIRST_WAIT.saturating_sub(reading.began.elapsed())),
            Some((took, _)) if took <= QUICK => FRESH_WAIT,
            Some(_) => Duration::ZERO,
        }
    }

    pub(super) fn outlined(&self) -> Option<Outlined<'_>> {
        let outline = self.outline.as_deref()?;
        Some(Outlined { outline, since: &self.since })
    }
}

impl Outlined<'_> {
    /// Whether the outline is that of the newest text.
    pub(super) fn is_fresh(&self) -> bool {
        self.since.is_empty()
    }

    /// Some lines of the newest text as they were in the outline's.
    pub(super) fn back(&self, lines: &Range<u32>) -> Range<u32> {
        let back = |line| {
            self.since.iter().rev().fold(line, |line, splice| moved(line, &splice.with, &splice.lines))
        };
        let start = back(lines.start);
        start..back(lines.end.saturating_sub(1)).max(start) + 1
    }

    /// Some lines of the outline's text as they are in the newest.
    pub(super) fn now(&self, lines: &Range<u32>) -> Range<u32> {
        let now =
            |line| self.since.iter().fold(line, |line, splice| moved(line, &splice.lines, &splice.with));
        let start = now(lines.start);
        start..now(lines.end.saturating_sub(1)).max(start) + 1
    }
}

/// Where a line stands when the lines `old` have become `new`.
fn moved(line: u32, old: &Range<u32>, new: &Range<u32>) -> u32 {
    if line >= old.end {
        new.end.saturating_add(line - old.end)
    } else if line >= old.start {
        new.start.saturating_add(line - old.start).min(new.end.saturating_sub(1)).max(new.start)
    } else {
        line
    }
}

impl State {
    /// Carries what is known of a document over a change of its text.
    pub(super) fn note_change(&mut self, id: &DocumentId, splices: &[Splice]) {
        if let Some(known) = self.outlines.get_mut(id) {
            known.changed(splices);
        }
    }

    /// The text to read next, if there is one to read, and how long to wait for an outline.
    fn due_for_reading(&mut self, id: &DocumentId) -> (Option<(u64, Language, Rope)>, Duration) {
        let Some(document) = self.documents.get(id) else { return (None, Duration::ZERO) };
        let path = id.path().and_then(|path| path.to_str());
        let Some(language) = Language::of(&document.language, path) else { return (None, Duration::ZERO) };
        let ticket = self.next_reading;
        let known = self.outlines.entry(id.clone()).or_default();
        if known.is_fresh() {
            return (None, Duration::ZERO);
        }
        let due = known.is_due();
        if due {
            self.next_reading += 1;
            known.reading = Some(Reading { ticket, began: Instant::now(), since: Vec::new() });
        }
        (due.then(|| (ticket, language, document.text.clone())), known.patience())
    }
}

impl Session {
    /// Sees to it that what stands around a place is known, as far as that takes no longer than a question may.
    ///
    /// Does nothing where no task could be offered anyway.
    pub async fn look_around(&self, id: &DocumentId) {
        let Some(folder) = self.known_folder_of(id) else { return };
        if !TaskKind::ALL.into_iter().any(|kind| folder.has_model(kind)) {
            return;
        }
        let mut readings = self.readings.subscribe();
        let mut deadline = None;
        loop {
            let (text, patience) = self.state().due_for_reading(id);
            if let Some((ticket, language, text)) = text {
                self.read_outline(id.clone(), ticket, language, text);
            }
            let until = *deadline.get_or_insert_with(|| tokio::time::Instant::now() + patience);
            let waits = patience > Duration::ZERO;
            if !waits || !matches!(tokio::time::timeout_at(until, readings.changed()).await, Ok(Ok(()))) {
                return;
            }
        }
    }

    fn read_outline(&self, id: DocumentId, ticket: u64, language: Language, text: Rope) {
        let Some(session) = self.itself.upgrade() else { return };
        tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let outline = outline(language, &text, begun + READ_WITHIN);
            if let Some(known) = session.state().outlines.get_mut(&id) {
                known.read(ticket, outline, begun.elapsed());
            }
            session.readings.send_modify(|count| *count = count.wrapping_add(1));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_carried_over_changes_and_back() {
        let (outline, since) = (
            Outline::default(),
            [
                Splice { lines: 2..2, with: 2..5 },
                Splice { lines: 10..14, with: 10..11 },
                Splice { lines: 0..1, with: 0..1 },
            ],
        );
        let outlined = Outlined { outline: &outline, since: &since };
        assert!(!outlined.is_fresh());
        for (old, new) in [(0..1, 0..1), (2..4, 5..7), (7..11, 10..11), (12..20, 12..20), (11..12, 11..12)] {
            assert_eq!(outlined.now(&old), new, "{old:?}");
        }
        assert_eq!(outlined.back(&(5..7)), 2..4);
        assert_eq!(outlined.back(&(3..4)), 2..3, "a new line is asked about where it came");
        assert_eq!(outlined.back(&(12..20)), 12..20);
    }

    #[test]
    fn what_changes_while_it_is_read_is_carried_too() {
        let mut known = Known::default();
        assert!(known.is_due() && !known.is_fresh());
        known.reading = Some(Reading { ticket: 7, began: Instant::now(), since: Vec::new() });
        assert!(!known.is_due());
        known.read(6, Some(Outline::default()), Duration::ZERO);
        assert!(known.outlined().is_none(), "that was another text");
        let splice = Splice { lines: 0..0, with: 0..1 };
        known.changed(std::slice::from_ref(&splice));
        known.read(7, Some(Outline::default()), Duration::from_secs(1));
        assert_eq!(known.outlined().unwrap().now(&(3..4)), 4..5);
        assert!(!known.is_fresh() && !known.is_due(), "it rests after a long reading");
        assert_eq!(known.patience(), Duration::ZERO);
        known.changed(&vec![splice; CHANGES_MAX]);
        assert!(known.outlined().is_none());
        assert!(!known.is_fresh(), "it is to be read again");
    }
}
