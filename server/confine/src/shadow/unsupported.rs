//! The shadow where nothing can be confined: it cannot be made, as no [`Enforced`] exists.

use std::borrow::Cow;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use vouchsafe_base::WorkspacePath;

use super::change::Change;
use super::plan::{Found, Lacking, ShadowError, ShadowPlan, Swept};
use crate::sandbox::{Enforced, Inside, Tier};

/// The private copy of a workspace in which one task works. Cannot be made on this system.
#[derive(Debug)]
pub struct Shadow(Infallible);

#[expect(clippy::missing_errors_doc, reason = "none of these can be called: no value exists")]
impl Shadow {
    /// Cannot be called: there is no [`Enforced`] here.
    pub fn make(enforced: &Enforced, _plan: ShadowPlan) -> Result<Self, ShadowError> {
        enforced.absurd()
    }

    /// How strongly what works in it will be confined.
    #[must_use]
    pub fn tier(&self) -> Tier {
        match self.0 {}
    }

    /// One sentence why it is not in the stronger tier.
    #[must_use]
    pub fn why_not_namespaces(&self) -> Option<&str> {
        match self.0 {}
    }

    /// The workspace, canonical.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        match self.0 {}
    }

    /// The path under which commands see the workspace.
    #[must_use]
    pub fn seen_root(&self) -> &Path {
        match self.0 {}
    }

    /// What the workspace has and the copy has not.
    #[must_use]
    pub fn lacks(&self) -> &[Lacking] {
        match self.0 {}
    }

    /// Everything that differs from the base now.
    pub fn changes(&self) -> Result<Vec<Change>, ShadowError> {
        match self.0 {}
    }

    /// How many ignored files the task has written.
    pub fn ignored_written(&self) -> Result<u64, ShadowError> {
        match self.0 {}
    }

    /// The copy's bytes now.
    pub fn read(&self, _path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        match self.0 {}
    }

    /// What stands at a path now.
    pub fn find(&self, _path: &WorkspacePath) -> Result<Option<Found>, ShadowError> {
        match self.0 {}
    }

    /// What the task saw at its start.
    pub fn base(&self, _path: &WorkspacePath) -> Result<Option<Vec<u8>>, ShadowError> {
        match self.0 {}
    }

    /// Output with the copy's path replaced by the workspace's.
    #[must_use]
    pub fn map_back<'o>(&self, _output: &'o [u8]) -> Cow<'o, [u8]> {
        match self.0 {}
    }

    /// Removes it now.
    pub fn drop_now(self) -> Result<(), ShadowError> {
        match self.0 {}
    }

    /// Nothing is ever left on this system.
    pub fn sweep(_cache: &Path) -> Result<Swept, ShadowError> {
        Ok(Swept::default())
    }

    pub(crate) fn home(&self) -> &Path {
        match self.0 {}
    }

    pub(crate) fn temporary(&self) -> &Path {
        match self.0 {}
    }

    pub(crate) fn reads(&self) -> &[PathBuf] {
        match self.0 {}
    }

    pub(crate) fn measured(&self) -> Vec<PathBuf> {
        match self.0 {}
    }

    pub(crate) fn inside(&self, _home: Option<PathBuf>) -> Option<Inside> {
        match self.0 {}
    }

    pub(crate) fn base_size(&self) -> (u64, u64) {
        match self.0 {}
    }
}
