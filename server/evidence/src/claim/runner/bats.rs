//! bats: TAP lines, or in its pretty form `3 tests, 1 failure`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let trimmed = line.trim();
        if let Some(failed) =
            count(trimmed, "failures").or(count(trimmed, "failure")).filter(|_| trimmed.contains(" test"))
        {
            let total = count(trimmed, "tests").or(count(trimmed, "test")).unwrap_or(0);
            let skipped = count(trimmed, "skipped").unwrap_or(0);
            let passed = total.saturating_sub(failed + skipped);
            summary = Some(Summary { passed, failed, skipped, counted: true, ..Summary::default() });
        } else if let Some(name) = trimmed.strip_prefix("✓ ") {
            passing.push(name.to_owned());
        } else if let Some(name) = trimmed.strip_prefix("✗ ") {
            failing.push(name.to_owned());
        }
    }
    let Some(mut summary) = summary else { return super::tap::read(output) };
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
