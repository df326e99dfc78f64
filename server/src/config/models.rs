//! `[models]`: which model does which kind of task, and where it is.
//!
//! Invariants
//! - All of it is the user's alone: an address decides who reads the user's code, and a key command starts a process.
//! - A key itself is never written in a configuration, only where it comes from.
//! - A profile is used whole or not at all; what it lacks is said when somebody wants it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::define::{is_name, is_variable};
use super::document::{Document, KeyPath};
use super::problem::{Problem, Severity};
use super::values::home_path;
use crate::model::{Effort, Endpoint, Header, KeySource, ProxyChoice, WireFormat};
use crate::task::TaskKind;

/// Which language model does which kind of task, and where it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ModelKeys {
    /// The profile for every kind of task that has none of its own. With one profile it needs no saying.
    default: Option<String>,
    /// The profile for *fix*.
    fix: Option<String>,
    /// The profile for *implement*.
    implement: Option<String>,
    /// The profile for *test*.
    test: Option<String>,
    /// The profile for *document*.
    document: Option<String>,
    /// The profile for *refactor*.
    refactor: Option<String>,
    /// The profile for *explain*.
    explain: Option<String>,
    /// The profile for *ask*.
    ask: Option<String>,
    /// The profile for *review*.
    review: Option<String>,
    /// The profile for tasks in the user's own words.
    custom: Option<String>,
    /// Model endpoints, by a name of your choice.
    profiles: BTreeMap<String, ProfileKeys>,
}

/// A model endpoint.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProfileKeys {
    /// How it is spoken to.
    #[schemars(extend("default" = "chat"))]
    format: Option<WireFormat>,
    /// Its address, such as `http://localhost:11434/v1`, without the operation.
    base_url: Option<String>,
    /// The model, by the endpoint's name for it.
    model: Option<String>,
    /// The environment variable of the server that holds the key.
    key_env: Option<String>,
    /// A program and its arguments; the first line it prints is the key. It runs unconfined, as you.
    key_command: Option<Vec<String>>,
    /// The header that the bare key goes into. Default: what the format has.
    key_header: Option<String>,
    /// More headers, by name.
    headers: BTreeMap<String, String>,
    /// An HTTP proxy, or `none`. Default: that of the environment, and none for this machine.
    proxy: Option<String>,
    /// A PEM file with certificates that are trusted besides those of the system: absolute, or beginning with `~/`.
    ca_file: Option<String>,
    /// Seconds in which a connection must be made.
    #[schemars(extend("default" = 20), range(min = 1, max = 600))]
    connect_timeout_s: Option<u32>,
    /// Seconds in which something must come: the first piece of an answer included.
    #[schemars(extend("default" = 300), range(min = 1, max = 86_400))]
    idle_timeout_s: Option<u32>,
    /// Seconds one turn may take, with all tries and waits.
    #[schemars(extend("default" = 900), range(min = 1, max = 86_400))]
    timeout_s: Option<u32>,
    /// How often a turn is tried when it fails for a reason that may pass.
    #[schemars(extend("default" = 5), range(min = 1, max = 20))]
    tries: Option<u32>,
    /// Tokens the model may write in one turn. Default: what the endpoint allows; 8192 for `messages`.
    #[schemars(range(min = 16, max = 10_000_000))]
    max_output_tokens: Option<u32>,
    /// Tokens that a request and its answer may have together.
    #[schemars(range(min = 1_024, max = 100_000_000))]
    context_tokens: Option<u32>,
    /// The temperature. Default: none is sent.
    #[schemars(range(min = 0, max = 2))]
    temperature: Option<f64>,
    /// How hard the model thinks. Default: nothing is said about it.
    effort: Option<Effort>,
    /// Whether the answer is asked for piece by piece.
    #[schemars(extend("default" = true))]
    stream: Option<bool>,
    /// Whether tools are used that the provider defines itself.
    #[schemars(extend("default" = false))]
    native_tools: Option<bool>,
    /// Whether the model may call several tools in one turn.
    #[schemars(extend("default" = true))]
    parallel_calls: Option<bool>,
    /// More fields of the request body, as JSON: `{"provider": {"sort": "price"}}`.
    body: Option<String>,
}

/// The models in force.
#[derive(Debug, Clone, Default)]
pub struct Models {
    default: Option<String>,
    kinds: BTreeMap<TaskKind, String>,
    profiles: BTreeMap<String, Result<Arc<Endpoint>, String>>,
    /// The file in which a user would write them.
    file: String,
}

/// Why there is no model for a task: one sentence that says what to write where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoModel {
    /// None is configured.
    #[error(
        "no model is configured: write `[models.profiles.NAME]` with `base_url` and `model` in {file}; \
         docs/models.md has an example for each provider"
    )]
    NotConfigured {
        /// Where to write it.
        file: String,
    },
    /// There are several profiles, and none is said to do this.
    #[error("no model is chosen for {wanted}: write `default = \"{first}\"` below `[models]` in {file}")]
    NotChosen {
        /// The kind of task.
        wanted: TaskKind,
        /// A profile that exists.
        first: String,
        /// Where to write it.
        file: String,
    },
    /// The profile that is chosen does not exist.
    #[error(
        "`{key}` names the model profile {profile:?}, which is not there (there are: {known}): see {file}"
    )]
    NoProfile {
        /// The key that names it, or `--model`.
        key: String,
        /// The name.
        profile: String,
        /// The profiles that exist.
        known: String,
        /// Where they are written.
        file: String,
    },
    /// The profile lacks something.
    #[error("the model profile {profile:?} cannot be used: {what} (in {file})")]
    Incomplete {
        /// The profile.
        profile: String,
        /// What is wrong.
        what: String,
        /// Where it is written.
        file: String,
    },
}

impl Models {
    /// The model for a kind of task.
    pub(super) fn for_kind(&self, kind: TaskKind) -> Result<Arc<Endpoint>, NoModel> {
        let own = self.kinds.get(&kind).map(|name| (format!("models.{kind}"), name.clone()));
        let named = own.or_else(|| Some(("models.default".to_owned(), self.default.clone()?)));
        match (named, self.profiles.keys().next()) {
            (Some((key, name)), _) => self.named(&name, &key),
            (None, None) => Err(NoModel::NotConfigured { file: self.file.clone() }),
            (None, Some(only)) if self.profiles.len() == 1 => self.named(only, "models.default"),
            (None, Some(first)) => {
                Err(NoModel::NotChosen { wanted: kind, first: first.clone(), file: self.file.clone() })
            }
        }
    }

    /// The model of a profile; `key` is what names it, for the message.
    ///
    /// # Errors
    /// When there is no such profile or it cannot be used.
    pub fn named(&self, profile: &str, key: &str) -> Result<Arc<Endpoint>, NoModel> {
        let file = self.file.clone();
        match self.profiles.get(profile) {
            Some(Ok(endpoint)) => Ok(Arc::clone(endpoint)),
            Some(Err(what)) => {
                Err(NoModel::Incomplete { profile: profile.to_owned(), what: what.clone(), file })
            }
            None if self.profiles.is_empty() => Err(NoModel::NotConfigured { file }),
            None => {
                let known = self.names().collect::<Vec<_>>().join(", ");
                Err(NoModel::NoProfile { key: key.to_owned(), profile: profile.to_owned(), known, file })
            }
        }
    }

    /// The names of all profiles, those that cannot be used included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The profile that is used where a task's kind has none of its own, if that is settled.
    #[must_use]
    pub fn default_name(&self) -> Option<&str> {
        let only = || self.profiles.keys().next().filter(|_| self.profiles.len() == 1);
        self.default.as_ref().or_else(only).map(String::as_str)
    }

    pub(super) fn new(keys: ModelKeys, file: String, home: Option<&Path>) -> Self {
        let kinds = [
            (TaskKind::Fix, keys.fix),
            (TaskKind::Implement, keys.implement),
            (TaskKind::Test, keys.test),
            (TaskKind::Document, keys.document),
            (TaskKind::Refactor, keys.refactor),
            (TaskKind::Explain, keys.explain),
            (TaskKind::Ask, keys.ask),
            (TaskKind::Review, keys.review),
            (TaskKind::Custom, keys.custom),
        ];
        let kinds = kinds.into_iter().filter_map(|(kind, name)| Some((kind, name?))).collect();
        let profiles = keys.profiles.into_iter().map(|(name, keys)| {
            let endpoint = endpoint(&name, keys, &file, home).map(Arc::new);
            (name, endpoint)
        });
        Self { default: keys.default, kinds, profiles: profiles.collect(), file }
    }
}

/// The endpoint a profile makes, or what it lacks.
fn endpoint(name: &str, keys: ProfileKeys, file: &str, home: Option<&Path>) -> Result<Endpoint, String> {
    let lacks = |key: &str| format!("add `{key}` below `[models.profiles.{name}]`");
    let key = match (keys.key_env, keys.key_command) {
        (Some(_), Some(_)) => return Err("`key_env` and `key_command` cannot both be set".to_owned()),
        (Some(variable), None) => KeySource::Env(variable),
        (None, Some(command)) => KeySource::Command(command),
        (None, None) => KeySource::None,
    };
    let seconds = |set: Option<u32>, default: u32| Duration::from_secs(set.unwrap_or(default).into());
    Ok(Endpoint {
        profile: name.to_owned(),
        format: keys.format.unwrap_or(WireFormat::Chat),
        base_url: base_url(&keys.base_url.ok_or_else(|| lacks("base_url"))?)?,
        model: keys.model.filter(|model| !model.trim().is_empty()).ok_or_else(|| lacks("model"))?,
        key,
        key_header: keys.key_header,
        headers: keys.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
        proxy: keys.proxy.as_deref().map_or(Ok(ProxyChoice::Environment), proxy)?,
        ca_file: keys.ca_file.as_deref().map(|file| ca_file(file, home)).transpose()?,
        connect_timeout: seconds(keys.connect_timeout_s, 20),
        idle_timeout: seconds(keys.idle_timeout_s, 300),
        turn_timeout: seconds(keys.timeout_s, 900),
        tries_max: keys.tries.unwrap_or(5),
        output_tokens_max: keys.max_output_tokens,
        context_tokens: keys.context_tokens,
        temperature: keys.temperature,
        effort: keys.effort,
        stream: keys.stream.unwrap_or(true),
        native_tools: keys.native_tools.unwrap_or(false),
        parallel_calls: keys.parallel_calls.unwrap_or(true),
        body: keys.body.as_deref().map_or(Ok(Map::new()), body)?,
        written_in: file.to_owned(),
    })
}

/// The address of an endpoint. A name and password in it would be shown in messages, so they are refused.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("it is not an address ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("it must begin with http:// or https:// and a host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "it holds a name or password: put the key where `key_env` or `key_command` finds it".to_owned()
        );
    }
    if url.fragment().is_some() {
        return Err("it holds a `#`, which no server sees".to_owned());
    }
    Ok(url)
}

/// `none`, or the address of a proxy.
pub(super) fn proxy(text: &str) -> Result<ProxyChoice, String> {
    if text == "none" {
        return Ok(ProxyChoice::Direct);
    }
    let url = Url::parse(text).map_err(|error| format!("it is not an address ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("it must be `none`, or begin with http:// or https:// and a host".to_owned());
    }
    Ok(ProxyChoice::Named(url))
}

/// The file of trusted certificates.
pub(super) fn ca_file(text: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    let path = home_path(text, home)?;
    if path.is_absolute() { Ok(path) } else { Err("it must be absolute or begin with `~/`".to_owned()) }
}

/// Fields for the request body.
pub(super) fn body(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("it must be a JSON object".to_owned()),
        Err(error) => Err(format!("it is not JSON ({error})")),
    }
}

/// A name and a value that HTTP can carry.
pub(super) fn header(name: &str, value: &str) -> Result<(), String> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        return Err(format!("{name:?} is not the name of a header"));
    }
    if !value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        return Err(format!("the value of {name:?} has a character that a header cannot hold"));
    }
    let framing = ["host", "content-length", "transfer-encoding", "connection"];
    if framing.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return Err(format!("{name:?} is set by the connection itself"));
    }
    Ok(())
}

/// Judges the texts of the profiles of one source and takes out what has no meaning.
pub(super) fn check_profiles(document: &mut Document, home: Option<&Path>) -> Vec<Problem> {
    let mut value = std::mem::take(&mut document.value);
    let profiles = value.pointer_mut("/models/profiles").and_then(Value::as_object_mut);
    let mut problems = Vec::new();
    for (name, keys) in profiles.into_iter().flatten() {
        let path = KeyPath::of(&["models", "profiles", name]);
        if !is_name(name) {
            let message =
                format!("{name:?} is not a name for a model profile: use letters, digits, `-`, `_` and `.`");
            problems.push(document.at_key(&path, Severity::Error, message));
        }
        let Some(keys) = keys.as_object_mut() else { continue };
        keys.retain(|key, value| match sound(key, value, home) {
            Ok(()) => true,
            Err(what) => {
                let path = path.then(key);
                problems.push(document.at_value(&path, Severity::Error, format!("`{path}`: {what}")));
                false
            }
        });
    }
    document.value = value;
    problems
}

/// Whether a key of a profile means something. Types have been checked before.
fn sound(key: &str, value: &Value, home: Option<&Path>) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    match key {
        "base_url" => base_url(text).map(drop),
        "proxy" => proxy(text).map(drop),
        "ca_file" => ca_file(text, home).map(drop),
        "body" => body(text).map(drop),
        "key_header" => header(text, ""),
        "model" if text.trim().is_empty() => Err("it is empty".to_owned()),
        "key_env" if !is_variable(text) => Err(
            "it is not a name of an environment variable: write the variable's name here, never the key itself".to_owned(),
        ),
        "key_command" if value.as_array().is_some_and(Vec::is_empty) => Err("it is empty".to_owned()),
        "headers" => {
            let mut headers = value.as_object().into_iter().flatten();
            headers.try_for_each(|(name, value)| header(name, value.as_str().unwrap_or_default()))
        }
        _ => Ok(()),
    }
}

/// A command is replaced, not added to, and a key has one source: that of the later one holds.
pub(super) fn make_way(merged: &mut Value, over: &Value) {
    let profiles = over.pointer("/models/profiles").and_then(Value::as_object);
    for (name, keys) in profiles.into_iter().flatten() {
        let sets = |key| keys.get(key).is_some();
        let known = merged.pointer_mut("/models/profiles").and_then(|known| known.get_mut(name));
        if let Some(known) = known.and_then(Value::as_object_mut)
            && (sets("key_env") || sets("key_command"))
        {
            known.shift_remove("key_env");
            known.shift_remove("key_command");
        }
    }
}
