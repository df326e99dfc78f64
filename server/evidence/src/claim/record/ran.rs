//! One invocation of a program with what the log says about its end.

use crate::claim::case::Command;
use crate::claim::runner::plain;
use crate::claim::shell::{Invocation, Status, Tool, tool};

/// One invocation.
#[derive(Debug)]
pub struct Ran<'a> {
    /// Position of the shell line in the log.
    pub seq: u64,
    /// The shell line.
    pub command: &'a Command,
    /// The program with its arguments.
    pub invocation: Invocation,
    /// What kind of program it is.
    pub tool: Tool,
    /// The state of the files it saw last.
    pub version: usize,
    /// Output of the whole line without escapes.
    pub output: String,
}

impl<'a> Ran<'a> {
    pub(super) fn new(command: &'a Command, invocation: Invocation, version: usize) -> Self {
        let tool = tool(&invocation.words);
        Self { seq: command.seq, command, tool, invocation, version, output: plain(&command.output()) }
    }

    /// Whether it succeeded, if its own status is known.
    #[must_use]
    pub fn succeeded(&self) -> Option<bool> {
        let exit = self.command.exit_code?;
        let fell_back =
            self.invocation.otherwise.as_ref().map(|words| self.command.stdout.contains(words.as_str()));
        if let (Status::Masked | Status::WhenZero, Some(code)) = (self.invocation.status, self.echoed()) {
            return Some(code == 0);
        }
        match (self.invocation.status, fell_back) {
            (_, Some(failed)) => Some(!failed),
            (Status::Own, _) => Some(exit == 0),
            (Status::WhenZero, _) if exit == 0 => Some(true),
            (Status::WhenZero | Status::Masked, _) => None,
        }
    }

    /// The status that an `echo … $?` right after the program printed.
    fn echoed(&self) -> Option<i32> {
        let line = &self.command.cmd;
        let at = line.find("$?")?;
        let head = line.get(..at)?;
        let echo = head.rfind("echo ")?;
        let before = head.get(..echo)?.trim_end().trim_end_matches(';').trim_end();
        let own = before.ends_with(self.invocation.words.last()?.as_str()) || before.ends_with("&1");
        let text = head.get(echo + 5..)?.trim_matches(['"', '\'']);
        let rest = self.command.stdout.get(self.command.stdout.rfind(text)? + text.len()..)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|_| own && line.matches("$?").count() == 1 && !text.is_empty())
    }

    /// Whether the program was there at all.
    #[must_use]
    pub fn started(&self) -> bool {
        let name = self.program();
        let missing = |line: &str| {
            let denied = line.contains("command not found")
                || line.contains(": not found")
                || line.contains("No module named") && !line.contains('.');
            denied && line.contains(name)
        };
        !(matches!(self.command.exit_code, Some(126 | 127)) && self.invocation.status == Status::Own
            || self.output.lines().take(400).any(missing))
    }

    /// The program's name without its directory.
    #[must_use]
    pub fn program(&self) -> &str {
        let first = self.invocation.words.first().map_or("", String::as_str);
        first.rsplit('/').next().unwrap_or(first)
    }

    /// The words after the program.
    #[must_use]
    pub fn args(&self) -> Vec<&str> {
        self.invocation.words.iter().skip(1).map(String::as_str).collect()
    }

    /// Directory relative to the workspace; empty is its root.
    #[must_use]
    pub fn dir(&self) -> String {
        let base = self.command.cwd.trim_start_matches("./").trim_matches('/');
        let base = if base == "." || base == "w" || base.starts_with("w/") {
            base.trim_start_matches(['.', 'w']).trim_matches('/')
        } else {
            base
        };
        [base, self.invocation.dir.as_str()]
            .iter()
            .filter(|p| !p.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("/")
    }

    /// Whether it has no usable end: time limit, signal.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        self.command.timed_out || self.command.exit_code.is_none() || self.command.exit_code == Some(124)
    }
}
