//! "It failed before my change" (rule 26).

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::record::{Outcome, TestRun};

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let record = &cx.facts.record;
    let first = record.first_edit.unwrap_or(u64::MAX);
    let early: Vec<&TestRun> = record
        .tests
        .iter()
        .filter(|r| r.seq < first && matches!(r.outcome, Outcome::Passed | Outcome::Failed))
        .collect();
    let last_now = record.tests.iter().rev().find(|r| r.version == record.version);
    let still = super::words::says(
        &a.masked,
        "does not pass|do not pass|still fail|still red|schlägt weiterhin|échoue encore|sigue fallando",
    );
    if still && last_now.is_some_and(|r| r.outcome == Outcome::Passed) {
        return Ruling::contradicted(Code::FreshPass, &[]);
    }
    let names = failures_meant(cx, a);
    let Some(last) = early.last() else { return Ruling::unverified(Code::PreexistingUnknown, &[]) };
    let failed = |n: &String| early.iter().find(|r| r.fails(n));
    if names.is_empty() {
        return match last.outcome {
            Outcome::Failed if fewer_failed(cx, last) => {
                Ruling::unverified(Code::PreexistingUnknown, &[last.seq])
            }
            Outcome::Failed => Ruling::verified(Code::PreexistingShown, &[last.seq]),
            _ if last.scope == crate::claim::record::Scope::Whole => {
                Ruling::contradicted(Code::PreexistingRefuted, &[last.seq])
            }
            _ => Ruling::unverified(Code::PreexistingUnknown, &[last.seq]),
        };
    }
    if names.iter().all(|n| failed(n).is_some()) {
        return Ruling::verified(Code::PreexistingShown, &[last.seq]);
    }
    let unnamed = early.iter().any(|r| r.outcome == Outcome::Failed && r.failing().is_empty());
    let target = super::coverage::Target::Names(names);
    let covered = early.iter().any(|r| super::coverage::covers(cx, r, &target) == Some(true));
    let listed = early.iter().any(|r| {
        r.outcome == Outcome::Failed
            && !r.failing().is_empty()
            && r.scope == crate::claim::record::Scope::Whole
    });
    if (covered || listed) && !unnamed {
        Ruling::contradicted(Code::PreexistingRefuted, &[last.seq])
    } else {
        Ruling::unverified(Code::PreexistingUnknown, &[last.seq])
    }
}

/// "Both", "these failures": every test that fails now is meant.
fn is_plural(cx: &Context, a: &Assertion) -> bool {
    let words = "both|beide|les deux|ambos|ambas|両方|どちらも|两个都|都|they |these|those|all of them|alle |tous |toutes |todos |todas ";
    super::words::says(&a.masked, words)
        && a.tokens.iter().filter(|t| cx.facts.is_test_name(&t.text)).count() == 0
}

/// Whether fewer tests failed in an early run than fail now, so that some failures are new.
fn fewer_failed(cx: &Context, early: &TestRun) -> bool {
    let now = cx.facts.record.tests.iter().rev().find(|r| r.version == cx.facts.record.version);
    let failed = |r: &TestRun| r.summary.as_ref().filter(|s| s.counted).map(|s| s.failed + s.errors);
    now.and_then(failed).zip(failed(early)).is_some_and(|(now, then)| then < now)
}

/// The tests that a clause speaks of: those it names, or all that fail now.
fn failures_meant(cx: &Context, a: &Assertion) -> Vec<String> {
    let record = &cx.facts.record;
    let mut names: Vec<String> =
        a.named().iter().filter(|t| cx.facts.is_test_name(&t.text)).map(|t| t.text.clone()).collect();
    let ordinal = super::words::says(
        &a.masked,
        "the former|the first|ersterer|ersteres|le premier|la première|el primero|la primera|前者",
    );
    let second = super::words::says(
        &a.masked,
        "the latter|the second|letzterer|letzteres|le second|la seconde|el segundo|la segunda|後者|后者",
    );
    if ordinal {
        names.truncate(1);
    } else if second && names.len() > 1 {
        names.remove(0);
    }
    if is_plural(cx, a) && names.len() < 2 {
        names.clear();
    }
    if names.is_empty() {
        names = record
            .tests
            .iter()
            .rev()
            .find(|r| r.version == record.version)
            .map(|r| r.failing().to_vec())
            .unwrap_or_default();
    }
    names
}
