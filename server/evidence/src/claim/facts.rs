//! What the workspace says: texts before and after, their differences, names, tests, dependencies.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use similar::{ChangeTag, TextDiff};

use super::case::{Case, Files};
use super::record::Record;
use super::source::{self, Dependencies, Outline, TestCase};

/// One changed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub path: String,
    /// The text, comments blanked.
    pub code: String,
    /// The text as it is.
    pub text: String,
}

/// Everything that can be decided without the log, with the log beside it.
pub struct Facts<'a> {
    /// The log.
    pub record: Record<'a>,
    /// Lines added, in changed files.
    pub added: Vec<Line>,
    /// Lines removed, in changed files.
    pub removed: Vec<Line>,
    /// Tests before, with their paths.
    pub tests_before: Vec<(String, TestCase)>,
    /// Tests after, with their paths.
    pub tests_after: Vec<(String, TestCase)>,
    /// Dependencies before.
    pub dependencies_before: Dependencies,
    /// Dependencies after.
    pub dependencies_after: Dependencies,
    outlines_before: OnceCell<BTreeMap<String, Outline>>,
    outlines_after: OnceCell<BTreeMap<String, Outline>>,
}

impl<'a> Facts<'a> {
    /// Reads a case.
    #[must_use]
    pub fn new(case: &'a Case) -> Self {
        let (added, removed) = differences(case);
        Self {
            record: Record::new(case),
            added,
            removed,
            tests_before: tests_in(&case.workspace.before),
            tests_after: tests_in(&case.workspace.after),
            dependencies_before: dependencies_in(&case.workspace.before),
            dependencies_after: dependencies_in(&case.workspace.after),
            outlines_before: OnceCell::new(),
            outlines_after: OnceCell::new(),
        }
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &'a Case {
        self.record.case
    }

    /// Texts after.
    #[must_use]
    pub fn after(&self) -> &'a Files {
        &self.record.case.workspace.after
    }

    /// Texts before.
    #[must_use]
    pub fn before(&self) -> &'a Files {
        &self.record.case.workspace.before
    }

    /// Whether every tracked file is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.record.case.workspace.complete
    }

    /// Outlines of the files after.
    pub fn outlines_after(&self) -> &BTreeMap<String, Outline> {
        self.outlines_after.get_or_init(|| outlines(self.after()))
    }

    /// Outlines of the files before.
    pub fn outlines_before(&self) -> &BTreeMap<String, Outline> {
        self.outlines_before.get_or_init(|| outlines(self.before()))
    }

    /// Files that a name in a message may mean: the path itself, or what ends with it.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<String> {
        let name = name.trim_start_matches("./").trim_end_matches('/');
        let name = name.split(['#', ':']).next().unwrap_or(name);
        let all: BTreeSet<&String> = self.after().keys().chain(self.before().keys()).collect();
        if all.iter().any(|p| p.as_str() == name) {
            return Some(name.to_owned());
        }
        let tail = format!("/{name}");
        let stem =
            |p: &str| p.rsplit('/').next().unwrap_or(p).split('.').next().unwrap_or_default().to_lowercase();
        let mut ending: Vec<&&String> = all.iter().filter(|p| p.ends_with(&tail)).collect();
        if ending.is_empty() && !name.contains('.') && !name.contains('/') {
            ending = all.iter().filter(|p| stem(p) == name.to_lowercase()).collect();
        }
        let changed = ending.iter().find(|p| self.is_changed(p));
        changed.or(ending.first()).map(|p| (**p).clone())
    }

    /// Whether a file differs between before and after.
    #[must_use]
    pub fn is_changed(&self, path: &str) -> bool {
        self.before().get(path) != self.after().get(path)
            || self.case().changed_files.iter().any(|f| f.path == path || f.from.as_deref() == Some(path))
    }

    /// Paths that differ.
    #[must_use]
    pub fn changed_paths(&self) -> BTreeSet<String> {
        let all = self.before().keys().chain(self.after().keys());
        let mut changed: BTreeSet<String> =
            all.filter(|p| self.before().get(*p) != self.after().get(*p)).cloned().collect();
        changed.extend(self.case().changed_files.iter().map(|f| f.path.clone()));
        changed
    }

    /// Whether a name is that of a test, in the workspace or in an output.
    #[must_use]
    pub fn is_test_name(&self, name: &str) -> bool {
        let known = self
            .tests_after
            .iter()
            .chain(&self.tests_before)
            .any(|(_, t)| t.name == name || super::record::same_test(name, &t.name));
        let printed = |r: &super::record::TestRun| r.fails(name) || r.passes(name);
        let class = name.starts_with(|c: char| c.is_uppercase())
            && ["Test", "Tests", "Spec", "TestCase"]
                .iter()
                .any(|e| name.ends_with(e) && name.len() > e.len());
        known || class || name.starts_with("test_") || self.record.tests.iter().any(printed)
    }

    /// The full name of a dependency that a word means: itself, or the last part of a path ("cobra").
    #[must_use]
    pub fn dependency(&self, word: &str) -> Option<&str> {
        let all = || self.dependencies_before.keys().chain(self.dependencies_after.keys());
        let exact = all().find(|n| n.as_str() == word);
        let last = |n: &&String| n.contains('/') && !n.starts_with('@') && n.rsplit('/').next() == Some(word);
        exact.or_else(|| all().find(last)).map(String::as_str)
    }

    /// Definitions of a name after, with their files.
    #[must_use]
    pub fn defined_after(&self, name: &str) -> Vec<&str> {
        defined(self.outlines_after(), name)
    }

    /// Definitions of a name before, with their files.
    #[must_use]
    pub fn defined_before(&self, name: &str) -> Vec<&str> {
        defined(self.outlines_before(), name)
    }
}

fn defined<'m>(outlines: &'m BTreeMap<String, Outline>, name: &str) -> Vec<&'m str> {
    let has = |o: &Outline| o.definitions.iter().any(|(n, _)| n == name);
    outlines.iter().filter(|(_, o)| has(o)).map(|(p, _)| p.as_str()).collect()
}

fn outlines(files: &Files) -> BTreeMap<String, Outline> {
    files.iter().map(|(p, t)| (p.clone(), source::outline(p, t))).collect()
}

fn tests_in(files: &Files) -> Vec<(String, TestCase)> {
    let of_file = |(path, text): (&String, &String)| {
        source::tests(path, text).into_iter().map(|t| (path.clone(), t)).collect::<Vec<_>>()
    };
    files.iter().filter(|(p, _)| !source::is_documentation(p)).flat_map(of_file).collect()
}

fn dependencies_in(files: &Files) -> Dependencies {
    let manifests = files.iter().filter(|(p, _)| source::is_manifest(p));
    manifests.flat_map(|(p, t)| source::dependencies(p, t)).collect()
}

fn differences(case: &Case) -> (Vec<Line>, Vec<Line>) {
    let (before, after) = (&case.workspace.before, &case.workspace.after);
    let moved = |path: &str| case.changed_files.iter().find(|f| f.path == path).and_then(|f| f.from.clone());
    let renamed: BTreeSet<String> = case.changed_files.iter().filter_map(|f| f.from.clone()).collect();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for path in paths {
        if renamed.contains(path) && !after.contains_key(path) {
            continue;
        }
        let old = before.get(path).or_else(|| before.get(&moved(path)?)).map_or("", String::as_str);
        let new = after.get(path).map_or("", String::as_str);
        if old != new {
            lines_of(path, old, new, &mut added, &mut removed);
        }
    }
    (added, removed)
}

fn lines_of(path: &str, old: &str, new: &str, added: &mut Vec<Line>, removed: &mut Vec<Line>) {
    let (old_code, new_code) = (source::without_comments(path, old), source::without_comments(path, new));
    let code_line =
        |code: &str, at: Option<usize>| at.and_then(|i| code.lines().nth(i)).unwrap_or_default().to_owned();
    let diff = TextDiff::configure().timeout(std::time::Duration::from_millis(200)).diff_lines(old, new);
    for change in diff.iter_all_changes() {
        let text = change.value().trim_end_matches('\n').to_owned();
        match change.tag() {
            ChangeTag::Insert => added.push(Line {
                path: path.to_owned(),
                code: code_line(&new_code, change.new_index()),
                text,
            }),
            ChangeTag::Delete => removed.push(Line {
                path: path.to_owned(),
                code: code_line(&old_code, change.old_index()),
                text,
            }),
            ChangeTag::Equal => {}
        }
    }
}

impl Facts<'_> {
    /// Whether a test file differs between before and after.
    #[must_use]
    pub fn is_changed_test(&self) -> bool {
        self.changed_paths().iter().any(|p| source::is_test_file(p))
    }
}
