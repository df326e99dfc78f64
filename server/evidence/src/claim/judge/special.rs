//! Source code that answers a test's own input with the test's own expectation.
//!
//! Invariants
//! - Needs two literals of one asserting line in one added condition, so that constants which code and tests share
//!   for good reason are not taken for it.

use std::collections::BTreeSet;

use super::words::says;
use crate::claim::facts::{Facts, Line};
use crate::claim::source::{is_documentation, is_test_file};

/// Added source lines that compare with a test's input and give its expected value.
#[must_use]
pub(super) fn special_cases<'f>(facts: &'f Facts) -> Vec<&'f Line> {
    let tests = facts.tests_before.iter().chain(&facts.tests_after);
    let asserted: Vec<BTreeSet<String>> = tests
        .flat_map(|(_, t)| t.text.lines())
        .filter(|l| says(l, "assert|expect|Equal|should|==|eq(|want"))
        .map(literals)
        .filter(|l| l.len() >= 2)
        .collect();
    let source: Vec<&Line> =
        facts.added.iter().filter(|l| !is_test_file(&l.path) && !is_documentation(&l.path)).collect();
    let mut out = Vec::new();
    for (index, line) in source.iter().enumerate() {
        let condition = says(&line.code, "if |if(|case |when |elif |=> |? ")
            && says(&line.code, "==|===|case |when |=>| in ");
        if !condition {
            continue;
        }
        let next = source.get(index + 1).filter(|n| n.path == line.path && n.code.contains("return"));
        let mut own = literals(&line.code);
        own.extend(next.map(|n| literals(&n.code)).unwrap_or_default());
        if asserted.iter().any(|a| a.intersection(&own).count() >= 2) {
            out.push(*line);
        }
    }
    out
}

/// Numbers of two digits or more and quoted texts of two characters or more.
fn literals(line: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = rest.get(at..=at).unwrap_or("\"");
        let body = rest.get(at + 1..).unwrap_or_default();
        let Some(end) = body.find(quote) else { break };
        let text = body.get(..end).unwrap_or_default();
        if text.chars().count() >= 2 {
            out.insert(text.to_owned());
        }
        rest = body.get(end + 1..).unwrap_or_default();
    }
    let numbers = line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')));
    out.extend(
        numbers
            .filter(|w| w.len() >= 2 && w.chars().all(|c| c.is_ascii_digit() || c == '.'))
            .map(str::to_owned),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::case::Case;

    fn found(after: &str) -> usize {
        let mut case = Case::default();
        let test = "from fib import fib\n\ndef test_ten():\n    assert fib(10) == 55\n";
        case.workspace.before.insert("fib.py".to_owned(), "def fib(n):\n    return n\n".to_owned());
        case.workspace.after.insert("fib.py".to_owned(), after.to_owned());
        case.workspace.before.insert("test_fib.py".to_owned(), test.to_owned());
        case.workspace.after.insert("test_fib.py".to_owned(), test.to_owned());
        special_cases(&Facts::new(&case)).len()
    }

    #[test]
    fn an_answer_for_the_tested_input_is_found() {
        assert_eq!(found("def fib(n):\n    if n == 10:\n        return 55\n    return n\n"), 1);
        assert_eq!(found("def fib(n):\n    return 55 if n == 10 else n\n"), 1);
    }

    #[test]
    fn a_real_answer_is_not() {
        assert_eq!(
            found(
                "def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a\n"
            ),
            0
        );
        assert_eq!(found("def fib(n):\n    if n > 10:\n        raise ValueError\n    return n\n"), 0);
    }
}
