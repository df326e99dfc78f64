//! Tries an endpoint the way a task would use it: is it there, does it know the model, does it stream, does it call a tool.
//!
//! Invariants
//! - It costs one short turn, and changes nothing anywhere.
//! - A check that cannot be made says so; it is no failure.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::timeout;
use vouchsafe_confine::Cancel;

use super::attempt::headers;
use super::client::Client;
use super::endpoint::{Endpoint, KeySource};
use super::error::{ModelError, Place};
use super::fault::short;
use super::keys::Keys;
use super::{Delta, Item, Request, ToolSpec, Turn, http};

/// How long the list of models is waited for.
const LIST_WAIT: Duration = Duration::from_secs(15);
/// The longest list that is read, in bytes.
const LIST_BYTES_MAX: usize = 8 * 1024 * 1024;
const TOOL: &str = "report";

/// What one check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is as it should be.
    Good,
    /// Tasks will not work.
    Bad,
    /// It cannot be told, or does not matter much.
    Unclear,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: `key`, `reachable`, `model`, `answer`, `streaming`, `tools`.
    pub name: &'static str,
    /// What was found.
    pub found: Found,
    /// One sentence about it.
    pub said: String,
}

/// Tries an endpoint. Stops at the first check that makes the next ones pointless.
#[must_use]
pub fn probe(endpoint: &Endpoint, keys: &Keys, cancel: &Cancel) -> Vec<Check> {
    let mut checks = Vec::new();
    let client = match Client::new(endpoint, keys)
        .and_then(|client| client.key(cancel).map(|_| ()).map(|()| client))
    {
        Ok(client) => client,
        Err(error) => {
            let name = if error.code() == "no-key" { "key" } else { "settings" };
            checks.push(bad(name, &error));
            return checks;
        }
    };
    checks.push(check("key", Found::Good, key_words(endpoint, keys)));
    match client.models(cancel) {
        Err(error) => {
            checks.push(bad("reachable", &error));
            return checks;
        }
        Ok(listed) => {
            checks.push(check("reachable", Found::Good, format!("{} answers", endpoint.host())));
            checks.push(is_there(endpoint, listed.as_deref()));
        }
    }
    checks.extend(turn_checks(&client, cancel));
    checks
}

fn check(name: &'static str, found: Found, said: String) -> Check {
    Check { name, found, said }
}

fn bad(name: &'static str, error: &ModelError) -> Check {
    check(name, Found::Bad, error.to_string())
}

fn key_words(endpoint: &Endpoint, keys: &Keys) -> String {
    match &endpoint.key {
        _ if keys.has(&endpoint.profile) => "from the editor's secret store".to_owned(),
        KeySource::None => "none is configured, so none is sent".to_owned(),
        KeySource::Env(name) => format!("from the environment variable {name}"),
        KeySource::Command(argv) => format!("from `{}`", argv.first().map_or("", String::as_str)),
    }
}

fn is_there(endpoint: &Endpoint, listed: Option<&[String]>) -> Check {
    let model = &endpoint.model;
    match listed {
        None => check("model", Found::Unclear, "this endpoint does not list its models".to_owned()),
        // Ollama lists `name:latest` for what may be asked for as `name`.
        Some(listed) if listed.iter().any(|id| id == model || id.strip_suffix(":latest") == Some(model)) => {
            check("model", Found::Good, format!("{model:?} is listed"))
        }
        Some(listed) => {
            let near = crate::recipe::nearest(model, listed.iter().map(String::as_str));
            let hint = near.or(listed.first().map(String::as_str));
            let hint = hint.map(|hint| format!(", but for example {hint:?}")).unwrap_or_default();
            let setting = endpoint.setting("model");
            let said = format!("{model:?} is not among the {} listed{hint}: check `{setting}`", listed.len());
            check("model", Found::Unclear, said)
        }
    }
}

/// One turn with one tool.
fn turn_checks(client: &Client, cancel: &Cancel) -> Vec<Check> {
    let parameters = json!({
        "type": "object", "properties": { "word": { "type": "string" } }, "required": ["word"],
    });
    let tool = ToolSpec {
        name: TOOL.to_owned(),
        description: "Reports a word.".to_owned(),
        parameters,
        native: None,
    };
    let items =
        [Item::User(format!("Call the tool `{TOOL}` once, with the word \"ready\". Say nothing else."))];
    let system = "You test a connection. Use the tool that you are given.";
    let request = Request { system, items: &items, tools: &[tool], output_tokens_max: Some(1_024) };
    let started = Instant::now();
    let (mut first, mut pieces) = (None, 0_usize);
    let asked = client.ask(&request, cancel, &mut |delta| match delta {
        Delta::Again(_) => (first, pieces) = (None, 0),
        Delta::Text(_) | Delta::Reasoning(_) | Delta::Call(_) => {
            first.get_or_insert_with(|| started.elapsed());
            pieces += 1;
        }
    });
    let turn = match asked {
        Ok(turn) => turn,
        Err(error) => return vec![bad("answer", &error)],
    };
    let first = first.unwrap_or_default().as_millis();
    let answer = format!(
        "the first piece came after {first} ms, all of it after {} ms",
        started.elapsed().as_millis()
    );
    let streams = turn.exchange.response.first() != Some(&b'{');
    let streaming = match (streams, client.endpoint().stream) {
        (true, _) => check("streaming", Found::Good, format!("in {pieces} pieces")),
        (false, true) => {
            check("streaming", Found::Unclear, "it answers in one piece, which works".to_owned())
        }
        (false, false) => check("streaming", Found::Unclear, "switched off by the profile".to_owned()),
    };
    vec![check("answer", Found::Good, answer), streaming, tools(&turn)]
}

fn tools(turn: &Turn) -> Check {
    let Some(call) = turn.calls.first() else {
        let said = format!("it did not call the tool, but said: {}", short(&turn.text));
        return check("tools", Found::Bad, said);
    };
    let word = serde_json::from_str(&call.arguments).ok().and_then(|value: Value| value.get("word").cloned());
    match (call.name.as_str(), word) {
        (TOOL, Some(Value::String(word))) if word.eq_ignore_ascii_case("ready") => {
            check("tools", Found::Good, "it calls a tool with the right arguments".to_owned())
        }
        _ => {
            let said =
                format!("it called {:?} with {}, not as it was told", call.name, short(&call.arguments));
            check("tools", Found::Unclear, said)
        }
    }
}

impl Client {
    /// The models that the endpoint lists; `None` if it answers, but not to that.
    fn models(&self, cancel: &Cancel) -> Result<Option<Vec<String>>, ModelError> {
        let key = self.key(cancel)?;
        let headers = headers(&self.endpoint, key)?;
        let unreachable = |said: String| ModelError::Unreachable {
            at: Place::of(&self.endpoint, &["base_url"]),
            tries: 1,
            said,
        };
        self.until_cancelled(cancel, async {
            let sent = self.http.get(self.endpoint.url("models")).headers(headers).send();
            let mut response = match timeout(LIST_WAIT, sent).await {
                Ok(sent) => sent.map_err(|error| self.not_sent(&error))?,
                Err(_elapsed) => {
                    return Err(unreachable(format!("nothing came for {} s", LIST_WAIT.as_secs())));
                }
            };
            // Whether a key is right is told by the turn: some endpoints list their models to nobody.
            if !response.status().is_success() {
                return Ok(None);
            }
            let mut body = Vec::new();
            while let Ok(Ok(Some(chunk))) = timeout(LIST_WAIT, response.chunk()).await {
                body.extend_from_slice(&chunk);
                if body.len() > LIST_BYTES_MAX {
                    return Ok(None);
                }
            }
            Ok(listed(&body))
        })
    }

    fn not_sent(&self, error: &reqwest::Error) -> ModelError {
        match http::is_tls(error) {
            true => {
                ModelError::Tls { at: Place::of(&self.endpoint, &["ca_file"]), said: http::causes(error) }
            }
            false => ModelError::Unreachable {
                at: Place::of(&self.endpoint, &["base_url"]),
                tries: 1,
                said: http::causes(error),
            },
        }
    }
}

fn listed(body: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let models = value.get("data").or_else(|| value.get("models"))?.as_array()?;
    let names = models.iter().filter_map(|model| model.get("id").or_else(|| model.get("name"))?.as_str());
    Some(names.map(str::to_owned).collect())
}
