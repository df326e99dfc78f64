//! `cargo nextest`: `Summary [   0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("Summary [") {
            let body = trimmed.split_once("run:").map_or(trimmed, |(_, b)| b);
            summary = Some(Summary {
                passed: count(body, "passed").unwrap_or(0),
                failed: count(body, "failed").unwrap_or(0) + count(body, "timed out").unwrap_or(0),
                errors: count(body, "exec failed").unwrap_or(0),
                skipped: 0,
                deselected: count(body, "skipped").unwrap_or(0),
                counted: true,
                ..Summary::default()
            });
        } else if let Some(name) = trimmed.strip_prefix("PASS [").and_then(|l| l.split_once(']')) {
            passing.extend(name.1.split_whitespace().last().map(str::to_owned));
        } else if let Some(name) = trimmed.strip_prefix("FAIL [").and_then(|l| l.split_once(']')) {
            failing.extend(name.1.split_whitespace().last().map(str::to_owned));
        } else if trimmed.contains("no tests to run") {
            summary = summary.or(Some(Summary { counted: true, ..Summary::default() }));
        }
    }
    let mut summary = summary?;
    failing.sort();
    failing.dedup();
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
