//! The whole record as one JSON object.

use serde_json::{Value, json};

use super::Exported;

/// The version of the form below; a change that breaks readers raises it.
pub const JSON_VERSION: u32 = 1;

/// `{format, version, task, kind, title, workspace, started, ended, outcome, events}`; each event has `seq`, `at`
/// and `digest` before its own fields, which are those of [`crate::log::Event`].
#[must_use]
pub fn json(exported: &Exported<'_>) -> Value {
    let task = exported.task;
    let events = exported.events.iter().map(|recorded| {
        let mut fields = serde_json::Map::new();
        fields.insert("seq".into(), json!(recorded.seq));
        fields.insert("at".into(), json!(recorded.at.to_string()));
        fields.insert("digest".into(), json!(recorded.digest));
        if let Ok(Value::Object(own)) = serde_json::to_value(&recorded.event) {
            fields.extend(own);
        }
        Value::Object(fields)
    });
    json!({
        "format": "vouchsafe-record",
        "version": JSON_VERSION,
        "task": task.id,
        "kind": task.kind,
        "title": task.title,
        "workspace": task.workspace,
        "started": task.started.to_string(),
        "ended": task.ended.map(|at| at.to_string()),
        "outcome": task.outcome,
        "events": events.collect::<Vec<_>>(),
    })
}
