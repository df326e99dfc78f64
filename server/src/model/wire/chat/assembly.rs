//! Chat Completions: the answer, piece by piece or whole.
//!
//! Invariants
//! - Pieces of a call are joined by `index`; its name is set once, because some servers send it with every piece.
//! - Fields we do not know are kept for the next request.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::{Asked, Assembled, Assembly, Fault, Flow, Shown, count, parsed, sound, text, text_calls};
use super::REASONING;
use crate::model::fault::Complaint;
use crate::model::{Delta, StopReason, ToolCall, Usage};

/// An answer as far as it has come.
#[derive(Debug, Default)]
pub(in crate::model::wire) struct Streamed {
    message: Map<String, Value>,
    calls: BTreeMap<u64, Map<String, Value>>,
    finish: Option<String>,
    usage: Value,
    model: String,
    id: Option<String>,
    seen: bool,
}

impl Assembly for Streamed {
    fn event(&mut self, name: &str, data: &str, shown: Shown<'_>) -> Result<Flow, Fault> {
        if data.trim() == "[DONE]" {
            return Ok(Flow::Done);
        }
        let value = parsed(data)?;
        if name == "error" || value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(Fault::Said(Complaint::of_json(&value)));
        }
        if let Some(model) = text(&value, "model").filter(|_| self.model.is_empty()) {
            self.model = model.to_owned();
        }
        self.id = self.id.take().or_else(|| text(&value, "id").map(str::to_owned));
        if let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) {
            self.usage = usage.clone();
        }
        let choices = value.get("choices").and_then(Value::as_array);
        self.seen |= choices.is_some();
        // Only one answer was asked for; some gateways send an empty list with the usage.
        if let Some(choice) = choices.and_then(|choices| choices.first()) {
            if let Some(delta) =
                choice.get("delta").or_else(|| choice.get("message")).and_then(Value::as_object)
            {
                self.delta(delta, shown)?;
            }
            if let Some(finish) = text(choice, "finish_reason").filter(|finish| !finish.is_empty()) {
                self.finish = Some(finish.to_owned());
            }
        }
        Ok(if self.finish.is_some() { Flow::Enough } else { Flow::More })
    }

    fn finish(self: Box<Self>, asked: &Asked) -> Result<Assembled, Fault> {
        if !self.seen {
            return Err(Fault::Garbage("the stream has no `choices`".to_owned()));
        }
        let Some(finish) = self.finish else {
            return Err(Fault::Cut("the stream ended without a reason to finish".to_owned()));
        };
        let mut message = self.message;
        if !self.calls.is_empty() {
            message.insert("tool_calls".into(), self.calls.into_values().map(Value::Object).collect());
        }
        let found = Found { message, finish, usage: self.usage, model: self.model, id: self.id };
        Ok(assembled(found, asked))
    }
}

impl Streamed {
    fn delta(&mut self, delta: &Map<String, Value>, shown: Shown<'_>) -> Result<(), Fault> {
        for (name, value) in delta {
            match name.as_str() {
                "tool_calls" => {
                    for (at, call) in value.as_array().into_iter().flatten().enumerate() {
                        self.call(at, call, shown)?;
                    }
                }
                "role" => drop(self.message.insert(name.clone(), value.clone())),
                _ => {
                    if let Some(piece) = value.as_str().filter(|piece| !piece.is_empty()) {
                        match name.as_str() {
                            "content" => shown(Delta::Text(piece)),
                            "reasoning_content" | "reasoning" => shown(Delta::Reasoning(piece)),
                            _ => {}
                        }
                    }
                    join(self.message.entry(name.clone()).or_insert(Value::Null), value);
                }
            }
        }
        Ok(())
    }

    /// Where a piece without an index belongs: to the call with its identifier; else it is a new one if it names a
    /// tool and the last call is complete; else it goes on with the last.
    fn place(&self, id: Option<&str>, at: usize, piece: &Map<String, Value>) -> u64 {
        let has_id = |call: &Map<String, Value>| id.is_some() && call.get("id").and_then(Value::as_str) == id;
        let Some((last, call)) = self.calls.iter().next_back() else { return at as u64 };
        if let Some((index, _)) = self.calls.iter().find(|(_, call)| has_id(call)) {
            return *index;
        }
        let named = piece.get("function").and_then(|function| text(function, "name")).is_some();
        let arguments = call.get("function").and_then(|function| text(function, "arguments"));
        if id.is_some() || (named && arguments.is_some_and(sound)) { last + 1 } else { *last }
    }

    /// Joins a piece of a call to the call it belongs to.
    fn call(&mut self, at: usize, piece: &Value, shown: Shown<'_>) -> Result<(), Fault> {
        let Some(piece) = piece.as_object() else {
            return Err(Fault::Garbage("a tool call is not an object".to_owned()));
        };
        let id = piece.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let index = piece.get("index").and_then(Value::as_u64);
        let index = index.unwrap_or_else(|| self.place(id, at, piece));
        let call = self.calls.entry(index).or_default();
        for (name, value) in piece {
            match name.as_str() {
                "index" => {}
                "function" => function(call, value, shown),
                // Once, whatever comes again: identifiers are not sent in pieces.
                _ if call.get(name).is_some_and(|known| !known.is_null() && known != "") => {}
                _ => drop(call.insert(name.clone(), value.clone())),
            }
        }
        Ok(())
    }
}

fn function(call: &mut Map<String, Value>, piece: &Value, shown: Shown<'_>) {
    let known = call.entry("function").or_insert_with(|| json!({}));
    let (Some(known), Some(piece)) = (known.as_object_mut(), piece.as_object()) else { return };
    for (name, value) in piece {
        if name == "arguments" {
            // An object in place of a text is what some servers send.
            let value = if value.is_object() { Value::String(value.to_string()) } else { value.clone() };
            join(known.entry("arguments").or_insert(Value::Null), &value);
        } else if known.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            if let Some(text) = value.as_str().filter(|text| name == "name" && !text.is_empty()) {
                shown(Delta::Call(text));
            }
            known.insert(name.clone(), value.clone());
        }
    }
}

/// Texts are joined, lists added to, the rest replaced unless it is null.
fn join(known: &mut Value, piece: &Value) {
    match (known, piece) {
        (_, Value::Null) => {}
        (Value::String(known), Value::String(piece)) => known.push_str(piece),
        (Value::Array(known), Value::Array(piece)) => known.extend(piece.iter().cloned()),
        (known, piece) => *known = piece.clone(),
    }
}

/// An answer that came whole.
pub(in crate::model::wire) fn whole(value: &Value, asked: &Asked) -> Result<Assembled, Fault> {
    if value.get("error").is_some_and(|error| !error.is_null()) {
        return Err(Fault::Said(Complaint::of_json(value)));
    }
    let choice =
        value.pointer("/choices/0").ok_or_else(|| Fault::Garbage("it has no `choices`".to_owned()))?;
    let message = choice.get("message").and_then(Value::as_object);
    let mut message =
        message.ok_or_else(|| Fault::Garbage("its choice has no `message`".to_owned()))?.clone();
    for call in message.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(arguments) =
            call.pointer_mut("/function/arguments").filter(|arguments| arguments.is_object())
        {
            *arguments = Value::String(arguments.to_string());
        }
    }
    let found = Found {
        message,
        finish: text(choice, "finish_reason").unwrap_or("stop").to_owned(),
        usage: value.get("usage").cloned().unwrap_or_default(),
        model: text(value, "model").unwrap_or_default().to_owned(),
        id: text(value, "id").map(str::to_owned),
    };
    Ok(assembled(found, asked))
}

struct Found {
    message: Map<String, Value>,
    finish: String,
    usage: Value,
    model: String,
    id: Option<String>,
}

fn assembled(mut found: Found, asked: &Asked) -> Assembled {
    let message = &mut found.message;
    message.insert("role".into(), "assistant".into());
    let content = message.get("content").map(content_text).unwrap_or_default();
    message.insert("content".into(), content.as_str().into());
    let mut calls = calls(message, asked, found.finish == "length");
    let mut said = content;
    if calls.is_empty() && message.get("tool_calls").is_some() {
        message.shift_remove("tool_calls");
    }
    if calls.is_empty()
        && let Some(in_text) = text_calls::find(&said, asked)
    {
        calls = in_text.calls;
        said.truncate(in_text.begins);
        said.truncate(said.trim_end().len());
    }
    let reasoning =
        REASONING.iter().find_map(|name| message.get(*name)?.as_str()).unwrap_or_default().to_owned();
    let refusal = message.get("refusal").and_then(Value::as_str).unwrap_or_default().to_owned();
    let stop = match found.finish.as_str() {
        "length" => StopReason::Length,
        "content_filter" => StopReason::Refused(refusal),
        _ if !refusal.is_empty() && calls.is_empty() => StopReason::Refused(refusal),
        _ if !calls.is_empty() => StopReason::Calls,
        "stop" | "tool_calls" | "function_call" | "eos" | "end_turn" => StopReason::Done,
        other => StopReason::Other(other.to_owned()),
    };
    Assembled {
        text: said,
        reasoning,
        calls,
        stop: Some(stop),
        usage: usage(&found.usage),
        kept: Value::Object(found.message),
        model: found.model,
        id: found.id,
    }
}

/// A content is a text, null, or a list of parts.
fn content_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| text(part, "text")).collect(),
        _ => String::new(),
    }
}

/// The calls, with what they lack put in: an identifier of their own, a text for arguments. A call that the limit of
/// tokens cut is no call.
fn calls(message: &mut Map<String, Value>, asked: &Asked, cut: bool) -> Vec<ToolCall> {
    let Some(list) = message.get_mut("tool_calls").and_then(Value::as_array_mut) else { return Vec::new() };
    list.retain(|call| {
        call.pointer("/function/name").and_then(Value::as_str).is_some_and(|name| !name.is_empty())
    });
    let arguments_of =
        |call: &Value| call.pointer("/function/arguments").and_then(Value::as_str).unwrap_or("").to_owned();
    if cut && list.last().is_some_and(|last| !sound(&arguments_of(last))) {
        list.pop();
    }
    let mut calls: Vec<ToolCall> = Vec::new();
    for (at, call) in list.iter_mut().enumerate() {
        let id = text(call, "id").filter(|id| !id.is_empty() && calls.iter().all(|known| known.id != *id));
        let id = id.map_or_else(|| asked.invented_id(at), str::to_owned);
        let arguments = match arguments_of(call) {
            empty if empty.trim().is_empty() => "{}".to_owned(),
            arguments => arguments,
        };
        let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(fields) = call.as_object_mut() {
            fields.insert("id".into(), id.as_str().into());
            fields.entry("type").or_insert_with(|| "function".into());
        }
        if let Some(function) = call.get_mut("function").and_then(Value::as_object_mut) {
            function.insert("arguments".into(), arguments.as_str().into());
        }
        calls.push(ToolCall { id, name, arguments });
    }
    calls
}

fn usage(usage: &Value) -> Usage {
    let cached =
        count(usage, "/prompt_tokens_details/cached_tokens").max(count(usage, "/prompt_cache_hit_tokens"));
    Usage {
        input_tokens: count(usage, "/prompt_tokens"),
        cached_tokens: cached,
        output_tokens: count(usage, "/completion_tokens"),
    }
}
