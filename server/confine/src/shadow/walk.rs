//! The one way in which trees are walked: `.gitignore` and its relatives honoured, `.git` and hidden files left out.

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
        path.name() != b".git" && !hidden.as_ref().is_some_and(|hidden| hidden.matches(&path))
    });
    walk
}

/// The part of `path` below `root`; `None` for the root itself.
pub(super) fn inside(root: &Path, path: &Path) -> Option<WorkspacePath> {
    path.strip_prefix(root).ok().and_then(|below| WorkspacePath::from_relative(below).ok())
}
