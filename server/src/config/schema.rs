//! The JSON schema of the configuration, made from its types; also what the rules of `check` and `trust` read.
//!
//! Invariant: the schema that is shown is the schema that is applied.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::keys::Settings;

static USER: LazyLock<Value> = LazyLock::new(|| {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Settings>().to_value();
    simplify(&mut schema);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), "Vouchsafe: user configuration".into());
    }
    schema
});

/// The schema of the user file and of the editor's settings.
#[must_use]
pub fn schema() -> Value {
    USER.clone()
}

/// The schema of a project file: the same without what is the user's alone.
#[must_use]
pub fn project_schema() -> Value {
    let mut schema = USER.clone();
    keep_what_a_project_may_set(&mut schema);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), "Vouchsafe: project configuration".into());
    }
    schema
}

pub(super) fn user() -> &'static Value {
    &USER
}

/// The schema of what lies below a key: a named property, or any key of a table of things by name.
pub(super) fn below<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let named = schema.get("properties").and_then(|properties| properties.get(name));
    named.or_else(|| schema.get("additionalProperties").filter(|any| any.is_object()))
}

/// The names a key may have here; none where any name is allowed.
pub(super) fn names(schema: &Value) -> impl Iterator<Item = &str> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|keys| keys.keys().map(String::as_str))
}

/// Whether it is a table whose keys have rules of their own, not a value that is set as one.
pub(super) fn is_section(schema: &Value) -> bool {
    let has_keys = |schema: &Value| schema.get("properties").is_some();
    has_keys(schema) || schema.get("additionalProperties").is_some_and(has_keys)
}

/// What a project file may do with a key.
pub(super) fn project_rule(schema: &Value) -> Option<&str> {
    schema.get("x-project").and_then(Value::as_str)
}

/// Takes out what optional keys and Rust's number types leave behind: `null` is not a value of TOML.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            unwrap_optional(object);
            for (name, below) in object {
                match below {
                    // Names of keys, not words of the schema: a key may be called `default`.
                    Value::Object(named) if name == "properties" => named.values_mut().for_each(simplify),
                    below => simplify(below),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What is left of an optional key is the key; what is left of a wrapped description is a line.
fn unwrap_optional(object: &mut Map<String, Value>) {
    if object.get("type").is_some_and(Value::is_string) || object.contains_key("anyOf") {
        object.shift_remove("format");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
            object.shift_remove("format");
        }
    }
    if let Some(Value::String(text)) = object.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    if object.get("default").is_some_and(|default| default.is_null() || default.is_object()) {
        object.shift_remove("default");
    }
    if let Some(Value::Array(options)) = object.shift_remove("anyOf") {
        for option in options.into_iter().filter(|option| option.get("type") != Some(&"null".into())) {
            let Value::Object(option) = option else { continue };
            for (key, value) in option {
                object.entry(key).or_insert(value);
            }
        }
    }
}

/// Leaves only keys with a rule for projects. Returns whether anything is left.
fn keep_what_a_project_may_set(schema: &mut Value) -> bool {
    if !is_section(schema) {
        return project_rule(schema).is_some();
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|_, below| keep_what_a_project_may_set(below));
        return !properties.is_empty();
    }
    schema.get_mut("additionalProperties").is_some_and(keep_what_a_project_may_set)
}
