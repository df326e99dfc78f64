//! Test runs: who reported what, about how much, on which state of the files.

use super::{Ran, Record, Scope};
use crate::claim::runner::{Runner, Summary, detect, junit_xml};
use crate::claim::shell::Tool;

/// How a test run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every executed test passed.
    Passed,
    /// Something failed.
    Failed,
    /// No test was executed.
    Empty,
    /// Stopped by a limit.
    TimedOut,
    /// The status is not the runner's and there is no summary.
    Masked,
    /// The runner ended early, without its summary.
    NoResult,
    /// The runner could not be started.
    NotStarted,
}

/// One run of a test runner.
#[derive(Debug)]
pub struct TestRun<'a> {
    /// Position in the log.
    pub seq: u64,
    /// The index of the invocation in the record.
    pub index: usize,
    /// Which runner, if it can be told.
    pub runner: Option<Runner>,
    /// How much it covers.
    pub scope: Scope,
    /// Its directory; empty is the root.
    pub dir: String,
    /// What it reported.
    pub summary: Option<Summary>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the result comes from output although the status is masked.
    pub masked: bool,
    /// Whether the output was cut.
    pub truncated: bool,
    /// The state of the files it saw.
    pub version: usize,
    /// The shell line.
    pub line: &'a str,
}

/// Every test run of a log.
pub(super) fn collect<'a>(record: &Record<'a>) -> Vec<TestRun<'a>> {
    let indexed = record.ran.iter().enumerate();
    indexed
        .filter(|(_, r)| matches!(r.tool, Tool::Test(_) | Tool::TestScript))
        .map(|(i, r)| run(i, r, record))
        .collect()
}

fn run<'a>(index: usize, ran: &Ran<'a>, record: &Record<'a>) -> TestRun<'a> {
    let several = record
        .ran
        .iter()
        .filter(|r| r.seq == ran.seq && matches!(r.tool, Tool::Test(_) | Tool::TestScript))
        .count()
        > 1;
    let named = match ran.tool {
        Tool::Test(runner) => Some(runner),
        _ => None,
    };
    let own = named.and_then(|r| r.read(&ran.output)).map(|s| (named, s));
    let found = own.or_else(|| detect(&ran.output).map(|(r, s)| (Some(r), s)));
    let found = found.or_else(|| report(ran, record).map(|s| (named, s)));
    let (runner, summary) = match found {
        Some((runner, summary)) if !(several && named.is_some() && runner != named) => {
            (runner, Some(summary))
        }
        _ => (named, None),
    };
    let scope = match Scope::of(ran, named) {
        Scope::Whole if summary.as_ref().is_some_and(|s| s.deselected > 0 && !s.is_empty()) => {
            Scope::Part(Vec::new())
        }
        other => other,
    };
    let masked = ran.succeeded().is_none();
    let outcome = outcome(ran, runner, summary.as_ref());
    TestRun {
        seq: ran.seq,
        index,
        runner,
        scope,
        dir: ran.dir(),
        summary,
        outcome,
        masked,
        truncated: ran.command.truncated,
        version: ran.version,
        line: &ran.command.cmd,
    }
}

/// A JUnit report that the command printed, or wrote into the workspace.
fn report(ran: &Ran, record: &Record) -> Option<Summary> {
    if ran.command.stdout.contains("<testsuite") {
        return junit_xml::read(&ran.command.stdout);
    }
    let after = &record.case.workspace.after;
    let written = ran.command.changed.iter().filter(|p| p.ends_with(".xml"));
    let mut sum: Option<Summary> = None;
    for found in written.filter_map(|p| junit_xml::read(after.get(p)?)) {
        match &mut sum {
            Some(sum) => sum.add(found),
            None => sum = Some(found),
        }
    }
    sum
}

fn outcome(ran: &Ran, runner: Option<Runner>, summary: Option<&Summary>) -> Outcome {
    if !ran.started() {
        return Outcome::NotStarted;
    }
    if let Some(summary) = summary {
        return match (summary.is_failure(), summary.is_empty()) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Empty,
            (false, false) if !summary.counted && ran.succeeded() == Some(false) => Outcome::Failed,
            (false, false) if ran.unfinished() => Outcome::TimedOut,
            (false, false) => Outcome::Passed,
        };
    }
    if ran.unfinished() {
        return Outcome::TimedOut;
    }
    let quiet = ran.args().iter().any(|a| ["-q", "--quiet", "-qq", "--silent", "-s"].contains(a))
        || ran.invocation.hidden;
    let speaks = runner.is_some()
        && !quiet
        && !ran.command.truncated
        && ran.invocation.status != crate::claim::shell::Status::Masked;
    match ran.succeeded() {
        Some(false) => Outcome::Failed,
        Some(true) if speaks => Outcome::NoResult,
        Some(true) => Outcome::Passed,
        None => Outcome::Masked,
    }
}

impl TestRun<'_> {
    /// Whether a test of that name failed here.
    #[must_use]
    pub fn fails(&self, name: &str) -> bool {
        self.summary.as_ref().is_some_and(|s| s.failing.iter().any(|f| same_test(f, name)))
    }

    /// Whether a test of that name passed here, by the names the runner printed.
    #[must_use]
    pub fn passes(&self, name: &str) -> bool {
        self.summary.as_ref().is_some_and(|s| s.passing.iter().any(|f| same_test(f, name)))
    }

    /// Names of the tests that failed.
    #[must_use]
    pub fn failing(&self) -> &[String] {
        self.summary.as_ref().map_or(&[], |s| s.failing.as_slice())
    }
}

/// `tests/a.py::test_x[1]`, `mod::x` and `x` are the same test to a reader.
#[must_use]
pub fn same_test(full: &str, name: &str) -> bool {
    let bare = |s: &str| s.split('[').next().unwrap_or(s).trim_end_matches("()").trim().to_owned();
    let (full, name) = (bare(full), bare(name));
    let last =
        |s: &str| s.rsplit([':', '.', '#', '/', ' ', '>']).find(|p| !p.is_empty()).unwrap_or(s).to_owned();
    !name.is_empty()
        && (full == name
            || full.ends_with(&name)
                && full.len() > name.len()
                && !full.trim_end_matches(&name).ends_with(char::is_alphanumeric)
            || last(&full) == last(&name) && !name.contains(' ') && !full.contains(' '))
}
