//! What the model is told: Markdown beside this file, one page for every kind of task and one for all.
//!
//! Invariants
//! - The pages are the same for every task of a kind: what differs comes after them, so that providers can cache them.
//! - [`VERSION`] changes with the pages; a test holds the two together.

use crate::task::TaskKind;

/// The version of the pages. The record has them in full, in the first request.
pub const VERSION: u32 = 1;

/// For every task.
pub(super) const SYSTEM: &str = include_str!("system.md");

/// For one kind.
pub(super) const fn of(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Fix => include_str!("fix.md"),
        TaskKind::Implement => include_str!("implement.md"),
        TaskKind::Test => include_str!("test.md"),
        TaskKind::Document => include_str!("document.md"),
        TaskKind::Refactor => include_str!("refactor.md"),
        TaskKind::Explain => include_str!("explain.md"),
        TaskKind::Ask => include_str!("ask.md"),
        TaskKind::Review => include_str!("review.md"),
        TaskKind::Custom => include_str!("custom.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vouchsafe_base::Digest;

    #[test]
    fn the_version_is_that_of_the_pages() {
        let all: String = std::iter::once(SYSTEM).chain(TaskKind::ALL.into_iter().map(of)).collect();
        let now = (VERSION, Digest::of(all.as_bytes()).short());
        assert_eq!(
            now,
            (1, "a9d45b89".to_owned()),
            "pages that change get a new VERSION, and their digest is written here"
        );
    }
}
