//! "Two files changed", "+20 lines", "5 call sites".

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::{Number, Token};

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let mut decided = false;
    for number in &a.numbers {
        match holds(cx, a, number) {
            Some(false) => return Ruling::contradicted(Code::CountMismatch, &[]),
            Some(true) => decided = true,
            None => {}
        }
    }
    if decided { Ruling::verified(Code::CountMatch, &[]) } else { Ruling::unverified(Code::NoEvidence, &[]) }
}

fn holds(cx: &Context, a: &Assertion, number: &Number) -> Option<bool> {
    let unit =
        [" and ", " und ", " et ", " y ", " with ", "、"].iter().filter_map(|w| number.unit.find(w)).min();
    let unit = unit.and_then(|at| number.unit.get(..at)).unwrap_or(&number.unit);
    let near: String = unit.chars().take_while(|c| !matches!(c, ',' | '(' | ';')).take(20).collect();
    let says = |words: &[&str]| words.iter().any(|w| near.contains(w));
    let lines = says(&["line", "行", "zeile", "ligne", "línea", "loc", "insertion", "deletion"]);
    let files = says(&["file", "ファイル", "datei", "fichier", "archivo", "fichero", "文件"]);
    let before = a.masked.get(..number.range.start).unwrap_or_default().trim_end();
    let is = |real: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a count of lines or files")]
        let real = real as f64;
        (real - number.value).abs() < 0.5
    };
    let (added, removed) = (lines_of(cx, true), lines_of(cx, false));
    if before.ends_with('+') || near.starts_with("insertion") {
        return Some(is(added));
    }
    if before.ends_with(['-', '−', '–']) && !before.ends_with("~-") || near.starts_with("deletion") {
        return Some(is(removed));
    }
    if lines {
        let removal = cx.has(a, crate::claim::lexicon::Cue::Remove);
        let addition = cx.has(a, crate::claim::lexicon::Cue::Add);
        return Some(match (addition, removal) {
            (true, false) => is(added),
            (false, true) => is(removed),
            _ => is(added) || is(removed) || is(added + removed),
        });
    }
    if files {
        return Some(is(files_of(cx, a)));
    }
    sites(cx, a, number)
}

fn lines_of(cx: &Context, added: bool) -> usize {
    let changed = &cx.facts.case().changed_files;
    if changed.is_empty() {
        return if added { cx.facts.added.len() } else { cx.facts.removed.len() };
    }
    changed.iter().map(|f| if added { f.added } else { f.removed }).sum()
}

fn files_of(cx: &Context, a: &Assertion) -> usize {
    use crate::claim::lexicon::Cue;
    let (before, after) = (cx.facts.before(), cx.facts.after());
    let changed = cx.facts.changed_paths();
    let new = says(&a.masked, "new|neue|nouve|nuev|新") || cx.has(a, Cue::Add) && !cx.has(a, Cue::Change);
    let gone = cx.has(a, Cue::Remove);
    let counted = |p: &&String| {
        if new {
            !before.contains_key(*p)
        } else if gone {
            !after.contains_key(*p)
        } else {
            true
        }
    };
    let tests = cx.has(a, Cue::Test);
    let renamed = cx.facts.case().changed_files.iter().filter(|f| f.from.is_some()).count();
    let count =
        changed.iter().filter(counted).filter(|p| !tests || crate::claim::source::is_test_file(p)).count();
    if renamed > 0 && !new && !gone { cx.facts.case().changed_files.len() } else { count }
}

/// Places where a name was put in.
fn sites(cx: &Context, a: &Assertion, number: &Number) -> Option<bool> {
    let names: Vec<&str> = a
        .named()
        .iter()
        .filter(|t| t.shape != crate::claim::message::Shape::Path)
        .map(Token::identifier)
        .filter(|n| !n.is_empty())
        .collect();
    let calls = says(&number.unit, "call|caller|aufruf|appel|llamada|呼び出し|调用|usage|use");
    let defined = |n: &str| {
        let heads =
            |l: &&crate::claim::facts::Line| {
                super::evidence::has_word(&l.code, n)
                    && cx.facts.outlines_after().get(&l.path).is_some_and(|o| {
                        o.definitions.iter().any(|(d, r)| {
                            d == n
                                && cx.facts.after().get(&l.path).and_then(|t| t.get(r.clone())).is_some_and(
                                    |t| t.lines().next().is_some_and(|h| l.text.contains(h.trim())),
                                )
                        })
                    })
            };
        if calls { cx.facts.added.iter().filter(heads).count() } else { 0 }
    };
    let counts: Vec<usize> = names
        .iter()
        .map(|n| {
            cx.facts
                .added
                .iter()
                .filter(|l| super::evidence::has_word(&l.code, n))
                .count()
                .saturating_sub(defined(n))
        })
        .chain(
            names
                .iter()
                .map(|n| cx.facts.removed.iter().filter(|l| super::evidence::has_word(&l.code, n)).count())
                .filter(|_| !calls),
        )
        .filter(|c| *c > 0)
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a count of lines")]
    let is = |c: &usize| (*c as f64 - number.value).abs() < 0.5;
    if counts.is_empty() {
        return None;
    }
    if counts.iter().any(is) {
        Some(true)
    } else if calls && cx.facts.is_complete() {
        Some(false)
    } else {
        None
    }
}
