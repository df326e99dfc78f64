//! What the user does with tasks and proposals: choose an action, wait, accept, reject, hover, cancel.

use serde_json::{Value, json};

use super::pump::text;
use super::{Editor, Message};
use crate::text::Place;

/// The code of the diagnostics that stand for a proposed change.
const PROPOSED: &str = "proposed-change";

impl Editor {
    /// The code actions offered at the cursor.
    pub fn actions(&mut self) -> Vec<Value> {
        let cursor = self.cursor.clone();
        let range = self.documents[&cursor.path].text().range(cursor.start, cursor.end, self.encoding);
        self.actions_in(&cursor.path, &range, None)
    }

    /// Their titles.
    pub fn titles(&mut self) -> Vec<String> {
        self.actions().iter().map(|action| text(&action["title"])).collect()
    }

    /// The code actions in a range of a document, with the diagnostics there, of certain kinds only if said.
    pub fn actions_in(&mut self, path: &str, range: &Value, only: Option<&[&str]>) -> Vec<Value> {
        let shown = self.diagnostics(path).iter().filter(|one| touches(&one["range"], range));
        let mut context = json!({ "diagnostics": shown.collect::<Vec<_>>(), "triggerKind": 1 });
        if let Some(only) = only {
            context["only"] = json!(only);
        }
        let document = json!({ "uri": self.uri(path) });
        let params = json!({ "textDocument": document, "range": range, "context": context });
        match self.request("textDocument/codeAction", params) {
            Ok(actions) => actions.as_array().cloned().unwrap_or_default(),
            Err(error) => self.fail(&format!("code actions failed: {error}")),
        }
    }

    /// Chooses the action at the cursor whose title holds `title`; returns the number of the task it started.
    pub fn choose(&mut self, title: &str) -> Option<u64> {
        let actions = self.actions();
        self.perform_one(&actions, title)
    }

    /// Chooses the action on a line (from 1) whose title holds `title`.
    pub fn choose_on(&mut self, path: &str, line: usize, title: &str) -> Option<u64> {
        let range = self.line_range(path, line);
        let actions = self.actions_in(path, &range, None);
        self.perform_one(&actions, title)
    }

    /// The titles of the actions on a line (from 1).
    pub fn titles_on(&mut self, path: &str, line: usize) -> Vec<String> {
        let range = self.line_range(path, line);
        self.actions_in(path, &range, None).iter().map(|action| text(&action["title"])).collect()
    }

    fn perform_one(&mut self, actions: &[Value], title: &str) -> Option<u64> {
        let found = actions.iter().find(|action| text(&action["title"]).contains(title));
        let Some(action) = found else {
            let offered: Vec<_> = actions.iter().map(|action| text(&action["title"])).collect();
            self.fail(&format!("no action {title:?}; offered: {offered:#?}"));
        };
        self.perform(&action.clone())
    }

    /// Carries an action out as an editor does: resolve, edit, command.
    pub fn perform(&mut self, action: &Value) -> Option<u64> {
        if let Some(reason) = action["disabled"]["reason"].as_str() {
            self.fail(&format!("the action {} is disabled: {reason}", action["title"]));
        }
        let action = self.resolved(action);
        if let Some(edit) = action.get("edit") {
            match self.apply(edit) {
                Ok(changes) => self.send_all(changes),
                Err(reason) => self.fail(&format!("the edit of an action does not apply: {reason}")),
            }
        }
        let command = if action["command"].is_string() { &action } else { &action["command"] };
        if !command["command"].is_string() {
            return None;
        }
        match self.execute(&text(&command["command"]), &command["arguments"]) {
            Ok(result) => result["task"].as_u64(),
            Err(error) => self.fail(&format!("the command of {} failed: {error}", action["title"])),
        }
    }

    fn resolved(&mut self, action: &Value) -> Value {
        let complete = action.get("edit").is_some()
            || (action.get("command").is_some() && !self.quirks.resolves_command_only_actions);
        let can = crate::profile::has(&self.server, "/codeActionProvider/resolveProvider");
        if complete || !can || action["command"].is_string() {
            return action.clone();
        }
        match self.request("codeAction/resolve", action.clone()) {
            Ok(resolved) => resolved,
            Err(error) => self.fail(&format!("codeAction/resolve failed: {error}")),
        }
    }

    /// Runs a command of the server: its result, or its error.
    pub fn execute(&mut self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let mut params = json!({ "command": command });
        if !arguments.is_null() {
            params["arguments"] = arguments.clone();
        }
        self.request("workspace/executeCommand", params)
    }

    /// Waits until every task that began has ended and a proposed change is shown.
    pub fn wait_for_proposal(&mut self) {
        self.wait_for("proposal", |editor| editor.is_idle() && editor.proposed() > 0);
        if self.pulls() {
            self.wait_for_pulled();
        }
    }

    /// Waits until what waits in open documents has been asked for: it comes later than what is published.
    fn wait_for_pulled(&mut self) {
        let listed = match self.execute("vouchsafe.review", &json!([{}])) {
            Ok(listed) => listed.as_array().cloned().unwrap_or_default(),
            Err(error) => self.fail(&format!("the open changes cannot be listed: {error}")),
        };
        let places: Vec<_> = listed.iter().map(|one| self.path_of(&text(&one["uri"]))).collect();
        self.wait_for("the findings of open documents", |editor| {
            places.iter().all(|path| {
                let wanted = places.iter().filter(|one| *one == path).count();
                editor.diagnostics(path).len() >= wanted
            })
        });
    }

    /// Waits until `count` tasks have ended since the start of the session.
    pub fn wait_for_ends(&mut self, count: usize) {
        self.wait_for(&format!("end of {count} task(s)"), |editor| {
            editor.progress.values().filter(|progress| progress.ended).count() >= count
        });
    }

    /// Waits for a message that holds `part`.
    pub fn wait_for_message(&mut self, part: &str) -> Message {
        let holds = |message: &&Message| message.text.contains(part);
        self.wait_for(&format!("message with {part:?}"), |editor| {
            editor.messages.iter().any(|one| holds(&one))
        });
        self.messages
            .iter()
            .find(holds)
            .cloned()
            .unwrap_or_else(|| self.fail("a message was there and is gone"))
    }

    /// Waits until a file reads as said: in its document if it is open, else on disk.
    pub fn wait_for_text(&mut self, path: &str, wanted: &str) {
        let what = format!("{path} to read {wanted:?}");
        self.wait_for(&what, |editor| {
            let open = editor.documents.get(path).map(|document| document.text().whole());
            open.or_else(|| editor.disk(path)).as_deref() == Some(wanted)
        });
    }

    /// Waits for something the server does without telling: asks it for a hover again and again, until `done`.
    pub fn wait_until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = std::time::Instant::now() + self.patience;
        let params = json!({ "textDocument": { "uri": self.uri(&self.cursor.path) }, "position": { "line": 0, "character": 0 } });
        while !done(self) {
            if std::time::Instant::now() > deadline {
                self.fail(&format!("waited {:?} until {what}", self.patience));
            }
            if let Err(error) = self.request("textDocument/hover", params.clone()) {
                self.fail(&format!("hover failed while waiting until {what}: {error}"));
            }
        }
    }

    /// The first line (from 1) of a file on which a change is proposed.
    #[must_use]
    pub fn first_proposed(&self, path: &str) -> usize {
        let proposed = self.diagnostics(path).iter().filter(|one| one["code"] == PROPOSED);
        let lines = proposed.filter_map(|one| usize::try_from(one["range"]["start"]["line"].as_u64()?).ok());
        lines.min().unwrap_or_else(|| self.fail(&format!("nothing is proposed in {path}"))) + 1
    }

    /// Whether the server says something about `part`, in a message or in a diagnostic of any file.
    #[must_use]
    pub fn says(&self, part: &str) -> bool {
        let part = part.to_lowercase();
        let diagnostics = self.diagnostics.values().flatten().map(|one| text(&one["message"]));
        let messages = self.messages.iter().map(|one| one.text.clone());
        let ends = self.progress.values().flat_map(|one| one.messages.clone());
        diagnostics.chain(messages).chain(ends).any(|said| said.to_lowercase().contains(&part))
    }

    fn is_idle(&self) -> bool {
        !self.progress.is_empty() && self.progress.values().all(|progress| progress.ended)
    }

    /// How many proposed changes are shown.
    #[must_use]
    pub fn proposed(&self) -> usize {
        self.diagnostics.values().flatten().filter(|one| one["code"] == PROPOSED).count()
    }

    /// The change proposed on a line (from 1): what tells it from others, which is its data where the client keeps it.
    fn proposed_on(&self, path: &str, line: usize) -> Value {
        let on_line =
            |one: &&Value| one["code"] == PROPOSED && one["range"]["start"]["line"] == json!(line - 1);
        let found = self.diagnostics(path).iter().find(on_line).cloned().unwrap_or_default();
        if found["data"].is_null() { found["message"].clone() } else { found["data"].clone() }
    }

    fn shown_as(&self, path: &str, key: &Value) -> usize {
        let same = |one: &&Value| one["data"] == *key || one["message"] == *key;
        self.diagnostics(path).iter().filter(same).count()
    }

    /// Accepts the change proposed on a line (from 1), and waits for its edit.
    pub fn accept(&mut self, path: &str, line: usize) {
        let key = self.proposed_on(path, line);
        let (edits, shown) = (self.edits_answered, self.shown_as(path, &key));
        self.choose_on(path, line, "Accept this change");
        self.wait_for("the edit of an accepted change", |editor| {
            editor.edits_answered > edits && editor.shown_as(path, &key) < shown
        });
    }

    /// Accepts everything the task of the change on this line proposes, and waits until nothing is proposed.
    pub fn accept_all(&mut self, path: &str, line: usize) {
        self.choose_on(path, line, "Accept all");
        self.wait_for("everything to be accepted", |editor| editor.proposed() == 0);
    }

    /// Rejects the change proposed on a line (from 1), and waits until it is gone.
    pub fn reject(&mut self, path: &str, line: usize) {
        let key = self.proposed_on(path, line);
        let shown = self.shown_as(path, &key);
        self.choose_on(path, line, "Reject this change");
        self.wait_for("a rejected change to go", |editor| editor.shown_as(path, &key) < shown);
    }

    /// What hovering over a line (from 1) shows; empty for nothing.
    pub fn hover(&mut self, path: &str, line: usize) -> String {
        self.open_file(path);
        let position = self.line_range(path, line)["start"].clone();
        let params = json!({ "textDocument": { "uri": self.uri(path) }, "position": position });
        let hover = match self.request("textDocument/hover", params) {
            Ok(hover) => hover,
            Err(error) => self.fail(&format!("hover failed: {error}")),
        };
        let contents = hover["contents"].clone();
        let takes = self.capabilities.pointer("/textDocument/hover/contentFormat").and_then(Value::as_array);
        if contents["kind"].is_string() && !takes.is_some_and(|formats| formats.contains(&contents["kind"])) {
            self.problem(&format!("a hover in {}, which this client did not advertise", contents["kind"]));
        }
        contents.as_str().map_or_else(|| text(&contents["value"]), str::to_owned)
    }

    /// The record that a hover links to: the path of the file and the line (from 1).
    pub fn record_of(&mut self, hover: &str) -> (String, usize) {
        let link = regex::Regex::new(r"file://([^\s)>]*record\.md)#L(\d+)").expect("a pattern");
        let Some(found) = link.captures(hover) else {
            self.fail(&format!("no link to a record in the hover: {hover}"))
        };
        (self.path_of(&format!("file://{}", &found[1])), found[2].parse().expect("a number"))
    }

    /// Cancels the work with this token, as the button of the editor does.
    pub fn cancel_progress(&mut self, token: &str) {
        let token: Value = serde_json::from_str(token).unwrap_or_else(|_| json!(token));
        self.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    }

    /// The range of a line (from 1), without its indentation and its end.
    fn line_range(&mut self, path: &str, line: usize) -> Value {
        self.open_file(path);
        let document = self.documents[path].text();
        let Some(content) = document.lines().get(line - 1) else {
            self.fail(&format!("{path} has no line {line}"));
        };
        let indented = content.len() - content.trim_start().len();
        let (start, end) = (indented.min(content.trim_end().len()), content.trim_end().len());
        let place = |byte| Place { line: line - 1, byte };
        document.range(place(start), place(end), self.encoding)
    }
}

fn touches(one: &Value, other: &Value) -> bool {
    let at = |range: &Value, end: &str| (range[end]["line"].as_u64(), range[end]["character"].as_u64());
    at(one, "start") <= at(other, "end") && at(other, "start") <= at(one, "end")
}
