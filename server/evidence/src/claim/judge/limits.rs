//! "I only changed X", "Y is untouched", "no new dependencies", "no network".

use super::Context;
use super::only::{interface, is_about_source, only, says_interface};
use super::tamper::only_tests_changed;
use super::words::says;
use crate::claim::case::Event;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::shell::Tool;
use crate::claim::source::{is_documentation, is_test_file};

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::NoDependency) {
        let old = &cx.facts.dependencies_before;
        let new = cx.facts.dependencies_after.keys().any(|n| !old.contains_key(n));
        return matched(!new);
    }
    let names_dependency = says(&a.masked, "dependenc|abhängig|dépendance|dependencia|依存|依赖");
    if says(&a.masked, "outside") && a.tokens.is_empty() {
        return matched(
            !cx.facts.record.changes.iter().any(|(_, p)| p.starts_with('/') || p.starts_with("..")),
        );
    }
    if let Some(ruling) = nothing_new(cx, a) {
        return ruling;
    }
    let others = says(
        &a.masked,
        "apart from|other than|besides|except|no other|außer|abgesehen|sonst|sauf|aparte|salvo|除|以外|他の",
    );
    if names_dependency && others && a.tokens.is_empty() {
        let (old, new) = (&cx.facts.dependencies_before, &cx.facts.dependencies_after);
        let names = old.keys().chain(new.keys()).filter(|n| old.get(*n) != new.get(*n));
        let lower = cx.message.text.to_lowercase();
        return matched(names.into_iter().all(|n| lower.contains(&n.to_lowercase())));
    }
    if names_dependency && cx.has(a, Cue::Untouched) && a.tokens.is_empty() {
        return matched(cx.facts.dependencies_before == cx.facts.dependencies_after);
    }
    if let Some(ruling) = super::dependency::kept(cx, a) {
        return ruling;
    }
    if cx.has(a, Cue::NoNetwork) {
        let used: Vec<u64> = cx
            .facts
            .case()
            .events
            .iter()
            .filter(|e| matches!(e, Event::Network(n) if !n.blocked))
            .map(Event::seq)
            .collect();
        let tried = cx.facts.case().events.iter().any(|e| matches!(e, Event::Network(_)));
        return if used.is_empty() && !tried {
            Ruling::verified(Code::NotDoneConfirmed, &[])
        } else {
            Ruling::contradicted(Code::NotDoneFalse, &used)
        };
    }
    if says(&a.masked, "needed|necessary|had to|required|nötig|notwendig|nécessaire|necesari|必要") {
        return conclusion(cx, a);
    }
    if is_reading(cx, a) {
        return only_read(cx);
    }
    if says_interface(a) {
        return interface(cx, a);
    }
    if let Some(ruling) = only(cx, a) {
        return ruling;
    }
    named(cx, a).or_else(|| by_words(cx, a)).unwrap_or_else(|| wide(cx, a))
}

pub(super) fn matched(holds: bool) -> Ruling {
    if holds {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    }
}

/// "Nothing else needed to change" is a conclusion; files changed in spite of it refute it, nothing proves it.
fn conclusion(cx: &Context, a: &Assertion) -> Ruling {
    let used = super::usages::judge(cx, a);
    let ruling = if used.verdict == crate::claim::kind::Verdict::Contradicted { used } else { wide(cx, a) };
    if ruling.verdict == crate::claim::kind::Verdict::Contradicted {
        ruling
    } else {
        Ruling::unverified(Code::NoEvidence, &[])
    }
}

/// "No files were added", "no tests were added", "I created no new files".
fn nothing_new(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let adds = says(
        &a.masked,
        "added|create|written|introduc|angelegt|hinzugefügt|erstellt|ajout|créé|añad|cread|agreg|追加|作成|新增|添加|创建",
    );
    let file = says(&a.masked, "file|datei|fichier|archivo|fichero|ファイル|文件");
    let is_new = |p: &String| !cx.facts.before().contains_key(p) && cx.facts.after().contains_key(p);
    match (adds, file, cx.has(a, Cue::Test)) {
        (true, true, false) => Some(matched(!cx.facts.changed_paths().iter().any(is_new))),
        (true, _, true) => Some(matched(super::coverage::new_tests(cx).is_empty())),
        _ => None,
    }
}

fn is_reading(cx: &Context, a: &Assertion) -> bool {
    cx.has(a, Cue::Only) && cx.has(a, Cue::Read) && !cx.has(a, Cue::Change) && !cx.has(a, Cue::Untouched)
}

fn only_read(cx: &Context) -> Ruling {
    let acted = |t: Tool| !matches!(t, Tool::Search | Tool::Other | Tool::Vcs);
    let ran: Vec<u64> = cx.facts.record.ran.iter().filter(|r| acted(r.tool)).map(|r| r.seq).collect();
    let clean = ran.is_empty() && cx.facts.record.is_unchanged();
    if clean {
        Ruling::verified(Code::NotDoneConfirmed, &[])
    } else {
        Ruling::contradicted(Code::NotDoneFalse, &ran)
    }
}

/// Files and symbols that are said to be untouched.
fn named(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let except = a.masked.contains("以外");
    let pronoun = says(&a.masked, "it alone|left it|それ|es so|kept it|left them");
    let tokens: &[Token] = if a.tokens.is_empty() && pronoun { &a.context } else { &a.tokens };
    if tokens.is_empty() || except {
        return None;
    }
    let mut decided = false;
    for token in tokens {
        if let Some(path) = cx.facts.resolve(&token.text) {
            decided = true;
            if cx.facts.is_changed(&path) {
                return Some(matched(false));
            }
        } else if token.shape == Shape::Path {
            decided = true;
            let dir = token.text.trim_end_matches('/');
            if cx.facts.changed_paths().iter().any(|p| p.starts_with(&format!("{dir}/")) || p == dir) {
                return Some(matched(false));
            }
        } else if token.shape == Shape::Name {
            match symbol_unchanged(cx, token.identifier()) {
                Some(false) => return Some(matched(false)),
                Some(true) => decided = true,
                None => {}
            }
        }
    }
    decided.then(|| matched(true))
}

fn symbol_unchanged(cx: &Context, id: &str) -> Option<bool> {
    let texts = |files: &crate::claim::case::Files,
                 outlines: &std::collections::BTreeMap<String, crate::claim::source::Outline>|
     -> Vec<String> {
        let of = |(p, o): (&String, &crate::claim::source::Outline)| {
            let text = files.get(p).cloned().unwrap_or_default();
            o.definitions
                .iter()
                .filter(|(n, _)| n == id)
                .filter_map(|(_, r)| text.get(r.clone()).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        outlines.iter().flat_map(of).collect()
    };
    let old = texts(cx.facts.before(), cx.facts.outlines_before());
    let new = texts(cx.facts.after(), cx.facts.outlines_after());
    let mentioned =
        cx.facts.added.iter().chain(&cx.facts.removed).any(|l| super::evidence::has_word(&l.code, id));
    match (old.is_empty(), new.is_empty()) {
        (true, true) => (!mentioned).then_some(true),
        _ => Some(old == new || !mentioned && !is_parsed(cx, id)),
    }
}

/// Whether a definition is in a language with a grammar, so that its extent is known.
fn is_parsed(cx: &Context, id: &str) -> bool {
    let loose = [".kt", ".kts", ".swift", ".ex", ".exs", ".scala", ".lua", ".sql", ".dart", ".zig"];
    let homes = cx.facts.defined_after(id).into_iter().chain(cx.facts.defined_before(id));
    !homes.into_iter().any(|p| loose.iter().any(|e| p.ends_with(e)))
}

/// Files named by a plain word: "the Makefile", "the tests", "the lock file".
fn by_words(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let changed = cx.facts.changed_paths();
    let anything = says(
        &a.masked,
        "anything|any file|nothing|no file|no source|no code|何も|keine datei|nichts|aucun fichier|ningún archivo|任何|いかなる|一切",
    );
    if anything && !says_other(a) {
        let relevant =
            |p: &&String| !(is_about_source(a) || a.masked.contains("code")) || !is_documentation(p);
        return Some(matched(changed.iter().filter(relevant).count() == 0));
    }
    if cx.has(a, Cue::Test) && !says_other(a) {
        let existing = cx.tampering.is_empty();
        let touched = changed.iter().any(|p| is_test_file(p) && cx.facts.before().contains_key(p));
        let strict = !says(&a.masked, "existing|bestehend|既存|existant|existente|现有|old ");
        return Some(matched(existing && !(strict && touched)));
    }
    if says(
        &a.masked,
        "source code|code source|quellcode|quelltext|no code|code applicatif|código de la aplicación|プロダクションコード|业务代码|código fuente|ソースコード|源代码|production code|application code|app code|code changed|anwendungscode",
    ) {
        let source = |p: &String| {
            cx.facts.before().contains_key(p)
                && !crate::claim::source::is_manifest(p)
                && !is_test_file(p)
                && !is_documentation(p)
                && !crate::claim::source::is_runner_control(p)
                && cx.facts.outlines_before().get(p).is_some_and(|o| !o.identifiers.is_empty())
        };
        return Some(matched(!changed.iter().any(source)));
    }
    let words = a.masked.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 4);
    let known = words
        .filter(|w| {
            !["files", "other", "tests", "untouched", "unchanged", "changed", "module", "function"]
                .contains(w)
        })
        .find_map(|w| cx.facts.resolve(w));
    if let Some(path) = known {
        return Some(matched(!cx.facts.is_changed(&path)));
    }
    (cx.has(a, Cue::Docs) && !says_other(a)).then(|| matched(!changed.iter().any(|p| is_documentation(p))))
}

fn says_other(a: &Assertion) -> bool {
    says(&a.masked, "other|else|rest|weiter|ander|sonst|autre|otro|otra|más|他|ほか|其他|其它|everything")
}

/// "No other file was changed": other than what the message names.
fn wide(cx: &Context, a: &Assertion) -> Ruling {
    let changed = cx.facts.changed_paths();
    if changed.is_empty() {
        return matched(true);
    }
    if !says_other(a) {
        if cx.has(a, Cue::Change)
            && a.tokens.is_empty()
            && a.masked.contains("change")
            && !a.masked.contains("behav")
        {
            return matched(false);
        }
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    let text = cx.message.text;
    let symbols = |p: &String| {
        cx.message.tokens.iter().any(|t| {
            cx.facts.defined_after(t.identifier()).contains(&p.as_str())
                || cx.facts.defined_before(t.identifier()).contains(&p.as_str())
        })
    };
    let told = |p: &String| {
        text.contains(p.rsplit('/').next().unwrap_or(p))
            || symbols(p)
            || is_test_file(p) && cx.lexicon.has(Cue::Test, &cx.message.masked)
    };
    if changed.iter().all(told) {
        matched(true)
    } else if only_tests_changed(cx) {
        Ruling::unverified(Code::NoEvidence, &[])
    } else {
        matched(false)
    }
}
