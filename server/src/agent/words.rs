//! What the sandbox says, in words for the record and the user.

use vouchsafe_confine::{Lack, Lacking, Stopped, Tier};
use vouchsafe_evidence::log::Stop;

/// How a task is confined, as the end of a sentence.
#[must_use]
pub const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Namespaces => "namespaces, a private root, Landlock and seccomp",
        Tier::LandlockOnly => "Landlock and seccomp (no namespaces on this machine: see docs/security.md)",
    }
}

/// Something the copy has not, and why.
pub(super) fn lacking(lacking: &Lacking) -> String {
    let why = match lacking.why {
        Lack::Ignored => "ignored by .gitignore",
        Lack::Hidden => "hidden, it may hold secrets",
        Lack::Special => "no regular file",
        Lack::TooLarge => "too large",
        Lack::Unreadable => "unreadable",
    };
    format!("{} ({why})", lacking.path)
}

/// How a command failed, with what the sandbox denied it: the first, as one sentence is what a message has room for.
pub(super) fn because(failed: String, denials: &[String]) -> String {
    match denials {
        [] => failed,
        [only] => format!("{failed}: {only}"),
        [first, more @ ..] => format!("{failed}: {first} (and {} more, see the record)", more.len()),
    }
}

/// Which limit it was.
pub(super) const fn stop(stopped: &Stopped) -> Stop {
    match stopped {
        Stopped::Cancelled => Stop::Cancelled,
        Stopped::OutOfTime { .. } => Stop::WallTime,
        Stopped::OutOfCpu { .. } => Stop::CpuTime,
        Stopped::OutOfMemory { .. } => Stop::Memory,
        Stopped::TooManyProcesses { .. } => Stop::Processes,
        Stopped::OutputLimit { .. } => Stop::Output,
        Stopped::FileTooLarge { .. } | Stopped::ShadowFull { .. } | Stopped::DiskFull { .. } => {
            Stop::FileSize
        }
    }
}

/// The limit's name: the configuration key that would allow more, where there is one.
pub(super) const fn limit(stop: Stop) -> &'static str {
    match stop {
        Stop::WallTime => "limits.command_wall_s",
        Stop::CpuTime => "limits.command_cpu_s",
        Stop::Output => "output_bytes_max (fixed)",
        Stop::FileSize => "limits.shadow_mib",
        Stop::Memory => "limits.memory_mib",
        Stop::Processes => "limits.processes",
        Stop::Cancelled | Stop::ServerEnded => "none",
    }
}
