//! Which files git tracks, read from its index: a tracked file counts though an ignore file names it.
//!
//! Absent on purpose
//! - Anything but the names; indexes of repositories with SHA-256 names, for which nothing is known to be tracked.

use std::collections::BTreeSet;
use std::path::Path;

use vouchsafe_base::WorkspacePath;

/// Bytes of an entry before its flags, and its flags.
const FIXED: usize = 60;
const EXTENDED: u16 = 0x4000;

/// The paths in the index of the workspace's own repository; none when there is no index that we can read.
pub(super) fn tracked(git: &Path) -> BTreeSet<WorkspacePath> {
    std::fs::read(git.join("index")).ok().and_then(|bytes| parse(&bytes)).unwrap_or_default()
}

fn parse(bytes: &[u8]) -> Option<BTreeSet<WorkspacePath>> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let (version, count) = (number(4)?, number(8)?);
    if bytes.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut paths = BTreeSet::new();
    let (mut at, mut name) = (12, Vec::new());
    for _ in 0..count {
        let flags = u16::from_be_bytes(bytes.get(at + FIXED..at + FIXED + 2)?.try_into().ok()?);
        let mut begin = at + FIXED + 2 + if flags & EXTENDED != 0 { 2 } else { 0 };
        if version == 4 {
            let (strip, length) = variable(bytes.get(begin..)?)?;
            begin += length;
            name.truncate(name.len().checked_sub(strip)?);
        } else {
            name.clear();
        }
        let rest = bytes.get(begin..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(rest.get(..length)?);
        // Up to version 3 entries are padded with NULs to a multiple of eight, at least one.
        let end = begin + length + 1;
        at = if version == 4 { end } else { at + (end - at).next_multiple_of(8) };
        paths.extend(WorkspacePath::from_bytes(&name).ok());
    }
    Some(paths)
}

/// Git's variable-length number, and how many bytes it takes.
fn variable(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        value = value.checked_mul(128)? + usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(tail in proptest::collection::vec(any::<u8>(), 0..300), version in 2u8..5) {
            let bytes = [b"DIRC\0\0\0".as_slice(), &[version, 0, 0, 0, 3], &tail].concat();
            parse(&bytes);
            parse(&tail);
        }
    }
}
