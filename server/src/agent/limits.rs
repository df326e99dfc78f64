//! The configuration in the sandbox's words.

use std::ffi::OsString;
use std::time::Duration;

use vouchsafe_base::Digest;
use vouchsafe_confine::{Limits, Shadow, ShadowLimits, TaskLimits};
use vouchsafe_evidence::store::Retention;

use super::Job;
use crate::config::{Config, Retention as Kept};

/// What one command may use.
pub(super) fn of_command(config: &Config) -> Limits {
    let limits = &config.limits;
    Limits {
        wall: Duration::from_secs(limits.command_wall_s.into()),
        cpu: Some(Duration::from_secs(limits.command_cpu_s.into())),
        output_bytes_kept: u64::from(limits.output_kept_kib) << 10,
        file_bytes: mib(limits.file_mib),
        memory_bytes: Some(mib(limits.memory_mib)),
        processes: limits.processes,
        ..Limits::default()
    }
}

/// What all commands of a task may use together.
pub(super) fn of_task(config: &Config) -> TaskLimits {
    TaskLimits {
        written_bytes: mib(config.limits.shadow_mib),
        written_files: config.limits.shadow_files.into(),
        ..TaskLimits::default()
    }
}

/// What the copy may take.
pub(super) fn of_shadow(config: &Config) -> ShadowLimits {
    let limits = &config.limits;
    ShadowLimits {
        bytes_max: mib(limits.shadow_mib),
        files_max: limits.shadow_files.into(),
        ..ShadowLimits::default()
    }
}

/// How long a whole task may take.
pub(super) fn wall(config: &Config) -> Duration {
    Duration::from_secs(config.limits.task_wall_s.into())
}

/// How much of each output stream is stored whole, in bytes.
pub(super) fn stored_bytes(config: &Config) -> u64 {
    mib(config.limits.output_stored_mib)
}

/// What `gc` keeps of the record.
#[must_use]
pub fn retention(kept: Kept) -> Retention {
    Retention {
        max_age: Some(Duration::from_secs(u64::from(kept.days) * 24 * 3600)),
        max_bytes: Some(u64::from(kept.max_mib) << 20),
    }
}

/// Names the configuration in the record; equal digests mean equal rules.
pub(super) fn digest(config: &Config) -> Digest {
    Digest::of(format!("{config:?}").as_bytes())
}

/// What is set in the environment of a task's commands, on top of what the sandbox gives everybody.
pub(super) fn environment(job: &Job, shadow: &Shadow) -> Vec<(OsString, OsString)> {
    let passed = job.config.env_pass.iter().filter_map(|name| Some((name.into(), std::env::var_os(name)?)));
    let own = job.env.iter().map(|(name, value)| (name.into(), value.into()));
    let mut all: Vec<(OsString, OsString)> = passed.chain(own).collect();
    if !job.tool_directories.is_empty() {
        let local = job.tool_directories.iter().map(|below| shadow.seen_root().join(below.as_path()));
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let entries = local.chain(std::env::split_paths(&usual));
        // A directory with a colon in its name cannot stand in PATH; the tools in it are not found then.
        all.extend(std::env::join_paths(entries).ok().map(|path| ("PATH".into(), path)));
    }
    all
}

fn mib(count: u32) -> u64 {
    u64::from(count) << 20
}
