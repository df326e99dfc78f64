//! The whole, end to end: a real server process, played editors, real commands in real shadows.
//!
//! - `main_path`: from a code action to an accepted, cited, undoable edit, in every profile
//! - `typing`: what the user types before and while a task runs
//! - `files`: new, deleted and renamed files, with and without resource operations
//! - `listed`: the same in data, for clients with views of their own
//! - `loaded`: typing while four tasks run: nothing stale, nothing lost
//! - `needs`: changes that need others
//! - `overview`: all tasks in view
//! - `preview`: the editor's own preview, where it asks
//! - `untrusted`: what a client answers to an edit, and what its text shows
//! - `trouble`: one clear message each for what can go wrong, and the server alive
//! - `anytime`: random typing, deciding, saving at every moment of two tasks, in every profile
//! - `asking`: code lenses, diagnostics and documents that clients ask for, where they advertise it
//! - `busy`: cancelling under load, ten thousand changes, two servers, a crash
//! - `malformed`: bytes that are no LSP, and every way to end
//! - `command_line`: `exec`, `run`, `doctor`, `demo`
//! - `confined`: what a task cannot reach, each with a twin that can
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, in their helpers too, and start the program they test"
)]

mod anytime;
mod asking;
mod busy;
mod command_line;
mod confined;
mod dice;
mod files;
mod listed;
mod loaded;
mod main_path;
mod malformed;
mod needs;
mod overview;
mod places;
mod preview;
mod record;
mod restart;
mod trouble;
mod typing;
mod untrusted;

/// A recipe that makes a file upper case, and a text of two hunks.
const SHOUT: &str = r#"
//- /.vouchsafe.toml
[recipes.shout]
title = "Shout"
run = ["tr a-z A-Z < a.txt > t && cat t > a.txt && rm t"]
//- /a.txt
hello$0
1
2
3
4
wörld 😀 end
"#;
