//! Whether a source has only known keys with values of the right type and range.
//!
//! Invariants
//! - All problems are found, not only the first; what is wrong is taken out of the tree.
//! - What is left deserializes into the settings.

use serde_json::{Map, Value};

use super::document::{Document, KeyPath};
use super::problem::{Problem, Severity};
use super::schema;
use crate::recipe::nearest;

/// Judges a document by the schema and takes out what does not fit.
pub(super) fn check(document: &mut Document) -> Vec<Problem> {
    let mut value = std::mem::take(&mut document.value);
    let mut check = Check { document, problems: Vec::new() };
    check.fits(&mut value, schema::user(), &KeyPath::default());
    let problems = check.problems;
    document.value = value;
    problems
}

struct Check<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
}

impl Check<'_> {
    /// Whether the value may stay.
    fn fits(&mut self, value: &mut Value, schema: &Value, path: &KeyPath) -> bool {
        let wanted = schema.get("type").and_then(Value::as_str).unwrap_or("word");
        match (wanted, value) {
            ("object", Value::Object(keys)) => self.table(keys, schema, path),
            ("array", Value::Array(items)) => self.list(items, schema, path),
            ("boolean", Value::Bool(_)) => true,
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                self.in_range(number.as_i64().unwrap_or(i64::MAX), schema, path)
            }
            ("number", Value::Number(number)) => self.in_span(number.as_f64(), schema, path),
            ("string", Value::String(_)) => true,
            ("word", found) => self.one_of(found, schema, path),
            (wanted, found) => {
                let (wanted, found) = (wanted_name(wanted), found_name(found));
                self.wrong(path, format!("`{path}` must be {wanted}, not {found}"))
            }
        }
    }

    fn table(&mut self, keys: &mut Map<String, Value>, schema: &Value, path: &KeyPath) -> bool {
        keys.retain(|name, value| {
            let path = path.then(name);
            match schema::below(schema, name) {
                Some(schema) => self.fits(value, schema, &path),
                None => self.unknown(name, schema, &path),
            }
        });
        true
    }

    fn list(&mut self, items: &mut Vec<Value>, schema: &Value, path: &KeyPath) -> bool {
        let Some(schema) = schema.get("items") else { return true };
        let mut at = 0_usize;
        items.retain_mut(|item| {
            let path = path.then(&at.to_string());
            at += 1;
            self.fits(item, schema, &path)
        });
        true
    }

    fn in_range(&mut self, number: i64, schema: &Value, path: &KeyPath) -> bool {
        let bound = |name| schema.get(name).and_then(Value::as_i64);
        let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(i64::MAX));
        (least..=most).contains(&number)
            || self.wrong(path, format!("`{path}` must be from {least} to {most}, not {number}"))
    }

    fn in_span(&mut self, number: Option<f64>, schema: &Value, path: &KeyPath) -> bool {
        let bound = |name, other| schema.get(name).and_then(Value::as_f64).unwrap_or(other);
        let (least, most) = (bound("minimum", f64::MIN), bound("maximum", f64::MAX));
        let number = number.unwrap_or(f64::NAN);
        (least..=most).contains(&number)
            || self.wrong(path, format!("`{path}` must be from {least} to {most}, not {number}"))
    }

    fn one_of(&mut self, found: &Value, schema: &Value, path: &KeyPath) -> bool {
        let allowed = words(schema);
        let text = found.as_str().unwrap_or_default();
        if allowed.contains(&text) {
            return true;
        }
        let hint = nearest(text, allowed.iter().copied());
        let hint = hint.map(|near| format!(": did you mean \"{near}\"?")).unwrap_or_default();
        let found = found.as_str().map_or_else(|| found_name(found).to_owned(), |text| format!("{text:?}"));
        self.wrong(path, format!("`{path}` must be one of {}, not {found}{hint}", listed(&allowed, '"')))
    }

    fn unknown(&mut self, name: &str, schema: &Value, path: &KeyPath) -> bool {
        let here: Vec<&str> = schema::names(schema).collect();
        let holder = path.parent();
        let known = elsewhere(schema, name, &holder)
            .or_else(|| elsewhere(schema::user(), name, &KeyPath::default()))
            .map(|place| place.to_string());
        let meant = known.or_else(|| nearest(name, here.iter().copied()).map(str::to_owned));
        let hint = match meant {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are {}", listed(&here, '`')),
        };
        let message = format!("unknown key `{path}`: {hint}");
        self.problems.push(self.document.at_key(path, Severity::Error, message));
        false
    }

    fn wrong(&mut self, path: &KeyPath, message: String) -> bool {
        self.problems.push(self.document.at_value(path, Severity::Error, message));
        false
    }
}

/// Where else a key of this name is known.
fn elsewhere(schema: &Value, name: &str, path: &KeyPath) -> Option<KeyPath> {
    schema::names(schema).find_map(|known| {
        let path = path.then(known);
        if known == name {
            return Some(path);
        }
        elsewhere(schema::below(schema, known)?, name, &path)
    })
}

/// The words one of which is wanted.
fn words(schema: &Value) -> Vec<&str> {
    let options = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    options.filter_map(|option| option.get("const")?.as_str()).collect()
}

fn listed(words: &[&str], mark: char) -> String {
    words.iter().map(|word| format!("{mark}{word}{mark}")).collect::<Vec<_>>().join(", ")
}

fn wanted_name(name: &str) -> &str {
    match name {
        "object" => "a table",
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "a text",
    }
}

fn found_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "something else",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a fraction or too large a number",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
