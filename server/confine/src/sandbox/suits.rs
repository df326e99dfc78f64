//! What about a workspace stands in the way of an overlay, as far as looking tells.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Entries looked at for foreign owners: the top and the first level. More would cost with the size of the tree.
const LOOKED_AT: usize = 2000;

/// One sentence why an overlay cannot serve, or `None`.
pub(super) fn look(workspace: &Path) -> Option<String> {
    mount_below(workspace)
        .or_else(|| if rustix::process::geteuid().is_root() { None } else { foreign(workspace) })
}

fn mount_below(workspace: &Path) -> Option<String> {
    let mounts = fs::read("/proc/self/mountinfo").unwrap_or_default();
    let points =
        mounts.split(|byte| *byte == b'\n').filter_map(|line| line.split(|byte| *byte == b' ').nth(4));
    let below = points.map(unescape).find(|point| point.starts_with(workspace) && point != workspace)?;
    Some(format!(
        "something is mounted below the workspace, at {}: an overlay would not show it, so the task works in a copy",
        below.display()
    ))
}

/// Blanks and the like are three octal digits in mountinfo.
fn unescape(text: &[u8]) -> PathBuf {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let octal = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = octal.filter(|_| *first == b'\\').and_then(|digits| u8::from_str_radix(digits, 8).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { tail.get(3..).unwrap_or_default() } else { tail };
    }
    OsString::from_vec(plain).into()
}

/// An ordinary user can map only themself, and then not change what belongs to others. Root inside has no power over
/// what belongs to others, either; in a copy everything is its own.
fn foreign(workspace: &Path) -> Option<String> {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let first = fs::read_dir(workspace).into_iter().flatten().flatten().map(|entry| entry.path());
    let looked_at = std::iter::once(workspace.to_owned()).chain(first).take(LOOKED_AT);
    let strange = |path: &PathBuf| {
        fs::symlink_metadata(path).is_ok_and(|meta| meta.uid() != uid || (uid != 0 && meta.gid() != gid))
    };
    let found = looked_at.into_iter().find(strange)?;
    Some(format!(
        "{} belongs to another user or group, so an overlay could not change it and the task works in a copy",
        found.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_found_below_and_not_beside() {
        assert_eq!(unescape(br"/a\040b\134c"), Path::new(r"/a b\c"));
        assert!(mount_below(Path::new("/")).is_some());
        assert_eq!(mount_below(Path::new("/proc/self")), None);
    }
}
