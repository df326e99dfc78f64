//! Gradle: counts only when something fails; success is `BUILD SUCCESSFUL` with an executed test task.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let (mut outcome, mut executed, mut reused) = (None, false, false);
    let (mut tasks, mut reused_all) = (false, false);
    let mut failing = Vec::new();
    let mut passing = Vec::new();
    let mut counts = None;
    for line in output.lines() {
        tasks |= line.starts_with("> Task ");
        reused_all |= line.contains("actionable task") && !line.contains("executed");
        if let Some(total) = count(line, "tests completed").or(count(line, "test completed")) {
            let failed = count(line, "failed").unwrap_or(0);
            let skipped = count(line, "skipped").unwrap_or(0);
            counts = Some(Summary {
                passed: total.saturating_sub(failed + skipped),
                failed,
                skipped,
                counted: true,
                ..Summary::default()
            });
        } else if line.starts_with("BUILD SUCCESSFUL") {
            outcome = Some(true);
        } else if line.starts_with("BUILD FAILED") {
            outcome = Some(false);
        } else if let Some(task) = line
            .strip_prefix("> Task ")
            .filter(|t| t.split_whitespace().next().is_some_and(|n| n.to_lowercase().ends_with("test")))
        {
            let idle = ["UP-TO-DATE", "FROM-CACHE", "NO-SOURCE", "SKIPPED"].iter().any(|w| task.ends_with(w));
            reused |= idle;
            executed |= !idle;
        } else if line.ends_with(" FAILED") && line.contains(" > ") {
            failing.extend(
                line.trim_end_matches(" FAILED")
                    .rsplit(" > ")
                    .next()
                    .map(|n| n.trim_end_matches("()").to_owned()),
            );
        } else if line.ends_with(" PASSED") && line.contains(" > ") {
            passing.extend(
                line.trim_end_matches(" PASSED")
                    .rsplit(" > ")
                    .next()
                    .map(|n| n.trim_end_matches("()").to_owned()),
            );
        }
    }
    if let Some(mut summary) = counts {
        (summary.failing, summary.passing) = (failing, passing);
        return Some(summary);
    }
    match outcome? {
        false if !failing.is_empty() => {
            Some(Summary { failed: failing.len() as u64, failing, passing, ..Summary::default() })
        }
        true if !passing.is_empty() => {
            Some(Summary { passed: passing.len() as u64, counted: true, passing, ..Summary::default() })
        }
        true if executed => Some(Summary::default()),
        true if !tasks && !reused_all => Some(Summary::default()),
        true if reused => Some(Summary { counted: true, ..Summary::default() }),
        _ => None,
    }
}
