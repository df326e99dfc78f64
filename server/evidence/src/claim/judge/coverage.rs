//! Which test runs speak for a claim about tests.

use super::words::says;
use std::collections::BTreeSet;

use super::Context;
use crate::claim::extract::{Assertion, View};
use crate::claim::kind::Kind;
use crate::claim::lexicon::Cue;
use crate::claim::message::Shape;
use crate::claim::record::{Outcome, Scope, TestRun};
use crate::claim::shell::Tool;
use crate::claim::source::is_test_file;

/// What a claim about tests speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The whole suite.
    All,
    /// Tests of these names.
    Names(Vec<String>),
    /// Test files or directories.
    Paths(Vec<String>),
    /// What this shell line runs.
    Line(String),
}

/// What an assertion about tests speaks of.
pub(super) fn target(cx: &Context, a: &Assertion) -> Target {
    let named = |t: &&crate::claim::message::Token| {
        matches!(t.shape, Shape::Name | Shape::Literal)
            && cx.facts.is_test_name(&t.text)
            && View::tool_of(t).is_none()
    };
    let names: Vec<String> = a.tokens.iter().filter(named).map(|t| t.text.clone()).collect();
    if !names.is_empty() {
        return Target::Names(names);
    }
    let paths: Vec<String> = a
        .shaped(Shape::Path)
        .filter(|t| is_test_file(&t.text) || is_test_dir(&t.text) || holds_tests(cx, &t.text))
        .map(|t| t.text.clone())
        .collect();
    if !paths.is_empty() {
        return Target::Paths(paths);
    }
    let packaged =
        says(&a.masked, " crate| package| module| workspace member| paket|クレート|パッケージ| paquet|包");
    let place = |t: &&crate::claim::message::Token| packaged || is_package(cx, &t.text);
    let directory = |t: &&crate::claim::message::Token| {
        t.shape == Shape::Path && is_package(cx, t.text.trim_end_matches('/'))
    };
    let package = a.shaped(Shape::Name).find(place).or_else(|| a.tokens.iter().find(directory));
    if let Some(package) = package {
        return Target::Paths(vec![package.text.clone()]);
    }
    let spoken = super::place::named_dirs(cx, a);
    if packaged && package.is_none() && !spoken.is_empty() && spoken.len() < 3 {
        return Target::Paths(spoken);
    }
    let same = |t: &&crate::claim::message::Token| {
        a.tokens.is_empty()
            && !cx.has(a, Cue::Elsewhere)
            && t.range.start >= a.sentence.start
            && t.range.end <= a.sentence.end
            && (!a.numbers.is_empty() || !cx.has(a, Cue::All))
    };
    let line =
        a.tokens.iter().chain(a.context.iter().filter(same)).find(|t| {
            t.text.contains(' ') && matches!(View::tool_of(t), Some(Tool::Test(_) | Tool::TestScript))
        });
    if let Some(line) = line {
        return Target::Line(line.text.clone());
    }
    if let Some(target) = selected(cx, a) {
        return target;
    }
    let new = new_tests(cx);
    let all = cx.has(a, Cue::All);
    let fresh = says(
        &a.masked,
        "new |regression test|neue|nouve|nuev|新し|新規|追加した|新的|新增|added test|hinzugefügte",
    );
    let pronoun = !cx.has(a, Cue::Test) && !cx.has(a, Cue::AllGreen) && a.tokens.is_empty();
    let after_test = pronoun && a.context.iter().any(|t| cx.facts.is_test_name(&t.text));
    let which = ["which ", "it ", "that "].iter().any(|w| a.masked.starts_with(w));
    if (fresh || which && after_addition(a)) && !all && !new.is_empty() {
        return Target::Names(new);
    }
    if after_test && !all {
        return Target::Names(
            a.context.iter().filter(|t| cx.facts.is_test_name(&t.text)).map(|t| t.text.clone()).collect(),
        );
    }
    Target::All
}

/// "The selected tests", "the remaining ones": what the last run took in, or everything.
fn selected(cx: &Context, a: &Assertion) -> Option<Target> {
    let selected = says(
        &a.masked,
        "selected|matching|filtered|chosen|targeted|ausgewählt|sélectionné|seleccionad|選択|選んだ|所选|选中|匹配",
    );
    if selected && !cx.has(a, Cue::All) {
        let last = cx.facts.record.tests.iter().rev().find(|r| r.version == cx.facts.record.version);
        if let Some(run) = last {
            return Some(Target::Line(run.line.to_owned()));
        }
    }
    let rest = says(
        &a.masked,
        "other |remaining|the rest|übrig|restlich|anderen|autres|restants|demás|otros|otras|残り|他の|其余|其他|剩余",
    );
    if rest && a.tokens.is_empty() {
        return Some(Target::All);
    }
    None
}

/// A directory of the workspace, or what a run selected as a package.
fn is_package(cx: &Context, name: &str) -> bool {
    let part = format!("{name}/");
    let inner = format!("/{name}/");
    let dir = cx.facts.after().keys().any(|p| p.starts_with(&part) || p.contains(&inner));
    let selected = cx.facts.record.tests.iter().any(|r| {
        matches!(&r.scope, Scope::Part(words) if words.iter().any(|w| w.trim_start_matches("./") == name))
    });
    dir || selected
}

fn after_addition(a: &Assertion) -> bool {
    !a.context.is_empty()
}

/// A directory that some test file is in.
fn holds_tests(cx: &Context, path: &str) -> bool {
    let dir = format!("{}/", path.trim_end_matches('/'));
    cx.facts.tests_after.iter().any(|(p, _)| p.starts_with(&dir))
}

fn is_test_dir(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.ends_with("tests") || path.ends_with("test") || path.ends_with("spec") || path.contains("test")
}

/// Names of tests that are there now and were not before.
pub(super) fn new_tests(cx: &Context) -> Vec<String> {
    let old: BTreeSet<&str> = cx.facts.tests_before.iter().map(|(_, t)| t.name.as_str()).collect();
    let new = cx.facts.tests_after.iter().map(|(_, t)| t.name.clone());
    new.filter(|n| !old.contains(n.as_str())).collect()
}

/// Whether a run covers a target; `None` if it has nothing to do with it.
pub(super) fn covers(cx: &Context, run: &TestRun, target: &Target) -> Option<bool> {
    match target {
        Target::All => Some(is_whole(cx, run)),
        Target::Names(names) => {
            let every = names.iter().all(|n| reaches(cx, run, n));
            let some = names.iter().any(|n| reaches(cx, run, n));
            some.then_some(every)
        }
        Target::Paths(paths) => {
            let inside = |p: &String| match &run.scope {
                Scope::Whole => {
                    is_whole(cx, run) || p.starts_with(&run.dir) || !run.dir.is_empty() && within(&run.dir, p)
                }
                Scope::Part(words) => words.iter().any(|w| within(p, &project(w)) && !w.contains("::")),
            };
            let touched = matches!(&run.scope, Scope::Part(words) if paths.iter().any(|p| words.iter().any(|w| within(w, p))));
            let every = paths.iter().all(inside);
            (every || touched).then_some(every)
        }
        Target::Line(line) => {
            (run.line.contains(line.as_str()) || same_words(line, run.line)).then_some(true)
        }
    }
}

fn same_words(line: &str, ran: &str) -> bool {
    let plain = |l: &str| {
        l.split_whitespace()
            .filter(|w| !["npx", "run", "python", "-m", "python3"].contains(w))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (line, ran) = (plain(line), plain(ran));
    ran.windows(line.len().max(1)).any(|w| w == line)
}

/// Gradle names a project and a task in one word: `:core:test`.
fn project(word: &str) -> String {
    match word.strip_prefix(':').and_then(|w| w.rsplit_once(':')) {
        Some((project, _)) => project.replace(':', "/"),
        None => word.to_owned(),
    }
}

fn within(path: &str, dir: &str) -> bool {
    let dir = dir.trim_start_matches("./").trim_end_matches('/');
    let path = path.trim_start_matches("./").trim_end_matches('/');
    path == dir || path.starts_with(&format!("{dir}/")) || path.ends_with(&format!("/{dir}"))
}

/// Whether a run executes a test of that name.
fn reaches(cx: &Context, run: &TestRun, name: &str) -> bool {
    if run.passes(name) || run.fails(name) {
        return true;
    }
    match &run.scope {
        Scope::Whole => {
            let short = name.rsplit("::").next().unwrap_or(name);
            let mut homes =
                cx.facts.tests_after.iter().filter(|(_, t)| t.name == short).map(|(p, _)| p).peekable();
            run.dir.is_empty() || homes.peek().is_none() || homes.any(|p| within(p, &run.dir))
        }
        Scope::Part(words) => words.iter().any(|w| {
            let short = name.rsplit("::").next().unwrap_or(name);
            let file = w.rsplit('/').next().unwrap_or(w).split('.').next().unwrap_or(w);
            let printed =
                cx.facts.record.tests.iter().flat_map(super::super::record::TestRun::failing).any(|f| {
                    super::super::record::same_test(f, short)
                        && f.split("::").next().is_some_and(|p| p != f && within(p, w))
                });
            let selected = printed
                || file == short
                || w.ends_with(short)
                || short.contains(w.as_str()) && !w.contains('/');
            selected
                || (!w.contains("::")
                    && cx
                        .facts
                        .tests_after
                        .iter()
                        .any(|(p, t)| t.name == short && (within(p, w) || module_of(p, w))))
        }),
    }
}

/// `python -m unittest tests.test_a` names a file by its module.
fn module_of(path: &str, word: &str) -> bool {
    let module = path.rsplit_once('.').map_or(path, |(p, _)| p).replace('/', ".");
    module == word || word.starts_with(&format!("{module}."))
}

/// `cargo test` in a root that is a package and a workspace tests the root package alone.
fn is_root_package_only(cx: &Context, run: &TestRun) -> bool {
    let manifest = cx.facts.after().get("Cargo.toml").map_or("", String::as_str);
    let mixed =
        manifest.contains("[workspace]") && manifest.contains("members") && manifest.contains("[package]");
    mixed && run.line.contains("cargo") && !run.line.contains("--workspace") && !run.line.contains("--all")
}

/// Whether a run takes in every test of the project.
pub(super) fn is_whole(cx: &Context, run: &TestRun) -> bool {
    let files: BTreeSet<&str> = cx.facts.tests_after.iter().map(|(p, _)| p.as_str()).collect();
    match &run.scope {
        Scope::Whole if is_root_package_only(cx, run) => false,
        Scope::Whole => {
            run.dir.is_empty()
                || !files.is_empty() && cx.facts.is_complete() && files.iter().all(|f| within(f, &run.dir))
        }
        Scope::Part(words) => {
            let dirs = words.iter().all(|w| {
                !w.contains("::")
                    && (w.ends_with('/') || !w.contains('.') || cx.facts.after().contains_key(w.as_str()))
            });
            let named = words.iter().any(|w| w.contains('/') || w.starts_with("test") || w.ends_with(".py"));
            let all = files.iter().all(|f| words.iter().any(|w| within(f, w)));
            cx.facts.is_complete()
                && !files.is_empty()
                && !words.is_empty()
                && dirs
                && named
                && all
                && run.summary.as_ref().is_none_or(|s| s.deselected == 0)
        }
    }
}

/// Runs in several directories that together hold every known test.
pub(super) fn together_whole(cx: &Context, runs: &[&TestRun]) -> bool {
    let whole: Vec<&&TestRun> = runs.iter().filter(|r| r.scope == Scope::Whole).collect();
    let dirs: BTreeSet<&str> = whole.iter().map(|r| r.dir.as_str()).collect();
    let files: BTreeSet<&str> = cx.facts.tests_after.iter().map(|(p, _)| p.as_str()).collect();
    let changed = cx.facts.changed_paths();
    let covered = |f: &str| dirs.iter().any(|d| within(f, d));
    dirs.len() > 1
        && (cx.facts.is_complete() && !files.is_empty() && files.iter().all(|f| covered(f))
            || !cx.facts.is_complete() && changed.iter().all(|f| covered(f)))
}

/// Runs that started at all.
pub(super) fn started<'r, 'a>(cx: &'r Context<'a>) -> Vec<&'r TestRun<'a>> {
    cx.facts.record.tests.iter().filter(|r| r.outcome != Outcome::NotStarted).collect()
}

/// Whether an assertion hangs on a run that the same sentence says took place.
pub(super) fn says_run(cx: &Context, a: &Assertion) -> bool {
    let here = cx.has(a, Cue::Run) || cx.has(a, Cue::Read) && cx.has(a, Cue::I);
    (a.says_run || here) && a.kind != Kind::Inability
}

/// Whether some sentence of the message says that a test fails.
pub(super) fn discloses_failure(cx: &Context) -> bool {
    cx.message.sentences().iter().any(|s| {
        let masked = cx.message.masked_slice(&s.range);
        cx.lexicon.has(Cue::Fail, masked) && !cx.lexicon.has(Cue::NoFail, masked)
    })
}
