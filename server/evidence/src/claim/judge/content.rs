//! Is a construct, value or text in a file, or gone from it (rule 23)?

use super::Context;
use super::evidence::{any_line, has_word, holds, prose, squeezed};
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Quoting, Shape, Token};
use crate::claim::source::is_documentation;

/// What a token has to do with the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It must be there now.
    New,
    /// It was there and is gone, or was replaced.
    Old,
}

/// The verdict on content; `None` if the rules cannot decide.
pub(super) fn content(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let place = a.shaped(Shape::Path).next();
    let file = place.and_then(|t| cx.facts.resolve(&t.text));
    let changing = cx.lexicon.has(Cue::Now, &a.masked)
        || [Cue::Change, Cue::Add, Cue::Remove, Cue::Rename, Cue::Extract, Cue::Fix]
            .iter()
            .any(|c| cx.has(a, *c));
    if place.is_some_and(|p| file.is_none() && p.text.contains('.')) && (changing || cx.facts.is_complete()) {
        return Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]));
    }
    if changing && cx.facts.record.is_unchanged() && is_about_change(cx, a) {
        return Some(Ruling::contradicted(Code::EmptyDiff, &[]));
    }
    let here = |l: &&Line| file.as_ref().is_none_or(|f| *f == l.path);
    let added: Vec<&Line> = cx.facts.added.iter().filter(here).collect();
    let removed: Vec<&Line> = cx.facts.removed.iter().filter(here).collect();
    let tokens: Vec<&Token> = a.tokens.iter().filter(|t| t.shape != Shape::Path).collect();
    if tokens.is_empty() {
        return by_prose(cx, a, &added, &removed);
    }
    let after = text_of(cx, file.as_deref());
    let squeezed_after = squeezed(&after);
    if denies(cx, a) {
        return denied(cx, &tokens, &after, &squeezed_after);
    }
    by_tokens(cx, a, &tokens, &Texts { added, removed, after, squeezed_after, changing })
}

struct Texts<'l> {
    added: Vec<&'l Line>,
    removed: Vec<&'l Line>,
    after: String,
    squeezed_after: String,
    changing: bool,
}

/// "Now" and past-tense verbs speak of a change; a plain present may describe what always was.
fn is_about_change(cx: &Context, a: &Assertion) -> bool {
    let past = [
        " has been ",
        " have been ",
        "ed ",
        "しました",
        "geändert",
        "ersetzt",
        "aktualisiert",
        "modifi",
        "remplac",
        "cambi",
        "改为",
        "修改了",
        "更新了",
    ]
    .iter()
    .any(|w| a.masked.contains(w));
    cx.has(a, Cue::Now) || cx.has(a, Cue::I) || past
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

fn denies(cx: &Context, a: &Assertion) -> bool {
    let there = [
        "there is no ",
        "there are no ",
        "there’s no ",
        "has no ",
        "contains no ",
        "no longer ",
        "es gibt kein",
        "gibt es kein",
        "il n’y a pas",
        "no hay ",
        "没有",
        "はありません",
        "は存在しません",
    ]
    .iter()
    .any(|w| a.masked.contains(w));
    there && !cx.has(a, Cue::Change)
}

fn denied(cx: &Context, tokens: &[&Token], after: &str, squeezed_after: &str) -> Option<Ruling> {
    let last = tokens.last()?;
    let id = last.identifier();
    let defined = !cx.facts.defined_after(id).is_empty();
    let present = holds(after, squeezed_after, last);
    match (present || defined, cx.facts.is_complete()) {
        (true, _) if defined => Some(Ruling::contradicted(Code::WorkspaceMismatch, &[])),
        (true, _) => None,
        (false, _) => Some(Ruling::verified(Code::WorkspaceMatch, &[])),
    }
}

fn by_tokens(cx: &Context, a: &Assertion, tokens: &[&Token], texts: &Texts) -> Option<Ruling> {
    let roles: Vec<Role> = roles(cx, a, tokens);
    let subject = tokens
        .first()
        .filter(|t| t.shape == Shape::Name && !cx.facts.defined_after(t.identifier()).is_empty())
        .map(|t| t.range.clone());
    let (mut specific, mut seen) = (0, 0);
    for (token, role) in tokens.iter().zip(&roles) {
        let in_added = any_line(&texts.added, token);
        let in_removed = any_line(&texts.removed, token);
        let present = holds(&texts.after, &texts.squeezed_after, token);
        let is_subject = subject.as_ref() == Some(&token.range);
        match role {
            Role::New if present => {
                seen += 1;
                specific += usize::from(!is_subject && (in_added || !texts.changing));
            }
            Role::New if is_code(token) && refutes(cx, token, texts) => {
                return Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]));
            }
            Role::New => {}
            Role::Old if in_removed && (!in_added || present_elsewhere(token, texts)) => {
                seen += 1;
                specific += 1;
            }
            Role::Old if !in_removed && present && texts.changing && is_code(token) && !is_subject => {
                return Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]));
            }
            Role::Old
                if !in_removed
                    && !present
                    && cx.facts.is_complete()
                    && is_code(token)
                    && tokens.len() == 1 =>
            {
                return Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]));
            }
            Role::Old => seen += usize::from(in_removed),
        }
    }
    if let Some(ruling) = by_number(a, texts, tokens) {
        return ruling
            .verdict
            .eq(&crate::claim::kind::Verdict::Contradicted)
            .then_some(ruling.clone())
            .or((seen == tokens.len()).then_some(ruling));
    }
    let code: String =
        texts.added.iter().chain(&texts.removed).map(|l| l.code.as_str()).collect::<Vec<_>>().join("\n");
    let (found, words) = prose(&a.masked, &code);
    let supported = specific > 0 || seen > 0 && found * 3 >= words.max(1) && words > 0 && found > 0;
    let cjk = specific == 0
        && !a.masked.is_ascii()
        && seen == tokens.len()
        && tokens.iter().any(|t| any_line(&texts.added, t))
        && cx.has(a, Cue::Add);
    (seen == tokens.len() && (supported || cjk)).then(|| Ruling::verified(Code::WorkspaceMatch, &[]))
}

fn present_elsewhere(token: &Token, texts: &Texts) -> bool {
    texts.after.matches(token.text.as_str()).count()
        > texts.added.iter().filter(|l| l.code.contains(token.text.as_str())).count()
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
    let commented = holds(&raw, &squeezed(&raw), token) && !elsewhere;
    let simple = matches!(token.shape, Shape::Name | Shape::Flag) || !token.text.contains(' ');
    let printed = cx.facts.record.ran.iter().any(|r| r.output.contains(token.text.as_str()));
    let known = cx.facts.is_complete() || texts.changing && !cx.facts.added.is_empty();
    simple && !elsewhere && !printed && known && (!commented || texts.changing)
}

/// A number in prose must stand in the changed lines of its subject.
fn by_number(a: &Assertion, texts: &Texts, tokens: &[&Token]) -> Option<Ruling> {
    let setting = [
        "default",
        "timeout",
        "limit",
        "maximum",
        "minimum",
        "max ",
        "min ",
        "threshold",
        "second",
        "秒",
        "default",
        "既定",
        "デフォルト",
        "standardwert",
        "défaut",
        "defecto",
        "默认",
        "retries",
        "size",
        "port",
        "version",
        "to ",
        "is ",
        " ms",
        "minutes",
    ];
    let number = a.numbers.iter().rfind(|n| n.range.start > 0)?;
    if !setting.iter().any(|w| a.masked.contains(w))
        || number.unit.starts_with("file")
        || number.unit.starts_with("place")
        || number.unit.starts_with("test")
    {
        return None;
    }
    let shown = if number.decimals == 0 {
        format!("{:.0}", number.value)
    } else {
        format!("{:.*}", number.decimals, number.value)
    };
    let lines: Vec<&&Line> = texts
        .added
        .iter()
        .filter(|l| {
            tokens.iter().any(|t| {
                has_word(&l.code, t.identifier())
                    || has_word(&l.code.to_lowercase(), &t.identifier().to_lowercase())
            })
        })
        .collect();
    let written = |l: &&&Line| has_word(&l.code, &shown) || l.code.replace('_', "").contains(&shown);
    if texts.added.iter().any(|l| written(&l)) || !texts.changing && has_word(&texts.after, &shown) {
        return Some(Ruling::verified(Code::WorkspaceMatch, &[]));
    }
    let other = lines.iter().any(|l| l.code.contains('=') && l.code.chars().any(|c| c.is_ascii_digit()));
    (other && !lines.is_empty()).then(|| Ruling::contradicted(Code::WorkspaceMismatch, &[]))
}

/// Which tokens are old and which are new, by what stands around them.
fn roles(cx: &Context, a: &Assertion, tokens: &[&Token]) -> Vec<Role> {
    let removes = (cx.has(a, Cue::Remove) || cx.has(a, Cue::NoLonger)) && !cx.has(a, Cue::Add);
    let replaces = [
        "replac",
        "switch",
        "chang",
        "swap",
        "convert",
        "migrat",
        "instead of",
        "rather than",
        "renam",
        "ersetzt",
        "umgestellt",
        "geändert",
        "umbenannt",
        "statt",
        "remplac",
        "renomm",
        "au lieu",
        "chang",
        "reemplaz",
        "sustitu",
        "cambi",
        "renombr",
        "en lugar",
        "置き換",
        "置換",
        "変更",
        "差し替",
        "切り替",
        "から",
        "リネーム",
        "改名",
        "代わり",
        "替换",
        "改为",
        "改成",
        "换成",
        "重命名",
        "代替",
        "→",
        "->",
        "moved",
        "bump",
        "raised",
        "lowered",
        "increased",
        "reduced",
    ]
    .iter()
    .any(|w| a.masked.contains(w));
    let mut out = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let lead = lead(a, token);
        let tail = tail(a, token);
        let ends = |words: &[&str]| words.iter().any(|w| lead.trim_end().ends_with(w));
        let starts = |words: &[&str]| words.iter().any(|w| tail.trim_start().starts_with(w));
        let place = ends(&[" in", " im", " dans", " en", " inside", " within", " of", " for", " on"])
            || starts(&["の", "内", "において", "中", "で"]);
        let old = ends(&[
            "instead of",
            "rather than",
            "replaced",
            "replaces",
            "replacing",
            "replace",
            " from",
            "in place of",
            "statt",
            "anstelle von",
            " von",
            "au lieu de",
            "en lugar de",
            "代替",
            "swapped",
            "将",
            "把",
            "从",
        ]) || starts(&[
            "の代わり",
            "から",
            "を",
            "は削除",
            "was replaced",
            "is replaced",
            "were replaced",
        ]) && later(tokens, index)
            && starts(&["から", "を", "の代わり", "was replaced", "is replaced", "were replaced"]);
        let new = ends(&[
            " with", " to", " by", " using", "now uses", " into", "durch", " auf", " zu", " par", " à",
            " por", " a", " con", "→", "->", "为", "成", "用",
        ]) || starts(&["に", "へ", "で置", "を使"]) && index > 0;
        let passive_old =
            replaces && index == 0 && tokens.len() > 1 && !place && !new && a.masked.contains("replac");
        out.push(match (place, old, new) {
            (true, _, _) => Role::New,
            (_, true, false) if replaces => Role::Old,
            (_, _, true) => Role::New,
            _ if passive_old => Role::Old,
            _ if removes => Role::Old,
            _ => Role::New,
        });
    }
    out
}

fn later(tokens: &[&Token], index: usize) -> bool {
    index + 1 < tokens.len()
}

fn lead<'m>(a: &'m Assertion, token: &Token) -> &'m str {
    let at = token.range.start.saturating_sub(a.range.start);
    a.masked.get(..at).unwrap_or_default()
}

fn tail<'m>(a: &'m Assertion, token: &Token) -> &'m str {
    let at = token.range.end.saturating_sub(a.range.start);
    a.masked.get(at..).unwrap_or_default()
}

/// Without any token the words of the prose must be in the changed lines.
fn by_prose(cx: &Context, a: &Assertion, added: &[&Line], removed: &[&Line]) -> Option<Ruling> {
    let both: Vec<&&Line> = added.iter().chain(removed).collect();
    let code: String = both
        .iter()
        .map(|l| if is_documentation(&l.path) { l.text.as_str() } else { l.code.as_str() })
        .collect::<Vec<_>>()
        .join("\n");
    let numbers_agree =
        a.numbers.iter().filter(|n| n.value > 2.0).all(|n| has_word(&code, &n.value.to_string()));
    let (found, words) = prose(&a.masked, &code);
    let context = a.context.iter().any(|t| any_line(added, t)) && found >= 1 && found * 2 >= words;
    let numeric = a.numbers.iter().any(|n| n.value > 2.0) && numbers_agree && found >= 1;
    let version =
        version(cx.message.slice(&a.range)).is_some_and(|v| added.iter().any(|l| l.text.contains(&v)));
    let holds = found >= 2 && found * 2 >= words || context || numeric || version;
    (holds && numbers_agree).then(|| Ruling::verified(Code::WorkspaceMatch, &[]))
}

fn version(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words
        .map(|w| w.trim_matches('.').trim_start_matches('v'))
        .find(|w| w.matches('.').count() >= 2 && w.chars().all(|c| c.is_ascii_digit() || c == '.'))
        .map(str::to_owned)
}
