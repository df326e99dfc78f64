//! What a task is given: commands, the texts the user sees, and the rules in force.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Program;

use crate::config::Config;

/// A task without a model, complete: nothing else is asked while it runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// The kind of task as the record has it: `recipe`, `exec`.
    pub kind: &'static str,
    /// One line for people.
    pub title: String,
    /// The recipe's name, if it is one.
    pub recipe: Option<String>,
    /// The workspace folder, absolute and without symbolic links.
    pub workspace: PathBuf,
    /// The file and zero-based line it was asked at.
    pub place: Option<(WorkspacePath, u32)>,
    /// Whether it was asked to change that file and no other.
    pub only_its_file: bool,
    /// Run in order; the first that fails is the last.
    pub commands: Vec<CommandLine>,
    /// Run after them, whatever they say; their changes are not proposed.
    pub checks: Vec<CommandLine>,
    /// Texts that editors show and the disk does not have yet.
    pub unsaved: Vec<(WorkspacePath, Vec<u8>)>,
    /// Environment variables set for every command.
    pub env: BTreeMap<String, String>,
    /// Directories of the workspace with the project's own tools, to come first in `PATH`.
    pub tool_directories: Vec<WorkspacePath>,
    /// Directories readable besides the usual ones, for this task alone.
    pub read: Vec<PathBuf>,
    /// The configuration in force.
    pub config: Arc<Config>,
    /// Wall time of one command, when it differs from the configuration's.
    pub command_wall: Option<Duration>,
}

impl Job {
    /// Why a change of this path is never accepted together with others; `None` when it may be.
    #[must_use]
    pub fn restriction(&self, path: &WorkspacePath) -> Option<String> {
        if let Some(glob) = self.config.protected.rule(path) {
            return Some(format!("{path} is protected ({glob}), because it can run later by itself"));
        }
        if !self.config.scope.allows(path) {
            return Some(format!("{path} is outside of the configured scope"));
        }
        let only = self.place.as_ref().filter(|_| self.only_its_file).map(|(file, _)| file);
        only.filter(|file| *file != path).map(|file| format!("the task was asked to change {file} only"))
    }
}

/// A command and how it is shown.
#[derive(Debug, Clone)]
pub struct CommandLine {
    /// What is run.
    pub program: Program,
    /// What the user sees.
    pub shown: String,
    /// Where, below the workspace; `None` for its root.
    pub directory: Option<WorkspacePath>,
    /// Its standard input.
    pub stdin: Vec<u8>,
}

impl CommandLine {
    /// A shell line, run in the root of the workspace with nothing to read.
    #[must_use]
    pub fn shell(line: String) -> Self {
        Self { program: Program::Shell(line.clone()), shown: line, directory: None, stdin: Vec::new() }
    }
}
