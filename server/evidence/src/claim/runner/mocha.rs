//! mocha: `  3 passing (12ms)`, `  1 failing`, `  2 pending`.

use super::Summary;
use super::text::count;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut summary: Option<Summary> = None;
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    for line in output.lines() {
        let trimmed = line.trim();
        let starts = trimmed.starts_with(|c: char| c.is_ascii_digit());
        if starts && count(trimmed, "passing").is_some() && trimmed.contains("passing") {
            summary = Some(Summary {
                passed: count(trimmed, "passing").unwrap_or(0),
                counted: true,
                ..Summary::default()
            });
        } else if let (true, Some(sum), Some(n)) = (starts, summary.as_mut(), count(trimmed, "failing")) {
            sum.failed = n;
        } else if let (true, Some(sum), Some(n)) = (starts, summary.as_mut(), count(trimmed, "pending")) {
            sum.skipped = n;
        } else if let Some(name) = trimmed.strip_prefix("✔ ").or_else(|| trimmed.strip_prefix("✓ ")) {
            passing.push(name.split(" (").next().unwrap_or(name).to_owned());
        } else if let Some((_, name)) = trimmed
            .split_once(") ")
            .filter(|(n, _)| summary.is_none() && n.chars().all(|c| c.is_ascii_digit()))
        {
            failing.push(name.to_owned());
        }
    }
    let mut summary = summary?;
    (summary.failing, summary.passing) = (failing, passing);
    Some(summary)
}
