//! What a task without a model runs: named shell commands, built in or from the configuration.
//!
//! Invariants
//! - Nothing here starts a process: a recipe is expanded into shell lines, which only the sandbox runs.
//! - A file name reaches a shell line only quoted; a line that puts `{file}` inside quotes does not parse.
//! - What is asked on every code action ([`applicable`]) reads only [`RootFacts`] and cached look-ups.
//!
//! Absent on purpose
//! - Trust: who may define which recipe is decided by `config`, the only maker of project recipes.

mod applicable;
mod built_in;
mod command;
mod facts;
mod tools;
mod when;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use vouchsafe_base::WorkspacePath;

pub(crate) use applicable::nearest;
pub use applicable::{applicable, find};
pub use built_in::built_in;
pub use command::{CommandError, RecipeCommand};
pub use facts::RootFacts;
pub use tools::{ToolPlaces, Tools};
pub use when::{Marker, When, WhenError};

/// Commands a user can start as a task. The name is unique among the recipes of a workspace.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// What it is called in the configuration and on the command line (`recipe:NAME`).
    pub name: String,
    /// What a menu shows, as an order: *Format this file with ruff*.
    pub title: String,
    /// What is run, in order; the first that fails ends the recipe.
    pub run: Vec<RecipeCommand>,
    /// Commands run afterwards; their results are recorded and told, their changes are not proposed.
    pub check: Vec<RecipeCommand>,
    /// Where it is offered.
    pub when: When,
    /// What it is about to change; anything else it changes is out of scope.
    pub scope: RecipeScope,
    /// Environment variables set for its commands.
    pub env: BTreeMap<String, String>,
    /// Seconds one of its commands may take; `None` for the limit of every command.
    pub timeout_s: Option<u32>,
    /// Programs without which it is not offered. Empty unless built in.
    pub tools: Vec<String>,
    /// Who defined it.
    pub source: RecipeSource,
}

/// What a recipe is about to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecipeScope {
    /// Only the file it was started on.
    File,
    /// Any file of the workspace.
    Workspace,
}

/// Who defined a recipe. Ordered by how little it is to be trusted: later ones are shown as what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipeSource {
    /// The user, in the user file or the editor's settings.
    User,
    /// This program.
    BuiltIn,
    /// A file in the workspace.
    Project,
}

impl fmt::Display for RecipeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::BuiltIn => "built-in",
            Self::Project => "project",
        })
    }
}

/// Why a recipe cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// No recipe has this name.
    #[error("there is no recipe `{name}`{}", nearest.as_ref().map(|near| format!(": did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// What was asked for.
        name: String,
        /// The recipe whose name is closest, if any is close.
        nearest: Option<String>,
    },
    /// A command has `{file}` and no file was given.
    #[error("recipe `{0}` works on one file: name the file it should work on")]
    NeedsFile(String),
    /// The name of the file cannot be written in a command.
    #[error("recipe `{recipe}` cannot name the file {file} in a command: its name is not UTF-8")]
    FileName {
        /// The recipe.
        recipe: String,
        /// The file, quoted.
        file: String,
    },
    /// The program a command begins with is not there.
    #[error(
        "recipe `{recipe}` needs `{tool}`, which was found neither in the project's own tool directories nor in PATH: install it"
    )]
    ToolMissing {
        /// The recipe.
        recipe: String,
        /// The program.
        tool: String,
    },
}

impl Recipe {
    /// The title with its origin where that matters: a project's recipe says so.
    #[must_use]
    pub fn label(&self) -> String {
        match self.source {
            RecipeSource::Project => format!("{} (recipe of this project)", self.title),
            RecipeSource::User | RecipeSource::BuiltIn => self.title.clone(),
        }
    }

    /// Whether it can only be started on a file.
    #[must_use]
    pub fn needs_file(&self) -> bool {
        self.scope == RecipeScope::File || self.run.iter().chain(&self.check).any(RecipeCommand::names_file)
    }

    /// The shell lines to run, for `/bin/sh -c` in the root of the workspace.
    ///
    /// # Errors
    /// [`RecipeError::NeedsFile`] when a line has `{file}` and `file` is `None`; [`RecipeError::FileName`]
    /// when the file's name is not UTF-8.
    pub fn commands(&self, file: Option<&WorkspacePath>) -> Result<Vec<String>, RecipeError> {
        self.expand(&self.run, file)
    }

    /// The shell lines of the checks, run after the others.
    ///
    /// # Errors
    /// As [`Self::commands`].
    pub fn checks(&self, file: Option<&WorkspacePath>) -> Result<Vec<String>, RecipeError> {
        self.expand(&self.check, file)
    }

    /// Whether the programs it begins with are there; to be asked before a task starts.
    ///
    /// # Errors
    /// [`RecipeError::ToolMissing`] for the first that is not.
    pub fn ready(&self, tools: &Tools) -> Result<(), RecipeError> {
        let named = self.tools.iter().map(String::as_str);
        let begun = self.run.iter().filter_map(RecipeCommand::program);
        match named.chain(begun).find(|tool| tools.find(tool).is_none()) {
            Some(tool) => Err(RecipeError::ToolMissing { recipe: self.name.clone(), tool: tool.to_owned() }),
            None => Ok(()),
        }
    }

    fn expand(
        &self,
        lines: &[RecipeCommand],
        file: Option<&WorkspacePath>,
    ) -> Result<Vec<String>, RecipeError> {
        lines
            .iter()
            .map(|line| {
                line.expand(file).map_err(|error| match error {
                    command::ExpandError::NoFile => RecipeError::NeedsFile(self.name.clone()),
                    command::ExpandError::NotUtf8 => RecipeError::FileName {
                        recipe: self.name.clone(),
                        file: file.map(ToString::to_string).unwrap_or_default(),
                    },
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
