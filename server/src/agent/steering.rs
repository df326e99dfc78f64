//! What the user says to a task while it runs.
//!
//! Invariants
//! - A message is taken once, in order, before the next turn of the model.
//! - A closed queue takes nothing: whoever speaks then hears that the task has ended.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A queue of messages to one task. Clones are the same queue.
#[derive(Debug, Clone, Default)]
pub struct Steering(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<String>,
    closed: bool,
}

impl Steering {
    /// Of a task that has ended.
    #[must_use]
    pub fn closed() -> Self {
        let steering = Self::default();
        steering.close();
        steering
    }

    /// Gives the task a message. `false` when it will not read it any more.
    #[must_use]
    pub fn say(&self, text: String) -> bool {
        let mut queue = self.queue();
        if !queue.closed {
            queue.waiting.push_back(text);
        }
        !queue.closed
    }

    /// What waits, oldest first.
    pub(super) fn take(&self) -> Vec<String> {
        self.queue().waiting.drain(..).collect()
    }

    /// Takes what waits, and when nothing does, takes no more: nobody can speak between the last look and the end.
    pub(super) fn take_or_close(&self) -> Vec<String> {
        let mut queue = self.queue();
        queue.closed = queue.waiting.is_empty();
        queue.waiting.drain(..).collect()
    }

    /// Takes no more, whatever waits.
    pub(super) fn close(&self) {
        self.queue().closed = true;
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_in_order_until_the_end() {
        let (user, task) = (Steering::default(), Steering::default());
        let task = {
            drop(task);
            user.clone()
        };
        assert!(user.say("a".to_owned()) && user.say("b".to_owned()));
        assert_eq!(task.take(), ["a", "b"]);
        assert!(user.say("c".to_owned()));
        assert_eq!(task.take_or_close(), ["c"], "still open: there was something to read");
        assert!(user.say("d".to_owned()));
        assert_eq!(task.take_or_close(), ["d"]);
        assert_eq!(task.take_or_close(), [""; 0]);
        assert!(!user.say("e".to_owned()));
        task.close();
        assert_eq!(task.take(), [""; 0]);
    }
}
