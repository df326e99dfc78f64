//! What the toy server does with each message.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use vouchsafe_tests::text::{Encoding, Place, Text};

/// The result of a request (if it is answered at all) and the messages sent after it.
type Outcome = (Option<Result<Value, Value>>, Vec<Value>);

/// One line that would be changed.
struct Hunk {
    uri: String,
    line: usize,
    new: String,
}

pub(crate) struct Toy {
    faults: Vec<String>,
    encoding: Encoding,
    hover_format: String,
    documents: BTreeMap<String, (Text, i64)>,
    hunks: Vec<Hunk>,
    tasks: u64,
    requests: i64,
    was_shut_down: bool,
}

impl Toy {
    pub(crate) fn new(faults: Vec<String>) -> Self {
        let (documents, hunks) = (BTreeMap::new(), Vec::new());
        Self {
            faults,
            encoding: Encoding::Utf16,
            hover_format: String::new(),
            documents,
            hunks,
            tasks: 0,
            requests: 0,
            was_shut_down: false,
        }
    }

    pub(crate) fn exit_code(&self) -> i32 {
        i32::from(!self.was_shut_down || self.has("exit-1"))
    }

    fn has(&self, fault: &str) -> bool {
        self.faults.iter().any(|one| one == fault)
    }

    pub(crate) fn handle(&mut self, method: &str, params: &Value) -> Outcome {
        match method {
            "initialize" => self.initialize(params),
            "textDocument/didOpen" => {
                let item = &params["textDocument"];
                let text = Text::new(item["text"].as_str().unwrap_or_default());
                self.documents
                    .insert(string(&item["uri"]), (text, item["version"].as_i64().unwrap_or_default()));
                (None, Vec::new())
            }
            "textDocument/didChange" => self.change(params),
            "textDocument/codeAction" => ok(self.actions(params)),
            "textDocument/hover" if self.has("no-answer") => (None, Vec::new()),
            "textDocument/hover" => {
                let value = format!("Task 1, step 1: tr a-z A-Z, exit code 0, see file://{}#L3", record());
                ok(json!({ "contents": { "kind": self.hover_format, "value": value } }))
            }
            "workspace/executeCommand" => self.execute(params),
            "textDocument/diagnostic" if self.has("unknown-result") => {
                ok(json!({ "kind": "unchanged", "resultId": "never sent" }))
            }
            "textDocument/diagnostic" => {
                let start = json!({ "line": 0, "character": 0 });
                let one = json!({ "range": { "start": start, "end": start }, "message": "asked for" });
                ok(json!({ "kind": "full", "items": [one] }))
            }
            "shutdown" => {
                self.was_shut_down = true;
                let late = self
                    .has("late-request")
                    .then(|| self.ask("client/unregisterCapability", &json!({"unregisterations": []})));
                (Some(Ok(Value::Null)), late.into_iter().collect())
            }
            _ if method.starts_with("textDocument/") || method == "initialized" => (None, Vec::new()),
            _ => (Some(Err(json!({ "code": -32601, "message": "method not found" }))), Vec::new()),
        }
    }

    fn initialize(&mut self, params: &Value) -> Outcome {
        let offered = params["capabilities"]["general"]["positionEncodings"][0].as_str();
        self.hover_format = string(&params["capabilities"]["textDocument"]["hover"]["contentFormat"][0]);
        self.encoding = offered.and_then(Encoding::named).unwrap_or(Encoding::Utf16);
        let mut capabilities = json!({
            "positionEncoding": self.encoding.name(),
            "textDocumentSync": { "openClose": true, "change": 2 },
            "hoverProvider": true,
            "codeActionProvider": true,
            "executeCommandProvider": { "commands": ["vouchsafe.start", "vouchsafe.accept", "vouchsafe.reject", "vouchsafe.showEvidence"] },
        });
        if self.has("told-twice") || self.has("unknown-result") {
            let options = json!({ "interFileDependencies": false, "workspaceDiagnostics": false });
            capabilities["diagnosticProvider"] = options;
        }
        ok(json!({ "capabilities": capabilities }))
    }

    fn change(&mut self, params: &Value) -> Outcome {
        let uri = string(&params["textDocument"]["uri"]);
        let encoding = self.encoding;
        if let Some((text, version)) = self.documents.get_mut(&uri) {
            *version = params["textDocument"]["version"].as_i64().unwrap_or_default();
            for change in params["contentChanges"].as_array().into_iter().flatten() {
                let place =
                    |end: &str| text.place(&change["range"][end], encoding).expect("a place in the text");
                let (start, end) = (place("start"), place("end"));
                text.splice(start, end, change["text"].as_str().unwrap_or_default());
            }
        }
        (None, Vec::new())
    }

    fn actions(&self, params: &Value) -> Value {
        let uri = string(&params["textDocument"]["uri"]);
        let line = params["range"]["start"]["line"].as_u64().unwrap_or_default();
        let here = self.hunks.iter().any(|hunk| hunk.uri == uri && hunk.line as u64 == line);
        let action = |title: &str, command: &str| {
            json!({ "title": title, "kind": "quickfix", "command": {
                "title": title, "command": command, "arguments": [{ "uri": uri, "line": line, "all": title.contains("all") }]
            }})
        };
        let review = [
            action("Accept this change", "vouchsafe.accept"),
            action("Accept all of task 1 (2 changes)", "vouchsafe.accept"),
            action("Reject this change", "vouchsafe.reject"),
            action("Show evidence", "vouchsafe.showEvidence"),
        ];
        let start = action("Vouchsafe: Shout this file", "vouchsafe.start");
        review.into_iter().filter(|_| here).chain([start]).collect()
    }

    fn execute(&mut self, params: &Value) -> Outcome {
        let argument = &params["arguments"][0];
        let uri = string(&argument["uri"]);
        match params["command"].as_str() {
            Some("vouchsafe.start") => self.start(&uri),
            Some("vouchsafe.accept") => {
                let edits = self.accept(&uri, argument);
                (Some(Ok(Value::Null)), edits)
            }
            Some("vouchsafe.reject") => {
                self.hunks.retain(|hunk| hunk.uri != uri || hunk.line as u64 != argument["line"]);
                (Some(Ok(Value::Null)), vec![self.published(&uri)])
            }
            Some("vouchsafe.showEvidence") => {
                let shown = json!({ "uri": format!("file://{}", record()), "takeFocus": true });
                (Some(Ok(Value::Null)), vec![self.ask("window/showDocument", &shown)])
            }
            Some("vouchsafe.review") => ok(json!([])),
            _ => (Some(Err(json!({ "code": -32602, "message": "no such command" }))), Vec::new()),
        }
    }

    fn start(&mut self, uri: &str) -> Outcome {
        self.tasks += 1;
        self.misbehave(uri);
        vouchsafe_tests::yard::put(record().as_ref(), b"# Task 1\n\nstep 1: tr a-z A-Z, exit code 0\n");
        let lines = self.documents.get(uri).map(|(text, _)| text.lines().to_vec()).unwrap_or_default();
        let changed = lines.iter().enumerate().filter(|(_, line)| line.to_uppercase() != **line);
        self.hunks =
            changed.map(|(line, old)| Hunk { uri: uri.to_owned(), line, new: old.to_uppercase() }).collect();
        if let Some(edit) = self.faults.iter().find_map(|fault| fault.strip_prefix("edit:")) {
            let folder = uri.trim_end_matches("/a.txt");
            let edit: Value = serde_json::from_str(&edit.replace("WS", folder)).expect("the test wrote JSON");
            let asked = self.ask("workspace/applyEdit", &json!({ "edit": edit }));
            return (Some(Ok(json!({ "task": self.tasks }))), vec![asked]);
        }
        let token = format!("task-{}", self.tasks);
        let mut messages = vec![self.ask("window/workDoneProgress/create", &json!({ "token": token }))];
        for value in [
            json!({ "kind": "begin", "title": "Shout", "cancellable": true }),
            json!({ "kind": "report", "message": "step 1: tr a-z A-Z" }),
            json!({ "kind": "end", "message": "done" }),
        ] {
            messages.push(notification("$/progress", &json!({ "token": token, "value": value })));
        }
        messages.extend(self.out_of_place());
        messages.push(self.published(uri));
        messages.push(notification("window/showMessage", &json!({ "type": 3, "message": "task done" })));
        (Some(Ok(json!({ "task": self.tasks }))), messages)
    }

    /// The faults that are messages.
    fn out_of_place(&mut self) -> Vec<Value> {
        let mut messages = Vec::new();
        if self.has("stray-answer") {
            messages.push(json!({ "jsonrpc": "2.0", "id": 999, "result": null }));
        }
        if self.has("unknown-token") {
            let value = json!({ "kind": "begin", "title": "x" });
            messages.push(notification("$/progress", &json!({ "token": "nobody's", "value": value })));
        }
        if self.has("progress-after-end") {
            let value = json!({ "kind": "report", "message": "x" });
            messages.push(notification("$/progress", &json!({ "token": "task-1", "value": value })));
        }
        if self.has("foreign-document") {
            messages.push(self.ask("window/showDocument", &json!({ "uri": "toy://document" })));
        }
        if self.has("register") {
            let registration = json!({ "id": "1", "method": "textDocument/moniker" });
            messages.push(self.ask("client/registerCapability", &json!({ "registrations": [registration] })));
        }
        messages
    }

    /// The faults that show on disk or among processes.
    #[expect(clippy::zombie_processes, reason = "a process that nobody waits for is the fault to be shown")]
    fn misbehave(&self, uri: &str) {
        if self.has("write-disk") {
            std::fs::write(uri.trim_start_matches("file://"), "written\n")
                .expect("the workspace is writable");
        }
        if self.has("leave-shadow") {
            let dir = std::env::var("XDG_CACHE_HOME").expect("set by the yard") + "/vouchsafe/shadow-1";
            std::fs::create_dir_all(&dir).expect("the cache is writable");
            std::fs::write(dir + "/left.txt", "").expect("the cache is writable");
        }
        if self.has("leave-child") {
            // It ends by itself, later than anybody waits.
            let mut child = Command::new("timeout");
            child
                .args(["30", "tail", "-f", "/dev/null"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            child.spawn().expect("timeout is part of coreutils");
        }
    }

    fn accept(&mut self, uri: &str, argument: &Value) -> Vec<Value> {
        let all = argument["all"] == true;
        let (accepted, left) = self
            .hunks
            .drain(..)
            .partition(|hunk| all || hunk.uri == uri && hunk.line as u64 == argument["line"]);
        self.hunks = left;
        let (text, version) = &self.documents[uri];
        let version = version - i64::from(self.has("stale-edit"));
        let edits: Vec<Value> = Vec::into_iter(accepted)
            .map(|hunk: Hunk| {
                let end = Place { line: hunk.line, byte: text.lines()[hunk.line].trim_end().len() };
                let range = text.range(Place { line: hunk.line, byte: 0 }, end, self.encoding);
                json!({ "range": range, "newText": hunk.new.trim_end() })
            })
            .collect();
        let change = json!({ "textDocument": { "uri": uri, "version": version }, "edits": edits });
        vec![self.ask("workspace/applyEdit", &json!({ "edit": { "documentChanges": [change] } }))]
    }

    /// The client answered one of our requests: show what is left.
    pub(crate) fn answered(&mut self, message: &Value) -> Vec<Value> {
        let uris = self.documents.keys().cloned().collect::<Vec<_>>();
        if message["result"]["applied"].is_null() {
            Vec::new()
        } else {
            uris.iter().map(|uri| self.published(uri)).collect()
        }
    }

    fn published(&self, uri: &str) -> Value {
        let diagnostics: Vec<Value> =
            self.hunks.iter().filter(|hunk| hunk.uri == uri).map(|hunk| self.shown(hunk)).collect();
        notification("textDocument/publishDiagnostics", &json!({ "uri": uri, "diagnostics": diagnostics }))
    }

    fn shown(&self, hunk: &Hunk) -> Value {
        let text = &self.documents[&hunk.uri].0;
        let place = |byte| Place { line: hunk.line, byte };
        let range = text.range(place(0), place(text.lines()[hunk.line].trim_end().len()), self.encoding);
        let mut shown = json!({ "range": range, "severity": 3, "code": "proposed-change", "source": "vouchsafe", "message": "shout" });
        if self.has("bad-message") {
            shown["colour"] = json!("red");
        }
        shown
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params })
    }
}

/// The record of the only task.
fn record() -> String {
    std::env::var("XDG_STATE_HOME").expect("set by the yard") + "/vouchsafe/tasks/1/record.md"
}

fn ok(result: Value) -> Outcome {
    (Some(Ok(result)), Vec::new())
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn notification(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}
