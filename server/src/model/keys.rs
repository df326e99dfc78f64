//! Keys: where they are while the server runs, and how they stay out of everything that is shown or written.
//!
//! Invariants
//! - A key is in memory only. `Debug` and `Display` show that there is one and nothing of it.
//! - A key goes into a header of a request to its own endpoint. Besides, only what keeps it out of the record sees it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use vouchsafe_confine::Cancel;

use super::endpoint::{Endpoint, KeySource};
use super::error::ModelError;

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 16 * 1024;
/// How long a command that prints a key may take: somebody may have to type a passphrase.
const COMMAND_TIME_MAX: Duration = Duration::from_secs(120);
/// A key shorter than this is not looked for in texts: it would be found in innocent ones.
const MASKED_BYTES_MIN: usize = 8;

/// Keys handed over by the editor's secret store, by name of profile. A clone shows the same keys.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<HashMap<String, Secret>>>);

impl Keys {
    /// Takes a key for a profile; one that was there before is gone.
    pub fn put(&self, profile: &str, key: &str) {
        self.with(|keys| keys.insert(profile.to_owned(), Secret::new(key)));
    }

    /// Forgets the key of a profile.
    pub fn forget(&self, profile: &str) {
        self.with(|keys| keys.remove(profile));
    }

    /// Whether there is a key for a profile.
    #[must_use]
    pub fn has(&self, profile: &str) -> bool {
        self.with(|keys| keys.contains_key(profile))
    }

    fn get(&self, profile: &str) -> Option<Secret> {
        self.with(|keys| keys.get(profile).cloned())
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Secret>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.with(|keys| keys.len()))
    }
}

/// A key. Nothing shows it.
#[derive(Clone)]
pub(super) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Secret {
    fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// For the header, and for what looks for it in order to take it out.
    pub(super) fn for_header(&self) -> &str {
        &self.0
    }

    /// The key, if it is long enough to be looked for in texts.
    pub(super) fn sought(&self) -> Option<&str> {
        (self.0.len() >= MASKED_BYTES_MIN).then_some(self.0.as_str())
    }

    /// The text with the key in it replaced: some servers repeat what they were sent.
    pub(super) fn masked(&self, text: String) -> String {
        if self.0.len() < MASKED_BYTES_MIN || !text.contains(&self.0) {
            return text;
        }
        text.replace(&self.0, "(key)")
    }

    /// The same for JSON; `None` if the key is not in it.
    pub(super) fn masked_json(&self, value: &Value) -> Option<Value> {
        if self.0.len() < MASKED_BYTES_MIN {
            return None;
        }
        let text = value.to_string();
        text.contains(&self.0).then(|| serde_json::from_str(&self.masked(text)).unwrap_or_default())
    }

    /// The same for bytes, which may be cut anywhere.
    pub(super) fn masked_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let key = self.0.as_bytes();
        if key.len() < MASKED_BYTES_MIN || !bytes.windows(key.len()).any(|window| window == key) {
            return bytes;
        }
        self.masked(String::from_utf8_lossy(&bytes).into_owned()).into_bytes()
    }
}

/// The key of an endpoint: what the editor handed over, else where the configuration says. `None` where none is wanted.
pub(super) fn find(endpoint: &Endpoint, keys: &Keys, cancel: &Cancel) -> Result<Option<Secret>, ModelError> {
    if let Some(secret) = keys.get(&endpoint.profile) {
        return sound(endpoint, secret, "the key that the editor handed over").map(Some);
    }
    match &endpoint.key {
        KeySource::None => Ok(None),
        KeySource::Env(name) => {
            let missing = |why: &str| {
                let setting = endpoint.setting("key_env");
                let what = format!(
                    "the environment variable {name} {why}: set it where the editor is started, or change `{setting}`"
                );
                ModelError::no_key(endpoint, &what)
            };
            let value = match std::env::var(name) {
                Ok(value) => value,
                Err(std::env::VarError::NotPresent) => return Err(missing("is not set")),
                Err(std::env::VarError::NotUnicode(_)) => return Err(missing("is not text")),
            };
            sound(endpoint, Secret::new(&value), &format!("the environment variable {name}")).map(Some)
        }
        KeySource::Command(argv) => {
            let output =
                vouchsafe_confine::ask_users_helper(argv, None, KEY_BYTES_MAX, COMMAND_TIME_MAX, cancel);
            let output = output.map_err(|error| match error {
                vouchsafe_confine::HelperError::Cancelled => ModelError::Cancelled,
                error => {
                    let setting = endpoint.setting("key_command");
                    ModelError::no_key(
                        endpoint,
                        &format!("{error}: try it in a terminal, or change `{setting}`"),
                    )
                }
            })?;
            let text = String::from_utf8(output).unwrap_or_default();
            // What comes after the first line is not the key: password managers put notes there.
            let line = text.lines().next().unwrap_or_default();
            sound(endpoint, Secret::new(line), "what `key_command` printed").map(Some)
        }
    }
}

/// A key that a header can hold.
fn sound(endpoint: &Endpoint, secret: Secret, what: &str) -> Result<Secret, ModelError> {
    if secret.0.is_empty() {
        return Err(ModelError::no_key(endpoint, &format!("{what} is empty")));
    }
    if secret.0.len() > KEY_BYTES_MAX || !secret.0.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("{what} is not a key: it has a space or a character that no header can hold");
        return Err(ModelError::no_key(endpoint, &message));
    }
    Ok(secret)
}
