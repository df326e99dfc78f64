//! What a task is given: its work, the texts the user sees, and the rules in force.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Program;
use vouchsafe_evidence::log::TaskId;

use super::{CheckWork, Model, Steering};
use crate::config::Config;
use crate::task::{Asked, TaskKind};

/// A task, complete: nothing else is asked while it runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// The kind of task as the record has it: `recipe`, `exec`, or the name of a [`crate::task::TaskKind`].
    pub kind: &'static str,
    /// One line for people.
    pub title: String,
    /// The workspace folder, absolute and without symbolic links.
    pub workspace: PathBuf,
    /// The file and zero-based line it was asked at.
    pub place: Option<(WorkspacePath, u32)>,
    /// Whether it was asked to change that file and no other.
    pub only_its_file: bool,
    /// What is to be done.
    pub work: Work,
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

/// What carries a task out, and what it is given for that.
#[derive(Debug, Clone)]
pub enum Work {
    /// Commands, known beforehand.
    Commands {
        /// The recipe's name, if it is one.
        recipe: Option<String>,
        /// Run in order; the first that fails is the last.
        commands: Vec<CommandLine>,
        /// Run after them, whatever they say; their changes are not proposed.
        checks: Vec<CommandLine>,
    },
    /// A language model with tools.
    Model(Box<ModelWork>),
    /// Runs that decide a claim of another task.
    Check(Box<CheckWork>),
}

/// A task for a model.
#[derive(Debug, Clone)]
pub struct ModelWork {
    /// What was asked, and where.
    pub asked: Asked,
    /// Whom to ask.
    pub model: Arc<dyn Model>,
    /// What the user says while it runs.
    pub steering: Steering,
    /// The finished task that this one goes on from.
    pub follows: Option<Followed>,
}

/// A finished task that another one goes on from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The task. What was asked and said in it is read from the record.
    pub task: TaskId,
    /// The files of its proposal as they would be if all that is still open were accepted; `None`: deleted. They are
    /// written to the new task's copy as its first step, so that the new proposal holds them too.
    pub files: Vec<(WorkspacePath, Option<Vec<u8>>)>,
}

impl Work {
    /// Commands that are no recipe.
    #[must_use]
    pub fn commands(commands: Vec<CommandLine>) -> Self {
        Self::Commands { recipe: None, commands, checks: Vec::new() }
    }

    /// Whether it is there to change files.
    #[must_use]
    pub fn edits(&self) -> bool {
        match self {
            Self::Commands { .. } | Self::Check(_) => true,
            Self::Model(work) => work.asked.kind.edits(),
        }
    }

    /// How many commands are known beforehand.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Commands { commands, checks, .. } => commands.len() + checks.len(),
            Self::Model(_) => 0,
            Self::Check(work) => work.states().len(),
        }
    }
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
        // What a user selected is what the task is about; tests have files of their own.
        let selected = match &self.work {
            Work::Model(work) if work.asked.kind != TaskKind::Test => {
                work.asked.place.as_ref().filter(|place| place.selected).map(|place| &place.path)
            }
            _ => None,
        };
        let only = self.place.as_ref().filter(|_| self.only_its_file).map(|(file, _)| file).or(selected);
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
