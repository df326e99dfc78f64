//! The documents of the played editor: opening, typing, undoing, saving, closing, renaming.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Editor, Selection};
use crate::text::{Encoding, Place, Text};
use crate::yard::put;

/// A notification to be sent: method and parameters.
pub(super) type Notification = (&'static str, Value);

/// One replacement: from, to (before the change), new text.
pub(super) type Replacement = (Place, Place, String);

/// One open document.
#[derive(Debug, Clone)]
pub struct Document {
    text: Text,
    version: i64,
    /// Each change as what undoes it, newest last.
    undo: Vec<Vec<Replacement>>,
}

impl Document {
    pub(super) fn new(text: &str) -> Self {
        Self { text: Text::new(text), version: 1, undo: Vec::new() }
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Its version, as sent to the server.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Replaces places that do not overlap, all given for the text as it is now. Returns the `contentChanges`.
    fn change(&mut self, mut replacements: Vec<Replacement>, encoding: Encoding) -> Vec<Value> {
        // From the end to the start, so that each is right when its turn comes.
        replacements.sort_by_key(|(start, end, _)| (*start, *end));
        let mut changes = Vec::new();
        let mut undo = Vec::new();
        for (start, end, new) in replacements.into_iter().rev() {
            changes.push(json!({ "range": self.text.range(start, end, encoding), "text": new }));
            let (removed, after) = self.text.splice(start, end, &new);
            undo.push((start, after, removed));
        }
        self.undo.push(undo);
        self.version += 1;
        changes
    }

    /// Takes the newest change back. Returns the `contentChanges`.
    fn undo(&mut self, encoding: Encoding) -> Option<Vec<Value>> {
        let steps = self.undo.pop()?;
        let mut changes = Vec::new();
        for (start, end, old) in steps.into_iter().rev() {
            changes.push(json!({ "range": self.text.range(start, end, encoding), "text": old }));
            self.text.splice(start, end, &old);
        }
        self.version += 1;
        Some(changes)
    }
}

impl Editor {
    /// Opens a file of the workspace, if it is not open.
    pub fn open_file(&mut self, path: &str) {
        if !self.documents.contains_key(path) {
            let text =
                self.disk(path).unwrap_or_else(|| self.fail(&format!("{path} is not in the workspace")));
            self.open_text(path, &text);
        }
        let start = Place { line: 0, byte: 0 };
        self.cursor = Selection { path: path.to_owned(), start, end: start };
    }

    /// Opens a document with a text that is not (yet) on disk.
    pub fn open_text(&mut self, path: &str, text: &str) {
        self.documents.insert(path.to_owned(), Document::new(text));
        let (uri, language) = (self.uri(path), language(path));
        let item = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Moves the cursor to the first `needle` in a file, opening it if needed.
    pub fn select(&mut self, path: &str, needle: &str) {
        self.open_file(path);
        let place = self.find(path, needle);
        self.cursor = Selection { path: path.to_owned(), start: place, end: place };
    }

    /// Types `new` before the first `needle`.
    pub fn type_at(&mut self, path: &str, needle: &str, new: &str) {
        let place = self.find(path, needle);
        self.change(path, vec![(place, place, new.to_owned())]);
    }

    /// Replaces the first `old` by `new`, as one undoable change.
    pub fn replace(&mut self, path: &str, old: &str, new: &str) {
        let start = self.find(path, old);
        let text = self.documents[path].text();
        let end = text.at(text.whole().find(old).unwrap_or_default() + old.len());
        self.change(path, vec![(start, end, new.to_owned())]);
    }

    /// Replaces what is between two places by `new`: for generated edits.
    pub fn splice(&mut self, path: &str, start: Place, end: Place, new: &str) {
        self.change(path, vec![(start, end, new.to_owned())]);
    }

    /// Undoes the newest change of a document, be it typed or applied.
    pub fn undo(&mut self, path: &str) {
        let encoding = self.encoding;
        let Some(document) = self.documents.get_mut(path) else { self.fail(&format!("{path} is not open")) };
        let Some(changes) = document.undo(encoding) else { self.fail(&format!("nothing to undo in {path}")) };
        let params = self.did_change(path, changes);
        self.notify("textDocument/didChange", params);
    }

    /// Saves a document.
    pub fn save(&mut self, path: &str) {
        let text = self.text(path);
        put(&self.yard.workspace().join(path), text.as_bytes());
        let mut params = json!({ "textDocument": { "uri": self.uri(path) } });
        if self.server.pointer("/textDocumentSync/save/includeText") == Some(&Value::Bool(true)) {
            params["text"] = json!(text);
        }
        self.notify("textDocument/didSave", params);
    }

    /// Closes a document; what was not saved is gone.
    pub fn close(&mut self, path: &str) {
        self.documents.remove(path);
        let params = json!({ "textDocument": { "uri": self.uri(path) } });
        self.notify("textDocument/didClose", params);
    }

    /// Renames a file as the editor's explorer does.
    pub fn rename(&mut self, old: &str, new: &str) {
        let root = self.yard.workspace();
        fs::rename(root.join(old), root.join(new))
            .unwrap_or_else(|error| self.fail(&format!("{old}: {error}")));
        let moved = self.moved(old, new);
        self.send_all(moved);
        let wanted = crate::profile::has(&self.server, "/workspace/fileOperations/didRename");
        if wanted && self.can("/workspace/fileOperations/didRename") {
            let files = json!([{ "oldUri": self.uri(old), "newUri": self.uri(new) }]);
            self.notify("workspace/didRenameFiles", json!({ "files": files }));
        }
    }

    /// Somebody else changes the disk: writes (`Some`) or removes (`None`) a file, and tells the server if it asked.
    pub fn outside(&mut self, path: &str, text: Option<&str>) {
        let file = self.yard.workspace().join(path);
        let kind = match text {
            Some(text) => {
                let kind = if file.exists() { 2 } else { 1 };
                put(&file, text.as_bytes());
                kind
            }
            None => {
                fs::remove_file(&file).unwrap_or_else(|error| self.fail(&format!("{path}: {error}")));
                3
            }
        };
        self.yard.mark();
        if self.registered.contains("workspace/didChangeWatchedFiles") {
            let changes = json!([{ "uri": self.uri(path), "type": kind }]);
            self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
        }
    }

    /// What the user sees in a file: the document if it is open, else the file on disk.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        let open = self.documents.get(path).map(|document| document.text.whole());
        open.or_else(|| self.disk(path))
            .unwrap_or_else(|| self.fail(&format!("{path} is neither open nor on disk")))
    }

    /// A file on disk; `None` if it is not there or not UTF-8.
    #[must_use]
    pub fn disk(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.yard.workspace().join(path)).ok()
    }

    /// The open document.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.documents.get(path)
    }

    fn find(&self, path: &str, needle: &str) -> Place {
        let document = self.documents.get(path).unwrap_or_else(|| self.fail(&format!("{path} is not open")));
        document.text.find(needle).unwrap_or_else(|| self.fail(&format!("no {needle:?} in {path}")))
    }

    fn change(&mut self, path: &str, replacements: Vec<Replacement>) {
        if let Some((method, params)) = self.changed(path, replacements) {
            self.notify(method, params);
        }
    }

    /// Changes an open document; the notification is returned, not sent.
    pub(super) fn changed(&mut self, path: &str, replacements: Vec<Replacement>) -> Option<Notification> {
        let encoding = self.encoding;
        let changes = self.documents.get_mut(path)?.change(replacements, encoding);
        Some(("textDocument/didChange", self.did_change(path, changes)))
    }

    fn did_change(&self, path: &str, changes: Vec<Value>) -> Value {
        let document = &self.documents[path];
        let sync = &self.server["textDocumentSync"];
        let kind = sync.as_u64().or_else(|| sync["change"].as_u64());
        let whole = || vec![json!({ "text": document.text.whole() })];
        let changes = if kind == Some(1) { whole() } else { changes };
        let id = json!({ "uri": self.uri(path), "version": document.version });
        json!({ "textDocument": id, "contentChanges": changes })
    }

    /// The notifications of a moved file, and the document under its new name.
    pub(super) fn moved(&mut self, old: &str, new: &str) -> Vec<Notification> {
        let Some(document) = self.documents.remove(old) else { return Vec::new() };
        let text = document.text.whole();
        self.documents.insert(new.to_owned(), Document { version: 1, ..document });
        let item = json!({ "uri": self.uri(new), "languageId": language(new), "version": 1, "text": text });
        vec![
            ("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(old) } })),
            ("textDocument/didOpen", json!({ "textDocument": item })),
        ]
    }

    /// The URI of a file of the workspace.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        let file = self.yard.workspace().join(path);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        let encode = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        format!("file://{}", file.to_string_lossy().bytes().map(encode).collect::<String>())
    }

    /// The path of a URI: relative for a file of the workspace, else absolute; a URI of another scheme as it is.
    #[must_use]
    pub fn path_of(&self, uri: &str) -> String {
        let Some(encoded) = uri.strip_prefix("file://") else { return uri.to_owned() };
        let path = decoded(encoded);
        let inside =
            Path::new(&path).strip_prefix(self.yard.workspace()).map(|path| path.display().to_string());
        inside.unwrap_or(path)
    }
}

fn decoded(encoded: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        let hex: Vec<u8> = if byte == b'%' { rest.clone().take(2).collect() } else { Vec::new() };
        match std::str::from_utf8(&hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn language(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some("js") => "javascript",
        Some("toml") => "toml",
        Some("sh") => "shellscript",
        _ => "plaintext",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_restores_the_text_before_a_change_of_several_places() {
        let mut document = Document::new("one\ntwo\nthree\n");
        let place = |line, byte| Place { line, byte };
        let edits =
            vec![(place(0, 0), place(0, 3), "1\n1".to_owned()), (place(2, 0), place(2, 5), String::new())];
        let changes = document.change(edits, Encoding::Utf16);
        assert_eq!(document.text.whole(), "1\n1\ntwo\n\n");
        assert_eq!(changes[0]["range"]["start"]["line"], 2);
        assert!(document.undo(Encoding::Utf16).is_some());
        assert_eq!(document.text.whole(), "one\ntwo\nthree\n");
        assert_eq!(document.version, 3);
    }

    #[test]
    fn percent_signs_are_decoded_once() {
        assert_eq!(decoded("/a%20b%2520%zz"), "/a b%20%zz");
    }
}
