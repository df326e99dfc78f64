//! How much a task has written, against what it may write.

use std::os::unix::fs::MetadataExt;

use crate::sandbox::{Policy, Stopped};

/// The limit that is passed now, if any.
pub(crate) fn over(policy: &Policy) -> Option<Stopped> {
    let limits = &policy.limits;
    let free = rustix::fs::statvfs(&policy.home).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if let Ok(free_bytes) = free
        && free_bytes < limits.free_bytes_min
    {
        return Some(Stopped::DiskFull { free_bytes, min_bytes: limits.free_bytes_min });
    }
    let (mut bytes, mut files) = (0u64, 0u64);
    for place in &policy.writable {
        let walked = ignore::WalkBuilder::new(place).standard_filters(false).follow_links(false).build();
        for meta in walked.flatten().filter_map(|entry| entry.metadata().ok()) {
            files += 1;
            bytes = bytes.saturating_add(meta.blocks().saturating_mul(512));
        }
    }
    let (base_bytes, base_files) = policy.base_size;
    let (used_bytes, used_files) = (bytes.saturating_sub(base_bytes), files.saturating_sub(base_files));
    let full = used_bytes > limits.written_bytes || used_files > limits.written_files;
    full.then_some(Stopped::ShadowFull {
        used_bytes,
        used_files,
        limit_bytes: limits.written_bytes,
        limit_files: limits.written_files,
    })
}
