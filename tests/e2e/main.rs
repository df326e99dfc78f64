//! The whole, end to end: a real server process, played editors, real commands in real shadows.
//!
//! - `main_path`: from a code action to an accepted, cited, undoable edit, in every profile
//! - `typing`: what the user types before and while a task runs
//! - `files`: new, deleted and renamed files, with and without resource operations
//! - `listed`: the same in data, for clients with views of their own
//! - `trouble`: one clear message each for what can go wrong, and the server alive
//! - `busy`: cancelling under load, ten thousand changes, two servers, a crash
//! - `restart`, `resume`: citations of accepted lines, and undecided changes, in the next server
//! - `secrets`: what is redacted, in every file of the record
//! - `kills`: SIGKILL at random moments of running tasks
//! - `week`: three tasks, restarts, branches, renames, and every line right
//! - `trailer`: the line for a commit message
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

mod busy;
mod command_line;
mod confined;
mod files;
mod kills;
mod listed;
mod main_path;
mod malformed;
mod places;
mod record;
mod restart;
mod resume;
mod secrets;
mod trailer;
mod trouble;
mod typing;
mod week;

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
