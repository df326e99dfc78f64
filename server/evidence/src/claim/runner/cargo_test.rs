//! `cargo test`: one `test result: ok. 3 passed; 0 failed; …` per test binary.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        if let Some(rest) = line.strip_prefix("test result: ") {
            let found = Summary {
                passed: count(rest, "passed").unwrap_or(0),
                failed: count(rest, "failed").unwrap_or(0),
                skipped: count(rest, "ignored").unwrap_or(0),
                deselected: count(rest, "filtered out").unwrap_or(0),
                counted: true,
                ..Summary::default()
            };
            summary = Some(match summary.take() {
                Some(mut sum) => {
                    sum.add(found);
                    sum
                }
                None => found,
            });
        } else if let Some((name, result)) = line.strip_prefix("test ").and_then(|l| l.split_once(" ... ")) {
            match result.trim() {
                "ok" => passing.push(name.to_owned()),
                "FAILED" => failing.push(name.to_owned()),
                _ => {}
            }
        }
    }
    let mut summary = summary?;
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
