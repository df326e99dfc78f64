//! `ExUnit`: `2 doctests, 5 tests, 1 failure, 1 skipped`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let mut failing = Vec::new();
    for line in output.lines() {
        let tests = count(line, "tests").or(count(line, "test"));
        let failed = count(line, "failures").or(count(line, "failure"));
        if let (Some(tests), Some(failed), true) =
            (tests, failed, line.starts_with(|c: char| c.is_ascii_digit()))
        {
            let more = count(line, "doctests").or(count(line, "doctest")).unwrap_or(0)
                + count(line, "properties").unwrap_or(0);
            let (skipped, deselected) =
                (count(line, "skipped").unwrap_or(0), count(line, "excluded").unwrap_or(0));
            let errors = count(line, "invalid").unwrap_or(0);
            let passed = (tests + more).saturating_sub(failed + skipped + deselected + errors);
            summary = Some(Summary {
                passed,
                failed,
                errors,
                skipped,
                deselected,
                counted: true,
                ..Summary::default()
            });
        } else if line.contains("There are no tests to run") {
            summary = Some(Summary { counted: true, ..Summary::default() });
        } else if let Some((_, name)) = line.trim_start().split_once(") test ") {
            failing.push(name.split(" (").next().unwrap_or(name).to_owned());
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}
