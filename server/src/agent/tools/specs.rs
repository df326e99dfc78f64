//! The tools as the model is told of them.
//!
//! Invariants
//! - The same task gets the same list, in the same order: it is part of the prefix that providers cache.
//! - Schemas are flat: small models fill those in best.

use serde_json::{Value, json};

use crate::model::{NativeTool, ToolSpec};

/// Which tools a task has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::agent) struct ToolSet {
    /// Whether files may be changed.
    pub(in crate::agent) edits: bool,
    /// Whether the end carries findings.
    pub(in crate::agent) review: bool,
    /// The provider's own tools, if its models know them.
    pub(in crate::agent) native: Option<Family>,
}

/// Whose tools a model was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::agent) enum Family {
    /// `apply_patch` of the Responses format.
    OpenAi,
    /// The text editor and the shell of the Messages format.
    Anthropic,
}

/// Names of tools that change files.
pub(super) const EDITING: [&str; 3] = ["edit", "apply_patch", "str_replace_based_edit_tool"];

/// The list.
pub(in crate::agent) fn tools(set: ToolSet) -> Vec<ToolSpec> {
    let mut names = vec!["read", "list", "search"];
    match set.native {
        _ if !set.edits => {}
        None => names.extend(["edit", "apply_patch"]),
        Some(Family::OpenAi) => names.extend(["edit", "apply_patch"]),
        Some(Family::Anthropic) => names.extend(["edit", "str_replace_based_edit_tool"]),
    }
    names.push(if set.native == Some(Family::Anthropic) { "bash" } else { "run" });
    names.push("finish");
    names.into_iter().map(|name| tool(name, set)).collect()
}

/// How a tool is called, for a model that did it wrongly.
pub(super) fn usage(name: &str) -> String {
    let all = ToolSet { edits: true, review: true, native: None };
    format!("It takes {}", parameters(name, all))
}

fn tool(name: &str, set: ToolSet) -> ToolSpec {
    let native = match (set.native, name) {
        (Some(Family::OpenAi), "apply_patch") => Some(NativeTool::ApplyPatch),
        (Some(Family::Anthropic), "str_replace_based_edit_tool") => Some(NativeTool::TextEditor),
        (Some(Family::Anthropic), "bash") => Some(NativeTool::Bash),
        _ => None,
    };
    ToolSpec {
        name: name.to_owned(),
        description: description(name).to_owned(),
        parameters: parameters(name, set),
        native,
    }
}

const fn description(name: &str) -> &'static str {
    match name.as_bytes() {
        b"read" => {
            "Show a file of the workspace with line numbers. A long file is shown in part; ask for more by line numbers."
        }
        b"list" => "List the files of the workspace, or of one directory in it. Ignored files are left out.",
        b"search" => {
            "Find the lines of the workspace's files that match a regular expression (Rust syntax). Ignored files are left out."
        }
        b"edit" => {
            "Change one file. `replace`: `old`, which must stand exactly once in the file, becomes `new` (with `all`: everywhere). `create`: the file has `text` as its whole content. `delete`: it is removed. `move`: it is renamed to `to`."
        }
        b"apply_patch" => {
            "Change files by a patch: `*** Begin Patch`, then for each file `*** Update File: PATH`, `*** Add File: PATH` or `*** Delete File: PATH`, then `*** End Patch`. Below an updated file: `@@`, with the line of the enclosing function if needed, then lines that begin with a space (stays), `-` (goes) or `+` (new), with three lines of context. No line numbers."
        }
        b"str_replace_based_edit_tool" => "View, create and edit files of the workspace.",
        b"run" | b"bash" => {
            "Run a shell line in the copy of the workspace. Each call has a new shell, in the root of the workspace unless `directory` says otherwise. There is no network, and nobody to answer questions. Long output is shown in part."
        }
        _ => {
            "End the task. Say in `summary` what was done, or the answer, for the user. State in `claims` what you claim, each with what shows it. List in `not_done` everything that was asked and not done. Call it alone, when everything else is finished."
        }
    }
}

fn parameters(name: &str, set: ToolSet) -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let whole = |about: &str| json!({ "type": "integer", "description": about });
    let object = |properties: Value, required: &[&str]| json!({ "type": "object", "properties": properties, "required": required });
    match name {
        "read" => object(
            json!({
                "path": text("The file, relative to the workspace."),
                "first_line": whole("The first line to show, from 1."),
                "last_line": whole("The last line to show."),
            }),
            &["path"],
        ),
        "list" => {
            object(json!({ "path": text("A directory, relative to the workspace; all without it.") }), &[])
        }
        "search" => object(
            json!({
                "pattern": text("A regular expression."),
                "path": text("A file or directory to search in; all without it."),
                "glob": text("Only files with such names: `*.rs`, `src/**/*.py`."),
                "literal": { "type": "boolean", "description": "The pattern is a plain text." },
            }),
            &["pattern"],
        ),
        "edit" => object(
            json!({
                "op": { "type": "string", "enum": ["replace", "create", "delete", "move"] },
                "path": text("The file, relative to the workspace."),
                "old": text("replace: the text as it stands in the file, without line numbers."),
                "new": text("replace: what stands there afterwards; may be empty."),
                "all": { "type": "boolean", "description": "replace: everywhere in the file." },
                "text": text("create: the whole content."),
                "to": text("move: the new name."),
            }),
            &["op", "path"],
        ),
        "apply_patch" => object(json!({ "patch": text("The whole patch.") }), &["patch"]),
        "str_replace_based_edit_tool" => object(
            json!({
                "command": { "type": "string", "enum": ["view", "str_replace", "create", "insert"] },
                "path": text("The file."),
                "view_range": { "type": "array", "items": { "type": "integer" } },
                "old_str": text("The text to replace."),
                "new_str": text("What takes its place."),
                "file_text": text("The whole content of a new file."),
                "insert_line": whole("The line after which to insert."),
                "insert_text": text("What to insert."),
            }),
            &["command", "path"],
        ),
        "run" | "bash" => object(
            json!({
                "command": text("The shell line."),
                "directory": text("Where to run it, relative to the workspace; its root without it."),
                "timeout_s": whole("Stop it after so many seconds."),
            }),
            &["command"],
        ),
        _ => finish(set),
    }
}

fn finish(set: ToolSet) -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let texts = |about: &str| json!({ "type": "array", "items": { "type": "string" }, "description": about });
    let mut properties = json!({
        "summary": text("For the user: what was done, or the answer. Cite files as path:L1-L2."),
        "claims": {
            "type": "array",
            "description": "What you claim, one sentence each.",
            "items": {
                "type": "object",
                "properties": {
                    "text": text("The sentence."),
                    "cites": texts("What shows it: the numbers of steps, or path:L1-L2."),
                },
                "required": ["text"],
            },
        },
        "not_done": texts("What was asked and not done, one sentence each. Empty if all was done."),
    });
    if let (true, Some(all)) = (set.review, properties.as_object_mut()) {
        let finding = json!({
            "type": "object",
            "properties": {
                "path": text("The file."),
                "first_line": { "type": "integer" },
                "last_line": { "type": "integer" },
                "message": text("What is wrong there, and why."),
                "severity": { "type": "string", "enum": ["error", "warning", "note"] },
            },
            "required": ["path", "first_line", "message", "severity"],
        });
        all.insert(
            "findings".to_owned(),
            json!({ "type": "array", "items": finding, "description": "What was found." }),
        );
    }
    json!({ "type": "object", "properties": properties, "required": ["summary"] })
}
