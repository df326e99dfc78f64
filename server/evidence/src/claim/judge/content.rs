//! Is a construct, value or text in a file, or gone from it (rule 23)?

use std::collections::BTreeSet;

use super::Context;
use super::aside::{comment_added, docs_mention, file_replaced, test_changed};
use super::evidence::{any_line, construct, has_number, has_word, holds, prose, squeezed};
use super::prosaic::by_prose;
use super::roles::{Role, roles};
use super::shift::{by_number, moved, shift_refuted, shown};
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::{Code, Ruling, Verdict};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Quoting, Shape, Token};
use crate::claim::source::is_documentation;

/// The texts that a claim about content is held against.
pub(super) struct Texts<'l> {
    pub(super) added: Vec<&'l Line>,
    pub(super) removed: Vec<&'l Line>,
    pub(super) after: String,
    pub(super) squeezed_after: String,
    /// Without tests, for numbers.
    pub(super) source: String,
    pub(super) changing: bool,
}

/// Words before something that was replaced.
pub(super) const INSTEAD: &str = "instead of|rather than|in place of|in lieu of|where it used to|which used to|what used to be|previously|formerly|used to say|used to be|statt|anstelle von|au lieu de|en vez de|en lugar de|代わり|代替|而不是";

fn matched() -> Option<Ruling> {
    Some(Ruling::verified(Code::WorkspaceMatch, &[]))
}

fn mismatched() -> Option<Ruling> {
    Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]))
}

/// Changed lines whose code is not the same on the other side: a comment beside old code changes nothing.
fn effective<'l>(lines: &'l [Line], others: &'l [Line]) -> impl Iterator<Item = &'l Line> {
    let same: BTreeSet<(&str, String)> =
        others.iter().map(|l| (l.path.as_str(), squeezed(&l.code))).filter(|(_, c)| !c.is_empty()).collect();
    lines.iter().filter(move |l| {
        is_documentation(&l.path)
            || l.code.trim().is_empty()
            || l.code.trim() == l.text.trim()
            || !same.contains(&(l.path.as_str(), squeezed(&l.code)))
    })
}

/// The verdict on content; `None` if the rules cannot decide.
pub(super) fn content(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let place = a.shaped(Shape::Path).next();
    let file = place.and_then(|t| cx.facts.resolve(&t.text));
    let verbs =
        [Cue::Change, Cue::Add, Cue::Remove, Cue::Rename, Cue::Extract, Cue::Fix, Cue::Now, Cue::NoLonger];
    let defined = says(&a.masked, " is defined| are defined| lives in|definiert in");
    let changing = (verbs.iter().any(|c| cx.has(a, *c)) || says(&a.masked, INSTEAD)) && !defined;
    if let Some(ruling) = file_replaced(cx, a) {
        return Some(ruling);
    }
    if place.is_some_and(|p| file.is_none() && p.text.contains('.')) && (changing || cx.facts.is_complete()) {
        return mismatched();
    }
    if changing && cx.facts.record.is_unchanged() && is_about_change(cx, a) {
        return Some(Ruling::contradicted(Code::EmptyDiff, &[]));
    }
    if let Some(ruling) = defined_there(cx, a, file.as_deref()).filter(|_| defined) {
        return Some(ruling);
    }
    if let Some(ruling) = comment_added(cx, a) {
        return Some(ruling);
    }
    if cx.facts.record.is_unchanged()
        && says(&a.masked, "index|table|column|row|database")
        && says(&a.masked, "exist")
    {
        return None;
    }
    if let Some(ruling) = super::pronoun::in_file(cx, a, file.as_deref()) {
        return Some(ruling);
    }
    if let Some(ruling) = docs_mention(cx, a) {
        return Some(ruling);
    }
    if let Some(ruling) = test_changed(cx, a) {
        return Some(ruling);
    }
    let here = |l: &&Line| file.as_ref().is_none_or(|f| *f == l.path);
    let after = text_of(cx, file.as_deref());
    let texts = Texts {
        added: effective(&cx.facts.added, &cx.facts.removed).filter(here).collect(),
        removed: effective(&cx.facts.removed, &cx.facts.added).filter(here).collect(),
        squeezed_after: squeezed(&after),
        source: if file.is_some() { after.clone() } else { source_of(cx) },
        after,
        changing,
    };
    let is_file = |t: &Token| {
        matches!(t.shape, Shape::Path | Shape::Command)
            || cx.facts.after().contains_key(&t.text)
            || cx.facts.before().contains_key(&t.text)
    };
    let tokens: Vec<&Token> = a.tokens.iter().filter(|t| !is_file(t)).collect();
    if tokens.is_empty() {
        if shift_refuted(a, &texts, file.is_some()) {
            return mismatched();
        }
        return by_prose(cx, a, &texts, file.as_deref());
    }
    if shift_refuted(a, &texts, file.is_some()) {
        return mismatched();
    }
    if denies(cx, a) {
        return denied(cx, a, &tokens, &texts);
    }
    if told_of_before(cx, a, &tokens, &texts) {
        return matched();
    }
    by_tokens(cx, a, &tokens, &texts)
}

/// "`f` is defined in `a.py`".
fn defined_there(cx: &Context, a: &Assertion, file: Option<&str>) -> Option<Ruling> {
    let name = a.shaped(Shape::Name).next()?;
    if cx.facts.defined_after(name.identifier()).contains(&file?) { matched() } else { mismatched() }
}

/// "Now" and past-tense verbs speak of a change; a plain present may describe what always was.
fn is_about_change(cx: &Context, a: &Assertion) -> bool {
    let past = " has been | have been |ed |しました|geändert|ersetzt|aktualisiert|modifi|remplac|cambi|改为|修改了|更新了";
    let stated = says(&a.masked, " is defined| are defined|definiert in");
    cx.has(a, Cue::Now) || cx.has(a, Cue::I) || says(&a.masked, past) && !stated
}

/// A plain past tense about the old code: everything named was there and was changed.
fn told_of_before(cx: &Context, a: &Assertion, tokens: &[&Token], texts: &Texts) -> bool {
    let past = says(
        &a.masked,
        " used | called | had | returned | was | were | compared | did | utilisait | usaba | verwendete",
    );
    let acted = says(
        &a.masked,
        "was added|were added|was changed|was replaced|was removed|was updated|was moved|was renamed|was bumped",
    ) || cx.has(a, Cue::I)
        || cx.has(a, Cue::Now);
    let passive = a
        .masked
        .split([' ', ','])
        .collect::<Vec<_>>()
        .windows(2)
        .any(|w| matches!(w, ["was" | "were", verb] if verb.ends_with("ed")));
    past && !acted && !passive && tokens.iter().all(|t| any_line(&texts.removed, t))
}

fn text_of(cx: &Context, file: Option<&str>) -> String {
    let of = |(path, text): (&String, &String)| {
        if is_documentation(path) { text.clone() } else { crate::claim::source::without_comments(path, text) }
    };
    match file {
        Some(file) => cx.facts.after().get_key_value(file).map(of).unwrap_or_default(),
        None => cx.facts.after().iter().map(of).collect::<Vec<_>>().join("\n"),
    }
}

/// All texts but tests and documentation.
fn source_of(cx: &Context) -> String {
    let kept = cx
        .facts
        .after()
        .iter()
        .filter(|(p, _)| !crate::claim::source::is_test_file(p) && !is_documentation(p));
    kept.map(|(p, t)| crate::claim::source::without_comments(p, t)).collect::<Vec<_>>().join("\n")
}

fn denies(cx: &Context, a: &Assertion) -> bool {
    let there = "there is no |there are no |there’s no |there's no | has no |contains no |es gibt kein|gibt es kein|il n’y a pas|il n'y a pas|no hay |没有|はありません|は存在しません|does not exist|no existe|n’existe|n'existe";
    let condition =
        [" when ", " if ", " for ", " where ", " wenn ", " falls ", " si ", " cuando ", " quand ", " lorsqu"];
    let head = condition.iter().filter_map(|w| a.masked.find(w)).min().unwrap_or(a.masked.len());
    says(a.masked.get(..head).unwrap_or_default(), there) && !cx.has(a, Cue::Change)
}

fn denied(cx: &Context, a: &Assertion, tokens: &[&Token], texts: &Texts) -> Option<Ruling> {
    let last = tokens.last()?;
    let defined = !cx.facts.defined_after(last.identifier()).is_empty();
    let present = holds(&texts.after, &texts.squeezed_after, last);
    match (defined, present, cx.has(a, Cue::Symbol)) {
        (true, ..) => mismatched(),
        (false, false, _) | (false, true, true) => matched(),
        (false, true, false) => None,
    }
}

fn by_tokens(cx: &Context, a: &Assertion, tokens: &[&Token], texts: &Texts) -> Option<Ruling> {
    let roles: Vec<Role> = roles(cx, a, tokens);
    let old_name = |t: &&&Token| {
        t.shape == Shape::Name
            && !cx.facts.defined_after(t.identifier()).is_empty()
            && !cx.facts.defined_before(t.identifier()).is_empty()
    };
    let subject = tokens.first().filter(old_name).map(|t| t.range.clone());
    let (mut specific, mut seen) = (0, 0);
    for (token, role) in tokens.iter().zip(&roles) {
        let in_added = any_line(&texts.added, token);
        let in_removed = any_line(&texts.removed, token);
        let present = holds(&texts.after, &texts.squeezed_after, token);
        let fresh = in_added && !in_removed && cx.facts.defined_before(token.identifier()).is_empty();
        let place = *role == Role::Place && token.shape == Shape::Name && !token.text.contains('(') && !fresh;
        let is_subject = subject.as_ref() == Some(&token.range) || place;
        match role {
            Role::New | Role::Place if present => {
                seen += 1;
                specific += usize::from(
                    !is_subject
                        && (in_added && !(in_removed && tokens.len() > 1 && counts_same(texts, token))
                            || !texts.changing),
                );
            }
            Role::New | Role::Place if is_code(token) && refutes(cx, token, texts) => return mismatched(),
            Role::New | Role::Place => {}
            Role::Old if in_removed && (!in_added || counts_fewer(texts, token)) => {
                seen += 1;
                specific += 1;
            }
            Role::Old
                if !in_removed
                    && present
                    && texts.changing
                    && is_code(token)
                    && subject.as_ref() != Some(&token.range) =>
            {
                return mismatched();
            }
            Role::Old
                if !in_removed
                    && !present
                    && cx.facts.is_complete()
                    && is_code(token)
                    && tokens.len() == 1
                    && !cx.has(a, Cue::NoLonger) =>
            {
                return mismatched();
            }
            Role::Old => seen += usize::from(in_removed),
        }
    }
    conclude(cx, a, tokens, texts, (specific, seen))
}

/// The verdict from how many tokens were seen, and how many of them are telling.
fn conclude(
    cx: &Context,
    a: &Assertion,
    tokens: &[&Token],
    texts: &Texts,
    (specific, seen): (usize, usize),
) -> Option<Ruling> {
    let whole = seen == tokens.len();
    if let Some(ruling) = definition_changed(cx, a, tokens) {
        return Some(ruling);
    }
    match by_number(a, texts, tokens) {
        Some(Verdict::Contradicted) => return mismatched(),
        Some(Verdict::Verified) if whole => return matched(),
        _ => {}
    }
    let code: String =
        texts.added.iter().chain(&texts.removed).map(|l| l.code.as_str()).collect::<Vec<_>>().join("\n");
    let (found, words) = prose(&a.masked, &code);
    let built = construct(&a.masked, &texts.added, &texts.removed);
    let first = tokens.first().filter(|t| t.shape == Shape::Name);
    let idle = first.is_some_and(|t| same_definition(cx, t) == Some(true));
    let unwritten = texts.changing
        && a.numbers.iter().any(|n| {
            n.value > 0.0
                && !texts.added.iter().any(|l| has_number(&l.code, &shown(n)))
                && a.masked.get(n.range.clone()).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()))
        });
    let loose = !idle && !unwritten;
    let supported = specific > 0
        || whole && moved(a, texts)
        || seen > 0 && built && loose
        || seen > 0
            && loose
            && found > 0
            && (found * 3 >= words || cx.message.language != crate::claim::lexicon::Language::En);
    let foreign = specific == 0
        && !a.masked.is_ascii()
        && tokens.iter().any(|t| any_line(&texts.added, t))
        && cx.has(a, Cue::Add);
    if whole && (supported || foreign) { matched() } else { None }
}

/// "Changed `f`": nothing more is said, so a differing definition is enough.
fn definition_changed(cx: &Context, a: &Assertion, tokens: &[&Token]) -> Option<Ruling> {
    let [token] = tokens else { return None };
    let vague = prose(&a.masked, "").1 == 0
        && a.numbers.is_empty()
        && cx.has(a, Cue::Change)
        && token.shape == Shape::Name;
    let foreign = a.masked.chars().filter(|c| !c.is_ascii()).count();
    let brief = match cx.message.language {
        crate::claim::lexicon::Language::Ja => foreign <= 8,
        crate::claim::lexicon::Language::Zh => foreign <= 4,
        _ => true,
    };
    if !vague || !brief {
        return None;
    }
    if same_definition(cx, token)? { None } else { matched() }
}

/// Whether the definitions of a name are the same before and after; none if it was not defined both times.
fn same_definition(cx: &Context, token: &Token) -> Option<bool> {
    let text = |files: &crate::claim::case::Files,
                outlines: &std::collections::BTreeMap<String, crate::claim::source::Outline>| {
        let of = |(p, o): (&String, &crate::claim::source::Outline)| {
            let ranges =
                o.definitions.iter().filter(|(n, _)| n == token.identifier()).map(|(_, r)| r.clone());
            ranges.filter_map(|r| files.get(p)?.get(r).map(str::to_owned)).collect::<String>()
        };
        outlines.iter().map(of).collect::<String>()
    };
    let (old, new) = (
        text(cx.facts.before(), cx.facts.outlines_before()),
        text(cx.facts.after(), cx.facts.outlines_after()),
    );
    (!old.is_empty() && !new.is_empty()).then_some(old == new)
}

/// How often a token stands in some lines.
fn count(lines: &[&Line], token: &Token) -> usize {
    lines
        .iter()
        .filter(|l| holds(&l.code, &squeezed(&l.code), token))
        .map(|l| l.code.matches(token.identifier()).count().max(1))
        .sum()
}

fn counts_same(texts: &Texts, token: &Token) -> bool {
    count(&texts.added, token) == count(&texts.removed, token) && token.shape == Shape::Name
}

fn counts_fewer(texts: &Texts, token: &Token) -> bool {
    count(&texts.added, token) < count(&texts.removed, token)
}

/// Something that can only be code: its absence is telling.
fn is_code(token: &Token) -> bool {
    token.quoting == Quoting::Code && !matches!(token.shape, Shape::Command) && token.text.len() > 1
}

/// A code token that is nowhere, although every changed file is known.
fn refutes(cx: &Context, token: &Token, texts: &Texts) -> bool {
    let anywhere = text_of(cx, None);
    let raw: String = cx.facts.after().values().map(String::as_str).collect::<Vec<_>>().join("\n");
    let elsewhere = holds(&anywhere, &squeezed(&anywhere), token);
    let last = token.identifier();
    let elsewhere = elsewhere || last.len() < token.text.len() && has_word(&anywhere, last);
    let commented = holds(&raw, &squeezed(&raw), token) && !elsewhere;
    let simple = matches!(token.shape, Shape::Name | Shape::Flag) || !token.text.contains(' ');
    let printed = cx
        .facts
        .record
        .ran
        .iter()
        .any(|r| r.output.contains(token.text.as_str()) || r.command.cmd.contains(token.text.as_str()));
    let builtin = [
        "None",
        "Some",
        "Ok",
        "Err",
        "null",
        "nil",
        "true",
        "false",
        "undefined",
        "NaN",
        "Option",
        "Result",
        "Optional",
        "void",
    ];
    if builtin.contains(&last) {
        return false;
    }
    let known = cx.facts.is_complete() || texts.changing && !cx.facts.added.is_empty();
    simple && !elsewhere && !printed && known && (!commented || texts.changing)
}
