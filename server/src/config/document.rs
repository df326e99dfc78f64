//! One source of configuration as a tree that knows where each of its keys stands.
//!
//! Invariants
//! - A TOML file and the editor's JSON become the same tree, so that one set of rules judges both.
//! - Keys keep the order in which they were written.
//! - Reading never fails: what does not parse is a problem, and what parsed around it is kept.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problem, Severity};

/// The deepest nesting that is read; deeper is cut off. No key lies deeper than five.
const DEPTH_MAX: usize = 16;

/// A source of configuration, parsed but not yet judged.
#[derive(Debug)]
pub(super) struct Document {
    /// The tree. Always an object.
    pub(super) value: Value,
    /// Whether all of it was understood; if not, `value` is what could be saved.
    pub(super) parsed: bool,
    origin: Origin,
    /// Where each key begins, by path.
    keys: HashMap<KeyPath, usize>,
    /// Where each value begins, by path.
    values: HashMap<KeyPath, usize>,
}

#[derive(Debug)]
enum Origin {
    File { path: PathBuf, text: String },
    Editor,
}

/// The names (and for arrays the numbers) that lead from the top to a value. Shown as TOML writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct KeyPath(Vec<String>);

impl KeyPath {
    pub(super) fn then(&self, name: &str) -> Self {
        Self(self.0.iter().cloned().chain([name.to_owned()]).collect())
    }

    pub(super) fn parent(&self) -> Self {
        Self(self.0.split_last().map(|(_, above)| above.to_vec()).unwrap_or_default())
    }

    pub(super) fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl std::fmt::Display for KeyPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl Document {
    /// Reads a TOML file; the problems are those of its syntax.
    pub(super) fn from_toml(path: &Path, text: &str) -> (Self, Vec<Problem>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        let origin = Origin::File { path: path.to_owned(), text: text.to_owned() };
        let mut document = Self::empty(origin);
        document.value = document.table(table.get_ref(), &KeyPath::default(), 0);
        let problems = errors.iter().map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            document.problem_at(
                Some(at),
                Severity::Error,
                format!("this is not TOML: {}", one_line(error.message())),
            )
        });
        let problems: Vec<Problem> = problems.collect();
        document.parsed = problems.is_empty();
        (document, problems)
    }

    /// Takes what an editor sent, which may stand below `vouchsafe`. Nulls are keys that are not set.
    pub(super) fn from_editor(settings: &Value) -> (Self, Vec<Problem>) {
        let settings = settings.get("vouchsafe").unwrap_or(settings);
        let mut value = without_nulls(settings);
        let mut document = Self::empty(Origin::Editor);
        let mut problems = Vec::new();
        match &mut value {
            Value::Object(keys) => PLUGIN_KEYS.iter().for_each(|key| drop(keys.shift_remove(*key))),
            Value::Null => value = Value::Object(Map::new()),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                let message = "the settings must be an object".to_owned();
                problems.push(document.problem_at(None, Severity::Error, message));
                value = Value::Object(Map::new());
            }
        }
        document.value = value;
        (document, problems)
    }

    fn empty(origin: Origin) -> Self {
        Self { value: Value::Null, parsed: true, origin, keys: HashMap::new(), values: HashMap::new() }
    }

    /// A problem with the key itself.
    pub(super) fn at_key(&self, path: &KeyPath, severity: Severity, message: String) -> Problem {
        self.problem_at(self.keys.get(path).or_else(|| self.values.get(path)).copied(), severity, message)
    }

    /// A problem with what a key is set to.
    pub(super) fn at_value(&self, path: &KeyPath, severity: Severity, message: String) -> Problem {
        self.problem_at(self.values.get(path).or_else(|| self.keys.get(path)).copied(), severity, message)
    }

    fn problem_at(&self, at: Option<usize>, severity: Severity, message: String) -> Problem {
        let place = match &self.origin {
            Origin::Editor => Place::Editor,
            Origin::File { path, text } => {
                let (line, column) = line_and_column(text, at.unwrap_or(0));
                Place::File { path: path.clone(), line, column }
            }
        };
        Problem { place, severity, message }
    }

    fn table(&mut self, table: &DeTable<'_>, path: &KeyPath, depth: usize) -> Value {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut object = Map::new();
        for (key, value) in entries {
            let below = path.then(key.get_ref());
            self.keys.insert(below.clone(), key.span().start);
            object.insert(key.get_ref().to_string(), self.node(value, &below, depth + 1));
        }
        Value::Object(object)
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, path: &KeyPath, depth: usize) -> Value {
        self.values.insert(path.clone(), value.span().start);
        match value.get_ref() {
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                parsed.map_or_else(|_| Value::from(f64::MAX), Value::from)
            }
            DeValue::Float(number) => {
                number.as_str().parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
            }
            // What JSON has no type for: no key takes it.
            DeValue::Datetime(_) => Value::Null,
            DeValue::Array(_) | DeValue::Table(_) if depth >= DEPTH_MAX => Value::Null,
            DeValue::Table(table) => self.table(table, path, depth),
            DeValue::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.node(item, &path.then(&at.to_string()), depth + 1)).collect()
            }
        }
    }
}

/// Keys of the editor plug-ins themselves, which some clients send along.
const PLUGIN_KEYS: &[&str] = &["trace", "server"];

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(keys) => {
            let set = keys.iter().filter(|(_, value)| !value.is_null());
            Value::Object(set.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => value.clone(),
    }
}

/// Line and column of a byte, both from 1; the column in characters.
fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
