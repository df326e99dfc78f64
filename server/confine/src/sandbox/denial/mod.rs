//! Telling which failures were the sandbox's doing.
//!
//! A command that failed is judged by what it printed together with what is known besides: which paths have a rule, what
//! the server outside may do, what the copy lacks, which calls the filter refuses, and how often the kernel found no way
//! out of the task's network.
//!
//! Invariants
//! - Words alone prove nothing: each denial needs something that is known to be true, too.
//! - What would fail outside as well is no denial.
//!
//! Absent on purpose
//! - Asking the kernel about every refused call (a seccomp listener): a command could hang on it.

mod calls;
mod files;
mod network;
mod overlay;

use super::observation::{Denial, Ended, Output};
use super::policy::Policy;

/// How many are told.
const DENIALS_MAX: usize = 8;
/// Longer lines are no messages.
const LINE_BYTES_MAX: usize = 8192;
/// What programs print for EACCES, EPERM and EROFS.
const REFUSED: &[&[u8]] = &[
    b"ermission denied",
    b"EACCES",
    b"EPERM",
    b"peration not permitted",
    b"PermissionError",
    b"ead-only file system",
    b"EROFS",
    b"ccess denied",
    b"AccessDenied",
    b"t writable",
    b"t writeable",
];

/// A command that has ended, and all that is known of it.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    /// The directory it was started in, as it saw it.
    pub(super) directory: std::path::PathBuf,
    /// Its program and arguments, or the shell's text.
    pub(super) asked: &'a [u8],
    pub(super) program: &'a std::ffi::OsStr,
    pub(super) ended: &'a Ended,
    pub(super) outputs: [&'a Output; 2],
    /// What the kernel counted; `None` without a network namespace.
    pub(super) reach: Option<Reach>,
}

/// Ways out of the task's network that the kernel did not find while the command ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Addresses without a route.
    pub(super) no_route: u64,
    /// Datagrams to ports of the loopback at which nobody listens, as of a name server.
    pub(super) no_port: u64,
}

impl<'a> Case<'a> {
    fn lines(&self) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.outputs.into_iter().flat_map(|output| output.kept.split(|byte| *byte == b'\n'));
        lines.filter(|line| line.len() <= LINE_BYTES_MAX)
    }
}

/// What the sandbox denied to a command that failed; nothing for one that succeeded or was stopped.
pub(super) fn find(case: &Case<'_>) -> Vec<Denial> {
    let mut found = Vec::new();
    match case.ended {
        Ended::Exited(0) | Ended::Stopped(_) => {}
        Ended::NotStarted(_) => found.extend(files::program(case)),
        Ended::Exited(_) | Ended::Signalled(_) => {
            found.extend(network::find(case));
            found.extend(overlay::find(case));
            found.extend(files::find(case));
            found.extend(calls::find(case));
        }
    }
    let mut told: Vec<Denial> = Vec::new();
    for denial in found {
        if told.len() < DENIALS_MAX && !told.contains(&denial) {
            told.push(denial);
        }
    }
    told
}

/// Lines before the last one of a traceback in which it may name the call.
const BEFORE: usize = 4;

/// A message as far as it tells of a call: its last line and, in a traceback, some before it and the command itself
/// (of a text given on the command line nothing else is shown). Paths are left out, as they may hold any word.
fn message(case: &Case<'_>, lines: &[&[u8]], at: usize) -> Vec<Vec<u8>> {
    let line = lines.get(at).copied().unwrap_or_default();
    let mut message = vec![without_paths(line)];
    if line.starts_with(b"PermissionError") || line.starts_with(b"OSError") {
        let before = lines.get(at.saturating_sub(BEFORE)..at).unwrap_or_default();
        message.extend(before.iter().map(|line| without_paths(line)));
        message.push(without_paths(case.asked));
    }
    message
}

fn without_paths(line: &[u8]) -> Vec<u8> {
    let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.contains(&b'/'));
    words.collect::<Vec<_>>().join(&b' ')
}

fn contains(line: &[u8], words: &[u8]) -> bool {
    line.windows(words.len()).any(|part| part == words)
}

fn any(line: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|words| contains(line, words))
}

/// Whether the word stands there with neither a letter, a digit nor an underscore beside it.
fn has_word(line: &[u8], word: &[u8]) -> bool {
    let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (0..line.len().saturating_sub(word.len() - 1)).any(|at| {
        line.get(at..at + word.len()) == Some(word)
            && !part(at.checked_sub(1).and_then(|before| line.get(before)))
            && !part(line.get(at + word.len()))
    })
}
