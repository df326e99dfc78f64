//! Whether a claim has to do with a test or an output: by the names and words they share.

use super::words::says;
use std::collections::BTreeSet;

use super::Context;
use super::evidence::has_word;
use crate::claim::extract::Assertion;

/// Words that a claim shares with a test name or an output.
pub(super) fn is_related(a: &Assertion, other: &str) -> bool {
    let lower = other.to_lowercase();
    let words: BTreeSet<String> = a
        .masked
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.len() >= 4)
        .map(|w| w.chars().take(5).collect())
        .collect();
    let generic = [
        "test", "tests", "fixed", "corre", "handl", "now", "works", "longe", "with", "this", "that", "when",
        "error", "issue", "for", "after", "befor", "again", "never", "the", "retur", "value",
    ];
    let tokens = a.named().iter().map(|t| t.identifier().to_lowercase()).any(|t| {
        t.len() > 2
            && (has_word(&lower, &t) || lower.contains(&format!("_{t}")) || lower.contains(&format!("{t}_")))
    });
    tokens || words.iter().any(|w| !generic.contains(&w.as_str()) && lower.contains(w.as_str()))
}

/// `TestAdd` and `test_add` are about `Add`.
pub(super) fn names_subject(a: &Assertion, test: &str) -> bool {
    let test = test.to_lowercase();
    a.named().iter().map(|t| t.identifier().to_lowercase()).any(|t| t.len() >= 3 && test.contains(&t))
}

/// The lines of an output that tell what failed.
pub(super) fn failure_lines(output: &str) -> String {
    let telling = |l: &&str| says(l, "FAIL|Error|rror:|not ok|panicked|E  |assert|✗|×|expected");
    output.lines().filter(telling).collect::<Vec<_>>().join("\n")
}

/// Whether the last run failed in a test that is named after what the claim is about.
pub(super) fn fails_by_name(cx: &Context, a: &Assertion) -> bool {
    let last = cx.facts.record.tests.iter().rev().find(|r| r.version == cx.facts.record.version);
    last.is_some_and(|r| r.failing().iter().any(|n| is_related(a, n) || names_subject(a, n)))
}
