//! "`f` returns 19 instead of 7": the value in the changed lines of a definition.

use super::Context;
use super::evidence::{has_number, has_word};
use super::shift::shown;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::{Shape, Token};

const RETURNS: &str = "return|gives|yields|liefert|gibt |renvoie|retourne|devuelve|返|戻り値";
const CONDITION: &str = " when | if | for | unless | wenn | falls | für | si | quand | lorsqu| pour | cuando | para |場合|とき|では|如果|时";

/// The verdict on a plain returned number; none unless changed lines decide it.
pub(super) fn returned(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let masked = format!(" {} ", a.masked);
    if !says(&masked, RETURNS) || says(&masked, CONDITION) || cx.has(a, crate::claim::lexicon::Cue::Not) {
        return None;
    }
    let mut names = a.tokens.iter().filter(|t| t.shape == Shape::Name || t.text.ends_with("()"));
    let (Some(name), None) = (names.next(), names.next()) else { return None };
    let name = bare(name);
    let [path] = cx.facts.defined_after(name).try_into().ok()?;
    let here = |l: &&Line| l.path == path;
    let text = cx.facts.after().get(path)?;
    let body = text.lines().skip_while(|l| !has_word(l, name)).take(4).collect::<Vec<_>>().join("\n");
    let answers = |l: &&Line, shown: &str| {
        has_number(&l.code, shown) && (l.code.contains("return") || has_word(&l.code, name))
    };
    let (new, old) = match a.numbers.as_slice() {
        [new] => (new, None),
        [new, old] if says(&a.masked, super::content::INSTEAD) => (new, Some(old)),
        _ => return None,
    };
    let written =
        cx.facts.added.iter().filter(here).any(|l| answers(&l, &shown(new)) && body.contains(l.code.trim()));
    let gone = old.is_none_or(|o| cx.facts.removed.iter().filter(here).any(|l| answers(&l, &shown(o))));
    (written && gone).then(|| Ruling::verified(Code::WorkspaceMatch, &[]))
}

/// The last part of `Tax.rate()`.
fn bare(token: &Token) -> &str {
    let text = token.text.trim_end_matches("()");
    text.rsplit(['.', ':', '#', '/']).next().unwrap_or(text)
}

/// "RuboCop reports one offense": the same count of the same thing in the output of a fresh linter run.
pub(super) fn reported_count(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let [number] = a.numbers.as_slice() else { return None };
    if !cx.has(a, crate::claim::lexicon::Cue::Lint) || number.decimals > 0 {
        return None;
    }
    let word = number.unit.split(|c: char| !c.is_alphabetic()).next()?.trim_end_matches('s');
    let told = format!("{} {word}", shown(number));
    let lint = |r: &&crate::claim::record::Ran| r.tool == crate::claim::shell::Tool::Lint;
    let runs: Vec<_> = cx.facts.record.fresh().filter(lint).collect();
    let [run] = runs.as_slice() else { return None };
    let named = a.masked.contains(run.program())
        || says(&a.masked, "lint")
        || run.invocation.words.iter().any(|w| w.len() > 2 && a.masked.contains(w.as_str()));
    let output = run.output.to_lowercase();
    let found = output.match_indices(&told).any(|(at, _)| {
        !output.get(..at).and_then(|h| h.chars().next_back()).is_some_and(|c| c.is_ascii_digit() || c == '.')
    });
    (word.len() > 3 && named && found).then(|| Ruling::verified(Code::Observed, &[run.seq]))
}
