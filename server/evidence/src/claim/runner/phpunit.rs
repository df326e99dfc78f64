//! `PHPUnit`: `OK (5 tests, 9 assertions)` or `Tests: 5, Assertions: 9, Failures: 1.`

use super::Summary;
use super::text::{after, count};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let mut failing = Vec::new();
    for line in output.lines() {
        if line.starts_with("OK (") {
            let passed = count(line, "tests").or(count(line, "test")).unwrap_or(0);
            let assertions = count(line, "assertions").or(count(line, "assertion"));
            summary = Some(Summary { passed, assertions, counted: true, ..Summary::default() });
        } else if line.starts_with("Tests: ") && line.contains("Assertions: ") {
            let number = |w: &str| after(line, w).unwrap_or(0);
            let (failed, errors) = (number("Failures: "), number("Errors: "));
            let skipped = number("Skipped: ") + number("Incomplete: ");
            let passed = number("Tests: ").saturating_sub(failed + errors + skipped);
            let assertions = after(line, "Assertions: ");
            summary = Some(Summary {
                passed,
                failed,
                errors,
                skipped,
                assertions,
                counted: true,
                ..Summary::default()
            });
        } else if line.starts_with("No tests executed") {
            summary = Some(Summary { counted: true, ..Summary::default() });
        } else if let Some((number, name)) =
            line.split_once(") ").filter(|(n, _)| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
        {
            debug_assert!(!number.is_empty());
            failing.push(name.split_whitespace().next().unwrap_or(name).to_owned());
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}
