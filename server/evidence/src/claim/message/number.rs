//! Numbers in prose, in digits or words.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::claim::lexicon::Language;

/// A number and the word it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Where it is, in bytes of the text searched.
    pub range: Range<usize>,
    /// What follows it, up to twenty-four characters, in lower case.
    pub unit: String,
    /// Digits after the decimal point.
    pub decimals: usize,
}

static DIGITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?").ok());

/// The numbers of a masked text, in order. Parts of versions, names and ordinals are left out.
#[must_use]
pub fn numbers(masked: &str, language: Language) -> Vec<Number> {
    let mut out: Vec<Number> = Vec::new();
    if let Some(pattern) = DIGITS.as_ref() {
        out.extend(pattern.find_iter(masked).filter_map(|m| digits(masked, m.range())));
    }
    for (word, value) in language.number_words() {
        for (at, _) in masked.match_indices(word) {
            let range = at..at + word.len();
            if language.is_spaced() && !stands_alone(masked, &range) {
                continue;
            }
            out.push(Number { value: *value, unit: unit(masked, range.end), range, decimals: 0 });
        }
    }
    out.sort_by_key(|n| n.range.start);
    out
}

fn digits(text: &str, range: Range<usize>) -> Option<Number> {
    let raw = text.get(range.clone())?;
    let before = text.get(..range.start)?.chars().next_back();
    let after = text.get(range.end..)?;
    let glued = before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '.' | '~' | '_' | '#'));
    let version = after.starts_with('.') && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if glued || version {
        return None;
    }
    let grouped = raw.contains(',')
        && raw.split(',').skip(1).all(|g| g.split('.').next().is_some_and(|g| g.len() == 3));
    let plain = if grouped { raw.replace(',', "") } else { raw.replace(',', ".") };
    let decimals = plain.split_once('.').map_or(0, |(_, d)| d.len());
    Some(Number { value: plain.parse().ok()?, unit: unit(text, range.end), range, decimals })
}

fn unit(text: &str, from: usize) -> String {
    text.get(from..).unwrap_or_default().trim_start().chars().take(24).collect()
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|b| b.chars().next_back());
    let after = text.get(range.end..).and_then(|a| a.chars().next());
    let joins =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '~' | '_' | '-' | '\''));
    !joins(before) && !joins(after)
}
