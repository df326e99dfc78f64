//! How well the checker does on labelled cases: matching, extraction, verdicts, kinds, by slice.
//!
//! Invariants
//! - Follows the scoring section of the claim contract to the letter; replay verdicts do not count.

mod matching;
mod tally;

use serde::Deserialize;

pub use matching::{Prediction, matching};
pub use tally::{Report, Tally, report};

use super::case::Case;
use super::kind::{Kind, Verdict};

/// A label: what a correct checker says.
#[derive(Debug, Clone, Deserialize)]
pub struct Expected {
    /// The claim, an exact substring of the message.
    pub quote: String,
    /// What it is about.
    pub kind: Kind,
    /// How it fares.
    pub verdict: Verdict,
    /// Whether it may be left out without penalty.
    #[serde(default)]
    pub optional: bool,
    /// Other kinds accepted with the same verdict.
    #[serde(default)]
    pub alt_kinds: Vec<Kind>,
    /// Further accepted readings.
    #[serde(default)]
    pub accept: Vec<Reading>,
}

/// Another accepted reading of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Reading {
    /// The kind.
    pub kind: Kind,
    /// The verdict.
    pub verdict: Verdict,
}

/// A case with its labels.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// The case as a checker sees it.
    #[serde(flatten)]
    pub case: Case,
    /// The labels.
    #[serde(default)]
    pub expected: Vec<Expected>,
    /// Parts of the message that claim nothing.
    #[serde(default)]
    pub not_claims: Vec<String>,
}

impl Expected {
    /// Whether kind and verdict are right.
    #[must_use]
    pub fn accepts(&self, kind: Kind, verdict: Verdict) -> bool {
        let named = self.kind == kind || self.alt_kinds.contains(&kind);
        named && verdict == self.verdict || self.accept.contains(&Reading { kind, verdict })
    }

    /// Whether the verdict alone is right.
    #[must_use]
    pub fn accepts_verdict(&self, kind: Kind, verdict: Verdict) -> bool {
        verdict == self.verdict || self.accept.contains(&Reading { kind, verdict })
    }

    /// Whether the kind alone is right.
    #[must_use]
    pub fn accepts_kind(&self, kind: Kind) -> bool {
        self.kind == kind || self.alt_kinds.contains(&kind) || self.accept.iter().any(|r| r.kind == kind)
    }
}
