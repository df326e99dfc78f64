//! Responses, as OpenAI writes it.

use serde_json::{Value, json};

use super::http::Said;
use super::turn::pieces;
use super::{Call, Fault, MODEL, Stop, Turn};

pub(super) fn said(turn: &Turn, body: &Value) -> Said {
    let bare = turn.is(|fault| matches!(fault, Fault::PiecesOnly));
    let mut writer = Writer { sequence: 0, events: Vec::new(), bare };
    let begun = response(turn, "in_progress", &json!([]));
    writer.event(json!({ "type": "response.created", "response": begun }));
    writer.event(json!({ "type": "response.in_progress", "response": begun }));
    let items = items(turn, body);
    let mut text_at = writer.events.len();
    for (index, item) in items.iter().enumerate() {
        writer.item(index, item, &mut text_at);
    }
    let status = if turn.stop.is_some() { "incomplete" } else { "completed" };
    let whole = response(turn, status, &Value::Array(items.clone()));
    let last = if bare { response(turn, status, &json!([])) } else { whole.clone() };
    let done = writer.text(json!({ "type": format!("response.{status}"), "response": last }));
    let at = items.iter().position(|item| item["type"] == "message").unwrap_or(0);
    let piece = json!({
        "type": "response.output_text.delta", "output_index": at, "content_index": 0, "item_id": "msg_scripted",
        "delta": "word ", "sequence_number": 0,
    });
    Said {
        events: writer.events,
        done,
        whole,
        piece: format!("event: response.output_text.delta\ndata: {piece}\n\n"),
        text_at,
    }
}

struct Writer {
    sequence: u64,
    events: Vec<String>,
    /// Whether items that are done lack what their pieces said.
    bare: bool,
}

impl Writer {
    fn text(&mut self, mut event: Value) -> String {
        event["sequence_number"] = self.sequence.into();
        self.sequence += 1;
        format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())
    }

    fn event(&mut self, event: Value) {
        let text = self.text(event);
        self.events.push(text);
    }

    fn item(&mut self, index: usize, item: &Value, text_at: &mut usize) {
        let id = item["id"].clone();
        let mut begun = item.clone();
        for (name, empty) in
            [("content", json!([])), ("arguments", json!("")), ("input", json!("")), ("summary", json!([]))]
        {
            if begun.get(name).is_some() {
                begun[name] = empty;
            }
        }
        begun["status"] = "in_progress".into();
        self.event(json!({ "type": "response.output_item.added", "output_index": index, "item": begun }));
        let place = json!({ "output_index": index, "item_id": id });
        let delta = |kind: &str, more: Value| placed(&place, kind, &more);
        match item["type"].as_str() {
            Some("message") => self.message(&place, item, text_at),
            Some("reasoning") => self.reasoning(&place, item),
            Some("function_call") => {
                let arguments = item["arguments"].as_str().unwrap_or_default();
                for piece in pieces(arguments, 7) {
                    self.event(delta("response.function_call_arguments.delta", json!({ "delta": piece })));
                }
                let done = json!({ "arguments": arguments, "name": item["name"] });
                self.event(delta("response.function_call_arguments.done", done));
            }
            _ => {}
        }
        if !self.bare {
            self.event(json!({ "type": "response.output_item.done", "output_index": index, "item": item }));
        }
    }

    fn message(&mut self, place: &Value, item: &Value, text_at: &mut usize) {
        let delta = |kind: &str, more: Value| placed(place, kind, &more);
        let text = item["content"][0]["text"].as_str().unwrap_or_default();
        let part = |text: &str| {
            let part = json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] });
            json!({ "content_index": 0, "part": part })
        };
        self.event(delta("response.content_part.added", part("")));
        *text_at = self.events.len();
        for piece in pieces(text, 8) {
            let more = json!({ "content_index": 0, "delta": piece, "logprobs": [] });
            self.event(delta("response.output_text.delta", more));
        }
        let done = json!({ "content_index": 0, "text": text, "logprobs": [] });
        self.event(delta("response.output_text.done", done));
        self.event(delta("response.content_part.done", part(text)));
    }

    fn reasoning(&mut self, place: &Value, item: &Value) {
        let delta = |kind: &str, more: Value| placed(place, kind, &more);
        let text = item["summary"][0]["text"].as_str().unwrap_or_default();
        let part =
            |text: &str| json!({ "summary_index": 0, "part": { "type": "summary_text", "text": text } });
        self.event(delta("response.reasoning_summary_part.added", part("")));
        for piece in pieces(text, 9) {
            let more = json!({ "summary_index": 0, "delta": piece });
            self.event(delta("response.reasoning_summary_text.delta", more));
        }
        let done = json!({ "summary_index": 0, "text": text });
        self.event(delta("response.reasoning_summary_text.done", done));
        self.event(delta("response.reasoning_summary_part.done", part(text)));
    }
}

/// An event at an item's place.
fn placed(place: &Value, kind: &str, more: &Value) -> Value {
    let mut event = place.clone();
    event["type"] = kind.into();
    for (name, value) in more.as_object().into_iter().flatten() {
        event[name.as_str()] = value.clone();
    }
    event
}

fn response(turn: &Turn, status: &str, output: &Value) -> Value {
    let reason = match turn.stop {
        Some(Stop::Length) => json!({ "reason": "max_output_tokens" }),
        Some(Stop::Refusal) => json!({ "reason": "content_filter" }),
        None => Value::Null,
    };
    let usage = json!({
        "input_tokens": turn.usage.input, "output_tokens": turn.usage.output,
        "total_tokens": turn.usage.input + turn.usage.output,
        "input_tokens_details": { "cached_tokens": turn.usage.cached },
        "output_tokens_details": { "reasoning_tokens": 0 },
    });
    json!({
        "id": "resp_scripted", "object": "response", "created_at": 1_790_000_000, "status": status, "model": MODEL,
        "output": output, "error": null, "incomplete_details": reason, "instructions": null, "metadata": {},
        "parallel_tool_calls": true, "tool_choice": "auto", "tools": [], "temperature": 1.0, "top_p": 1.0,
        "usage": if status == "in_progress" { Value::Null } else { usage },
    })
}

fn items(turn: &Turn, body: &Value) -> Vec<Value> {
    let tools = body["tools"].as_array().cloned().unwrap_or_default();
    let has_patch = tools.iter().any(|tool| tool["type"] == "apply_patch");
    let mut items = Vec::new();
    if !turn.reasoning.is_empty() {
        items.push(json!({
            "id": "rs_scripted", "type": "reasoning", "encrypted_content": "gAAAA-sealed",
            "summary": [{ "type": "summary_text", "text": turn.reasoning }],
        }));
    }
    if !turn.text.is_empty() {
        items.push(json!({
            "id": "msg_scripted", "type": "message", "role": "assistant", "status": "completed",
            "content": [{ "type": "output_text", "text": turn.text, "annotations": [], "logprobs": [] }],
        }));
    }
    items.extend(turn.calls.iter().enumerate().map(|(index, call)| item(index, call, has_patch)));
    items
}

fn item(index: usize, call: &Call, has_patch: bool) -> Value {
    let call_id = format!("call_{index}_of_{}", call.name);
    if has_patch && call.name == "apply_patch" {
        return json!({
            "id": format!("apc_{index}"), "type": "apply_patch_call", "status": "completed", "call_id": call_id,
            "operation": call.arguments,
        });
    }
    json!({
        "id": format!("fc_{index}"), "type": "function_call", "status": "completed", "call_id": call_id,
        "name": call.name, "arguments": call.arguments(),
    })
}
