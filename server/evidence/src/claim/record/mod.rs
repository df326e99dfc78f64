//! The log, read for questions: what ran when, on which state of the files, with which result.

mod ran;
mod scope;
mod testrun;

pub use ran::Ran;
pub use scope::Scope;
pub use testrun::{Outcome, TestRun, same_test};

use std::collections::BTreeSet;

use super::case::{Case, Command, Event};
use super::shell;
use super::source::is_irrelevant;

/// The log with every shell line parsed and every state of the files numbered.
pub struct Record<'a> {
    /// The case itself.
    pub case: &'a Case,
    /// Every invocation, in order.
    pub ran: Vec<Ran<'a>>,
    /// Every test run, in order.
    pub tests: Vec<TestRun<'a>>,
    /// Number of relevant changes; the state after the last event.
    pub version: usize,
    /// Position of the first change in the log.
    pub first_edit: Option<u64>,
    /// Relevant paths that changed, with the number of the change.
    pub changes: Vec<(usize, String)>,
}

impl<'a> Record<'a> {
    /// Reads a log.
    #[must_use]
    pub fn new(case: &'a Case) -> Self {
        let mut record = Self {
            case,
            ran: Vec::new(),
            tests: Vec::new(),
            version: 0,
            first_edit: None,
            changes: Vec::new(),
        };
        for event in &case.events {
            match event {
                Event::FileEdit(edit) => {
                    record.changed(edit.seq, &edit.path);
                    if let Some(to) = &edit.to {
                        record.changed(edit.seq, to);
                    }
                }
                Event::Command(command) => record.command(command),
                _ => {}
            }
        }
        record.tests = testrun::collect(&record);
        record
    }

    fn changed(&mut self, seq: u64, path: &str) {
        self.first_edit = self.first_edit.or(Some(seq));
        if !is_irrelevant(path) {
            self.version += 1;
            self.changes.push((self.version, path.to_owned()));
        }
    }

    fn command(&mut self, command: &'a Command) {
        let before = self.version;
        for path in &command.changed {
            if self.is_tracked(path) {
                self.changed(command.seq, path);
            }
        }
        let line = shell::parse(&command.cmd);
        let last = line.len().saturating_sub(1);
        for (index, invocation) in line.into_iter().enumerate() {
            let version =
                if index == last { self.version } else { before.max(self.version_if_unchanged(before)) };
            self.ran.push(Ran::new(command, invocation, version));
        }
    }

    /// Runs before a formatter on the same line saw the state before it.
    fn version_if_unchanged(&self, before: usize) -> usize {
        if self.version == before { self.version } else { before }
    }

    /// Output that a command leaves behind is no change unless it is part of the workspace or looks like source.
    fn is_tracked(&self, path: &str) -> bool {
        let known =
            self.case.workspace.before.contains_key(path) || self.case.workspace.after.contains_key(path);
        let artifact = [
            ".xml", ".lcov", ".info", ".out", ".tmp", ".tap", ".o", ".a", ".so", ".bin", ".db", ".sqlite3",
            ".png", ".pdf", ".svg", ".prof",
        ];
        known
            || !(artifact.iter().any(|e| path.ends_with(e))
                || path.ends_with(".lock")
                || path.ends_with("package-lock.json")
                || !path.contains('.'))
    }

    /// Invocations in the final state.
    pub fn fresh(&self) -> impl Iterator<Item = &Ran<'a>> {
        self.ran.iter().filter(|r| r.version == self.version)
    }

    /// Paths that changed between two states.
    #[must_use]
    pub fn changed_between(&self, from: usize, to: usize) -> BTreeSet<&str> {
        let inside = self.changes.iter().filter(|(v, _)| *v > from && *v <= to);
        inside.map(|(_, p)| p.as_str()).collect()
    }

    /// Whether the task changed nothing at all.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.case.changed_files.is_empty()
            && self.case.diff.trim().is_empty()
            && self.case.workspace.before == self.case.workspace.after
    }
}
