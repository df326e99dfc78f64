//! The client's texts, and what follows them: reviews.
//!
//! Invariants
//! - The text is changed before anything else is done about it.
//! - A change costs the lines it touches and the reviews of that document, never the size of the file; only while
//!   an edit of ours is under way are whole texts compared.

use std::path::Path;
use std::sync::Arc;

use ropey::Rope;

use super::Session;
use super::document::{Document, DocumentId};
use super::outgoing::Outgoing;
use super::state::State;
use super::text::TextChange;
use crate::review::{Author, Splice, splices};

impl Session {
    /// The client opened a document (or opened it again: the newest text counts).
    pub fn open(&self, id: &DocumentId, uri: String, language: String, version: i32, text: &str) {
        let document = Document { uri, language, version, text: Rope::from_str(text) };
        let mut state = self.state();
        let text = document.text.clone();
        state.documents.insert(id.clone(), document);
        state.outlines.remove(id);
        let landed = state.land(id, &text);
        if !landed {
            state.sync(id, &text);
        }
        let reviewed = state.reviews.contains_key(id);
        drop(state);
        self.after_change(id, reviewed, landed);
        self.recall(id);
    }

    /// The client changed an open document. Changes to a document that is not open are ignored.
    pub fn edit(&self, id: &DocumentId, version: i32, changes: &[TextChange]) {
        let mut state = self.state();
        let encoding = state.client.encoding;
        let Some(document) = state.documents.get_mut(id) else { return };
        let edited = document.edit(version, changes, encoding);
        let reviewed = state.reviews.contains_key(id) || state.notes.contains_key(id);
        for step in &edited {
            state.follow_blame(id, step);
            state.follow_notes(id, &step.splices);
            state.note_change(id, &step.splices);
        }
        let mut landed = false;
        if reviewed || state.is_applying(id) {
            let text = edited.last().map(|last| last.text.clone());
            landed = text.is_some_and(|text| state.land(id, &text));
            if !landed {
                for step in &edited {
                    state.follow(id, &step.splices, &step.text);
                }
            }
        }
        drop(state);
        self.after_change(id, reviewed, landed);
    }

    /// The client saved a document: if it decides what is offered, look again.
    pub fn saved(&self, id: &DocumentId) {
        let decides = |path: &Path| {
            let name = path.file_name().and_then(|name| name.to_str());
            matches!(name, Some(".vouchsafe.toml" | "package.json" | "pyproject.toml"))
        };
        if id.path().is_some_and(decides) {
            self.reload();
            self.report_configuration();
        }
        self.remember(id);
    }

    /// The client closed a document: from now on the file on disk is its text.
    pub fn close(&self, id: &DocumentId) {
        let mut state = self.state();
        state.documents.remove(id);
        state.blames.remove(id);
        state.outlines.remove(id);
        let reviewed = state.reviews.contains_key(id);
        drop(state);
        if reviewed {
            self.sync_from_disk(id);
            // Who asks for the findings of open documents is sent those of this one from now on.
            self.tell(Outgoing::Refresh(id.clone()));
        }
    }

    /// A file of the workspace changed outside of the editor.
    pub fn changed_on_disk(&self, id: &DocumentId) {
        if id.path().is_some_and(|path| path.ends_with(".vouchsafe.toml")) {
            self.reload();
            self.report_configuration();
        } else if self.state().reviews.contains_key(id) {
            self.sync_from_disk(id);
        }
    }

    /// The client renamed a file or a directory: what is under review moves with it.
    pub fn renamed(&self, from: &Path, to: &Path) {
        let mut state = self.state();
        let moved: Vec<_> = state
            .reviews
            .keys()
            .filter_map(|id| {
                let below = id.path()?.strip_prefix(from).ok()?;
                let target = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
                Some((id.clone(), DocumentId::File(target)))
            })
            .collect();
        for (old, new) in &moved {
            let mut reviews = state.reviews.remove(old).unwrap_or_default();
            for review in &mut reviews {
                if let Some(task) = state.tasks.get(&review.task) {
                    review.moved_to(new, &task.workspace);
                }
            }
            state.reviews.entry(new.clone()).or_default().extend(reviews);
        }
        for (old, new) in &moved {
            let notes = state.notes.remove(old).unwrap_or_default();
            state.notes.entry(new.clone()).or_default().extend(notes);
        }
        drop(state);
        self.remember_rename(from, to);
        for (old, new) in moved {
            self.tell(Outgoing::Refresh(old));
            self.tell(Outgoing::Refresh(new));
        }
    }

    /// Takes the file's content for the text of a document that is not open.
    pub(super) fn sync_from_disk(&self, id: &DocumentId) {
        let Some(text) = id.path().and_then(disk_text) else { return };
        let mut state = self.state();
        if state.documents.contains_key(id) {
            return;
        }
        state.sync(id, &text);
        drop(state);
        self.tell(Outgoing::Refresh(id.clone()));
    }

    fn after_change(&self, id: &DocumentId, reviewed: bool, landed: bool) {
        if reviewed || landed {
            self.tell(Outgoing::Refresh(id.clone()));
        }
        if landed {
            self.remember(id);
            self.settle_landed();
        }
    }

    /// A document's text as the user sees it: the open text, else the file's.
    pub(super) fn text_of(&self, id: &DocumentId) -> Option<Rope> {
        let open = self.state().documents.get(id).map(|document| document.text.clone());
        open.or_else(|| id.path().and_then(disk_text))
    }

    /// The texts of open documents below `folder` that the disk does not have.
    pub(super) fn unsaved(
        &self,
        folder: &super::folders::Folder,
    ) -> Vec<(vouchsafe_base::WorkspacePath, Vec<u8>)> {
        let open: Vec<_> = {
            let state = self.state();
            let inside = |id: &DocumentId| folder.inside(id);
            state
                .documents
                .iter()
                .filter_map(|(id, document)| Some((inside(id)?, id.clone(), document.text.clone())))
                .collect()
        };
        let differs = |(inside, id, text): (_, DocumentId, Rope)| {
            let on_disk = id.path().and_then(|path| std::fs::read(path).ok());
            let mark = on_disk.as_deref().is_some_and(|bytes| bytes.starts_with(MARK));
            let mut bytes = if mark { MARK.to_vec() } else { Vec::new() };
            text.chunks().for_each(|chunk| bytes.extend_from_slice(chunk.as_bytes()));
            let doubled = bytes.strip_prefix(MARK).is_some_and(|rest| rest.starts_with(MARK));
            let bytes = if doubled { bytes.split_off(MARK.len()) } else { bytes };
            (on_disk.as_ref() != Some(&bytes)).then_some((inside, bytes))
        };
        open.into_iter().filter_map(differs).collect()
    }
}

/// The UTF-8 byte order mark, which most clients leave out of a document's text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file; `None` if there is no such file or it is no UTF-8.
pub(super) fn disk_text(path: &Path) -> Option<Rope> {
    let bytes = std::fs::read(path).ok()?;
    String::from_utf8(bytes).ok().map(|text| Rope::from_str(&text))
}

impl State {
    /// Carries the reviews of a document to a new whole text.
    pub(super) fn sync(&mut self, id: &DocumentId, text: &Rope) {
        for review in self.reviews.get_mut(id).into_iter().flatten() {
            let Some(file) = review.text_mut() else { continue };
            let steps = splices(file.text(), text);
            file.spliced(&steps, text, Author::User);
        }
    }

    /// Carries the reviews of a document over one change of its text.
    pub(super) fn follow(&mut self, id: &DocumentId, steps: &[Splice], text: &Rope) {
        for review in self.reviews.get_mut(id).into_iter().flatten() {
            if let Some(file) = review.text_mut() {
                match steps {
                    [step] => {
                        let with = step.with.end.saturating_sub(step.with.start);
                        file.edited(step.lines.clone(), with, text, Author::User);
                    }
                    steps => file.spliced(steps, text, Author::User),
                }
            }
        }
    }

    /// The URI of a document as the client knows it.
    pub(super) fn uri_of(&self, id: &DocumentId) -> Option<Arc<str>> {
        match self.documents.get(id) {
            Some(document) => Some(document.uri.as_str().into()),
            None => match id {
                DocumentId::File(path) => crate::uri::of_file(path).map(Into::into),
                DocumentId::Other(uri) => Some(uri.as_str().into()),
            },
        }
    }
}
