//! Random texts, tasks and operations, small and alike so that they meet often.

use proptest::prelude::*;

use super::super::{Resolution, SplitLines as _};
use super::{Operation, Told};

/// Few different lines, so that diffs are ambiguous and texts meet by chance.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof![4 => "[abc]", 1 => Just(String::new()), 1 => Just("}".to_owned())];
    let end = prop_oneof![8 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    let lines = proptest::collection::vec((line, end).prop_map(|(line, end)| line + end), 0..9);
    (lines, prop_oneof![2 => Just(""), 1 => Just("z")]).prop_map(|(lines, last)| lines.concat() + last)
}

/// A text with a few lines replaced.
fn variant(text: String) -> impl Strategy<Value = String> {
    let edit = (0usize..9, 0usize..3, proptest::collection::vec("[abcx]\n|\n|y\r\n", 0..3));
    let whole = self::text();
    (proptest::collection::vec(edit, 0..4), proptest::bool::weighted(0.1), whole).prop_map(
        move |(edits, rewritten, whole)| {
            let mut lines = text.split_lines().map(str::to_owned).collect::<Vec<_>>();
            for (at, removed, with) in edits {
                let start = at.min(lines.len());
                lines.splice(start..(start + removed).min(lines.len()), with);
            }
            if rewritten { whole } else { lines.concat() }
        },
    )
}

pub(super) fn told() -> impl Strategy<Value = Told> {
    prop_oneof![Just(Told::Whole), Just(Told::Range), Just(Told::Splices)]
}

pub(super) fn operation() -> impl Strategy<Value = Operation> {
    let typed = prop_oneof![Just(String::new()), "[abc}x]?\r?\n?", "#\n?", "[abc]\n#\n[abc]\n", "\n#?\n?"];
    prop_oneof![
        8 => (0usize..60, 0usize..6, typed, told())
            .prop_map(|(start, removed, text, told)| Operation::Type { start, removed, text, told }),
        4 => (0usize..4, told()).prop_map(|(back, told)| Operation::Undo { back, told }),
        3 => (0usize..3, 0usize..5).prop_map(|(task, nth)| Operation::Accept { task, nth }),
        1 => (0usize..3).prop_map(|task| Operation::AcceptAll { task }),
        1 => (0usize..3, 0usize..5).prop_map(|(task, nth)| Operation::Reject { task, nth }),
        1 => (0usize..3, 0usize..5, prop_oneof![Just(Resolution::Theirs), Just(Resolution::Both)])
            .prop_map(|(task, nth, how)| Operation::Resolve { task, nth, how }),
    ]
}

/// The text that the tasks saw, what each proposes, and what the user has when the review starts.
pub(super) fn start() -> impl Strategy<Value = (String, Vec<String>, String)> {
    text().prop_flat_map(|base| {
        let proposed = proptest::collection::vec(variant(base.clone()), 1..4);
        let current = prop_oneof![Just(base.clone()), variant(base.clone())];
        (Just(base), proposed, current)
    })
}
