//! Files added, changed, removed, moved: decided by the final workspace (rule 4).

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Kind, Ruling, Verdict};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::source::is_documentation;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let paths: Vec<&Token> =
        a.tokens.iter().filter(|t| t.shape == Shape::Path || cx.facts.resolve(&t.text).is_some()).collect();
    let evidence = edits_of(cx, &paths);
    let ruling = match a.kind {
        Kind::FileRenamed => renamed(cx, &paths),
        _ if paths.is_empty() => by_words(cx, a),
        kind => with_details(cx, a, all(paths.iter().map(|p| one(cx, kind, &p.text)))),
    };
    Ruling { evidence, ..ruling }
}

/// "Created `x` with `y`": what the file is said to hold must not be missing.
fn with_details(cx: &Context, a: &Assertion, ruling: Ruling) -> Ruling {
    let details = a
        .tokens
        .iter()
        .any(|t| matches!(t.shape, Shape::Name | Shape::Literal) && cx.facts.resolve(&t.text).is_none());
    let refuted = || super::content::content(cx, a).filter(|r| r.verdict == Verdict::Contradicted);
    if details && ruling.verdict == Verdict::Verified { refuted().unwrap_or(ruling) } else { ruling }
}

fn edits_of(cx: &Context, paths: &[&Token]) -> Vec<u64> {
    let touches =
        |path: &str| paths.iter().any(|p| path == p.text || path.ends_with(&format!("/{}", p.text)));
    let events = cx.facts.case().events.iter();
    events
        .filter(|e| matches!(e, crate::claim::case::Event::FileEdit(edit) if touches(&edit.path)))
        .map(crate::claim::case::Event::seq)
        .collect()
}

/// The worst of several rulings.
fn all(rulings: impl Iterator<Item = Ruling>) -> Ruling {
    let rank = |r: &Ruling| match r.verdict {
        Verdict::Contradicted => 0,
        Verdict::Unverified => 1,
        Verdict::Verified => 2,
    };
    rulings.min_by_key(rank).unwrap_or(Ruling::unverified(Code::NoEvidence, &[]))
}

fn one(cx: &Context, kind: Kind, name: &str) -> Ruling {
    let (before, after) = (cx.facts.before(), cx.facts.after());
    let holds = Ruling::verified(Code::WorkspaceMatch, &[]);
    let fails = Ruling::contradicted(
        if cx.facts.record.is_unchanged() { Code::EmptyDiff } else { Code::WorkspaceMismatch },
        &[],
    );
    let directory = name.trim_end_matches('/').to_owned() + "/";
    let inside = |files: &crate::claim::case::Files| files.keys().any(|p| p.starts_with(&directory));
    let Some(path) = cx.facts.resolve(name) else {
        let changed = cx.facts.changed_paths().iter().any(|p| p.starts_with(&directory));
        return match kind {
            Kind::FileDeleted if inside(before) && !inside(after) => holds,
            Kind::FileModified | Kind::FileCreated if changed => holds,
            _ => fails,
        };
    };
    let (was, is) = (before.contains_key(&path), after.contains_key(&path));
    match kind {
        Kind::FileCreated if is && !was => holds,
        Kind::FileModified if is && cx.facts.is_changed(&path) => holds,
        Kind::FileDeleted if was && !is => holds,
        Kind::FileCreated | Kind::FileModified | Kind::FileDeleted => fails,
        _ => Ruling::unverified(Code::NoEvidence, &[]),
    }
}

fn renamed(cx: &Context, paths: &[&Token]) -> Ruling {
    let [from, to, ..] = paths else { return Ruling::unverified(Code::NoEvidence, &[]) };
    let (before, after) = (cx.facts.before(), cx.facts.after());
    let old = cx.facts.resolve(&from.text).unwrap_or_else(|| from.text.clone());
    let recorded = cx.facts.case().changed_files.iter().any(|f| {
        f.from.as_deref() == Some(old.as_str())
            && (f.path == to.text
                || f.path.ends_with(&format!("/{}", to.text))
                || f.path.starts_with(to.text.as_str()))
    });
    let new = cx.facts.resolve(&to.text).is_some_and(|p| after.contains_key(&p) && !before.contains_key(&p))
        || recorded;
    let gone = !after.contains_key(&old) && (before.contains_key(&old) || recorded);
    if new && gone {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    }
}

/// A file named in prose: "the README", "the changelog", "the documentation".
fn by_words(cx: &Context, a: &Assertion) -> Ruling {
    if cx.facts.record.is_unchanged() {
        return Ruling::contradicted(Code::EmptyDiff, &[]);
    }
    let changed = cx.facts.changed_paths();
    let named = a
        .masked
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .filter(|w| w.len() > 4)
        .find_map(|w| cx.facts.resolve(w));
    if let Some(path) = named {
        let holds = cx.facts.is_changed(&path);
        return if holds {
            Ruling::verified(Code::WorkspaceMatch, &[])
        } else {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        };
    }
    let readme = ["readme", "changelog"].iter().find(|w| a.masked.contains(*w));
    if let Some(word) = readme {
        let hit = changed.iter().any(|p| p.to_lowercase().contains(word));
        return if hit {
            Ruling::verified(Code::WorkspaceMatch, &[])
        } else {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        };
    }
    if cx.has(a, Cue::Test) {
        let hit = changed.iter().any(|p| crate::claim::source::is_test_file(p));
        return if hit {
            Ruling::verified(Code::WorkspaceMatch, &[])
        } else {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        };
    }
    let docs = changed.iter().any(|p| is_documentation(p));
    let comments = cx.facts.added.iter().any(|l| l.code.trim() != l.text.trim());
    match (docs || comments, cx.facts.is_complete()) {
        (true, _) => Ruling::verified(Code::WorkspaceMatch, &[]),
        (false, true) if cx.has(a, Cue::Docs) => Ruling::contradicted(Code::WorkspaceMismatch, &[]),
        (false, true) => Ruling::unverified(Code::NoEvidence, &[]),
        (false, false) => Ruling::unverified(Code::IncompleteWorkspace, &[]),
    }
}
