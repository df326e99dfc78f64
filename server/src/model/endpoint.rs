//! Where a model is and how it is spoken to: one profile of the configuration, judged and whole.
//!
//! Invariants
//! - No key is in here, only where it comes from. What may be as good as a key (headers) is not shown by `Debug`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// How a provider writes requests and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WireFormat {
    /// Chat Completions: most local servers and gateways.
    Chat,
    /// Responses: OpenAI, and some local servers.
    Responses,
    /// Anthropic Messages.
    Messages,
}

impl WireFormat {
    /// The name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Responses => "responses",
            Self::Messages => "messages",
        }
    }
}

impl fmt::Display for WireFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How hard a model thinks before it answers. What a provider has no word for is sent as its nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Not at all, where it can be switched off.
    None,
    /// A little.
    Low,
    /// As usual.
    Medium,
    /// Long.
    High,
}

impl Effort {
    /// The name in the configuration and in requests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Where the key of an endpoint comes from. One that the editor has handed over goes before all of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// It needs none, or the editor hands it over.
    None,
    /// An environment variable of the server.
    Env(String),
    /// What this command prints.
    Command(Vec<String>),
}

/// Which proxy is used. A host of this machine is asked directly unless a proxy is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyChoice {
    /// That of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    Environment,
    /// This one.
    Named(Url),
    /// None.
    Direct,
}

/// A header that is sent along. Its value is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: (hidden)", self.name)
    }
}

/// A model endpoint: everything that a profile of the configuration says.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// The profile's name.
    pub profile: String,
    /// How it is spoken to.
    pub format: WireFormat,
    /// Where it is, without the part that the format adds.
    pub base_url: Url,
    /// The model, by the endpoint's name for it.
    pub model: String,
    /// Where its key comes from.
    pub key: KeySource,
    /// The header the bare key goes into; `None` for the format's own.
    pub key_header: Option<String>,
    /// More headers.
    pub headers: Vec<Header>,
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Certificates (PEM) that are trusted besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long nothing may come.
    pub idle_timeout: Duration,
    /// How long one turn may take, all tries and waits included.
    pub turn_timeout: Duration,
    /// How often a turn is tried; at least 1.
    pub tries_max: u32,
    /// The most tokens in one turn; `None` for the endpoint's own limit.
    pub output_tokens_max: Option<u32>,
    /// The tokens that a request and its answer may have together, if known.
    pub context_tokens: Option<u32>,
    /// The temperature, if it is to be sent.
    pub temperature: Option<f64>,
    /// How hard it thinks, if that is to be said.
    pub effort: Option<Effort>,
    /// Whether answers are asked for piece by piece.
    pub stream: bool,
    /// Whether tools that the provider defines itself are used.
    pub native_tools: bool,
    /// Whether the model may call several tools in one turn.
    pub parallel_calls: bool,
    /// More fields of the request body.
    pub body: Map<String, Value>,
    /// Where the profile is written, for messages: a file, or the editor's settings.
    pub written_in: String,
}

impl Endpoint {
    /// The full name of a setting of this profile, for messages.
    #[must_use]
    pub fn setting(&self, key: &str) -> String {
        format!("models.profiles.{}.{key}", self.profile)
    }

    /// The address of one of the endpoint's operations, such as `chat/completions`.
    ///
    /// An address without a path gets `/v1`; one that already ends with the operation is used as it is, and for
    /// Messages `/v1` is added where it is missing, as that format's own clients do.
    #[must_use]
    pub fn url(&self, operation: &str) -> Url {
        let mut url = self.base_url.clone();
        let path = url.path().trim_end_matches('/').to_owned();
        let path = ["/chat/completions", "/responses", "/messages", "/models"]
            .iter()
            .find_map(|end| path.strip_suffix(end))
            .map_or(path.as_str(), |path| path)
            .to_owned();
        let versioned = path.rsplit('/').next().is_some_and(is_version);
        let add = path.is_empty() || (self.format == WireFormat::Messages && !versioned);
        url.set_path(&format!("{path}{}/{operation}", if add { "/v1" } else { "" }));
        url
    }

    /// The host, with the port if it is not the usual one.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        self.base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self.base_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

/// Whether a part of a path is a version: `v1`, `v1beta`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
