//! What a task has to say at a line besides its changes: claims with their verdicts, tests that say less than before.
//!
//! Invariants
//! - A note stands at lines of the text the user has, and moves with them as the user types.
//! - A verified claim is no diagnostic: it is in the hover, the listing and the record.
//! - Nothing accuses: a note states what the record shows.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};
use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::claim::recorded::Weakened;
use vouchsafe_evidence::log::{ClaimChecked, LineSpan, Verdict};

use super::Session;
use super::answers::{About, Finding, Offer, OfferKind, Related, Severity};
use super::document::DocumentId;
use super::outgoing::{Call, NoteArgument, Outgoing};
use super::state::State;
use crate::agent::{CheckedClaim, Place, checks_by_running};
use crate::policy::{RISKY, Risky};
use crate::review::Splice;

/// One note of a task.
pub(super) struct Note {
    pub(super) task: u64,
    /// Its number in the task.
    pub(super) number: u32,
    /// Its lines in the document it stands in.
    pub(super) lines: Range<u32>,
    /// How loud; `None` for what is no diagnostic.
    pub(super) severity: Option<Severity>,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// Where in the record it rests, with a line and a word each.
    pub(super) rests_on: Vec<Related>,
    /// The claim, if it is one.
    pub(super) claim: Option<ClaimChecked>,
}

/// What a task found out at its end, before it has a place.
pub(super) struct Found {
    pub(super) severity: Option<Severity>,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) rests_on: Vec<Related>,
    pub(super) claim: Option<ClaimChecked>,
    /// The file and the lines it is about, in the text that the task left.
    pub(super) about: Option<(WorkspacePath, Option<LineSpan>)>,
}

impl Found {
    /// A claim; `None` for one that is a matter of taste.
    pub(super) fn claim(checked: CheckedClaim, record: &Path) -> Option<Self> {
        let CheckedClaim { claim, places, .. } = checked;
        if claim.kind == "Subjective" {
            return None;
        }
        let (severity, code) = match claim.verdict {
            Verdict::Verified => (None, "claim-verified"),
            Verdict::Unverified => (Some(Severity::Warning), "claim-unverified"),
            Verdict::Contradicted => (Some(Severity::Error), "claim-contradicted"),
        };
        let place = |Place { line, text }: Place| Related { path: record.to_owned(), line, text };
        Some(Self {
            severity,
            code,
            message: in_words(&claim),
            rests_on: places.into_iter().map(place).collect(),
            about: claim.subject.as_ref().and_then(|subject| Some((subject.path.clone()?, subject.lines))),
            claim: Some(claim),
        })
    }
}

impl Found {
    /// A line that begins to use the network, processes, or code made at run time.
    pub(super) fn risky(path: &WorkspacePath, risky: &Risky, record: &Path) -> Self {
        Self {
            severity: Some(Severity::Warning),
            code: RISKY,
            message: format!("A line that this task adds {} ({})", risky.does, risky.saw),
            rests_on: vec![in_record(record)],
            claim: None,
            about: Some((path.clone(), Some(LineSpan { first: risky.line, last: risky.line }))),
        }
    }

    /// A test that says less than before.
    pub(super) fn weakened(test: &Weakened, record: &Path) -> Self {
        Self {
            severity: Some(Severity::Warning),
            code: "weakened-test",
            message: format!("The test `{}` {} by this task", test.test, test.how),
            rests_on: vec![in_record(record)],
            claim: None,
            about: Some((test.path.clone(), test.lines)),
        }
    }
}

fn in_record(record: &Path) -> Related {
    Related { path: record.to_owned(), line: 1, text: "the record of the task".to_owned() }
}

/// `“All tests pass” is not verified. No run after the last edit of src/a.rs`
fn in_words(claim: &ClaimChecked) -> String {
    let standing = match claim.verdict {
        Verdict::Verified => "is verified",
        Verdict::Unverified => "is not verified",
        Verdict::Contradicted => "does not agree with the record",
    };
    let quote: Vec<_> = claim.quote.split_whitespace().collect();
    format!("“{}” {standing}. {}", quote.join(" "), claim.because)
}

impl Note {
    /// Keeps its place over one change of the text.
    fn follow(&mut self, splices: &[Splice]) {
        let start = moved(splices, self.lines.start);
        self.lines = start..moved(splices, self.lines.end.saturating_sub(1)).max(start) + 1;
    }

    pub(super) fn is_checkable(&self) -> bool {
        self.claim
            .as_ref()
            .is_some_and(|claim| claim.verdict != Verdict::Verified && checks_by_running(&claim.kind))
    }
}

/// Where a line of the text before stands in the text after.
fn moved(splices: &[Splice], line: u32) -> u32 {
    let Some(Splice { lines: old, with: new }) =
        splices.iter().rev().find(|splice| splice.lines.start <= line)
    else {
        return line;
    };
    if line >= old.end {
        new.end + (line - old.end)
    } else {
        (new.start + (line - old.start)).min(new.end.saturating_sub(1)).max(new.start)
    }
}

impl Session {
    /// Puts down what a task found; its changes are under review already.
    pub(super) fn note(&self, task: u64, found: Vec<Found>) {
        let mut state = self.state();
        let mut shown = Vec::new();
        for (number, found) in (1..).zip(found) {
            let Some((document, lines)) = state.place(task, found.about.as_ref()) else { continue };
            let Found { severity, code, message, rests_on, claim, .. } = found;
            let note = Note { task, number, lines, severity, code, message, rests_on, claim };
            state.notes.entry(document.clone()).or_default().push(note);
            shown.push(document);
        }
        drop(state);
        shown.sort();
        shown.dedup();
        shown.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
    }

    /// Puts another note in the place of one; what is gone meanwhile stays gone.
    pub(super) fn replace_note(&self, which: &NoteArgument, found: &Found) {
        let mut state = self.state();
        let mut shown = Vec::new();
        for (document, notes) in &mut state.notes {
            let is_it = |note: &&mut Note| note.task == which.task && note.number == which.note;
            if let Some(note) = notes.iter_mut().find(is_it) {
                note.severity = found.severity;
                note.code = found.code;
                note.message.clone_from(&found.message);
                note.rests_on.clone_from(&found.rests_on);
                note.claim.clone_from(&found.claim);
                shown.push(document.clone());
            }
        }
        drop(state);
        shown.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
    }

    /// Takes a note away; the record keeps what it rests on.
    ///
    /// # Errors
    /// One sentence when it is gone already.
    pub(super) fn dismiss(&self, which: &NoteArgument) -> Result<(), String> {
        let mut state = self.state();
        let is_it = |note: &Note| note.task == which.task && note.number == which.note;
        let found = state.notes.iter_mut().find(|(_, notes)| notes.iter().any(is_it));
        let Some((document, notes)) = found else { return Err(gone()) };
        notes.retain(|note| !is_it(note));
        let document = document.clone();
        drop(state);
        self.tell(Outgoing::Refresh(document));
        Ok(())
    }

    /// Shows where in the record a note rests.
    ///
    /// # Errors
    /// One sentence when it is gone already.
    pub(super) fn show_note(&self, which: &NoteArgument) -> Result<(), String> {
        let state = self.state();
        let note = state.note(which).ok_or_else(gone)?;
        let record = state.tasks.get(&which.task).and_then(|task| task.record.clone());
        let place = note.rests_on.first().map(|related| (related.path.clone(), Some(related.line)));
        let shown = place.or_else(|| Some((record?, None)));
        drop(state);
        let (path, line) = shown.ok_or_else(gone)?;
        self.tell(Outgoing::Show { path, line });
        Ok(())
    }

    /// All notes of one task, or of all, verified claims included; docs/protocol.md has the fields.
    #[must_use]
    pub fn notes_listed(&self, task: Option<u64>) -> Value {
        let state = self.state();
        let mut listed: Vec<(u64, u32, Value)> = Vec::new();
        for (document, notes) in &state.notes {
            let uri = state.uri_of(document);
            for note in notes.iter().filter(|note| task.is_none_or(|task| note.task == task)) {
                listed.push((note.task, note.number, note.listed(uri.as_deref())));
            }
        }
        drop(state);
        listed.sort_by_key(|(task, number, _)| (*task, *number));
        listed.into_iter().map(|(_, _, value)| value).collect()
    }
}

fn gone() -> String {
    "this finding is gone already: it was dismissed, or decided by a check".to_owned()
}

impl Note {
    fn listed(&self, uri: Option<&str>) -> Value {
        let severity = self.severity.map(|severity| match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        });
        let rests_on = self
            .rests_on
            .iter()
            .map(|related| json!({ "record": related.path, "line": related.line, "text": related.text }));
        json!({
            "task": self.task,
            "note": self.number,
            "uri": uri,
            "start_line": self.lines.start,
            "end_line": self.lines.end,
            "severity": severity,
            "code": self.code,
            "message": self.message,
            "claim": self.claim.as_ref().map(|claim| json!({
                "quote": claim.quote,
                "kind": claim.kind,
                "verdict": claim.verdict,
                "reason": claim.code,
                "because": claim.because,
                "hedged": claim.hedged,
            })),
            "checkable": self.is_checkable(),
            "rests_on": rests_on.collect::<Vec<_>>(),
        })
    }

    fn offers(&self) -> impl Iterator<Item = Offer> {
        let which = NoteArgument { task: self.task, note: self.number };
        let check = self.is_checkable().then_some(("Check it now", Call::CheckClaim(which)));
        let calls = check
            .into_iter()
            .chain([("Show evidence", Call::NoteEvidence(which)), ("Dismiss", Call::DismissNote(which))]);
        calls.map(move |(title, call)| Offer {
            title: title.to_owned(),
            kind: OfferKind::QuickFix,
            call,
            about: Some((which.task, About::Note(which.note))),
            preferred: false,
        })
    }
}

impl State {
    pub(super) fn note(&self, which: &NoteArgument) -> Option<&Note> {
        let all = self.notes.values().flatten();
        all.into_iter().find(|note| note.task == which.task && note.number == which.note)
    }

    /// Carries the notes of a document over a change of its text.
    pub(super) fn follow_notes(&mut self, id: &DocumentId, splices: &[Splice]) {
        for note in self.notes.get_mut(id).into_iter().flatten() {
            note.follow(splices);
        }
    }

    /// The diagnostics of a document's notes.
    pub(super) fn of_notes(&self, id: &DocumentId) -> impl Iterator<Item = Finding> {
        let notes = self.notes.get(id).map(Vec::as_slice).unwrap_or_default();
        let empty = ropey::Rope::new();
        let shown = self.documents.get(id).map_or(empty, |document| document.text.clone());
        notes.iter().filter_map(move |note| {
            Some(Finding {
                range: self.range(&shown, &note.lines),
                severity: note.severity?,
                code: note.code,
                message: note.message.clone(),
                related: note.rests_on.clone(),
                task: note.task,
                about: About::Note(note.number),
            })
        })
    }

    /// What can be done about the notes that touch some lines.
    pub(super) fn about_notes(&self, id: &DocumentId, first: u32, last: u32) -> Vec<Offer> {
        let notes = self.notes.get(id).map(Vec::as_slice).unwrap_or_default();
        let here = notes
            .iter()
            .filter(|note| note.severity.is_some() && note.lines.start <= last && note.lines.end > first);
        here.flat_map(Note::offers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(lines: Range<u32>) -> Note {
        Note {
            task: 1,
            number: 1,
            lines,
            severity: None,
            code: "claim-verified",
            message: String::new(),
            rests_on: Vec::new(),
            claim: None,
        }
    }

    #[test]
    fn a_note_moves_with_its_lines() {
        let moved = |lines: Range<u32>, old: Range<u32>, new: Range<u32>| {
            let mut note = note(lines);
            note.follow(&[Splice { lines: old, with: new }]);
            note.lines
        };
        assert_eq!(moved(4..6, 1..1, 1..3), 6..8, "lines inserted above");
        assert_eq!(moved(4..6, 1..3, 1..1), 2..4, "lines deleted above");
        assert_eq!(moved(4..6, 8..9, 8..12), 4..6, "lines inserted below");
        assert_eq!(moved(4..6, 4..6, 4..5), 4..5, "its own lines changed");
        assert_eq!(moved(4..6, 3..9, 3..3), 3..4, "its own lines deleted");
        let mut twice = note(4..6);
        let above = [Splice { lines: 0..1, with: 0..3 }, Splice { lines: 2..2, with: 4..5 }];
        twice.follow(&above);
        assert_eq!(twice.lines, 7..9, "two changes at once");
    }
}
