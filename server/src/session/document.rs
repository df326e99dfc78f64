//! The text of one open document, kept equal to the client's.
//!
//! Invariants
//! - After each notification the text equals the client's; every change is reported as line splices, so that
//!   whoever follows lines (reviews, citations) needs no work that grows with the file.

use std::path::{Path, PathBuf};

use ropey::Rope;

use super::text::{self, Encoding, TextChange};
use crate::review::{Splice, splice_of, splices};

/// Which document: a file by its absolute path, anything else (untitled, virtual) by its URI.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentId {
    /// A file, open or not.
    File(PathBuf),
    /// A document without a file.
    Other(String),
}

impl DocumentId {
    /// The file's path.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Other(_) => None,
        }
    }
}

/// An open document.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// The URI exactly as the client wrote it: what we send back.
    pub uri: String,
    /// The client's language id.
    pub language: String,
    /// The client's version.
    pub version: i32,
    /// The text.
    pub text: Rope,
}

/// What one change did to the lines of a document.
#[derive(Debug, Clone)]
pub(super) struct Edited {
    /// The replaced lines, top down: `lines` of the text before, `with` of the text after.
    pub splices: Vec<Splice>,
    /// The text before.
    pub before: Rope,
    /// The text after.
    pub text: Rope,
}

impl Document {
    /// Applies the changes of one notification in order and says what each did to the lines.
    pub(super) fn edit(&mut self, version: i32, changes: &[TextChange], encoding: Encoding) -> Vec<Edited> {
        self.version = version;
        changes.iter().map(|change| self.apply(change, encoding)).collect()
    }

    fn apply(&mut self, change: &TextChange, encoding: Encoding) -> Edited {
        let before = self.text.clone();
        let Some(range) = &change.range else {
            self.text = Rope::from_str(&change.text);
            let splices = splices(&before, &self.text);
            return Edited { splices, before, text: self.text.clone() };
        };
        let a = text::char_index(&before, range.start, encoding);
        let b = text::char_index(&before, range.end, encoding);
        let (start, end) = (a.min(b), a.max(b));
        self.text.remove(start..end);
        self.text.insert(start, &change.text);
        let splice = splice_of(&before, &self.text, &(start..end));
        let empty = splice.lines.is_empty() && splice.with.is_empty();
        Edited { splices: if empty { Vec::new() } else { vec![splice] }, before, text: self.text.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::text::Position;

    fn document(text: &str) -> Document {
        Document { uri: String::new(), language: String::new(), version: 1, text: Rope::from_str(text) }
    }

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> TextChange {
        let at = |(line, column)| Position { line, column };
        TextChange { range: Some(at(from)..at(to)), text: text.to_owned() }
    }

    #[test]
    fn changes_of_one_notification_apply_in_order() {
        let mut document = document("one\ntwo\n");
        let changes = [change((1, 0), (1, 3), "2"), change((0, 0), (1, 0), "")];
        let edited = document.edit(7, &changes, Encoding::Utf16);
        assert_eq!((document.text.to_string().as_str(), document.version), ("2\n", 7));
        assert_eq!(edited.iter().map(|edited| edited.splices.len()).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn a_reversed_or_far_range_is_clamped() {
        let mut document = document("one\n");
        document.edit(2, &[change((9, 9), (0, 1), "!")], Encoding::Utf8);
        assert_eq!(document.text.to_string(), "o!");
    }
}
