//! What was seen of a command: how it ended, what it printed, what it was denied.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What was seen of one command.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// How it ended.
    pub ended: Ended,
    /// From the request to the end of the last process.
    pub duration: Duration,
    /// User and system time of all its processes.
    pub cpu: Duration,
    /// Largest resident size of one of its processes.
    pub max_rss_bytes: u64,
    /// Standard output.
    pub stdout: Output,
    /// Standard error.
    pub stderr: Output,
    /// What the sandbox is known to have denied; empty when nothing can be told.
    pub denials: Vec<Denial>,
    /// Processes that were still alive when the command's own process ended, and were killed.
    pub killed: u32,
}

impl Observation {
    /// Whether it exited with status 0.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.ended == Ended::Exited(0)
    }
}

/// One output stream, with the middle left out when it was long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The head and the tail.
    pub kept: Vec<u8>,
    /// Bytes that were written in all.
    pub total_bytes: u64,
    /// Whether a middle part was left out.
    pub truncated: bool,
    /// Index in `kept` where the left-out part was; `kept.len()` when nothing was left out.
    pub gap_at: usize,
}

impl Output {
    /// Bytes that were left out.
    #[must_use]
    pub fn gap_bytes(&self) -> u64 {
        self.total_bytes.saturating_sub(self.kept.len() as u64)
    }
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It exited by itself with this status.
    Exited(i32),
    /// A signal that was not ours ended it.
    Signalled(i32),
    /// It did not start; the sentence says why, for example which program was not found.
    NotStarted(String),
    /// It was stopped.
    Stopped(Stopped),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with status {status}"),
            Self::Signalled(signal) => write!(f, "was ended by signal {signal}"),
            Self::NotStarted(why) => write!(f, "did not start: {why}"),
            Self::Stopped(stopped) => stopped.fmt(f),
        }
    }
}

/// Why a command was stopped before its own end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// Somebody cancelled it.
    #[error("was cancelled")]
    Cancelled,
    /// The wall time was over.
    #[error("ran out of time: {limit_ms} ms are allowed")]
    OutOfTime {
        /// The limit.
        limit_ms: u64,
    },
    /// One process used up its CPU time.
    #[error("ran out of CPU time: {limit_ms} ms are allowed to each process")]
    OutOfCpu {
        /// The limit.
        limit_ms: u64,
    },
    /// Its processes held too much memory.
    #[error("ran out of memory: its processes held {used_bytes} bytes, {limit_bytes} are allowed")]
    OutOfMemory {
        /// The limit.
        limit_bytes: u64,
        /// What they held.
        used_bytes: u64,
    },
    /// It had too many processes.
    #[error("had {count} processes and threads at once, {limit} are allowed")]
    TooManyProcesses {
        /// The limit.
        limit: u32,
        /// What was counted.
        count: u32,
    },
    /// It printed too much.
    #[error("printed more than {limit_bytes} bytes")]
    OutputLimit {
        /// The limit.
        limit_bytes: u64,
    },
    /// A file that it wrote grew too large.
    #[error("wrote a file of more than {limit_bytes} bytes")]
    FileTooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The task wrote too much.
    #[error(
        "filled its shadow: {used_bytes} bytes in {used_files} files; {limit_bytes} bytes and {limit_files} files are allowed"
    )]
    ShadowFull {
        /// Bytes written.
        used_bytes: u64,
        /// Files written.
        used_files: u64,
        /// Bytes allowed.
        limit_bytes: u64,
        /// Files allowed.
        limit_files: u64,
    },
    /// The disk itself is nearly full.
    #[error(
        "was stopped because the disk of the shadow has only {free_bytes} bytes left, {min_bytes} must stay free"
    )]
    DiskFull {
        /// What is left.
        free_bytes: u64,
        /// What must stay free.
        min_bytes: u64,
    },
}

/// Something the sandbox denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// The path or the call.
    pub what: String,
    /// The rule that denied it.
    pub rule: String,
    /// What the user could allow, and where.
    pub allow: String,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox denied {}: {}; {}", self.what, self.rule, self.allow)
    }
}
