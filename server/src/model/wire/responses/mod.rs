//! Responses: the request.
//!
//! Invariants
//! - Nothing is stored at the provider: every request holds the whole conversation, encrypted reasoning included.
//! - The items of a turn go back in their order, because a reasoning item must stand before what it led to.

mod assembly;

use serde_json::{Map, Value, json};

pub(super) use assembly::{Streamed, whole};

use super::history::{self, Entry};
use super::{kept, output_tokens, text};
use crate::model::endpoint::Endpoint;
use crate::model::manners::{Manners, Plainness, Thinking};
use crate::model::{NativeTool, Request, ToolCall, ToolResult, ToolSpec, Turn};

pub(super) fn body(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), endpoint.model.as_str().into());
    body.insert("instructions".into(), request.system.into());
    body.insert("input".into(), input(endpoint, request, manners).into());
    if !request.tools.is_empty() {
        let native = endpoint.native_tools && !manners.no_native;
        body.insert("tools".into(), request.tools.iter().map(|spec| tool(spec, native)).collect());
        if !manners.no_parallel_switch {
            body.insert("parallel_tool_calls".into(), endpoint.parallel_calls.into());
        }
    }
    body.insert("store".into(), false.into());
    body.insert("include".into(), json!(["reasoning.encrypted_content"]));
    body.insert("stream".into(), (endpoint.stream && !manners.whole).into());
    if let Some(tokens) = output_tokens(endpoint, request, manners) {
        body.insert("max_output_tokens".into(), tokens.into());
    }
    if let Some(temperature) = endpoint.temperature.filter(|_| !manners.no_temperature) {
        body.insert("temperature".into(), temperature.into());
    }
    if let Some(effort) = endpoint.effort.filter(|_| manners.thinking == Thinking::Adaptive) {
        let mut reasoning = json!({ "effort": effort.name() });
        if let (Some(reasoning), false) = (reasoning.as_object_mut(), manners.no_summary) {
            reasoning.insert("summary".into(), "auto".into());
        }
        body.insert("reasoning".into(), reasoning);
    }
    body.into()
}

fn tool(tool: &ToolSpec, native: bool) -> Value {
    if native && tool.native == Some(NativeTool::ApplyPatch) {
        return json!({ "type": "apply_patch" });
    }
    json!({
        "type": "function", "name": tool.name, "description": tool.description,
        "parameters": tool.parameters, "strict": false,
    })
}

fn input(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Vec<Value> {
    let mut input = Vec::new();
    let plain = manners.history == Plainness::Text;
    let mut items: &[Value] = &[];
    for entry in history::entries(request.items) {
        match entry {
            Entry::User(text) => input.push(message("user", text)),
            Entry::Turn(turn) if plain => input.push(message("assistant", &history::calls_as_text(turn))),
            Entry::Turn(turn) => {
                let known = kept(endpoint, turn).and_then(Value::as_array);
                items = known.map_or(&[], Vec::as_slice);
                match known {
                    Some(items) if manners.history == Plainness::Verbatim => {
                        input.extend(items.iter().filter(|item| can_go_back(item, manners)).cloned());
                    }
                    _ => input.extend(rebuilt(turn, items)),
                }
            }
            Entry::Results(results) if plain => {
                let texts: Vec<_> =
                    results.iter().map(|(call, result)| history::as_text(call, result)).collect();
                input.push(message("user", &texts.join("\n")));
            }
            Entry::Results(results) => {
                input.extend(results.iter().map(|(call, result)| output(call, result, items)));
            }
        }
    }
    input
}

fn message(role: &str, text: &str) -> Value {
    json!({ "role": role, "content": text })
}

/// Reasoning can go back if all of it is in the item: what the provider keeps only under a number is not kept.
fn can_go_back(item: &Value, manners: &Manners) -> bool {
    if text(item, "type") != Some("reasoning") {
        return true;
    }
    let has = |name: &str| item.get(name).is_some_and(|value| !value.is_null() && value != &json!([]));
    !manners.no_reasoning_history && (has("encrypted_content") || has("content"))
}

/// A turn in this format's words. A call that was a provider's own stays one, since its answer must be of its kind.
fn rebuilt(turn: &Turn, items: &[Value]) -> Vec<Value> {
    let said = (!turn.text.is_empty()).then(|| message("assistant", &turn.text));
    let call = |call: &ToolCall| match item_of(call, items) {
        Some(item) if text(item, "type") != Some("function_call") => item.clone(),
        _ => json!({
            "type": "function_call", "call_id": call.id, "name": call.name,
            "arguments": if super::sound(&call.arguments) { call.arguments.as_str() } else { "{}" },
        }),
    };
    said.into_iter().chain(turn.calls.iter().map(call)).collect()
}

fn item_of<'i>(call: &ToolCall, items: &'i [Value]) -> Option<&'i Value> {
    items.iter().find(|item| text(item, "call_id") == Some(&call.id))
}

fn output(call: &ToolCall, result: &ToolResult, items: &[Value]) -> Value {
    match item_of(call, items).and_then(|item| text(item, "type")) {
        Some("apply_patch_call") => json!({
            "type": "apply_patch_call_output", "call_id": call.id,
            "status": if result.failed { "failed" } else { "completed" }, "output": result.text,
        }),
        Some("custom_tool_call") => {
            json!({ "type": "custom_tool_call_output", "call_id": call.id, "output": result.text })
        }
        _ => json!({ "type": "function_call_output", "call_id": call.id, "output": result.text }),
    }
}
