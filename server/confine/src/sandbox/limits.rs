//! Every limit of a command and of a task: a name, a unit, a default.

use std::time::Duration;

/// The limits of one command. Reaching one is an ordinary, named result ([`crate::Stopped`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time from start to the end of the last process.
    pub wall: Duration,
    /// CPU time of each single process; `None`: no limit.
    pub cpu: Option<Duration>,
    /// Bytes of each output stream that are kept: the head and the tail, half each; the middle is only counted.
    pub output_bytes_kept: u64,
    /// Bytes of both streams together after which the command is stopped.
    pub output_bytes_max: u64,
    /// Size of any one file that it writes, in bytes.
    pub file_bytes: u64,
    /// Resident memory of all its processes together, in bytes; `None`: no limit.
    pub memory_bytes: Option<u64>,
    /// Processes that it may have at the same time; each thread counts as one.
    pub processes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(15 * 60),
            cpu: None,
            output_bytes_kept: 1 << 20,
            output_bytes_max: 16 << 30,
            file_bytes: 4 << 30,
            memory_bytes: None,
            processes: 2048,
        }
    }
}

/// The limits of all commands of a task together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLimits {
    /// Bytes that the task may have written to its shadow, home and temporary directory at any moment.
    pub written_bytes: u64,
    /// Files that it may have created there at any moment.
    pub written_files: u64,
    /// Bytes that must stay free on the file system of the shadow.
    pub free_bytes_min: u64,
}

impl Default for TaskLimits {
    fn default() -> Self {
        Self { written_bytes: 16 << 30, written_files: 1_000_000, free_bytes_min: 256 << 20 }
    }
}
