//! A text with what is no code left out, for rules that look at code.
//!
//! Invariant: every line keeps its number and every byte its place: what is left out becomes blanks.

use std::ops::Range;
use std::time::Instant;

use ropey::Rope;

use super::language::Language;
use super::outline::parse;

/// A text twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// Without comments and without what stands in quotes.
    pub code: String,
    /// Without comments.
    pub quoted: String,
}

impl Bare {
    /// For a text that could not be read: all of it.
    #[must_use]
    pub fn unread(text: &str) -> Self {
        Self { code: text.to_owned(), quoted: text.to_owned() }
    }
}

/// Reads a text; `None` if it is too large, or if `deadline` passes before it is done.
#[must_use]
pub fn bare(language: Language, text: &str, deadline: Instant) -> Option<Bare> {
    let tree = parse(language, &Rope::from_str(text), deadline)?;
    let (mut code, mut quoted) = (text.as_bytes().to_vec(), text.as_bytes().to_vec());
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let kind = node.kind();
        let comment = kind.contains("comment");
        if comment {
            blank(&mut quoted, node.byte_range());
        }
        // A text may hold code (`f"{x}"`, `"$(x)"`), so only what has no parts is left out.
        let said = node.child_count() == 0 && is_said(kind);
        if comment || said {
            blank(&mut code, node.byte_range());
        }
        if !comment && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
                return Some(Bare { code: text(code)?, quoted: text(quoted)? });
            }
        }
    }
}

/// Whether a node without parts is a piece of a text in quotes.
fn is_said(kind: &str) -> bool {
    ["string", "char_literal", "character", "heredoc", "content", "fragment"]
        .iter()
        .any(|part| kind.contains(part))
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    let bytes = bytes.get_mut(range).unwrap_or_default();
    bytes.iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
}

/// Whether a symbol is a test by its name, or stands in one: `tests::adds`, `test_adds`, `TestAdd.test_it`.
#[must_use]
pub fn is_test_name(name: &str) -> bool {
    name.split([':', '.', '#']).any(|part| {
        let lower = part.to_ascii_lowercase();
        matches!(lower.as_str(), "test" | "tests")
            || lower.starts_with("test_")
            || ["_test", "_tests", "_spec"].iter().any(|end| lower.ends_with(end))
            || part
                .strip_prefix("Test")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
            || ["Test", "Tests", "Spec"].iter().any(|end| part.ends_with(end))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(language: Language, text: &str) -> Bare {
        bare(language, text, Instant::now() + Duration::from_secs(20)).unwrap()
    }

    #[test]
    fn comments_and_texts_become_blanks_and_code_in_texts_stays() {
        let bare = read(Language::Python, "a = 'é' # c\nb = f'x{call(1)}y'\n");
        assert_eq!(bare.code, "a =         \nb =    {call(1)}  \n");
        assert_eq!(bare.quoted, "a = 'é'    \nb = f'x{call(1)}y'\n");
        let bare = read(Language::Bash, "echo \"a $(curl b) c\" # d\n");
        assert!(bare.code.contains("$(curl b)") && !bare.code.contains('d'), "{}", bare.code);
    }

    #[test]
    fn tests_have_names() {
        for name in ["tests", "tests::adds", "test_add", "TestAdd", "AddTest", "a.TestAdd.x", "add_test"] {
            assert!(is_test_name(name), "{name}");
        }
        for name in ["attest", "latest", "contest::x", "Testament", "greatest"] {
            assert!(!is_test_name(name), "{name}");
        }
    }
}
