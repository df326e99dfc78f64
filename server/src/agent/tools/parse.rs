//! From a call as the model wrote it to an [`Op`].
//!
//! Invariants
//! - Pure: nothing is done here.
//! - A bad call is a sentence for the model, with the schema of the tool it meant.

use serde_json::Value;

use super::arguments::Arguments;
use super::op::{Change, Finish, Found, Op};
use super::{patch, specs};
use crate::model::ToolCall;

/// Understands a call.
///
/// # Errors
/// What is wrong with it, for the model.
pub(in crate::agent) fn parse(call: &ToolCall, offered: &[crate::model::ToolSpec]) -> Result<Op, String> {
    let name = call.name.trim();
    let parsed = match name {
        "read" => read(&call.arguments),
        "list" => list(&call.arguments),
        "search" => search(&call.arguments),
        "edit" => edit(&call.arguments),
        "apply_patch" => apply_patch(&call.arguments),
        "str_replace_based_edit_tool" => text_editor(&call.arguments),
        "run" | "bash" => run(&call.arguments),
        "finish" => finish(&call.arguments),
        _ => {
            let names: Vec<&str> = offered.iter().map(|tool| tool.name.as_str()).collect();
            return Err(format!("there is no tool {name:?}; there are: {}", names.join(", ")));
        }
    };
    let op = parsed
        .map_err(|why| format!("this call of `{name}` was not carried out: {why}. {}", specs::usage(name)))?;
    if op.edits() && !offered.iter().any(|tool| specs::EDITING.contains(&tool.name.as_str())) {
        return Err("this task only answers: files are not changed in it".to_owned());
    }
    Ok(op)
}

fn read(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, Some("path"))?;
    Ok(Op::Read {
        path: arguments.required("path")?,
        first: line(arguments.number("first_line")?),
        last: line(arguments.number("last_line")?),
    })
}

/// A number of a line; what is below 1 is no limit.
fn line(number: Option<i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}

fn list(text: &str) -> Result<Op, String> {
    Ok(Op::List { path: Arguments::read(text, Some("path"))?.text("path")? })
}

fn search(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, Some("pattern"))?;
    Ok(Op::Search {
        pattern: arguments.required("pattern")?,
        path: arguments.text("path")?,
        glob: arguments.text("glob")?,
        literal: arguments.flag("literal"),
    })
}

fn edit(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, None)?;
    let path = arguments.required("path")?;
    let op = match arguments.text("op")? {
        Some(op) => op,
        None if arguments.has("old") => "replace".to_owned(),
        None if arguments.has("text") => "create".to_owned(),
        None if arguments.has("to") => "move".to_owned(),
        None => return Err("`op` is missing".to_owned()),
    };
    let change = match op.as_str() {
        "replace" => Change::Replace {
            path,
            old: arguments.required("old")?,
            new: arguments.text("new")?.ok_or("`new` is missing")?,
            all: arguments.flag("all"),
        },
        "create" => {
            let text = arguments.text("text")?.or(arguments.text("new")?);
            Change::Write { path, text: text.ok_or("`text` is missing")? }
        }
        "delete" => Change::Delete { path },
        "move" => Change::Move { from: path, to: arguments.required("to")? },
        other => return Err(format!("`op` is {other:?}: use replace, create, delete or move")),
    };
    Ok(Op::Edit(vec![change]))
}

fn apply_patch(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, Some("patch"))?.inside("operation");
    if let Some(kind) = arguments.text("type")?.filter(|_| arguments.has("path")) {
        return operation(&kind, &arguments);
    }
    let text = arguments.text("patch")?.or(arguments.text("input")?).ok_or("`patch` is missing")?;
    let mut changes = Vec::new();
    for file in patch::parse(&text)? {
        match file {
            patch::FilePatch::Add { path, text } => changes.push(Change::Write { path, text }),
            patch::FilePatch::Delete { path } => changes.push(Change::Delete { path }),
            patch::FilePatch::Update { path, to, hunks } => {
                let target = to.clone().unwrap_or_else(|| path.clone());
                changes.extend(to.map(|to| Change::Move { from: path, to }));
                if !hunks.is_empty() {
                    changes.push(Change::Patch { path: target, hunks });
                }
            }
        }
    }
    Ok(Op::Edit(changes))
}

/// One operation of the tool that the Responses format has built in.
fn operation(kind: &str, arguments: &Arguments) -> Result<Op, String> {
    let path = arguments.required("path")?;
    let diff = || Ok::<_, String>(arguments.text("diff")?.unwrap_or_default());
    let change = match kind {
        "create_file" => Change::Write { path, text: patch::parse_added(&diff()?)? },
        "delete_file" => Change::Delete { path },
        "update_file" => Change::Patch { path, hunks: patch::parse_hunks(&diff()?)? },
        other => return Err(format!("`type` is {other:?}: use create_file, update_file or delete_file")),
    };
    Ok(Op::Edit(vec![change]))
}

fn text_editor(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, None)?;
    let path = arguments.required("path")?;
    let change = match arguments.required("command")?.as_str() {
        "view" => {
            let range = arguments.numbers("view_range")?;
            let at = |nth: usize| line(range.get(nth).copied());
            return Ok(Op::View { path, first: at(0), last: at(1) });
        }
        "str_replace" => Change::Replace {
            path,
            old: arguments.required("old_str")?,
            new: arguments.text("new_str")?.unwrap_or_default(),
            all: false,
        },
        "create" => {
            Change::Write { path, text: arguments.text("file_text")?.ok_or("`file_text` is missing")? }
        }
        "insert" => {
            let text = arguments.text("insert_text")?.or(arguments.text("new_str")?);
            let after = arguments.number("insert_line")?.ok_or("`insert_line` is missing")?;
            let after = usize::try_from(after).map_err(|_| "`insert_line` is below 0")?;
            Change::Insert { path, after, text: text.ok_or("`insert_text` is missing")? }
        }
        other => return Err(format!("`command` is {other:?}: use view, str_replace, create or insert")),
    };
    Ok(Op::Edit(vec![change]))
}

fn run(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, Some("command"))?;
    if arguments.flag("restart") {
        return Ok(Op::Restart);
    }
    Ok(Op::Run {
        line: arguments.required("command")?,
        directory: arguments.text("directory")?.filter(|path| !path.is_empty()),
        seconds: line(arguments.number("timeout_s")?),
    })
}

fn finish(text: &str) -> Result<Op, String> {
    let arguments = Arguments::read(text, Some("summary"))?;
    let texts =
        |name: &str| arguments.list(name).iter().map(text_of).filter(|text| !text.is_empty()).collect();
    let claims = arguments.list("claims").into_iter().map(|claim| match claim {
        Value::Object(fields) => {
            let fields = Arguments::from(fields);
            let cites = fields.list("cites").iter().map(text_of).collect();
            (fields.text("text").ok().flatten().unwrap_or_default(), cites)
        }
        other => (text_of(&other), Vec::new()),
    });
    let findings = arguments.list("findings").into_iter().map(found).collect::<Result<_, _>>()?;
    Ok(Op::Finish(Finish {
        summary: arguments.required("summary")?,
        claims: claims.filter(|(text, _)| !text.is_empty()).collect(),
        not_done: texts("not_done"),
        findings,
    }))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

fn found(value: Value) -> Result<Found, String> {
    let Value::Object(fields) = value else {
        return Err("each of `findings` must be an object".to_owned());
    };
    let fields = Arguments::from(fields);
    let first = line(fields.number("first_line")?).or(line(fields.number("line")?)).unwrap_or(1);
    Ok(Found {
        path: fields.required("path").map_err(|why| format!("`findings`: {why}"))?,
        first,
        last: line(fields.number("last_line")?).unwrap_or(first).max(first),
        message: fields.required("message").map_err(|why| format!("`findings`: {why}"))?,
        severity: fields.text("severity")?.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::tools::{ToolSet, specs};

    fn op(name: &str, arguments: &str) -> Result<Op, String> {
        let call = ToolCall { id: "1".into(), name: name.into(), arguments: arguments.into() };
        parse(&call, &specs::tools(ToolSet { edits: true, review: true, native: None }))
    }

    #[test]
    fn one_set_of_operations_behind_all_front_ends() {
        let replace = Op::Edit(vec![Change::Replace {
            path: "a".into(),
            old: "x".into(),
            new: "y".into(),
            all: false,
        }]);
        assert_eq!(op("edit", r#"{"op":"replace","path":"a","old":"x","new":"y"}"#).unwrap(), replace);
        assert_eq!(op("edit", r#"{"path":"a","old":"x","new":"y"}"#).unwrap(), replace);
        assert_eq!(
            op(
                "str_replace_based_edit_tool",
                r#"{"command":"str_replace","path":"a","old_str":"x","new_str":"y"}"#
            )
            .unwrap(),
            replace
        );
        let patched =
            op("apply_patch", r#"{"type":"update_file","path":"a","diff":"@@\n-x\n+y\n"}"#).unwrap();
        assert_eq!(
            op("apply_patch", "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** End Patch").unwrap(),
            patched
        );
        let run = Op::Run { line: "make".into(), directory: None, seconds: None };
        assert_eq!(
            (op("run", r#"{"command":"make"}"#).unwrap(), op("bash", r#"{"command":"make"}"#).unwrap()),
            (run.clone(), run)
        );
        assert_eq!(op("bash", r#"{"restart":true}"#).unwrap(), Op::Restart);
    }

    #[test]
    fn a_bad_call_is_told_with_the_schema() {
        let said = op("edit", r#"{"path":"a"}"#).unwrap_err();
        assert!(
            said.starts_with("this call of `edit` was not carried out: `op` is missing. It takes {"),
            "{said}"
        );
        assert!(
            op("write_file", "{}")
                .unwrap_err()
                .starts_with("there is no tool \"write_file\"; there are: read, ")
        );
        let call = ToolCall {
            id: "1".into(),
            name: "edit".into(),
            arguments: r#"{"op":"delete","path":"a"}"#.into(),
        };
        let reading = specs::tools(ToolSet { edits: false, review: false, native: None });
        assert!(parse(&call, &reading).unwrap_err().contains("only answers"));
    }

    #[test]
    fn the_end_is_taken_apart() {
        let said = r#"{"summary":"s","claims":[{"text":"t","cites":["step 3"]},"bare"],"not_done":"n","findings":[{"path":"a","line":3,"message":"m"}]}"#;
        let Op::Finish(finish) = op("finish", said).unwrap() else { panic!() };
        assert_eq!(finish.claims, [("t".into(), vec!["step 3".into()]), ("bare".into(), vec![])]);
        assert_eq!((finish.not_done.len(), finish.findings[0].first, finish.findings[0].last), (1, 3, 3));
        assert!(op("finish", "{}").unwrap_err().contains("`summary` is missing"));
    }
}
