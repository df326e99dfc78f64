//! What went wrong with one try, and what that means: try again, ask differently, or give up with a sentence.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::endpoint::{Endpoint, KeySource};
use super::error::{ModelError, Place};
use super::keys::Secret;
use super::manners::Manners;

/// The longest that is shown of what a server says, in characters.
const SAID_CHARS_MAX: usize = 300;

/// How one try failed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may pass: wait at least `after`, then try again. `last` is the error if there is no other try.
    Again { why: String, after: Option<Duration>, last: Last },
    /// The endpoint does not take what was sent; it may take this.
    Otherwise { manners: Manners, why: String },
    /// Nothing will change it.
    Final(ModelError),
}

/// What the last of several failed tries is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// No connection was made.
    Unreachable,
    /// It was made, and broke.
    BrokenOff,
    /// The server says that it is busy or ill.
    Busy,
    /// The answer was empty.
    Empty,
}

/// What a server says about its own failure, in a status or within a stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaint {
    pub(super) status: Option<u16>,
    pub(super) code: String,
    pub(super) said: String,
    pub(super) retry_after: Option<Duration>,
}

impl Complaint {
    /// From the body of an answer with an error status.
    pub(super) fn of_body(status: u16, body: &str, retry_after: Option<Duration>) -> Self {
        let parsed: Option<Value> = serde_json::from_str(body).ok();
        let mut complaint = parsed.map_or_else(Self::default, |value| Self::of_json(&value));
        if complaint.said.is_empty() {
            complaint.said =
                if body.trim_start().starts_with('<') { page_title(body) } else { body.to_owned() };
        }
        if complaint.said.trim().is_empty() {
            complaint.said = "it does not say why".to_owned();
        }
        Self { status: Some(status), retry_after, ..complaint }
    }

    /// From the JSON forms that providers use: `{error: {message, code, type}}`, `{error: "…"}`, `{message}`, `{detail}`.
    pub(super) fn of_json(value: &Value) -> Self {
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
        let listed = || error.get("detail").filter(|detail| detail.is_array()).map(Value::to_string);
        let said = error.as_str().map(str::to_owned);
        let said = said.or_else(|| text("message")).or_else(|| text("detail")).or_else(listed);
        let number = error.get("code").or_else(|| error.get("status")).and_then(Value::as_u64);
        let codes = [text("code"), text("type"), text("status")];
        Self {
            status: number
                .and_then(|number| u16::try_from(number).ok())
                .filter(|code| (400..600).contains(code)),
            code: codes.into_iter().flatten().collect::<Vec<_>>().join(" "),
            said: said.unwrap_or_default(),
            retry_after: None,
        }
    }

    /// Whether its code or its words hold one of these, in lower case.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        let (code, said) = (self.code.to_ascii_lowercase(), self.said.to_ascii_lowercase());
        words.iter().any(|word| code.contains(word) || said.contains(word))
    }
}

/// What it means. `manners` are those the request was made with.
pub(super) fn judge(
    endpoint: &Endpoint,
    key: Option<&Secret>,
    manners: &Manners,
    mut complaint: Complaint,
) -> Trouble {
    if let Some(key) = key {
        complaint.said = key.masked(complaint.said);
    }
    let said = short(&complaint.said);
    let status = complaint.status.unwrap_or_else(|| status_of(&complaint));
    if complaint.mentions(CONTEXT_FULL) {
        return Trouble::Final(ModelError::ContextFull { at: Place::of(endpoint, &["model"]), said });
    }
    if complaint.mentions(QUOTA) || status == 402 {
        return Trouble::Final(ModelError::Quota { at: Place::of(endpoint, &["key_env"]), status, said });
    }
    if complaint.mentions(NO_TOOLS) {
        return Trouble::Final(ModelError::NoTools { at: Place::of(endpoint, &["model"]), said });
    }
    let template = complaint.mentions(TEMPLATE);
    if (matches!(status, 400 | 404 | 405 | 415 | 422 | 501) || template)
        && let Some(manners) = manners.after(endpoint, &complaint, template)
    {
        return Trouble::Otherwise { manners, why: said };
    }
    match status {
        408 | 409 | 425 | 429 | 500..=599 => {
            let why = format!("status {status}: {said}");
            Trouble::Again { why, after: complaint.retry_after, last: Last::Busy }
        }
        _ => Trouble::Final(refused(endpoint, status, said)),
    }
}

fn refused(endpoint: &Endpoint, status: u16, said: String) -> ModelError {
    let key = match &endpoint.key {
        KeySource::Command(_) => "key_command",
        KeySource::Env(_) | KeySource::None => "key_env",
    };
    match status {
        401 | 403 => ModelError::KeyRefused { at: Place::of(endpoint, &[key]), status, said },
        404 | 405 | 410 => {
            let at = Place::of(endpoint, &["base_url", "model"]);
            ModelError::NotFound { at, url: without_query(endpoint), said }
        }
        _ => ModelError::Refused { at: Place::of(endpoint, &["model"]), status, said },
    }
}

fn without_query(endpoint: &Endpoint) -> String {
    let mut url = endpoint.url(super::wire::operation(endpoint.format));
    url.set_query(None);
    url.to_string()
}

/// The status that an error within a stream would have had.
fn status_of(complaint: &Complaint) -> u16 {
    match complaint {
        one if one.mentions(&["rate_limit", "rate limit", "too many requests"]) => 429,
        one if one.mentions(&["overloaded"]) => 529,
        one if one.mentions(&["authentication", "permission", "invalid_api_key"]) => 401,
        one if one.mentions(&["not_found"]) => 404,
        one if one.mentions(&["invalid_request", "invalid_prompt", "bad request"]) => 400,
        _ => 500,
    }
}

const CONTEXT_FULL: &[&str] = &[
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "context window",
    "available context size",
    "prompt is too long",
    "exceed context limit",
    "input is too long",
    "input token count",
    "request_too_large",
];
const QUOTA: &[&str] = &[
    "insufficient_quota",
    "insufficient credits",
    "credit balance",
    "billing_hard_limit",
    "exceeded your current quota",
];
const TEMPLATE: &[&str] =
    &["jinja", "chat template", "chat_template", "template error", "templateerror", "minja"];
const NO_TOOLS: &[&str] = &[
    "does not support tools",
    "does not support tool",
    "do not support tool",
    "no endpoints found that support tool",
    "enable-auto-tool-choice",
    "tool use is not supported",
    "does not support function calling",
];

/// When to try again, from `Retry-After` in seconds or as a date, or from `retry-after-ms`.
pub(super) fn retry_after(
    seconds_or_date: Option<&str>,
    ms: Option<&str>,
    now: SystemTime,
) -> Option<Duration> {
    if let Some(ms) =
        ms.and_then(|ms| ms.trim().parse::<f64>().ok()).filter(|ms| ms.is_finite() && *ms >= 0.0)
    {
        return Duration::try_from_secs_f64(ms / 1_000.0).ok();
    }
    let text = seconds_or_date?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()?;
    let now = jiff::Timestamp::try_from(now).ok()?;
    u64::try_from(date.duration_since(now).as_millis())
        .map_or(Some(Duration::ZERO), |ms| Some(Duration::from_millis(ms)))
}

/// One line of at most 300 characters, without what could be a key.
pub(super) fn short(said: &str) -> String {
    let visible = said.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect::<String>();
    let words = visible.split_whitespace().map(|word| if looks_like_key(word) { "(key)" } else { word });
    let line = words.collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', ':']);
    match line.char_indices().nth(SAID_CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}

/// Some servers repeat a part of the key they refuse.
fn looks_like_key(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    ["sk-", "sk_", "xai-", "gsk_", "AIza", "hf_", "r8_"].iter().any(|start| word.starts_with(start))
        && word.len() > 7
}

fn page_title(page: &str) -> String {
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(|| "a web page".to_owned(), |(title, _)| format!("a web page: {}", title.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_every_form() {
        // Wed, 21 Oct 2015 07:28:00 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_480);
        let after =
            |text: Option<&str>, ms: Option<&str>| retry_after(text, ms, now).map(|wait| wait.as_millis());
        assert_eq!(after(Some("7"), None), Some(7_000));
        assert_eq!(after(Some("0.5"), None), Some(500));
        assert_eq!(after(Some("7"), Some("250")), Some(250), "the finer one");
        assert_eq!(after(Some("Wed, 21 Oct 2015 07:28:30 GMT"), None), Some(30_000));
        assert_eq!(after(Some("Wed, 21 Oct 2015 07:27:00 GMT"), None), Some(0), "past");
        for nonsense in ["soon", "-1", "NaN", "1e300", ""] {
            assert_eq!(after(Some(nonsense), None), None, "{nonsense}");
        }
        assert_eq!(after(None, None), None);
    }

    #[test]
    fn complaints_of_every_shape_have_words() {
        let said = |body: &str| Complaint::of_body(400, body, None).said;
        assert_eq!(said(r#"{"error":{"message":"a","type":"b"}}"#), "a");
        assert_eq!(said(r#"{"error":"a"}"#), "a");
        assert_eq!(said(r#"{"message":"a","object":"error"}"#), "a");
        assert_eq!(said(r#"{"detail":"a"}"#), "a");
        assert_eq!(said(r#"{"detail":[{"loc":["body"],"msg":"a"}]}"#), r#"[{"loc":["body"],"msg":"a"}]"#);
        assert_eq!(said("plain"), "plain");
        assert_eq!(said("<html><title> Bad Gateway </title>"), "a web page: Bad Gateway");
        assert_eq!(said(""), "it does not say why");
    }

    #[test]
    fn what_is_shown_is_one_short_line_without_keys() {
        assert_eq!(short("a\n  b\u{1b}[31m.\r\n"), "a b[31m");
        assert_eq!(short("key 'sk-proj-abcdef' and AIzaSyA12345."), "key (key) and (key)");
        assert_eq!(short(&"x".repeat(1_000)).chars().count(), SAID_CHARS_MAX + 1);
    }
}
