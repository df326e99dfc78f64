//! Chat Completions: the request.
//!
//! Invariants
//! - `content` is a text in every message, never null: templates of local servers fail on null.
//! - What the provider sent of a turn (reasoning, signatures in `extra_content`) goes back as it came, unless the
//!   endpoint has refused that.

mod assembly;

use serde_json::{Map, Value, json};

pub(super) use assembly::{Streamed, whole};

use super::history::{self, Entry};
use super::{kept, output_tokens, sound};
use crate::model::endpoint::Endpoint;
use crate::model::manners::{Manners, Plainness, Thinking};
use crate::model::{Request, ToolSpec, Turn};

/// Fields of an assistant message that are its reasoning, by their several names.
const REASONING: &[&str] = &["reasoning_content", "reasoning", "reasoning_details", "thinking_blocks"];

pub(super) fn body(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), endpoint.model.as_str().into());
    body.insert("messages".into(), messages(endpoint, request, manners).into());
    if !request.tools.is_empty() {
        body.insert("tools".into(), request.tools.iter().map(tool).collect());
        if !endpoint.parallel_calls && !manners.no_parallel_switch {
            body.insert("parallel_tool_calls".into(), false.into());
        }
    }
    let stream = endpoint.stream && !manners.whole;
    body.insert("stream".into(), stream.into());
    if stream && !manners.no_stream_options {
        body.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    if let Some(tokens) = output_tokens(endpoint, request, manners) {
        let name = if manners.completion_tokens { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.into(), tokens.into());
    }
    if let Some(temperature) = endpoint.temperature.filter(|_| !manners.no_temperature) {
        body.insert("temperature".into(), temperature.into());
    }
    if let Some(effort) = endpoint.effort.filter(|_| manners.thinking == Thinking::Adaptive) {
        body.insert("reasoning_effort".into(), effort.name().into());
    }
    body.into()
}

fn tool(tool: &ToolSpec) -> Value {
    json!({
        "type": "function",
        "function": { "name": tool.name, "description": tool.description, "parameters": tool.parameters },
    })
}

fn messages(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Vec<Value> {
    let mut messages = vec![json!({ "role": "system", "content": request.system })];
    let mut by_text = false;
    for entry in history::entries(request.items) {
        match entry {
            Entry::User(text) => user(&mut messages, text, manners),
            Entry::Turn(turn) => {
                let (message, calls_in_text) = assistant(endpoint, turn, manners);
                by_text = calls_in_text;
                messages.push(message);
            }
            Entry::Results(results) if by_text => {
                let texts: Vec<_> =
                    results.iter().map(|(call, result)| history::as_text(call, result)).collect();
                user(&mut messages, &texts.join("\n"), manners);
            }
            Entry::Results(results) => messages.extend(results.iter().map(
                |(call, result)| json!({ "role": "tool", "tool_call_id": call.id, "content": result.text }),
            )),
        }
    }
    messages
}

/// Two messages of the user in a row are one to servers that want roles to alternate.
fn user(messages: &mut Vec<Value>, text: &str, manners: &Manners) {
    let last = messages.last_mut().filter(|last| last.get("role").and_then(Value::as_str) == Some("user"));
    match last.and_then(|last| last.get_mut("content")) {
        Some(Value::String(before)) if manners.history > Plainness::Verbatim => {
            before.push_str("\n\n");
            before.push_str(text);
        }
        _ => messages.push(json!({ "role": "user", "content": text })),
    }
}

/// The message, and whether its calls are in its text.
fn assistant(endpoint: &Endpoint, turn: &Turn, manners: &Manners) -> (Value, bool) {
    if manners.history == Plainness::Text {
        return (json!({ "role": "assistant", "content": history::calls_as_text(turn) }), true);
    }
    match kept(endpoint, turn).and_then(Value::as_object) {
        Some(message) if manners.history == Plainness::Verbatim => {
            let mut message = message.clone();
            if manners.no_reasoning_history {
                REASONING.iter().for_each(|name| drop(message.shift_remove(*name)));
            }
            let in_text = !turn.calls.is_empty() && !message.contains_key("tool_calls");
            (message.into(), in_text)
        }
        _ => (rebuilt(turn), false),
    }
}

/// A turn that another provider made, or that this one cannot take back as it was.
fn rebuilt(turn: &Turn) -> Value {
    let mut message = json!({ "role": "assistant", "content": turn.text });
    if !turn.calls.is_empty() {
        let calls = turn.calls.iter().map(|call| {
            let arguments = if sound(&call.arguments) { call.arguments.as_str() } else { "{}" };
            json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
        });
        let calls: Vec<_> = calls.collect();
        if let Value::Object(message) = &mut message {
            message.insert("tool_calls".into(), calls.into());
        }
    }
    message
}
