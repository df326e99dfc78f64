//! Every key of the configuration, with its default, its bounds and what a project may do with it.
//!
//! Invariants
//! - `x-project` says what a project file may do with a key: `adds` (to a list that forbids or offers), `lowers`
//!   (a limit), `narrows` (the scope), `sets` (a part of its own recipe). A key without it is the user's alone.
//! - The descriptions here are the ones in the schema; `docs/configuration.md` names every key (a test checks).

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::models::ModelKeys;
use crate::recipe::RecipeScope;

/// The configuration of Vouchsafe.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// What a task may use. Reaching a limit ends the command or the task with a result that says so.
    pub(super) limits: Limits,
    /// Files that a task cannot see.
    pub(super) hidden: HiddenKeys,
    /// What a task may read besides its copy of the workspace, the system and the toolchains.
    pub(super) read: ReadKeys,
    /// The environment of what a task runs.
    pub(super) env: EnvKeys,
    /// What a task may change.
    pub(super) scope: ScopeKeys,
    /// Files whose changes must be accepted one by one.
    pub(super) protected: ProtectedKeys,
    /// Which language model does which kind of task, and where it is.
    pub(super) models: ModelKeys,
    /// Commands offered as tasks, by name.
    pub(super) recipes: BTreeMap<String, RecipeKeys>,
    /// How long the record of tasks is kept, and what is left out of it.
    pub(super) evidence: EvidenceKeys,
    /// What *Check it now* runs.
    pub(super) verify: Verify,
    /// How changes are reviewed.
    pub(super) review: Reviewing,
    /// What the server sends to the editor's log.
    pub(super) log: LogLevel,
}

/// Files that a task cannot see.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HiddenKeys {
    /// Globs of files to hide, besides the built-in ones (`.env`, private keys, credentials).
    #[schemars(extend("x-project" = "adds"))]
    pub(super) globs: Vec<String>,
    /// Globs of files that are not hidden although a glob says so.
    pub(super) except: Vec<String>,
}

/// What a task may read besides its copy of the workspace, the system and the toolchains.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReadKeys {
    /// Directories that a task may read: absolute, or beginning with `~/`.
    pub(super) directories: Vec<String>,
}

/// The environment of what a task runs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EnvKeys {
    /// Names of environment variables that a task gets, besides the built-in ones (`PATH`, `LANG` and the like).
    pub(super) pass: Vec<String>,
}

/// What a task may change.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ScopeKeys {
    /// Globs of files that a task may change; a change elsewhere is marked *out of scope*. Empty: all files.
    #[schemars(extend("x-project" = "narrows"))]
    pub(super) paths: Vec<String>,
}

/// Files whose changes must be accepted one by one.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProtectedKeys {
    /// Globs of files to protect, besides the built-in ones.
    #[schemars(extend("x-project" = "adds"))]
    pub(super) globs: Vec<String>,
}

/// A recipe: shell commands that can be started as a task. A key that is not set keeps, for the name of a built-in
/// recipe, what that has.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RecipeKeys {
    /// Whether it is offered. With `false` nothing else is needed.
    #[schemars(extend("x-project" = "sets", "default" = true))]
    pub(super) enabled: Option<bool>,
    /// What the menu shows. Default: *Run NAME*.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) title: Option<String>,
    /// Shell commands, run in order in the workspace root until one fails. `{file}` is the current file, quoted.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) run: Option<Vec<String>>,
    /// Shell commands run afterwards: their results are recorded and told, their changes are not proposed.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) check: Option<Vec<String>>,
    /// Where it is offered.
    pub(super) when: Option<WhenKeys>,
    /// What it may change. Default: `file` if a command has `{file}`, else `workspace`.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) scope: Option<RecipeScope>,
    /// Environment variables set for its commands, by name.
    pub(super) env: Option<BTreeMap<String, String>>,
    /// Seconds one of its commands may take; never more than `limits.command_wall_s`, which is the default.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 86_400))]
    pub(super) timeout_s: Option<u32>,
}

/// Where a recipe is offered. What is not set holds everywhere.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WhenKeys {
    /// Globs of names in the workspace root, one of which must exist.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) files: Vec<String>,
    /// Language ids of the documents it is for (`rust`, `python`), or those of `globs`.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) languages: Vec<String>,
    /// Globs of the documents it is for, or those of `languages`.
    #[schemars(extend("x-project" = "sets"))]
    pub(super) globs: Vec<String>,
}

/// How long the record of tasks is kept, and what is left out of it. The older of two tasks goes first; one still
/// under review stays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EvidenceKeys {
    /// Days for which the record of a task is kept.
    #[schemars(range(min = 1, max = 36_500))]
    pub(super) days: u32,
    /// MiB that the records of all tasks together may take.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub(super) max_mib: u32,
    /// Regular expressions of secrets that are never recorded, besides the known shapes and the environment's secrets.
    pub(super) redact: Vec<String>,
}

impl Default for EvidenceKeys {
    fn default() -> Self {
        Self { days: 90, max_mib: 2_048, redact: Vec::new() }
    }
}

/// What *Check it now* runs, confined, on the final state of a task. Without a command of its own for a claim, the one that
/// the claim rests on is run again, or that of the project's usual tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Verify {
    /// Whether claims about tests and builds that the record does not decide are checked after each task by themselves.
    pub after_task: bool,
    /// Seconds all runs of one check may take together.
    #[schemars(range(min = 1, max = 86_400))]
    pub wall_s: u32,
    /// The shell command that runs all tests of the project.
    pub tests: Option<String>,
    /// The shell command that builds the project.
    pub build: Option<String>,
    /// The shell command that runs the project's linters.
    pub lint: Option<String>,
}

impl Default for Verify {
    fn default() -> Self {
        Self { after_task: false, wall_s: 600, tests: None, build: None, lint: None }
    }
}

/// How long the record of tasks is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days for which the record of a task is kept.
    pub days: u32,
    /// MiB that the records of all tasks together may take.
    pub max_mib: u32,
}

/// How changes are reviewed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reviewing {
    /// Whether accepting several changes at once opens the editor's own preview, where it has one that asks before it
    /// edits.
    pub preview: bool,
}

/// What the server sends to the editor's log (`window/logMessage`), each level with those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong.
    Error,
    /// What may be wrong.
    #[default]
    Warn,
    /// When a task begins and ends.
    Info,
    /// Each step of a task too.
    Debug,
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        })
    }
}
