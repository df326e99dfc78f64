//! JUnit reports: `<testsuite tests="5" failures="1" errors="0" skipped="1">`, as most runners can write.
//!
//! Invariants
//! - Only the outermost suites count, so that nested ones are not counted twice.
//! - Reads attributes alone; no entity is expanded and nothing is loaded.

use super::Summary;

/// The sums of a report's suites; none if it is no such report.
pub(crate) fn read(text: &str) -> Option<Summary> {
    let mut sum = Summary { counted: true, ..Summary::default() };
    let (mut depth, mut found) = (0usize, false);
    let mut case: Option<String> = None;
    for tag in tags(text) {
        if tag.starts_with("/testsuite") && !tag.starts_with("/testsuites") {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with("testsuite ") {
            if depth == 0 {
                add(&mut sum, tag);
                found = true;
            }
            depth += usize::from(!tag.ends_with('/'));
        } else if tag.starts_with("testcase ") {
            let name = attribute(tag, "name").unwrap_or_default().to_owned();
            if tag.ends_with('/') { sum.passing.push(name) } else { case = Some(name) }
        } else if tag.starts_with("failure") || tag.starts_with("error") {
            sum.failing.extend(case.take());
        } else if tag.starts_with("skipped") {
            case = None;
        } else if tag.starts_with("/testcase") {
            sum.passing.extend(case.take());
        }
    }
    found.then_some(sum)
}

fn add(sum: &mut Summary, tag: &str) {
    let number = |name: &str| attribute(tag, name).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    let (failed, errors) = (number("failures"), number("errors"));
    let skipped = number("skipped") + number("disabled");
    sum.failed += failed;
    sum.errors += errors;
    sum.skipped += skipped;
    sum.passed += number("tests").saturating_sub(failed + errors + skipped);
}

/// What stands between `<` and `>`, in order.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|part| part.split_once('>').map(|(tag, _)| tag.trim()))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(at) = tag.get(from..)?.find(name) {
        let start = from + at;
        let rest = tag.get(start + name.len()..)?;
        let own = tag.get(..start)?.ends_with(char::is_whitespace);
        if let Some(value) = rest.strip_prefix("=\"").filter(|_| own) {
            return value.split('"').next();
        }
        from = start + name.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_the_outermost_suites() {
        let report = r#"<?xml version="1.0"?><testsuites tests="4"><testsuite name="a" tests="3" failures="1" errors="0" skipped="1">
<testcase name="ok"/><testcase name="bad"><failure message="no &lt; yes">x</failure></testcase><testcase name="later"><skipped/></testcase>
</testsuite><testsuite name="b" tests="1" failures="0"><testcase name="two"></testcase></testsuite></testsuites>"#;
        let sum = read(report).unwrap();
        assert_eq!((sum.passed, sum.failed, sum.skipped), (2, 1, 1));
        assert_eq!(sum.failing, ["bad"]);
        assert_eq!(sum.passing, ["ok", "two"]);
    }

    #[test]
    fn other_documents_are_no_reports() {
        assert!(read("<project><tests>3</tests></project>").is_none());
        assert!(read("tests failed").is_none());
    }
}
