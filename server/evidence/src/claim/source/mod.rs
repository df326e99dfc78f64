//! Source texts, parsed: definitions, identifiers, comments, tests, manifests.
//!
//! Invariants
//! - One walk per file and kind of question; nothing here looks at the log.
//! - A language without a grammar is read by its words, comments removed.

mod code;
mod grammar;
mod manifest;
mod relevance;
mod testcase;

pub use code::{Outline, outline, without_comments};
pub use manifest::{Dependencies, dependencies, is_manifest};
pub use relevance::{is_documentation, is_irrelevant, is_runner_control, is_test_file};
pub use testcase::{TestCase, tests};
