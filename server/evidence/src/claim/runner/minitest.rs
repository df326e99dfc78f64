//! minitest: `5 runs, 9 assertions, 1 failures, 0 errors, 0 skips`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let mut failing = Vec::new();
    let mut lines = output.lines().peekable();
    while let Some(line) = lines.next() {
        let total = count(line, "runs").or(count(line, "tests"));
        if let (Some(total), Some(assertions), Some(failed)) =
            (total, count(line, "assertions"), count(line, "failures"))
        {
            let (errors, skipped) = (count(line, "errors").unwrap_or(0), count(line, "skips").unwrap_or(0));
            let passed = total.saturating_sub(failed + errors + skipped);
            summary = Some(Summary {
                passed,
                failed,
                errors,
                skipped,
                assertions: Some(assertions),
                counted: true,
                ..Summary::default()
            });
        } else if line.trim_end().ends_with("Failure:") || line.trim_end().ends_with("Error:") {
            let next = lines.peek().and_then(|n| n.split([' ', ':', '[']).find(|w| w.contains("test_")));
            failing.extend(next.map(|n| n.rsplit('#').next().unwrap_or(n).to_owned()));
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}
