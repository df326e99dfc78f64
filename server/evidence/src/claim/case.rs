//! One finished task as the checker sees it: what was logged, what the workspace was and is, what was said.
//!
//! Invariants
//! - Deserializes the JSON lines of the claim corpus; unknown fields are ignored, so records may carry more.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Path → full text of a workspace at one moment.
pub type Files = BTreeMap<String, String>;

/// The input of the checker.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Unique name of the case.
    pub id: String,
    /// Language of the message (BCP 47); informative only, the checker detects it itself.
    pub lang: String,
    /// Labels for slicing scores.
    pub tags: Vec<String>,
    /// The workspace before and after.
    pub workspace: Workspace,
    /// Everything that was logged, in order.
    pub events: Vec<Event>,
    /// What the agent said at the end (Markdown).
    pub final_message: String,
    /// Files that differ between before and after.
    pub changed_files: Vec<ChangedFile>,
    /// Unified diff from before to after.
    pub diff: String,
}

/// The workspace before and after a task.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Workspace {
    /// Texts before the first event.
    pub before: Files,
    /// Texts after the last event.
    pub after: Files,
    /// Whether the maps hold every tracked file; if not, absence proves nothing.
    pub complete: bool,
}

/// How one file differs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChangedFile {
    /// Path after the change (before it, for a deletion).
    pub path: String,
    /// `added`, `modified`, `deleted` or `renamed`.
    pub status: String,
    /// The old path of a rename.
    pub from: Option<String>,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
}

/// One entry of the log.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// What the user asked for.
    Task(Said),
    /// A shell line that ran.
    Command(Command),
    /// A file was read.
    FileRead(FileRead),
    /// A file was changed by a tool call.
    FileEdit(FileEdit),
    /// A text search.
    Search(Search),
    /// A tool call that failed.
    ToolError(ToolError),
    /// A connection that was tried.
    Network(Network),
    /// The user allowed or refused something.
    Approval(Approval),
    /// What the agent thought; never evidence.
    Reasoning(Said),
    /// What the agent said on the way; never evidence.
    Message(Said),
    /// What the user said on the way; never evidence.
    UserMessage(Said),
    /// An event type this version does not know; never evidence.
    #[serde(other)]
    Unknown,
}

/// Text of a task, a thought or a message.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Position in the log.
    pub seq: u64,
    /// The words.
    pub text: String,
}

/// A shell line and what came of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Command {
    /// Position in the log.
    pub seq: u64,
    /// The shell line.
    pub cmd: String,
    /// Directory it ran in, relative to the workspace.
    pub cwd: String,
    /// Status of the whole line, as `sh -c` reports it.
    pub exit_code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Paths that it wrote.
    pub changed: Vec<String>,
    /// Whether it was stopped by a time limit.
    pub timed_out: bool,
    /// Whether its output was cut.
    pub truncated: bool,
    /// Wall time in milliseconds.
    pub duration_ms: Option<u64>,
}

/// A file that was read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FileRead {
    /// Position in the log.
    pub seq: u64,
    /// The file.
    pub path: String,
}

/// A file that a tool call changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FileEdit {
    /// Position in the log.
    pub seq: u64,
    /// The file.
    pub path: String,
    /// `create`, `modify`, `delete` or `rename`.
    pub op: String,
    /// The new path of a rename.
    pub to: Option<String>,
}

/// A text search and what it found.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    /// Position in the log.
    pub seq: u64,
    /// What was looked for.
    pub pattern: String,
    /// Where; `.` is the whole repository.
    pub scope: String,
    /// The places found.
    pub hits: Vec<Hit>,
}

/// One place that a search found.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Hit {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
}

/// A tool call that failed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ToolError {
    /// Position in the log.
    pub seq: u64,
    /// The tool's name.
    pub tool: String,
    /// What it said.
    pub message: String,
}

/// A connection that was tried.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Position in the log.
    pub seq: u64,
    /// The host.
    pub host: String,
    /// Whether it was refused.
    pub blocked: bool,
}

/// The user's answer to a question for permission.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Approval {
    /// Position in the log.
    pub seq: u64,
    /// What was asked.
    pub what: String,
    /// `approved` or `denied`.
    pub decision: String,
}

impl Event {
    /// The event's position in the log; 0 for an unknown type.
    #[must_use]
    pub fn seq(&self) -> u64 {
        match self {
            Self::Task(e) | Self::Reasoning(e) | Self::Message(e) | Self::UserMessage(e) => e.seq,
            Self::Command(e) => e.seq,
            Self::FileRead(e) => e.seq,
            Self::FileEdit(e) => e.seq,
            Self::Search(e) => e.seq,
            Self::ToolError(e) => e.seq,
            Self::Network(e) => e.seq,
            Self::Approval(e) => e.seq,
            Self::Unknown => 0,
        }
    }
}

impl Command {
    /// Standard output and error together.
    #[must_use]
    pub fn output(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl Case {
    /// The task's words, all of them if there were several.
    #[must_use]
    pub fn task_text(&self) -> String {
        let said = |e: &Event| match e {
            Event::Task(said) => Some(said.text.clone()),
            _ => None,
        };
        let texts: Vec<String> = self.events.iter().filter_map(said).collect();
        texts.join("\n")
    }

    /// Every command of the log, in order.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.events.iter().filter_map(|e| match e {
            Event::Command(command) => Some(command),
            _ => None,
        })
    }
}
