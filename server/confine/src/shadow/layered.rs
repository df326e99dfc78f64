//! Listing what a task changed in an overlaid shadow: a walk over the upper layer, so it costs what was changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use vouchsafe_base::WorkspacePath;

use super::base::Kept;
use super::change::{Change, Entry};
use super::changes::{Digests, describe, worth_listing};
use super::file::{self, Kind};
use super::ignores::Ignores;
use super::overlaid::{Overlaid, Where, is_whiteout};
use super::{git, index, place, walk};

/// Bases that were seen while they were still known.
pub(super) type Bases = BTreeMap<WorkspacePath, Entry>;

/// One look at the upper layer.
pub(super) struct Look<'a> {
    shadow: &'a Overlaid,
    digests: &'a mut Digests,
    bases: &'a mut Bases,
    kept: &'a mut Kept,
    then: Ignores<'a>,
    now: Ignores<'a>,
    before: BTreeMap<WorkspacePath, Entry>,
    after: BTreeMap<WorkspacePath, Entry>,
    ignored: u64,
    /// What git tracks; read only when something is both ignored and old.
    tracked: Option<BTreeSet<WorkspacePath>>,
}

type Failed = (WorkspacePath, io::Error);

/// The changes, not yet paired into renames, and how many ignored files were written.
pub(super) fn changes(
    shadow: &Overlaid,
    digests: &mut Digests,
    bases: &mut Bases,
    kept: &mut Kept,
) -> Result<(Vec<Change>, u64), Failed> {
    let base = |path: &WorkspacePath| shadow.workspace_root.read(path).ok().flatten();
    let seen = |path: &WorkspacePath| match shadow.locate(path) {
        Ok(Where::Upper) => shadow.read_upper(path).ok().flatten(),
        Ok(Where::Below) => base(path),
        Ok(Where::Nowhere) | Err(_) => None,
    };
    let mut look = Look {
        shadow,
        digests,
        bases,
        kept,
        then: Ignores::new(&shadow.workspace, &base),
        now: Ignores::new(&shadow.workspace, &seen),
        before: BTreeMap::new(),
        after: BTreeMap::new(),
        ignored: 0,
        tracked: None,
    };
    look.directory(None)?;
    Ok((look.pair(), look.ignored))
}

impl Look<'_> {
    fn directory(&mut self, directory: Option<&WorkspacePath>) -> Result<(), Failed> {
        for path in self.entries(directory) {
            self.one(&path).map_err(|error| (path.clone(), error))??;
        }
        Ok(())
    }

    /// What lies directly in a directory of the upper layer, `.git` left out.
    fn entries(&self, directory: Option<&WorkspacePath>) -> Vec<WorkspacePath> {
        let at = directory
            .map_or_else(|| self.shadow.upper.clone(), |path| self.shadow.upper.join(path.as_path()));
        let read = fs::read_dir(&at).or_else(|_| {
            place::open_up(&at); // the task took its own rights away
            fs::read_dir(&at)
        });
        children(&self.shadow.upper, read)
    }

    fn one(&mut self, path: &WorkspacePath) -> io::Result<Result<(), Failed>> {
        let Some(stat) = self.shadow.upper_root.stat(path)? else {
            return Ok(Ok(())); // gone meanwhile
        };
        let kind = file::kind(&stat);
        let base = self.base(path)?;
        if self.is_ignored(path, kind == Kind::Directory, base.is_some()) {
            self.ignored += count_files(&self.shadow.upper.join(path.as_path()));
            return Ok(Ok(()));
        }
        if is_whiteout(&stat) || kind == Kind::Special {
            return Ok(self.deleted(path));
        }
        if let Some(entry) = describe(&self.shadow.upper_root, path, &stat, self.digests)? {
            self.after.insert(path.clone(), entry);
        }
        let was_directory = matches!(base, Some(Entry::Directory { .. }));
        self.before.extend(base.map(|base| (path.clone(), base)));
        if kind != Kind::Directory {
            return Ok(if was_directory { self.deleted_below(path, &BTreeSet::new()) } else { Ok(()) });
        }
        if was_directory && self.shadow.is_opaque(path) {
            let there: BTreeSet<WorkspacePath> = self.entries(Some(path)).into_iter().collect();
            if let Err(failed) = self.deleted_below(path, &there) {
                return Ok(Err(failed));
            }
        }
        Ok(self.directory(Some(path)))
    }

    /// Everything that the base had at a path is gone.
    fn deleted(&mut self, path: &WorkspacePath) -> Result<(), Failed> {
        let base = self.base(path).map_err(|error| (path.clone(), error))?;
        let Some(base) = base else { return Ok(()) };
        let directory = matches!(base, Entry::Directory { .. });
        if self.then.covers(path, directory) && !self.is_tracked(path, directory) {
            return Ok(());
        }
        self.before.insert(path.clone(), base);
        if directory { self.deleted_below(path, &BTreeSet::new()) } else { Ok(()) }
    }

    /// Everything that the base had in a directory, but for `left`.
    fn deleted_below(
        &mut self,
        directory: &WorkspacePath,
        left: &BTreeSet<WorkspacePath>,
    ) -> Result<(), Failed> {
        let at = self.shadow.workspace.join(directory.as_path());
        let mut had: BTreeSet<WorkspacePath> =
            children(&self.shadow.workspace, fs::read_dir(at)).into_iter().collect();
        had.extend(self.shadow.seeded_in(directory));
        had.iter().filter(|path| !left.contains(path)).try_for_each(|path| self.deleted(path))
    }

    /// What was there at the start, remembered while it is known.
    fn base(&mut self, path: &WorkspacePath) -> io::Result<Option<Entry>> {
        if let Some(entry) = self.bases.get(path) {
            return Ok(Some(entry.clone()));
        }
        let base = self.shadow.base(path, &mut |digest, bytes| self.kept.keep(digest, bytes))?;
        if let Some(base) = base.as_ref().filter(|base| base.known) {
            self.bases.insert(path.clone(), base.entry.clone());
        }
        Ok(base.map(|base| base.entry))
    }

    /// Ignored now, and not a file of the base that only the task has made git ignore.
    fn is_ignored(&mut self, path: &WorkspacePath, directory: bool, had: bool) -> bool {
        self.now.covers(path, directory)
            && (!had || (self.then.covers(path, directory) && !self.is_tracked(path, directory)))
    }

    /// Whether git tracks a file, or one in a directory.
    fn is_tracked(&mut self, path: &WorkspacePath, directory: bool) -> bool {
        let workspace = &self.shadow.workspace;
        let tracked = self.tracked.get_or_insert_with(|| {
            git::directory_of(&workspace.join(".git")).map(|git| index::tracked(&git)).unwrap_or_default()
        });
        if directory { has_below(tracked.range(path..), path) } else { tracked.contains(path) }
    }

    fn pair(&self) -> Vec<Change> {
        let paths: BTreeSet<&WorkspacePath> = self.before.keys().chain(self.after.keys()).collect();
        let change = |path: &WorkspacePath| {
            let (before, after) = (self.before.get(path), self.after.get(path));
            worth_listing(path, before, after, &self.after, &self.before).then(|| Change {
                path: path.clone(),
                before: before.cloned(),
                after: after.cloned(),
                renamed_from: None,
            })
        };
        paths.into_iter().filter_map(change).collect()
    }
}

/// Paths sort by bytes, so what lies below `d` comes after `d`, with at most the likes of `d.x` between.
fn has_below<'p>(mut from: impl Iterator<Item = &'p WorkspacePath>, directory: &WorkspacePath) -> bool {
    from.find(|path| path.as_bytes() > [directory.as_bytes(), b"/"].concat().as_slice())
        .is_some_and(|path| path.is_within(directory))
}

fn children(root: &Path, read: io::Result<fs::ReadDir>) -> Vec<WorkspacePath> {
    let entries = read.into_iter().flatten().flatten().filter(|entry| entry.file_name() != ".git");
    let mut paths: Vec<WorkspacePath> =
        entries.filter_map(|entry| walk::inside(root, &entry.path())).collect();
    paths.sort();
    paths
}

fn count_files(at: &Path) -> u64 {
    let Ok(meta) = fs::symlink_metadata(at) else { return 0 };
    if meta.is_dir() {
        let entries = fs::read_dir(at).into_iter().flatten().flatten();
        return entries.map(|entry| count_files(&entry.path())).sum();
    }
    u64::from(meta.is_file())
}
