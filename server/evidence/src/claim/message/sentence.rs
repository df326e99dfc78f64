//! Where sentences end.

use std::ops::Range;

const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "z.b", "d.h", "bzw", "vs", "etc", "ca", "cf", "approx", "resp", "p.ej", "nr", "no", "st",
    "mr", "inkl", "usw", "u.a",
];

/// The sentences of a piece, without surrounding blanks and with their final mark left out.
#[must_use]
pub fn sentences(text: &str, masked: &str, piece: &Range<usize>) -> Vec<Range<usize>> {
    let body = masked.get(piece.clone()).unwrap_or_default();
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, n)| *n);
        if ends_here(body, at, c, next) {
            let end = at + c.len_utf8();
            push(&mut out, text, piece.start + start..piece.start + end);
            start = end;
        }
    }
    push(&mut out, text, piece.start + start..piece.end);
    out
}

fn ends_here(body: &str, at: usize, c: char, next: Option<char>) -> bool {
    match c {
        '。' | '\u{ff01}' | '\u{ff1f}' => true,
        '.' | '!' | '?' => match next {
            None => true,
            Some(n) if n.is_whitespace() || matches!(n, '*' | '_') => c != '.' || !abbreviated(body, at),
            Some(n) => !n.is_ascii() && n.is_alphabetic() && !at_digit(body, at),
        },
        _ => false,
    }
}

fn at_digit(body: &str, at: usize) -> bool {
    body.get(..at).is_some_and(|b| b.ends_with(|c: char| c.is_ascii_digit()))
}

fn abbreviated(body: &str, at: usize) -> bool {
    let before = body.get(..at).unwrap_or_default();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    ABBREVIATIONS.contains(&word)
}

/// Question marks stay, as they tell a question; other marks and blanks go.
fn push(out: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let raw = text.get(range.clone()).unwrap_or_default();
    let cut = raw.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|'));
    let start = range.start + raw.len() - cut.len();
    let kept = cut.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | '。' | '!' | '\u{ff01}' | '*' | '_' | '|')
    });
    if !kept.is_empty() {
        out.push(start..start + kept.len());
    }
}
