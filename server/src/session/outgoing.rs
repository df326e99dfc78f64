//! Everything the session has to tell the client, in our own words; `protocol/outbox` turns it into messages.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::document::DocumentId;
use super::text::Position;
use crate::task::TaskKind;

/// One thing to tell the client.
#[derive(Debug)]
pub enum Outgoing {
    /// The findings of this document may have changed: compute and publish them, soon, once for many changes.
    Refresh(DocumentId),
    /// A task has begun.
    ProgressBegin {
        /// The task.
        task: u64,
        /// What the user sees as its name.
        title: String,
    },
    /// A running task has reached a step.
    ProgressStep {
        /// The task.
        task: u64,
        /// The step, for people.
        text: String,
        /// How far, of a hundred.
        percent: Option<u32>,
    },
    /// A task has ended, for whatever reason.
    ProgressEnd {
        /// The task.
        task: u64,
        /// The outcome in one sentence.
        text: String,
    },
    /// A sentence for the user.
    Message(Level, String),
    /// A line for the client's log.
    Log(Level, String),
    /// A sentence with choices; each choice is a command to run when it is taken.
    Ask {
        /// The sentence.
        text: String,
        /// Title and command of each choice, best first.
        choices: Vec<(String, Call)>,
    },
    /// An edit for the client to apply.
    Apply(ClientEdit),
    /// A file to show, at a one-based line.
    Show {
        /// The file.
        path: PathBuf,
        /// One-based line.
        line: Option<u32>,
    },
    /// A document of our own scheme to show.
    ShowVirtual {
        /// Its URI.
        uri: String,
    },
    /// Watch the configuration files of the workspace folders.
    WatchConfiguration,
}

/// How loud a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something the user should know.
    Warning,
    /// News.
    Info,
}

/// An edit of one document or file, which the client applies.
#[derive(Debug, Clone)]
pub struct ClientEdit {
    /// Names it in the answer.
    pub id: u64,
    /// What the user may see as its name.
    pub label: String,
    /// What it does.
    pub change: ClientChange,
    /// Whether the client's user is asked about each part of it.
    pub confirm: bool,
}

/// What a client can be asked to change.
#[derive(Debug, Clone)]
pub enum ClientChange {
    /// Replaces ranges of one document.
    Text {
        /// The document.
        uri: String,
        /// The version the edit was computed for; `None` for a document that is not open.
        version: Option<i32>,
        /// Ranges of that version, ascending, and their new text.
        edits: Vec<(std::ops::Range<Position>, String)>,
    },
    /// Creates a file with a text.
    Create {
        /// The file.
        uri: String,
        /// Its text.
        text: String,
    },
    /// Deletes a file.
    Delete {
        /// The file.
        uri: String,
    },
    /// Renames a file.
    Rename {
        /// From.
        from: String,
        /// To.
        to: String,
    },
}

/// A command of ours with its argument, as it travels in code actions and comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `vouchsafe.start` with a recipe
    Start(Start),
    /// `vouchsafe.start` with a kind of task, for a model
    StartTask(Box<StartTask>),
    /// `vouchsafe.message`
    Message(Word),
    /// `vouchsafe.followUp`
    FollowUp(Word),
    /// `vouchsafe.showAnswer`
    ShowAnswer(TaskArgument),
    /// `vouchsafe.setKey`
    SetKey(KeyArgument),
    /// `vouchsafe.setUpModel`
    SetUpModel,
    /// `vouchsafe.cancel`
    Cancel(TaskArgument),
    /// `vouchsafe.accept`
    Accept(Pick),
    /// `vouchsafe.accept` with what the change needs
    AcceptWithNeeds(PickWithNeeds),
    /// `vouchsafe.reject`
    Reject(Pick),
    /// `vouchsafe.showEvidence`
    ShowEvidence(Pick),
    /// `vouchsafe.compare`
    Compare(Pick),
    /// `vouchsafe.tasks`
    Tasks,
    /// `vouchsafe.tasks` for people
    ShowTasks(Shown),
    /// `vouchsafe.showChange`
    ShowChange(Pick),
    /// `vouchsafe.review`
    Review(SomeTask),
    /// `vouchsafe.blame`
    Blame(DocumentArgument),
    /// `vouchsafe.findings`
    Findings(SomeTask),
    /// `vouchsafe.checkClaim`
    CheckClaim(NoteArgument),
    /// `vouchsafe.showFinding`
    NoteEvidence(NoteArgument),
    /// `vouchsafe.dismissFinding`
    DismissNote(NoteArgument),
    /// `vouchsafe.trailer`
    Trailer(Trailer),
}

/// Start a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The recipe's name.
    pub recipe: String,
    /// The document it was offered for: decides the workspace folder and what `{file}` stands for.
    pub uri: String,
    /// Zero-based line it was offered at.
    #[serde(default)]
    pub line: u32,
}

/// Start a task that a model carries out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartTask {
    /// Its kind.
    pub kind: TaskKind,
    /// The user's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// The document: decides the workspace folder and the place.
    pub uri: String,
    /// The selection, or an empty range at the cursor.
    #[serde(default)]
    pub range: Span,
    /// What other servers say about the place, as LSP has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Said>,
}

/// A range of a document, as LSP writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: Position,
    /// Where it ends, excluded.
    pub end: Position,
}

/// A diagnostic of another server, as far as a task is told of it. Other fields of LSP's are not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Where.
    #[serde(default)]
    pub range: Span,
    /// Who says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it says.
    pub message: String,
}

/// Something that the user says to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The task.
    pub task: u64,
    /// What.
    pub text: String,
}

/// A key of a model profile, from the editor's secret store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyArgument {
    /// The profile's name in the configuration.
    pub profile: String,
    /// The key; empty to forget it.
    pub key: String,
}

impl std::fmt::Debug for KeyArgument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyArgument {{ profile: {:?}, key: … }}", self.profile)
    }
}

/// A task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskArgument {
    /// Its id.
    pub task: u64,
}

/// A finding of a task that is no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteArgument {
    /// The task.
    pub task: u64,
    /// Its number in the task.
    pub note: u32,
}

/// The commit trailer of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// The task.
    pub task: u64,
    /// Only answer it: the client shows or copies it itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
}

/// One task, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SomeTask {
    /// Its id; none means all tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u64>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentArgument {
    /// Its URI.
    pub uri: String,
}

/// Some of a task's proposed changes: those named, those of a file, or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// The task.
    pub task: u64,
    /// One change, by its number in the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hunk: Option<u32>,
    /// All changes of one document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// One change, to be accepted after those that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickWithNeeds {
    /// The task.
    pub task: u64,
    /// The change, by its number in the task.
    pub hunk: u32,
    /// Always true: it tells this from a change that is picked alone.
    pub with_needs: bool,
}

/// Whether a list is shown to the user instead of being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Always true.
    pub show: bool,
}
