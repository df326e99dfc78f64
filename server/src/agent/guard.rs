//! When a task is stopped although the model would go on: too many turns or tokens, the same call again and again, calls that
//! cannot be understood.
//!
//! Invariants
//! - Pure: counts what it is told.
//! - Reaching a limit is an ordinary end with the figures in it; a call that repeats itself is first told to the model.

use std::collections::VecDeque;

use vouchsafe_base::Digest;
use vouchsafe_evidence::log::Ended;

use crate::config::Limits;
use crate::model::Usage;

/// So many calls are remembered.
const RECENT: usize = 24;
/// The same call with the same result so often among them: the model is told.
const REPEATS_TOLD: usize = 3;
/// So often: the task ends.
const REPEATS_MAX: usize = 6;
/// So many calls in a row that could not be carried out: the task ends.
const BAD_IN_A_ROW_MAX: u32 = 10;
/// So many empty or cut answers in a row: the task ends.
const EMPTY_IN_A_ROW_MAX: u32 = 3;

/// What a task has used so far.
#[derive(Debug, Default)]
pub(super) struct Guard {
    pub(super) turns: u32,
    pub(super) usage: Usage,
    recent: VecDeque<Digest>,
    bad_in_a_row: u32,
    empty_in_a_row: u32,
}

impl Guard {
    /// Why no further turn is asked for; `None` when one is.
    pub(super) fn before_turn(&self, limits: &Limits) -> Option<Ended> {
        if self.turns >= limits.model_turns {
            return Some(limit(
                "limits.model_turns",
                format!("the model had {} turns, all it may have", self.turns),
            ));
        }
        let used = self.usage.input_tokens + self.usage.output_tokens;
        (used >= u64::from(limits.model_tokens)).then(|| {
            limit(
                "limits.model_tokens",
                format!("the model used {used} tokens, {} are allowed", limits.model_tokens),
            )
        })
    }

    /// A turn was given.
    pub(super) fn turn(&mut self, usage: Usage) {
        self.turns += 1;
        self.usage += usage;
    }

    /// A call was answered: what the model is told besides, and whether the task ends.
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &str,
        result: &str,
        failed: bool,
    ) -> (Option<String>, Option<Ended>) {
        let key = Digest::of([name, arguments, result].join("\0").as_bytes());
        self.recent.push_back(key);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        self.empty_in_a_row = 0;
        self.bad_in_a_row = if failed { self.bad_in_a_row + 1 } else { 0 };
        let times = self.recent.iter().filter(|one| **one == key).count();
        let ended = if times >= REPEATS_MAX {
            Some(limit(
                "repeated calls (fixed)",
                format!("the model made the same call of `{name}` {times} times with the same result"),
            ))
        } else if self.bad_in_a_row >= BAD_IN_A_ROW_MAX {
            let count = self.bad_in_a_row;
            Some(limit(
                "failed calls (fixed)",
                format!("the model made {count} calls in a row that could not be carried out"),
            ))
        } else {
            None
        };
        let told = (times >= REPEATS_TOLD && ended.is_none()).then(|| {
            format!("You have made this call {times} times, with the same result each time. Do something else, or finish.")
        });
        (told, ended)
    }

    /// An answer without words and calls, or one that was cut: whether the task ends.
    pub(super) fn nothing(&mut self) -> bool {
        self.empty_in_a_row += 1;
        self.empty_in_a_row >= EMPTY_IN_A_ROW_MAX
    }
}

fn limit(name: &str, sentence: String) -> Ended {
    Ended::Limit { limit: name.to_owned(), sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_repeats_itself() {
        let mut guard = Guard::default();
        let mut call = |result: &str| guard.call("read", "{}", result, false);
        assert_eq!([call("a"), call("a"), call("b")], [(None, None), (None, None), (None, None)]);
        assert!(call("a").0.unwrap().starts_with("You have made this call 3 times"));
        call("a");
        call("a");
        let Some(Ended::Limit { sentence, .. }) = call("a").1 else { panic!() };
        assert_eq!(sentence, "the model made the same call of `read` 6 times with the same result");
    }

    #[test]
    fn errors_in_a_row_turns_and_tokens() {
        let mut guard = Guard::default();
        let ends = |guard: &mut Guard, nth: u32, failed| {
            guard.call("edit", &nth.to_string(), "", failed).1.is_some()
        };
        assert!((0..9).all(|nth| !ends(&mut guard, nth, true)));
        assert!(!ends(&mut guard, 9, false));
        assert!((10..19).all(|nth| !ends(&mut guard, nth, true)));
        assert!(ends(&mut guard, 20, true));
        let limits = Limits { model_turns: 2, model_tokens: 100, ..Limits::default() };
        assert_eq!(guard.before_turn(&limits), None);
        guard.turn(Usage { input_tokens: 60, cached_tokens: 50, output_tokens: 40 });
        let Some(Ended::Limit { limit, .. }) = guard.before_turn(&limits) else { panic!() };
        assert_eq!(limit, "limits.model_tokens");
        guard.turn(Usage::default());
        let Some(Ended::Limit { limit, .. }) = guard.before_turn(&limits) else { panic!() };
        assert_eq!(limit, "limits.model_turns");
    }
}
