//! What the played editor asks for by itself: diagnostics of open documents, code lenses, documents of a server's scheme.
//!
//! Invariants
//! - As clients do: diagnostics are asked for on open, after changes (one request at a time) and when told to.
//! - What the server offers a client that did not advertise it is a problem, and so is a finding told in both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::Editor;
use super::pump::text;

/// What each capability of a server needs the client to have advertised.
const OFFERS: &[(&str, &str)] = &[
    ("/codeLensProvider", "/textDocument/codeLens"),
    ("/diagnosticProvider", "/textDocument/diagnostic"),
    ("/workspace/textDocumentContent", "/workspace/textDocumentContent"),
];

/// What was asked for, and what came.
#[derive(Debug, Default)]
pub(super) struct Pulled {
    /// Requests under way, by id: what they are for.
    under_way: HashMap<i64, Wanted>,
    /// Documents that changed while a request was under way.
    again: BTreeSet<String>,
    diagnostics: BTreeMap<String, (Value, Vec<Value>)>,
    published: BTreeMap<String, Vec<Value>>,
    contents: BTreeMap<String, Result<String, String>>,
    /// How often the server said that nothing had changed.
    pub(super) unchanged: usize,
    pub(super) lens_refreshes: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Diagnostics(String),
    Content(String),
    /// Its document was closed.
    Nothing,
}

/// One code lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The line it stands above, from 1.
    pub line: u64,
    /// What it says.
    pub title: String,
    command: Value,
}

impl Editor {
    /// Notes what this client was offered without having asked for it.
    pub(super) fn judge_offers(&mut self) {
        for (offered, advertised) in OFFERS {
            if crate::profile::has(&self.server, offered) && !self.can(advertised) {
                self.problem(&format!(
                    "{offered} is offered to a client that did not advertise {advertised}"
                ));
            }
        }
    }

    /// Whether this client asks for diagnostics.
    #[must_use]
    pub fn pulls(&self) -> bool {
        crate::profile::has(&self.server, "/diagnosticProvider")
    }

    /// A notification about a document was sent.
    pub(super) fn noticed(&mut self, method: &str, uri: &str) {
        let path = self.path_of(uri);
        match method {
            "textDocument/didOpen" | "textDocument/didChange" => self.pull(&path),
            "textDocument/didClose" => {
                // An answer that is still under way speaks of what is closed.
                let of_it = Wanted::Diagnostics(path.clone());
                self.pulled.under_way.values_mut().filter(|one| **one == of_it).for_each(|one| {
                    *one = Wanted::Nothing;
                });
                self.pulled.again.remove(&path);
                self.pulled.diagnostics.remove(&path);
                self.merge(&path);
            }
            _ => {}
        }
    }

    fn pull(&mut self, path: &str) {
        let ending = self.shutting_down || self.asked.values().any(|method| method == "shutdown");
        if ending || !self.pulls() {
            return;
        }
        let wanted = Wanted::Diagnostics(path.to_owned());
        if self.pulled.under_way.values().any(|one| *one == wanted) {
            self.pulled.again.insert(path.to_owned());
            return;
        }
        let mut params = json!({ "textDocument": { "uri": self.uri(path) } });
        if let Some(identifier) = self.server.pointer("/diagnosticProvider/identifier") {
            params["identifier"] = identifier.clone();
        }
        if let Some((id, _)) = self.pulled.diagnostics.get(path) {
            params["previousResultId"] = id.clone();
        }
        let id = self.ask("textDocument/diagnostic", params);
        self.pulled.under_way.insert(id, wanted);
    }

    pub(super) fn pull_all(&mut self) {
        let open: Vec<_> = self.documents.keys().cloned().collect();
        open.iter().for_each(|path| self.pull(path));
    }

    /// Asks for the content of a document that only the server has.
    pub(super) fn ask_content(&mut self, uri: &str) {
        let schemes = self.server.pointer("/workspace/textDocumentContent/schemes").and_then(Value::as_array);
        let ours = schemes.into_iter().flatten().filter_map(Value::as_str);
        if ours.into_iter().any(|scheme| uri.starts_with(&format!("{scheme}:"))) {
            let id = self.ask("workspace/textDocumentContent", json!({ "uri": uri }));
            self.pulled.under_way.insert(id, Wanted::Content(uri.to_owned()));
        } else if !uri.starts_with("file:") {
            self.problem(&format!("a document that this client cannot read: {uri}"));
        }
    }

    /// Takes the answer to a request of this client's own; any other is given back.
    pub(super) fn taken_as_pulled(
        &mut self,
        id: i64,
        answer: Result<Value, Value>,
    ) -> Option<Result<Value, Value>> {
        match (self.pulled.under_way.remove(&id), answer) {
            (None, answer) => return Some(answer),
            (Some(Wanted::Nothing), _) => {}
            (Some(Wanted::Content(uri)), answer) => {
                let content = answer.map(|it| text(&it["text"])).map_err(|error| text(&error["message"]));
                self.pulled.contents.insert(uri, content);
            }
            (Some(Wanted::Diagnostics(path)), Ok(report)) => self.reported(&path, &report),
            (Some(Wanted::Diagnostics(path)), Err(error)) => {
                self.problem(&format!("the diagnostics of {path} cannot be had: {error}"));
            }
        }
        None
    }

    fn reported(&mut self, path: &str, report: &Value) {
        let known = self.pulled.diagnostics.get(path).map(|(id, _)| id.clone());
        if report["kind"] == "unchanged" {
            self.pulled.unchanged += 1;
            if known.as_ref() != Some(&report["resultId"]) {
                self.problem(&format!("unchanged since a result that this client does not have: {report}"));
            }
        } else if self.documents.contains_key(path) {
            let items = report["items"].as_array().cloned().unwrap_or_default();
            self.pulled.diagnostics.insert(path.to_owned(), (report["resultId"].clone(), items));
        }
        self.merge(path);
        if self.pulled.again.remove(path) && self.documents.contains_key(path) {
            self.pull(path);
        }
    }

    pub(super) fn published(&mut self, path: &str, items: Vec<Value>) {
        self.pulled.published.insert(path.to_owned(), items);
        self.merge(path);
    }

    fn merge(&mut self, path: &str) {
        let pulled = self.pulled.diagnostics.get(path).map(|(_, items)| items.as_slice()).unwrap_or_default();
        let published = self.pulled.published.get(path).map(Vec::as_slice).unwrap_or_default();
        let all = published.iter().chain(pulled).cloned().collect();
        self.diagnostics.insert(path.to_owned(), all);
    }

    /// Whether a document has both published findings and such as were asked for.
    #[must_use]
    pub fn is_told_twice(&self, path: &str) -> bool {
        let pulled = self.pulled.diagnostics.get(path).is_some_and(|(_, items)| !items.is_empty());
        pulled && self.pulled.published.get(path).is_some_and(|items| !items.is_empty())
    }

    pub(super) fn note_told_twice(&mut self) {
        let twice: Vec<_> =
            self.diagnostics.keys().filter(|path| self.is_told_twice(path)).cloned().collect();
        for path in twice {
            self.problem(&format!("the findings of {path} are told twice"));
        }
    }

    /// How often the server answered that a document's diagnostics are unchanged.
    #[must_use]
    pub fn unchanged(&self) -> usize {
        self.pulled.unchanged
    }

    /// How often the server asked this client to ask for code lenses again.
    #[must_use]
    pub fn lens_refreshes(&self) -> usize {
        self.pulled.lens_refreshes
    }

    /// The text of a document of the server's scheme that was shown, once it has come; the error's sentence otherwise.
    #[must_use]
    pub fn content(&self, uri: &str) -> Option<&Result<String, String>> {
        self.pulled.contents.get(uri)
    }

    /// The code lenses of a document, in order.
    pub fn lenses(&mut self, path: &str) -> Vec<Lens> {
        let params = json!({ "textDocument": { "uri": self.uri(path) } });
        let answer = match self.request("textDocument/codeLens", params) {
            Ok(answer) => answer,
            Err(error) => self.fail(&format!("code lenses failed: {error}")),
        };
        let lenses = answer.as_array().cloned().unwrap_or_default();
        let lens = |lens: Value| Lens {
            line: lens["range"]["start"]["line"].as_u64().unwrap_or_default() + 1,
            title: text(&lens["command"]["title"]),
            command: lens["command"].clone(),
        };
        lenses.into_iter().map(lens).collect()
    }

    /// Runs the command of a code lens.
    pub fn click(&mut self, lens: &Lens) {
        let (name, arguments) = (text(&lens.command["command"]), lens.command["arguments"].clone());
        if let Err(error) = self.execute(&name, &arguments) {
            self.fail(&format!("the lens {:?} failed: {error}", lens.title));
        }
    }
}
