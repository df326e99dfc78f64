//! Which of the things a clause names are old and which are new.

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};

/// What a token has to do with the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It must be there now.
    New,
    /// It was there and is gone, or was replaced.
    Old,
    /// Where something was done; it must be there.
    Place,
}

const REPLACES: &str = "replac|switch|chang|swap|convert|migrat|instead of|rather than|renam|in place of|ersetzt|umgestellt|geändert|umbenannt|statt|gewechselt|remplac|renomm|au lieu|chang|reemplaz|sustitu|cambi|renombr|en lugar|en vez|置き換|置換|変更|差し替|切り替|から|リネーム|改名|代わり|替换|改为|改成|换成|重命名|代替|迁移|切换|变为|变成|became|becomes|→|->|used to|previously|formerly|in lieu of|moved|bump|raised|lowered|increased|reduced|now uses|turned";
const OLD: &str = " used to say | used to be | used to use | used to call | used to return | formerly | previously | in lieu of | replaced | replaces | replacing | replace | from | instead of | rather than | in place of | renamed | rename | renames | swapped | swaps | statt | anstelle von | anstatt | von | au lieu de | en lugar de | en vez de |代替|将|把|从| remplacé | renommé | remplacée | reemplacé | reemplazado | renombré | de | del ";
const NEW: &str = " with | to | by | using | into | uses | now | durch | auf | zu | nach | in | par | à | por | con | a | en |→|->|为|成|用|改用";
const PLACES: &str = " in | inside | within | of | for | on | at | im | dans | en | del | für | bei |在";

/// The role of each token.
pub(super) fn roles(cx: &Context, a: &Assertion, tokens: &[&Token]) -> Vec<Role> {
    let removes = (cx.has(a, Cue::Remove) || cx.has(a, Cue::NoLonger)) && !cx.has(a, Cue::Add);
    let replaces = says(&a.masked, REPLACES);
    let mut out = Vec::new();
    let mut from = a.range.start;
    for (index, token) in tokens.iter().enumerate() {
        let lead = between(a, from, token.range.start);
        let end = tokens.get(index + 1).map_or(a.range.end, |t| t.range.start);
        let tail = between(a, token.range.end, end);
        from = token.range.end;
        out.push(role(cx, token, (lead, tail), (index, tokens.len()), replaces, removes));
    }
    out
}

fn between(a: &Assertion, from: usize, to: usize) -> &str {
    a.masked.get(from.saturating_sub(a.range.start)..to.saturating_sub(a.range.start)).unwrap_or_default()
}

fn role(
    cx: &Context,
    token: &Token,
    (lead, tail): (&str, &str),
    (index, count): (usize, usize),
    replaces: bool,
    removes: bool,
) -> Role {
    let lead = format!(" {lead}");
    let tail = tail.trim_start();
    let (old, new, place) = (last(&lead, OLD), last(&lead, NEW), last(&lead, PLACES));
    let named = |files: &crate::claim::case::Files| {
        files.values().any(|t| super::evidence::has_word(t, token.identifier()))
    };
    if is_former(&lead) {
        return Role::Old;
    }
    let defined = token.shape == Shape::Name && !cx.facts.defined_after(token.identifier()).is_empty();
    let kept = token.shape == Shape::Name
        && (defined || index == 0 && named(cx.facts.before()) && named(cx.facts.after()));
    let starts = |words: &str| words.split('|').any(|w| tail.starts_with(w));
    if replaces
        && (starts("の代わり|から|ではなく") || starts("を") && index + 1 < count)
        && !starts("から呼")
    {
        return if kept && starts("を") { Role::New } else { Role::Old };
    }
    if replaces
        && starts(
            "was replaced|is replaced|were replaced|has been replaced|became|is now|wurde durch|wurde zu|→|->|に置き換|被替换",
        )
        && index == 0
        && count > 1
        && !defined
    {
        return Role::Old;
    }
    if index == 0
        && count > 1
        && starts("replaces|supersedes|takes the place|ersetzt |remplace |reemplaza |替换了|取代")
    {
        return Role::New;
    }
    if starts("の|内|中で|において")
        || place.is_some()
            && !last_word_is_instead(&lead)
            && place >= new
            && place > old
            && !(removes && old.is_some())
    {
        return Role::Place;
    }
    let instead =
        last_word_is_instead(&lead) || tail.contains("instead of") || says(tail, super::content::INSTEAD);
    match (old, new) {
        (Some(o), n) if replaces && n.is_none_or(|n| n < o) => Role::Old,
        (_, Some(_)) if replaces => Role::New,
        _ if replaces && index == 0 && count > 1 && !kept && !removes && !instead => Role::Old,
        _ if removes && old.is_some() && index > 0 => Role::Place,
        _ if removes && index > 0 && new.is_some() => Role::Place,
        _ if removes => Role::Old,
        _ => Role::New,
    }
}

/// Whether a lead ends in words for what was there before.
fn is_former(lead: &str) -> bool {
    let former =
        "used to say|used to be|used to use|used to call|used to return|formerly|previously|in lieu of";
    former.split('|').any(|w| lead.trim_end().ends_with(w))
}

/// Whether a lead ends in a marker of something replaced.
fn last_word_is_instead(lead: &str) -> bool {
    super::content::INSTEAD.split('|').any(|w| lead.trim_end().ends_with(w))
}

/// Where the last of some markers stands.
fn last(text: &str, markers: &str) -> Option<usize> {
    let from = (text.len().saturating_sub(32)..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let near = text.get(from..).unwrap_or_default();
    let found = |m: &str| {
        if m.is_ascii() || m.starts_with(' ') {
            near.rfind(m)
        } else {
            near.trim_end().ends_with(m).then_some(near.len())
        }
    };
    markers.split('|').filter(|m| !m.is_empty()).filter_map(found).max()
}
