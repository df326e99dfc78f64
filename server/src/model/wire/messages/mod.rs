//! Anthropic Messages: the request.
//!
//! Invariants
//! - All results of a turn are in the one user message that follows it, before anything else in it.
//! - Thinking goes back unchanged, with its signature.
//! - The marks of the cache are at the end of what stays the same: tools, system, the last two messages of the user.

mod assembly;

use serde_json::{Map, Value, json};

pub(super) use assembly::{Streamed, whole};

use super::history::{self, Entry};
use super::{kept, output_tokens, text};
use crate::model::endpoint::{Effort, Endpoint};
use crate::model::manners::{Manners, Plainness, Thinking};
use crate::model::{NativeTool, Request, ToolSpec, Turn};

/// What is asked for where nobody says how much: this format has no request without a limit.
const OUTPUT_TOKENS: u32 = 8_192;

pub(super) fn body(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), endpoint.model.as_str().into());
    let tokens = output_tokens(endpoint, request, manners).unwrap_or(OUTPUT_TOKENS);
    body.insert("max_tokens".into(), tokens.into());
    if !request.tools.is_empty() {
        let native = endpoint.native_tools && !manners.no_native;
        let mut tools: Vec<_> = request.tools.iter().map(|spec| tool(spec, native)).collect();
        tools.iter_mut().last().into_iter().for_each(|last| mark(last, manners));
        body.insert("tools".into(), tools.into());
        if !endpoint.parallel_calls && !manners.no_parallel_switch {
            body.insert("tool_choice".into(), json!({ "type": "auto", "disable_parallel_tool_use": true }));
        }
    }
    if !request.system.is_empty() {
        let mut system = json!({ "type": "text", "text": request.system });
        mark(&mut system, manners);
        body.insert("system".into(), json!([system]));
    }
    body.insert("messages".into(), messages(endpoint, request, manners).into());
    body.insert("stream".into(), (endpoint.stream && !manners.whole).into());
    let thinks = think(&mut body, endpoint, manners, tokens);
    if let Some(temperature) = endpoint.temperature.filter(|_| !thinks && !manners.no_temperature) {
        body.insert("temperature".into(), temperature.into());
    }
    body.into()
}

/// Asks for thinking: by effort, as newer models want it, or by a budget, as older ones do.
fn think(body: &mut Map<String, Value>, endpoint: &Endpoint, manners: &Manners, tokens: u32) -> bool {
    let Some(effort) = endpoint.effort.filter(|effort| *effort != Effort::None) else { return false };
    match manners.thinking {
        Thinking::Adaptive => {
            body.insert("thinking".into(), json!({ "type": "adaptive" }));
            body.insert("output_config".into(), json!({ "effort": effort.name() }));
        }
        Thinking::Budget => {
            let wanted = match effort {
                Effort::None | Effort::Low => 2_048,
                Effort::Medium => 8_192,
                Effort::High => 24_576,
            };
            // The budget is a part of the limit, and the answer needs some of that, too.
            let budget = wanted.min(tokens / 2);
            if budget < 1_024 {
                return false;
            }
            body.insert("thinking".into(), json!({ "type": "enabled", "budget_tokens": budget }));
        }
        Thinking::Unsaid => return false,
    }
    true
}

fn tool(tool: &ToolSpec, native: bool) -> Value {
    match tool.native.filter(|_| native) {
        Some(NativeTool::TextEditor) => {
            json!({ "type": "text_editor_20250728", "name": "str_replace_based_edit_tool" })
        }
        Some(NativeTool::Bash) => json!({ "type": "bash_20250124", "name": "bash" }),
        Some(NativeTool::ApplyPatch) | None => json!({
            "name": tool.name, "description": tool.description, "input_schema": tool.parameters,
        }),
    }
}

fn mark(value: &mut Value, manners: &Manners) {
    if let (Some(fields), false) = (value.as_object_mut(), manners.no_cache_marks) {
        fields.insert("cache_control".into(), json!({ "type": "ephemeral" }));
    }
}

fn messages(endpoint: &Endpoint, request: &Request<'_>, manners: &Manners) -> Vec<Value> {
    let mut messages: Vec<(&str, Vec<Value>)> = Vec::new();
    let plain = manners.history == Plainness::Text;
    let mut add = |role: &'static str, blocks: Vec<Value>| match messages.last_mut() {
        Some((last, known)) if *last == role => known.extend(blocks),
        _ => messages.push((role, blocks)),
    };
    for entry in history::entries(request.items) {
        match entry {
            Entry::User(text) => add("user", text_block(text).into_iter().collect()),
            Entry::Turn(turn) if plain => {
                add("assistant", text_block(&history::calls_as_text(turn)).into_iter().collect());
            }
            Entry::Turn(turn) => add("assistant", blocks(endpoint, turn, manners)),
            Entry::Results(results) => {
                let block = |(call, result): &(
                    &crate::model::ToolCall,
                    std::borrow::Cow<'_, crate::model::ToolResult>,
                )| {
                    if plain {
                        return json!({ "type": "text", "text": history::as_text(call, result) });
                    }
                    let mut block =
                        json!({ "type": "tool_result", "tool_use_id": call.id, "content": result.text });
                    if let (Some(fields), true) = (block.as_object_mut(), result.failed) {
                        fields.insert("is_error".into(), true.into());
                    }
                    block
                };
                add("user", results.iter().map(block).collect());
            }
        }
    }
    messages.retain(|(_, blocks)| !blocks.is_empty());
    let users = messages.iter_mut().rev().filter(|(role, _)| *role == "user");
    for block in users.take(2).filter_map(|(_, blocks)| blocks.last_mut()) {
        mark(block, manners);
    }
    messages.into_iter().map(|(role, content)| json!({ "role": role, "content": content })).collect()
}

/// This format refuses an empty text.
fn text_block(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| json!({ "type": "text", "text": text }))
}

fn blocks(endpoint: &Endpoint, turn: &Turn, manners: &Manners) -> Vec<Value> {
    let known = kept(endpoint, turn).and_then(Value::as_array);
    match known.filter(|_| manners.history == Plainness::Verbatim) {
        Some(known) => {
            let thinking =
                |block: &&Value| matches!(text(block, "type"), Some("thinking" | "redacted_thinking"));
            known.iter().filter(|block| !(manners.no_reasoning_history && thinking(block))).cloned().collect()
        }
        None => rebuilt(turn),
    }
}

fn rebuilt(turn: &Turn) -> Vec<Value> {
    let calls = turn.calls.iter().map(|call| {
        let input =
            serde_json::from_str(&call.arguments).ok().filter(Value::is_object).unwrap_or_else(|| json!({}));
        json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input })
    });
    text_block(&turn.text).into_iter().chain(calls).collect()
}
