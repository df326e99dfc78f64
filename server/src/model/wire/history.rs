//! The conversation in the order that every format wants: each call answered, right after the turn that made it.
//!
//! Invariant: a call without an answer (the task was steered or cut off) is given one that says so, because every
//! provider refuses a history in which one is missing.

use std::borrow::Cow;

use crate::model::{Item, ToolCall, ToolResult, Turn};

const UNANSWERED: &str = "This call was not carried out.";

/// One entry.
#[derive(Debug)]
pub(super) enum Entry<'r> {
    User(&'r str),
    Turn(&'r Turn),
    /// The answer to each call of the turn before, with the call, in the turn's order.
    Results(Vec<(&'r ToolCall, Cow<'r, ToolResult>)>),
}

pub(super) fn entries(items: &[Item]) -> Vec<Entry<'_>> {
    let mut entries = Vec::with_capacity(items.len() + 1);
    let mut open: &[ToolCall] = &[];
    for item in items {
        let results: &[ToolResult] = match item {
            Item::Results(results) => results,
            Item::User(_) | Item::Turn(_) => &[],
        };
        if !open.is_empty() {
            entries.push(Entry::Results(open.iter().map(|call| answered(call, results)).collect()));
            open = &[];
        }
        match item {
            Item::User(text) => entries.push(Entry::User(text)),
            Item::Turn(turn) => {
                entries.push(Entry::Turn(turn));
                open = &turn.calls;
            }
            Item::Results(_) => {}
        }
    }
    if !open.is_empty() {
        entries.push(Entry::Results(open.iter().map(|call| answered(call, &[])).collect()));
    }
    entries
}

fn answered<'r>(call: &'r ToolCall, results: &'r [ToolResult]) -> (&'r ToolCall, Cow<'r, ToolResult>) {
    let found = results.iter().find(|result| result.id == call.id);
    let missing = || ToolResult { id: call.id.clone(), text: UNANSWERED.to_owned(), failed: true };
    (call, found.map_or_else(|| Cow::Owned(missing()), Cow::Borrowed))
}

/// A result as text, for those who cannot be given it in a form of its own.
pub(super) fn as_text(call: &ToolCall, result: &ToolResult) -> String {
    format!("<tool_response name=\"{}\">\n{}\n</tool_response>", call.name, result.text)
}

/// A turn's calls as text, for those who cannot be given them in a form of their own.
pub(super) fn calls_as_text(turn: &Turn) -> String {
    let call =
        |call: &ToolCall| format!("\n<tool_call name=\"{}\">\n{}\n</tool_call>", call.name, call.arguments);
    turn.text.clone() + &turn.calls.iter().map(call).collect::<String>()
}
