//! Dependencies added, bumped, removed: the manifests decide.

use std::sync::LazyLock;

use regex::Regex;

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;

static VERSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bv?([0-9]+(?:\.[0-9]+)+(?:[-+][0-9A-Za-z.]+)?|[0-9]+\.x|[0-9]+)\b").ok());

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let names = names(cx, a);
    let (old, new) = (&cx.facts.dependencies_before, &cx.facts.dependencies_after);
    if names.is_empty() {
        return unnamed(cx, a);
    }
    let removes =
        (cx.has(a, Cue::Remove) || cx.has(a, Cue::NoLonger)) && !cx.has(a, Cue::Add) && !cx.has(a, Cue::Bump);
    let adds = cx.has(a, Cue::Add) && !cx.has(a, Cue::Bump);
    let versions = versions(cx, a, &names);
    let holds = names.iter().all(|name| match (old.get(name), new.get(name)) {
        (Some(_), None) => removes,
        (None, Some(now)) => !removes && agrees(now, &versions),
        (Some(was), Some(now)) => {
            !(removes || adds && was == now)
                && (was != now || !versions.is_empty() && !cx.has(a, Cue::Change))
                && agrees(now, &versions)
        }
        (None, None) => false,
    });
    if holds {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    }
}

/// "Rails remains at 7.1.3": the dependency is what it was, and of that version.
pub(super) fn kept(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let (old, new) = (&cx.facts.dependencies_before, &cx.facts.dependencies_after);
    let text = cx.message.slice(&a.range).to_lowercase();
    let name = new.keys().find(|n| super::evidence::has_word(&text, &n.to_lowercase()))?;
    let versions = versions(cx, a, std::slice::from_ref(name));
    let holds = old.get(name) == new.get(name) && new.get(name).is_some_and(|now| agrees(now, &versions));
    (!versions.is_empty()).then(|| {
        if holds {
            Ruling::verified(Code::WorkspaceMatch, &[])
        } else {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        }
    })
}

fn agrees(now: &str, versions: &[String]) -> bool {
    let bare = now.trim_start_matches(|c: char| !c.is_ascii_digit());
    versions.last().is_none_or(|v| {
        bare == v
            || bare.starts_with(&format!("{v}."))
            || v.ends_with(".x") && bare.starts_with(v.trim_end_matches('x'))
    })
}

fn names(cx: &Context, a: &Assertion) -> Vec<String> {
    let known =
        |n: &str| cx.facts.dependencies_before.contains_key(n) || cx.facts.dependencies_after.contains_key(n);
    let from: Vec<String> = a
        .tokens
        .iter()
        .map(|t| t.text.split(['@', '=']).next().filter(|n| !n.is_empty()).unwrap_or(&t.text).to_owned())
        .filter(|n| known(n))
        .collect();
    if !from.is_empty() {
        return from;
    }
    let words = a.masked.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.')));
    let plain: Vec<String> =
        words.filter(|w| w.len() > 2).filter_map(|w| cx.facts.dependency(w).map(str::to_owned)).collect();
    if !plain.is_empty() {
        return plain;
    }
    let own: Vec<String> = a
        .tokens
        .iter()
        .filter(|t| !crate::claim::source::is_manifest(&t.text))
        .map(|t| t.text.clone())
        .collect();
    let context: Vec<String> = a.context.iter().map(|t| t.text.clone()).filter(|n| known(n)).collect();
    if own.is_empty() { context } else { own }
}

/// The versions that the clause names, the last one being the new one.
fn versions(cx: &Context, a: &Assertion, names: &[String]) -> Vec<String> {
    let Some(pattern) = VERSION.as_ref() else { return Vec::new() };
    let mut text = cx.message.slice(&a.range).to_owned();
    for name in names {
        text = text.replace(name.as_str(), " ");
    }
    pattern.captures_iter(&text).filter_map(|c| Some(c.get(1)?.as_str().to_owned())).collect()
}

fn unnamed(cx: &Context, a: &Assertion) -> Ruling {
    let (old, new) = (&cx.facts.dependencies_before, &cx.facts.dependencies_after);
    let added = new.keys().any(|n| !old.contains_key(n));
    let removed = old.keys().any(|n| !new.contains_key(n));
    let holds = if cx.has(a, Cue::Remove) {
        removed
    } else if cx.has(a, Cue::Bump) {
        old != new
    } else {
        added
    };
    match (holds, a.tokens.is_empty()) {
        (true, _) => Ruling::unverified(Code::NoEvidence, &[]),
        (false, _) => Ruling::contradicted(Code::WorkspaceMismatch, &[]),
    }
}
