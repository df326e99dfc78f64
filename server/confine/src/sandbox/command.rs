//! What a task wants to run.

use std::ffi::OsString;

use vouchsafe_base::WorkspacePath;

/// The program of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// A program, looked for in the task's `PATH` unless it holds a slash, and its arguments.
    Argv(Vec<OsString>),
    /// A text for `bash -c` where bash is installed, else `/bin/sh -c`.
    Shell(String),
}

/// One command of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What to run.
    pub program: Program,
    /// Where, inside the shadow; `None` is the workspace root.
    pub directory: Option<WorkspacePath>,
    /// Set on top of the task's environment.
    pub env: Vec<(OsString, OsString)>,
    /// The whole standard input; empty means `/dev/null`.
    pub stdin: Vec<u8>,
}

impl Command {
    /// A program and its arguments, in the workspace root, without input.
    pub fn argv<S: Into<OsString>>(argv: impl IntoIterator<Item = S>) -> Self {
        Self::new(Program::Argv(argv.into_iter().map(Into::into).collect()))
    }

    /// A shell text, in the workspace root, without input.
    pub fn shell(text: impl Into<String>) -> Self {
        Self::new(Program::Shell(text.into()))
    }

    fn new(program: Program) -> Self {
        Self { program, directory: None, env: Vec::new(), stdin: Vec::new() }
    }
}
