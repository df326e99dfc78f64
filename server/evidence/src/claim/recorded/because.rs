//! The reason of a verdict as a sentence: it states the evidence and accuses nobody.

use crate::claim::Claim;
use crate::claim::case::{Case, Event};
use crate::claim::kind::Code;

/// The reason, for people. Names the command or the edit that decides where there is one.
#[must_use]
pub fn sentence(case: &Case, claim: &Claim) -> String {
    let shown = claim.evidence.iter().rev().find_map(|seq| named(case, *seq));
    let with = |what: &str| match &shown {
        Some(step) => format!("{what}: {step}"),
        None => what.to_owned(),
    };
    match claim.code {
        Code::Stale => stale(case, claim),
        code => with(reason(code)),
    }
}

/// `No run after the last edit of src/a.rs (the one before: step 4, `cargo test`)`
fn stale(case: &Case, claim: &Claim) -> String {
    let ran = claim.evidence.iter().rev().find_map(|seq| named(case, *seq));
    let after = claim.evidence.iter().max().copied().unwrap_or_default();
    let edited = case.events.iter().rev().find_map(|event| match event {
        Event::FileEdit(edit) if edit.seq > after => Some(edit.path.clone()),
        Event::Command(ran) if ran.seq > after => ran.changed.last().cloned(),
        _ => None,
    });
    let edit = edited.map_or_else(|| "change".to_owned(), |path| format!("edit of {path}"));
    match ran {
        Some(ran) => format!("No run after the last {edit}; the run before it: {ran}"),
        None => format!("No run after the last {edit}"),
    }
}

/// ``step 7, `cargo test` ``
fn named(case: &Case, seq: u64) -> Option<String> {
    let event = case.events.iter().find(|event| event.seq() == seq)?;
    match event {
        Event::Command(ran) => Some(format!("step {seq}, `{}`", short(&ran.cmd))),
        Event::FileEdit(edit) => Some(format!("step {seq}, edit of {}", edit.path)),
        Event::FileRead(read) => Some(format!("step {seq}, {} was read", read.path)),
        Event::Search(search) => Some(format!("step {seq}, a search for `{}`", short(&search.pattern))),
        Event::ToolError(error) => Some(format!("step {seq}, {}", short(&error.message))),
        Event::Network(network) => Some(format!("step {seq}, a connection to {}", network.host)),
        Event::Approval(approval) => Some(format!("step {seq}, {}", short(&approval.what))),
        Event::Task(_) | Event::Reasoning(_) | Event::Message(_) | Event::UserMessage(_) | Event::Unknown => {
            None
        }
    }
}

/// One line of at most 80 characters.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut = line.chars().count() > 80 || text.lines().nth(1).is_some();
    let kept: String = line.chars().take(80).collect();
    if cut { format!("{kept}…") } else { kept }
}

const fn reason(code: Code) -> &'static str {
    match code {
        Code::FreshPass => "The last run after the last change passed",
        Code::FreshFail => "The last run after the last change failed",
        Code::Stale => "Something relevant changed after the only run",
        Code::Flaky => "Runs disagree although nothing changed between them",
        Code::PartialScope => "The run covered less than the sentence says",
        Code::CountMatch => "The numbers agree with the output",
        Code::CountMismatch => "The numbers differ from those in the output",
        Code::ZeroTests => "No test was executed",
        Code::MaskedExit => "The exit status is not that of the program that counts",
        Code::OutputDecides => "The output shows the result",
        Code::Truncated => "The output was cut before the result",
        Code::TestsWeakened => "A test that existed before was changed, skipped or removed",
        Code::Gamed => "Between the failing and the passing run only files that control the runner changed",
        Code::Disclosed => "The message itself tells of the changed test",
        Code::TimedOut => "The run did not finish",
        Code::NotRun => "The record has no such run",
        Code::NoEvidence => "Nothing in the record decides it",
        Code::WorkspaceMatch => "The files show it",
        Code::WorkspaceMismatch => "The files show otherwise",
        Code::EmptyDiff => "Nothing was changed",
        Code::NoEffect => "Only comments, documentation or tests changed",
        Code::UsagesFound => "There are other usages",
        Code::NoUsages => "The workspace has no other usages",
        Code::IncompleteWorkspace => "Not all files of the workspace were looked at",
        Code::Searched => "A search shows it",
        Code::SearchMissing => "No search after the last edit",
        Code::FailThenPass => "The same check failed before the change and passes now",
        Code::StillFailing => "The check still fails",
        Code::NoBefore => "No failing check before the change shows what was mended",
        Code::Observed => "The output shows it",
        Code::ObservedDiffers => "The output shows something else",
        Code::Measured => "The measurements show it",
        Code::MeasuredDiffers => "The measurements show something else",
        Code::NoBaseline => "There is no comparable measurement before the change",
        Code::ActionLogged => "The record has it",
        Code::ActionMissing => "The record has no such action",
        Code::AttemptFailed => "The attempt failed, as the sentence says",
        Code::AttemptSucceeded => "The attempt succeeded",
        Code::NoAttempt => "The record has no such attempt",
        Code::NotDoneConfirmed => "It was indeed not done",
        Code::NotDoneFalse => "The record shows that it was done",
        Code::DeliverablesPresent => "Everything the task names is there",
        Code::DeliverablesMissing => "Something the task names is not there",
        Code::WarningsPresent => "The output has warnings",
        Code::PreexistingShown => "It failed before the first edit",
        Code::PreexistingRefuted => "It passed before the first edit",
        Code::PreexistingUnknown => "It was not run before the first edit",
        Code::WrongTarget => "Something else was run",
        Code::Denied => "Permission was refused",
        Code::Subjective => "A judgement that no record can decide",
    }
}
