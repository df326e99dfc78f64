//! The configuration: where it comes from, what each source may set, and what is in force.
//!
//! Invariants
//! - A [`Config`] is always whole: what is wrong is a [`Problem`] beside it, never a failure.
//! - A project's file only tightens. What it may do with a key is said where the key is defined, and a key that says
//!   nothing is the user's alone.
//! - Pure except for [`Sources::read`]: the same sources give the same configuration.
//!
//! Absent on purpose
//! - Watching files: the session reads and loads again when something changed, and swaps the whole configuration.

mod built_in_paths;
mod check;
mod define;
mod document;
mod keys;
mod limits;
mod load;
mod models;
mod paths;
mod problem;
mod read;
mod schema;
mod trust;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

pub use keys::{LogLevel, Retention, Reviewing, Verify};
pub use limits::Limits;
pub use load::load;
pub use models::{Models, NoModel};
pub use paths::{GlobError, Hidden, PathRules, Protected, Scope};
pub use problem::{Place, Problem, Severity};
pub use read::{PROJECT_FILE, user_file};
pub use schema::{project_schema, schema};

use crate::model::Endpoint;
use crate::recipe::Recipe;
use crate::task::TaskKind;

/// Where the configuration comes from: the texts, not yet parsed.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The user's file, with its text.
    pub user: Option<(PathBuf, String)>,
    /// What the editor sent (`initializationOptions` or `didChangeConfiguration`), as it is or below `vouchsafe`.
    pub editor: Option<serde_json::Value>,
    /// The file of the project, with its text. It is not trusted.
    pub project: Option<(PathBuf, String)>,
    /// Where the user's file is or would be, for messages.
    pub user_file: Option<PathBuf>,
    /// The user's home directory, for `~/`.
    pub home: Option<PathBuf>,
    /// Files that are there and could not be read.
    pub unreadable: Vec<Problem>,
}

/// The configuration in force, and what was wrong with its sources.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// What was wrong, source by source.
    pub problems: Vec<Problem>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// What a task may use.
    pub limits: Limits,
    /// Files that a task cannot see.
    pub hidden: Hidden,
    /// Files whose changes must be accepted one by one.
    pub protected: Protected,
    /// Files that a task may change.
    pub scope: Scope,
    /// Directories that a task may read besides its copy, the system and the toolchains; absolute.
    pub read_directories: Vec<PathBuf>,
    /// Names of environment variables that a task gets besides the built-in ones.
    pub env_pass: Vec<String>,
    /// Which model does which kind of task.
    pub models: Models,
    /// All recipes, whether or not they can be offered here; each name once.
    pub recipes: Vec<Recipe>,
    /// How long the record is kept.
    pub evidence: Retention,
    /// What *Check it now* runs.
    pub verify: Verify,
    /// Regular expressions of secrets that are not recorded, besides the built-in ones.
    pub redact: Vec<String>,
    /// How changes are reviewed.
    pub review: Reviewing,
    /// What the server logs.
    pub log: LogLevel,
}

impl Default for Config {
    /// What is in force where nobody has configured anything.
    fn default() -> Self {
        load(&Sources::default()).config
    }
}

impl Config {
    /// The model that does tasks of this kind.
    ///
    /// # Errors
    /// When none is configured for it: one sentence that says what to write in which file.
    pub fn model_for(&self, kind: TaskKind) -> Result<Arc<Endpoint>, NoModel> {
        self.models.for_kind(kind)
    }
}

#[cfg(test)]
mod tests;
