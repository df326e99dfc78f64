//! Which command decides a claim when it is run again.
//!
//! Invariants
//! - The user's command comes first, then the one the claim rests on, then what is usual for the project.
//! - A claim about what was done is never decided by doing it now.

use std::path::Path;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::{ClaimChecked, Event};
use vouchsafe_evidence::store::Recorded;

use crate::agent::CommandLine;
use crate::config::Verify;

/// What running something can show about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Whether tests pass.
    Tests,
    /// Whether it builds.
    Build,
    /// Whether a linter is content.
    Lint,
    /// Whether a program does what is said: only the command that showed it can.
    Behaviour,
}

impl Subject {
    /// What a claim of this kind is about; `None` when no run decides it.
    #[must_use]
    pub(super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "TestsPassed" | "TestsFailed" => Self::Tests,
            "BuildSucceeded" => Self::Build,
            "LintClean" => Self::Lint,
            "BehaviourFixed" | "BehaviourObserved" => Self::Behaviour,
            _ => return None,
        })
    }
}

/// Why a claim cannot be checked by running something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Uncheckable {
    /// It is about what was done.
    #[error(
        "no command can decide this sentence: it is not about what tests, a build, a linter or a program do"
    )]
    NotByRunning,
    /// It is not known what to run.
    #[error(
        "no command is known that decides this sentence: name one in your configuration, `verify.tests`, `verify.build` or `verify.lint`"
    )]
    NoCommand,
}

/// The command that decides a claim of a task.
///
/// # Errors
/// When none does, or none is known.
pub fn command(
    claim: &ClaimChecked,
    events: &[Recorded],
    configured: &Verify,
    workspace: &Path,
) -> Result<CommandLine, Uncheckable> {
    let subject = Subject::of(&claim.kind).ok_or(Uncheckable::NotByRunning)?;
    let of_user = match subject {
        Subject::Tests => configured.tests.clone(),
        Subject::Build => configured.build.clone(),
        Subject::Lint => configured.lint.clone(),
        Subject::Behaviour => None,
    };
    // A run of a part says nothing about the whole, and a masked one nothing at all.
    let rests_on_enough =
        !matches!(claim.code.as_str(), "partial_scope" | "zero_tests" | "masked_exit" | "wrong_target");
    let cited = || rests_on_enough.then(|| cited(claim, events)).flatten();
    let usual = || usual(subject, workspace).map(str::to_owned);
    of_user
        .map(CommandLine::shell)
        .or_else(cited)
        .or_else(|| usual().map(CommandLine::shell))
        .ok_or(Uncheckable::NoCommand)
}

/// The last command that the claim rests on, where it ran.
fn cited(claim: &ClaimChecked, events: &[Recorded]) -> Option<CommandLine> {
    let ran = |seq| events.iter().find(|recorded| recorded.seq == seq);
    claim.evidence.iter().rev().filter_map(|seq| ran(*seq)).find_map(|recorded| match &recorded.event {
        Event::Command(ran) => Some(CommandLine {
            directory: WorkspacePath::from_shown(&ran.directory).ok().filter(|_| ran.directory != "."),
            ..CommandLine::shell(ran.command.clone())
        }),
        _ => None,
    })
}

/// What is usual for the project, by what lies in its root.
fn usual(subject: Subject, workspace: &Path) -> Option<&'static str> {
    let has = |name: &str| workspace.join(name).is_file();
    let rust = ("Cargo.toml", ["cargo test", "cargo build --all-targets", "cargo clippy --all-targets"]);
    let go = ("go.mod", ["go test ./...", "go build ./...", "go vet ./..."]);
    let node = ("package.json", ["npm test", "npm run build", "npm run lint"]);
    let python = ["python3 -m pytest -q", "python3 -m compileall -q .", "ruff check"];
    let by_marker =
        [rust, go, node].into_iter().find(|(marker, _)| has(marker)).map(|(_, commands)| commands);
    let is_python =
        ["pyproject.toml", "pytest.ini", "setup.cfg", "setup.py", "tox.ini"].iter().any(|name| has(name));
    let [tests, build, lint] = by_marker.or_else(|| is_python.then_some(python))?;
    Some(match subject {
        Subject::Tests => tests,
        Subject::Build => build,
        Subject::Lint => lint,
        Subject::Behaviour => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use vouchsafe_base::Digest;
    use vouchsafe_evidence::log::{CommandRan, Exit, OutputRef, Seq, Verdict};

    fn claim(kind: &str, code: &str, evidence: &[u32]) -> ClaimChecked {
        ClaimChecked {
            quote: "All tests pass".into(),
            kind: kind.into(),
            verdict: Verdict::Unverified,
            code: code.into(),
            because: String::new(),
            evidence: evidence.iter().copied().map(Seq::new).collect(),
            subject: None,
            hedged: false,
        }
    }

    fn ran(seq: u32, line: &str, directory: &str) -> Recorded {
        let none = OutputRef::to(Digest::of(b""), b"", 0);
        Recorded {
            seq: Seq::new(seq),
            at: Timestamp::UNIX_EPOCH,
            digest: Digest::of(b""),
            event: Event::Command(CommandRan {
                command: line.into(),
                directory: directory.into(),
                exit: Exit::Code { code: 0 },
                stdout: none.clone(),
                stderr: none,
                duration_ms: 1,
                cpu_ms: 1,
                max_rss_bytes: 1,
                changed: Vec::new(),
                denials: Vec::new(),
                because: None,
            }),
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a project of the test's own")]
    fn the_users_command_comes_first_then_the_cited_then_the_usual() {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("Cargo.toml"), "").unwrap();
        let events = [ran(4, "cargo test -p a", "a")];
        let shown = |claim: &ClaimChecked, configured: &Verify| {
            command(claim, &events, configured, project.path()).map(|line| line.shown)
        };
        let own = Verify { tests: Some("make check".into()), ..Verify::default() };
        let stale = claim("TestsPassed", "stale", &[4]);
        assert_eq!(shown(&stale, &own).unwrap(), "make check");
        assert_eq!(shown(&stale, &Verify::default()).unwrap(), "cargo test -p a");
        let line = command(&stale, &events, &Verify::default(), project.path()).unwrap();
        assert_eq!(line.directory, Some(WorkspacePath::parse("a").unwrap()));
        let part = claim("TestsPassed", "partial_scope", &[4]);
        assert_eq!(shown(&part, &Verify::default()).unwrap(), "cargo test");
        assert_eq!(
            shown(&claim("BuildSucceeded", "no_evidence", &[]), &Verify::default()).unwrap(),
            "cargo build --all-targets"
        );
    }

    #[test]
    fn what_was_done_is_not_decided_by_doing_it_now() {
        let nowhere = tempfile::tempdir().unwrap();
        let asked = |kind| command(&claim(kind, "not_run", &[]), &[], &Verify::default(), nowhere.path());
        assert_eq!(asked("CommandRan").unwrap_err(), Uncheckable::NotByRunning);
        assert_eq!(asked("TestsPassed").unwrap_err(), Uncheckable::NoCommand);
    }
}
