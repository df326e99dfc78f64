//! `XCTest`: `Executed 5 tests, with 1 failure (0 unexpected)`; Swift Testing: `Test run with 5 tests passed`.

use super::Summary;
use super::text::{after, count};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let mut swift: Option<Summary> = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        if let Some(total) = after(line, "Executed ") {
            let failed = count(line, "failures").or(count(line, "failure")).unwrap_or(0);
            let skipped = count(line, "tests skipped").or(count(line, "test skipped")).unwrap_or(0);
            summary = Some(Summary {
                passed: total.saturating_sub(failed + skipped),
                failed,
                skipped,
                counted: true,
                ..Summary::default()
            });
        } else if let Some(total) = after(line, "Test run with ") {
            let failed =
                count(line, "issues").or(count(line, "issue")).unwrap_or(u64::from(line.contains("failed")));
            swift = Some(Summary {
                passed: total.saturating_sub(failed),
                failed,
                counted: true,
                ..Summary::default()
            });
        } else if let Some(rest) = line.strip_prefix("Test Case '") {
            let name = rest.split('\'').next().unwrap_or_default();
            let name = name.rsplit([' ', '.']).next().unwrap_or(name).trim_end_matches(']').to_owned();
            if rest.contains("' passed") {
                passing.push(name);
            } else if rest.contains("' failed") {
                failing.push(name);
            }
        }
    }
    let mut summary = match (summary, swift) {
        (Some(old), Some(new)) if old.total() == 0 => new,
        (Some(mut old), Some(new)) => {
            old.add(new);
            old
        }
        (old, new) => old.or(new)?,
    };
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
