//! Why a model gave no turn: one sentence each, which says what to change and where.
//!
//! Invariants
//! - No sentence holds a key; what a server says is masked, shortened and made one line before it gets here.

use std::time::Duration;

use super::endpoint::Endpoint;

/// Whom an error is about, and which setting would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The endpoint's host.
    pub host: String,
    /// The profile.
    pub profile: String,
    /// The model.
    pub model: String,
    /// The full name of the setting, or of two with `and` between.
    pub setting: String,
    /// The file in which the profile is written, or the editor's settings.
    pub written_in: String,
}

impl Place {
    pub(super) fn of(endpoint: &Endpoint, keys: &[&str]) -> Box<Self> {
        let names: Vec<_> = keys.iter().map(|key| format!("`{}`", endpoint.setting(key))).collect();
        Box::new(Self {
            host: endpoint.host(),
            profile: endpoint.profile.clone(),
            model: endpoint.model.clone(),
            setting: names.join(" and "),
            written_in: endpoint.written_in.clone(),
        })
    }
}

/// Why there is no turn. `said` is what the server says, or what happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The task no longer wants it.
    #[error("cancelled")]
    Cancelled,
    /// There is no key, or none that can be used.
    #[error("model profile `{}` has no key: {said} (in {})", .at.profile, .at.written_in)]
    NoKey {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// The endpoint refuses the key.
    #[error(
        "{} refuses the key of model profile `{}` (status {status}: {said}): check {} in {}",
        .at.host, .at.profile, .at.setting, .at.written_in
    )]
    KeyRefused {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// The HTTP status.
        status: u16,
        /// What the server says, or what happened.
        said: String,
    },
    /// The endpoint has no such address or model.
    #[error(
        "{} does not know {url} or the model {:?} ({said}): check {} in {}",
        .at.host, .at.model, .at.setting, .at.written_in
    )]
    NotFound {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// The address that was asked.
        url: String,
        /// What the server says, or what happened.
        said: String,
    },
    /// A setting that only this machine can judge is wrong: a file, a proxy.
    #[error("{} in {} cannot be used: {said}", .at.setting, .at.written_in)]
    Setting {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// Nobody answers.
    #[error(
        "no model answers at {} ({said}, tried {tries} times): start it, or change {} in {}",
        .at.host, .at.setting, .at.written_in
    )]
    Unreachable {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// How often it was tried.
        tries: u32,
        /// What the server says, or what happened.
        said: String,
    },
    /// The connection is not trusted.
    #[error(
        "{} cannot be asked securely ({said}): if its certificate is your own, name its authority in {} in {}",
        .at.host, .at.setting, .at.written_in
    )]
    Tls {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// The endpoint sends us elsewhere, where the key must not go.
    #[error(
        "{} redirects to {to}, and a key is not sent on: if that is right, write it as {} in {}",
        .at.host, .at.setting, .at.written_in
    )]
    Redirected {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// Where to.
        to: String,
    },
    /// Too many requests or an ill server, and waiting takes too long.
    #[error("{} takes no requests now{} ({said})", .at.host, again(.retry_after))]
    Busy {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// When to try again, if it says so.
        retry_after: Option<Duration>,
        /// What the server says, or what happened.
        said: String,
    },
    /// The account is empty.
    #[error("{} wants to be paid first (status {status}: {said})", .at.host)]
    Quota {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// The HTTP status.
        status: u16,
        /// What the server says, or what happened.
        said: String,
    },
    /// The conversation does not fit into the model's context.
    #[error(
        "the conversation is longer than {:?} can take ({said}): give a smaller task, or a model with more context",
        .at.model
    )]
    ContextFull {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// The model cannot call tools.
    #[error(
        "{:?} at {} cannot call tools ({said}): choose another {} in {}",
        .at.model, .at.host, .at.setting, .at.written_in
    )]
    NoTools {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// The request is refused for a reason that trying again does not change.
    #[error("{} refuses the request (status {status}: {said})", .at.host)]
    Refused {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// The HTTP status.
        status: u16,
        /// What the server says, or what happened.
        said: String,
    },
    /// What came is not an answer of this format.
    #[error(
        "{} does not answer in the format of its profile ({said}): check {} in {}",
        .at.host, .at.setting, .at.written_in
    )]
    NotThisFormat {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// Every try ended before the answer did.
    #[error("{} broke off its answer each of {tries} times ({said})", .at.host)]
    BrokenOff {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// How often it was tried.
        tries: u32,
        /// What the server says, or what happened.
        said: String,
    },
    /// A time limit.
    #[error("{} took too long ({said}): the limit is {} in {}", .at.host, .at.setting, .at.written_in)]
    TooLong {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// A limit of size.
    #[error("{} sent too much ({said})", .at.host)]
    TooMuch {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// What the server says, or what happened.
        said: String,
    },
    /// Neither text nor call, each time.
    #[error("{:?} at {} gave an empty answer each of {tries} times", .at.model, .at.host)]
    Empty {
        /// Whom it is about, and which setting would mend it.
        at: Box<Place>,
        /// How often it was tried.
        tries: u32,
    },
    /// This machine could not do it.
    #[error("the request could not be made: {0}")]
    Machine(String),
}

fn again(after: &Option<Duration>) -> String {
    after.map(|after| format!(" and says to wait {} s", after.as_secs())).unwrap_or_default()
}

impl ModelError {
    pub(super) fn no_key(endpoint: &Endpoint, said: &str) -> Self {
        Self::NoKey { at: Place::of(endpoint, &[]), said: said.to_owned() }
    }

    pub(super) fn setting(endpoint: &Endpoint, key: &str, said: String) -> Self {
        Self::Setting { at: Place::of(endpoint, &[key]), said }
    }

    pub(super) fn not_this_format(endpoint: &Endpoint, said: String) -> Self {
        Self::NotThisFormat { at: Place::of(endpoint, &["format", "base_url"]), said }
    }

    pub(super) fn too_long(endpoint: &Endpoint, key: &str, said: String) -> Self {
        Self::TooLong { at: Place::of(endpoint, &[key]), said }
    }

    /// A short name of the kind, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NoKey { .. } => "no-key",
            Self::KeyRefused { .. } => "key-refused",
            Self::NotFound { .. } => "not-found",
            Self::Setting { .. } => "setting",
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls",
            Self::Redirected { .. } => "redirected",
            Self::Busy { .. } => "busy",
            Self::Quota { .. } => "quota",
            Self::ContextFull { .. } => "context-full",
            Self::NoTools { .. } => "no-tools",
            Self::Refused { .. } => "refused",
            Self::NotThisFormat { .. } => "not-this-format",
            Self::BrokenOff { .. } => "broken-off",
            Self::TooLong { .. } => "too-long",
            Self::TooMuch { .. } => "too-much",
            Self::Empty { .. } => "empty",
            Self::Machine(_) => "machine",
        }
    }
}
