//! What a model agent says at its end, taken apart and checked against the copy it worked in.

use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::LineSpan;

/// The agent's last words. Not evidence: what they claim is checked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The words, Markdown.
    pub text: String,
    /// The places of files that they cite, each once, in order.
    pub cites: Vec<CitedPlace>,
    /// What it says it claims.
    pub claims: Vec<Claimed>,
    /// What it says it did not do.
    pub not_done: Vec<String>,
    /// What it found, when it was asked to review.
    pub findings: Vec<ReviewFinding>,
}

/// A place that the agent cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPlace {
    /// The file, if it names one inside the workspace.
    pub path: WorkspacePath,
    /// Its lines; `None` for the whole file.
    pub lines: Option<LineSpan>,
    /// Digest of the file as the agent saw it, at the end; `None` when there is no such file.
    pub digest: Option<Digest>,
    /// What is wrong with the citation, as a sentence; `None` for one that holds.
    pub fault: Option<String>,
}

/// A claim that the agent states by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The sentence.
    pub text: String,
    /// What it cites, as it wrote it.
    pub cites: Vec<String>,
}

/// A finding of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFinding {
    /// Where. A fault means that the lines are not there: it is shown at the file's first line then.
    pub place: CitedPlace,
    /// What is wrong there.
    pub message: String,
    /// How bad it is, in the agent's judgement.
    pub severity: Severity,
}

/// How bad a finding of a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong.
    Warning,
    /// Wrong.
    Error,
}

/// Text in a file that speaks to an assistant rather than to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// The file.
    pub path: WorkspacePath,
    /// Its line, from 1.
    pub line: u32,
    /// The rule that it meets.
    pub rule: &'static str,
    /// The line, made visible and shortened.
    pub text: String,
}
