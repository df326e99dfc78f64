//! What a call does.

use std::time::Duration;

use vouchsafe_confine::Program;
use vouchsafe_evidence::log::{Ended, Exit, Stop};

use super::super::stepping::Wanted;
use super::super::tools::{Fault, Op};
use super::super::transcript::Transcript;
use super::super::{CommandLine, Report, TaskError};
use super::{Acted, Talk};
use crate::model::ToolCall;

impl Talk<'_, '_> {
    pub(super) fn act(
        &mut self,
        op: Op,
        call: &ToolCall,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Acted, TaskError> {
        match op {
            Op::Read { path, first, last } => {
                report(Report::Acts { shown: &format!("reads {path}") });
                self.read(&path, first, last)
            }
            Op::View { path, first, last } => {
                report(Report::Acts { shown: &format!("reads {path}") });
                match self.world.directory(&path) {
                    Ok(Some(place)) => self.list(place.as_ref()),
                    Ok(None) => self.read(&path, first, last),
                    Err(fault) => Ok(Acted::Failed(fault.to_string())),
                }
            }
            Op::List { path } => {
                let path = path.unwrap_or_default();
                report(Report::Acts {
                    shown: &format!("lists {}", if path.is_empty() { "all files" } else { &path }),
                });
                match self.world.directory(&path) {
                    Ok(Some(place)) => self.list(place.as_ref()),
                    Ok(None) => Ok(Acted::Failed(format!("{path} is a file"))),
                    Err(fault) => Ok(Acted::Failed(fault.to_string())),
                }
            }
            Op::Search { pattern, path, glob, literal } => {
                report(Report::Acts { shown: &format!("searches for {pattern}") });
                self.search(&pattern, path.as_deref(), glob.as_deref(), literal)
            }
            Op::Edit(changes) => self.edit(&changes, call, report),
            Op::Run { line, directory, seconds } => {
                self.run_line(&line, directory.as_deref(), seconds, report)
            }
            Op::Restart => {
                Ok(Acted::Done("Every command has a new shell, so there is nothing to restart.".to_owned()))
            }
            Op::Finish(finish) => Ok(Acted::Finished(finish)),
        }
    }

    fn run_line(
        &mut self,
        line: &str,
        directory: Option<&str>,
        seconds: Option<u32>,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Acted, TaskError> {
        let directory = match directory.map(|path| self.world.directory(path)).transpose() {
            Ok(Some(None)) => return Ok(Acted::Failed("`directory` is a file".to_owned())),
            Ok(directory) => directory.flatten().flatten(),
            Err(fault) => return Ok(Acted::Failed(fault.to_string())),
        };
        let number = self.running.steps.len() + 1;
        report(Report::StepBegins { number, of: None, shown: line });
        let command = CommandLine {
            program: Program::Shell(line.to_owned()),
            shown: line.to_owned(),
            directory,
            stdin: Vec::new(),
        };
        let wanted = Wanted {
            line: &command,
            tracked: self.work.asked.kind.edits(),
            because: self.because.clone(),
            wall: seconds.map(|seconds| Duration::from_secs(seconds.into())),
        };
        let mut transcript = Transcript::default();
        let within = self.within;
        let (step, unreadable) = self.running.run(wanted, &within, &mut |one| {
            if let Report::Output(_, bytes) = &one {
                transcript.take(bytes);
            }
            report(one);
        })?;
        report(Report::StepEnds(&step));
        let failed = step.failed();
        let seq = step.seq;
        let exit = step.exit.clone().unwrap_or(Exit::Code { code: 0 });
        let denials = step.denials.clone();
        self.failing = failed.then(|| format!("step {seq}: `{line}` → {exit}"));
        self.running.steps.push(step);
        if let Some(ended) = unreadable {
            return Ok(Acted::Ended(ended));
        }
        if let Exit::Stopped { by: Stop::Cancelled, .. } = exit {
            return Ok(Acted::Ended(self.stopped().unwrap_or(Ended::Cancelled)));
        }
        self.told(line, seq, &exit, &denials, transcript).map(Acted::Done)
    }

    /// What the model is told of a command.
    fn told(
        &mut self,
        line: &str,
        seq: u32,
        exit: &Exit,
        denials: &[String],
        transcript: Transcript,
    ) -> Result<String, TaskError> {
        let (output, cut) = transcript.shown();
        let output = self.within.shadow.map_back(output.as_bytes()).into_owned();
        let output = String::from_utf8_lossy(&output).into_owned();
        let orders = self.look_for_orders(&format!("the output of `{line}`"), None, &output, 1)?;
        let mut out = format!("Step {seq}: {exit}.");
        for denial in denials {
            out.push_str(&format!("\n{}", self.data.inline(denial)));
        }
        if output.is_empty() {
            out.push_str("\nNo output.");
        } else {
            out.push_str(&format!("\n{}", self.data.block(&format!("output of {line}"), &output)));
        }
        if cut {
            out.push_str("\nThe middle is not shown. Run it again with its output in a file below /tmp, and show parts of that.");
        }
        out.extend(orders.map(|orders| format!("\n{orders}")));
        Ok(out)
    }
}

/// What stands in the way of reading a path, with names that are like it.
pub(super) fn with_names_like(fault: &Fault, path: &str, files: impl Iterator<Item = String>) -> String {
    let Fault::Missing(_) = fault else { return fault.to_string() };
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut near: Vec<(f64, String)> = files
        .map(|file| {
            let other = file.rsplit('/').next().unwrap_or(&file);
            (strsim::jaro_winkler(name, other), file)
        })
        .filter(|(alike, _)| *alike > 0.85)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let near: Vec<String> = near.into_iter().take(5).map(|(_, file)| file).collect();
    if near.is_empty() { fault.to_string() } else { format!("{fault}. Names like it: {}", near.join(", ")) }
}
