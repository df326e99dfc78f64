//! What an agent says about its work, checked against what happened.
//!
//! Stages, each a type: [`Message`] → [`Sentence`](message::Sentence) → [`Assertion`](extract::Assertion) →
//! [`Claim`]. The kinds, verdicts, reason codes and rules are those of the claim contract.
//!
//! Invariants
//! - Deterministic: rules over the record and the workspace; no model, no clock, no network, no processes.
//! - What cannot be decided is unverified. A language that is not known gives only unverified claims.
//! - Takes time linear in the sizes of message, log and workspace.

pub mod case;
pub mod citation;
pub mod extract;
pub mod facts;
pub mod judge;
pub mod kind;
pub mod lexicon;
pub mod message;
pub mod record;
pub mod recorded;
pub mod runner;
pub mod score;
pub mod shell;
pub mod source;
mod words;

use serde::Serialize;

use case::Case;
use extract::{assertions, foreign_claims};
use facts::Facts;
use judge::{Context, tampering};
use kind::{Code, Kind, Verdict};
use lexicon::Lexicon;
use message::Message;

/// One claim of a message with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Where it starts in the message, in Unicode code points.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What it is about.
    pub kind: Kind,
    /// How it fared.
    pub verdict: Verdict,
    /// Why.
    pub code: Code,
    /// Positions in the log that decide it; empty when absence or the workspace alone does.
    pub evidence: Vec<u64>,
    /// Whether the wording is cautious.
    pub hedged: bool,
}

/// Checks every claim of a case's final message, in the order of the message.
#[must_use]
pub fn check(case: &Case) -> Vec<Claim> {
    let message = Message::new(&case.final_message);
    let Some(lexicon) = Lexicon::of(message.language) else { return open_claims(&message) };
    let facts = Facts::new(case);
    let found = tampering(&facts);
    let cited = citation::citations(case);
    let context = Context { facts: &facts, message: &message, lexicon, tampering: &found, citations: &cited };
    let points = CodePoints::new(message.text);
    let mut claims = Vec::new();
    for assertion in assertions(&message, &facts) {
        let (kind, ruling) = judge::judge(&context, &assertion);
        claims.push(Claim {
            start: points.at(assertion.range.start),
            end: points.at(assertion.range.end),
            kind,
            verdict: ruling.verdict,
            code: ruling.code,
            evidence: ruling.evidence,
            hedged: assertion.hedged,
        });
    }
    claims
}

/// Claims in a language without a table: the reader is told that nothing was checked.
fn open_claims(message: &Message) -> Vec<Claim> {
    let points = CodePoints::new(message.text);
    let open = |(range, kind): (std::ops::Range<usize>, Kind)| Claim {
        start: points.at(range.start),
        end: points.at(range.end),
        kind,
        verdict: Verdict::Unverified,
        code: Code::NoEvidence,
        evidence: Vec::new(),
        hedged: false,
    };
    foreign_claims(message).into_iter().map(open).collect()
}

/// Byte offsets to code points, in logarithmic time.
struct CodePoints(Vec<usize>);

impl CodePoints {
    fn new(text: &str) -> Self {
        Self(text.char_indices().map(|(at, _)| at).collect())
    }

    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start < byte)
    }
}
