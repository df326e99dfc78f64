//! The closed set of events.

use serde::{Deserialize, Serialize};
use vouchsafe_base::Digest;

use super::{
    Approval, ClaimChecked, CommandRan, Ended, FileEdit, FileRead, ModelTurn, Network, Policy, ProposalReady,
    ReviewDecision, Search, ShadowMade, TaskStarted, ToolError,
};

/// One thing that happened in a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// What was asked; always the first.
    Task(TaskStarted),
    /// The copy is made.
    Shadow(ShadowMade),
    /// A command ran.
    Command(CommandRan),
    /// The agent read a file.
    FileRead(FileRead),
    /// The agent searched.
    Search(Search),
    /// The agent wrote, removed or moved a file with a tool.
    FileEdit(FileEdit),
    /// A tool answered with an error.
    ToolError(ToolError),
    /// One exchange with a model.
    ModelTurn(ModelTurn),
    /// What the agent thought. Not evidence.
    Reasoning {
        /// The thought.
        text: String,
    },
    /// What the agent said. Not evidence.
    Message {
        /// The words.
        text: String,
    },
    /// What the user said while the task ran. Not evidence.
    UserMessage {
        /// The words.
        text: String,
    },
    /// An attempt to reach the network.
    Network(Network),
    /// The user allowed or denied something.
    Approval(Approval),
    /// A rule of the policy spoke.
    Policy(Policy),
    /// The proposal is complete and can be reviewed.
    Proposal(ProposalReady),
    /// The user decided on a change.
    Review(ReviewDecision),
    /// A sentence of the agent was checked.
    Claim(ClaimChecked),
    /// The task ended.
    End(Ended),
}

/// The type of an event, as its `type` tag says it.
pub type EventKind = &'static str;

impl Event {
    /// The agent thought `text`.
    pub fn reasoning(text: impl Into<String>) -> Self {
        Self::Reasoning { text: text.into() }
    }

    /// The agent said `text`.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message { text: text.into() }
    }

    /// Its type, as in the JSON form.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Task(_) => "task",
            Self::Shadow(_) => "shadow",
            Self::Command(_) => "command",
            Self::FileRead(_) => "file_read",
            Self::Search(_) => "search",
            Self::FileEdit(_) => "file_edit",
            Self::ToolError(_) => "tool_error",
            Self::ModelTurn(_) => "model_turn",
            Self::Reasoning { .. } => "reasoning",
            Self::Message { .. } => "message",
            Self::UserMessage { .. } => "user_message",
            Self::Network(_) => "network",
            Self::Approval(_) => "approval",
            Self::Policy(_) => "policy",
            Self::Proposal(_) => "proposal",
            Self::Review(_) => "review",
            Self::Claim(_) => "claim",
            Self::End(_) => "end",
        }
    }

    /// The blobs without which the event says less than it claims: `verify` reports each that is missing.
    #[must_use]
    pub fn blobs(&self) -> Vec<Digest> {
        match self {
            Self::Command(ran) => vec![ran.stdout.blob, ran.stderr.blob],
            Self::ModelTurn(turn) => turn.request.into_iter().chain(turn.response).collect(),
            Self::Proposal(proposal) => {
                let named = proposal.stored.iter().copied();
                proposal.diff.into_iter().chain(proposal.review).chain(named).collect()
            }
            Self::Task(_)
            | Self::Shadow(_)
            | Self::FileRead(_)
            | Self::Search(_)
            | Self::FileEdit(_)
            | Self::ToolError(_)
            | Self::Reasoning { .. }
            | Self::Message { .. }
            | Self::UserMessage { .. }
            | Self::Network(_)
            | Self::Approval(_)
            | Self::Policy(_)
            | Self::Review(_)
            | Self::Claim(_)
            | Self::End(_) => Vec::new(),
        }
    }

    /// Digests of file contents that the event names. Whether the store also has the bytes is the writer's choice.
    #[must_use]
    pub fn contents(&self) -> Vec<Digest> {
        match self {
            Self::Command(ran) => {
                ran.changed.iter().flat_map(|file| [file.before, file.after]).flatten().collect()
            }
            Self::Proposal(ready) => {
                ready.files.iter().flat_map(|file| [file.before, file.after]).flatten().collect()
            }
            Self::FileEdit(edit) => edit.before.into_iter().chain(edit.after).collect(),
            Self::FileRead(read) => read.digest.into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::RefusedBy;

    #[test]
    fn one_flat_object_tagged_by_type() {
        let said = Event::message("hello");
        assert_eq!(serde_json::to_string(&said).unwrap(), r#"{"type":"message","text":"hello"}"#);
        let end = Event::End(Ended::Refused { by: RefusedBy::Model, reason: "no".into() });
        let json = r#"{"type":"end","outcome":"refused","by":"model","reason":"no"}"#;
        assert_eq!(serde_json::to_string(&end).unwrap(), json);
        assert_eq!(serde_json::from_str::<Event>(json).unwrap(), end);
        assert_eq!(
            serde_json::from_str::<Event>(r#"{"type":"end","outcome":"cancelled"}"#).unwrap().kind(),
            "end"
        );
    }

    #[test]
    fn unknown_fields_and_types_are_errors() {
        for json in [
            r#"{"type":"message","text":"a","more":1}"#,
            r#"{"type":"end","outcome":"failed","reason":"a","more":1}"#,
            r#"{"type":"dance"}"#,
            r#"{"type":"message"}"#,
        ] {
            assert!(serde_json::from_str::<Event>(json).is_err(), "{json}");
        }
    }
}
