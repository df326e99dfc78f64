//! `node --test` and TAP: `# pass 2`, `# fail 0` (or `ℹ pass 2`); otherwise `ok` and `not ok` lines under a plan.

use super::Summary;
use super::text::after;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut totals: [Option<u64>; 5] = [None; 5];
    let words = ["pass ", "fail ", "skipped ", "todo ", "cancelled "];
    let mut lines = Summary { counted: true, ..Summary::default() };
    let mut planned = None;
    for line in output.lines() {
        if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            for (word, total) in words.iter().zip(totals.iter_mut()) {
                if rest.starts_with(word) {
                    *total = after(rest, word);
                }
            }
        } else if let Some(rest) = line.strip_prefix("1..") {
            planned = rest.split_whitespace().next().and_then(|n| n.parse::<u64>().ok());
        } else {
            result(line, &mut lines);
        }
    }
    if let [Some(passed), failed, skipped, todo, cancelled] = totals {
        let failed = failed.unwrap_or(0) + cancelled.unwrap_or(0);
        return Some(Summary { passed, failed, skipped: skipped.unwrap_or(0) + todo.unwrap_or(0), ..lines });
    }
    let planned = planned?;
    let seen = lines.total();
    lines.errors += planned.saturating_sub(seen);
    Some(lines)
}

fn result(line: &str, sum: &mut Summary) {
    let trimmed = line.trim_start();
    if let Some(name) = trimmed.strip_prefix("✔ ") {
        sum.passing.push(name.split(" (").next().unwrap_or(name).to_owned());
    } else if let Some(name) = trimmed.strip_prefix("✖ ") {
        sum.failing.push(name.split(" (").next().unwrap_or(name).to_owned());
    }
    let nested = line.starts_with(' ');
    let name = |rest: &str| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-')).to_owned()
    };
    if let Some(rest) = trimmed.strip_prefix("not ok ") {
        sum.failed += u64::from(!nested && !rest.contains("# TODO"));
        sum.failing.push(name(rest));
    } else if let Some(rest) = trimmed.strip_prefix("ok ") {
        let skipped = rest.to_ascii_lowercase().contains("# skip");
        sum.skipped += u64::from(!nested && skipped);
        sum.passed += u64::from(!nested && !skipped);
        sum.passing.push(name(rest));
    }
}
