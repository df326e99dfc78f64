//! Which files a task's copy has, ignored ones left out.
//!
//! The copy is what the workspace had, without what is hidden, and with what the task changed: the workspace is walked
//! once, and the task's changes are laid over.

use std::collections::BTreeSet;

use ignore::WalkBuilder;
use vouchsafe_base::WorkspacePath;

use super::world::World;
use crate::agent::TrackedFiles;

/// So many files are listed at most; a workspace with more is searched by commands.
const FILES_MAX: usize = 200_000;

/// The files of a copy.
#[derive(Debug, Default)]
pub(in crate::agent) struct Tree {
    /// What the workspace had; filled at the first use.
    base: Option<BTreeSet<WorkspacePath>>,
    /// Whether there were more than [`FILES_MAX`].
    pub(in crate::agent) more: bool,
}

impl Tree {
    /// All files that the copy has now, sorted.
    pub(in crate::agent) fn files(
        &mut self,
        world: &World<'_>,
        changed: &TrackedFiles,
    ) -> BTreeSet<WorkspacePath> {
        let base = match self.base.take() {
            Some(base) => base,
            None => self.walk(world),
        };
        let mut files = base.clone();
        self.base = Some(base);
        for (path, exists) in changed.standing() {
            if exists {
                files.insert(path.clone());
            } else {
                files.remove(path);
            }
        }
        files
    }

    fn walk(&mut self, world: &World<'_>) -> BTreeSet<WorkspacePath> {
        let root = world.shadow.workspace();
        let mut walk = WalkBuilder::new(root);
        walk.standard_filters(false)
            .git_ignore(true)
            .git_global(true)
            .git_exclude(true)
            .parents(true)
            .require_git(false)
            .follow_links(false);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        let inside = |entry: ignore::DirEntry| {
            let below = entry.path().strip_prefix(root).ok()?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            is_file.then(|| WorkspacePath::from_relative(below).ok()).flatten()
        };
        let lacking =
            |path: &WorkspacePath| world.shadow.lacks().iter().any(|lacking| path.is_within(&lacking.path));
        let mut files = BTreeSet::new();
        for path in walk.build().filter_map(Result::ok).filter_map(inside).filter(|path| !lacking(path)) {
            if files.len() == FILES_MAX {
                self.more = true;
                break;
            }
            files.insert(path);
        }
        files
    }
}
