//! jest: `Tests:       1 failed, 2 skipped, 3 passed, 6 total`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let mut suites_failed = 0;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("Tests:").filter(|r| r.contains(" total")) {
            summary = Some(Summary {
                passed: count(rest, "passed").unwrap_or(0),
                failed: count(rest, "failed").unwrap_or(0),
                skipped: count(rest, "skipped").unwrap_or(0)
                    + count(rest, "todo").unwrap_or(0)
                    + count(rest, "pending").unwrap_or(0),
                counted: true,
                ..Summary::default()
            });
        } else if let Some(rest) = trimmed.strip_prefix("Test Suites:") {
            suites_failed = count(rest, "failed").unwrap_or(0);
        } else if line.starts_with("No tests found") {
            summary = Some(Summary { counted: true, ..Summary::default() });
        } else if let Some(name) = trimmed.strip_prefix("✓ ").or_else(|| trimmed.strip_prefix("√ ")) {
            passing.push(without_time(name));
        } else if let Some(name) = trimmed.strip_prefix("✕ ").or_else(|| trimmed.strip_prefix("● ")) {
            failing.push(without_time(name));
        }
    }
    let mut summary: Summary = summary?;
    if suites_failed > 0 && summary.failed == 0 {
        summary.errors = suites_failed;
    }
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}

fn without_time(name: &str) -> String {
    let name = name.rsplit(" › ").next().unwrap_or(name);
    name.rsplit_once(" (").filter(|(_, t)| t.ends_with("s)")).map_or(name, |(n, _)| n).trim().to_owned()
}
