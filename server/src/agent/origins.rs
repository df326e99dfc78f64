//! Which step made which line, file by file, while a task runs.
//!
//! Invariants
//! - After each step the tracked bytes equal the shadow's; only files that the step touched are read.
//! - A file that is no UTF-8 text, or larger than [`TEXT_BYTES_MAX`], is tracked as a whole.

use std::collections::BTreeMap;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Change, Entry, Shadow, ShadowError};
use vouchsafe_evidence::claim::recorded::ChangedText;
use vouchsafe_evidence::lines;
use vouchsafe_evidence::log::{FileChanged, Seq};
use vouchsafe_evidence::origin::Origins;

use crate::review::{self, Changed, Place, Proposal};

/// Texts above this many bytes are reviewed as a whole, not by lines.
const TEXT_BYTES_MAX: u64 = 8 << 20;
/// A file of more bytes than this is not proposed: a review holds its changes in memory.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// All changed files of a task together hold at most this many bytes; what comes after is not proposed.
const ALL_BYTES_MAX: u64 = 512 << 20;

/// A file that differs, or once differed, from what the task was given.
#[derive(Debug, Clone)]
struct Tracked {
    /// What it was at the start of the task.
    before: Option<Entry>,
    /// What it is now.
    after: Option<Entry>,
    /// The name it had at the start, if the task renamed it.
    renamed_from: Option<WorkspacePath>,
    /// Its bytes at the start; `None` when it did not exist, is no regular file, or they are not known any more.
    base: Option<Vec<u8>>,
    /// Its bytes now.
    now: Option<Vec<u8>>,
    /// Whether the bytes at the start should be known and are not, because the user changed the file meanwhile.
    base_gone: bool,
    /// Whether its bytes are not held, because they are too many.
    too_large: bool,
    /// Origins of its lines, when both sides are text.
    origins: Option<Origins>,
    /// The steps that touched it.
    steps: Vec<Seq>,
}

impl Tracked {
    /// The steps that made a place of the proposed text; all steps of the file when lines are not told apart.
    fn steps_of(&self, place: Place) -> Vec<u32> {
        let numbers = |steps: &[Seq]| steps.iter().map(|seq| seq.get()).collect();
        match (&self.origins, place) {
            (Some(origins), Place::Line(line)) => numbers(origins.of_line(line)),
            (Some(origins), Place::Gap(gap)) => numbers(origins.of_gap(gap)),
            (None, _) => numbers(&self.steps),
        }
    }

    fn change(&self, path: &WorkspacePath) -> review::Change {
        review::Change {
            path: path.clone(),
            before: self.before.as_ref().map(|entry| content(entry, self.base.as_deref())),
            after: self.after.as_ref().map(|entry| content(entry, self.now.as_deref())),
            renamed_from: self.renamed_from.clone(),
        }
    }
}

/// An entry of the shadow with its bytes.
fn content(entry: &Entry, bytes: Option<&[u8]>) -> review::Entry {
    match entry {
        Entry::File { mode, .. } => {
            review::Entry::File { bytes: bytes.unwrap_or_default().into(), mode: *mode }
        }
        Entry::Symlink { target } => review::Entry::Symlink { target: target.as_slice().into() },
        Entry::Directory { .. } => review::Entry::Directory,
    }
}

/// All files a task has touched so far.
#[derive(Debug, Default)]
pub struct TrackedFiles {
    files: BTreeMap<WorkspacePath, Tracked>,
    /// Bytes held for them.
    held: u64,
}

impl TrackedFiles {
    /// Takes in what the shadow looks like after `step` and says what that step changed.
    ///
    /// # Errors
    /// When a file of the shadow cannot be read.
    pub fn step(&mut self, shadow: &Shadow, step: Seq) -> Result<Vec<FileChanged>, ShadowError> {
        let mut changed = Vec::new();
        let changes = shadow.changes()?;
        self.restore(&changes, shadow, step, &mut changed)?;
        for change in changes {
            let known = self.files.get(&change.path);
            if known
                .is_some_and(|known| known.after == change.after && known.renamed_from == change.renamed_from)
            {
                continue;
            }
            let was =
                known.map_or_else(|| digest(change.before.as_ref()), |known| digest(known.after.as_ref()));
            let tracked = self.advanced(&change, shadow, step)?;
            changed.push(FileChanged {
                path: change.path.clone(),
                before: was,
                after: digest(change.after.as_ref()),
            });
            self.files.insert(change.path, tracked);
        }
        Ok(changed)
    }

    /// Files that a step put back to what they were.
    fn restore(
        &mut self,
        changes: &[Change],
        shadow: &Shadow,
        step: Seq,
        changed: &mut Vec<FileChanged>,
    ) -> Result<(), ShadowError> {
        let differs = |path: &WorkspacePath| changes.binary_search_by(|change| change.path.cmp(path)).is_ok();
        let back: Vec<_> = self
            .files
            .iter()
            .filter(|(path, tracked)| !differs(path) && tracked.after != tracked.before)
            .map(|(path, tracked)| Change {
                path: path.clone(),
                before: tracked.before.clone(),
                after: tracked.before.clone(),
                renamed_from: None,
            })
            .collect();
        for change in back {
            let was = self.files.get(&change.path).and_then(|tracked| digest(tracked.after.as_ref()));
            let tracked = self.advanced(&change, shadow, step)?;
            let after = digest(change.after.as_ref());
            changed.push(FileChanged { path: change.path.clone(), before: was, after });
            self.files.insert(change.path, tracked);
        }
        Ok(())
    }

    /// The file after `step`, given what the shadow says of it.
    fn advanced(&mut self, change: &Change, shadow: &Shadow, step: Seq) -> Result<Tracked, ShadowError> {
        let size = match &change.after {
            Some(Entry::File { bytes, .. }) => *bytes,
            _ => 0,
        };
        let too_large = size > FILE_BYTES_MAX || self.held + size > ALL_BYTES_MAX;
        let now = match &change.after {
            Some(Entry::File { .. }) if !too_large => shadow.read(&change.path)?,
            _ => None,
        };
        self.held += now.as_ref().map_or(0, |now| now.len() as u64);
        let known =
            self.files.get(&change.path).filter(|known| known.renamed_from == change.renamed_from).cloned();
        let mut tracked = match known {
            Some(known) => known,
            None => first_seen(change, shadow)?,
        };
        let before = if tracked.steps.is_empty() { &tracked.base } else { &tracked.now };
        tracked.origins = match (text(before.as_deref()), text(now.as_deref()), tracked.origins.take()) {
            (Some(before), Some(after), Some(mut origins)) => {
                origins.step(before, after, step);
                Some(origins)
            }
            _ => None,
        };
        tracked.after = change.after.clone();
        tracked.too_large |= too_large;
        tracked.now = now;
        tracked.steps.push(step);
        Ok(tracked)
    }

    /// Everything the task wants to change, as hunks. `restriction` says why a path must be accepted by itself.
    ///
    /// Files whose base is not known any more are left out: see [`Self::lost`].
    #[must_use]
    pub fn proposal(
        &self,
        task: u64,
        title: &str,
        restriction: &dyn Fn(&WorkspacePath) -> Option<String>,
    ) -> Proposal {
        let known = || self.differing().filter(|(_, tracked)| !tracked.base_gone && !tracked.too_large);
        let origins: Vec<_> = known().map(|(_, tracked)| |place: Place| tracked.steps_of(place)).collect();
        let changed = known().zip(&origins).map(|((path, tracked), origins)| Changed {
            change: tracked.change(path),
            protected: restriction(path),
            steps: tracked.steps.iter().map(|seq| seq.get()).collect(),
            origins,
        });
        Proposal::new(task, title.to_owned(), changed.collect())
    }

    /// The texts of the changed files before and after, for checking claims.
    #[must_use]
    pub fn texts(&self) -> Vec<ChangedText> {
        let whole = |bytes: &Option<Vec<u8>>| text(bytes.as_deref()).map(str::to_owned);
        let changed = |(path, tracked): (&WorkspacePath, &Tracked)| ChangedText {
            path: path.clone(),
            renamed_from: tracked.renamed_from.clone(),
            exists: [tracked.before.is_some(), tracked.after.is_some()],
            texts: [
                tracked.before.as_ref().and_then(|_| whole(&tracked.base)),
                tracked.after.as_ref().and_then(|_| whole(&tracked.now)),
            ],
        };
        self.differing().map(changed).collect()
    }

    /// Changed files that the user changed on disk as well while the task ran, so that nobody knows any more what
    /// the task saw.
    #[must_use]
    pub fn lost(&self) -> Vec<WorkspacePath> {
        self.differing().filter(|(_, tracked)| tracked.base_gone).map(|(path, _)| path.clone()).collect()
    }

    /// Changed files that are too large to be proposed.
    #[must_use]
    pub fn too_large(&self) -> Vec<WorkspacePath> {
        self.differing().filter(|(_, tracked)| tracked.too_large).map(|(path, _)| path.clone()).collect()
    }

    /// The same as digests, for the record.
    #[must_use]
    pub fn file_changes(&self) -> Vec<FileChanged> {
        let changed = |(path, tracked): (&WorkspacePath, &Tracked)| FileChanged {
            path: path.clone(),
            before: digest(tracked.before.as_ref()),
            after: digest(tracked.after.as_ref()),
        };
        self.differing().map(changed).collect()
    }

    /// Every path that was touched, and whether a file stands there now.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&WorkspacePath, bool)> {
        let from =
            self.files.values().filter_map(|tracked| tracked.renamed_from.as_ref()).map(|path| (path, false));
        let now = self
            .files
            .iter()
            .map(|(path, tracked)| (path, matches!(tracked.after, Some(Entry::File { .. }))));
        from.chain(now)
    }

    /// The files that differ from the start, in order of path.
    fn differing(&self) -> impl Iterator<Item = (&WorkspacePath, &Tracked)> {
        self.files
            .iter()
            .filter(|(_, tracked)| tracked.after != tracked.before || tracked.renamed_from.is_some())
    }
}

fn first_seen(change: &Change, shadow: &Shadow) -> Result<Tracked, ShadowError> {
    let source = change.renamed_from.as_ref().unwrap_or(&change.path);
    let too_large = matches!(&change.before, Some(Entry::File { bytes, .. }) if *bytes > FILE_BYTES_MAX);
    let base = if too_large { Ok(None) } else { shadow.base(source) };
    let (base, base_gone) = match (&change.before, base) {
        (Some(Entry::File { .. }) | None, Ok(base)) => (base, false),
        (_, Err(ShadowError::BaseGone { .. })) => (None, true),
        (_, Err(error)) => return Err(error),
        _ => (None, false),
    };
    let origins = text(base.as_deref()).map(|base| Origins::base(lines::count(base)));
    Ok(Tracked {
        before: change.before.clone(),
        after: change.after.clone(),
        renamed_from: change.renamed_from.clone(),
        base,
        now: None,
        base_gone,
        too_large,
        origins,
        steps: Vec::new(),
    })
}

/// The text of a file; a file that does not exist is the empty text. `None` for anything else.
fn text(bytes: Option<&[u8]>) -> Option<&str> {
    let bytes = bytes.unwrap_or_default();
    if bytes.len() as u64 > TEXT_BYTES_MAX || bytes.contains(&0) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

fn digest(entry: Option<&Entry>) -> Option<vouchsafe_base::Digest> {
    match entry? {
        Entry::File { digest, .. } => Some(*digest),
        Entry::Symlink { target } => Some(vouchsafe_base::Digest::of(target)),
        Entry::Directory { .. } => None,
    }
}
