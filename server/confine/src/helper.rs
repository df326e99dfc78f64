//! Starting a program that the user has configured for the server itself, such as the one that prints a key.
//!
//! Not confined, on purpose: it is the user's own command from the user's own configuration, it runs for the server and not
//! for a task, and what it is for (a password manager, an agent behind a socket) is just what a sandbox takes away.
//! `docs/decisions/0007-the-users-own-helper.md` says more.
//!
//! Invariants
//! - Nothing of a task reaches it: no argument, no input, no directory of a copy.
//! - It ends: at its time limit, at the limit of its output, or with the cancellation, its whole process group is killed.
//! - What it prints is in nobody's log: an error names the program and how it ended, never its output.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Cancel;

/// How often a running helper is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Why a helper gave nothing. Never holds what it printed.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// The command is empty.
    #[error("the command is empty")]
    Empty,
    /// It could not be started.
    #[error("`{program}` cannot be started: {error}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// It ended with a failure.
    #[error("`{program}` failed ({ended})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        ended: String,
    },
    /// It took too long.
    #[error("`{program}` did not end within {} ms", .limit.as_millis())]
    TooLong {
        /// The program.
        program: String,
        /// The limit.
        limit: Duration,
    },
    /// It printed too much.
    #[error("`{program}` printed more than {bytes} bytes")]
    TooMuch {
        /// The program.
        program: String,
        /// The limit.
        bytes: usize,
    },
    /// The caller no longer wants it.
    #[error("cancelled")]
    Cancelled,
}

/// Runs the user's own command, with nothing on its standard input, and returns what it printed on standard output.
///
/// # Errors
/// When it cannot be started, fails, prints more than `output_bytes_max`, outlives `limit` or is cancelled.
pub fn ask_users_helper(
    argv: &[String],
    directory: Option<&Path>,
    output_bytes_max: usize,
    limit: Duration,
    cancel: &Cancel,
) -> Result<Vec<u8>, HelperError> {
    let (program, arguments) = argv.split_first().ok_or(HelperError::Empty)?;
    let started = Instant::now();
    let mut child = start(program, arguments, directory)?;
    let pipe = child.stdout.take();
    // Read by a thread of its own, so that a helper that prints nothing can still be ended.
    let reader = std::thread::spawn(move || read_up_to(pipe, output_bytes_max));
    let ended = wait(&mut child, program, started + limit, limit, cancel);
    if ended.is_err() {
        end(&mut child);
    }
    let status = ended?;
    // A grandchild may hold the pipe open: it is not waited for longer than the helper itself.
    while !reader.is_finished() {
        if started.elapsed() > limit || cancel.is_cancelled() {
            end(&mut child);
            return Err(HelperError::TooLong { program: program.clone(), limit });
        }
        pause();
    }
    let output = reader.join().ok().flatten();
    let output = output.ok_or(HelperError::TooMuch { program: program.clone(), bytes: output_bytes_max })?;
    match status.success() {
        true => Ok(output),
        false => Err(HelperError::Failed { program: program.clone(), ended: status.to_string() }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one unconfined start; the module says why")]
fn start(program: &str, arguments: &[String], directory: Option<&Path>) -> Result<Child, HelperError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(directory) = directory {
        command.current_dir(directory);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(|error| HelperError::Start { program: program.to_owned(), error })
}

fn wait(
    child: &mut Child,
    program: &str,
    deadline: Instant,
    limit: Duration,
    cancel: &Cancel,
) -> Result<std::process::ExitStatus, HelperError> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(HelperError::Start { program: program.to_owned(), error }),
        }
        if cancel.is_cancelled() {
            return Err(HelperError::Cancelled);
        }
        if Instant::now() > deadline {
            return Err(HelperError::TooLong { program: program.to_owned(), limit });
        }
        pause();
    }
}

/// Kills the helper and what it started.
fn end(child: &mut Child) {
    #[cfg(target_os = "linux")]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
    child.kill().ok();
    child.wait().ok();
}

/// Everything a pipe gives; `None` if that is more than the limit.
fn read_up_to(pipe: Option<impl Read>, bytes_max: usize) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    pipe?.take(limit).read_to_end(&mut output).ok()?;
    (output.len() <= bytes_max).then_some(output)
}

fn pause() {
    std::thread::park_timeout(LOOK_EVERY);
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(line: &str) -> Result<Vec<u8>, HelperError> {
        let argv = ["sh", "-c", line].map(str::to_owned);
        ask_users_helper(&argv, None, 64, Duration::from_millis(400), &Cancel::default())
    }

    fn said(result: Result<Vec<u8>, HelperError>) -> String {
        match result {
            Ok(output) => String::from_utf8_lossy(&output).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn it_gives_what_was_printed_and_nothing_else() {
        assert_eq!(said(shell("echo secret; echo more >&2")), "secret\n");
        assert_eq!(said(shell("cat; echo end")), "end\n", "nothing on its standard input");
    }

    #[test]
    fn failures_are_named_without_the_output() {
        assert_eq!(said(shell("echo secret; exit 3")), "`sh` failed (exit status: 3)");
        assert_eq!(said(shell("echo secret; sleep 60")), "`sh` did not end within 400 ms");
        assert_eq!(said(shell("head -c 65 /dev/zero")), "`sh` printed more than 64 bytes");
        assert_eq!(said(shell("yes")).replace("printed more than 64 bytes", "X").len(), "`sh` X".len());
        let nothing = ask_users_helper(&[], None, 1, Duration::from_secs(1), &Cancel::default());
        assert_eq!(said(nothing), "the command is empty");
        let absent = ["no-such-program-anywhere".to_owned()];
        let absent = said(ask_users_helper(&absent, None, 1, Duration::from_secs(1), &Cancel::default()));
        assert!(absent.starts_with("`no-such-program-anywhere` cannot be started: "), "{absent}");
    }

    #[test]
    fn cancelling_ends_it() {
        let cancel = Cancel::default();
        cancel.cancel();
        let argv = ["sleep", "60"].map(str::to_owned);
        let ended = ask_users_helper(&argv, None, 1, Duration::from_secs(60), &cancel);
        assert_eq!(said(ended), "cancelled");
    }

    #[test]
    fn what_it_left_behind_is_not_waited_for() {
        assert_eq!(said(shell("sleep 60 & echo secret")), "`sh` did not end within 400 ms");
    }
}
