//! Chat Completions, as OpenAI and llama.cpp write it.

use serde_json::{Value, json};

use super::http::Said;
use super::turn::pieces;
use super::{Fault, MODEL, Stop, Turn};

pub(super) fn said(turn: &Turn, body: &Value) -> Said {
    let finish = match turn.stop {
        Some(Stop::Length) => "length",
        Some(Stop::Refusal) => "content_filter",
        None if turn.calls.is_empty() => "stop",
        None => "tool_calls",
    };
    let mut deltas = vec![if turn.is(|fault| matches!(fault, Fault::Bare)) {
        json!({ "role": "assistant", "content": null })
    } else {
        json!({ "role": "assistant", "content": "" })
    }];
    deltas.extend(pieces(&turn.reasoning, 9).into_iter().map(|piece| json!({ "reasoning_content": piece })));
    let text_at = deltas.len();
    deltas.extend(pieces(&turn.text, 8).into_iter().map(|piece| json!({ "content": piece })));
    deltas.extend(call_deltas(turn).into_iter().map(|call| json!({ "tool_calls": [call] })));
    let mut events: Vec<String> = deltas.iter().map(|delta| event(delta, None)).collect();
    events.push(event(&json!({}), Some(finish)));
    let usage = json!({
        "prompt_tokens": turn.usage.input, "completion_tokens": turn.usage.output,
        "total_tokens": turn.usage.input + turn.usage.output,
        "prompt_tokens_details": { "cached_tokens": turn.usage.cached },
    });
    if body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true)) {
        let mut last = chunk(&json!({}), None);
        (last["choices"], last["usage"]) = (json!([]), usage.clone());
        events.push(format!("data: {last}\n\n"));
    }
    Said {
        events,
        done: "data: [DONE]\n\n".to_owned(),
        whole: whole(turn, finish, &usage),
        piece: event(&json!({ "content": "word " }), None),
        text_at,
    }
}

fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1_790_000_000, "model": MODEL,
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
    })
}

fn event(delta: &Value, finish: Option<&str>) -> String {
    format!("data: {}\n\n", chunk(delta, finish))
}

/// The pieces of the calls: the head with the name, then the arguments.
fn call_deltas(turn: &Turn) -> Vec<Value> {
    let repeated = turn.is(|fault| matches!(fault, Fault::RepeatedNames));
    let bare = turn.is(|fault| matches!(fault, Fault::Bare));
    let mut all: Vec<Vec<Value>> = Vec::new();
    for (index, call) in turn.calls.iter().enumerate() {
        let signature = json!({ "google": { "thought_signature": format!("signature-{index}") } });
        if bare {
            all.push(vec![
                json!({ "type": "function", "function": { "name": call.name, "arguments": call.arguments } }),
            ]);
            continue;
        }
        let mut deltas = vec![json!({
            "index": index, "id": format!("call_{index}_of_{}", call.name), "type": "function",
            "function": { "name": call.name, "arguments": "" }, "extra_content": signature,
        })];
        deltas.extend(pieces(&call.arguments(), 7).into_iter().map(|piece| {
            let mut delta = json!({ "index": index, "function": { "arguments": piece } });
            if repeated {
                delta["function"]["name"] = call.name.as_str().into();
                delta["id"] = format!("call_{index}_of_{}", call.name).into();
                delta["type"] = "function".into();
            }
            delta
        }));
        all.push(deltas);
    }
    if !turn.is(|fault| matches!(fault, Fault::Interleaved)) {
        return all.concat();
    }
    let longest = all.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|at| all.iter().filter_map(move |deltas| deltas.get(at).cloned())).collect()
}

fn whole(turn: &Turn, finish: &str, usage: &Value) -> Value {
    let mut message = json!({ "role": "assistant", "content": turn.text });
    if !turn.reasoning.is_empty() {
        message["reasoning_content"] = turn.reasoning.as_str().into();
    }
    if !turn.calls.is_empty() {
        message["content"] = if turn.text.is_empty() { Value::Null } else { turn.text.as_str().into() };
        let calls = turn.calls.iter().enumerate().map(|(index, call)| {
            json!({
                "id": format!("call_{index}_of_{}", call.name), "type": "function",
                "function": { "name": call.name, "arguments": call.arguments() },
            })
        });
        message["tool_calls"] = calls.collect();
    }
    json!({
        "id": "chatcmpl-scripted", "object": "chat.completion", "created": 1_790_000_000, "model": MODEL,
        "choices": [{ "index": 0, "message": message, "finish_reason": finish }], "usage": usage,
    })
}
