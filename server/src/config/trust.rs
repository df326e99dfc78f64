//! What a project file may not do.
//!
//! A project file comes with the project, from whoever wrote that. It may add recipes (which run confined and are
//! reviewed), hide and protect more files, lower limits and narrow the scope. Nothing else.
//!
//! Invariants
//! - Fails closed: a key whose type does not say what a project may do with it is the user's alone.
//! - What is taken out is reported; what is left only tightens, or is a recipe.

use serde_json::Value;

use super::document::KeyPath;
use super::schema;

/// A key that was taken out, and why.
#[derive(Debug)]
pub(super) struct Denied {
    pub(super) path: KeyPath,
    pub(super) message: String,
}

/// Takes out of a checked tree what a project may not set. `limits` are those in force without it.
pub(super) fn restrict(value: &mut Value, limits: &Value) -> Vec<Denied> {
    let mut denied = Vec::new();
    walk(value, schema::user(), &KeyPath::default(), limits, &mut denied);
    // The name of a profile without a key would still be a second profile, and so leave the user's only one unchosen.
    if let Some(keys) = value.as_object_mut() {
        keys.shift_remove("models");
    }
    denied
}

/// What is left of a source that is otherwise ignored: what it forbids. A mistake in a file never loosens anything.
pub(super) fn keep_restrictions(value: &mut Value, limits: &Value) {
    // What is not recorded is no restriction of a task, and still none to forget over a mistake elsewhere.
    let redact = value.pointer("/evidence/redact").cloned();
    restrict(value, limits);
    if let Some(keys) = value.as_object_mut() {
        keys.shift_remove("recipes");
        if let Some(redact) = redact {
            keys.insert("evidence".to_owned(), serde_json::json!({ "redact": redact }));
        }
    }
}

fn walk(value: &mut Value, schema: &Value, path: &KeyPath, limits: &Value, denied: &mut Vec<Denied>) -> bool {
    if schema::is_section(schema) {
        if let Value::Object(keys) = value {
            keys.retain(|name, value| {
                schema::below(schema, name)
                    .is_some_and(|schema| walk(value, schema, &path.then(name), limits, denied))
            });
        }
        return true;
    }
    match objection(value, schema, path, limits) {
        Some(message) => {
            denied.push(Denied { path: path.clone(), message });
            false
        }
        None => true,
    }
}

/// Why a project may not set this key to this value.
fn objection(value: &Value, schema: &Value, path: &KeyPath, limits: &Value) -> Option<String> {
    match schema::project_rule(schema) {
        Some("adds" | "narrows" | "sets") => None,
        Some("lowers") => {
            let (wanted, most) = (value.as_u64()?, ceiling(path, limits));
            (wanted > most).then(|| {
                format!(
                    "a project may only lower `{path}`: {wanted} is more than {most}, so this key is ignored"
                )
            })
        }
        _ => Some(format!("`{path}` can only be set by the user, not by a project: this key is ignored")),
    }
}

/// What a number may not exceed. A limit that is not in force allows nothing.
fn ceiling(path: &KeyPath, limits: &Value) -> u64 {
    let name = match path.names().collect::<Vec<_>>().as_slice() {
        ["limits", name] => *name,
        ["recipes", _, "timeout_s"] => "command_wall_s",
        _ => return 0,
    };
    limits.get(name).and_then(Value::as_u64).unwrap_or(0)
}
