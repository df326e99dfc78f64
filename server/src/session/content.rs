//! Documents of our own scheme, for clients that ask the server for their content: texts before and after a task's
//! change, the difference, the record.
//!
//! `vouchsafe://task/3/record.md` is the record of task 3; with a path of the workspace behind it,
//! `vouchsafe://task/3/base/` has the text that the task saw, `proposed/` what it proposes, `accepted/` what the user
//! has now with all that waits accepted. `compare/2/` has the difference that change 2 makes, the path ending in `.diff`.
//!
//! Invariants
//! - Nothing but what the session holds and the records of its own tasks can be named.

use std::path::{Component, Path, PathBuf};

use url::Url;

use super::Session;
use super::document::DocumentId;
use super::look::compared;
use super::outgoing::Pick;
use super::reviews::{Kind, Review};
use crate::review::{FileChange, LineEdit, ProposedFile, Selection};

/// The scheme of these documents.
pub const SCHEME: &str = "vouchsafe";

/// What a URI of the scheme names.
enum Named {
    Record,
    Base(PathBuf),
    Proposed(PathBuf),
    Accepted(PathBuf),
    Compare(u32),
}

impl Session {
    /// The text of a document of our scheme, and the document whose review it depends on. Reads the disk for a record.
    ///
    /// # Errors
    /// One sentence: there is no such text.
    pub fn content(&self, uri: &str) -> Result<(Option<DocumentId>, String), String> {
        let (task, named) = parsed(uri).ok_or_else(|| format!("{uri} names nothing of Vouchsafe's"))?;
        let gone = || format!("{uri}: nothing of that name is under review in this session");
        if matches!(named, Named::Record) {
            let record =
                self.state().tasks.get(&task).and_then(|task| task.record.clone()).ok_or_else(gone)?;
            let text = std::fs::read_to_string(&record);
            return text.map(|text| (None, text)).map_err(|error| format!("{}: {error}", record.display()));
        }
        let state = self.state();
        let reviews = state.reviews.iter().flat_map(|(id, reviews)| reviews.iter().map(move |one| (id, one)));
        let mut of_task = reviews.filter(|(_, review)| review.task == task);
        let found = of_task.find_map(|(id, review)| Some((Some(id.clone()), named.text(review)?)));
        drop(state);
        found.ok_or_else(gone)
    }

    /// Whether the client has a document open.
    #[must_use]
    pub fn is_open(&self, id: &DocumentId) -> bool {
        self.state().documents.contains_key(id)
    }
}

impl Named {
    fn text(&self, review: &Review) -> Option<String> {
        let (file, is) = (&review.file, |path: &Path| path == review.file.path.as_path());
        match self {
            Self::Record => None,
            Self::Base(path) => sides(file).filter(|_| is(path)).map(|(before, _)| before),
            Self::Proposed(path) => sides(file).filter(|_| is(path)).map(|(_, after)| after),
            Self::Accepted(path) if is(path) => match &review.kind {
                Kind::Text(text) => {
                    let edits = text.accept(&Selection::All);
                    Some(LineEdit::apply(&edits, text.text()).to_string())
                }
                Kind::Whole(_) => sides(file).map(|(_, after)| after),
            },
            Self::Accepted(_) => None,
            Self::Compare(hunk) => {
                let pick = Pick { task: review.task, hunk: Some(*hunk), uri: None };
                review.has(*hunk).then(|| compared(review, &pick)).flatten().map(|(_, text)| text)
            }
        }
    }
}

/// Both texts of a change, where it has texts.
fn sides(file: &ProposedFile) -> Option<(String, String)> {
    match &file.change {
        FileChange::Text(text) => Some((text.before.to_string(), text.after.to_string())),
        FileChange::Create(after) => Some((String::new(), after.text()?.to_owned())),
        FileChange::Delete(before) => Some((before.text()?.to_owned(), String::new())),
        FileChange::Replace { before, after } => Some((before.text()?.to_owned(), after.text()?.to_owned())),
        FileChange::Rename { .. }
        | FileChange::Binary { .. }
        | FileChange::Mode { .. }
        | FileChange::Symlink { .. } => None,
    }
}

/// The URI of the difference that a change of a file makes.
pub(super) fn compare_uri(task: u64, hunk: u32, file: &Path) -> Option<String> {
    let mut path = Path::new("/").join(task.to_string()).join("compare").join(hunk.to_string()).join(file);
    path.as_mut_os_string().push(".diff");
    // Only the escaping is that of a file's URI.
    Some(format!("{SCHEME}://task{}", Url::from_file_path(path).ok()?.path()))
}

fn parsed(uri: &str) -> Option<(u64, Named)> {
    let uri = Url::parse(uri).ok().filter(|uri| uri.scheme() == SCHEME && uri.host_str() == Some("task"))?;
    let mut file = Url::parse("file:///").ok()?;
    file.set_path(uri.path());
    let path = file.to_file_path().ok()?;
    let mut parts = path.components();
    parts.next().filter(|root| *root == Component::RootDir)?;
    let mut word = || parts.next()?.as_os_str().to_str().map(str::to_owned);
    let task = word()?.parse().ok()?;
    let kind = word()?;
    let hunk = if kind == "compare" { word()?.parse().ok()? } else { 0 };
    let rest = parts.as_path().to_owned();
    let named = match kind.as_str() {
        "record.md" => Named::Record,
        "base" => Named::Base(rest),
        "proposed" => Named::Proposed(rest),
        "accepted" => Named::Accepted(rest),
        "compare" => Named::Compare(hunk),
        _ => return None,
    };
    Some((task, named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_found_again() {
        let uri = compare_uri(3, 2, Path::new("src/a b\u{e9}.rs")).unwrap();
        assert_eq!(uri, "vouchsafe://task/3/compare/2/src/a%20b%C3%A9.rs.diff");
        assert!(matches!(parsed(&uri), Some((3, Named::Compare(2)))));
        // As VS Code writes it: more is escaped.
        let base = parsed("vouchsafe://task/3/base/src/a%2Bb.rs");
        assert!(matches!(base, Some((3, Named::Base(path))) if path == Path::new("src/a+b.rs")));
        assert!(matches!(parsed("vouchsafe://task/7/record.md"), Some((7, Named::Record))));
    }

    #[test]
    fn nothing_else_is_named() {
        for uri in [
            "file:///etc/passwd",
            "vouchsafe://task/x/base/a",
            "vouchsafe://other/3/base/a",
            "vouchsafe://task/3",
            "vouchsafe://task/3/home/a",
            "vouchsafe://task/3/compare/x/a",
            "no URI",
        ] {
            assert!(parsed(uri).is_none(), "{uri}");
        }
    }
}
