//! Calls that a model wrote into its text, as small local models do when their server does not parse them.
//!
//! Invariants
//! - Only a tool that was offered is found, and only where the text ends with the call: a quoted one is text.
//! - What does not parse is text.

use serde_json::{Map, Value};

use super::Asked;
use crate::model::ToolCall;

/// Calls at the end of a text.
#[derive(Debug)]
pub(super) struct InText {
    /// Where in the text the first one begins.
    pub(super) begins: usize,
    pub(super) calls: Vec<ToolCall>,
}

/// `<tool_call>{"name": …}</tool_call>`, `<function=NAME>…</function>` (alone or within the former), and
/// `[TOOL_CALLS] [{"name": …}]`.
pub(super) fn find(text: &str, asked: &Asked) -> Option<InText> {
    let begins = ["<tool_call>", "<function=", "[TOOL_CALLS]"]
        .iter()
        .filter_map(|mark| first_outside_code(text, mark))
        .min()?;
    let mut rest = text.get(begins..)?.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (mut calls, after) = next(rest)?;
        found.append(&mut calls);
        rest = after.trim_start();
    }
    let offered = |name: &str| asked.tools.iter().any(|tool| tool == name);
    if found.is_empty() || !found.iter().all(|(name, _)| offered(name)) {
        return None;
    }
    let call = |(at, (name, arguments)): (usize, (String, Value))| ToolCall {
        id: asked.invented_id(at),
        name,
        arguments: arguments.to_string(),
    };
    Some(InText { begins, calls: found.into_iter().enumerate().map(call).collect() })
}

type Named = (String, Value);

fn next(rest: &str) -> Option<(Vec<Named>, &str)> {
    if let Some(inside) = rest.strip_prefix("<tool_call>") {
        // Some models leave out the last closing tag.
        let (inside, after) = inside.split_once("</tool_call>").unwrap_or((inside, ""));
        let inside = inside.trim();
        let calls = if inside.starts_with("<function=") {
            vec![function(inside)?.0]
        } else {
            vec![json_call(inside)?]
        };
        return Some((calls, after));
    }
    if rest.starts_with("<function=") {
        let (call, after) = function(rest)?;
        return Some((vec![call], after.trim_start().strip_prefix("</tool_call>").unwrap_or(after)));
    }
    let list: Value = serde_json::from_str(rest.strip_prefix("[TOOL_CALLS]")?.trim()).ok()?;
    let calls: Option<Vec<_>> = list.as_array()?.iter().map(json_object_call).collect();
    Some((calls?, ""))
}

fn json_call(text: &str) -> Option<Named> {
    json_object_call(&serde_json::from_str(text).ok()?)
}

fn json_object_call(value: &Value) -> Option<Named> {
    let name = value.get("name")?.as_str()?.to_owned();
    let arguments = value.get("arguments").or_else(|| value.get("parameters"));
    let arguments = match arguments {
        Some(Value::String(text)) => serde_json::from_str(text).ok()?,
        Some(value) => value.clone(),
        None => Value::Object(Map::new()),
    };
    arguments.is_object().then_some((name, arguments))
}

/// `<function=NAME><parameter=KEY>VALUE</parameter>…</function>`. A value that is JSON other than a text is taken as that.
fn function(text: &str) -> Option<(Named, &str)> {
    let (name, rest) = text.strip_prefix("<function=")?.split_once('>')?;
    let (inside, after) = rest.split_once("</function>").unwrap_or((rest, ""));
    let mut arguments = Map::new();
    let mut left = inside.trim();
    while let Some(parameter) = left.strip_prefix("<parameter=") {
        let (key, value) = parameter.split_once('>')?;
        let (value, after) = value.split_once("</parameter>")?;
        let value = value.strip_prefix('\n').unwrap_or(value);
        let value = value.strip_suffix('\n').unwrap_or(value);
        let parsed = serde_json::from_str(value).ok().filter(|value: &Value| !value.is_string());
        arguments.insert(key.trim().to_owned(), parsed.unwrap_or_else(|| value.into()));
        left = after.trim_start();
    }
    if left.is_empty() {
        Some(((name.trim().to_owned(), Value::Object(arguments)), after))
    } else {
        // Hermes within Qwen's tags: the arguments as one JSON object.
        let arguments: Value = serde_json::from_str(left).ok()?;
        arguments.is_object().then(|| ((name.trim().to_owned(), arguments), after))
    }
}

/// The first place of a mark that is not in a fenced block.
fn first_outside_code(text: &str, mark: &str) -> Option<usize> {
    let mut found = text.match_indices(mark).map(|(at, _)| at);
    found.find(|at| text.get(..*at).is_some_and(|before| before.matches("```").count() % 2 == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(usize, Vec<(String, String)>)> {
        let asked = Asked { tools: vec!["read".into(), "run".into()], patch_tool: None, entries: 3 };
        let found = find(text, &asked)?;
        Some((found.begins, found.calls.into_iter().map(|call| (call.name, call.arguments)).collect()))
    }

    fn one(begins: usize, name: &str, arguments: &str) -> Option<(usize, Vec<(String, String)>)> {
        Some((begins, vec![(name.to_owned(), arguments.to_owned())]))
    }

    #[test]
    fn the_forms_of_local_models_are_read() {
        let read = r#"{"path":"a"}"#;
        let json = r#"{"name": "read", "arguments": {"path": "a"}}"#;
        assert_eq!(found(&format!("I look.\n<tool_call>\n{json}\n</tool_call>")), one(8, "read", read));
        assert_eq!(found(&format!("<tool_call>{json}")), one(0, "read", read));
        assert_eq!(found(&format!("[TOOL_CALLS] [{json}]")), one(0, "read", read));
        let qwen = "<function=read>\n<parameter=path>\na\n</parameter>\n</function>";
        assert_eq!(found(qwen), one(0, "read", read));
        assert_eq!(found(&format!("<tool_call>\n{qwen}\n</tool_call>")), one(0, "read", read));
        assert_eq!(found("<function=read>{\"path\": \"a\"}</function>"), one(0, "read", read));
        let text = r#"<tool_call>{"name": "read", "arguments": "{\"path\": \"a\"}"}</tool_call>"#;
        assert_eq!(found(text), one(0, "read", read));
        let two = found(&format!("<tool_call>{json}</tool_call>\n<tool_call>{json}</tool_call>")).unwrap();
        assert_eq!(two.1.len(), 2);
        let lines =
            "<function=run><parameter=line>\nx = 1\ny\n</parameter><parameter=n>3</parameter></function>";
        assert_eq!(found(lines), one(0, "run", r#"{"line":"x = 1\ny","n":3}"#));
    }

    #[test]
    fn what_is_quoted_unknown_or_broken_is_text() {
        let json = r#"{"name": "read", "arguments": {"path": "a"}}"#;
        for text in [
            format!("It writes <tool_call>{json}</tool_call> and then more."),
            format!("```\n<tool_call>{json}</tool_call>\n```"),
            r#"<tool_call>{"name": "destroy", "arguments": {}}</tool_call>"#.to_owned(),
            "<tool_call>{\"name\": \"read\", \"argum".to_owned(),
            "<function=read><parameter=path>a".to_owned(),
            "no call".to_owned(),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }
}
