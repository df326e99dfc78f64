//! `vouchsafe exec`: one command in a confined copy of this project.

use std::collections::BTreeMap;

use vouchsafe_confine::Program;

use super::ExecArgs;
use super::exit::{Exit, Failure};
use super::job::Here;
use super::run::{Form, carry_out};
use crate::agent::{CommandLine, Dirs, Job, Services, Work};

pub(super) fn exec(args: &ExecArgs) -> Result<Exit, Failure> {
    let services = Services::new(Dirs::of_process()).map_err(|error| Failure::Refused(error.to_string()))?;
    let here = Here::find(&args.output, &services.dirs)?;
    let words: Vec<_> = args.command.iter().map(|word| word.to_string_lossy()).collect();
    let shown = shlex::try_join(words.iter().map(AsRef::as_ref)).unwrap_or_else(|_| words.join(" "));
    let line = CommandLine {
        program: Program::Argv(args.command.clone()),
        shown: shown.clone(),
        directory: here.directory.clone(),
        stdin: Vec::new(),
    };
    let job = Job {
        kind: "exec",
        title: shown,
        workspace: here.workspace,
        place: None,
        only_its_file: false,
        work: Work::commands(vec![line]),
        unsaved: Vec::new(),
        env: BTreeMap::new(),
        tool_directories: Vec::new(),
        read: args.output.read.clone(),
        config: here.config,
        command_wall: None,
    };
    carry_out(job, &services, &args.output, Form::of(&args.output))
}
