//! Functions, types, fields, parameters added, removed, renamed: the final workspace, parsed.

use super::Context;
use super::evidence;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Kind, Ruling, Verdict};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let names: Vec<&Token> =
        a.tokens.iter().filter(|t| matches!(t.shape, Shape::Name | Shape::Flag)).collect();
    let place = a.shaped(Shape::Path).next().and_then(|t| cx.facts.resolve(&t.text));
    if a.shaped(Shape::Path).next().is_some() && place.is_none() {
        return Ruling::contradicted(Code::WorkspaceMismatch, &[]);
    }
    match a.kind {
        Kind::SymbolRenamed => {
            let swapped = match names.as_slice() {
                [first, second, ..] => {
                    let (from, to) = (
                        first.range.end.saturating_sub(a.range.start),
                        second.range.start.saturating_sub(a.range.start),
                    );
                    let between = a.masked.get(from..to).unwrap_or_default();
                    super::words::says(between, super::content::INSTEAD)
                        || super::words::says(
                            between,
                            "formerly|previously|used to be|early |früher|ehemals|anciennement|antes",
                        )
                }
                _ => false,
            };
            let mut ordered = names.clone();
            if swapped {
                ordered.swap(0, 1);
            }
            renamed(cx, &ordered)
        }
        Kind::SymbolRemoved => names
            .first()
            .map_or(Ruling::unverified(Code::NoEvidence, &[]), |n| removed(cx, n, place.as_deref())),
        _ => added(cx, a, &names, place.as_deref()),
    }
}

fn matched(holds: bool) -> Ruling {
    if holds {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    }
}

fn is_added(cx: &Context, name: &str, place: Option<&str>, defined: bool) -> bool {
    let here = |p: &str| place.is_none_or(|q| q == p);
    let after = cx.facts.defined_after(name);
    let before = cx.facts.defined_before(name);
    let new = after.iter().any(|p| here(p) && !before.contains(p));
    let parsed = !after.is_empty() || defined && cx.facts.added.iter().all(|l| is_parsed(&l.path));
    let assigned = |l: &&crate::claim::facts::Line| {
        [".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx"].iter().any(|e| l.path.ends_with(e))
            && l.code.replace(' ', "").contains(&format!(".{name}="))
    };
    if cx.facts.added.iter().filter(|l| here(&l.path)).any(|l| assigned(&l)) {
        return true;
    }
    if defined && parsed {
        return new
            || after.iter().any(|p| here(p))
                && cx.facts.added.iter().any(|l| here(&l.path) && evidence::has_word(&l.code, name))
                && before.len() < after.len();
    }
    new || cx.facts.added.iter().any(|l| here(&l.path) && evidence::has_word(&l.code, name))
}

/// Whether a clause speaks of something that is defined, rather than of an option or a decorator.
fn callable(a: &Assertion) -> bool {
    let nouns = [
        "function",
        "method",
        "class ",
        "struct",
        "enum",
        "trait",
        "interface",
        "helper",
        "funktion",
        "methode",
        "klasse",
        "fonction",
        "méthode",
        "classe",
        "función",
        "método",
        "clase",
        "関数",
        "メソッド",
        "クラス",
        "函数",
        "方法",
    ];
    let Some(at) = a.shaped(Shape::Name).next().map(|t| t.range.clone()) else { return false };
    let (start, end) = (at.start.saturating_sub(a.range.start), at.end.saturating_sub(a.range.start));
    let lead: String = a
        .masked
        .get(..start)
        .unwrap_or_default()
        .chars()
        .rev()
        .take(18)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let tail: String = a.masked.get(end..).unwrap_or_default().chars().take(12).collect();
    nouns.iter().any(|n| lead.contains(n) || tail.contains(n))
}

/// Whether a file's language has a grammar here.
fn is_parsed(path: &str) -> bool {
    [".rs", ".py", ".js", ".ts", ".tsx", ".go", ".java", ".c", ".cpp", ".rb", ".php", ".cs"]
        .iter()
        .any(|e| path.ends_with(e))
        || crate::claim::source::is_documentation(path)
}

fn added(cx: &Context, a: &Assertion, names: &[&Token], place: Option<&str>) -> Ruling {
    let Some(first) = names.first() else { return Ruling::unverified(Code::NoEvidence, &[]) };
    let extracted = a.masked.contains("extract") || a.masked.contains("factor") || a.masked.contains("split");
    let objects: Vec<&str> = if extracted { vec![first.identifier()] } else { objects(cx, a, names) };
    if !objects.iter().all(|n| is_added(cx, n, place, callable(a))) {
        return matched(false);
    }
    if extracted {
        return matched(true);
    }
    let detail = evidence::details(cx, a, first);
    match detail {
        Some(Verdict::Contradicted) => matched(false),
        _ => matched(true),
    }
}

/// Names before the first preposition are what was added; the first one always is.
fn objects<'t>(cx: &Context, a: &Assertion, names: &[&'t Token]) -> Vec<&'t str> {
    let stops = [
        " to ",
        " in ",
        " for ",
        " with ",
        " that ",
        " which ",
        " from ",
        " returning ",
        " using ",
        " on ",
        " into ",
        " so ",
        "(",
        " zu ",
        " in der",
        " für ",
        " mit ",
        " à ",
        " dans ",
        " pour ",
        " en ",
        " para ",
        "に",
        "返",
        "、",
    ];
    let verb = cx.lexicon.find(Cue::Add, &a.masked).map_or(0, |m| m.start);
    let at = |n: &Token| n.range.start.saturating_sub(a.range.start);
    let follows = |n: &&&Token| at(n) > verb && !is_place(a.masked.get(verb..at(n)).unwrap_or_default());
    let container = names.first().is_some_and(|n| at(n) < verb) && names.iter().any(|n| follows(&n));
    let mut out = Vec::new();
    for name in names.iter().filter(|n| !container || at(n) > verb) {
        let head = a.masked.get(..at(name)).unwrap_or_default();
        if !out.is_empty()
            && stops
                .iter()
                .any(|s| head.get(if container { verb } else { 0 }..).unwrap_or_default().contains(s))
        {
            break;
        }
        out.push(name.identifier());
    }
    out
}

/// Whether a text ends in a preposition of place.
fn is_place(lead: &str) -> bool {
    let word = lead.trim_end().trim_end_matches(" the").rsplit(' ').next().unwrap_or_default();
    [
        "to", "in", "into", "on", "of", "for", "at", "from", "zu", "in", "à", "dans", "en", "a", "de",
        "beside", "near",
    ]
    .contains(&word)
        || lead.contains(" next to ")
}

fn removed(cx: &Context, name: &Token, place: Option<&str>) -> Ruling {
    let id = name.identifier();
    let here = |p: &&str| place.is_none_or(|q| q == *p);
    let (before, after) = (cx.facts.defined_before(id), cx.facts.defined_after(id));
    let (had, has) = (before.iter().any(here), after.iter().any(here));
    if had {
        let scoped = name.text.contains("::") || name.text.contains('.');
        let fewer = cx.facts.removed.iter().any(|l| evidence::has_word(&l.code, id)) && scoped;
        return matched(!has || fewer && after.len() < before.len());
    }
    let cut = cx.facts.removed.iter().any(|l| evidence::has_word(&l.code, id));
    let still = cx.facts.added.iter().any(|l| evidence::has_word(&l.code, id));
    matched(cut && !still && !has)
}

fn renamed(cx: &Context, names: &[&Token]) -> Ruling {
    let [from, to, ..] = names else { return Ruling::unverified(Code::NoEvidence, &[]) };
    let (old, new) = (from.identifier(), to.identifier());
    let there = is_added(cx, new, None, false);
    let gone = cx.facts.defined_after(old).is_empty();
    let was = !cx.facts.defined_before(old).is_empty()
        || cx.facts.removed.iter().any(|l| evidence::has_word(&l.code, old));
    let defines = |p: &str| {
        cx.facts.outlines_after().get(p).is_some_and(|o| o.identifiers.iter().any(|(n, _)| n == old))
    };
    let left = cx.facts.after().keys().any(|p| defines(p)) && gone;
    if there && was && left && old.len() > 2 {
        return Ruling::contradicted(Code::UsagesFound, &[]);
    }
    matched(there && gone && was)
}
