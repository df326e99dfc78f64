//! Definitions and identifiers of one file.

use std::ops::Range;

use tree_sitter::{Node, Parser};

use super::grammar::grammar;
use super::relevance::is_documentation;

/// What one file defines and mentions.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Names of definitions with the range of the whole definition in bytes.
    pub definitions: Vec<(String, Range<usize>)>,
    /// Identifiers in code, with their offsets; comments and strings left out.
    pub identifiers: Vec<(String, usize)>,
}

/// Reads the outline of a file.
#[must_use]
pub fn outline(path: &str, text: &str) -> Outline {
    let mut out = Outline::default();
    if is_documentation(path) {
        return out;
    }
    let tree = grammar(path).and_then(|language| {
        let mut parser = Parser::new();
        parser.set_language(&language).ok()?;
        parser.parse(text, None)
    });
    match tree {
        Some(tree) => visit(tree.root_node(), &mut |node| note(node, text, &mut out)),
        None => by_words(path, text, &mut out),
    }
    out
}

/// Walks a tree in order without recursion, as fuzzed sources nest deeply.
fn visit<'t>(root: Node<'t>, each: &mut dyn FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if each(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Returns whether to look inside the node.
fn note(node: Node, text: &str, out: &mut Outline) -> bool {
    let kind = node.kind();
    if is_comment(kind) || is_string(kind) {
        return has_interpolation(node);
    }
    let slice = |n: Node| text.get(n.byte_range()).unwrap_or_default();
    if node.child_count() == 0 {
        if kind.ends_with("identifier")
            || kind == "name"
            || kind == "constant"
            || kind == "bare_key"
            || kind == "word"
        {
            out.identifiers.push((slice(node).to_owned(), node.start_byte()));
        }
        return false;
    }
    if let Some(name) = definition_name(node) {
        out.definitions.push((slice(name).trim_matches(['"', '\'']).to_owned(), node.byte_range()));
    }
    true
}

fn is_comment(kind: &str) -> bool {
    kind.contains("comment")
}

fn is_string(kind: &str) -> bool {
    kind.contains("string")
        && !kind.contains("template")
        && !kind.starts_with("interpolated")
        && kind != "string_interpolation"
        || kind == "raw_text"
        || kind == "heredoc_body"
        || kind == "char_literal"
}

fn has_interpolation(node: Node) -> bool {
    let mut cursor = node.walk();
    let found = node
        .children(&mut cursor)
        .any(|c| c.kind().contains("interpolation") || c.kind().contains("substitution"));
    found && !is_comment(node.kind())
}

fn definition_name(node: Node) -> Option<Node> {
    let kind = node.kind();
    let defines = [
        "function",
        "method",
        "class",
        "struct",
        "enum",
        "trait",
        "interface",
        "type",
        "const",
        "static",
        "mod",
        "declarator",
        "field",
        "property",
        "parameter",
        "macro",
        "variant",
        "declaration",
        "definition",
        "assignment",
        "pair",
        "var_spec",
        "item",
        "singleton",
        "module",
        "spec",
    ];
    let refers = kind.contains("call")
        || kind.contains("access")
        || kind.contains("expression") && kind != "function_expression"
        || kind.contains("invocation")
        || kind.contains("arguments")
        || kind == "scoped_identifier"
        || kind == "field_initializer"
        || kind.contains("generic_type");
    if refers || !defines.iter().any(|d| kind.contains(d)) {
        return None;
    }
    if let Some(declarator) = node.child_by_field_name("declarator").filter(|_| {
        kind.contains("function_declarator")
            || kind.contains("init_declarator")
            || kind == "field_declaration"
            || kind == "declaration"
            || kind == "parameter_declaration"
    }) {
        return Some(innermost(declarator)).filter(|n| n.child_count() == 0);
    }
    let named = ["name", "left", "key", "pattern"].iter().find_map(|f| node.child_by_field_name(*f));
    let first = || {
        node.named_child(0).filter(|_| {
            kind == "pair"
                || kind.contains("parameter")
                || kind == "block_mapping_pair"
                || kind == "const_spec"
        })
    };
    named.or_else(first).filter(|n| {
        n.child_count() == 0
            || n.kind().contains("string")
            || n.kind() == "variable_name"
            || n.kind().contains("flow_node")
            || n.kind().contains("scalar")
    })
}

fn innermost(node: Node) -> Node {
    let mut node = node;
    for _ in 0..8 {
        match node.child_by_field_name("declarator") {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Languages without a grammar: words outside comments and strings; a definition follows a defining keyword.
fn by_words(path: &str, text: &str, out: &mut Outline) {
    let clean = without_strings(&without_comments(path, text));
    let keywords = [
        "def",
        "defp",
        "defmodule",
        "fun",
        "func",
        "function",
        "class",
        "struct",
        "enum",
        "protocol",
        "val",
        "var",
        "let",
        "const",
        "type",
        "interface",
        "module",
        "object",
        "trait",
        "macro",
        "data",
        "table",
        "view",
        "resource",
        "record",
        "case",
        "fn",
        "sub",
        "extension",
        "TABLE",
        "COLUMN",
    ];
    let mut previous = String::new();
    let mut start = None;
    for (at, c) in clean.char_indices().chain(std::iter::once((clean.len(), ' '))) {
        let inside = c.is_alphanumeric() || c == '_';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = clean.get(from..at).unwrap_or_default().to_owned();
                if keywords.contains(&previous.as_str()) {
                    let end = clean.get(at..).and_then(|r| r.find("\n\n")).map_or(clean.len(), |e| at + e);
                    out.definitions.push((word.clone(), from..end));
                }
                out.identifiers.push((word.clone(), from));
                previous = word;
                start = None;
            }
            _ => {}
        }
    }
}

fn without_strings(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(q) if c == q || c == '\n' => quote = None,
            Some(_) => {
                out.extend(std::iter::repeat_n(' ', c.len_utf8()));
                continue;
            }
            None if c == '"' => quote = Some('"'),
            None => {}
        }
        out.push(c);
    }
    out
}

/// The text with comments blanked, same length.
#[must_use]
pub fn without_comments(path: &str, text: &str) -> String {
    let Some(language) = grammar(path) else { return plain_comments(path, text) };
    let mut parser = Parser::new();
    let Some(tree) = parser.set_language(&language).ok().and_then(|()| parser.parse(text, None)) else {
        return text.to_owned();
    };
    let mut ranges = Vec::new();
    visit(tree.root_node(), &mut |node| {
        let docstring = node.kind() == "expression_statement"
            && node.named_child_count() == 1
            && node.named_child(0).is_some_and(|c| c.kind() == "string" && path.ends_with(".py"));
        let comment = is_comment(node.kind()) || docstring;
        if comment {
            ranges.push(node.byte_range());
        }
        !comment
    });
    blanked(text, &ranges)
}

fn blanked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut ranges = ranges.iter().peekable();
    for (at, c) in text.char_indices() {
        while ranges.next_if(|r| r.end <= at).is_some() {}
        let inside = ranges.peek().is_some_and(|r| r.contains(&at)) && c != '\n';
        if inside { out.extend(std::iter::repeat_n(' ', c.len_utf8())) } else { out.push(c) }
    }
    out
}

fn plain_comments(path: &str, text: &str) -> String {
    let hash = ["ex", "exs", "r", "pl", "mk", "tf", "cfg", "ini", "conf", "nix"]
        .iter()
        .any(|e| path.ends_with(&format!(".{e}")))
        || path.contains("Dockerfile")
        || path.contains("Makefile");
    let marks: &[&str] = if hash {
        &["#"]
    } else if path.ends_with(".lua") || path.ends_with(".sql") || path.ends_with(".hs") {
        &["--"]
    } else if ["kt", "kts", "swift", "scala", "gradle", "dart", "zig", "proto", "groovy"]
        .iter()
        .any(|e| path.ends_with(&format!(".{e}")))
    {
        &["//"]
    } else {
        &[]
    };
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let cut = marks
            .iter()
            .filter_map(|m| line.find(m))
            .min()
            .filter(|at| !line.get(..*at).unwrap_or_default().ends_with(':'));
        match cut {
            Some(at) => {
                out.push_str(line.get(..at).unwrap_or_default());
                let rest = line.get(at..).unwrap_or_default();
                out.extend(rest.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            }
            None => out.push_str(line),
        }
    }
    out
}
