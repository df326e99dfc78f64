//! Maven Surefire: the last `Tests run: 5, Failures: 0, Errors: 0, Skipped: 1` of each module.

use super::Summary;
use super::text::after;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let mut failing = Vec::new();
    for line in output.lines() {
        let body = line.find("Tests run:").and_then(|at| line.get(at..)).unwrap_or_default();
        if !body.is_empty() && !line.contains("Time elapsed") && !line.contains(" -- in ") {
            let number = |w: &str| after(body, w).unwrap_or(0);
            let (failed, errors, skipped) = (number("Failures:"), number("Errors:"), number("Skipped:"));
            let passed = number("Tests run:").saturating_sub(failed + errors + skipped);
            let found = Summary { passed, failed, errors, skipped, counted: true, ..Summary::default() };
            match &mut summary {
                Some(sum) => sum.add(found),
                None => summary = Some(found),
            }
        } else if line.contains("No tests to run") {
            summary = summary.or(Some(Summary { counted: true, ..Summary::default() }));
        } else if line.starts_with("[ERROR]") && line.contains("<<< ") {
            failing.extend(line.split_whitespace().nth(1).map(str::to_owned));
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}
