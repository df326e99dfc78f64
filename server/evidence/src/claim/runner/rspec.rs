//! `RSpec`: `5 examples, 1 failure, 1 pending, 1 error occurred outside of examples`.

use super::Summary;
use super::text::{count, word};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary = None;
    let mut failing = Vec::new();
    for line in output.lines() {
        let total = count(line, "examples").or(count(line, "example"));
        let failed = count(line, "failures").or(count(line, "failure"));
        if let (Some(total), Some(failed)) = (total, failed) {
            let skipped = count(line, "pending").unwrap_or(0);
            let errors =
                count(line, "errors occurred outside").or(count(line, "error occurred outside")).unwrap_or(0);
            let passed = total.saturating_sub(failed + skipped);
            summary = Some(Summary { passed, failed, errors, skipped, counted: true, ..Summary::default() });
        } else if let Some(rest) = line.strip_prefix("rspec ") {
            let place = word(rest);
            failing.push(rest.split_once("# ").map_or(place, |(_, n)| n.to_owned()));
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}
