//! What is not written yet: bodies without anything in them, and statements and comments that say so.

use ropey::Rope;
use tree_sitter::Node;

use super::language::Language;
use super::name::text_of;
use super::outline::Missing;

/// Words in a statement that stand for a body: compared without case, and without spaces.
const STANDS_FOR_A_BODY: &[&str] = &[
    "todo!(",
    "unimplemented!(",
    "notimplemented",
    "\"notimplemented",
    "notyetimplemented",
    "unsupportedoperationexception",
    "panic(\"implementme",
];

/// Words that begin a note about work left.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// How much of a statement is looked at, in bytes.
const STATEMENT_BYTES_MAX: usize = 200;

/// Whether a statement only says that something is not implemented.
pub(super) fn stops(text: &Rope, node: Node<'_>) -> bool {
    let said: String =
        text_of(text, node, STATEMENT_BYTES_MAX).to_ascii_lowercase().split_whitespace().collect();
    STANDS_FOR_A_BODY.iter().any(|words| said.contains(words))
}

/// Whether a comment says that work is left.
pub(super) fn is_note(comment: &str) -> bool {
    NOTES.iter().any(|word| {
        comment.match_indices(word).any(|(at, _)| {
            let before = comment.get(..at).and_then(|text| text.chars().next_back());
            let after = comment.get(at + word.len()..).and_then(|text| text.chars().next());
            let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !inside(before) && !inside(after)
        })
    })
}

/// What a definition lacks, as far as its own body shows it.
pub(super) fn of_definition(language: Language, what: &str, name: &str, node: Node<'_>) -> Option<Missing> {
    // An empty constructor does its work by its parameters; an empty type is a type.
    let makes = ["constructor", "__construct", "__init__"].iter().any(|made| name.ends_with(made))
        || name.contains('~');
    (matches!(what, "function" | "method") && !makes).then_some(())?;
    let holder = node.child_by_field_name("value").unwrap_or(node);
    let holder = if language == Language::Lua { lua_function(holder) } else { holder };
    let Some(body) = holder.child_by_field_name("body") else {
        return language.table().no_body_is_empty.then_some(Missing::Body);
    };
    let is_block = ["block", "body", "compound"].iter().any(|part| body.kind().contains(part));
    (is_block && is_empty(language, body)).then_some(Missing::Body)
}

fn lua_function(node: Node<'_>) -> Node<'_> {
    let mut cursor = node.walk();
    let mut children: Vec<_> = node.named_children(&mut cursor).collect();
    if let Some(list) = children.iter().find(|child| child.kind() == "expression_list").copied() {
        children.extend(list.named_child(0));
    }
    children.into_iter().find(|child| child.kind() == "function_definition").unwrap_or(node)
}

/// Whether nothing is done in a block. In Python, documentation, `pass` and `...` do nothing.
fn is_empty(language: Language, body: Node<'_>) -> bool {
    let mut cursor = body.walk();
    body.named_children(&mut cursor).all(|child| match child.kind() {
        kind if kind.contains("comment") => true,
        "pass_statement" => language == Language::Python,
        "statement_list" => is_empty(language, child),
        "expression_statement" if language == Language::Python => {
            child.named_child(0).is_some_and(|inner| matches!(inner.kind(), "ellipsis" | "string"))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::is_note;

    #[test]
    fn a_note_is_a_word_in_capitals() {
        assert!(is_note(concat!("// TO", "DO: more")));
        assert!(is_note(concat!("# FIX", "ME(ann)")));
        assert!(!is_note(concat!("# TO", "DOS")));
        assert!(!is_note("# todo el texto"));
    }
}
