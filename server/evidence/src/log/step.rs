//! Everything a task records besides its commands and its end.

use serde::{Deserialize, Serialize};
use vouchsafe_base::{Digest, WorkspacePath};

use super::{FileChanged, Seq};

/// What was asked, and of what state of the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskStarted {
    /// The kind of task: `recipe`, `fix`, `implement`, …
    pub kind: String,
    /// One line for people.
    pub title: String,
    /// What the user asked, or what the recipe runs, in full.
    pub text: String,
    /// The absolute path of the workspace.
    pub workspace: String,
    /// Where in the code it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Digest of the configuration in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_digest: Option<Digest>,
    /// The recipe that carries it out; `None` for a model agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
}

/// The task's copy of the workspace is made and its sandbox stands. A task without this event never ran anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShadowMade {
    /// How the task is confined, in words.
    pub tier: String,
    /// What the copy lacks of the workspace, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Files whose unsaved text, as the editor showed it, was laid over the copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsaved: Vec<WorkspacePath>,
}

/// A file, and lines in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file.
    pub path: WorkspacePath,
    /// The lines, if it is not the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<LineSpan>,
}

/// Lines of a file as people count them: from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSpan {
    /// The first line, from 1.
    pub first: u32,
    /// The last line, included.
    pub last: u32,
}

/// The agent read a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRead {
    /// The file.
    pub path: WorkspacePath,
    /// The lines it was shown; `None` for the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<LineSpan>,
    /// Digest of the whole file at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// The agent searched the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What it looked for.
    pub pattern: String,
    /// Where, relative to the workspace; `.` for all of it.
    pub scope: String,
    /// What it found, as far as it was shown to the agent.
    pub hits: Vec<SearchHit>,
    /// Whether there were more hits than are listed.
    #[serde(default)]
    pub truncated: bool,
}

/// One line that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchHit {
    /// The file.
    pub path: WorkspacePath,
    /// The line, from 1.
    pub line: u32,
    /// The text of the line.
    pub text: String,
}

/// The agent changed a file with a tool rather than a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEdit {
    /// The file; for a rename, its old name.
    pub path: WorkspacePath,
    /// What was done to it.
    pub op: EditOp,
    /// The new name, for a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<WorkspacePath>,
    /// Digest of its content before; `None` if it did not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// Digest of its content after; `None` if it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Digest>,
    /// The tool that was called, and the call's identifier.
    pub tool: String,
    /// The model's identifier of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// Why: the model's words before the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What an edit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditOp {
    /// The file is new.
    Create,
    /// Its content changed.
    Modify,
    /// It is gone.
    Delete,
    /// It has another name.
    Rename,
}

/// A tool call that was answered with an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolError {
    /// The tool.
    pub tool: String,
    /// What the agent was told.
    pub message: String,
    /// The model's identifier of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
}

/// One exchange with a model. Its bytes are kept verbatim, secrets aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelTurn {
    /// The model that answered, as the provider names it.
    pub model: String,
    /// The wire format: `chat`, `responses` or `messages`.
    pub format: String,
    /// The blob with the body of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Digest>,
    /// The blob with the body of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Digest>,
    /// The provider's identifier of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The provider's identifier of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<String>,
    /// Tokens read, as the provider counts them.
    #[serde(default)]
    pub input_tokens: u64,
    /// Of those, tokens that came from its cache.
    #[serde(default)]
    pub cached_tokens: u64,
    /// Tokens written.
    #[serde(default)]
    pub output_tokens: u64,
    /// From request to last byte, in milliseconds.
    #[serde(default)]
    pub duration_ms: u64,
}

/// An attempt to reach the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The host or address.
    pub host: String,
    /// The port; 0 if it is not known.
    pub port: u16,
    /// Whether it was denied.
    pub blocked: bool,
}

/// The user allowed or denied something that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// What was asked.
    pub what: String,
    /// Whether the user approved it.
    pub approved: bool,
}

/// A rule of the policy spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The rule's name.
    pub rule: String,
    /// The text it saw.
    pub saw: String,
    /// What it decided.
    pub ruling: Ruling,
    /// Why, as a sentence.
    pub reason: String,
}

/// What a rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Go on.
    Allow,
    /// Go on, and tell the user.
    Warn,
    /// Do not go on.
    Refuse,
}

/// Everything the task wants to change is known and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalReady {
    /// The files, with digests of the base and of the proposed content.
    pub files: Vec<FileChanged>,
    /// The blob with the unified diff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<Digest>,
    /// The blob from which the review can be taken up again; `None` when nobody is to review it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Digest>,
    /// The blobs that `review` names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stored: Vec<Digest>,
}

/// The user decided on a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecision {
    /// The hunk, as the review names it.
    pub hunk: String,
    /// The file.
    pub path: WorkspacePath,
    /// What was decided.
    pub decision: Decision,
    /// The steps the hunk cites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Seq>,
    /// More, for a conflict or a change by hand: a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What became of a hunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is in the workspace now.
    Accepted,
    /// The user does not want it.
    Rejected,
    /// The user accepted it and changed it.
    Edited,
    /// It no longer fits the text.
    Conflicted,
}

/// A sentence of the agent, checked against the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimChecked {
    /// The claim, word for word.
    pub quote: String,
    /// What kind of claim it is, such as `TestsPassed`.
    pub kind: String,
    /// What the record says about it.
    pub verdict: Verdict,
    /// The short reason, such as `fresh_pass`.
    pub code: String,
    /// The reason in words.
    pub because: String,
    /// The events that decide it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Seq>,
    /// What the claim is about, if that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Whether the wording is cautious.
    #[serde(default)]
    pub hedged: bool,
}

/// What a claim is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<WorkspacePath>,
    /// Lines of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<LineSpan>,
    /// The symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
}

/// What the record says about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The record shows it.
    Verified,
    /// The record shows otherwise.
    Contradicted,
    /// The record does not decide it.
    Unverified,
}
