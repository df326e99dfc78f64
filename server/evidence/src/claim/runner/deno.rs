//! `deno test`: `ok | 3 passed | 0 failed (12ms)`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let ends = line.starts_with("ok | ") || line.starts_with("FAILED | ") || line.starts_with("error | ");
        if ends && line.contains(" passed") {
            summary = Some(Summary {
                passed: count(line, "passed").unwrap_or(0),
                failed: count(line, "failed").unwrap_or(0),
                skipped: count(line, "ignored").unwrap_or(0),
                deselected: count(line, "filtered out").unwrap_or(0),
                counted: true,
                ..Summary::default()
            });
        } else if let Some((name, result)) = line.split_once(" ... ") {
            if result.starts_with("ok") {
                passing.push(name.trim().to_owned());
            } else if result.starts_with("FAILED") {
                failing.push(name.trim().to_owned());
            }
        }
    }
    let mut summary = summary?;
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
