//! "Added a test": tests that are there now and were not before.

use super::Context;
use super::coverage::new_tests;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::Shape;
use crate::claim::record::same_test;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let new = new_tests(cx);
    let in_file =
        |path: &str| cx.facts.tests_after.iter().filter(|(p, t)| p == path && new.contains(&t.name)).count();
    let names = a
        .tokens
        .iter()
        .filter(|t| matches!(t.shape, Shape::Name | Shape::Literal) && names_a_test(cx, &t.text));
    for name in names {
        if !new.iter().any(|n| same_test(n, &name.text) || n.contains(&name.text)) {
            return Ruling::contradicted(Code::WorkspaceMismatch, &[]);
        }
    }
    if leaves_out(cx, a) {
        return Ruling::contradicted(Code::WorkspaceMismatch, &[]);
    }
    if names_nothing(cx, a) {
        return Ruling::contradicted(Code::WorkspaceMismatch, &[]);
    }
    let paths: Vec<String> = a
        .shaped(Shape::Path)
        .filter(|t| crate::claim::source::is_test_file(&t.text))
        .map(|t| t.text.clone())
        .collect();
    let mut count = new.len();
    if !paths.is_empty() {
        let resolved: Vec<String> = paths.iter().filter_map(|p| cx.facts.resolve(p)).collect();
        count = resolved.iter().map(|p| in_file(p)).sum();
        if count == 0 && (cx.facts.is_complete() || !resolved.is_empty()) {
            return Ruling::contradicted(Code::WorkspaceMismatch, &[]);
        }
    }
    if new.is_empty() {
        return if cx.facts.is_complete()
            || !cx.facts.changed_paths().iter().any(|p| !cx.facts.after().contains_key(p))
        {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        } else {
            Ruling::unverified(Code::IncompleteWorkspace, &[])
        };
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of tests")]
    let counts = |n: f64| (n - count as f64).abs() < 0.5 || (n - new.len() as f64).abs() < 0.5;
    let claimed = a.numbers.iter().find(|n| counts_tests(cx, &n.unit) && n.value >= 1.0);
    match claimed {
        Some(n) if !counts(n.value) => Ruling::contradicted(Code::CountMismatch, &[]),
        _ => Ruling::verified(Code::WorkspaceMatch, &[]),
    }
}

/// "Tests for both", "for each": a new definition spoken of before that no new test mentions.
fn leaves_out(cx: &Context, a: &Assertion) -> bool {
    let words =
        "both|each|every|all of them|beide|jede|les deux|chacun|ambos|ambas|cada|両方|それぞれ|各|两者";
    let new = new_tests(cx);
    let tests: Vec<&str> = cx
        .facts
        .tests_after
        .iter()
        .filter(|(_, t)| new.contains(&t.name))
        .map(|(_, t)| t.text.as_str())
        .collect();
    let fresh = |id: &str| {
        cx.facts.defined_before(id).is_empty()
            && cx.facts.defined_after(id).iter().any(|p| !crate::claim::source::is_test_file(p))
    };
    let named =
        a.context.iter().filter(|t| t.shape == Shape::Name).map(crate::claim::message::Token::identifier);
    super::words::says(&a.masked, words)
        && a.tokens.is_empty()
        && !tests.is_empty()
        && named.into_iter().filter(|id| fresh(id)).any(|id| !tests.iter().any(|t| t.contains(id)))
}

/// One name in code, which no file holds: the test that it names was not added.
fn names_nothing(cx: &Context, a: &Assertion) -> bool {
    let mut names = a.shaped(Shape::Name).filter(|t| t.quoting == crate::claim::message::Quoting::Code);
    let (Some(only), None) = (names.next(), names.next()) else { return false };
    let known = |t: &String| t.contains(only.identifier());
    !cx.facts.after().values().any(known)
        && !cx.facts.before().values().any(known)
        && !new_tests(cx).is_empty()
}

fn counts_tests(cx: &Context, unit: &str) -> bool {
    let near: String = unit.chars().take(24).collect();
    cx.lexicon.find(crate::claim::lexicon::Cue::Test, &near).is_some_and(|m| m.start < 18)
        || near.starts_with('件')
        || near.starts_with("個")
}

/// A token beside "added a test" that is a test's name rather than what the test is about.
fn names_a_test(cx: &Context, text: &str) -> bool {
    let looks = text.starts_with("test_")
        || text.starts_with("Test") && text.len() > 4
        || text.starts_with("test") && text.len() > 4 && !text.contains(' ');
    looks || cx.facts.is_test_name(text)
}
