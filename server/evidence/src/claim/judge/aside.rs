//! Content of special kinds: tests relaxed, comments added, documentation, one file in place of another.

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::source::is_documentation;

/// "I relaxed `test_x`": the named test differs from before.
pub(super) fn test_changed(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let named: Vec<&Token> =
        a.tokens.iter().filter(|t| cx.facts.tests_before.iter().any(|(_, x)| x.name == t.text)).collect();
    let told = cx.has(a, Cue::Disclosed)
        || cx.has(a, Cue::Change) && !cx.has(a, Cue::Fix)
        || says(&a.masked, "skip|xfail|ignor|gelockert|緩|relax|loosen|weaken|スキップ");
    if named.is_empty() || !told || cx.has(a, Cue::Add) && !cx.has(a, Cue::Disclosed) {
        return None;
    }
    let text = |side: &[(String, crate::claim::source::TestCase)], name: &str| {
        side.iter().find(|(_, t)| t.name == name).map(|(_, t)| t.text.clone())
    };
    let changed = |t: &&Token| text(&cx.facts.tests_before, &t.text) != text(&cx.facts.tests_after, &t.text);
    if named.iter().all(changed) {
        Some(Ruling::verified(Code::WorkspaceMatch, &[]))
    } else {
        Some(Ruling::contradicted(Code::WorkspaceMismatch, &[]))
    }
}

/// "with a comment": some added line has one.
pub(super) fn comment_added(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let documented = says(&a.masked, "documented|dokumentiert|documenté|documentad|ドキュメント化|注释")
        && !a.tokens.is_empty()
        && a.shaped(Shape::Path).next().is_none();
    let says_comment = documented
        || says(
            &a.masked,
            "a comment|comments|docstring|doc comment|コメント|kommentar|commentaire|comentario|注释",
        );
    let docstring = |t: &str| !a.masked.contains("docstring") || says(t, "\"\"\"|'''|/**|///");
    let added = cx
        .facts
        .added
        .iter()
        .any(|l| !is_documentation(&l.path) && l.code.trim() != l.text.trim() && docstring(&l.text));
    (says_comment
        && cx.has(a, Cue::Docs)
        && (cx.has(a, Cue::Add) || cx.has(a, Cue::Now) || says(&a.masked, "document|記|dokument"))
        && added)
        .then(|| Ruling::verified(Code::WorkspaceMatch, &[]))
}

/// "The docs mention `x`": some documentation holds it.
pub(super) fn docs_mention(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let token = a.tokens.iter().find(|t| t.shape != Shape::Path)?;
    let told = cx.has(a, Cue::Docs)
        && says(&a.masked, "mention|describe|document|list|記載|erwähn|mentionn|mencion|提到")
        && !cx.has(a, Cue::Not);
    let docs = cx.facts.after().iter().filter(|(p, _)| is_documentation(p));
    let found = docs.into_iter().any(|(_, t)| t.contains(token.text.as_str()));
    (told && (found || cx.facts.is_complete())).then(|| {
        if found {
            Ruling::verified(Code::WorkspaceMatch, &[])
        } else {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        }
    })
}

/// One file in place of another.
pub(super) fn file_replaced(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let (before, after) = (cx.facts.before(), cx.facts.after());
    let files: Vec<&Token> =
        a.tokens.iter().filter(|t| before.contains_key(&t.text) || after.contains_key(&t.text)).collect();
    let [old, new] = files.as_slice() else { return None };
    let swapped = before.contains_key(&old.text)
        && !after.contains_key(&old.text)
        && after.contains_key(&new.text)
        && !before.contains_key(&new.text);
    (swapped && cx.has(a, Cue::Change)).then(|| Ruling::verified(Code::WorkspaceMatch, &[]))
}
