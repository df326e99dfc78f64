//! A proposal as a patch in git's format, which `git apply` takes.
//!
//! Invariants
//! - Applying the patch to the tree that the task saw gives the tree that it left, but for what [`Patch::left_out`]
//!   names. In reverse it goes back, but git (seen with 2.47) then makes plain files of what was deleted: no mode,
//!   no link. It does so with its own patches too.
//! - Every content change has its full SHA-1 index line, as `git apply` wants for binary files (and `--3way` for all).
//!
//! Absent on purpose
//! - Repositories with SHA-256 names: `git apply` takes binary files there only with longer index lines.

mod binary;

use std::ops::Range;

use sha1::{Digest as _, Sha1};
use similar::{DiffOp, DiffTag, group_diff_ops};
use vouchsafe_base::WorkspacePath;

use super::splice::diff;
use super::{Change, Entry};

/// Unchanged lines around a change.
const CONTEXT_LINES: usize = 3;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The patch; empty if nothing changed.
    pub bytes: Vec<u8>,
    /// What git's format cannot say, with the reason in one sentence.
    pub left_out: Vec<(WorkspacePath, &'static str)>,
}

/// Writes the patch for some changes, in the order given.
#[must_use]
pub fn git_patch(changes: &[Change]) -> Patch {
    let mut patch = Patch { bytes: Vec::new(), left_out: Vec::new() };
    for change in changes {
        patch.push(change);
    }
    patch
}

/// What git stores of a file or link.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Blob<'a> {
    mode: &'static str,
    bytes: &'a [u8],
}

impl<'a> Blob<'a> {
    /// `None` for a directory, which git does not know.
    fn of(entry: &'a Entry) -> Option<Self> {
        match entry {
            Entry::File { bytes, .. } if entry.executable() => Some(Self { mode: "100755", bytes }),
            Entry::File { bytes, .. } => Some(Self { mode: "100644", bytes }),
            Entry::Symlink { target } => Some(Self { mode: "120000", bytes: target }),
            Entry::Directory => None,
        }
    }

    fn is_link(&self) -> bool {
        self.mode == "120000"
    }

    fn name(&self) -> String {
        let mut sha = Sha1::new();
        sha.update(format!("blob {}\0", self.bytes.len()));
        sha.update(self.bytes);
        sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The name of nothing.
const NO_NAME: &str = "0000000000000000000000000000000000000000";

impl Patch {
    fn push(&mut self, change: &Change) {
        self.note_left_out(change);
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let (before, after) = (before.and_then(Blob::of), after.and_then(Blob::of));
        let from = change.renamed_from.as_ref().unwrap_or(&change.path);
        match (before, after) {
            (None, None) => {}
            (Some(old), Some(new)) if old.is_link() != new.is_link() => {
                self.section(from, from, Some(old), None);
                self.section(&change.path, &change.path, None, Some(new));
            }
            (before, after) => self.section(from, &change.path, before, after),
        }
    }

    fn note_left_out(&mut self, change: &Change) {
        let states = [change.before.as_ref(), change.after.as_ref()];
        let bits = |entry: Option<&Entry>| match entry {
            Some(Entry::File { mode, .. }) => Some(*mode),
            _ => None,
        };
        let [before, after] = states.map(bits);
        if states.contains(&Some(&Entry::Directory)) {
            self.left_out.push((change.path.clone(), "A patch cannot hold an empty directory."));
        }
        if let (Some(before), Some(after)) = (before, after)
            && before != after
            && (before ^ after) & !0o111 != 0
        {
            self.left_out.push((change.path.clone(), "A patch holds no permission but the executable one."));
        }
    }

    fn line(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    /// One `diff --git` section.
    fn section(
        &mut self,
        from: &WorkspacePath,
        to: &WorkspacePath,
        before: Option<Blob>,
        after: Option<Blob>,
    ) {
        if before == after && from == to {
            return;
        }
        self.line(&format!("diff --git {} {}", named('a', from), named('b', to)));
        match (before, after) {
            (None, Some(new)) => self.line(&format!("new file mode {}", new.mode)),
            (Some(old), None) => self.line(&format!("deleted file mode {}", old.mode)),
            (Some(old), Some(new)) if old.mode != new.mode => {
                self.line(&format!("old mode {}", old.mode));
                self.line(&format!("new mode {}", new.mode));
            }
            _ => {}
        }
        let (old, new) =
            (before.map_or(&b""[..], |blob| blob.bytes), after.map_or(&b""[..], |blob| blob.bytes));
        let edit = Edit::new(old, new);
        if from != to {
            self.line(&format!("similarity index {}%", edit.similarity()));
            self.line(&format!("rename from {from}"));
            self.line(&format!("rename to {to}"));
        }
        if before.is_none() || after.is_none() || old != new {
            self.index(before, after);
        }
        if old != new {
            self.content(from, to, (before.is_some(), after.is_some()), &edit);
        }
    }

    fn index(&mut self, before: Option<Blob>, after: Option<Blob>) {
        let name = |blob: Option<Blob>| blob.map_or_else(|| NO_NAME.to_owned(), |blob| blob.name());
        let mode = match (before, after) {
            (Some(old), Some(new)) if old.mode == new.mode => format!(" {}", new.mode),
            _ => String::new(),
        };
        self.line(&format!("index {}..{}{mode}", name(before), name(after)));
    }

    fn content(&mut self, from: &WorkspacePath, to: &WorkspacePath, (was, is): (bool, bool), edit: &Edit) {
        if edit.is_binary() {
            self.bytes.extend(binary::patch(edit.old, edit.new));
            return;
        }
        let header = |exists: bool, side: char, path: &WorkspacePath| {
            let name = if exists { named(side, path) } else { "/dev/null".to_owned() };
            // A tab tells git where a name with spaces ends.
            if exists && name.contains(' ') { name + "\t" } else { name }
        };
        self.line(&format!("--- {}", header(was, 'a', from)));
        self.line(&format!("+++ {}", header(is, 'b', to)));
        for group in group_diff_ops(edit.ops.clone(), CONTEXT_LINES) {
            self.hunk(&group, edit);
        }
    }

    fn hunk(&mut self, ops: &[DiffOp], edit: &Edit) {
        let (Some(first), Some(last)) = (ops.first(), ops.last()) else { return };
        let old = first.old_range().start..last.old_range().end;
        let new = first.new_range().start..last.new_range().end;
        self.line(&format!("@@ -{} +{} @@", counted(&old), counted(&new)));
        for op in ops {
            if op.tag() == DiffTag::Equal {
                self.lines(b' ', edit.old_lines.get(op.old_range()));
            } else {
                self.lines(b'-', edit.old_lines.get(op.old_range()));
                self.lines(b'+', edit.new_lines.get(op.new_range()));
            }
        }
    }

    fn lines(&mut self, sign: u8, lines: Option<&[&[u8]]>) {
        for line in lines.unwrap_or_default() {
            self.bytes.push(sign);
            self.bytes.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                self.line("\n\\ No newline at end of file");
            }
        }
    }
}

/// Two contents and what differs.
struct Edit<'a> {
    old: &'a [u8],
    new: &'a [u8],
    old_lines: Vec<&'a [u8]>,
    new_lines: Vec<&'a [u8]>,
    ops: Vec<DiffOp>,
}

impl<'a> Edit<'a> {
    fn new(old: &'a [u8], new: &'a [u8]) -> Self {
        // Git ends a line at `\n` only, unlike an editor.
        let lines = |bytes: &'a [u8]| bytes.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>();
        let (old_lines, new_lines) = (lines(old), lines(new));
        let mut edit = Self { old, new, old_lines, new_lines, ops: Vec::new() };
        if !edit.is_binary() {
            edit.ops = diff(&edit.old_lines, &edit.new_lines);
        }
        edit
    }

    fn is_binary(&self) -> bool {
        self.old.contains(&0) || self.new.contains(&0)
    }

    /// How much of the larger content is in both, in percent of its bytes.
    fn similarity(&self) -> usize {
        if self.old == self.new {
            return 100;
        }
        let equal = self.ops.iter().filter(|op| op.tag() == DiffTag::Equal);
        let lines = equal.filter_map(|op| self.old_lines.get(op.old_range())).flatten();
        let kept = lines.map(|line| line.len()).sum::<usize>();
        kept * 100 / self.old.len().max(self.new.len()).max(1)
    }
}

/// A range of lines as a hunk header counts it.
fn counted(lines: &Range<usize>) -> String {
    let first = if lines.is_empty() { lines.start } else { lines.start + 1 };
    format!("{first},{}", lines.len())
}

/// A path with the prefix of its side, inside the quotes if it has any.
fn named(side: char, path: &WorkspacePath) -> String {
    let shown = path.to_string();
    match shown.strip_prefix('"') {
        Some(quoted) => format!("\"{side}/{quoted}"),
        None => format!("{side}/{shown}"),
    }
}
