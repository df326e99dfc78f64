//! Whether the texts in a source mean something: globs, directories, names of variables, regular expressions.
//!
//! Invariant: what does not is reported at its place and taken out of the tree, as `check` does for types.

use std::path::{Path, PathBuf};

use serde_json::Value;
use vouchsafe_evidence::redact::Redactor;

use super::define::is_variable;
use super::document::{Document, KeyPath};
use super::models;
use super::paths::check_glob;
use super::problem::{Problem, Severity};

/// What a text in a list must be; the error says what it is instead.
type Rule<'r> = dyn Fn(&str) -> Result<(), String> + 'r;

/// Judges the lists of a checked tree and takes out what has no meaning.
pub(super) fn check_values(document: &mut Document, home: Option<&Path>) -> Vec<Problem> {
    let glob = |text: &str| check_glob(text).map_err(|error| error.to_string());
    let directory = |text: &str| directory(text, home).map(|_| ());
    let variable = |text: &str| {
        let wrong =
            || format!("{text:?} is not a name of an environment variable: use letters, digits and `_`");
        is_variable(text).then_some(()).ok_or_else(wrong)
    };
    let pattern = |text: &str| Redactor::check(text).map_err(|error| error.to_string());
    let rules: [(&str, &str, &Rule<'_>); 7] = [
        ("hidden", "globs", &glob),
        ("hidden", "except", &glob),
        ("protected", "globs", &glob),
        ("scope", "paths", &glob),
        ("read", "directories", &directory),
        ("env", "pass", &variable),
        ("evidence", "redact", &pattern),
    ];
    let judged = rules.iter().flat_map(|(section, key, rule)| check_list(document, section, key, rule));
    let mut problems: Vec<Problem> = judged.collect();
    problems.extend(models::check_profiles(document, home));
    problems
}

fn check_list(document: &mut Document, section: &str, key: &str, rule: &Rule<'_>) -> Vec<Problem> {
    let mut value = std::mem::take(&mut document.value);
    let mut problems = Vec::new();
    let list = value.get_mut(section).and_then(|keys| keys.get_mut(key)).and_then(Value::as_array_mut);
    let path = KeyPath::of(&[section, key]);
    let mut at = 0_usize;
    let mut sound = |item: &Value| {
        let path_of_item = path.then(&at.to_string());
        at += 1;
        match rule(item.as_str().unwrap_or_default()) {
            Ok(()) => true,
            Err(message) => {
                let message = format!("`{path}`: {message}");
                problems.push(document.at_value(&path_of_item, Severity::Error, message));
                false
            }
        }
    };
    if let Some(list) = list {
        list.retain(|item| sound(item));
    }
    document.value = value;
    problems
}

/// A path, `~/` being the home directory.
pub(super) fn home_path(text: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    match (text.strip_prefix("~/"), home) {
        (Some(below), Some(home)) => Ok(home.join(below)),
        (Some(_), None) => Err(format!("{text:?} cannot be resolved: there is no home directory")),
        (None, _) => Ok(PathBuf::from(text)),
    }
}

/// A directory that a task may read, `~/` being the home directory.
pub(super) fn directory(text: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    let path = home_path(text, home)?;
    if !path.is_absolute() || text.contains('\0') {
        return Err(format!("{text:?} must be absolute or begin with `~/`"));
    }
    if path.components().any(|part| part == std::path::Component::ParentDir) {
        return Err(format!("{text:?} must not hold `..`"));
    }
    if home.is_some_and(|home| home.starts_with(&path)) {
        let whole = "holds the whole home directory, which no task may read: name a directory in it";
        return Err(format!("{text:?} {whole}"));
    }
    if path.parent().is_none() {
        return Err(format!("{text:?} is everything: name a directory in it"));
    }
    Ok(path)
}
