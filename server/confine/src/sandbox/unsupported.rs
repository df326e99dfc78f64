//! The sandbox where nothing can be confined: every probe is refused with one sentence, so nothing can ever run.

use std::convert::Infallible;
use std::path::Path;

use super::cancel::Cancel;
use super::command::Command;
use super::limits::Limits;
use super::observation::{Observation, Stream};
use super::policy::Policy;
use super::refusal::{Refusal, RunError};
use super::report::{Report, Tier};

/// Proof that this kernel really confines. Cannot be had on this system.
#[derive(Debug, Clone)]
pub struct Enforced(Infallible);

/// A task's sandbox. Cannot be had on this system.
#[derive(Debug)]
pub struct Confined(Infallible);

/// Does nothing on this system: no zygote is ever started.
pub fn become_zygote_if_asked() {}

#[expect(clippy::missing_errors_doc, reason = "no value exists")]
impl Enforced {
    /// Always refused.
    pub fn probe(_launcher: &Path, _cache: &Path) -> Result<Self, Refusal> {
        Err(Refusal::Unsupported)
    }

    /// What the probe found.
    #[must_use]
    pub fn report(&self) -> &Report {
        match self.0 {}
    }

    /// Starts the zygote of one task.
    pub fn confine(&self, _policy: Policy) -> Result<Confined, Refusal> {
        match self.0 {}
    }

    pub(crate) fn absurd<T>(&self) -> T {
        match self.0 {}
    }
}

#[expect(clippy::missing_errors_doc, reason = "no value exists")]
impl Confined {
    /// How strongly this task is confined.
    #[must_use]
    pub fn tier(&self) -> Tier {
        match self.0 {}
    }

    /// The process id of the zygote.
    #[must_use]
    pub fn zygote_id(&self) -> u32 {
        match self.0 {}
    }

    /// Runs one command.
    pub fn run(
        &self,
        _command: &Command,
        _limits: &Limits,
        _cancel: &Cancel,
        _sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Observation, RunError> {
        match self.0 {}
    }
}
