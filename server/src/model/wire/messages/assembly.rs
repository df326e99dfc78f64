//! Anthropic Messages: the answer, piece by piece or whole.
//!
//! Invariants
//! - A block is kept as it came, with what its deltas added: text, thinking, signature, input.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::{Asked, Assembled, Assembly, Fault, Flow, Shown, count, parsed, sound, text};
use crate::model::fault::Complaint;
use crate::model::{Delta, StopReason, ToolCall, Usage};

/// An answer as far as it has come.
#[derive(Debug, Default)]
pub(in crate::model::wire) struct Streamed {
    message: Map<String, Value>,
    blocks: BTreeMap<u64, Block>,
    stop: Option<String>,
    begun: bool,
}

#[derive(Debug, Default)]
struct Block {
    value: Map<String, Value>,
    /// The input of a call, as text.
    input: String,
}

impl Assembly for Streamed {
    fn event(&mut self, name: &str, data: &str, shown: Shown<'_>) -> Result<Flow, Fault> {
        let value = parsed(data)?;
        match text(&value, "type").unwrap_or(name) {
            "error" => return Err(Fault::Said(Complaint::of_json(&value))),
            "message_start" => {
                self.begun = true;
                self.message = value.get("message").and_then(Value::as_object).cloned().unwrap_or_default();
            }
            "content_block_start" => {
                let block =
                    value.get("content_block").and_then(Value::as_object).cloned().unwrap_or_default();
                if matches!(block.get("type").and_then(Value::as_str), Some("tool_use")) {
                    shown(Delta::Call(block.get("name").and_then(Value::as_str).unwrap_or_default()));
                }
                self.at(&value).value = block;
            }
            "content_block_delta" => self.delta(&value, shown),
            "message_delta" => {
                if let Some(stop) = value.pointer("/delta/stop_reason").and_then(Value::as_str) {
                    self.stop = Some(stop.to_owned());
                }
                self.usage(&value);
            }
            "message_stop" => return Ok(Flow::Done),
            _ if !self.begun && value.get("error").is_some() => {
                return Err(Fault::Said(Complaint::of_json(&value)));
            }
            _ => {}
        }
        Ok(if self.stop.is_some() { Flow::Enough } else { Flow::More })
    }

    fn finish(self: Box<Self>, asked: &Asked) -> Result<Assembled, Fault> {
        if !self.begun {
            return Err(Fault::Garbage("the stream has no `message_start`".to_owned()));
        }
        let stop =
            self.stop.ok_or_else(|| Fault::Cut("the stream ended without a stop reason".to_owned()))?;
        let blocks = self.blocks.into_values().map(|block| (Value::Object(block.value), Some(block.input)));
        Ok(assembled(&Value::Object(self.message), blocks.collect(), &stop, asked))
    }
}

impl Streamed {
    fn at(&mut self, value: &Value) -> &mut Block {
        self.blocks.entry(value.get("index").and_then(Value::as_u64).unwrap_or(0)).or_default()
    }

    fn delta(&mut self, value: &Value, shown: Shown<'_>) {
        let Some(delta) = value.get("delta") else { return };
        let block = self.at(value);
        match text(delta, "type") {
            Some("text_delta") => {
                let piece = text(delta, "text").unwrap_or_default();
                shown(Delta::Text(piece));
                append(&mut block.value, "text", piece);
            }
            Some("thinking_delta") => {
                let piece = text(delta, "thinking").unwrap_or_default();
                shown(Delta::Reasoning(piece));
                append(&mut block.value, "thinking", piece);
            }
            Some("signature_delta") => {
                append(&mut block.value, "signature", text(delta, "signature").unwrap_or_default());
            }
            Some("input_json_delta") => block.input.push_str(text(delta, "partial_json").unwrap_or_default()),
            Some("citations_delta") => {
                let citations = block.value.entry("citations").or_insert_with(|| json!([]));
                if let (Some(citations), Some(citation)) = (citations.as_array_mut(), delta.get("citation")) {
                    citations.push(citation.clone());
                }
            }
            _ => {}
        }
    }

    /// Later figures replace earlier ones.
    fn usage(&mut self, value: &Value) {
        let Some(later) = value.get("usage").and_then(Value::as_object) else { return };
        let known = self.message.entry("usage").or_insert_with(|| json!({}));
        if let Some(known) = known.as_object_mut() {
            for (name, count) in later.iter().filter(|(_, count)| !count.is_null()) {
                known.insert(name.clone(), count.clone());
            }
        }
    }
}

fn append(block: &mut Map<String, Value>, name: &str, piece: &str) {
    match block.get_mut(name) {
        Some(Value::String(known)) => known.push_str(piece),
        _ => drop(block.insert(name.to_owned(), piece.into())),
    }
}

/// An answer that came whole.
pub(in crate::model::wire) fn whole(value: &Value, asked: &Asked) -> Result<Assembled, Fault> {
    if text(value, "type") == Some("error") || value.get("error").is_some_and(|error| !error.is_null()) {
        return Err(Fault::Said(Complaint::of_json(value)));
    }
    let content = value.get("content").and_then(Value::as_array).cloned();
    let content = content.ok_or_else(|| Fault::Garbage("it has no `content`".to_owned()))?;
    let stop = text(value, "stop_reason").unwrap_or("end_turn").to_owned();
    Ok(assembled(value, content.into_iter().map(|block| (block, None)).collect(), &stop, asked))
}

fn assembled(message: &Value, blocks: Vec<(Value, Option<String>)>, stop: &str, asked: &Asked) -> Assembled {
    let mut turn = Assembled {
        usage: usage(message),
        model: text(message, "model").unwrap_or_default().to_owned(),
        id: text(message, "id").map(str::to_owned),
        ..Assembled::default()
    };
    let (mut kept, last) = (Vec::new(), blocks.len().saturating_sub(1));
    for (at, (mut block, input)) in blocks.into_iter().enumerate() {
        match text(&block, "type") {
            Some("text") => {
                let said = text(&block, "text").unwrap_or_default();
                turn.text.push_str(said);
                // This format refuses an empty text, its own included.
                if said.trim().is_empty() {
                    continue;
                }
            }
            Some("thinking") => turn.reasoning.push_str(text(&block, "thinking").unwrap_or_default()),
            Some("tool_use") => {
                let arguments = arguments(&block, input);
                // A call that the limit of tokens cut is no call.
                if stop == "max_tokens" && at == last && !sound(&arguments) {
                    continue;
                }
                turn.calls.push(call(&mut block, at, arguments, asked));
            }
            _ => {}
        }
        kept.push(block);
    }
    turn.stop = Some(match stop {
        "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
        "refusal" => StopReason::Refused(turn.text.clone()),
        _ if !turn.calls.is_empty() => StopReason::Calls,
        "end_turn" | "stop_sequence" | "tool_use" => StopReason::Done,
        other => StopReason::Other(other.to_owned()),
    });
    turn.kept = kept.into();
    turn
}

/// The input of a call as text: what was streamed, else what stands in the block.
fn arguments(block: &Value, streamed: Option<String>) -> String {
    match streamed.filter(|streamed| !streamed.trim().is_empty()) {
        Some(streamed) => streamed,
        None => block.get("input").map_or_else(|| "{}".to_owned(), Value::to_string),
    }
}

fn call(block: &mut Value, at: usize, arguments: String, asked: &Asked) -> ToolCall {
    let id = text(block, "id").filter(|id| !id.is_empty());
    let id = id.map_or_else(|| asked.invented_id(at), str::to_owned);
    let name = text(block, "name").unwrap_or_default().to_owned();
    if let Some(fields) = block.as_object_mut() {
        // The history must hold an object; what the model wrote stays in the call, for the agent to answer to.
        let input = serde_json::from_str(&arguments).ok().filter(Value::is_object);
        fields.insert("input".into(), input.unwrap_or_else(|| json!({})));
        fields.insert("id".into(), id.as_str().into());
    }
    ToolCall { id, name, arguments }
}

/// This format counts what came from the cache, and what went into it, beside the rest.
fn usage(message: &Value) -> Usage {
    let cached = count(message, "/usage/cache_read_input_tokens");
    let written = count(message, "/usage/cache_creation_input_tokens");
    Usage {
        input_tokens: count(message, "/usage/input_tokens") + cached + written,
        cached_tokens: cached,
        output_tokens: count(message, "/usage/output_tokens"),
    }
}
