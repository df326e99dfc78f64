//! Sentences taken apart into clauses that can differ in truth.

use std::ops::Range;

use super::cut::Cut;
use super::{Message, Sentence, is_predicative};
use crate::claim::lexicon::{Cue, Language, Lexicon};

/// A part of a sentence with a predicate of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Where it is in the message.
    pub range: Range<usize>,
    /// Whether a negation before it reaches into it ("did not A or B").
    pub negated: bool,
}

/// The clauses of a sentence, in order. A part without a predicate stays with its neighbour.
#[must_use]
pub fn clauses(message: &Message, sentence: &Sentence) -> Vec<Clause> {
    let Some(lexicon) = Lexicon::of(message.language) else { return Vec::new() };
    let mut out = Vec::new();
    let (outer, inner) = parentheses(message, &sentence.range, lexicon);
    for part in outer {
        split(message, lexicon, &part, &mut out);
    }
    for part in inner {
        split(message, lexicon, &part, &mut out);
    }
    out.sort_by_key(|c| c.range.start);
    out
}

/// Parentheses that hold a statement of their own are taken out of their sentence.
fn parentheses(
    message: &Message,
    range: &Range<usize>,
    lexicon: &Lexicon,
) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let masked = message.masked_slice(range);
    let (mut outer, mut inner) = (Vec::new(), Vec::new());
    let (mut from, mut open) = (0, None);
    for (at, c) in masked.char_indices() {
        match c {
            '(' | '\u{ff08}' if open.is_none() => open = Some((at, at + c.len_utf8())),
            ')' | '\u{ff09}' => {
                let Some((before, start)) = open.take() else { continue };
                let body = masked.get(start..at).unwrap_or_default();
                if is_statement(body, lexicon, message.language) {
                    inner.push(range.start + start..range.start + at);
                    outer.push(range.start + from..range.start + before);
                    from = at + c.len_utf8();
                }
            }
            _ => {}
        }
    }
    let rest = masked.get(from..).unwrap_or_default();
    if lexicon.has(Cue::Verb, rest) || outer.is_empty() {
        outer.push(range.start + from..range.end);
    }
    (outer, inner)
}

fn is_statement(body: &str, lexicon: &Lexicon, language: Language) -> bool {
    let counts = [Cue::Test, Cue::Pass, Cue::Exited].iter().any(|c| lexicon.has(*c, body));
    let numeric = body.chars().any(|c| c.is_ascii_digit());
    let long =
        if language.is_spaced() { body.split_whitespace().count() >= 2 } else { body.chars().count() >= 6 };
    let announces = lexicon.has(Cue::Test, body) && lexicon.has(Cue::Add, body) && body.contains('~');
    announces || long && lexicon.has(Cue::Verb, body) && !(counts && numeric)
}

fn split(message: &Message, lexicon: &Lexicon, range: &Range<usize>, out: &mut Vec<Clause>) {
    let masked = message.masked_slice(range);
    let mut start = 0;
    let mut negated = false;
    let cuts = cuts(masked, lexicon, message.language);
    for (index, cut) in cuts.iter().enumerate() {
        let left = masked.get(start..cut.start).unwrap_or_default();
        let until = cuts.get(index + 1).map_or(masked.len(), |c| c.start);
        let right = masked.get(cut.end..).unwrap_or_default();
        let near = masked.get(cut.end..until).unwrap_or_default();
        let at = |from: usize, to: usize| range.start + from..range.start + to;
        let both = is_predicative(message, &at(start, cut.start), lexicon)
            && is_predicative(message, &at(cut.end, until), lexicon);
        let delimiter = masked.get(cut.clone()).unwrap_or_default();
        if !(Cut { left, near, right, delimiter: delimiter.trim(), lexicon }).is_clause_border(both) {
            continue;
        }
        push(message, range.start + start..range.start + cut.start, negated, out);
        let or = masked.get(cut.clone()).is_some_and(|d| d.trim().trim_start_matches(',').trim() == "or");
        negated = or && lexicon.has(Cue::Not, left);
        start = cut.end;
    }
    push(message, range.start + start..range.end, negated, out);
}

/// Delimiters of the lexicon, and "or" after a negation where a bare verb follows.
fn cuts(masked: &str, lexicon: &Lexicon, language: Language) -> Vec<Range<usize>> {
    let mut cuts = lexicon.splits(masked);
    if language == Language::En {
        for (at, or) in masked.match_indices(" or ") {
            let next = masked.get(at + or.len()..).unwrap_or_default();
            let bare = [
                "change", "touch", "modify", "run ", "edit", "add ", "commit", "push", "build", "test ",
                "measure", "verify", "deploy",
            ];
            if bare.iter().any(|b| next.starts_with(b)) {
                cuts.push(at..at + or.len());
            }
        }
        for (at, but) in masked.match_indices(", but not ") {
            if masked.get(at + but.len()..).is_some_and(|r| r.starts_with('~')) {
                cuts.push(at..at + but.len() - 4);
            }
        }
        for (at, by) in masked.match_indices(" by ") {
            let next = masked.get(at + by.len()..).unwrap_or_default();
            let gerund = next.split(' ').next().is_some_and(|w| w.ends_with("ing"));
            let fix = lexicon.find(Cue::Fix, masked).is_some_and(|f| f.start < at);
            if gerund && fix {
                cuts.push(at..at + by.len());
            }
        }
        cuts.sort_by_key(|c| c.start);
        cuts.dedup_by(|b, a| b.start < a.end);
    }
    cuts.into_iter()
        .filter(|c| balanced(masked, c.start))
        .map(|c| keep_relative(masked, keep_ending(masked, c)))
        .collect()
}

/// A delimiter inside parentheses that were not taken out does not cut.
fn balanced(masked: &str, at: usize) -> bool {
    let before = masked.get(..at).unwrap_or_default();
    before.matches(['(', '\u{ff08}']).count() <= before.matches([')', '\u{ff09}']).count()
}

/// Japanese delimiters include the verb ending before the comma, which belongs to the left side.
fn keep_ending(masked: &str, cut: Range<usize>) -> Range<usize> {
    let text = masked.get(cut.clone()).unwrap_or_default();
    let contrast = text.ends_with('が');
    text.rfind('、')
        .map_or(if contrast { cut.end..cut.end } else { cut.clone() }, |at| cut.start + at..cut.end)
}

/// A relative pronoun belongs to the clause that it opens.
fn keep_relative(masked: &str, cut: Range<usize>) -> Range<usize> {
    let text = masked.get(cut.clone()).unwrap_or_default().trim_end();
    let pronoun = ["which", "qui", "que", "welche", "welcher", "welches", "die", "der", "das"]
        .iter()
        .find(|p| text.ends_with(&format!(" {p}")));
    pronoun.map_or(cut.clone(), |p| cut.start..cut.start + text.len() - p.len())
}

/// Drops a label that only announces the statement: "Result: …".
fn without_label<'t>(masked: &str, raw: &'t str) -> &'t str {
    let labels = [
        "result",
        "summary",
        "note",
        "status",
        "outcome",
        "fixed",
        "done",
        "caveat",
        "update",
        "also",
        "ergebnis",
        "hinweis",
        "fazit",
        "behoben",
        "résultat",
        "remarque",
        "nota",
        "resultado",
        "結果",
        "補足",
        "结果",
        "说明",
        "worth mentioning",
        "one caveat",
        "good news",
    ];
    let Some(at) = masked.find([':', '\u{ff1a}']) else { return raw };
    let head = masked.get(..at).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    let rest = raw.get(at + 1..).filter(|r| !r.trim().is_empty());
    if labels.contains(&head) { rest.unwrap_or(raw) } else { raw }
}

fn push(message: &Message, range: Range<usize>, negated: bool, out: &mut Vec<Clause>) {
    let raw = message.slice(&range);
    let trim = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | ':'
                    | '、'
                    | '\u{ff0c}'
                    | '\u{ff1b}'
                    | '\u{ff1a}'
                    | '.'
                    | '。'
                    | '*'
                    | '|'
                    | '—'
                    | '–'
            )
    };
    let raw = without_label(message.masked_slice(&range), raw);
    let start_of_raw = range.end - raw.len();
    let ticks = |c: char| trim(c) || matches!(c, '✅' | '✓' | '✔' | '☑' | '🎉' | '✨' | '\u{fe0f}');
    let bare = raw.trim_start_matches(ticks);
    let decorated = bare.split_whitespace().count() > 2;
    let start =
        start_of_raw + raw.len() - if decorated { bare.len() } else { raw.trim_start_matches(trim).len() };
    let kept = message.slice(&(start..range.end)).trim_end_matches(trim);
    if !kept.is_empty() {
        out.push(Clause { range: start..start + kept.len(), negated });
    }
}
