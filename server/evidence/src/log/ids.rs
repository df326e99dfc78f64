//! Numbers that name a task and an event within it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A task, numbered 1, 2, 3, … in one store; never used twice. Shown as the plain number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(u64);

/// An event of a task, numbered 1, 2, 3, … without gaps. Shown as the plain number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(u32);

/// The text is not the number of a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a task number: give one as `vouchsafe log` lists it, such as 3")]
pub struct NotATaskId(String);

impl TaskId {
    /// The task with this number. Whether a store has it, only the store knows.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Seq {
    /// The first event of every task: what was asked.
    pub const FIRST: Self = Self(1);

    /// The event with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The event after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TaskId {
    type Err = NotATaskId;

    fn from_str(text: &str) -> Result<Self, NotATaskId> {
        match text.parse() {
            Ok(number @ 1..) => Ok(Self(number)),
            _ => Err(NotATaskId(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        assert_eq!("12".parse(), Ok(TaskId::new(12)));
        assert!("0".parse::<TaskId>().is_err());
        assert!("x".parse::<TaskId>().is_err());
        assert_eq!(format!("{} {}", TaskId::new(3), Seq::FIRST.next()), "3 2");
    }
}
