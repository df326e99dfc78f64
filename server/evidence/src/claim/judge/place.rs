//! Directories, packages and platforms that a claim names, against where its evidence was made.

use std::collections::BTreeSet;

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Kind, Ruling};
use crate::claim::record::Ran;

/// Other machines by name.
pub(super) const PLATFORMS: &str = "windows|macos|on mac|on linux|auf linux|sous linux|en linux|android| ios | arm64|in production|in der produktion|en production|en producción|本番|生产环境|线上|staging|ステージング| ci | ci,|github actions|on every platform|on all platforms|all platforms|raspberry";

/// Directories of the workspace that a clause names, as paths; those that hold every file say nothing.
pub(super) fn named_dirs(cx: &Context, a: &Assertion) -> Vec<String> {
    let files: Vec<&String> = cx.facts.after().keys().chain(cx.facts.before().keys()).collect();
    let mut dirs: BTreeSet<&str> = BTreeSet::new();
    for file in &files {
        dirs.extend(file.match_indices('/').filter_map(|(at, _)| file.get(..at)));
    }
    let words: BTreeSet<&str> =
        a.masked.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).collect();
    let common = ["src", "lib", "test", "tests", "spec", "main", "app", "docs", "packages", "crates", "code"];
    let holds_all = |dir: &str| files.iter().all(|f| f.starts_with(dir));
    let is_named = |dir: &&&str| {
        let name = dir.rsplit('/').next().unwrap_or(dir);
        let token = |t: &str| t.trim_end_matches('/') == **dir || t.trim_end_matches('/') == name;
        a.tokens.iter().any(|t| token(&t.text))
            || !common.contains(&name) && name.len() > 1 && words.contains(name.to_lowercase().as_str())
    };
    dirs.iter().filter(|d| !holds_all(d)).filter(is_named).map(|d| (*d).to_owned()).collect()
}

/// Where an invocation worked: its directory, then what it selected as a package; none if that is everything.
fn worked_in(run: &Ran) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let dir = run.dir();
    if !dir.is_empty() && dir != "." {
        out.push(dir);
    }
    let args = run.args();
    for (index, word) in args.iter().enumerate() {
        if let Some(task) = word.strip_prefix(':').and_then(|t| t.rsplit_once(':')) {
            out.push(task.0.replace(':', "/"));
        }
        let selects = [
            "-p",
            "--package",
            "-pl",
            "--projects",
            "--filter",
            "-F",
            "--project",
            "-C",
            "--workspace",
            "-w",
        ]
        .contains(word);
        let value = args.get(index + 1).filter(|v| selects && !v.starts_with('-'));
        out.extend(value.map(|v| (*v).to_owned()));
        let dir = word.trim_start_matches("./").trim_end_matches("...").trim_end_matches('/');
        if word.starts_with("./") && !dir.is_empty() {
            out.push(dir.to_owned());
        }
    }
    out
}

/// Whether two places are one, or one holds the other, by whole names.
fn meets(dir: &str, place: &str) -> bool {
    let inside = |a: &str, b: &str| {
        a == b
            || a.starts_with(&format!("{b}/"))
            || a.ends_with(&format!("/{b}"))
            || a.contains(&format!("/{b}/"))
    };
    let name = |p: &str| p.rsplit('/').next().unwrap_or(p).to_lowercase();
    inside(dir, place) || inside(place, dir) || name(place).contains(&name(dir)) && !name(dir).is_empty()
}

/// Whether a clause names a directory and everything that the verdict rests on worked in other ones.
pub(super) fn worked_elsewhere(cx: &Context, a: &Assertion, kind: Kind, ruling: &Ruling) -> bool {
    let about_runs =
        matches!(kind, Kind::TestsPassed | Kind::BuildSucceeded | Kind::LintClean | Kind::CommandRan);
    if !about_runs || ruling.evidence.is_empty() {
        return false;
    }
    let dirs = named_dirs(cx, a);
    let runs: Vec<&Ran> = cx.facts.record.ran.iter().filter(|r| ruling.evidence.contains(&r.seq)).collect();
    !dirs.is_empty()
        && !runs.is_empty()
        && runs.iter().all(|r| {
            let places = worked_in(r);
            !places.is_empty() && !dirs.iter().any(|d| places.iter().any(|p| meets(d, p)))
        })
}

/// Whether a clause speaks of everything, and what the verdict rests on took in a package only.
pub(super) fn took_in_less(cx: &Context, a: &Assertion, kind: Kind, ruling: &Ruling) -> bool {
    let wide = "workspace|whole |every|all |entire |alle |gesamt|全体|すべて|全て|全部|所有|tous les|toutes les|todos los|todas las|modules|packages|crates";
    let masked = format!("{} ", a.masked);
    let runs: Vec<&Ran> = cx.facts.record.ran.iter().filter(|r| ruling.evidence.contains(&r.seq)).collect();
    kind == Kind::BuildSucceeded
        && says(&masked, wide)
        && !runs.is_empty()
        && named_dirs(cx, a).is_empty()
        && runs.iter().all(|r| !worked_in(r).is_empty())
}
