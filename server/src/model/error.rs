//! Why a model gave no turn: one sentence each, which says what to change and where.
//!
//! Invariants
//! - No sentence holds a key; what a server says is masked, shortened and made one line before it gets here.

use std::time::Duration;

use super::endpoint::Endpoint;

/// Why there is no turn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The task no longer wants it.
    #[error("cancelled")]
    Cancelled,
    /// There is no key, or none that can be used.
    #[error("model profile `{profile}` has no key: {what} (in {written_in})")]
    NoKey {
        /// The profile.
        profile: String,
        /// What is missing.
        what: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// The endpoint refuses the key.
    #[error(
        "{host} refuses the key of model profile `{profile}` (status {status}: {said}): check `{setting}` in {written_in}"
    )]
    KeyRefused {
        /// The endpoint's host.
        host: String,
        /// The profile.
        profile: String,
        /// The HTTP status.
        status: u16,
        /// What the server says.
        said: String,
        /// The setting that names the key.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// The endpoint has no such address or model.
    #[error("{host} does not know {url} or the model {model:?} ({said}): check `{setting}` in {written_in}")]
    NotFound {
        /// The endpoint's host.
        host: String,
        /// The address that was asked.
        url: String,
        /// The model that was asked for.
        model: String,
        /// What the server says.
        said: String,
        /// The settings to check.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// A setting that only this machine can judge is wrong: a file, a proxy.
    #[error("`{setting}` in {written_in} cannot be used: {what}")]
    Setting {
        /// The setting.
        setting: String,
        /// Why not.
        what: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// Nobody answers.
    #[error(
        "no model answers at {host} ({why}, tried {tries} times): start it, or change `{setting}` in {written_in}"
    )]
    Unreachable {
        /// The endpoint's host.
        host: String,
        /// What went wrong.
        why: String,
        /// How often it was tried.
        tries: u32,
        /// The setting that says where it is.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// The connection is not trusted.
    #[error(
        "the certificate of {host} is not trusted ({why}): if it is your own, name its authority in `{setting}` in {written_in}"
    )]
    Tls {
        /// The endpoint's host.
        host: String,
        /// What is wrong.
        why: String,
        /// The setting for certificates.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// The endpoint sends us elsewhere, where the key must not go.
    #[error(
        "{host} redirects to {to}, and a key is not sent on: if that is right, write it as `{setting}` in {written_in}"
    )]
    Redirected {
        /// The endpoint's host.
        host: String,
        /// Where to.
        to: String,
        /// The setting that says where the endpoint is.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// Too many requests, and waiting takes too long.
    #[error("{host} takes no more requests now{} (status {status}: {said})", again(.retry_after))]
    Busy {
        /// The endpoint's host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What the server says.
        said: String,
        /// When to try again, if it says so.
        retry_after: Option<Duration>,
    },
    /// The account is empty.
    #[error("{host} wants to be paid first (status {status}: {said})")]
    Quota {
        /// The endpoint's host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },
    /// The conversation does not fit into the model's context.
    #[error(
        "the conversation is longer than {model:?} can take ({said}): a smaller task, or a model with more context"
    )]
    ContextFull {
        /// The model.
        model: String,
        /// What the server says.
        said: String,
    },
    /// The model cannot call tools.
    #[error("{model:?} at {host} cannot call tools ({said}): choose another `{setting}` in {written_in}")]
    NoTools {
        /// The endpoint's host.
        host: String,
        /// The model.
        model: String,
        /// What the server says.
        said: String,
        /// The setting that names the model.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// The request is refused for a reason that trying again does not change.
    #[error("{host} refuses the request (status {status}: {said})")]
    Refused {
        /// The endpoint's host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What the server says.
        said: String,
    },
    /// What came is not an answer of this format.
    #[error("{host} does not answer in the format `{format}` ({what}): check `{setting}` in {written_in}")]
    NotThisFormat {
        /// The endpoint's host.
        host: String,
        /// The format.
        format: &'static str,
        /// What is odd.
        what: String,
        /// The settings to check.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// Every try ended before the answer did.
    #[error("{host} broke off its answer each of {tries} times ({why})")]
    BrokenOff {
        /// The endpoint's host.
        host: String,
        /// How often it was tried.
        tries: u32,
        /// What happened the last time.
        why: String,
    },
    /// A time limit.
    #[error("{host} took too long ({what}): `{setting}` in {written_in} is the limit")]
    TooLong {
        /// The endpoint's host.
        host: String,
        /// What did.
        what: String,
        /// The setting.
        setting: String,
        /// Where the profile is written.
        written_in: String,
    },
    /// A limit of size.
    #[error("{host} sent too much ({what})")]
    TooMuch {
        /// The endpoint's host.
        host: String,
        /// What was too large.
        what: String,
    },
    /// Neither text nor call, each time.
    #[error("{model:?} at {host} gave an empty answer each of {tries} times")]
    Empty {
        /// The endpoint's host.
        host: String,
        /// The model.
        model: String,
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
    pub(super) fn no_key(endpoint: &Endpoint, what: &str) -> Self {
        Self::NoKey {
            profile: endpoint.profile.clone(),
            what: what.to_owned(),
            written_in: endpoint.written_in.clone(),
        }
    }

    pub(super) fn setting(endpoint: &Endpoint, key: &str, what: String) -> Self {
        Self::Setting { setting: endpoint.setting(key), what, written_in: endpoint.written_in.clone() }
    }

    pub(super) fn not_this_format(endpoint: &Endpoint, what: String) -> Self {
        Self::NotThisFormat {
            host: endpoint.host(),
            format: endpoint.format.name(),
            what,
            setting: format!("{}` and `{}", endpoint.setting("format"), endpoint.setting("base_url")),
            written_in: endpoint.written_in.clone(),
        }
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
