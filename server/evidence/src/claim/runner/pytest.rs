//! pytest: `=== 1 failed, 2 passed, 1 skipped in 0.03s ===`.

use super::Summary;
use super::text::{count, word};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        if let Some(found) = summary_line(line) {
            summary = Some(found);
        }
        if let Some(rest) = line.strip_prefix("FAILED ").or_else(|| line.strip_prefix("ERROR ")) {
            failing.push(word(rest));
        } else if let Some((name, _)) = line.split_once(" PASSED") {
            passing.push(name.trim().to_owned());
        } else if let Some((name, _)) = line.split_once(" FAILED").filter(|(n, _)| n.contains("::")) {
            failing.push(name.trim().to_owned());
        }
    }
    let mut summary = summary?;
    failing.dedup();
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}

fn summary_line(line: &str) -> Option<Summary> {
    let body = line.trim().trim_matches('=').trim();
    let body = body
        .split_once(" in ")
        .filter(|(_, time)| time.contains('s') && time.starts_with(|c: char| c.is_ascii_digit()))?
        .0;
    if body.ends_with("no tests ran") {
        return Some(Summary { counted: true, ..Summary::default() });
    }
    if !body.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = |w: &str| count(body, w);
    let passed = number("passed").or(number("xpassed"));
    let known = [
        passed,
        number("failed"),
        number("error"),
        number("errors"),
        number("skipped"),
        number("deselected"),
        number("xfailed"),
    ];
    known.iter().any(Option::is_some).then(|| Summary {
        passed: number("passed").unwrap_or(0) + number("xpassed").unwrap_or(0),
        failed: number("failed").unwrap_or(0),
        errors: number("error").or(number("errors")).unwrap_or(0),
        skipped: number("skipped").unwrap_or(0) + number("xfailed").unwrap_or(0),
        deselected: number("deselected").unwrap_or(0),
        counted: true,
        ..Summary::default()
    })
}
