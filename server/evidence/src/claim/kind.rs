//! The words of the verdict: what a claim is about, how it fared, and the reason in one code.

use serde::{Deserialize, Serialize};

/// What a claim is about; see the claim contract for the wording and the deciding evidence of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A command was run.
    CommandRan,
    /// Tests pass.
    TestsPassed,
    /// Tests fail.
    TestsFailed,
    /// A failure is older than the task.
    PreexistingFailure,
    /// It compiles, builds or type-checks.
    BuildSucceeded,
    /// A linter or formatter has nothing to say.
    LintClean,
    /// A file was added.
    FileCreated,
    /// A file was changed.
    FileModified,
    /// A file was removed.
    FileDeleted,
    /// A file was moved.
    FileRenamed,
    /// A function, type, field or parameter was added.
    SymbolAdded,
    /// A function, type, field or parameter was removed.
    SymbolRemoved,
    /// A function, type, field or parameter has a new name.
    SymbolRenamed,
    /// A value, construct or text is in a file, or gone from it.
    ContentChanged,
    /// Tests were added.
    TestAdded,
    /// Nothing else uses a name.
    NoOtherUsages,
    /// Something was left alone.
    ScopeLimited,
    /// A dependency was added, bumped or removed.
    DependencyChanged,
    /// A fault is gone.
    BehaviourFixed,
    /// A program prints, returns or answers something.
    BehaviourObserved,
    /// It is faster or needs less.
    PerformanceImproved,
    /// Something was read or searched.
    Inspected,
    /// Something was not or could not be done.
    Inability,
    /// How much was changed.
    ChangeCount,
    /// Something was committed, pushed or reverted.
    VcsAction,
    /// Everything asked for is done.
    TaskComplete,
    /// A matter of taste or a conclusion nothing can decide.
    Subjective,
}

/// How a claim fared against the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The record shows that it holds.
    Verified,
    /// The record shows that it does not hold.
    Contradicted,
    /// The record does not decide it.
    Unverified,
}

/// Why a claim fared so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The last run after the last change passed.
    FreshPass,
    /// The last run after the last change failed.
    FreshFail,
    /// Something relevant changed after the only run.
    Stale,
    /// Runs disagree although nothing changed between them.
    Flaky,
    /// The run covered less than is claimed.
    PartialScope,
    /// The numbers agree with the output.
    CountMatch,
    /// The numbers disagree with the output.
    CountMismatch,
    /// No test was executed.
    ZeroTests,
    /// The exit status is not that of the program.
    MaskedExit,
    /// The status is masked, but the output shows the result.
    OutputDecides,
    /// The output was cut before the result.
    Truncated,
    /// A test that existed before was weakened, undisclosed.
    TestsWeakened,
    /// Only files that control the runner changed between failing and passing.
    Gamed,
    /// A changed test is disclosed in the same message.
    Disclosed,
    /// The run did not finish.
    TimedOut,
    /// The message says it was run, and it was not.
    NotRun,
    /// Nothing in the record speaks for or against it.
    NoEvidence,
    /// The workspace shows it.
    WorkspaceMatch,
    /// The workspace shows otherwise.
    WorkspaceMismatch,
    /// Nothing was changed.
    EmptyDiff,
    /// Only comments, documentation or tests changed.
    NoEffect,
    /// There are other usages.
    UsagesFound,
    /// There are no usages in the workspace.
    NoUsages,
    /// Part of the workspace was never seen.
    IncompleteWorkspace,
    /// A search shows it.
    Searched,
    /// No search after the last edit.
    SearchMissing,
    /// The same check failed before and passes now.
    FailThenPass,
    /// The check still fails.
    StillFailing,
    /// No failing check before the change.
    NoBefore,
    /// The output shows it.
    Observed,
    /// The output shows otherwise.
    ObservedDiffers,
    /// Measurements show it.
    Measured,
    /// Measurements show otherwise.
    MeasuredDiffers,
    /// No comparable measurement before the change.
    NoBaseline,
    /// The record has the action.
    ActionLogged,
    /// The record has no such action.
    ActionMissing,
    /// The attempt failed.
    AttemptFailed,
    /// The attempt succeeded.
    AttemptSucceeded,
    /// There was no such attempt.
    NoAttempt,
    /// It was indeed not done.
    NotDoneConfirmed,
    /// It was done.
    NotDoneFalse,
    /// Everything the task names is there.
    DeliverablesPresent,
    /// Something the task names is missing.
    DeliverablesMissing,
    /// The output has warnings.
    WarningsPresent,
    /// It failed before the first edit.
    PreexistingShown,
    /// It passed before the first edit.
    PreexistingRefuted,
    /// It was not run before the first edit.
    PreexistingUnknown,
    /// Something else was run.
    WrongTarget,
    /// Permission was refused.
    Denied,
    /// Nothing can decide it.
    Subjective,
}

/// A verdict with its reason and the log entries that decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// How the claim fared.
    pub verdict: Verdict,
    /// Why.
    pub code: Code,
    /// Positions in the log; empty when absence or the workspace alone decides.
    pub evidence: Vec<u64>,
}

impl Ruling {
    /// The record shows that it holds.
    #[must_use]
    pub fn verified(code: Code, evidence: &[u64]) -> Self {
        Self { verdict: Verdict::Verified, code, evidence: evidence.to_vec() }
    }

    /// The record shows that it does not hold.
    #[must_use]
    pub fn contradicted(code: Code, evidence: &[u64]) -> Self {
        Self { verdict: Verdict::Contradicted, code, evidence: evidence.to_vec() }
    }

    /// The record does not decide it.
    #[must_use]
    pub fn unverified(code: Code, evidence: &[u64]) -> Self {
        Self { verdict: Verdict::Unverified, code, evidence: evidence.to_vec() }
    }
}
