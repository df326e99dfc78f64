//! `CTest`: `100% tests passed, 0 tests failed out of 3`.

use super::Summary;
use super::text::{after, count};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        if let Some(total) = after(line, "failed out of ") {
            let failed = count(line, "tests failed").or(count(line, "test failed")).unwrap_or(0);
            summary = Some(Summary {
                passed: total.saturating_sub(failed),
                failed,
                counted: true,
                ..Summary::default()
            });
        } else if line.contains("No tests were found") {
            summary = Some(Summary { counted: true, ..Summary::default() });
        } else if let Some(rest) =
            line.split_once("Test ").and_then(|(_, r)| r.split_once(": ")).map(|(_, r)| r)
        {
            let name = rest.split_whitespace().next().unwrap_or_default().trim_end_matches('.').to_owned();
            if rest.contains("Passed") {
                passing.push(name);
            } else if rest.contains("***") {
                failing.push(name);
            }
        }
    }
    let mut summary = summary?;
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
