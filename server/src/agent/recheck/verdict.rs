//! From the runs of a check to the claim's new verdict.

use std::fmt::Write as _;

use vouchsafe_base::Digest;
use vouchsafe_evidence::claim::recorded::{Texts, claims, weakened};
use vouchsafe_evidence::log::{ClaimChecked, CommandRan, Event, Seq, Verdict};
use vouchsafe_evidence::store::Recorded;

use super::command::Subject;
use super::{CheckWork, State};

/// Numbers of the check's own events, where they stand behind those of the task.
const OWN: u32 = 1 << 24;

/// One run of a check.
#[derive(Debug, Clone)]
pub(in crate::agent) struct RunOfState {
    pub(in crate::agent) state: State,
    /// The event, as the check's own record has it.
    pub(in crate::agent) recorded: Recorded,
}

impl RunOfState {
    fn ran(&self) -> Option<&CommandRan> {
        match &self.recorded.event {
            Event::Command(ran) => Some(ran),
            _ => None,
        }
    }

    fn passed(&self) -> bool {
        self.ran().is_some_and(|ran| ran.exit.is_success())
    }
}

/// Judges the claim by the task's record and the runs on the final state; what the other runs showed is said with it, and
/// decides where tests were weakened. Evidence is numbered as in the check's own record.
pub(in crate::agent) fn verdict(
    work: &CheckWork,
    events: &[Recorded],
    runs: &[RunOfState],
    texts: &Texts,
    outputs: &dyn Fn(Digest) -> Option<Vec<u8>>,
) -> ClaimChecked {
    let finals = || runs.iter().filter(|run| run.state == State::Final);
    let own =
        finals().map(|run| Recorded { seq: Seq::new(OWN + run.recorded.seq.get()), ..run.recorded.clone() });
    let all: Vec<_> = events.iter().cloned().chain(own).collect();
    let judged = claims(&all, texts, &work.message, outputs);
    let mut claim = judged
        .into_iter()
        .find(|claim| claim.quote == work.claim.quote && claim.kind == work.claim.kind)
        // The same words in the same context are always found again; if not, nothing new is known.
        .unwrap_or_else(|| ClaimChecked { verdict: Verdict::Unverified, ..work.claim.clone() });
    claim.evidence =
        finals().map(|run| run.recorded.seq).filter(|_| claim.verdict != Verdict::Unverified).collect();
    claim.because = in_words(work, runs);
    let fails_originally = runs.iter().any(|run| run.state == State::OriginalTests && !run.passed());
    let undisclosed = claim.code != "disclosed" && !weakened(texts).is_empty();
    if claim.verdict == Verdict::Verified && fails_originally && undisclosed {
        claim.verdict = Verdict::Contradicted;
        "tests_weakened".clone_into(&mut claim.code);
    }
    claim
}

/// ``Run again: `pytest` on the final state: exit code 0, exit code 0; with the tests as they were …: exit code 1``
fn in_words(work: &CheckWork, runs: &[RunOfState]) -> String {
    let mut text = format!("Run again: `{}`", work.line.shown);
    let mut last = None;
    for run in runs {
        let Some(ran) = run.ran() else { continue };
        let separator = match last {
            None => " ",
            Some(state) if state == run.state => ", ",
            Some(_) => "; ",
        };
        text.push_str(separator);
        if last != Some(run.state) {
            _ = write!(text, "{}: ", run.state.name());
        }
        _ = write!(text, "{}", ran.exit);
        last = Some(run.state);
    }
    let disagree = |state| {
        let mut of = runs.iter().filter(|run| run.state == state).map(RunOfState::passed);
        of.next().is_some_and(|first| of.any(|next| next != first))
    };
    if disagree(State::Final) {
        text.push_str(". The runs disagree although nothing changed between them");
    }
    let old_passes = runs.iter().any(|run| run.state == State::NewTestsOnOldSource && run.passed());
    if old_passes && Subject::of(&work.claim.kind) == Some(Subject::Behaviour) {
        text.push_str(". The new tests pass without the change as well");
    }
    text
}
