//! The tests in a file: their names, bodies and markers.

use std::sync::LazyLock;

use regex::Regex;

/// One test function or test block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCase {
    /// Its name or title.
    pub name: String,
    /// Marker lines before it and its body.
    pub text: String,
    /// Whether it is marked as skipped, ignored, pending or expected to fail.
    pub skipped: bool,
}

static START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)^[ \t]*(?:\[[^\]\n]*\][ \t]+|@\w+(?:\([^)\n]*\))?[ \t]+)*(?:",
        r"(?:async )?def (?P<py>test\w*)\s*\(|def (?P<rb>test_\w+)",
        r"|func (?P<go>(?:Test|Fuzz|Example|Benchmark)\w*|test\w+)\s*\(",
        r#"|(?:x|f)?(?:it|test|specify)(?P<mod>(?:\.\w+)*)\(\s*["'`](?P<js>[^"'`\n]+)["'`]"#,
        r#"|Deno\.test\(\s*(?:\{\s*name:\s*)?["'`](?P<deno>[^"'`\n]+)["'`]"#,
        r#"|(?:it|specify|test|scenario|xit|pending) ["'](?P<spec>[^"'\n]+)["']"#,
        r#"|@test ["'](?P<bats>[^"'\n]+)["']"#,
        r"|TEST(?:_F|_P|_CASE)?\(\s*(?P<c>[^)\n]+)\)",
        r"|(?:public |private |protected |internal |final |static |async |suspend )*(?:function |fun |void |Task |async Task )+(?P<fn>`[^`]+`|\w+)\s*\(",
        r"|(?:pub )?(?:async )?fn (?P<rs>\w+)\s*\(",
        r")"
    ))
    .ok()
});

static SKIP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"@pytest\.mark\.(?:skip|xfail)|@unittest\.(?:skip|expectedFailure)|#\[ignore|@(?:Disabled|Ignore)\b|\[Ignore|Skip ?=|t\.Skip|pytest\.(?:skip|xfail)\(|self\.skipTest|markTestSkipped|markTestIncomplete|@tag :?skip|\bskip\b ["'(]|^\s*skip\b|\.(?:skip|todo|failing|fixme)\b|^\s*x(?:it|test|describe|specify)\b|\bpending\b|XCTSkip|throw XCTSkip|ignore: true|skip: true|GTEST_SKIP|DISABLED_"#).ok()
});

/// The tests of a file, in order.
#[must_use]
pub fn tests(path: &str, text: &str) -> Vec<TestCase> {
    let Some(pattern) = START.as_ref() else { return Vec::new() };
    let starts: Vec<(usize, usize, String, bool)> = pattern
        .captures_iter(text)
        .filter_map(|c| {
            let whole = c.get(0)?;
            let title = c.iter().skip(1).flatten().last()?;
            let plain = c.name("fn").is_none() && c.name("rs").is_none();
            let name = title.as_str().trim_matches('`').to_owned();
            Some((whole.start(), title.start(), name, plain))
        })
        .collect();
    let mut out = Vec::new();
    for (index, (start, title, name, plain)) in starts.iter().enumerate() {
        let head = head_start(text, *start);
        let marks = text.get(head..*title).unwrap_or_default();
        if !plain && !is_marked(path, marks, name) {
            continue;
        }
        let end = starts.get(index + 1).map_or(text.len(), |(next, ..)| head_start(text, *next).max(*title));
        let body = text.get(head..end).unwrap_or_default().trim_end().to_owned();
        let skipped = SKIP.as_ref().is_some_and(|s| body.lines().any(|l| s.is_match(l)));
        out.push(TestCase { name: name.clone(), text: body, skipped });
    }
    out
}

/// Attribute and decorator lines right before a test belong to it.
fn head_start(text: &str, start: usize) -> usize {
    let mut head = start;
    while let Some(before) = text.get(..head.saturating_sub(1)) {
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let content = before.get(line..).unwrap_or_default().trim();
        let marks = content.starts_with("#[")
            || content.starts_with('@')
            || content.starts_with('[') && content.ends_with(']');
        if head == 0 || !marks || line >= head {
            break;
        }
        head = line;
    }
    head
}

fn is_marked(path: &str, marks: &str, name: &str) -> bool {
    let attributes = [
        "#[test",
        "::test",
        "@Test",
        "@ParameterizedTest",
        "[Fact",
        "[Theory",
        "[Test",
        "[TestMethod",
        "#[Test",
        "#[rstest",
        "@test",
        "proptest",
    ];
    attributes.iter().any(|a| marks.contains(a))
        || (path.ends_with(".php") || path.ends_with(".swift") || path.ends_with(".kt"))
            && name.starts_with("test")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<(String, bool)> {
        tests(path, text).into_iter().map(|t| (t.name, t.skipped)).collect()
    }

    #[test]
    fn finds_tests_of_many_languages() {
        assert_eq!(
            names("a.rs", "#[test]\n#[ignore]\nfn a() {}\nfn helper() {}\n#[test]\nfn b() {}\n"),
            [("a".into(), true), ("b".into(), false)]
        );
        assert_eq!(
            names("test_a.py", "@pytest.mark.skip\ndef test_a():\n    pass\n"),
            [("test_a".into(), true)]
        );
        assert_eq!(
            names("a.test.js", "it.skip('x y', () => {});\ntest(\"z\", f);\n"),
            [("x y".into(), true), ("z".into(), false)]
        );
        assert_eq!(
            names("ATest.java", "  @Test\n  void adds() {}\n  void helper() {}\n"),
            [("adds".into(), false)]
        );
    }
}
