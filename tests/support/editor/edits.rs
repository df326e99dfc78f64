//! Applying a `WorkspaceEdit` as the played editor would.
//!
//! Invariants
//! - All or nothing: versions, positions and operations are checked before anything is changed.
//! - What the server must not send to this client is a problem even where the real one would let it pass.

use std::fs;

use serde_json::Value;

use super::Editor;
use super::documents::{Notification, Replacement};
use super::pump::text;
use super::render::changed_lines;

/// One checked part of an edit.
enum Part {
    Edit { path: String, replacements: Vec<Replacement> },
    Create { path: String, overwrite: bool },
    Rename { old: String, new: String },
    Delete { path: String },
}

impl Editor {
    /// Applies the edit; returns the notifications it causes, or why it was not applied.
    pub(super) fn apply(&mut self, edit: &Value) -> Result<Vec<Notification>, String> {
        self.judge(edit);
        let mut parts = Vec::new();
        let mut created = Vec::new();
        for (path, edits) in edit["changes"].as_object().into_iter().flatten() {
            let path = self.path_of(path);
            parts.push(self.checked(&path, edits, &created)?);
        }
        for (nth, change) in edit["documentChanges"].as_array().into_iter().flatten().enumerate() {
            let part = match change["kind"].as_str() {
                Some(kind) => self.operation(kind, change)?,
                None => {
                    self.version_matches(change, nth)?;
                    let path = self.path_of(&text(&change["textDocument"]["uri"]));
                    self.checked(&path, &change["edits"], &created)?
                }
            };
            if let Part::Create { path, .. } = &part {
                created.push(path.clone());
            }
            parts.push(part);
        }
        let mut notifications = Vec::new();
        for part in parts {
            notifications.extend(self.carry_out(part)?);
        }
        Ok(notifications)
    }

    /// What is wrong with sending this edit to this client at all.
    fn judge(&mut self, edit: &Value) {
        let versioned =
            self.can("/workspace/workspaceEdit/documentChanges") || self.quirks.takes_document_changes;
        let changes = edit["documentChanges"].as_array().map_or(&[][..], Vec::as_slice);
        if edit.get("documentChanges").is_some() && !versioned {
            self.problem("documentChanges for a client that did not advertise them");
        }
        if edit.get("changes").is_some() && self.can("/workspace/workspaceEdit/documentChanges") {
            self.problem("an edit without versions for a client that takes versions");
        }
        let uris = changes.iter().filter(|change| change.get("edits").is_some());
        let mut uris: Vec<String> = uris.map(|change| text(&change["textDocument"]["uri"])).collect();
        uris.extend(edit["changes"].as_object().into_iter().flatten().map(|(uri, _)| uri.clone()));
        if uris.len() > 1 {
            self.problem(&format!(
                "one edit for several documents, of which editors check only one: {uris:?}"
            ));
        }
        let parts = changes.iter().flat_map(|change| change["edits"].as_array().into_iter().flatten());
        let named = parts.chain(changes).filter_map(|part| {
            part["annotationId"].as_str().or_else(|| part["options"]["annotationId"].as_str())
        });
        for id in named {
            if !self.takes_annotations() || !self.can("/textDocument/codeAction/honorsChangeAnnotations") {
                self.problem("an annotated edit for a client that did not advertise annotations");
            }
            if edit["changeAnnotations"].get(id).is_none() {
                self.problem(&format!("the annotation {id} has no entry: Neovim 0.12 aborts on that"));
            }
        }
    }

    fn version_matches(&self, change: &Value, nth: usize) -> Result<(), String> {
        let id = &change["textDocument"];
        let path = self.path_of(&text(&id["uri"]));
        let unchecked = nth > 0 && self.quirks.checks_first_version_only;
        match (id["version"].as_i64(), self.documents.get(&path)) {
            (None, _) => Ok(()),
            (Some(version), None) => Err(format!("version {version} of {path}, which is not open")),
            (Some(version), Some(document)) if version == document.version() || unchecked => Ok(()),
            (Some(version), Some(document)) => {
                Err(format!("version {version} of {path}, which is at {}", document.version()))
            }
        }
    }

    fn operation(&mut self, kind: &str, change: &Value) -> Result<Part, String> {
        if self.quirks.fails_on_resource_operations {
            self.problem(&format!("a {kind} operation for a client that fails on it"));
            return Err(format!("this editor cannot {kind} files"));
        }
        if !self.takes_operation(kind) {
            self.problem(&format!("a {kind} operation, which this client did not advertise"));
        }
        let path = |name: &str| self.path_of(&text(&change[name]));
        let exists = |path: &str| self.yard.workspace().join(path).exists();
        let option = |name: &str| change["options"][name] == true;
        match kind {
            "create" if exists(&path("uri")) && !option("overwrite") && !option("ignoreIfExists") => {
                Err(format!("{} exists already", path("uri")))
            }
            "create" => Ok(Part::Create { path: path("uri"), overwrite: option("overwrite") }),
            "rename" if exists(&path("newUri")) && !option("overwrite") => {
                Err(format!("{} exists already", path("newUri")))
            }
            "rename" => Ok(Part::Rename { old: path("oldUri"), new: path("newUri") }),
            "delete" if !exists(&path("uri")) && !option("ignoreIfNotExists") => {
                Err(format!("{} does not exist", path("uri")))
            }
            "delete" => Ok(Part::Delete { path: path("uri") }),
            other => Err(format!("an operation that no editor knows: {other}")),
        }
    }

    /// The text edits of one document as replacements that do not overlap.
    fn checked(&self, path: &str, edits: &Value, created: &[String]) -> Result<Part, String> {
        let open = self.documents.get(path).map(|document| document.text().clone());
        let fresh = created.iter().any(|one| one == path).then(|| self.as_loaded(String::new()));
        let loaded = open.or_else(|| Some(crate::text::Text::new(&fresh.or_else(|| self.disk(path))?)));
        let Some(document) = loaded else { return Err(format!("{path} is neither open nor readable")) };
        let mut replacements = Vec::new();
        for edit in edits.as_array().into_iter().flatten() {
            let start = document.place(&edit["range"]["start"], self.encoding)?;
            let end = document.place(&edit["range"]["end"], self.encoding)?;
            if start > end {
                return Err(format!("a range that ends before it starts: {edit}"));
            }
            replacements.push((start, end, text(&edit["newText"])));
        }
        replacements.sort_by_key(|(start, end, _)| (*start, *end));
        let overlapping = replacements.windows(2).any(|pair| pair[0].1 > pair[1].0);
        if overlapping {
            return Err(format!("edits of {path} overlap: {edits}"));
        }
        Ok(Part::Edit { path: path.to_owned(), replacements })
    }

    fn carry_out(&mut self, part: Part) -> Result<Vec<Notification>, String> {
        let root = self.yard.workspace();
        let io = |path: &str, error: &std::io::Error| format!("{path}: {error}");
        match part {
            Part::Edit { path, replacements } => Ok(self.edit(&path, replacements)),
            Part::Create { path, overwrite } => {
                let file = root.join(&path);
                if overwrite || !file.exists() {
                    let dir = file.parent().unwrap_or(&root);
                    fs::create_dir_all(dir)
                        .and_then(|()| fs::write(&file, ""))
                        .map_err(|error| io(&path, &error))?;
                }
                self.events.push(format!("file  created {path}"));
                Ok(Vec::new())
            }
            Part::Rename { old, new } => {
                fs::rename(root.join(&old), root.join(&new)).map_err(|error| io(&old, &error))?;
                self.events.push(format!("file  renamed {old} to {new}"));
                Ok(self.moved(&old, &new))
            }
            Part::Delete { path } => {
                fs::remove_file(root.join(&path)).map_err(|error| io(&path, &error))?;
                self.events.push(format!("file  deleted {path}"));
                let closed = self.documents.remove(&path).map(|_| {
                    let params = serde_json::json!({ "textDocument": { "uri": self.uri(&path) } });
                    ("textDocument/didClose", params)
                });
                Ok(closed.into_iter().collect())
            }
        }
    }

    /// The text of a file as this editor has it when it has loaded it.
    fn as_loaded(&self, text: String) -> String {
        if text.is_empty() && self.quirks.empty_is_a_line { "\n".to_owned() } else { text }
    }

    fn edit(&mut self, path: &str, replacements: Vec<Replacement>) -> Vec<Notification> {
        if !self.documents.contains_key(path) {
            // As every editor does: the file is loaded, and the edit stays unsaved in it.
            let text = self.as_loaded(self.disk(path).unwrap_or_default());
            self.open_text(path, &text);
        }
        let before = self.text(path);
        let notification = self.changed(path, replacements);
        let after = self.text(path);
        let version = self.documents[path].version();
        self.events.push(format!("edit  {path} v{version}"));
        self.events.extend(changed_lines(&before, &after));
        notification.into_iter().collect()
    }
}
