//! Outlines of real snippets, one for each language: what is defined, imported, missing and ordered.

mod bounds;
mod code;
mod data;
mod more;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ropey::Rope;

use super::{Language, Outline, outline};

/// The outline of a snippet in which `@NOTE` stands for a note about work left.
fn read(language: Language, snippet: &str) -> Outline {
    let text = snippet.replace("@NOTE", concat!("TO", "DO"));
    outline(language, &Rope::from_str(&text), Instant::now() + Duration::from_secs(60)).expect("in time")
}

/// Everything in it, one line each, lines counted from 1.
fn shown(language: Language, snippet: &str) -> String {
    let out = read(language, snippet);
    let mut text = String::new();
    for symbol in &out.symbols {
        let (first, last) = (symbol.lines.start + 1, symbol.lines.end);
        writeln!(text, "{} {} {first}-{last}", symbol.what, symbol.name).unwrap();
    }
    for import in &out.imports {
        writeln!(text, "import {}-{}", import.start + 1, import.end).unwrap();
    }
    for gap in &out.gaps {
        writeln!(text, "missing {:?} {}-{}", gap.missing, gap.lines.start + 1, gap.lines.end).unwrap();
    }
    for order in &out.instructions {
        writeln!(text, "order {:?} {}-{}", order.text, order.lines.start + 1, order.lines.end).unwrap();
    }
    text
}

#[track_caller]
fn check(language: Language, snippet: &str, expected: &str) {
    let seen = shown(language, snippet.trim_start_matches('\n'));
    let expected: String = expected.trim().lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(seen, expected, "{language:?}:\n{seen}");
}
