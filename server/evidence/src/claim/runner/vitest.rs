//! vitest: `Tests  1 failed | 2 passed (3)`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let (mut files_failed, mut errors) = (0, 0);
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed
            .strip_prefix("Tests ")
            .map(str::trim)
            .filter(|r| r.ends_with(')') || r.starts_with("no tests"))
        {
            summary = Some(Summary {
                passed: count(rest, "passed").unwrap_or(0),
                failed: count(rest, "failed").unwrap_or(0),
                skipped: count(rest, "skipped").unwrap_or(0) + count(rest, "todo").unwrap_or(0),
                counted: true,
                ..Summary::default()
            });
        } else if let Some(rest) = trimmed.strip_prefix("Test Files ") {
            files_failed = count(rest, "failed").unwrap_or(0);
        } else if let Some(rest) = trimmed.strip_prefix("Errors ") {
            errors = count(rest, "error").or(count(rest, "errors")).unwrap_or(0);
        } else if line.starts_with("No test files found") {
            summary = Some(Summary { counted: true, ..Summary::default() });
        } else if let Some(name) = trimmed.strip_prefix("✓ ") {
            passing.push(last_part(name));
        } else if let Some(name) = trimmed.strip_prefix("× ").or_else(|| trimmed.strip_prefix("FAIL ")) {
            failing.push(last_part(name));
        }
    }
    let mut summary: Summary = summary?;
    summary.errors = if summary.failed == 0 { files_failed + errors } else { errors };
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}

fn last_part(name: &str) -> String {
    let name = name.rsplit(" > ").next().unwrap_or(name).trim();
    let end = name
        .rsplit_once(' ')
        .filter(|(_, t)| t.ends_with("ms") && t.starts_with(|c: char| c.is_ascii_digit()));
    end.map_or(name, |(n, _)| n).to_owned()
}
