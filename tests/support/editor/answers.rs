//! What the played editor answers to the server's requests.

use serde_json::{Value, json};

use super::Editor;
use super::pump::text;
use crate::profile;

/// What a client must advertise before it may be sent this request.
const GATES: &[(&str, &str)] = &[
    ("workspace/applyEdit", "/workspace/applyEdit"),
    ("workspace/configuration", "/workspace/configuration"),
    ("workspace/workspaceFolders", "/workspace/workspaceFolders"),
    ("workspace/codeLens/refresh", "/workspace/codeLens/refreshSupport"),
    ("workspace/inlayHint/refresh", "/workspace/inlayHint/refreshSupport"),
    ("workspace/semanticTokens/refresh", "/workspace/semanticTokens/refreshSupport"),
    ("workspace/diagnostic/refresh", "/workspace/diagnostics/refreshSupport"),
    ("workspace/textDocumentContent/refresh", "/workspace/textDocumentContent"),
    ("window/workDoneProgress/create", "/window/workDoneProgress"),
    ("window/showDocument", "/window/showDocument/support"),
];

/// Requests that every client takes.
const ALWAYS: &[&str] =
    &["window/showMessageRequest", "client/registerCapability", "client/unregisterCapability"];

impl Editor {
    pub(super) fn server_request(&mut self, id: &Value, method: &str, params: &Value) {
        if self.shutting_down {
            self.problem(&format!("a request after the answer to shutdown: {method}"));
        }
        let gate = GATES.iter().find(|(name, _)| *name == method);
        if !ALWAYS.contains(&method) && !gate.is_some_and(|(_, pointer)| self.can(pointer)) {
            self.problem(&format!("{method} is not for this client: it did not advertise it"));
            return self.refuse(id, method);
        }
        match method {
            "workspace/applyEdit" => self.answer_edit(id, params),
            "window/showMessageRequest" => self.answer_choice(id, params),
            "window/workDoneProgress/create" => {
                if self.progress.insert(params["token"].to_string(), super::Progress::default()).is_some() {
                    self.problem(&format!("a progress token was used twice: {params}"));
                }
                self.reply(id, &Value::Null);
            }
            "workspace/diagnostic/refresh" => {
                self.reply(id, &Value::Null);
                self.pull_all();
            }
            "workspace/codeLens/refresh" => {
                self.reply(id, &Value::Null);
                self.pulled.lens_refreshes += 1;
            }
            "workspace/textDocumentContent/refresh" => {
                self.reply(id, &Value::Null);
                self.ask_content(&text(&params["uri"]));
            }
            "window/showDocument" => {
                self.shown.push(params.clone());
                self.ask_content(&text(&params["uri"]));
                self.reply(id, &json!({ "success": true }));
            }
            "workspace/configuration" => {
                let items = params["items"].as_array().into_iter().flatten();
                let each = items.map(|item| self.setting(&text(&item["section"])));
                let answer = each.collect();
                self.reply(id, &answer);
            }
            "workspace/workspaceFolders" => {
                let uri = format!("file://{}", self.yard.workspace().display());
                self.reply(id, &json!([{ "uri": uri, "name": "ws" }]));
            }
            "client/registerCapability" => self.register(id, params),
            _ => self.reply(id, &Value::Null),
        }
    }

    pub(super) fn reply(&mut self, id: &Value, result: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    fn refuse(&mut self, id: &Value, method: &str) {
        let error = json!({ "code": -32601, "message": format!("method not found: {method}") });
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }));
    }

    fn setting(&self, section: &str) -> Value {
        match section.strip_prefix("vouchsafe") {
            Some("") => self.settings.clone(),
            Some(rest) => self.settings.pointer(&rest.replace('.', "/")).cloned().unwrap_or(Value::Null),
            None => Value::Null,
        }
    }

    fn register(&mut self, id: &Value, params: &Value) {
        for registration in params["registrations"].as_array().into_iter().flatten() {
            let method = text(&registration["method"]);
            let pointer = format!("/{method}/dynamicRegistration");
            if !self.can(&pointer) && method != "workspace/didChangeWorkspaceFolders" {
                self.problem(&format!(
                    "{method} registered dynamically, which this client did not advertise"
                ));
            }
            self.registered.insert(method);
        }
        self.reply(id, &Value::Null);
    }

    fn answer_choice(&mut self, id: &Value, params: &Value) {
        self.note_message(params);
        let next = self.script.choices.front().cloned();
        let mut actions = params["actions"].as_array().into_iter().flatten();
        let chosen =
            next.and_then(|part| actions.find(|action| text(&action["title"]).contains(&part)).cloned());
        if chosen.is_some() {
            self.script.choices.pop_front();
        }
        self.reply(id, &chosen.unwrap_or(Value::Null));
    }

    fn answer_edit(&mut self, id: &Value, params: &Value) {
        self.edits_answered += 1;
        if params.get("metadata").is_some() && !self.can("/workspace/workspaceEdit/metadataSupport") {
            self.problem("applyEdit with metadata, which this client did not advertise");
        }
        if std::mem::take(&mut self.script.decline_next_edit) {
            let says = self.quirks.says_applied_when_declined;
            self.events.push("edit  declined by the user".to_owned());
            return self.reply(id, &json!({ "applied": says }));
        }
        let Some(edit) = self.previewed(&params["edit"]) else {
            return self.reply(id, &json!({ "applied": false }));
        };
        let (answer, changes) = match self.apply(&edit) {
            Ok(changes) => (json!({ "applied": !self.quirks.denies_what_it_applied }), changes),
            Err(reason) => {
                self.events.push(format!("edit  refused: {reason}"));
                (json!({ "applied": false, "failureReason": reason }), Vec::new())
            }
        };
        if self.quirks.changes_after_answer {
            self.reply(id, &answer);
            self.send_all(changes);
        } else {
            self.send_all(changes);
            self.reply(id, &answer);
        }
    }

    pub(super) fn send_all(&mut self, notifications: Vec<(&'static str, Value)>) {
        for (method, params) in notifications {
            self.notify(method, params);
        }
    }

    /// Whether the client may be sent an operation of this kind (`create`, `rename`, `delete`).
    pub(super) fn takes_operation(&self, kind: &str) -> bool {
        let list = self.capabilities.pointer("/workspace/workspaceEdit/resourceOperations");
        list.and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    }

    /// Whether the client advertises annotations on edits.
    pub(super) fn takes_annotations(&self) -> bool {
        profile::has(&self.capabilities, "/workspace/workspaceEdit/changeAnnotationSupport")
    }
}
