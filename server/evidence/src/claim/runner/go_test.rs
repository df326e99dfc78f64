//! `go test`: one `ok`, `FAIL` or `?` line per package; names and counts only with `-v`.

use super::Summary;

pub(super) fn read(output: &str) -> Option<Summary> {
    let mut packages = 0;
    let (mut ok, mut empty, mut broken) = (0, 0, 0);
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    let mut listed: Vec<(String, bool)> = Vec::new();
    let mut skipped = 0;
    let mut bare = false;
    for line in output.lines() {
        let name = || line.split_whitespace().nth(1).unwrap_or_default().to_owned();
        if line.starts_with("ok  ") || line.starts_with("ok\t") {
            listed.push((name(), !line.contains("[no tests to run]")));
        } else if line.starts_with("FAIL\t") {
            listed.push((name(), false));
        }
        let trimmed = line.trim_start();
        if let Some(name) = trimmed.strip_prefix("--- FAIL: ") {
            failing.push(name.split_whitespace().next().unwrap_or_default().to_owned());
        } else if let Some(name) = trimmed.strip_prefix("--- PASS: ") {
            passing.push(name.split_whitespace().next().unwrap_or_default().to_owned());
        } else if trimmed.starts_with("--- SKIP: ") {
            skipped += 1;
        } else if line.starts_with("ok  ") || line.starts_with("ok\t") {
            packages += 1;
            if line.contains("[no tests to run]") { empty += 1 } else { ok += 1 }
        } else if line.contains("[no test files]") {
            packages += 1;
            empty += 1;
        } else if line.starts_with("FAIL\t") || line.starts_with("panic: ") {
            packages += 1;
            broken += 1;
        } else if line == "PASS" || line == "FAIL" {
            bare = true;
        }
    }
    if packages == 0 && failing.is_empty() && passing.is_empty() && !bare {
        return None;
    }
    let tops = |names: &[String]| names.iter().filter(|n| !n.contains('/')).count() as u64;
    let (passed, failed) = (tops(&passing), tops(&failing));
    let counted = passed > 0 || (ok == 0 && broken == 0 && empty > 0);
    let errors = if failed == 0 { broken } else { 0 };
    Some(Summary {
        passed,
        failed,
        errors,
        skipped,
        counted,
        failing,
        passing,
        packages: listed,
        ..Summary::default()
    })
}
