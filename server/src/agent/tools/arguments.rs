//! The arguments of a call: JSON as models write it, read with a bounded amount of good will.
//!
//! Invariants
//! - What is cut off is not completed: half a call is no call.

use serde_json::{Map, Value};

/// The fields of a call.
#[derive(Debug)]
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads them. A text that is no JSON object is an error, unless `bare` names the one field that it may stand for.
    ///
    /// # Errors
    /// A sentence for the model.
    pub(super) fn read(text: &str, bare: Option<&str>) -> Result<Self, String> {
        let trimmed = unfenced(text.trim());
        if trimmed.is_empty() {
            return Ok(Self(Map::new()));
        }
        match parsed(trimmed) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(Value::String(inner)) if bare.is_none() => Self::read_inner(&inner),
            Ok(Value::String(inner)) => Ok(Self::bare(bare.unwrap_or_default(), inner)),
            Ok(Value::Null) => Ok(Self(Map::new())),
            Ok(other) => Err(format!("its arguments must be a JSON object, not {}", kind(&other))),
            Err(_) if bare.is_some() && !trimmed.starts_with('{') => {
                Ok(Self::bare(bare.unwrap_or_default(), trimmed.to_owned()))
            }
            Err(error) => Err(format!("its arguments are not JSON ({error}); write them again, whole")),
        }
    }

    /// Some servers encode an object twice.
    fn read_inner(text: &str) -> Result<Self, String> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err("its arguments must be a JSON object, not a text".to_owned()),
        }
    }

    fn bare(name: &str, text: String) -> Self {
        Self(Map::from_iter([(name.to_owned(), Value::String(text))]))
    }

    /// The same, one level deeper, where a field holds an object.
    pub(super) fn inside(mut self, name: &str) -> Self {
        match self.0.get_mut(name).map(Value::take) {
            Some(Value::Object(fields)) => Self(fields),
            _ => self,
        }
    }

    /// A text that may be missing.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Array(lines)) if lines.iter().all(Value::is_string) => {
                Ok(Some(lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")))
            }
            Some(other) => Err(format!("`{name}` must be a text, not {}", kind(other))),
        }
    }

    /// A text that must be there and not be empty.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn required(&self, name: &str) -> Result<String, String> {
        match self.text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(format!("`{name}` is missing")),
        }
    }

    /// A whole number that may be missing; also one written as a text.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, String> {
        number(self.0.get(name), name)
    }

    /// Whether a switch is set.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(set)) => *set,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// A list of numbers, for ranges of lines.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<i64>, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.iter().map(|item| Ok(number(Some(item), name)?.unwrap_or_default())).collect()
            }
            Some(other) => Err(format!("`{name}` must be a list of numbers, not {}", kind(other))),
        }
    }

    /// A list of anything; one thing that is no list is a list of one.
    pub(super) fn list(&self, name: &str) -> Vec<Value> {
        match self.0.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            // A list that was encoded as a text.
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(Value::Array(items)) => items,
                _ if text.trim().is_empty() => Vec::new(),
                _ => vec![Value::String(text.clone())],
            },
            Some(other) => vec![other.clone()],
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }
}

impl From<Map<String, Value>> for Arguments {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

fn number(value: Option<&Value>, name: &str) -> Result<Option<i64>, String> {
    let wrong = |found: &Value| format!("`{name}` must be a whole number, not {found}");
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(found @ Value::Number(number)) => {
            // 12.0 is what some models make of 12.
            #[expect(clippy::cast_possible_truncation, reason = "its fraction was seen to be zero")]
            let whole = number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
            number.as_i64().or(whole).map(Some).ok_or_else(|| wrong(found))
        }
        Some(found @ Value::String(text)) => text.trim().parse().map(Some).map_err(|_| wrong(found)),
        Some(found) => Err(wrong(found)),
    }
}

/// JSON, or JSON with raw line ends in texts and commas too many, which small models write.
fn parsed(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| serde_json::from_str(&mended(text)).map_err(|_| error))
}

/// Escapes control characters inside of texts and drops commas before a closing bracket.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            '\n' if inside => {
                out.push_str("\\n");
                continue;
            }
            '\t' if inside => {
                out.push_str("\\t");
                continue;
            }
            '\r' if inside => continue,
            '}' | ']' if !inside => {
                let kept = out.trim_end().strip_suffix(',').map(str::len);
                if let Some(kept) = kept {
                    out.truncate(kept);
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The inside of a Markdown fence.
fn unfenced(text: &str) -> &str {
    let inside = text.strip_prefix("```").and_then(|rest| rest.trim_end().strip_suffix("```"));
    let inside = inside.and_then(|inside| inside.split_once('\n')).map(|(_, body)| body.trim());
    inside.unwrap_or(text)
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a switch",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arguments, String> {
        Arguments::read(text, None)
    }

    #[test]
    fn what_small_models_write_is_read() {
        for text in [
            r#"{"path": "a", "n": 3}"#,
            "```json\n{\"path\": \"a\", \"n\": \"3\"}\n```",
            r#"{"path": "a", "n": 3.0,}"#,
            r#""{\"path\": \"a\", \"n\": 3}""#,
        ] {
            let read = read(text).unwrap();
            assert_eq!(
                (read.required("path"), read.number("n")),
                (Ok("a".to_owned()), Ok(Some(3))),
                "{text}"
            );
        }
        assert_eq!(read("{\"t\": \"a\nb\\\"c\"}").unwrap().required("t"), Ok("a\nb\"c".to_owned()));
        assert!(!read("").unwrap().has("path"));
        let bare = Arguments::read("*** Begin Patch", Some("patch")).unwrap();
        assert_eq!(bare.required("patch"), Ok("*** Begin Patch".to_owned()));
    }

    #[test]
    fn what_is_cut_off_is_no_call() {
        for text in [r#"{"path": "a", "ol"#, r#"{"path": "a""#, r#"{"path": "#, "[1]", "7"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(Arguments::read(r#"{"patch": "*** Beg"#, Some("patch")).is_err());
    }

    #[test]
    fn wrong_kinds_are_named() {
        let read = read(r#"{"path": {"a": 1}, "n": "x", "b": "true", "l": "[\"x\"]"}"#).unwrap();
        assert_eq!(read.required("path").unwrap_err(), "`path` must be a text, not an object");
        assert_eq!(read.required("no").unwrap_err(), "`no` is missing");
        assert!(read.number("n").unwrap_err().starts_with("`n` must be a whole number"));
        assert!(read.flag("b"));
        assert_eq!(read.list("l"), ["x"]);
    }
}
