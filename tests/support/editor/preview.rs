//! The editor's own preview of an edit that wants to be confirmed, as the played editors were seen to have it.

use serde_json::Value;

use super::Editor;

impl Editor {
    /// The user will tick this many of the text edits of the next preview, the first ones. VS Code ticks none itself.
    pub fn will_tick(&mut self, count: usize) {
        self.script.ticks = Some(count);
    }

    /// How many previews were shown.
    #[must_use]
    pub fn previews(&self) -> usize {
        self.previews
    }

    /// What is left of an edit after its preview; `None` when nothing was confirmed. One that wants no confirmation is
    /// left as it is.
    pub(super) fn previewed(&mut self, edit: &Value) -> Option<Value> {
        let wants = |one: &Value| one["needsConfirmation"] == true;
        if !edit["changeAnnotations"].as_object().is_some_and(|all| all.values().any(wants)) {
            return Some(edit.clone());
        }
        self.previews += 1;
        self.events.push("edit  previewed".to_owned());
        let mut left = self.script.ticks.take().unwrap_or(0);
        let mut edit = edit.clone();
        for change in edit["documentChanges"].as_array_mut().into_iter().flatten() {
            if let Some(edits) = change["edits"].as_array_mut() {
                edits.truncate(left);
                left -= edits.len();
            }
        }
        let changes = edit["documentChanges"].as_array().into_iter().flatten();
        let mut edits = changes.flat_map(|change| change["edits"].as_array().into_iter().flatten());
        edits.next().is_some().then_some(edit)
    }
}
