//! What the real providers refuse. A request that breaks one of these rules gets status 400 and the rule.

use serde_json::Value;

use super::Received;

type Verdict = Result<(), String>;

fn demand(holds: bool, rule: &str) -> Verdict {
    if holds { Ok(()) } else { Err(rule.to_owned()) }
}

fn list<'v>(value: &'v Value, name: &str) -> Result<&'v Vec<Value>, String> {
    value[name].as_array().ok_or_else(|| format!("`{name}` must be a list"))
}

/// Chat Completions.
pub(super) fn chat(body: &Value) -> Verdict {
    demand(body["model"].is_string(), "`model` is required")?;
    let messages = list(body, "messages")?;
    demand(!messages.is_empty(), "`messages` is empty")?;
    let mut open: Vec<&str> = Vec::new();
    for message in messages {
        demand(message["content"].is_string(), "`content` must be a text: a template would fail")?;
        let role = message["role"].as_str().unwrap_or_default();
        if role == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            let place = open.iter().position(|known| *known == id);
            let place = place.ok_or("a message with role 'tool' must answer a call of the message before")?;
            open.remove(place);
            continue;
        }
        demand(
            open.is_empty(),
            "an assistant message with 'tool_calls' must be followed by the answer to each",
        )?;
        demand(["system", "user", "assistant"].contains(&role), "unknown role")?;
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            demand(call["function"]["arguments"].is_string(), "`arguments` must be a text")?;
            open.push(call["id"].as_str().ok_or("a call needs an `id`")?);
        }
    }
    demand(open.is_empty(), "a call has no answer")?;
    for tool in body["tools"].as_array().into_iter().flatten() {
        demand(
            tool["type"] == "function" && tool["function"]["name"].is_string(),
            "a tool must be a function",
        )?;
    }
    demand(body["stream"] == true || body.get("stream_options").is_none(), "`stream_options` needs `stream`")
}

/// Responses.
pub(super) fn responses(body: &Value) -> Verdict {
    demand(body["model"].is_string(), "`model` is required")?;
    if body["input"].is_string() {
        return Ok(());
    }
    let input = list(body, "input")?;
    let mut open: Vec<(&str, &str)> = Vec::new();
    for (at, item) in input.iter().enumerate() {
        let kind = item["type"].as_str().unwrap_or("message");
        if let Some(answers) = kind.strip_suffix("_output") {
            let id = item["call_id"].as_str().unwrap_or_default();
            let place = open.iter().position(|known| *known == (answers, id));
            open.remove(place.ok_or_else(|| format!("No tool call found for output with call_id {id}."))?);
            continue;
        }
        match kind {
            "reasoning" => {
                demand(
                    item["encrypted_content"].is_string(),
                    "Item 'rs_scripted' not found: it was not stored",
                )?;
                let next = input.get(at + 1).map(|item| &item["type"]);
                let follows = next.is_some_and(|next| next != "reasoning");
                demand(
                    follows,
                    "Item 'rs_scripted' of type 'reasoning' was provided without its required following item.",
                )?;
            }
            "function_call" | "apply_patch_call" | "custom_tool_call" => {
                open.push((kind, item["call_id"].as_str().ok_or("a call needs a `call_id`")?));
            }
            _ => demand(open.is_empty(), "No tool output found for function call.")?,
        }
    }
    demand(open.is_empty(), "No tool output found for function call.")
}

/// Anthropic Messages.
pub(super) fn messages(request: &Received) -> Verdict {
    let body = &request.body;
    demand(request.header("anthropic-version").is_some(), "anthropic-version: header is required")?;
    demand(body["max_tokens"].is_u64(), "max_tokens: Field required")?;
    let messages = list(body, "messages")?;
    let mut open: Vec<&str> = Vec::new();
    let mut before = "assistant";
    for message in messages {
        let role = message["role"].as_str().unwrap_or_default();
        demand(role != before, "roles must alternate between \"user\" and \"assistant\"")?;
        before = role;
        let Some(blocks) = message["content"].as_array() else { continue };
        demand(!blocks.is_empty(), "all messages must have non-empty content")?;
        let mut results_over = false;
        for block in blocks {
            if block["type"] == "tool_result" {
                demand(!results_over, "tool_result blocks must come first in their message")?;
                let id = block["tool_use_id"].as_str().unwrap_or_default();
                let place = open.iter().position(|known| *known == id);
                open.remove(place.ok_or("unexpected tool_use_id in tool_result")?);
                continue;
            }
            results_over = true;
            demand(block["type"] != "text" || block["text"] != "", "text content blocks must be non-empty")?;
            demand(
                block["type"] != "thinking" || block["signature"] != "",
                "a thinking block needs its signature",
            )?;
            if block["type"] == "tool_use" {
                demand(block["input"].is_object(), "tool_use.input: Input should be a valid dictionary")?;
                open.push(block["id"].as_str().unwrap_or_default());
            }
        }
        demand(
            role == "assistant" || open.is_empty(),
            "`tool_use` ids were found without `tool_result` blocks",
        )?;
    }
    let marks = body.to_string().matches("\"cache_control\"").count();
    demand(marks <= 4, "A maximum of 4 blocks with cache_control may be provided")
}
