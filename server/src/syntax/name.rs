//! What a definition is called.

use ropey::Rope;
use tree_sitter::Node;

use super::language::Language;

/// The longest name, in characters; a heading or a selector may be longer and is cut.
const NAME_CHARS_MAX: usize = 80;

/// The text of a node, at most `bytes_max` bytes of it.
pub(super) fn text_of(text: &Rope, node: Node<'_>, bytes_max: usize) -> String {
    let range = node.byte_range();
    let mut end = range.end.min(range.start.saturating_add(bytes_max));
    // A cut may fall into a character.
    for _ in 0..4 {
        if let Some(slice) = text.get_byte_slice(range.start..end) {
            return slice.to_string();
        }
        end = end.saturating_sub(1).max(range.start);
    }
    String::new()
}

/// The name of a definition; `None` if the node defines nothing that has a name.
pub(super) fn name_of(text: &Rope, language: Language, node: Node<'_>) -> Option<String> {
    let found = match (language, node.kind()) {
        (Language::Rust, "impl_item") => {
            let of = node.child_by_field_name("type")?;
            of.child_by_field_name("type").unwrap_or(of)
        }
        (Language::C | Language::Cpp, "function_definition" | "type_definition") => declared(node)?,
        (Language::C | Language::Cpp, kind) if kind.ends_with("_specifier") => {
            // `struct point p;` mentions a structure, and does not define it.
            node.child_by_field_name("body")?;
            node.child_by_field_name("name")?
        }
        (Language::Go, "method_declaration") => return method_of(text, node),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, kind)
            if kind == "variable_declarator" || kind.ends_with("field_definition") =>
        {
            let value = node.child_by_field_name("value")?;
            let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"))?;
            Some(name).filter(|_| value.kind().contains("function"))?
        }
        (Language::Lua, "assignment_statement" | "field") => function_value(node)?,
        (Language::Json, _) => node.child_by_field_name("key")?,
        (Language::Yaml, _) => node.child_by_field_name("key")?,
        (Language::Toml, _) => node.named_child(0)?,
        (Language::Html, _) => return element(text, node),
        (Language::Css, "rule_set") => node.named_child(0)?,
        (Language::Css, _) => return text_of(text, node, 200).split('{').next().map(cut),
        (Language::Markdown, _) => return heading(text, node),
        _ => node.child_by_field_name("name")?,
    };
    let name = cut(&text_of(text, found, 4 * NAME_CHARS_MAX));
    let name = name.trim_matches(['"', '\'']).to_owned();
    (!name.is_empty()).then_some(name)
}

/// One line, at most [`NAME_CHARS_MAX`] characters.
fn cut(name: &str) -> String {
    let line = name.trim().lines().next().unwrap_or_default().trim();
    line.chars().take(NAME_CHARS_MAX).collect()
}

/// What a C declaration declares, below pointers, arrays and parameters.
fn declared(node: Node<'_>) -> Option<Node<'_>> {
    let mut declarator = node.child_by_field_name("declarator")?;
    // Deeper is no declaration that anybody writes.
    for _ in 0..16 {
        let inner = declarator.child_by_field_name("declarator").or_else(|| {
            // A reference has its declarator without a field.
            let is_wrapper = declarator.kind().ends_with("_declarator");
            declarator.named_child(0).filter(|_| is_wrapper)
        });
        match inner {
            Some(inner) => declarator = inner,
            None => break,
        }
    }
    Some(declarator)
}

/// `Type.method` of a Go method.
fn method_of(text: &Rope, node: Node<'_>) -> Option<String> {
    let name = text_of(text, node.child_by_field_name("name")?, 200);
    let receiver = text_of(text, node.child_by_field_name("receiver")?, 200);
    let of = receiver.split('[').next()?.trim_matches(['(', ')', ' ']);
    let of = of.rsplit([' ', '*']).next()?;
    Some(if of.is_empty() { name } else { format!("{of}.{name}") })
}

/// The name that a Lua assignment or field gives a function.
fn function_value(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let defines = |child: Node<'_>| {
        child.kind() == "function_definition"
            || child.kind() == "expression_list"
                && child.named_child(0).is_some_and(|value| value.kind() == "function_definition")
    };
    node.named_children(&mut cursor).any(defines).then(|| node.named_child(0))?
}

/// `div#main`
fn element(text: &Rope, node: Node<'_>) -> Option<String> {
    let start = node.named_child(0).filter(|tag| tag.kind().ends_with("tag"))?;
    let mut cursor = start.walk();
    let mut name = String::new();
    for child in start.named_children(&mut cursor) {
        let shown = text_of(text, child, 200);
        match child.kind() {
            "tag_name" => name = shown,
            "attribute" => {
                if let Some(id) = shown.strip_prefix("id=") {
                    name = format!("{name}#{}", id.trim_matches(['"', '\'']));
                }
            }
            _ => {}
        }
    }
    (!name.is_empty()).then_some(name)
}

/// The words of a section's heading.
fn heading(text: &Rope, node: Node<'_>) -> Option<String> {
    let heading = node.named_child(0).filter(|child| child.kind().ends_with("heading"))?;
    let words = cut(text_of(text, heading, 4 * NAME_CHARS_MAX).trim_start_matches(['#', ' ']));
    (!words.is_empty()).then_some(words)
}
