//! The one way in which trees are walked: `.gitignore` and its relatives honoured, `.git` and hidden files left out.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use vouchsafe_base::WorkspacePath;

use super::hidden::Hidden;

/// A walk below `root`; `ignores` switches the ignore files on. `.git` itself is not yielded.
pub(super) fn below(root: &Path, hidden: Option<&Arc<Hidden>>, ignores: bool) -> WalkBuilder {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false)
        .git_ignore(ignores)
        .git_global(ignores)
        .git_exclude(ignores)
        .parents(ignores)
        .require_git(false)
        .follow_links(false);
    let (root, hidden): (PathBuf, _) = (root.to_owned(), hidden.cloned());
    walk.filter_entry(move |entry| {
        let Some(path) = inside(&root, entry.path()) else {
            return true; // the root itself
        };
        let cache =
            || ignores && entry.file_type().is_some_and(|kind| kind.is_dir()) && is_cache(entry.path());
        path.name() != b".git" && !hidden.as_ref().is_some_and(|hidden| hidden.matches(&path)) && !cache()
    });
    walk
}

/// How a `CACHEDIR.TAG` begins (bford.info/cachedir): what lies beside it can be made again. cargo, pytest, mypy and
/// ruff write one, and not every project that uses them ignores those directories.
pub(super) const CACHE_TAG: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// Whether a directory says of itself that it can be made again.
fn is_cache(directory: &Path) -> bool {
    let tag = directory.join("CACHEDIR.TAG");
    if !tag.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
        return false;
    }
    let mut begin = Vec::new();
    let file = std::fs::File::open(tag);
    let read = file.and_then(|file| file.take(CACHE_TAG.len() as u64).read_to_end(&mut begin));
    read.is_ok() && begin == CACHE_TAG
}

/// The part of `path` below `root`; `None` for the root itself.
pub(super) fn inside(root: &Path, path: &Path) -> Option<WorkspacePath> {
    path.strip_prefix(root).ok().and_then(|below| WorkspacePath::from_relative(below).ok())
}
