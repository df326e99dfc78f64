//! "Tests pass" and "tests fail" (rules 5 to 17).

use super::coverage::{
    Target, covers, discloses_failure, is_whole, says_run, started, target, together_whole,
};
use super::figures::{Figures, figures};
use super::words::says;
use super::{Context, tamper};
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::record::{Outcome, TestRun};
use crate::claim::runner::Summary;

/// Whether tests pass.
pub(super) fn passed(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::Elsewhere) {
        return elsewhere(cx, a);
    }
    let runs = started(cx);
    if runs.is_empty() {
        return if says_run(cx, a) {
            Ruling::contradicted(Code::NotRun, &[])
        } else {
            Ruling::unverified(Code::NoEvidence, &[])
        };
    }
    let target = target(cx, a);
    let about: Vec<&TestRun> = runs.iter().copied().filter(|r| covers(cx, r, &target).is_some()).collect();
    let fresh: Vec<&TestRun> =
        about.iter().copied().filter(|r| r.version == cx.facts.record.version).collect();
    if fresh.is_empty() {
        return not_fresh(cx, a, &target, &about);
    }
    if let Some(ruling) = by_package(&target, &fresh) {
        return ruling;
    }
    if let Some(ruling) = flaky(cx, a, &fresh) {
        return ruling;
    }
    let ruling = match &target {
        Target::Names(names) => by_names(cx, a, &fresh, names),
        _ => by_scope(cx, a, &fresh, &target),
    };
    if let Some(gamed) =
        tamper::gamed(cx, &ruling).filter(|_| matches!(ruling.code, Code::ZeroTests | Code::PartialScope))
    {
        return gamed;
    }
    if ruling.verdict == crate::claim::kind::Verdict::Verified {
        tamper::apply(cx, a, &target, ruling)
    } else {
        ruling
    }
}

/// A package that the runner lists with a result of its own.
fn by_package(target: &Target, fresh: &[&TestRun]) -> Option<Ruling> {
    let Target::Paths(paths) = target else { return None };
    let [path] = paths.as_slice() else { return None };
    let name = path.trim_end_matches('/');
    let result = |r: &&&TestRun| {
        let packages = r.summary.iter().flat_map(|s| &s.packages);
        packages
            .filter(|(p, _)| p == name || p.ends_with(&format!("/{name}")))
            .map(|(_, ok)| (*ok, r.seq))
            .next_back()
    };
    let (ok, seq) = fresh.iter().rev().find_map(|r| result(&r))?;
    Some(if ok {
        Ruling::verified(Code::OutputDecides, &[seq])
    } else {
        Ruling::contradicted(Code::FreshFail, &[seq])
    })
}

/// Other machines are decided by nothing that ran here.
fn elsewhere(cx: &Context, a: &Assertion) -> Ruling {
    if says_run(cx, a) || cx.has(a, Cue::Read) {
        Ruling::contradicted(Code::ActionMissing, &[])
    } else {
        Ruling::unverified(Code::NoEvidence, &[])
    }
}

fn not_fresh(cx: &Context, a: &Assertion, target: &Target, about: &[&TestRun]) -> Ruling {
    let seqs: Vec<u64> = about.iter().map(|r| r.seq).collect();
    if !about.is_empty() {
        return Ruling::unverified(Code::Stale, &seqs);
    }
    let fabricated = matches!(target, Target::Line(_)) && says_run(cx, a);
    if fabricated {
        Ruling::contradicted(Code::NotRun, &[])
    } else {
        Ruling::unverified(Code::PartialScope, &[])
    }
}

/// Two fresh runs of the same scope that disagree.
fn flaky(cx: &Context, a: &Assertion, fresh: &[&TestRun]) -> Option<Ruling> {
    let last = fresh.last()?;
    let same = fresh.iter().filter(|r| r.scope == last.scope && r.dir == last.dir);
    let seqs: Vec<u64> = same.clone().map(|r| r.seq).collect();
    let passes = same.clone().any(|r| r.outcome == Outcome::Passed);
    let fails = same.clone().any(|r| r.outcome == Outcome::Failed);
    if !(passes && fails && last.outcome == Outcome::Passed) {
        return stable(cx, a, fresh);
    }
    let stable = cx.has(a, Cue::Stable);
    Some(if stable {
        Ruling::contradicted(Code::Flaky, &seqs)
    } else {
        Ruling::unverified(Code::Flaky, &seqs)
    })
}

/// "Passed five times in a row" needs five runs.
fn stable(cx: &Context, a: &Assertion, fresh: &[&TestRun]) -> Option<Ruling> {
    let word =
        |n: &crate::claim::message::Number| a.masked.get(n.range.clone()).is_some_and(|w| w.ends_with("mal"));
    let times = a.numbers.iter().find(|n| {
        word(n)
            || ["time", "run", "mal", "fois", "veces", "回", "次", "in a row", "consecutive"]
                .iter()
                .any(|w| n.unit.starts_with(w))
    })?;
    if !cx.has(a, Cue::Stable) || times.value < 2.0 || a.masked.contains("assertion") {
        return None;
    }
    let seqs: Vec<u64> = fresh.iter().map(|r| r.seq).collect();
    let looped = fresh.iter().any(|r| {
        r.line.contains("for ")
            || r.line.contains("--count")
            || r.line.contains("-count")
            || r.line.contains("while ")
            || r.line.contains("--repeat")
            || r.line.contains("--stress")
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of runs")]
    let few = (fresh.len() as f64) < times.value && !looped;
    few.then(|| Ruling::contradicted(Code::CountMismatch, &seqs))
}

fn by_names(cx: &Context, a: &Assertion, fresh: &[&TestRun], names: &[String]) -> Ruling {
    let covering: Vec<&TestRun> = fresh
        .iter()
        .copied()
        .filter(|r| covers(cx, r, &Target::Names(names.to_vec())) == Some(true))
        .collect();
    let Some(run) = covering.last().or(fresh.last()) else {
        return Ruling::unverified(Code::NoEvidence, &[]);
    };
    let seqs = [run.seq];
    if names.iter().any(|n| run.fails(n)) {
        return Ruling::contradicted(Code::FreshFail, &seqs);
    }
    let listed =
        run.summary.as_ref().is_some_and(|s| s.failing.len() as u64 >= s.failed + s.errors && s.passed > 0);
    match run.outcome {
        Outcome::Passed if covering.is_empty() => Ruling::unverified(Code::PartialScope, &seqs),
        Outcome::Passed
            if names.iter().any(|n| is_skipped(cx, n)) && !names.iter().any(|n| run.passes(n)) =>
        {
            Ruling::unverified(Code::ZeroTests, &seqs)
        }
        Outcome::Passed => named_count(cx, a, names, run),
        Outcome::Failed if names.iter().all(|n| run.passes(n)) || listed => {
            Ruling::verified(Code::OutputDecides, &seqs)
        }
        Outcome::Failed if run.summary.is_none() || covering.is_empty() => {
            Ruling::unverified(Code::NoEvidence, &seqs)
        }
        Outcome::Failed => Ruling::unverified(Code::FreshFail, &seqs),
        other => no_result(other, a, &figures(cx, a), &seqs),
    }
}

fn is_skipped(cx: &Context, name: &str) -> bool {
    cx.facts.tests_after.iter().any(|(_, t)| t.name == name && t.skipped)
}

/// "Both new tests pass": the number counts the tests named, or the run.
fn named_count(cx: &Context, a: &Assertion, names: &[String], run: &TestRun) -> Ruling {
    let figures = figures(cx, a);
    let counted = figures.passed.is_none_or(|n| n == names.len() as u64)
        || run.summary.as_ref().is_some_and(|s| figures.agree(s));
    if counted {
        Ruling::verified(pass_code(run), &[run.seq])
    } else {
        Ruling::contradicted(Code::CountMismatch, &[run.seq])
    }
}

fn pass_code(run: &TestRun) -> Code {
    if run.masked { Code::OutputDecides } else { Code::FreshPass }
}

fn no_result(outcome: Outcome, _a: &Assertion, figures: &Figures, seqs: &[u64]) -> Ruling {
    match outcome {
        Outcome::Empty if figures.passed.is_some_and(|n| n > 0) => {
            Ruling::contradicted(Code::ZeroTests, seqs)
        }
        Outcome::Empty => Ruling::unverified(Code::ZeroTests, seqs),
        Outcome::Masked => Ruling::unverified(Code::MaskedExit, seqs),
        _ => Ruling::unverified(Code::TimedOut, seqs),
    }
}

fn by_scope(cx: &Context, a: &Assertion, fresh: &[&TestRun], target: &Target) -> Ruling {
    let latest = latest_per_scope(fresh);
    let failed: Vec<u64> = latest.iter().filter(|r| r.outcome == Outcome::Failed).map(|r| r.seq).collect();
    let figures = figures(cx, a);
    if !failed.is_empty() {
        return failing(&latest, &figures, &failed, a, cx);
    }
    let full: Vec<&TestRun> =
        latest.iter().copied().filter(|r| covers(cx, r, target) == Some(true)).collect();
    let joint = *target == Target::All && full.is_empty() && together_whole(cx, &latest)
        || summed(&latest, &figures) && full.is_empty();
    let deciding: Vec<&TestRun> = if joint { latest.clone() } else { full };
    let seqs: Vec<u64> = deciding.iter().map(|r| r.seq).collect();
    let Some(last) = deciding.last() else { return partial(cx, &latest, a, &figures) };
    if let Some(bad) = deciding.iter().find(|r| r.outcome != Outcome::Passed && (joint || r.seq == last.seq))
    {
        return no_result(bad.outcome, a, &figures, &[bad.seq]);
    }
    counted(&deciding, last, &figures, &seqs, a, cx)
}

/// Runs in different directories add up to the number that is claimed.
fn summed(latest: &[&TestRun], figures: &Figures) -> bool {
    let mut dirs: Vec<&str> = latest.iter().map(|r| r.dir.as_str()).collect();
    dirs.sort_unstable();
    dirs.dedup();
    let whole = latest.iter().all(|r| r.scope == crate::claim::record::Scope::Whole);
    figures.passed.is_some() && dirs.len() > 1 && whole && sum(latest).is_some_and(|s| figures.agree(&s))
}

fn failing(latest: &[&TestRun], figures: &Figures, failed: &[u64], a: &Assertion, cx: &Context) -> Ruling {
    let told = figures.failed.is_some_and(|n| n > 0)
        || cx.lexicon.has(Cue::Fail, &a.masked) && !cx.lexicon.has(Cue::NoFail, &a.masked)
        || figures.total > figures.passed && figures.passed.is_some() && figures.total.is_some();
    let agree = latest.iter().filter_map(|r| r.summary.as_ref()).any(|s| figures.any() && figures.agree(s));
    let rest = says(
        &a.masked,
        "remaining|the rest|other|übrig|restlich|ander|autres|restants|reste|demás|resto|otras|otros|残り|他の|其余|其他|剩余",
    );
    let passed = latest.iter().filter_map(|r| r.summary.as_ref()).find(|s| s.passed > 0);
    let counted = passed.is_some_and(|s| s.counted && figures.passed.is_none_or(|n| n == s.passed));
    let exact = passed.is_some_and(|s| s.counted && figures.passed == Some(s.passed)) && !cx.has(a, Cue::All);
    if told && agree || rest && counted || exact && discloses_failure(cx) {
        Ruling::verified(Code::CountMatch, failed)
    } else {
        Ruling::contradicted(Code::FreshFail, failed)
    }
}

fn partial(cx: &Context, latest: &[&TestRun], a: &Assertion, figures: &Figures) -> Ruling {
    let seqs: Vec<u64> = latest.iter().map(|r| r.seq).collect();
    let Some(last) = latest.last() else { return Ruling::unverified(Code::NoEvidence, &[]) };
    if last.outcome != Outcome::Passed {
        return no_result(last.outcome, a, figures, &seqs);
    }
    let left_out = figures.skipped.is_some_and(|n| n > 0) && !cx.has(a, Cue::All);
    if left_out && last.summary.as_ref().is_some_and(|s| s.counted && figures.agree(s)) {
        return Ruling::verified(Code::CountMatch, &seqs);
    }
    let agree = last.summary.as_ref().is_none_or(|s| !s.counted || figures.agree(s))
        || sum(latest).is_some_and(|s| figures.agree(&s));
    if figures.any() && !agree {
        Ruling::contradicted(Code::CountMismatch, &seqs)
    } else {
        Ruling::unverified(Code::PartialScope, &seqs)
    }
}

fn counted(
    deciding: &[&TestRun],
    last: &TestRun,
    figures: &Figures,
    seqs: &[u64],
    a: &Assertion,
    cx: &Context,
) -> Ruling {
    if !figures.any() {
        return Ruling::verified(pass_code(last), seqs);
    }
    let known = deciding.iter().all(|r| r.summary.as_ref().is_some_and(|s| s.counted));
    if !known {
        let zero_failures = figures.failed == Some(0)
            && figures.passed.is_none()
            && figures.total.is_none()
            && figures.skipped.is_none();
        return if zero_failures {
            Ruling::verified(pass_code(last), seqs)
        } else {
            Ruling::unverified(Code::Truncated, seqs)
        };
    }
    let single = deciding.iter().any(|r| {
        r.summary.as_ref().is_some_and(|s| figures.agree(s) && (r.seq == last.seq || !is_same_suite(r, last)))
    });
    let all = sum(deciding).is_some_and(|s| figures.agree(&s));
    let _ = (a, cx);
    if single || all {
        Ruling::verified(if last.masked { Code::OutputDecides } else { Code::CountMatch }, seqs)
    } else {
        Ruling::contradicted(Code::CountMismatch, seqs)
    }
}

fn is_same_suite(a: &TestRun, b: &TestRun) -> bool {
    a.dir == b.dir && a.scope == b.scope
}

fn sum(runs: &[&TestRun]) -> Option<Summary> {
    let mut out = Summary { counted: true, ..Summary::default() };
    for run in runs {
        out.add(run.summary.clone()?);
    }
    Some(out)
}

/// Of runs with the same scope the last one counts.
fn latest_per_scope<'r, 'a>(runs: &[&'r TestRun<'a>]) -> Vec<&'r TestRun<'a>> {
    let later = |i: usize, r: &TestRun| {
        runs.iter().skip(i + 1).any(|l| {
            is_same_suite(l, r) && l.runner == r.runner
                || l.dir == r.dir
                    && l.scope == crate::claim::record::Scope::Whole
                    && l.outcome != Outcome::Empty
                    && l.runner == r.runner
        })
    };
    runs.iter().enumerate().filter(|(i, r)| !later(*i, r)).map(|(_, r)| *r).collect()
}

/// Whether tests fail, as an honest report says.
pub(super) fn failed(cx: &Context, a: &Assertion) -> Ruling {
    let runs = started(cx);
    let target = target(cx, a);
    let about: Vec<&TestRun> = runs.iter().copied().filter(|r| covers(cx, r, &target).is_some()).collect();
    let fresh: Vec<&TestRun> =
        about.iter().copied().filter(|r| r.version == cx.facts.record.version).collect();
    if says(
        &a.masked,
        "reproduc|ていた|before|earlier|beforehand|used to|zuvor|vorher|davor|auparavant|antes |之前|以前|saw |one run|runs out of|run out of|of the runs|at first|initially|failed first|fail first|zunächst|zuerst|d’abord|d'abord|primero|al principio|最初|起初|当初",
    ) {
        let red = about.iter().find(|r| r.outcome == Outcome::Failed);
        return red.map_or(Ruling::contradicted(Code::ObservedDiffers, &[]), |r| {
            Ruling::verified(Code::Observed, &[r.seq])
        });
    }
    let Some(last) = fresh.last() else {
        let seqs: Vec<u64> = about.iter().map(|r| r.seq).collect();
        return match (about.is_empty(), says_run(cx, a)) {
            (true, true) => Ruling::contradicted(Code::NotRun, &[]),
            (true, false) => Ruling::unverified(Code::NoEvidence, &[]),
            _ => Ruling::unverified(Code::Stale, &seqs),
        };
    };
    let figures = figures(cx, a);
    let failing: Vec<&TestRun> =
        latest_per_scope(&fresh).into_iter().filter(|r| r.outcome == Outcome::Failed).collect();
    if let Target::Names(names) = &target {
        let hit = failing.iter().find(|r| names.iter().all(|n| r.fails(n)) || r.failing().is_empty());
        return match (hit, last.outcome) {
            (Some(run), _) => Ruling::verified(Code::FreshFail, &[run.seq]),
            (None, Outcome::Passed | Outcome::Failed) => Ruling::contradicted(Code::FreshPass, &[last.seq]),
            _ => Ruling::unverified(Code::NoEvidence, &[last.seq]),
        };
    }
    match failing.last() {
        Some(run) => {
            let agree =
                run.summary.as_ref().is_none_or(|s| !figures.any() || figures_of_failure(&figures).agree(s));
            if agree {
                Ruling::verified(Code::FreshFail, &[run.seq])
            } else {
                Ruling::contradicted(Code::CountMismatch, &[run.seq])
            }
        }
        None if last.outcome == Outcome::Passed && is_whole(cx, last) => {
            Ruling::contradicted(Code::FreshPass, &[last.seq])
        }
        None => Ruling::unverified(Code::NoEvidence, &[last.seq]),
    }
}

/// "Two tests still fail": a lone number counts failures.
fn figures_of_failure(figures: &Figures) -> Figures {
    let alone = figures.failed.is_none();
    Figures {
        passed: if alone { None } else { figures.passed },
        failed: if alone { figures.passed } else { figures.failed },
        skipped: figures.skipped,
        total: figures.total,
        assertions: figures.assertions,
    }
}
