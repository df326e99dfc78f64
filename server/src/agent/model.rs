//! What a task needs of a model: one question, one answer.

use std::fmt::Debug;

use vouchsafe_confine::Cancel;

use crate::model::{Client, Delta, ModelError, Request, Turn};

/// Something that answers requests: a configured endpoint.
pub trait Model: Debug + Send + Sync {
    /// What the user calls it: the profile's and the model's name.
    fn name(&self) -> &str;

    /// Its wire format as the record names it: `chat`, `responses` or `messages`.
    fn format(&self) -> &'static str;

    /// Whether the provider defines tools itself that its models know better than ours.
    fn native_tools(&self) -> bool;

    /// How many tokens fit in one request, if that is known.
    fn context_tokens(&self) -> Option<u64>;

    /// A text without the key, wherever that came from: a workspace may hold it.
    fn masked(&self, text: String) -> String;

    /// Shows the key to whoever keeps it out of what is written; asks for it where a program of the user's has to. A
    /// model without a key has nothing to show.
    ///
    /// # Errors
    /// Why there is no key, or that it was cancelled.
    fn reveal(&self, cancel: &Cancel, to: &mut dyn FnMut(&str)) -> Result<(), Unanswered> {
        _ = (cancel, to);
        Ok(())
    }

    /// Asks; blocks until the answer is whole. Pieces are passed on as they come.
    ///
    /// # Errors
    /// Why there is no answer. Tries that may help were made before.
    fn ask(
        &self,
        request: &Request<'_>,
        cancel: &Cancel,
        deltas: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Turn, Unanswered>;
}

/// Why a model gave no answer. Texts are sentences for the user, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// The user cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The conversation is longer than the model takes.
    #[error("{0}")]
    TooLong(String),
    /// Anything else: not reachable, not allowed, not understood.
    #[error("{0}")]
    Unreachable(String),
}

impl Model for Client {
    fn name(&self) -> &str {
        &self.endpoint().profile
    }

    fn format(&self) -> &'static str {
        self.endpoint().format.name()
    }

    fn native_tools(&self) -> bool {
        self.endpoint().native_tools
    }

    fn context_tokens(&self) -> Option<u64> {
        self.endpoint().context_tokens.map(u64::from)
    }

    fn masked(&self, text: String) -> String {
        Client::masked(self, text)
    }

    fn reveal(&self, cancel: &Cancel, to: &mut dyn FnMut(&str)) -> Result<(), Unanswered> {
        Client::reveal(self, cancel, to).map_err(unanswered)
    }

    fn ask(
        &self,
        request: &Request<'_>,
        cancel: &Cancel,
        deltas: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Turn, Unanswered> {
        Client::ask(self, request, cancel, deltas).map_err(unanswered)
    }
}

fn unanswered(error: ModelError) -> Unanswered {
    match error {
        ModelError::Cancelled => Unanswered::Cancelled,
        full @ ModelError::ContextFull { .. } => Unanswered::TooLong(full.to_string()),
        other => Unanswered::Unreachable(other.to_string()),
    }
}
