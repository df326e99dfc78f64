//! The three wire formats: from a request to a body, and from what comes back to a turn.
//!
//! Invariants
//! - What a provider sends is kept as it is for the next request (`replay`) beside the view that the agent reads.
//! - An assembly gives nothing until the answer is whole.

mod chat;
mod history;
mod messages;
mod responses;
mod text_calls;

use serde_json::{Map, Value};

use super::endpoint::{Endpoint, WireFormat};
use super::fault::Complaint;
use super::manners::Manners;
use super::{Delta, Request, StopReason, ToolCall, Usage};

/// A whole answer, in our words.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) calls: Vec<ToolCall>,
    pub(super) stop: Option<StopReason>,
    pub(super) usage: Usage,
    /// The provider's form of the turn.
    pub(super) kept: Value,
    pub(super) model: String,
    pub(super) id: Option<String>,
}

/// Why an answer cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// The provider says that something is wrong.
    Said(Complaint),
    /// It ended before it was whole.
    Cut(String),
    /// It is not what this format has.
    Garbage(String),
}

/// Whether more has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// More must come.
    More,
    /// It is whole, but figures about it may follow.
    Enough,
    /// It is whole.
    Done,
}

/// Where a piece of an answer goes as soon as it is there.
pub(super) type Shown<'d> = &'d mut dyn FnMut(Delta<'_>);

/// Puts an answer together from its events.
pub(super) trait Assembly {
    /// Takes the next event.
    fn event(&mut self, name: &str, data: &str, shown: Shown<'_>) -> Result<Flow, Fault>;

    /// The answer, when no more events come.
    fn finish(self: Box<Self>, asked: &Asked) -> Result<Assembled, Fault>;
}

/// What an answer is read against.
#[derive(Debug)]
pub(super) struct Asked {
    /// The names of the tools that were offered.
    pub(super) tools: Vec<String>,
    /// The name under which the agent knows a tool for patches that the provider defines.
    pub(super) patch_tool: Option<String>,
    /// How many entries the conversation has: makes identifiers that we have to invent different from turn to turn.
    pub(super) entries: usize,
}

impl Asked {
    pub(super) fn of(request: &Request<'_>) -> Self {
        let patch = request.tools.iter().find(|tool| tool.native == Some(super::NativeTool::ApplyPatch));
        Self {
            tools: request.tools.iter().map(|tool| tool.name.clone()).collect(),
            patch_tool: patch.map(|tool| tool.name.clone()),
            entries: request.items.len(),
        }
    }

    /// An identifier for a call that came without one.
    fn invented_id(&self, at: usize) -> String {
        format!("call_{}_{at}", self.entries)
    }
}

/// What is added to the base address.
pub(super) const fn operation(format: WireFormat) -> &'static str {
    match format {
        WireFormat::Chat => "chat/completions",
        WireFormat::Responses => "responses",
        WireFormat::Messages => "messages",
    }
}

/// The body of a request.
pub(super) fn body(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Value {
    let mut body = match endpoint.format {
        WireFormat::Chat => chat::body(endpoint, request, manners),
        WireFormat::Responses => responses::body(endpoint, request, manners),
        WireFormat::Messages => messages::body(endpoint, request, manners),
    };
    if let Value::Object(fields) = &mut body {
        for (name, value) in &endpoint.body {
            fields.insert(name.clone(), value.clone());
        }
    }
    body
}

/// An empty assembly.
pub(super) fn assembly(format: WireFormat) -> Box<dyn Assembly> {
    match format {
        WireFormat::Chat => Box::<chat::Streamed>::default(),
        WireFormat::Responses => Box::<responses::Streamed>::default(),
        WireFormat::Messages => Box::<messages::Streamed>::default(),
    }
}

/// An answer that came whole.
pub(super) fn whole(format: WireFormat, value: &Value, asked: &Asked) -> Result<Assembled, Fault> {
    match format {
        WireFormat::Chat => chat::whole(value, asked),
        WireFormat::Responses => responses::whole(value, asked),
        WireFormat::Messages => messages::whole(value, asked),
    }
}

/// The provider's form of a turn, marked with who made it: nobody else may be given it.
pub(super) fn replay(endpoint: &Endpoint, kept: Value) -> Value {
    let mut replay = Map::new();
    replay.insert("format".into(), endpoint.format.name().into());
    replay.insert("profile".into(), endpoint.profile.as_str().into());
    replay.insert("kept".into(), kept);
    replay.into()
}

/// What this endpoint sent for a turn; `None` if somebody else made the turn.
fn kept<'t>(endpoint: &Endpoint, turn: &'t super::Turn) -> Option<&'t Value> {
    let is = |name: &str, wanted: &str| turn.replay.get(name).and_then(Value::as_str) == Some(wanted);
    let ours = is("format", endpoint.format.name()) && is("profile", &endpoint.profile);
    turn.replay.get("kept").filter(|_| ours)
}

/// The data of an event as JSON.
fn parsed(data: &str) -> Result<Value, Fault> {
    serde_json::from_str(data).map_err(|error| Fault::Garbage(format!("an event is not JSON: {error}")))
}

/// The most tokens that may be written, by whoever says the least.
fn output_tokens(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Option<u32> {
    let limits = [request.output_tokens_max, endpoint.output_tokens_max, manners.output_cap];
    limits.into_iter().flatten().min()
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn count(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

/// Whether arguments are a JSON object, as every tool's must be.
fn sound(arguments: &str) -> bool {
    serde_json::from_str::<Value>(arguments).is_ok_and(|value| value.is_object())
}
