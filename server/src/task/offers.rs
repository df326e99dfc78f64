//! Which tasks are offered at a place, the relevant first.
//!
//! Invariants
//! - A pure function of the place and of the kinds that have a model: nothing is offered that fails on click for
//!   want of one.
//! - At most [`OFFERS_MAX`].

use std::ops::Range;

use super::title::quoted;
use super::{DiagnosticAt, Order, SymbolAt, TaskKind};
use crate::syntax::{Instruction, Missing};

/// The most tasks offered at one place.
pub const OFFERS_MAX: usize = 8;
/// The most diagnostics at one place for which a fix is offered.
const FIXES_MAX: usize = 3;

/// What is known about a place when tasks are offered there. Lines are from 0, the end excluded.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The selection, or the line of the cursor.
    pub lines: Range<u32>,
    /// Whether the user selected it.
    pub selected: bool,
    /// The symbol around it.
    pub symbol: Option<SymbolAt>,
    /// Whether the text is a program, so that it can be tested and refactored.
    pub code: bool,
    /// What is not written yet at the place, with its lines.
    pub missing: Option<(Missing, Range<u32>)>,
    /// Orders in comments at the place.
    pub orders: &'a [Instruction],
    /// What other servers say about the place.
    pub diagnostics: &'a [DiagnosticAt],
}

/// A task that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOffer {
    /// An order that people understand: `Fix "mismatched types"`.
    pub title: String,
    /// What it does.
    pub act: Act,
    /// The diagnostic it is about, by its position in [`View::diagnostics`].
    pub diagnostic: Option<usize>,
}

/// What taking an offer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Starts a task.
    Start {
        /// Its kind.
        kind: TaskKind,
        /// The user's words.
        prompt: String,
        /// The lines it is about.
        lines: Range<u32>,
    },
    /// Says something to a task that exists.
    Say {
        /// The task.
        task: u64,
        /// What.
        text: String,
    },
}

/// The tasks offered at a place. `has_model` says which kinds can be done; `knows` which tasks can be spoken to.
#[must_use]
pub fn offers(
    view: &View<'_>,
    has_model: &dyn Fn(TaskKind) -> bool,
    knows: &dyn Fn(u64) -> bool,
) -> Vec<TaskOffer> {
    let mut all: Vec<TaskOffer> = view.orders.iter().filter_map(|order| ordered(order, knows)).collect();
    all.extend(fixes(view));
    all.extend(implement(view));
    all.extend(about_subject(view));
    all.retain(|offer| match &offer.act {
        Act::Start { kind, .. } => has_model(*kind),
        Act::Say { .. } => true,
    });
    all.truncate(OFFERS_MAX);
    all
}

fn start(title: String, kind: TaskKind, lines: Range<u32>) -> TaskOffer {
    TaskOffer { title, act: Act::Start { kind, prompt: String::new(), lines }, diagnostic: None }
}

fn ordered(order: &Instruction, knows: &dyn Fn(u64) -> bool) -> Option<TaskOffer> {
    let (title, act) = match Order::read(&order.text) {
        Order::Task { kind, prompt } => {
            let title = format!("Run: {}", quoted(&order.text));
            (title, Act::Start { kind, prompt, lines: order.lines.clone() })
        }
        Order::Word { task, text } => {
            knows(task).then_some(())?;
            (format!("Tell task {task}: {}", quoted(&text)), Act::Say { task, text })
        }
    };
    Some(TaskOffer { title, act, diagnostic: None })
}

fn fixes(view: &View<'_>) -> Vec<TaskOffer> {
    let each = view.diagnostics.iter().enumerate().take(FIXES_MAX).map(|(at, found)| TaskOffer {
        diagnostic: Some(at),
        ..start(format!("Fix \"{}\"", quoted(&found.message)), TaskKind::Fix, found.lines.clone())
    });
    each.collect()
}

fn implement(view: &View<'_>) -> Option<TaskOffer> {
    let (missing, lines) = view.missing.clone()?;
    let title = match (missing, &view.symbol) {
        (Missing::Note, _) => "Do what this comment leaves to do".to_owned(),
        (_, Some(symbol)) => format!("Implement `{}`", quoted(&symbol.name)),
        (_, None) => "Implement this".to_owned(),
    };
    Some(start(title, TaskKind::Implement, lines))
}

/// What can be done with the selection, the symbol, or the file.
fn about_subject(view: &View<'_>) -> Vec<TaskOffer> {
    let (subject, lines) = match (&view.symbol, view.selected) {
        (_, true) => ("the selection".to_owned(), view.lines.clone()),
        (Some(symbol), false) => (format!("`{}`", quoted(&symbol.name)), view.lines.clone()),
        (None, false) => {
            // Without anything at the cursor little is meant; the file can be talked about.
            let about = |verb: &str, kind| start(format!("{verb} this file"), kind, view.lines.clone());
            return vec![about("Explain", TaskKind::Explain), about("Review", TaskKind::Review)];
        }
    };
    let offer = |verb: &str, kind| start(format!("{verb} {subject}"), kind, lines.clone());
    let all = [
        (view.code, offer("Write tests for", TaskKind::Test)),
        (view.code, offer("Document", TaskKind::Document)),
        (view.code || view.selected, offer("Refactor", TaskKind::Refactor)),
        (true, offer("Explain", TaskKind::Explain)),
        (true, offer("Review", TaskKind::Review)),
    ];
    all.into_iter().filter_map(|(fits, offer)| fits.then_some(offer)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view<'a>() -> View<'a> {
        View {
            lines: 4..5,
            selected: false,
            symbol: Some(SymbolAt { name: "parse".to_owned(), what: "function", lines: 2..9 }),
            code: true,
            missing: None,
            orders: &[],
            diagnostics: &[],
        }
    }

    fn titles(view: &View<'_>) -> Vec<String> {
        offers(view, &|_| true, &|task| task == 3).into_iter().map(|offer| offer.title).collect()
    }

    #[test]
    fn a_symbol_a_selection_and_nothing() {
        let of = |what: &str| {
            ["Write tests for", "Document", "Refactor", "Explain", "Review"]
                .map(|verb| format!("{verb} {what}"))
        };
        assert_eq!(titles(&view()), of("`parse`"));
        assert_eq!(titles(&View { selected: true, ..view() }), of("the selection"));
        assert_eq!(titles(&View { symbol: None, ..view() }), ["Explain this file", "Review this file"]);
        assert_eq!(titles(&View { code: false, ..view() }), ["Explain `parse`", "Review `parse`"]);
    }

    #[test]
    fn what_is_wrong_or_missing_comes_first_and_nothing_is_too_much() {
        let diagnostic = |message: &str| DiagnosticAt {
            lines: 4..5,
            source: "rustc".to_owned(),
            message: message.to_owned(),
        };
        let diagnostics = [diagnostic("mismatched types\nexpected `u32`"), diagnostic(&"x".repeat(99))];
        let orders = [Instruction { lines: 4..6, text: "make this iterative".to_owned() }];
        let missing = Some((Missing::Body, 2..9));
        let seen = titles(&View { diagnostics: &diagnostics, orders: &orders, missing, ..view() });
        let long = format!("Fix \"{}…\"", "x".repeat(60));
        assert_eq!(
            seen[..4],
            ["Run: make this iterative", "Fix \"mismatched types\"", &long, "Implement `parse`"]
        );
        assert_eq!(seen.len(), OFFERS_MAX);
    }

    #[test]
    fn only_what_has_a_model_is_offered() {
        let seen = offers(&view(), &|kind| kind == TaskKind::Explain, &|_| false);
        assert_eq!(seen.len(), 1);
        assert!(offers(&view(), &|_| false, &|_| false).is_empty());
    }

    #[test]
    fn a_word_goes_to_a_task_that_is_there() {
        let orders = |task| [Instruction { lines: 4..5, text: format!("@{task} also handle tabs") }];
        let (three, four) = (orders(3), orders(4));
        assert_eq!(titles(&View { orders: &three, ..view() })[0], "Tell task 3: also handle tabs");
        assert!(titles(&View { orders: &four, ..view() })[0].starts_with("Write tests"));
    }
}
