//! Listing what a task changed in an overlaid shadow: a walk over the upper layer, so it costs what was changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::Stat;
use vouchsafe_base::WorkspacePath;

use super::base::Kept;
use super::change::{Change, Entry};
use super::changes::{Digests, describe, worth_listing};
use super::file::{self, Kind};
use super::ignores::Ignores;
use super::overlaid::{Base, Overlaid, Where, is_whiteout};
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
    /// Files of the upper layer, to be read when all are known.
    files: Vec<(WorkspacePath, Stat)>,
    ignored: u64,
    /// What git tracks; read only when something is both ignored and old.
    tracked: Option<BTreeSet<WorkspacePath>>,
}

type Failed = (WorkspacePath, io::Error);

/// Files from which on a second thread is worth its start.
const WORTH_A_THREAD: usize = 64;

/// What `look` finds for each file, in order.
fn each<T>(
    files: &[(WorkspacePath, Stat)],
    look: &mut dyn FnMut(&WorkspacePath, &Stat) -> io::Result<T>,
) -> Result<Vec<T>, Failed> {
    files.iter().map(|(path, stat)| look(path, stat).map_err(|error| (path.clone(), error))).collect()
}

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
        files: Vec::new(),
        ignored: 0,
        tracked: None,
    };
    look.directory(None)?;
    look.read_files()?;
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
        if self.is_ignored(path, kind == Kind::Directory)? {
            self.ignored += count_files(&self.shadow.upper.join(path.as_path()));
            return Ok(Ok(()));
        }
        if is_whiteout(&stat) || kind == Kind::Special {
            return Ok(self.deleted(path));
        }
        if kind == Kind::File {
            self.files.push((path.clone(), stat));
            return Ok(Ok(()));
        }
        let base = self.base(path)?;
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

    /// Reads the files, and beside that what they were: most of the time is the kernel's, so two threads pay.
    fn read_files(&mut self) -> Result<(), Failed> {
        let files = std::mem::take(&mut self.files);
        let (shadow, digests, kept, known) = (self.shadow, &mut *self.digests, &mut *self.kept, &*self.bases);
        let mut base = |path: &WorkspacePath, _: &Stat| match known.get(path) {
            Some(entry) => Ok(Some(Base { entry: entry.clone(), known: true })),
            None => shadow.base(path, &mut |digest, bytes| kept.keep(digest, bytes)),
        };
        let mut now = |path: &WorkspacePath, stat: &Stat| describe(&shadow.upper_root, path, stat, digests);
        let (bases, entries) = if files.len() < WORTH_A_THREAD {
            (each(&files, &mut base)?, each(&files, &mut now)?)
        } else {
            std::thread::scope(|scope| {
                let bases = scope.spawn(|| each(&files, &mut base));
                let entries = each(&files, &mut now);
                let bases = bases.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                Ok((bases, entries?))
            })?
        };
        for (((path, _), base), entry) in files.into_iter().zip(bases).zip(entries) {
            let base = self.settled(&path, base).map_err(|error| (path.clone(), error))?;
            self.after.extend(entry.map(|entry| (path.clone(), entry)));
            let was_directory = matches!(base, Some(Entry::Directory { .. }));
            self.before.extend(base.map(|base| (path.clone(), base)));
            if was_directory {
                self.deleted_below(&path, &BTreeSet::new())?;
            }
        }
        Ok(())
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
        self.settled(path, base)
    }

    fn settled(&mut self, path: &WorkspacePath, base: Option<Base>) -> io::Result<Option<Entry>> {
        if let Some(base) = base.as_ref().filter(|base| base.known) {
            self.bases.insert(path.clone(), base.entry.clone());
        }
        // What the task wrote and the user deleted looks like a new file, but git knows it.
        let deleted = base.is_none() && self.shadow.has_changed(path.parent().as_ref());
        let base = if deleted && self.is_tracked(path, false) { self.shadow.lost(path)? } else { base };
        Ok(base.map(|base| base.entry))
    }

    /// Ignored now, and not a file of the base that only the task has made git ignore.
    fn is_ignored(&mut self, path: &WorkspacePath, directory: bool) -> io::Result<bool> {
        Ok(self.now.covers(path, directory)
            && (!self.shadow.had(path)?
                || (self.then.covers(path, directory) && !self.is_tracked(path, directory))))
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
