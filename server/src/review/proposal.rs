//! Everything a finished task wants to change, split into what can be decided on its own.
//!
//! Invariants
//! - Each thing to decide has one [`HunkId`]: each hunk of a text, and each change of a whole file (it appears, goes,
//!   is renamed, is replaced, gets other permissions).
//! - A changed file may appear several times, once for each of those: a rename with an edit is a
//!   [`FileChange::Rename`] and a [`FileChange::Text`], and one can be accepted without the other.
//!
//! Absent on purpose
//! - Carrying it out: the client does, or the server after the user accepted. [`ProposedFile::standing`] tells
//!   whether the file is still what the task saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vouchsafe_base::WorkspacePath;

use super::needs::needs;
use super::{Change, Citation, Entry, HunkId, Place, State, TextChange};

/// A change with what the review must know of it.
pub struct Changed<'a> {
    /// What changed.
    pub change: Change,
    /// Why it must never be accepted in one go with others, in one sentence; `None` if it may.
    pub protected: Option<String>,
    /// The steps that changed the file as a whole: created, deleted, renamed it or set its permissions.
    pub steps: Vec<u32>,
    /// The steps that made a place of its text.
    pub origins: &'a dyn Fn(Place) -> Vec<u32>,
}

/// One way in which a file changes.
#[derive(Debug, Clone)]
pub enum FileChange {
    /// Lines of a text.
    Text(TextChange),
    /// Something appears where nothing was: a file, a link or an empty directory.
    Create(Entry),
    /// It goes.
    Delete(Entry),
    /// It gets another path.
    Rename {
        /// Where it was.
        from: WorkspacePath,
    },
    /// Content that is not text on both sides.
    Binary {
        /// The content that the task saw.
        before: Arc<[u8]>,
        /// The content that it proposes.
        after: Arc<[u8]>,
    },
    /// Other permission bits.
    Mode {
        /// Those that the task saw.
        from: u32,
        /// Those that it proposes.
        to: u32,
    },
    /// A symbolic link gets another target.
    Symlink {
        /// The target that the task saw.
        from: Arc<[u8]>,
        /// The target that it proposes.
        to: Arc<[u8]>,
    },
    /// Something of another kind takes the place: a file becomes a link, a directory a file.
    Replace {
        /// What the task saw.
        before: Entry,
        /// What it proposes.
        after: Entry,
    },
}

/// One way in which one path changes.
#[derive(Debug, Clone)]
pub struct ProposedFile {
    /// The path after the task.
    pub path: WorkspacePath,
    /// The path it has until its rename is accepted; the same if it is not renamed.
    pub stands_at: WorkspacePath,
    /// The change. A text has its own hunks; every other change is one hunk.
    pub change: FileChange,
    /// The one hunk of a change that is no text.
    pub whole: Option<WholeHunk>,
    /// Why it must never be accepted in one go with others.
    pub protected: Option<String>,
    /// The same for single hunks, by number.
    pub apart: BTreeMap<u32, String>,
}

/// A change of a whole file, as one hunk.
#[derive(Debug, Clone)]
pub struct WholeHunk {
    /// Its name.
    pub id: HunkId,
    /// The steps that made it.
    pub citations: Arc<[Citation]>,
    /// The lines of a new text, as a hunk of the same name: once the file exists, a [`super::ReviewedFile`] made by
    /// `resumed` follows them and knows the origin of each.
    pub lines: Option<TextChange>,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The task.
    pub task: u64,
    /// What the task was, for people.
    pub title: String,
    /// What it wants to change, in the order given.
    pub files: Vec<ProposedFile>,
    /// The same as states of paths: what a patch is written from.
    pub changes: Vec<Change>,
    /// Which hunk needs which others; see [`Self::needs`].
    needs: Vec<(HunkId, HunkId)>,
}

impl Proposal {
    /// Splits what a task changed into hunks, numbered from 1 in the order given.
    #[must_use]
    pub fn new(task: u64, title: String, changed: Vec<Changed<'_>>) -> Self {
        let mut next = HunkId { task, hunk: 1 };
        let mut files = Vec::new();
        let mut changes = Vec::new();
        for one in changed {
            files.extend(proposed(&one, &mut next));
            changes.push(one.change);
        }
        let needs = needs(&files);
        Self { task, title, files, changes, needs }
    }

    /// The proposal that was split before into these files; `changes` as far as the whole content is known.
    #[must_use]
    pub fn resumed(task: u64, title: String, files: Vec<ProposedFile>, changes: Vec<Change>) -> Self {
        let needs = needs(&files);
        Self { task, title, files, changes, needs }
    }

    /// Every hunk with its file, in order.
    pub fn hunks(&self) -> impl Iterator<Item = (HunkId, &ProposedFile)> {
        self.files.iter().flat_map(|file| file.ids().into_iter().map(move |id| (id, file)))
    }

    /// The hunks that should be accepted with this one: the file that a new line names, what stands in the way.
    /// It is read from names and paths, so it is advice and not proof.
    pub fn needs(&self, id: HunkId) -> impl Iterator<Item = HunkId> {
        self.needs.iter().filter(move |(who, _)| *who == id).map(|(_, what)| *what)
    }

    /// Every pair of a hunk and one that it needs.
    #[must_use]
    pub fn all_needs(&self) -> &[(HunkId, HunkId)] {
        &self.needs
    }

    /// The hunks that one "accept all" may take: none of a protected file, and none that stands apart.
    pub fn unprotected(&self) -> impl Iterator<Item = HunkId> {
        self.hunks().filter(|(id, file)| file.restriction(id.hunk).is_none()).map(|(id, _)| id)
    }
}

impl ProposedFile {
    /// Why one of its hunks must never be accepted in one go with others, in one sentence; `None` if it may.
    #[must_use]
    pub fn restriction(&self, hunk: u32) -> Option<&str> {
        self.protected.as_ref().or_else(|| self.apart.get(&hunk)).map(String::as_str)
    }

    /// The names of its hunks.
    #[must_use]
    pub fn ids(&self) -> Vec<HunkId> {
        match (&self.change, &self.whole) {
            (FileChange::Text(text), _) => text.hunks.iter().map(|hunk| hunk.id).collect(),
            (_, Some(whole)) => vec![whole.id],
            (_, None) => Vec::new(),
        }
    }

    /// How a change of a whole file stands against what is there: `here` at its path, `there` at
    /// [`Self::stands_at`] (the same unless it is renamed). A text is for [`super::ReviewedFile`] to tell; as a
    /// whole it is pending while its file exists.
    #[must_use]
    pub fn standing(&self, here: Option<&Entry>, there: Option<&Entry>) -> State {
        let (before, after) = match &self.change {
            FileChange::Text(_) => return if there.is_some() { State::Pending } else { State::Conflicted },
            FileChange::Rename { .. } => return renamed(here, there),
            FileChange::Mode { from, to } => return mode(here.or(there), *from, *to),
            FileChange::Create(after) => (None, Some(after.clone())),
            FileChange::Delete(before) => (Some(before.clone()), None),
            FileChange::Replace { before, after } => (Some(before.clone()), Some(after.clone())),
            FileChange::Binary { before, after } => (Some(file(before)), Some(file(after))),
            FileChange::Symlink { from, to } => (Some(link(from)), Some(link(to))),
        };
        let is = |wanted: &Option<Entry>| match (wanted, here.or(there)) {
            (Some(wanted), Some(found)) => wanted.same_content(found),
            (None, None) => true,
            _ => false,
        };
        match (is(&after), is(&before)) {
            (true, _) => State::Accepted,
            (_, true) => State::Pending,
            _ => State::Conflicted,
        }
    }
}

fn renamed(here: Option<&Entry>, there: Option<&Entry>) -> State {
    match (here, there) {
        (None, Some(_)) => State::Pending,
        (Some(_), None) => State::Accepted,
        _ => State::Conflicted,
    }
}

fn mode(found: Option<&Entry>, from: u32, to: u32) -> State {
    match found {
        Some(Entry::File { mode, .. }) if *mode == to => State::Accepted,
        Some(Entry::File { mode, .. }) if *mode == from => State::Pending,
        _ => State::Conflicted,
    }
}

fn file(bytes: &Arc<[u8]>) -> Entry {
    Entry::File { bytes: Arc::clone(bytes), mode: 0 }
}

fn link(target: &Arc<[u8]>) -> Entry {
    Entry::Symlink { target: Arc::clone(target) }
}

/// The ways in which one path changes. `next` is the name of the next hunk.
fn proposed(changed: &Changed<'_>, next: &mut HunkId) -> Vec<ProposedFile> {
    let Change { path, before, after, renamed_from } = &changed.change;
    let stands_at = renamed_from.as_ref().unwrap_or(path);
    let mut changes =
        renamed_from.iter().map(|from| FileChange::Rename { from: from.clone() }).collect::<Vec<_>>();
    match (before, after) {
        (None, Some(after)) => changes.push(FileChange::Create(after.clone())),
        (Some(before), None) => changes.push(FileChange::Delete(before.clone())),
        (Some(before), Some(after)) => {
            changes.extend(between(before, after, *next, changes.len(), changed.origins));
        }
        (None, None) => {}
    }
    let steps = changed.steps.iter().copied().collect::<BTreeSet<_>>();
    let citations = steps.into_iter().map(|step| Citation { step }).collect::<Arc<[_]>>();
    let file = |change: FileChange| {
        let id = *next;
        let lines = match &change {
            FileChange::Create(entry) => {
                entry.text().map(|text| TextChange::new(id, "", text, changed.origins))
            }
            _ => None,
        };
        let is_text = matches!(change, FileChange::Text(_));
        let whole = (!is_text).then(|| WholeHunk { id, citations: Arc::clone(&citations), lines });
        let (path, stands_at, protected) = (path.clone(), stands_at.clone(), changed.protected.clone());
        let apart = BTreeMap::new();
        let file = ProposedFile { path, stands_at, change, whole, protected, apart };
        next.hunk += super::lines::number(file.ids().len());
        file
    };
    changes.into_iter().map(file).collect()
}

/// What differs between two things at one path. The text comes last, so its first hunk follows `whole` other ones.
fn between(
    before: &Entry,
    after: &Entry,
    next: HunkId,
    whole: usize,
    origins: &dyn Fn(Place) -> Vec<u32>,
) -> Vec<FileChange> {
    let (Entry::File { bytes: old, mode: from }, Entry::File { bytes: new, mode: to }) = (before, after)
    else {
        return match (before, after) {
            (Entry::Symlink { target: from }, Entry::Symlink { target: to }) if from != to => {
                vec![FileChange::Symlink { from: Arc::clone(from), to: Arc::clone(to) }]
            }
            (before, after) if before == after => Vec::new(),
            (before, after) => vec![FileChange::Replace { before: before.clone(), after: after.clone() }],
        };
    };
    let mut changes = Vec::new();
    if from != to {
        changes.push(FileChange::Mode { from: *from, to: *to });
    }
    if let (Some(old), Some(new)) = (before.text(), after.text()) {
        let first = HunkId { hunk: next.hunk + super::lines::number(whole + changes.len()), ..next };
        let text = TextChange::new(first, old, new, origins);
        changes.extend(Some(text).filter(|text| !text.hunks.is_empty()).map(FileChange::Text));
    } else if old != new {
        changes.push(FileChange::Binary { before: Arc::clone(old), after: Arc::clone(new) });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> WorkspacePath {
        WorkspacePath::parse(text).unwrap()
    }

    fn entry(text: &str, mode: u32) -> Option<Entry> {
        Some(Entry::File { bytes: text.as_bytes().into(), mode })
    }

    fn change(at: &str, before: Option<Entry>, after: Option<Entry>, from: Option<&str>) -> Change {
        Change { path: path(at), before, after, renamed_from: from.map(path) }
    }

    fn proposal(changes: Vec<Change>) -> Proposal {
        let changed = changes.into_iter().map(|change| Changed {
            protected: (change.path == path("Makefile")).then(|| "It is run by others.".to_owned()),
            change,
            steps: vec![9, 4, 9],
            origins: &|_| vec![5],
        });
        Proposal::new(3, "Fix".to_owned(), changed.collect())
    }

    #[test]
    fn every_decision_has_its_own_name() {
        let proposal = proposal(vec![
            change("b.rs", entry("a\nb\nc\n", 0o644), entry("A\nb\nC\n", 0o755), Some("a.rs")),
            change("Makefile", entry("x\n", 0o644), entry("y\n", 0o644), None),
            change("img", entry("\0a", 0o644), entry("\0b", 0o644), None),
            change("link", entry("x", 0o644), Some(Entry::Symlink { target: b"y"[..].into() }), None),
            change("gone", entry("x", 0o644), None, None),
        ]);
        let shown = proposal.hunks().map(|(id, file)| {
            let kind = format!("{:?}", file.change);
            let kind = kind.split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
            format!("{id} {kind} {} {}", file.path, file.stands_at)
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "3.1 Rename b.rs a.rs",
                "3.2 Mode b.rs a.rs",
                "3.3 Text b.rs a.rs",
                "3.4 Text b.rs a.rs",
                "3.5 Text Makefile Makefile",
                "3.6 Binary img img",
                "3.7 Replace link link",
                "3.8 Delete gone gone",
            ]
        );
        assert!(proposal.unprotected().all(|id| id.hunk != 5));
        let whole = proposal.files[0].whole.as_ref().unwrap();
        assert_eq!(whole.citations.iter().map(|cite| cite.step).collect::<Vec<_>>(), [4, 9]);
    }

    #[test]
    fn the_lines_of_a_new_text_have_origins() {
        let proposal = proposal(vec![change("new.rs", None, entry("a\nb\n", 0o644), None)]);
        let whole = proposal.files[0].whole.as_ref().unwrap();
        let lines = whole.lines.as_ref().unwrap();
        let text = ropey::Rope::from_str("mine\na\nb\n");
        let file = super::super::ReviewedFile::resumed(lines, &text, |_| State::Accepted);
        assert_eq!(file.origin(0), None);
        assert_eq!(file.origin(2).map(|(id, cites)| (id, cites[0].step)), Some((whole.id, 5)));
    }

    #[test]
    fn a_whole_file_stands_by_what_is_there() {
        let (old, new, other) = (entry("old", 0o644), entry("new\0", 0o644), entry("other", 0o644));
        let of = |change: Change| proposal(vec![change]).files.remove(0);
        let standing =
            |file: &ProposedFile, found: &Option<Entry>| file.standing(found.as_ref(), found.as_ref());
        let deleted = of(change("a", old.clone(), None, None));
        assert_eq!(standing(&deleted, &old), State::Pending);
        assert_eq!(standing(&deleted, &None), State::Accepted);
        assert_eq!(standing(&deleted, &other), State::Conflicted, "the user changed it meanwhile");
        let created = of(change("a", None, new.clone(), None));
        assert_eq!(standing(&created, &None), State::Pending);
        assert_eq!(standing(&created, &new), State::Accepted);
        assert_eq!(standing(&created, &other), State::Conflicted);
        let binary = of(change("a", old.clone(), new.clone(), None));
        assert_eq!(standing(&binary, &old), State::Pending);
        assert_eq!(standing(&binary, &None), State::Conflicted);
        let renamed = of(change("b", old.clone(), old.clone(), Some("a")));
        assert_eq!(renamed.standing(None, old.as_ref()), State::Pending);
        assert_eq!(renamed.standing(old.as_ref(), None), State::Accepted);
        assert_eq!(renamed.standing(other.as_ref(), old.as_ref()), State::Conflicted);
    }
}
