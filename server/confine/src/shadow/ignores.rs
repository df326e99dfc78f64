//! Whether git would ignore a path, asked path by path: an overlay's changes are few, its tree may be huge.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use vouchsafe_base::WorkspacePath;

use super::walk::CACHE_TAG;

/// Reads a `.gitignore`, of the base or as it is now.
pub(super) type ReadFile<'a> = &'a dyn Fn(&WorkspacePath) -> Option<Vec<u8>>;

/// The rules of one view of the workspace, read as they are needed.
pub(super) struct Ignores<'a> {
    workspace: &'a Path,
    read: ReadFile<'a>,
    /// By directory; `None` is the top.
    within: BTreeMap<Option<WorkspacePath>, Gitignore>,
    /// Directories that say of themselves whether they can be made again.
    caches: BTreeMap<WorkspacePath, bool>,
    /// Directories that were asked for, themselves or for what lies in them.
    covered: BTreeMap<WorkspacePath, bool>,
    /// Those of the directories above, the repository's own excludes and the user's.
    around: Vec<Gitignore>,
}

impl<'a> Ignores<'a> {
    pub(super) fn new(workspace: &'a Path, read: ReadFile<'a>) -> Self {
        let mut around = Vec::new();
        if !workspace.join(".git").exists() {
            for above in workspace.ancestors().skip(1) {
                let file = above.join(".gitignore");
                if file.is_file() {
                    around.push(Gitignore::new(&file).0);
                }
                if above.join(".git").exists() {
                    break;
                }
            }
        }
        let mut exclude = GitignoreBuilder::new(workspace);
        // Not a repository, or none of its own: then there is nothing to add.
        if exclude.add(workspace.join(".git/info/exclude")).is_none() {
            around.extend(exclude.build());
        }
        around.push(GitignoreBuilder::new(workspace).build_global().0);
        Self {
            workspace,
            read,
            within: BTreeMap::new(),
            caches: BTreeMap::new(),
            covered: BTreeMap::new(),
            around,
        }
    }

    /// Whether the path, or a directory above it, is ignored.
    pub(super) fn covers(&mut self, path: &WorkspacePath, directory: bool) -> bool {
        if directory && let Some(known) = self.covered.get(path) {
            return *known;
        }
        let covered =
            path.parent().is_some_and(|above| self.covers(&above, true)) || self.one(path, directory);
        if directory {
            self.covered.insert(path.clone(), covered);
        }
        covered
    }

    /// A tagged cache is ignored; else the rules of the nearest directory decide.
    fn one(&mut self, path: &WorkspacePath, directory: bool) -> bool {
        if directory && self.is_cache(path) {
            return true;
        }
        let at = self.workspace.join(path.as_path());
        let mut above = path.parent();
        loop {
            match self.rules(&above).matched(&at, directory) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
            match above {
                None => break,
                Some(directory) => above = directory.parent(),
            }
        }
        self.around
            .iter()
            .map(|rules| rules.matched(&at, directory))
            .find(|matched| !matched.is_none())
            .is_some_and(|matched| matched.is_ignore())
    }

    fn is_cache(&mut self, directory: &WorkspacePath) -> bool {
        if let Some(known) = self.caches.get(directory) {
            return *known;
        }
        let tag = WorkspacePath::from_relative(&directory.as_path().join("CACHEDIR.TAG")).ok();
        let tagged = tag.and_then(|tag| (self.read)(&tag)).is_some_and(|text| text.starts_with(CACHE_TAG));
        self.caches.insert(directory.clone(), tagged);
        tagged
    }

    fn rules(&mut self, directory: &Option<WorkspacePath>) -> &Gitignore {
        let (workspace, read) = (self.workspace, self.read);
        self.within.entry(directory.clone()).or_insert_with(|| rules_of(workspace, directory.as_ref(), read))
    }
}

fn rules_of(workspace: &Path, directory: Option<&WorkspacePath>, read: ReadFile<'_>) -> Gitignore {
    let below: PathBuf = directory.map(|path| path.as_path().to_owned()).unwrap_or_default();
    let mut rules = GitignoreBuilder::new(workspace.join(&below));
    let file = WorkspacePath::from_relative(&below.join(".gitignore")).ok();
    let text = file.and_then(|file| read(&file)).unwrap_or_default();
    for line in String::from_utf8_lossy(&text).lines() {
        rules.add_line(None, line).ok(); // a malformed line ignores nothing, as in git
    }
    rules.build().unwrap_or_else(|_| Gitignore::empty())
}
