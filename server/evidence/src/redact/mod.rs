//! Takes secrets out of text before it is stored.
//!
//! Invariants
//! - A replaced secret keeps its line ends, so line numbers stay true.
//! - A secret up to [`MATCH_BYTES_MAX`] long is found in a stream even where the stream is cleaned in pieces.
//! - Cleaning what is clean changes nothing.
//!
//! Absent on purpose
//! - Guessing by entropy: digests and lock files are full of random text and must stay readable.
//! - Secrets shorter than [`VALUE_BYTES_MIN`]: replacing them would garble ordinary words.

mod environment;
mod shapes;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::{Captures, Regex, RegexBuilder};
use serde_json::Value;
use vouchsafe_base::Digest;

/// A longer secret, in bytes, could be cut in two where a stream is cleaned in pieces.
pub const MATCH_BYTES_MAX: usize = 16 * 1024;
/// A replaced secret can bare another one that was glued to it, so cleaning repeats, at most this often.
const ROUNDS_MAX: usize = 4;
/// Values of environment variables shorter than this many bytes are left alone.
pub const VALUE_BYTES_MIN: usize = 6;

/// So many secrets that were told by value are known at once; the oldest makes room. Some programs print a new key each
/// time, and every known one costs a pass over all text.
const TOLD_MAX: usize = 32;

/// What stands in the place of a configured secret.
const PATTERN: &str = "pattern";

/// Fields of events whose values are words of ours.
const TAGS: &[&str] = &["type", "how", "outcome", "by", "op", "ruling", "decision", "verdict"];

/// A configured pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret pattern {pattern:?} {reason}")]
pub struct BadPattern {
    /// The pattern as configured.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What counts as a secret, ready to be applied.
#[derive(Debug, Clone)]
pub struct Redactor {
    rules: Vec<Rule>,
}

static SHAPES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let compiled = shapes::SHAPES.iter().filter_map(|(label, pattern)| Rule::new(label, pattern).ok());
    compiled.collect()
});

#[derive(Debug, Clone)]
struct Rule {
    label: String,
    pattern: Regex,
}

impl Redactor {
    /// Known token shapes, the values of those variables of `environment` whose names say that they are secret
    /// (as they are, in base64, percent- and JSON-escaped), and the configured `patterns`. A pattern with a group
    /// named `secret` replaces that group alone.
    ///
    /// # Errors
    /// [`BadPattern`] for a pattern that is not a regular expression.
    pub fn new<N, V>(
        environment: impl IntoIterator<Item = (N, V)>,
        patterns: &[String],
    ) -> Result<Self, BadPattern>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut redactor = Self::default();
        for (name, value) in environment {
            let (name, value) = (name.as_ref(), value.as_ref());
            if environment::is_secret(name, value) {
                let pattern = environment::forms(value).join("|");
                redactor.rules.insert(0, Rule::new(name, &pattern)?);
            }
        }
        redactor.add(patterns)?;
        Ok(redactor)
    }

    /// Whether a pattern can be configured.
    ///
    /// # Errors
    /// [`BadPattern`] for one that is not a regular expression, or that matches where nothing is.
    pub fn check(pattern: &str) -> Result<(), BadPattern> {
        if Rule::new(PATTERN, pattern)?.pattern.is_match(b"") {
            let reason = "matches where nothing is: let it match at least one character".to_owned();
            return Err(BadPattern { pattern: pattern.to_owned(), reason });
        }
        Ok(())
    }

    /// Adds configured patterns; one that is there already is not added again.
    ///
    /// # Errors
    /// [`BadPattern`] for a pattern that is not a regular expression; those before it were added.
    pub fn add(&mut self, patterns: &[String]) -> Result<(), BadPattern> {
        for pattern in patterns.iter().filter(|pattern| !pattern.is_empty()) {
            if !self.knows(pattern) {
                self.rules.push(Rule::new(PATTERN, pattern)?);
            }
        }
        Ok(())
    }

    /// Adds a secret by its value, in the forms in which those of the environment are looked for; a value shorter than
    /// [`VALUE_BYTES_MIN`] is left alone. `label` is what stands in its place.
    ///
    /// # Errors
    /// [`BadPattern`] when the value is too long to be looked for.
    pub fn tell(&mut self, label: &str, value: &str) -> Result<(), BadPattern> {
        let pattern = environment::forms(value).join("|");
        if value.len() < VALUE_BYTES_MIN || self.is_told(label, &pattern) {
            return Ok(());
        }
        // The value stays out of the message of a failure.
        let hidden = |_| BadPattern { pattern: label.to_owned(), reason: "is too long".to_owned() };
        let rule = Rule::new(label, &pattern).map_err(hidden)?;
        self.rules.insert(0, rule);
        let told = self.rules.iter().filter(|rule| rule.label == label).count();
        if told > TOLD_MAX
            && let Some(oldest) = self.rules.iter().rposition(|rule| rule.label == label)
        {
            self.rules.remove(oldest);
        }
        Ok(())
    }

    fn is_told(&self, label: &str, pattern: &str) -> bool {
        self.rules.iter().any(|rule| rule.label == label && rule.pattern.as_str() == pattern)
    }

    /// Whether a pattern is among the configured ones.
    #[must_use]
    pub fn knows(&self, pattern: &str) -> bool {
        self.rules.iter().any(|rule| rule.label == PATTERN && rule.pattern.as_str() == pattern)
    }

    /// `bytes` with every secret replaced by `[redacted:WHAT]`.
    #[must_use]
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut clean = self.once(Cow::Borrowed(bytes));
        for _ in 1..ROUNDS_MAX {
            if matches!(clean, Cow::Borrowed(_)) {
                break;
            }
            let before = clean.len();
            clean = self.once(clean);
            if clean.len() == before {
                break;
            }
        }
        clean
    }

    fn once<'a>(&self, mut clean: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        for rule in &self.rules {
            if let Cow::Owned(replaced) =
                rule.pattern.replace_all(&clean, |found: &Captures<'_>| rule.mark(found))
            {
                clean = Cow::Owned(replaced);
            }
        }
        clean
    }

    /// The same for text.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The same for every text inside a JSON value. Left alone are keys, the tags of our own event forms and digests:
    /// a secret that happens to be called `command` must not make events unreadable.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.parse::<Digest>().is_err() => {
                if let Cow::Owned(clean) = self.text(text) {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                let free = fields.iter_mut().filter(|(name, _)| !TAGS.contains(&name.as_str()));
                free.for_each(|(_, field)| self.value(field));
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A place in `bytes`, at most `wanted`, at which they can be cut without cutting a secret in two.
    pub(crate) fn safe_cut(&self, bytes: &[u8], wanted: usize) -> usize {
        let from = wanted.saturating_sub(MATCH_BYTES_MAX);
        let window = bytes.get(from..).unwrap_or_default();
        let spans = self.rules.iter().flat_map(|rule| rule.pattern.find_iter(window));
        spans
            .map(|found| (from + found.start(), from + found.end()))
            .filter(|(start, end)| *start < wanted && *end > wanted)
            .map(|(start, _)| start)
            .min()
            .unwrap_or(wanted)
    }
}

impl Default for Redactor {
    /// Known token shapes only.
    fn default() -> Self {
        Self { rules: SHAPES.clone() }
    }
}

impl Rule {
    fn new(label: &str, pattern: &str) -> Result<Self, BadPattern> {
        let built = RegexBuilder::new(pattern).size_limit(16 << 20).build();
        let bad = |reason: regex::Error| BadPattern {
            pattern: pattern.to_owned(),
            reason: format!("is not a regular expression: {}", one_line(&reason)),
        };
        Ok(Self { label: label.to_owned(), pattern: built.map_err(bad)? })
    }

    /// What stands in the place of a match: all of it, or of its group `secret`.
    fn mark(&self, found: &Captures<'_>) -> Vec<u8> {
        let Some(whole) = found.get(0) else { return Vec::new() };
        let secret = found.name("secret").unwrap_or(whole);
        if secret.is_empty() {
            return whole.as_bytes().to_vec();
        }
        let line_ends = secret.as_bytes().iter().filter(|byte| **byte == b'\n').count();
        let before = whole.as_bytes().get(..secret.start() - whole.start()).unwrap_or_default();
        let after = whole.as_bytes().get(secret.end() - whole.start()..).unwrap_or_default();
        let mark = format!("[redacted:{}]{}", self.label, "\n".repeat(line_ends));
        [before, mark.as_bytes(), after].concat()
    }
}

/// What is wrong, without the drawing that points at it.
fn one_line(error: &regex::Error) -> String {
    let shown = error.to_string();
    let last = shown.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_once_and_found_in_all_its_forms() {
        let mut redactor = Redactor::default();
        redactor.tell("model-key", "k\"1234567/x").unwrap();
        redactor.tell("model-key", "k\"1234567/x").unwrap();
        redactor.tell("model-key", "short").unwrap();
        assert_eq!(redactor.rules.len(), SHAPES.len() + 1);
        for form in ["k\"1234567/x", r#"k\"1234567/x"#, "k%221234567%2Fx", "ayIxMjM0NTY3"] {
            assert_eq!(redactor.text(&format!("<{form}>")), "<[redacted:model-key]>", "{form}");
        }
        assert_eq!(redactor.text("short"), "short");
        (0..2 * TOLD_MAX).for_each(|nth| redactor.tell("model-key", &format!("key-number-{nth}")).unwrap());
        assert_eq!(redactor.rules.len(), SHAPES.len() + TOLD_MAX);
        assert_eq!(redactor.text("key-number-63"), "[redacted:model-key]");
    }
    use proptest::prelude::*;

    fn redactor() -> Redactor {
        let environment =
            [("MY_API_KEY", "correct horse\"battery"), ("HOME", "/home/somebody"), ("DB_PASSWORD", "abc")];
        Redactor::new(environment, &["internal-[0-9]{4}".to_owned()]).unwrap()
    }

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let redactor = redactor();
        let text = |text| redactor.text(text).into_owned();
        assert_eq!(text("key=correct horse\"battery!"), "key=[redacted:MY_API_KEY]!");
        assert_eq!(text(r#"{"k":"correct horse\"battery"}"#), r#"{"k":"[redacted:MY_API_KEY]"}"#);
        assert_eq!(text("Y29ycmVjdCBob3JzZSJiYXR0ZXJ5"), "[redacted:MY_API_KEY]");
        assert_eq!(text("correct%20horse%22battery"), "[redacted:MY_API_KEY]");
        assert_eq!(text("see internal-1234"), "see [redacted:pattern]");
        assert_eq!(text("cd /home/somebody; abc"), "cd /home/somebody; abc");
    }

    #[test]
    fn a_pattern_that_is_none_is_named() {
        let none: [(&str, &str); 0] = [];
        let error = Redactor::new(none, &["(".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "the secret pattern \"(\" is not a regular expression: unclosed group");
        assert!(Redactor::check("x*").unwrap_err().to_string().contains("where nothing is"));
        assert_eq!(Redactor::check("x+"), Ok(()));
    }

    #[test]
    fn patterns_are_added_once_and_never_match_nothing() {
        let mut redactor = Redactor::default();
        let patterns = ["9+".to_owned(), r"\b".to_owned(), "9+".to_owned()];
        redactor.add(&patterns).unwrap();
        redactor.add(&patterns).unwrap();
        assert!(redactor.knows("9+") && !redactor.knows("8+"));
        assert_eq!(redactor.rules.len(), Redactor::default().rules.len() + 2);
        assert_eq!(redactor.text("x99x b"), "x[redacted:pattern]x b");
    }

    #[test]
    fn json_is_cleaned_inside() {
        let mut value = serde_json::json!({"a": ["internal-1234", 5], "b": {"c": "x"}});
        redactor().value(&mut value);
        assert_eq!(value, serde_json::json!({"a": ["[redacted:pattern]", 5], "b": {"c": "x"}}));
        let digest = Digest::of(b"x").to_string();
        let mut value = serde_json::json!({"type": "command", "blob": digest, "text": "command"});
        Redactor::new([("PASS", "command")], &["[0-9a-f]{40,}".to_owned()]).unwrap().value(&mut value);
        assert_eq!(value, serde_json::json!({"type": "command", "blob": digest, "text": "[redacted:PASS]"}));
    }

    proptest! {
        #[test]
        fn twice_is_once_and_lines_stay(text in "(internal-1234|ghp_[a-z0-9]{36}|[a-z \n]){0,12}") {
            static REDACTOR: LazyLock<Redactor> = LazyLock::new(redactor);
            let redactor = &*REDACTOR;
            let once = redactor.text(&text).into_owned();
            prop_assert_eq!(redactor.text(&once), once.as_str());
            prop_assert_eq!(once.matches('\n').count(), text.matches('\n').count());
        }
    }
}
