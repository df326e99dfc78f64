//! A finished task for people and for programs: steps, changes with citations, JSON.
//!
//! Invariants
//! - Every changed line stands under the steps that made it.
//! - The JSON form is stable (`version` counts); docs/protocol.md describes it.

use std::fmt::Write;

use serde_json::{Value, json};

use vouchsafe_evidence::log::Verdict;

use super::output::Paint;
use crate::agent::{CheckedClaim, Finished, StepInfo, tier_in_words};
use crate::review::{Citation, FileChange, Hunk, ProposedFile, SplitLines as _, sentence};

/// Lines shown around a change.
const CONTEXT: usize = 2;

/// The commands that ran, one line each.
pub(super) fn steps(paint: Paint, steps: &[StepInfo]) -> String {
    let mut out = String::new();
    for step in steps {
        let mark = if step.failed() { paint.bad("✗") } else { paint.good("✓") };
        _ = writeln!(out, "  {mark} step {}  {}", step.seq, step.summary());
        for denial in &step.denials {
            _ = writeln!(out, "      {}", paint.dim(denial));
        }
    }
    out
}

/// The claims with their verdicts, one line each, and the tests that say less than before.
pub(super) fn claims(paint: Paint, finished: &Finished) -> String {
    let mut out = String::new();
    for CheckedClaim { claim, .. } in &finished.claims {
        let (mark, word) = match claim.verdict {
            Verdict::Verified => (paint.good("✓"), "verified"),
            Verdict::Unverified => (paint.dim("?"), "unverified"),
            Verdict::Contradicted => (paint.bad("✗"), "contradicted"),
        };
        let quote: Vec<_> = claim.quote.split_whitespace().collect();
        _ = writeln!(out, "  {mark} {word}: “{}”. {}", quote.join(" "), paint.dim(&claim.because));
    }
    for test in &finished.weakened {
        let (test, how, path) = (&test.test, test.how, &test.path);
        _ = writeln!(out, "  {} the test `{test}` in {path} {how}", paint.bad("!"));
    }
    for (path, risky) in &finished.risky {
        _ = writeln!(out, "  {} {path}:{} {} ({})", paint.bad("!"), risky.line, risky.does, risky.saw);
    }
    out
}

/// The changes as a diff, each hunk under its citations.
pub(super) fn changes(paint: Paint, finished: &Finished) -> String {
    let mut out = String::new();
    let mut path = None;
    for file in &finished.proposal.files {
        if path != Some(&file.path) {
            _ = writeln!(out, "{}", paint.bold(&file.path.to_string()));
            path = Some(&file.path);
        }
        match (&file.change, &file.whole) {
            (FileChange::Text(change), _) => {
                let before: Vec<_> = change.before.split_lines().collect();
                change.hunks.iter().for_each(|hunk| show_hunk(&mut out, paint, hunk, &before, finished));
            }
            (_, Some(whole)) => {
                _ = writeln!(out, "  {}", paint.cited(&cited(finished, &whole.citations)));
                _ = writeln!(out, "  {}", sentence(file));
            }
            (_, None) => {}
        }
    }
    out
}

fn show_hunk(out: &mut String, paint: Paint, hunk: &Hunk, before: &[&str], finished: &Finished) {
    let (start, end) = (hunk.base.start as usize, hunk.base.end as usize);
    _ = writeln!(
        out,
        "  {}",
        paint.cited(&format!("@@ line {} {}", start + 1, cited(finished, &hunk.citations)))
    );
    let context = |range: std::ops::Range<usize>, out: &mut String| {
        for line in before.get(range).unwrap_or_default() {
            _ = writeln!(out, "   {}", paint.dim(shown(line)));
        }
    };
    context(start.saturating_sub(CONTEXT)..start, out);
    for line in hunk.old.iter() {
        _ = writeln!(out, "  {}", paint.removed(&format!("-{}", shown(line))));
    }
    for line in hunk.new.iter() {
        _ = writeln!(out, "  {}", paint.added(&format!("+{}", shown(line))));
    }
    context(end..(end + CONTEXT).min(before.len()), out);
}

/// A line for a terminal: no terminator, nothing that could move the cursor.
fn shown(line: &str) -> &str {
    line.trim_end_matches(['\n', '\r'])
}

/// `[step 2: cargo fix → exit code 0]`
pub(super) fn cited(finished: &Finished, citations: &[Citation]) -> String {
    let found = citations.iter().filter_map(|cite| finished.steps.iter().find(|step| step.seq == cite.step));
    let shown: Vec<_> = found.map(|step| format!("step {}: {}", step.seq, step.cited())).collect();
    format!("[{}]", shown.join("; "))
}

/// The stable JSON form.
pub(super) fn json(finished: &Finished, applied: bool) -> Value {
    json!({
        "version": 1,
        "task": finished.task,
        "outcome": finished.outcome,
        "confined_by": finished.tier.map(tier_in_words),
        "steps": finished.steps.iter().map(|step| json_step(step, false))
            .chain(finished.checks.iter().map(|step| json_step(step, true))).collect::<Vec<_>>(),
        "files": finished.proposal.files.iter().map(json_file).collect::<Vec<_>>(),
        "claims": finished.claims.iter().map(|checked| json!({ "step": checked.seq, "claim": checked.claim }))
            .collect::<Vec<_>>(),
        "weakened_tests": finished.weakened.iter().map(|test| json!({
            "path": test.path, "test": test.test, "lines": test.lines, "what": test.how,
        })).collect::<Vec<_>>(),
        "risky": finished.risky.iter().map(|(path, one)| json!({
            "path": path, "line": one.line, "does": one.does, "saw": one.saw,
        })).collect::<Vec<_>>(),
        "answer": finished.answer.as_ref().map(super::answer::json),
        "suspicions": finished.suspicions.iter().map(|one| json!({
            "path": one.path, "line": one.line, "sign": one.rule, "text": one.text,
        })).collect::<Vec<_>>(),
        "lost": finished.lost,
        "too_large": finished.too_large,
        "lacks": finished.lacks,
        "ignored_written": finished.ignored_written,
        "record": finished.record,
        "applied": applied,
    })
}

fn json_step(step: &StepInfo, check: bool) -> Value {
    json!({
        "step": step.seq,
        "command": step.shown,
        "exit": step.exit,
        "because": step.because,
        "seconds": step.duration.as_secs_f64(),
        "denials": step.denials,
        "check": check,
        "line": step.heading,
    })
}

fn json_file(file: &ProposedFile) -> Value {
    let hunks = match (&file.change, &file.whole) {
        (FileChange::Text(change), _) => change.hunks.iter().map(|hunk| json_hunk(hunk, file)).collect(),
        (_, Some(whole)) => vec![json!({
            "id": whole.id,
            "cites": steps_of(&whole.citations),
            "by_itself": file.restriction(whole.id.hunk),
        })],
        (_, None) => Vec::new(),
    };
    json!({
        "path": file.path,
        "stands_at": file.stands_at,
        "change": kind(&file.change),
        "what": sentence(file),
        "by_itself": file.protected,
        "hunks": hunks,
    })
}

const fn kind(change: &FileChange) -> &'static str {
    match change {
        FileChange::Text(_) => "text",
        FileChange::Create(_) => "create",
        FileChange::Delete(_) => "delete",
        FileChange::Rename { .. } => "rename",
        FileChange::Binary { .. } => "binary",
        FileChange::Mode { .. } => "mode",
        FileChange::Symlink { .. } => "symlink",
        FileChange::Replace { .. } => "replace",
    }
}

fn steps_of(citations: &[Citation]) -> Vec<u32> {
    citations.iter().map(|cite| cite.step).collect()
}

fn json_hunk(hunk: &Hunk, file: &ProposedFile) -> Value {
    json!({
        "id": hunk.id,
        "line": hunk.base.start + 1,
        "old": hunk.old.text(),
        "new": hunk.new.text(),
        "cites": steps_of(&hunk.citations),
        "by_itself": file.restriction(hunk.id.hunk),
    })
}
