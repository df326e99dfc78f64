//! What a task needs of a model: one question, one answer.

use std::fmt::Debug;

use vouchsafe_confine::Cancel;

use crate::model::{Delta, Request, Turn};

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
