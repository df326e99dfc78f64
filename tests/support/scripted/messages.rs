//! Anthropic Messages, as Anthropic writes it.

use serde_json::{Value, json};

use super::http::Said;
use super::turn::pieces;
use super::{MODEL, Stop, Turn};

pub(super) fn said(turn: &Turn) -> Said {
    let stop = match turn.stop {
        Some(Stop::Length) => "max_tokens",
        Some(Stop::Refusal) => "refusal",
        None if turn.calls.is_empty() => "end_turn",
        None => "tool_use",
    };
    let begun = message(turn, &json!([]), &Value::Null, 1);
    let mut events =
        vec![event(&json!({ "type": "message_start", "message": begun })), event(&json!({ "type": "ping" }))];
    let blocks = blocks(turn);
    let mut text_at = events.len();
    for (index, block) in blocks.iter().enumerate() {
        let (empty, deltas) = parts(block);
        events.push(event(&json!({ "type": "content_block_start", "index": index, "content_block": empty })));
        if block["type"] == "text" {
            text_at = events.len();
        }
        let deltas = deltas
            .into_iter()
            .map(|delta| json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        events.extend(deltas.map(|delta| event(&delta)));
        events.push(event(&json!({ "type": "content_block_stop", "index": index })));
    }
    events.push(event(&json!({
        "type": "message_delta", "delta": { "stop_reason": stop, "stop_sequence": null },
        "usage": { "output_tokens": turn.usage.output },
    })));
    let at = blocks.iter().position(|block| block["type"] == "text").unwrap_or(0);
    let piece = json!({ "type": "content_block_delta", "index": at, "delta": { "type": "text_delta", "text": "word " } });
    Said {
        events,
        done: event(&json!({ "type": "message_stop" })),
        whole: message(turn, &Value::Array(blocks.clone()), &stop.into(), turn.usage.output),
        piece: event(&piece),
        text_at,
    }
}

fn event(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default())
}

fn message(turn: &Turn, content: &Value, stop: &Value, output: u64) -> Value {
    json!({
        "id": "msg_scripted", "type": "message", "role": "assistant", "model": MODEL, "content": content,
        "stop_reason": stop, "stop_sequence": null,
        "usage": {
            "input_tokens": turn.usage.input - turn.usage.cached, "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": turn.usage.cached, "output_tokens": output,
        },
    })
}

fn blocks(turn: &Turn) -> Vec<Value> {
    let mut blocks = Vec::new();
    if !turn.reasoning.is_empty() {
        blocks.push(json!({ "type": "thinking", "thinking": turn.reasoning, "signature": "c2lnbmVk" }));
    }
    if !turn.text.is_empty() {
        blocks.push(json!({ "type": "text", "text": turn.text }));
    }
    blocks.extend(turn.calls.iter().enumerate().map(|(index, call)| {
        json!({
            "type": "tool_use", "id": format!("toolu_{index}_of_{}", call.name), "name": call.name,
            "input": call.arguments,
        })
    }));
    blocks
}

/// A block as it starts, and what its deltas add.
fn parts(block: &Value) -> (Value, Vec<Value>) {
    let text = |name: &str| block[name].as_str().unwrap_or_default();
    match block["type"].as_str() {
        Some("thinking") => {
            let mut deltas: Vec<_> = pieces(text("thinking"), 9)
                .into_iter()
                .map(|piece| json!({ "type": "thinking_delta", "thinking": piece }))
                .collect();
            deltas.push(json!({ "type": "signature_delta", "signature": text("signature") }));
            (json!({ "type": "thinking", "thinking": "", "signature": "" }), deltas)
        }
        Some("text") => {
            let deltas = pieces(text("text"), 8)
                .into_iter()
                .map(|piece| json!({ "type": "text_delta", "text": piece }));
            (json!({ "type": "text", "text": "" }), deltas.collect())
        }
        _ => {
            let input = block["input"].as_str().map_or_else(|| block["input"].to_string(), str::to_owned);
            let deltas = pieces(&input, 7).into_iter();
            let first = json!({ "type": "input_json_delta", "partial_json": "" });
            let deltas = deltas.map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }));
            let empty = json!({ "type": "tool_use", "id": block["id"], "name": block["name"], "input": {} });
            (empty, std::iter::once(first).chain(deltas).collect())
        }
    }
}
