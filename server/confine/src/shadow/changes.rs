//! Listing what a task changed in a copied shadow: one scan, digests only for what was touched.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rustix::fs::Stat;
use vouchsafe_base::{Digest, WorkspacePath};

use super::change::{Change, Entry};
use super::copy::{Known, Manifest, file_entry};
use super::file::{self, Kind, Root, Stamp};

/// Digests of touched files, valid while their stamp is.
pub(super) type Digests = BTreeMap<WorkspacePath, (Stamp, Digest, u64)>;

/// Compares `there` (every path that is not ignored, and what the base knows) with the base.
pub(super) fn compare(
    root: &Root,
    manifest: &Manifest,
    there: BTreeMap<WorkspacePath, Stat>,
    digests: &mut Digests,
) -> Result<Vec<Change>, (WorkspacePath, io::Error)> {
    let mut now: BTreeMap<WorkspacePath, Entry> = BTreeMap::new();
    let mut unchanged: BTreeSet<WorkspacePath> = BTreeSet::new();
    for (path, stat) in there {
        let known = manifest.get(&path);
        if is_untouched(known, &stat) {
            unchanged.insert(path);
        } else if let Some(entry) =
            describe(root, &path, &stat, digests).map_err(|error| (path.clone(), error))?
        {
            now.insert(path, entry);
        }
    }
    let mut changes = Vec::new();
    for (path, entry) in &now {
        let before = manifest.get(path).map(|known| known.entry.clone());
        if worth_listing(path, before.as_ref(), Some(entry), &now, manifest) {
            changes.push(Change {
                path: path.clone(),
                before,
                after: Some(entry.clone()),
                renamed_from: None,
            });
        }
    }
    for (path, known) in manifest {
        let gone = !now.contains_key(path) && !unchanged.contains(path);
        if gone && worth_listing(path, Some(&known.entry), None, &now, manifest) {
            changes.push(Change {
                path: path.clone(),
                before: Some(known.entry.clone()),
                after: None,
                renamed_from: None,
            });
        }
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

fn is_untouched(known: Option<&Known>, stat: &Stat) -> bool {
    known.is_some_and(|known| {
        !matches!(known.entry, Entry::Directory { .. }) && known.stamp == Stamp::of(stat)
    })
}

/// What is at a path now; `None` for what is never carried (sockets, fifos, devices, or gone meanwhile).
pub(super) fn describe(
    root: &Root,
    path: &WorkspacePath,
    stat: &Stat,
    digests: &mut Digests,
) -> io::Result<Option<Entry>> {
    match file::kind(stat) {
        Kind::Directory => Ok(Some(Entry::Directory { mode: file::mode(stat) })),
        Kind::Symlink => root.link(path).map(|target| Some(Entry::Symlink { target })),
        Kind::Special => Ok(None),
        Kind::File => {
            let stamp = Stamp::of(stat);
            if let Some((_, digest, bytes)) = digests.get(path).filter(|(known, ..)| *known == stamp) {
                return Ok(Some(file_entry(*digest, *bytes, file::mode(stat))));
            }
            let Some((digest, bytes)) = root.digest(path)? else {
                return Ok(None);
            };
            digests.insert(path.clone(), (stamp, digest, bytes));
            Ok(Some(file_entry(digest, bytes, file::mode(stat))))
        }
    }
}

/// Whether a path with these two states is a change; `now` and `then` tell what lies below directories.
pub(super) fn worth_listing<T>(
    path: &WorkspacePath,
    before: Option<&Entry>,
    after: Option<&Entry>,
    now: &BTreeMap<WorkspacePath, Entry>,
    then: &BTreeMap<WorkspacePath, T>,
) -> bool {
    let directory = |entry: Option<&Entry>| matches!(entry, Some(Entry::Directory { .. }));
    match (directory(before), directory(after)) {
        (true, true) => false,
        // A new or deleted directory shows by its files, unless it had none.
        (true, false) if after.is_none() => !has_below(then, path),
        (false, true) if before.is_none() => !has_below(now, path),
        _ => before != after,
    }
}

/// Paths sort by bytes, so what lies below `d` comes after `d/` but not always right after `d`.
fn has_below<T>(tree: &BTreeMap<WorkspacePath, T>, directory: &WorkspacePath) -> bool {
    let Ok(first) = WorkspacePath::from_bytes(&[directory.as_bytes(), b"/\x01"].concat()) else {
        return false;
    };
    tree.range(first..).next().is_some_and(|(path, _)| path.is_within(directory))
}
