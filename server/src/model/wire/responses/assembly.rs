//! Responses: the answer, piece by piece or whole.
//!
//! Invariants
//! - An item counts as it was when it was done; pieces only serve servers that never send the whole item.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::{Asked, Assembled, Assembly, Fault, Flow, Shown, count, parsed, sound, text};
use crate::model::fault::Complaint;
use crate::model::{Delta, StopReason, ToolCall, Usage};

/// An answer as far as it has come.
#[derive(Debug, Default)]
pub(in crate::model::wire) struct Streamed {
    items: BTreeMap<u64, Item>,
    response: Option<Value>,
    seen: bool,
}

#[derive(Debug, Default)]
struct Item {
    value: Map<String, Value>,
    done: bool,
    text: String,
    arguments: String,
}

impl Assembly for Streamed {
    fn event(&mut self, name: &str, data: &str, shown: Shown<'_>) -> Result<Flow, Fault> {
        if data.trim() == "[DONE]" {
            return Ok(Flow::Done);
        }
        let value = parsed(data)?;
        let kind = text(&value, "type").unwrap_or(name).to_owned();
        self.seen |= kind.starts_with("response.");
        match kind.as_str() {
            "error" => return Err(Fault::Said(Complaint::of_json(&value))),
            "response.failed" => {
                let response = value.get("response").unwrap_or(&value);
                return Err(Fault::Said(Complaint::of_json(response)));
            }
            "response.completed" | "response.incomplete" | "response.done" => {
                self.response = value.get("response").cloned();
                return Ok(Flow::Done);
            }
            "response.output_item.added" => self.added(&value, shown),
            "response.output_item.done" => self.done(&value),
            _ => self.piece(&kind, &value, shown),
        }
        if !self.seen && value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(Fault::Said(Complaint::of_json(&value)));
        }
        Ok(Flow::More)
    }

    fn finish(self: Box<Self>, asked: &Asked) -> Result<Assembled, Fault> {
        if !self.seen {
            return Err(Fault::Garbage("the stream has no `response.` events".to_owned()));
        }
        let response =
            self.response.ok_or_else(|| Fault::Cut("the stream ended before the response".to_owned()))?;
        let given = response.get("output").and_then(Value::as_array).cloned().unwrap_or_default();
        let streamed: Vec<Value> = self.items.into_values().map(Item::whole).collect();
        let output = if streamed.len() >= given.len() { streamed } else { given };
        assembled(&response, output, asked)
    }
}

impl Streamed {
    fn at(&mut self, value: &Value) -> &mut Item {
        let next = self.items.keys().last().copied().unwrap_or(0);
        self.items.entry(value.get("output_index").and_then(Value::as_u64).unwrap_or(next)).or_default()
    }

    fn added(&mut self, value: &Value, shown: Shown<'_>) {
        let item = value.get("item").and_then(Value::as_object).cloned().unwrap_or_default();
        match item.get("type").and_then(Value::as_str) {
            Some("function_call" | "custom_tool_call") => {
                shown(Delta::Call(item.get("name").and_then(Value::as_str).unwrap_or_default()));
            }
            Some("apply_patch_call") => shown(Delta::Call("apply_patch")),
            _ => {}
        }
        self.at(value).value = item;
    }

    fn done(&mut self, value: &Value) {
        let whole = value.get("item").and_then(Value::as_object).cloned();
        let item = self.at(value);
        if let Some(whole) = whole {
            (item.value, item.done) = (whole, true);
        }
    }

    fn piece(&mut self, kind: &str, value: &Value, shown: Shown<'_>) {
        let Some(delta) = text(value, "delta") else { return };
        match kind {
            "response.output_text.delta" | "response.refusal.delta" => {
                shown(Delta::Text(delta));
                self.at(value).text.push_str(delta);
            }
            "response.reasoning_summary_text.delta"
            | "response.reasoning_text.delta"
            | "response.reasoning.delta" => {
                shown(Delta::Reasoning(delta));
            }
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                self.at(value).arguments.push_str(delta);
            }
            _ => {}
        }
    }
}

impl Item {
    /// The item, put together from its pieces if it was never sent whole.
    fn whole(mut self) -> Value {
        let empty = |value: Option<&Value>| value.and_then(Value::as_str).is_none_or(str::is_empty);
        let kind = self.value.get("type").and_then(Value::as_str).unwrap_or("message").to_owned();
        match kind.as_str() {
            "function_call" if empty(self.value.get("arguments")) && !self.arguments.is_empty() => {
                self.value.insert("arguments".into(), self.arguments.into());
            }
            "custom_tool_call" if empty(self.value.get("input")) && !self.arguments.is_empty() => {
                self.value.insert("input".into(), self.arguments.into());
            }
            "message" if !self.done => {
                self.value.insert("type".into(), kind.into());
                self.value.insert("role".into(), "assistant".into());
                let content = json!([{ "type": "output_text", "text": self.text, "annotations": [] }]);
                self.value.insert("content".into(), content);
            }
            _ => {}
        }
        Value::Object(self.value)
    }
}

/// An answer that came whole.
pub(in crate::model::wire) fn whole(value: &Value, asked: &Asked) -> Result<Assembled, Fault> {
    if value.get("error").is_some_and(|error| !error.is_null()) {
        return Err(Fault::Said(Complaint::of_json(value)));
    }
    let output = value.get("output").and_then(Value::as_array).cloned();
    let output = output.ok_or_else(|| Fault::Garbage("it has no `output`".to_owned()))?;
    assembled(value, output, asked)
}

fn assembled(response: &Value, mut output: Vec<Value>, asked: &Asked) -> Result<Assembled, Fault> {
    let incomplete = response.pointer("/incomplete_details/reason").and_then(Value::as_str);
    if incomplete == Some("max_output_tokens") {
        output.retain(is_finished);
    }
    let mut turn = Assembled {
        usage: Usage {
            input_tokens: count(response, "/usage/input_tokens"),
            cached_tokens: count(response, "/usage/input_tokens_details/cached_tokens"),
            output_tokens: count(response, "/usage/output_tokens"),
        },
        model: text(response, "model").unwrap_or_default().to_owned(),
        id: text(response, "id").map(str::to_owned),
        ..Assembled::default()
    };
    let mut refusal = String::new();
    for (at, item) in output.iter_mut().enumerate() {
        match text(item, "type").unwrap_or("message") {
            "message" => parts(item, "content", &mut turn.text, &mut refusal),
            "reasoning" => {
                for name in ["summary", "content"] {
                    parts(item, name, &mut turn.reasoning, &mut String::new());
                }
            }
            "function_call" | "custom_tool_call" | "apply_patch_call" => {
                turn.calls.push(call(item, at, asked, &turn.calls));
            }
            _ => {}
        }
    }
    turn.stop = Some(match incomplete {
        Some("max_output_tokens") => StopReason::Length,
        Some("content_filter") => StopReason::Refused(refusal),
        Some(other) => StopReason::Other(other.to_owned()),
        None if !turn.calls.is_empty() => StopReason::Calls,
        None if !refusal.is_empty() => StopReason::Refused(refusal),
        None => StopReason::Done,
    });
    turn.kept = output.into();
    Ok(turn)
}

/// An item that the limit of tokens cut is left out: a call in it could not be carried out.
fn is_finished(item: &Value) -> bool {
    match text(item, "type") {
        Some("function_call") => text(item, "arguments").is_some_and(sound),
        Some("custom_tool_call" | "apply_patch_call") => text(item, "status") == Some("completed"),
        _ => true,
    }
}

fn parts(item: &Value, name: &str, into: &mut String, refusal: &mut String) {
    for part in item.get(name).and_then(Value::as_array).into_iter().flatten() {
        if let Some(text) = text(part, "text") {
            if !into.is_empty() && text_kind(part) == Some("summary_text") {
                into.push_str("\n\n");
            }
            into.push_str(text);
        }
        refusal.push_str(text(part, "refusal").unwrap_or_default());
    }
}

fn text_kind(part: &Value) -> Option<&str> {
    text(part, "type")
}

/// A call. That of the provider's own patch tool has its operation as arguments, under the name the agent knows.
fn call(item: &mut Value, at: usize, asked: &Asked, known: &[ToolCall]) -> ToolCall {
    let id = text(item, "call_id").filter(|id| !id.is_empty() && known.iter().all(|call| call.id != *id));
    let id = id.map_or_else(|| asked.invented_id(at), str::to_owned);
    if let Some(fields) = item.as_object_mut() {
        fields.insert("call_id".into(), id.as_str().into());
    }
    let named = text(item, "name").unwrap_or_default().to_owned();
    let (name, arguments) = match text(item, "type") {
        Some("apply_patch_call") => {
            let name = asked.patch_tool.clone().unwrap_or_else(|| "apply_patch".to_owned());
            (name, json!({ "operation": item.get("operation") }).to_string())
        }
        Some("custom_tool_call") => (named, text(item, "input").unwrap_or_default().to_owned()),
        _ => {
            (named, text(item, "arguments").filter(|text| !text.trim().is_empty()).unwrap_or("{}").to_owned())
        }
    };
    ToolCall { id, name, arguments }
}
