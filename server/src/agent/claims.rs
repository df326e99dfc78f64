//! What the agent said at the end, checked against the record before anybody sees it.
//!
//! Invariants
//! - A claim is an event on disk before it is shown.
//! - What a recipe's checks say is a claim too, decided by the same rules.
//!
//! Absent on purpose
//! - Running anything: that is *Check it now*.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use ignore::WalkBuilder;
use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Shadow;
use vouchsafe_evidence::claim::recorded::{Texts, Weakened, claims, weakened};
use vouchsafe_evidence::log::{ClaimChecked, Event, Policy, Ruling, Seq, TaskId, Verdict};
use vouchsafe_evidence::record::Record;
use vouchsafe_evidence::store::{Recorded, Store, StoreError};

use super::{Answer, StepInfo};

/// A workspace of more files than this, or more bytes of text, is not read whole: then nothing is concluded from what
/// a claim does not find.
const FILES_MAX: usize = 20_000;
const TEXT_BYTES_MAX: u64 = 48 << 20;
/// A larger file is no source text.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A claim of a task, with its event in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedClaim {
    /// Its number in the record.
    pub seq: Seq,
    /// What was said, and how it fared.
    pub claim: ClaimChecked,
    /// The places of the record that it rests on.
    pub places: Vec<Place>,
}

/// A line of a task's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// What stands there, for people.
    pub text: String,
}

/// How many claims a task made, by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClaimCounts {
    /// The record shows them.
    pub verified: usize,
    /// The record does not decide them.
    pub unverified: usize,
    /// The record shows otherwise.
    pub contradicted: usize,
}

impl ClaimCounts {
    /// Counts claims; matters of taste, which nothing decides, are left out.
    pub fn of<'c>(claims: impl IntoIterator<Item = &'c ClaimChecked>) -> Self {
        let mut counts = Self::default();
        for claim in claims.into_iter().filter(|claim| claim.kind != "Subjective") {
            match claim.verdict {
                Verdict::Verified => counts.verified += 1,
                Verdict::Unverified => counts.unverified += 1,
                Verdict::Contradicted => counts.contradicted += 1,
            }
        }
        counts
    }

    /// `3 claims: 1 verified, 1 unverified, 1 contradicted`; `None` when there is none.
    #[must_use]
    pub fn in_words(self) -> Option<String> {
        let all = self.verified + self.unverified + self.contradicted;
        let parts = [
            (self.verified, "verified"),
            (self.unverified, "unverified"),
            (self.contradicted, "contradicted"),
        ];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let claims = if all == 1 { "1 claim".to_owned() } else { format!("{all} claims") };
        (all > 0).then(|| format!("{claims}: {}", parts.join(", ")))
    }
}

/// The agent's last words as one text: what it wrote, what it claims besides, what it says it did not do.
pub(super) fn message_of(answer: &Answer) -> String {
    let mut message = answer.text.clone();
    let besides =
        answer.claims.iter().map(|claim| claim.text.as_str()).filter(|text| !answer.text.contains(text));
    let besides =
        besides.chain(answer.not_done.iter().map(String::as_str).filter(|text| !answer.text.contains(text)));
    for text in besides {
        message.push_str(if message.is_empty() { "- " } else { "\n- " });
        message.push_str(text);
    }
    message
}

/// What a recipe's checks amount to, as sentences that the checker reads like any others.
pub(super) fn message_of_checks(checks: &[StepInfo]) -> String {
    let lines: Vec<_> = checks.iter().map(|check| format!("- `{}` passes", check.shown)).collect();
    lines.join("\n")
}

/// Checks `message` and writes down how each of its claims fared.
///
/// # Errors
/// When the record cannot be kept.
pub(super) fn record(
    store: &Store,
    task: TaskId,
    texts: &Texts,
    message: &str,
    append: &mut dyn FnMut(&Event) -> Result<Seq, StoreError>,
) -> Result<Vec<CheckedClaim>, StoreError> {
    if message.trim().is_empty() {
        return Ok(Vec::new());
    }
    let events = store.events(task)?;
    let outputs = |digest| store.blob(digest).ok().flatten();
    let checked = claims(&events, texts, message, &outputs);
    checked
        .into_iter()
        .map(|claim| {
            let seq = append(&Event::Claim(claim.clone()))?;
            Ok(CheckedClaim { seq, claim, places: Vec::new() })
        })
        .collect()
}

/// Says where in the record each claim rests: the output of the step, else its heading.
pub(super) fn find_places(claims: &mut [CheckedClaim], record: &Record, steps: &[&StepInfo]) {
    for checked in claims {
        let place = |seq: &Seq| {
            let lines = record.lines.get(seq)?;
            let step = steps.iter().find(|step| step.seq == seq.get());
            let text =
                step.map_or_else(|| format!("step {seq}"), |step| format!("step {seq}: {}", step.summary()));
            Some(Place { line: lines.output.as_ref().map_or(lines.heading, |output| output.start), text })
        };
        let evidence = checked.claim.evidence.iter().rev().filter_map(place);
        let own = place(&checked.seq).map(|place| Place { text: "how this was decided".to_owned(), ..place });
        checked.places = evidence.chain(own).collect();
    }
}

/// The claims of a recorded task, each as it was judged last.
pub(super) fn recorded(events: &[Recorded], page: &Record, steps: &[StepInfo]) -> Vec<CheckedClaim> {
    let mut found: Vec<CheckedClaim> = Vec::new();
    for recorded in events {
        let Event::Claim(claim) = &recorded.event else { continue };
        let checked = CheckedClaim { seq: recorded.seq, claim: claim.clone(), places: Vec::new() };
        let same =
            found.iter_mut().find(|known| known.claim.quote == claim.quote && known.claim.kind == claim.kind);
        match same {
            Some(known) => *known = checked,
            None => found.push(checked),
        }
    }
    let steps: Vec<_> = steps.iter().collect();
    find_places(&mut found, page, &steps);
    found
}

/// What the claims of a recorded task were read in: the agent's last words, or the claims themselves.
pub(super) fn message_of_events(events: &[Recorded], claims: &[CheckedClaim]) -> String {
    let said = events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Message { text } => Some(text.clone()),
        _ => None,
    });
    let missing = |text: &String| claims.iter().any(|checked| !text.contains(&checked.claim.quote));
    said.filter(|text| !missing(text)).unwrap_or_else(|| {
        let lines: Vec<_> = claims.iter().map(|checked| format!("- {}", checked.claim.quote)).collect();
        lines.join("\n")
    })
}

/// Finds tests that say less than before, and writes down that it was seen.
///
/// # Errors
/// When the record cannot be kept.
pub(super) fn record_weakened(
    texts: &Texts,
    append: &mut dyn FnMut(&Event) -> Result<Seq, StoreError>,
) -> Result<Vec<Weakened>, StoreError> {
    let found = weakened(texts);
    for test in &found {
        append(&Event::Policy(Policy {
            rule: "weakened-test".to_owned(),
            saw: format!("{} in {}", test.test, test.path),
            ruling: Ruling::Warn,
            reason: format!("the test `{}` {}", test.test, test.how),
        }))?;
    }
    Ok(found)
}

/// The texts of the files that a task did not change, as it saw them, and whether these are all.
pub(super) fn others(
    shadow: &Shadow,
    is_changed: &dyn Fn(&WorkspacePath) -> bool,
) -> (BTreeMap<WorkspacePath, String>, bool) {
    let root = shadow.workspace();
    let mut texts = BTreeMap::new();
    let (mut complete, mut bytes) = (true, 0);
    // What `.gitignore` names is build output; hidden files of the project (`.github`) are part of it.
    let files = WalkBuilder::new(root).hidden(false).require_git(false).build();
    for entry in files.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
        let Some(path) = below(root, entry.path()) else { continue };
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        if is_changed(&path) {
            continue;
        }
        if size > FILE_BYTES_MAX {
            complete &= is_binary(entry.path());
            continue;
        }
        if texts.len() == FILES_MAX || bytes + size > TEXT_BYTES_MAX {
            complete = false;
            break;
        }
        // What cannot be read was not seen by the task either, and is hidden or gone.
        let Ok(Some(content)) = shadow.read(&path) else { continue };
        if let Ok(text) = String::from_utf8(content) {
            bytes += size;
            texts.insert(path, text);
        }
    }
    (texts, complete)
}

/// Whether a file holds a NUL byte in its beginning; one that cannot be read is taken for text.
fn is_binary(path: &Path) -> bool {
    let mut head = [0; 8_192];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut head));
    read.is_ok_and(|count| head.get(..count).is_some_and(|head| head.contains(&0)))
}

/// The path below the workspace, outside of `.git`.
fn below(root: &Path, path: &Path) -> Option<WorkspacePath> {
    let path = WorkspacePath::from_relative(path.strip_prefix(root).ok()?).ok()?;
    let is_ours = path.parts().all(|part| part != b".git");
    is_ours.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Claimed;

    #[test]
    fn claims_besides_the_text_are_read_with_it_once() {
        let answer = Answer {
            text: "I fixed `a`. All tests pass.".into(),
            claims: vec![
                Claimed { text: "All tests pass.".into(), cites: Vec::new() },
                Claimed { text: "It builds.".into(), cites: Vec::new() },
            ],
            not_done: vec!["I did not run the benchmarks.".into()],
            ..Answer::default()
        };
        assert_eq!(
            message_of(&answer),
            "I fixed `a`. All tests pass.\n- It builds.\n- I did not run the benchmarks."
        );
    }

    #[test]
    fn counts_in_words() {
        let counts = ClaimCounts { verified: 1, unverified: 0, contradicted: 2 };
        assert_eq!(counts.in_words().unwrap(), "3 claims: 1 verified, 2 contradicted");
        assert_eq!(ClaimCounts::default().in_words(), None);
    }
}
