//! unittest: `Ran 3 tests in 0.001s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=1)`.

use super::Summary;
use super::text::{after, word};

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut ran = None;
    let mut summary = None;
    let mut failing = Vec::new();
    for line in output.lines() {
        if let Some(number) = line.strip_prefix("Ran ").filter(|l| l.contains(" test")) {
            ran = number.split_whitespace().next().and_then(|n| n.parse::<u64>().ok());
        } else if let Some(rest) = line.strip_prefix("FAIL: ").or_else(|| line.strip_prefix("ERROR: ")) {
            failing.push(word(rest));
        } else if line == "OK"
            || line.starts_with("OK (")
            || line.starts_with("FAILED (")
            || line.starts_with("NO TESTS RAN")
        {
            summary = ran.map(|ran| ending(line, ran));
        }
    }
    let mut summary = summary?;
    summary.failing = failing;
    Some(summary)
}

fn ending(line: &str, ran: u64) -> Summary {
    let number = |w: &str| after(line, w).unwrap_or(0);
    let failed = number("failures=") + number("unexpected successes=");
    let errors = number("errors=");
    let skipped = number("skipped=") + number("expected failures=");
    Summary {
        passed: ran.saturating_sub(failed + errors + skipped),
        failed,
        errors,
        skipped,
        counted: true,
        ..Summary::default()
    }
}
