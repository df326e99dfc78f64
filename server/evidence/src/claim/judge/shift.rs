//! Numbers in claims about content: what they were, what they are, where they stand.

use super::content::Texts;
use super::evidence::{has_number, has_word, holds};
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::Verdict;
use crate::claim::message::{Number, Token};

/// "From 5 to 8": the old number is gone from a line and the new one stands in its place.
pub(super) fn moved(a: &Assertion, texts: &Texts) -> bool {
    let [old, new] = a.numbers.as_slice() else { return false };
    let holds = |lines: &[&Line], n: &Number| lines.iter().any(|l| has_number(&l.code, &shown(n)));
    let between = a.masked.get(old.range.end..new.range.start).unwrap_or_default();
    let linked = says(between, " to | auf | à | a |から|到|至|成|→|->") || between.contains("为");
    linked && holds(&texts.removed, old) && holds(&texts.added, new) && !holds(&texts.removed, new)
}

/// "From 10 to 30" although the place still has 10 and nowhere 30.
pub(super) fn shift_refuted(a: &Assertion, texts: &Texts, placed: bool) -> bool {
    let [old, new] = a.numbers.as_slice() else { return false };
    let between = a.masked.get(old.range.end..new.range.start).unwrap_or_default();
    let linked = says(between, " to | auf | à | a |から|到|至|成|→|->") || between.contains("为");
    linked && placed && has_number(&texts.after, &shown(old)) && !has_number(&texts.after, &shown(new))
}

/// Whether a number is written in digits.
pub(super) fn is_digits(a: &Assertion, number: &Number) -> bool {
    a.masked.get(number.range.clone()).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()))
}

/// A number in prose must stand in the changed lines of its subject.
pub(super) fn by_number(a: &Assertion, texts: &Texts, tokens: &[&Token]) -> Option<Verdict> {
    let setting = "default|timeout|limit|maximum|minimum|max |min |threshold|second|秒|既定|デフォルト|standardwert|défaut|defecto|默认|retries|size|port| to | is | at | auf | à | a |に|为|到| ms|minutes|sleeps|equals|=";
    let other = "file|place|test|line|time|call|item|case|function|param";
    let number = a.numbers.iter().rfind(|n| !other.split('|').any(|w| n.unit.starts_with(w)))?;
    let wanted = shown(number);
    let written = |l: &&&Line| {
        has_number(&l.code, &wanted) || l.code.replace('_', "").contains(&wanted) && wanted.len() > 2
    };
    let named =
        |l: &&&Line| tokens.iter().any(|t| has_word(&l.code.to_lowercase(), &t.identifier().to_lowercase()));
    if texts.added.iter().any(|l| written(&l)) || !texts.changing && has_number(&texts.source, &wanted) {
        return Some(Verdict::Verified);
    }
    let digits = |l: &&&Line| l.code.contains(['=', ':', '(']) && l.code.chars().any(|c| c.is_ascii_digit());
    let assigned = texts.added.iter().filter(named).any(|l| digits(&l));
    let untouched = texts.changing
        && !texts.added.iter().any(|l| named(&l))
        && tokens.iter().all(|t| holds(&texts.after, &texts.squeezed_after, t))
        && says(&a.masked, "set |raised|lowered|increased|reduced|bumped|changed");
    ((assigned || untouched) && says(&a.masked, setting)).then_some(Verdict::Contradicted)
}

/// A number in prose, written as code writes it.
pub(super) fn shown(number: &Number) -> String {
    if number.decimals == 0 {
        format!("{:.0}", number.value)
    } else {
        format!("{:.*}", number.decimals, number.value)
    }
}

pub(super) fn version(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words
        .map(|w| w.trim_matches('.').trim_start_matches('v'))
        .rfind(|w| w.matches('.').count() >= 2 && w.chars().all(|c| c.is_ascii_digit() || c == '.'))
        .map(str::to_owned)
}
