//! `cargo test`: one `test result: ok. 3 passed; 0 failed; …` per test binary.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let (mut failing, mut passing): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut listing = false;
    for line in output.lines() {
        if line.trim_end() == "failures:" {
            listing = true;
        } else if let Some(name) = line.strip_prefix("    ").filter(|n| listing && is_name(n)) {
            if !failing.iter().any(|f| f == name.trim()) {
                failing.push(name.trim().to_owned());
            }
        } else if line.starts_with("----") || !line.trim().is_empty() && !line.starts_with("test ") {
            listing = false;
        }
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

/// A path of a test, as the list of failures has one on each line.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
}
