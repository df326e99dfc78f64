//! Sending, receiving and waiting: every message of the server passes here once.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Editor, Message};
use crate::log::Sent;
use crate::wire::Incoming;

/// The `workDoneToken` in the `initialize` parameters of Neovim.
const CLIENTS_TOKEN: &str = "1";

impl Editor {
    /// Sends a request and waits for its answer: `Ok(result)` or `Err(error)`.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer_to(id)
    }

    /// Sends a request without waiting; returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.asked.insert(id, method.to_owned());
        let mut message = call(method, params);
        message["id"] = json!(id);
        self.send(&message);
        id
    }

    /// Waits for the answer to a request.
    pub fn answer_to(&mut self, id: i64) -> Result<Value, Value> {
        let what = format!("the answer to {} (id {id})", self.asked.get(&id).map_or("?", String::as_str));
        self.wait_for(&what, |editor| editor.answers.contains_key(&id));
        self.answers.remove(&id).unwrap_or(Err(Value::Null))
    }

    /// Whether the answer has come.
    #[must_use]
    pub fn is_answered(&self, id: i64) -> bool {
        self.answers.contains_key(&id)
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        let uri = params["textDocument"]["uri"].as_str().map(str::to_owned);
        self.send(&call(method, params));
        if let Some(uri) = uri {
            self.noticed(method, &uri);
        }
    }

    pub(super) fn send(&mut self, message: &Value) {
        self.checker.message(Sent::ByClient, message);
        self.wire.send(message);
    }

    /// Handles the server's messages until `done`; fails at the deadline, or when the server's output ends before.
    pub fn wait_for(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + self.patience;
        while !done(self) {
            if self.output_ended {
                self.fail(&format!("the server ended while the test waited for {what}"));
            }
            match self.wire.receive(deadline) {
                None => self.fail(&format!("waited {:?} for {what}", self.patience)),
                Some(incoming) => self.handle(incoming),
            }
        }
    }

    /// Handles the server's messages until a moment, or until this request is answered: for measuring, not for tests.
    pub fn serve(&mut self, until: Instant, id: i64) {
        while !self.output_ended
            && !self.is_answered(id)
            && let Some(incoming) = self.wire.receive(until)
        {
            self.handle(incoming);
        }
    }

    /// Handles what has arrived already, without waiting.
    pub fn catch_up(&mut self) {
        while !self.output_ended
            && let Some(incoming) = self.wire.receive(Instant::now())
        {
            self.handle(incoming);
        }
    }

    pub(super) fn handle(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Message(message) => self.message(&message),
            Incoming::Closed => self.output_ended = true,
            Incoming::Broken(what) => {
                self.problem(&what);
                self.output_ended = true;
            }
        }
    }

    /// Notes something that fails the test at its end.
    pub(super) fn problem(&mut self, what: &str) {
        self.wire.log.remark(&format!("problem: {what}"));
        self.problems.push(what.to_owned());
    }

    fn message(&mut self, message: &Value) {
        for problem in self.checker.message(Sent::ByServer, message) {
            self.problem(&problem);
        }
        if message["jsonrpc"] != "2.0" {
            self.problem(&format!("not JSON-RPC 2.0: {message}"));
        }
        match (message.get("id"), message["method"].as_str()) {
            (Some(id), Some(method)) => self.server_request(id, method, &message["params"]),
            (None, Some(method)) => self.notification(method, &message["params"]),
            (Some(id), None) => self.response(id, message),
            (None, None) => self.problem(&format!("neither request nor notification nor answer: {message}")),
        }
    }

    fn response(&mut self, id: &Value, message: &Value) {
        let known = id.as_i64().filter(|id| self.asked.remove(id).is_some());
        let Some(id) = known else {
            return self.problem(&format!("an answer to a request nobody sent: {message}"));
        };
        let answer = match (message.get("result"), message.get("error")) {
            (Some(result), None) => Ok(result.clone()),
            (None, Some(error)) => Err(error.clone()),
            _ => return self.problem(&format!("an answer needs a result or an error: {message}")),
        };
        if let Some(answer) = self.taken_as_pulled(id, answer) {
            self.answers.insert(id, answer);
        }
    }

    fn notification(&mut self, method: &str, params: &Value) {
        match method {
            "textDocument/publishDiagnostics" => self.publish(params),
            "$/progress" => self.report(params),
            "window/showMessage" => self.note_message(params),
            "window/logMessage" | "telemetry/event" | "$/logTrace" => {}
            other => self.problem(&format!("a notification that no editor knows: {other}")),
        }
    }

    pub(super) fn note_message(&mut self, params: &Value) {
        let actions = params["actions"].as_array().into_iter().flatten();
        let choices = actions.map(|action| text(&action["title"])).collect();
        let kind = params["type"].as_u64().unwrap_or_default();
        self.messages.push(Message { kind, text: text(&params["message"]), choices });
    }

    fn publish(&mut self, params: &Value) {
        let path = self.path_of(&text(&params["uri"]));
        let current = self.documents.get(&path).map(super::Document::version);
        if let (Some(version), Some(current)) = (params["version"].as_i64(), current)
            && version > current
        {
            self.problem(&format!("diagnostics for version {version} of {path}, which is at {current}"));
        }
        let diagnostics = params["diagnostics"].as_array().cloned().unwrap_or_default();
        self.published(&path, diagnostics);
    }

    fn report(&mut self, params: &Value) {
        let token = params["token"].to_string();
        let value = &params["value"];
        let kind = text(&value["kind"]);
        let Some(progress) = self.progress.get_mut(&token) else {
            if params["token"] == CLIENTS_TOKEN {
                return; // progress of `initialize` itself, which Neovim offers a token for
            }
            return self.problem(&format!("progress with a token that was not created: {params}"));
        };
        let wrong = progress.ended || (kind == "begin") == progress.began;
        progress.began = true;
        progress.ended = kind == "end";
        if kind == "begin" {
            progress.title = text(&value["title"]);
        }
        progress.messages.extend(value["message"].as_str().map(str::to_owned));
        if wrong {
            self.problem(&format!("progress out of order (begin, report …, end): {params}"));
        }
    }
}

/// A notification, or a request that still lacks its id. Null parameters are left out.
fn call(method: &str, params: Value) -> Value {
    let mut message = json!({ "jsonrpc": "2.0", "method": method });
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

/// A string, or nothing.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
