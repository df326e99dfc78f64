//! A command that ran in the sandbox, and what came of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use vouchsafe_base::{Digest, WorkspacePath};

/// One command of a task, with everything that is needed to judge it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRan {
    /// The shell line as it was given to `sh -c`, or the argument vector quoted for a shell.
    pub command: String,
    /// Where it ran, relative to the workspace; `.` for its root.
    pub directory: String,
    /// How it ended. For a shell line: the status of the whole line, as the shell reports it.
    pub exit: Exit,
    /// What it wrote to standard output.
    pub stdout: OutputRef,
    /// What it wrote to standard error.
    pub stderr: OutputRef,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// User and system time of all its processes, in milliseconds.
    pub cpu_ms: u64,
    /// The largest resident size of one of its processes, in bytes.
    pub max_rss_bytes: u64,
    /// Files whose content it changed, with their digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<FileChanged>,
    /// What the sandbox denied it, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denials: Vec<String>,
    /// Why it was run: the model's words before it, or the recipe's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum Exit {
    /// It exited by itself.
    Code {
        /// The exit code; 0 is success.
        code: i32,
    },
    /// A signal ended it that we did not send.
    Signal {
        /// The signal's number.
        signal: i32,
    },
    /// It could not be started.
    NotStarted {
        /// Why, as a sentence.
        reason: String,
    },
    /// We ended it.
    Stopped {
        /// What it ran into.
        by: Stop,
        /// The same in words, with the figures.
        sentence: String,
    },
}

/// Why a command was stopped from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It ran longer than its wall-time limit.
    WallTime,
    /// It used more processor time than allowed.
    CpuTime,
    /// It wrote more output than allowed.
    Output,
    /// It wrote a file, or files in sum, larger than allowed.
    FileSize,
    /// It used more memory than allowed.
    Memory,
    /// It started more processes than allowed.
    Processes,
    /// The user cancelled the task.
    Cancelled,
    /// The server ended.
    ServerEnded,
}

/// Where the bytes are that a command wrote to one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputRef {
    /// The blob that holds what was kept of them (secrets already replaced).
    pub blob: Digest,
    /// How many bytes the command wrote in all.
    pub bytes_total: u64,
    /// Whether the blob lacks some of them.
    pub truncated: bool,
    /// How many lines the blob has, by [`crate::lines()`].
    pub lines: u32,
}

/// A file whose content a step changed. `before: None` means it was created, `after: None` deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileChanged {
    /// The file.
    pub path: WorkspacePath,
    /// Digest of its content before the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// Digest of its content after the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Digest>,
}

impl Exit {
    /// Whether it exited by itself with code 0.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Code { code: 0 })
    }

    /// The exit code, if it has one.
    #[must_use]
    pub const fn code(&self) -> Option<i32> {
        match self {
            Self::Code { code } => Some(*code),
            Self::Signal { .. } | Self::NotStarted { .. } | Self::Stopped { .. } => None,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code { code } => write!(f, "exit code {code}"),
            Self::Signal { signal } => write!(f, "killed by signal {signal}{}", signal_name(*signal)),
            Self::NotStarted { reason } => write!(f, "not started: {reason}"),
            Self::Stopped { sentence, .. } => write!(f, "stopped: {sentence}"),
        }
    }
}

/// The name of a signal on Linux for people, in brackets; empty for the rarer ones.
const fn signal_name(signal: i32) -> &'static str {
    match signal {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        13 => " (SIGPIPE)",
        15 => " (SIGTERM)",
        24 => " (SIGXCPU)",
        25 => " (SIGXFSZ)",
        31 => " (SIGSYS)",
        _ => "",
    }
}

impl OutputRef {
    /// The reference to `kept`, the whole or a part of a stream of `bytes_total` bytes, stored as `blob`.
    #[must_use]
    pub fn to(blob: Digest, kept: &[u8], bytes_total: u64) -> Self {
        let truncated = bytes_total > kept.len() as u64;
        Self { blob, bytes_total, truncated, lines: crate::lines::count_bytes(kept) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_apart() {
        assert!(Exit::Code { code: 0 }.is_success());
        assert_eq!(Exit::Signal { signal: 9 }.to_string(), "killed by signal 9 (SIGKILL)");
        let stopped = Exit::Stopped { by: Stop::WallTime, sentence: "it ran longer than 5 s".into() };
        assert_eq!(
            serde_json::to_string(&stopped).unwrap(),
            r#"{"how":"stopped","by":"wall_time","sentence":"it ran longer than 5 s"}"#
        );
        assert_eq!(stopped.code(), None);
    }
}
