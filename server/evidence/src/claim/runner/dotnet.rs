//! `dotnet test`: `Passed!  - Failed: 0, Passed: 5, Skipped: 0, Total: 5`, or `Passed: 5` in the long form.

use super::Summary;
use super::text::after;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    let mut long = Summary::default();
    for line in output.lines() {
        let trimmed = line.trim_start();
        if trimmed.contains("Failed:") && trimmed.contains("Passed:") {
            let number = |w: &str| after(trimmed, w).unwrap_or(0);
            let found = Summary {
                passed: number("Passed:"),
                failed: number("Failed:"),
                skipped: number("Skipped:"),
                counted: true,
                ..Summary::default()
            };
            match &mut summary {
                Some(sum) => sum.add(found),
                None => summary = Some(found),
            }
        } else if trimmed.starts_with("Total tests:") {
            long.counted = true;
        } else if let (true, Some(n)) =
            (long.counted && trimmed.starts_with("Passed:"), after(trimmed, "Passed:"))
        {
            long.passed = n;
        } else if let (true, Some(n)) =
            (long.counted && trimmed.starts_with("Failed:"), after(trimmed, "Failed:"))
        {
            long.failed = n;
        } else if let (true, Some(n)) =
            (long.counted && trimmed.starts_with("Skipped:"), after(trimmed, "Skipped:"))
        {
            long.skipped = n;
        } else if line.contains("No test is available") || line.contains("No test matches") {
            summary = summary.or(Some(Summary { counted: true, ..Summary::default() }));
        } else if let Some(name) = trimmed.strip_prefix("Failed ") {
            failing.push(name.split_whitespace().next().unwrap_or_default().to_owned());
        } else if let Some(name) = trimmed.strip_prefix("Passed ") {
            passing.push(name.split_whitespace().next().unwrap_or_default().to_owned());
        }
    }
    let mut summary = summary.or(long.counted.then_some(long))?;
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
