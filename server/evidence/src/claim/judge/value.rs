//! "`LIMIT` is 8", "`timeout` defaults to 30": what a name is bound to in the final workspace.
//!
//! Invariants
//! - Decides only if every binding of the name that it can read says the same.

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::{Number, Shape, Token};
use crate::claim::source::is_documentation;

/// Words that bind a name to the value after it.
const BINDS: &str = " is | equals | are | now |=|:| set to | defaults to | beträgt | ist | steht auf | vaut | est de | est | es | vale | は |为|是|等于";

/// The verdict on a name and the one value it is said to have; none if the clause says anything else.
pub(super) fn assigned(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let [name] = a.tokens.iter().filter(|t| t.shape == Shape::Name).collect::<Vec<_>>()[..] else {
        return None;
    };
    let [value] = a.numbers.as_slice() else { return None };
    let others = a.tokens.iter().any(|t| t.range != name.range && t.shape != Shape::Path);
    if others || !is_bare(a, name, value) {
        return None;
    }
    let place = a.shaped(Shape::Path).next().and_then(|t| cx.facts.resolve(&t.text));
    let found = bindings(cx, name.identifier(), place.as_deref());
    let first = found.first()?;
    if found.iter().any(|v| (v - first).abs() > 1e-9) {
        return None;
    }
    Some(if (first - value.value).abs() < 1e-9 {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    })
}

/// Between the name and the number stands a copula and nothing else that could change the meaning.
fn is_bare(a: &Assertion, name: &Token, value: &Number) -> bool {
    let end = name.range.end.saturating_sub(a.range.start);
    let Some(between) = a.masked.get(end..value.range.start) else { return false };
    let words = between.split_whitespace().count();
    let after = a.masked.get(value.range.end..).unwrap_or_default().trim();
    let tail = after.trim_matches(|c: char| !c.is_alphanumeric());
    says(&format!(" {between} "), BINDS)
        && words <= 4
        && !says(
            between,
            "not|less|more|at least|at most|nicht|pas|no |call|return|print|gibt|renvoie|devuelve|返",
        )
        && (tail.is_empty()
            || ["now", "jetzt", "nun", "désormais", "maintenant", "ahora", "です", "了"].contains(&tail))
}

/// Numbers that a name is bound to: `NAME = 8`, `name: 8`, `NAME: u32 = 8`.
fn bindings(cx: &Context, id: &str, place: Option<&str>) -> Vec<f64> {
    let mut out = Vec::new();
    for (path, text) in cx.facts.after().iter().filter(|(p, _)| !is_documentation(p)) {
        if place.is_some_and(|p| p != path) {
            continue;
        }
        let code = crate::claim::source::without_comments(path, text);
        for line in code.lines() {
            out.extend(bound(line, id));
        }
    }
    out
}

fn bound(line: &str, id: &str) -> Option<f64> {
    let at = line.match_indices(id).map(|(at, _)| at).find(|at| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = line.get(..*at).and_then(|t| t.chars().next_back());
        let after = line.get(at + id.len()..).and_then(|t| t.chars().next());
        !joins(before) && !joins(after)
    })?;
    let rest = line.get(at + id.len()..)?.trim_start_matches(['"', '\'']).trim_start();
    let value = match rest.strip_prefix(':') {
        Some(typed) => typed.split_once('=').map_or(typed, |(_, v)| v),
        None => rest.strip_prefix(":=").or(rest.strip_prefix('='))?,
    };
    let digits: String =
        value.trim_start().chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_')).collect();
    let rest = value.trim_start().get(digits.len()..).unwrap_or_default().trim_start();
    let whole = rest.is_empty() || rest.starts_with([';', ',', ')', '}']) || rest.starts_with("//");
    digits.replace('_', "").parse().ok().filter(|_| whole)
}
