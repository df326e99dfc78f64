//! What an agent and a language model say to each other, whatever the provider's wire format.
//!
//! Invariants
//! - A turn is kept as the provider sent it ([`Turn::replay`]) and given back word for word; nothing is rebuilt.
//! - Nothing here acts: a tool call is data until the agent has parsed it.
//! - A turn is delivered once and whole, or not at all.
//! - A key goes into a header of a request to its own endpoint; besides, only the record's redactor sees it.
//!
//! Absent on purpose
//! - Deciding what to do with an answer: that is the agent's.

mod answer;
mod attempt;
mod client;
mod endpoint;
mod error;
mod fault;
mod http;
mod hush;
mod keys;
mod manners;
mod probe;
mod sse;
mod wire;

use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

pub use client::Client;
pub use endpoint::{Effort, Endpoint, Header, KeySource, ProxyChoice, WireFormat};
pub use error::{ModelError, Place};
pub use keys::Keys;
pub use probe::{Check, Found, probe};

/// A request: everything the model is told. The prefix (system, tools, older items) is the same from turn to turn, so
/// that providers can cache it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Our own instructions.
    pub system: &'a str,
    /// The conversation so far.
    pub items: &'a [Item],
    /// What the model may call.
    pub tools: &'a [ToolSpec],
    /// The most tokens it may write in this turn; `None` for the endpoint's own limit.
    pub output_tokens_max: Option<u32>,
}

/// One entry of a conversation.
#[derive(Debug, Clone)]
pub enum Item {
    /// What the user, or the program on the user's behalf, says.
    User(String),
    /// What the model said.
    Turn(Arc<Turn>),
    /// The answers to all calls of the turn before, in its order.
    Results(Vec<ToolResult>),
}

/// A tool that the model may call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    /// Its name: ASCII letters, digits and `_`.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// JSON schema of its arguments.
    pub parameters: Value,
    /// The provider's own tool of this shape, if the model was trained on one.
    pub native: Option<NativeTool>,
}

/// Tools that some providers define themselves; sent in their form where the wire format has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeTool {
    /// Responses: `apply_patch`.
    ApplyPatch,
    /// Messages: `text_editor_20250728`, named `str_replace_based_edit_tool`.
    TextEditor,
    /// Messages: `bash_20250124`, named `bash`.
    Bash,
}

/// A whole answer of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// What it said.
    pub text: String,
    /// What it thought, as far as the provider shows it.
    pub reasoning: String,
    /// What it calls, in order.
    pub calls: Vec<ToolCall>,
    /// Why it stopped.
    pub stop: StopReason,
    /// What it cost.
    pub usage: Usage,
    /// The provider's form of the turn, for the next request. Opaque to everybody but the wire format that made it.
    pub replay: Value,
    /// What was exchanged, for the record.
    pub exchange: Exchange,
}

/// A tool call, not parsed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The provider's identifier; made up by us where it sent none.
    pub id: String,
    /// The tool's name as the model wrote it.
    pub name: String,
    /// Its arguments as the model wrote them: JSON if all went well.
    pub arguments: String,
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// The call's identifier.
    pub id: String,
    /// What the model is told.
    pub text: String,
    /// Whether the tool failed.
    pub failed: bool,
}

/// Why a turn ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// It has said what it had to say.
    Done,
    /// It waits for the results of its calls.
    Calls,
    /// It was cut at the limit of tokens.
    Length,
    /// The provider or the model refuses; its words, which may be empty.
    Refused(String),
    /// Anything else, as the provider names it.
    Other(String),
}

/// Tokens, as the provider counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Read, those from a cache included.
    pub input_tokens: u64,
    /// Of those, from the provider's cache.
    pub cached_tokens: u64,
    /// Written, reasoning included.
    pub output_tokens: u64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, more: Self) {
        self.input_tokens += more.input_tokens;
        self.cached_tokens += more.cached_tokens;
        self.output_tokens += more.output_tokens;
    }
}

/// The bytes of one exchange. Headers, and so keys, are not part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The model that answered, as the provider names it.
    pub model: String,
    /// Body of the request.
    pub request: Vec<u8>,
    /// Body of the answer, up to a limit.
    pub response: Vec<u8>,
    /// The provider's identifier of the request, from its headers.
    pub request_id: Option<String>,
    /// The provider's identifier of the answer.
    pub response_id: Option<String>,
    /// From the first byte sent to the last received, tries that failed not counted.
    pub duration: Duration,
}

/// A piece of an answer as it comes in, for whoever shows progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delta<'a> {
    /// More of what it says.
    Text(&'a str),
    /// More of what it thinks.
    Reasoning(&'a str),
    /// It begins to call this tool.
    Call(&'a str),
    /// The request is tried again: what was shown of this turn is void. One sentence for the user.
    Again(&'a str),
}
