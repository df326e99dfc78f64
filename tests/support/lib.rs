//! What the tests of the whole share: a scripted editor and what it stands on.
//!
//! - `editor` plays an LSP client against a real server process, one method per thing a user does.
//! - `scripted` is a language model that says what a script says, over real HTTP, faults included.
//! - `strict` checks every message of the server against the official meta model.
//! - `yard` is the hermetic home of one test: workspace, HOME and the XDG directories in one temporary directory.
//!
//! Invariants
//! - Nothing here waits without a deadline, and nothing waits for a time: always for a message, an exit or a change.
//! - Failing means panicking, with the log of all messages: this is test code, so it may.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a library for tests only: it fails by panicking, starts the server and fills temporary directories"
)]

pub mod editor;
pub mod fixture;
pub mod frame;
pub mod log;
pub mod process;
pub mod profile;
pub mod scripted;
pub mod strict;
pub mod text;
pub mod wire;
pub mod yard;

pub use editor::{Editor, Opening};
pub use profile::{Profile, Quirks};
pub use text::Encoding;
