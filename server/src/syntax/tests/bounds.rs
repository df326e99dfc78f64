//! What is bounded, and what is looked up at a line.

use std::time::Instant;

use ropey::Rope;

use super::read;
use crate::syntax::{Language, outline};

#[test]
fn a_deadline_that_has_passed_gives_no_outline() {
    let text = Rope::from_str(&"fn f() { g(1); }\n".repeat(50_000));
    assert_eq!(outline(Language::Rust, &text, Instant::now()), None);
}

#[test]
fn a_text_too_large_is_not_parsed() {
    let text = Rope::from_str(&"x".repeat((16 << 20) + 1));
    assert_eq!(outline(Language::Rust, &text, Instant::now() + std::time::Duration::from_secs(60)), None);
}

#[test]
fn broken_text_has_an_outline_all_the_same() {
    for text in ["", "fn", "fn f( {{{ \u{0} ", "}}}}", "\r\r\n\n", "\u{feff}fn é() {}"] {
        for language in [Language::Rust, Language::Python, Language::Cpp, Language::Markdown, Language::Html]
        {
            read(language, text);
        }
    }
    assert_eq!(read(Language::Rust, "fn a() { 1; }\n}}\nfn b() {").symbols[0].name, "a");
}

#[test]
fn the_symbol_at_a_line_is_the_innermost_or_the_one_below_its_comment() {
    let out = read(
        Language::Rust,
        "mod m {\n    fn a() {\n        1;\n    }\n    // About b.\n    // More.\n    fn b() { 2; }\n}\n",
    );
    let name = |line| out.symbol_at(line).map(|symbol| symbol.name.as_str());
    assert_eq!(
        [0, 2, 4, 5, 6, 8].map(name),
        [Some("m"), Some("m::a"), Some("m::b"), Some("m::b"), Some("m::b"), None]
    );
}

#[test]
fn lines_are_those_of_the_editor() {
    let out = read(Language::Rust, "/* one\r two */ fn f() {\r    1;\r\n}\r");
    assert_eq!(out.symbols[0].lines, 1..4);
}
