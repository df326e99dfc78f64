//! *Check it now*: whether a claim holds, by running what decides it on the final state of the task.
//!
//! A check is a task of its own: it has a number, a record, progress and limits, and it can be cancelled. Each state is
//! run in a fresh copy, so nothing a run leaves behind can help the next one.
//!
//! Invariants
//! - The rules that judged the claim judge it again, over the same record and the new runs. No run is believed twice:
//!   what the tests' own changes may hide is told by the runs on the other states.
//! - What a check changes is never proposed.

mod command;
mod lay;
mod verdict;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Shadow;
use vouchsafe_evidence::claim::recorded::{ChangedText, Texts, is_test_file};
use vouchsafe_evidence::log::{ClaimChecked, TaskId};

use super::{CommandLine, claims};
use crate::review::{Change, Entry};

use command::Subject;
pub use command::{Uncheckable, command};
pub(super) use lay::lay;
pub(super) use verdict::{RunOfState, verdict};

/// A claim to be checked by running something.
#[derive(Debug, Clone)]
pub struct CheckWork {
    /// The task that made it.
    pub of: TaskId,
    /// The claim, as it was judged.
    pub claim: ClaimChecked,
    /// Everything the agent said at the end: a claim is read in its context.
    pub message: String,
    /// What decides it.
    pub line: CommandLine,
    /// Everything the task wants to change, decided or not.
    pub changes: Vec<Change>,
}

/// A state of the workspace that a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As the task left it.
    Final,
    /// The same, with the tests as they were before.
    OriginalTests,
    /// As it was before, with the new tests.
    NewTestsOnOldSource,
}

impl State {
    /// For people, as the end of a sentence.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Final => "on the final state",
            Self::OriginalTests => "with the tests as they were before the task",
            Self::NewTestsOnOldSource => "with the new tests on the source as it was before the task",
        }
    }

    /// Whether a change is part of it.
    fn has(self, change: &Change) -> bool {
        let test = is_test(&change.path);
        match self {
            Self::Final => true,
            Self::OriginalTests => !test,
            Self::NewTestsOnOldSource => test,
        }
    }
}

fn is_test(path: &WorkspacePath) -> bool {
    is_test_file(&path.to_string())
}

impl CheckWork {
    /// What to run, in order: the final state twice where tests may be flaky; the other states where the task changed both
    /// tests and source.
    pub(super) fn states(&self) -> Vec<State> {
        let tests = matches!(Subject::of(&self.claim.kind), Some(Subject::Tests | Subject::Behaviour));
        let (in_tests, in_source): (Vec<_>, Vec<_>) =
            self.changes.iter().partition(|change| is_test(&change.path));
        let mut states = vec![State::Final];
        if tests {
            states.push(State::Final);
        }
        if tests && !in_source.is_empty() {
            if in_tests.iter().any(|change| change.before.is_some()) {
                states.push(State::OriginalTests);
            }
            if !in_tests.is_empty() {
                states.push(State::NewTestsOnOldSource);
            }
        }
        states
    }

    /// The texts that the claim is judged by: those of the final state.
    pub(super) fn texts(&self, shadow: &Shadow) -> Texts {
        let is_changed = |path: &WorkspacePath| self.changes.iter().any(|change| change.path == *path);
        let (others, complete) = claims::others(shadow, &is_changed);
        let text = |entry: Option<&Entry>| entry.and_then(Entry::text).map(str::to_owned);
        let changed = |change: &Change| ChangedText {
            path: change.path.clone(),
            renamed_from: change.renamed_from.clone(),
            exists: [change.before.is_some(), change.after.is_some()],
            texts: [text(change.before.as_ref()), text(change.after.as_ref())],
        };
        Texts { changed: self.changes.iter().map(changed).collect(), others, complete }
    }

    /// The changes that make a state out of the workspace.
    pub(super) fn changes_of(&self, state: State) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| state.has(change))
    }
}

/// Whether running something can decide a claim of this kind.
#[must_use]
pub fn checks_by_running(kind: &str) -> bool {
    Subject::of(kind).is_some()
}
