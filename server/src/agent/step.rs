//! What is kept of a step for hover, messages and lists; the record has the rest.

use std::ops::Range;
use std::time::Duration;

use vouchsafe_evidence::log::{CommandRan, Exit, Seq};
use vouchsafe_evidence::record::StepLines;

/// One command of a task.
#[derive(Debug, Clone)]
pub struct StepInfo {
    /// Its number in the record.
    pub seq: u32,
    /// The command as the user knows it.
    pub shown: String,
    /// How it ended.
    pub exit: Exit,
    /// Wall time.
    pub duration: Duration,
    /// What the sandbox denied it, one sentence each.
    pub denials: Vec<String>,
    /// One-based line of its heading in the record.
    pub heading: u32,
    /// One-based lines of its output in the record.
    pub output: Option<Range<u32>>,
}

impl StepInfo {
    /// A command as it was recorded, and where it stands in the record.
    #[must_use]
    pub fn recorded(seq: Seq, ran: &CommandRan, lines: Option<&StepLines>) -> Self {
        Self {
            seq: seq.get(),
            shown: ran.command.clone(),
            exit: ran.exit.clone(),
            duration: Duration::from_millis(ran.duration_ms),
            denials: ran.denials.clone(),
            heading: lines.map_or(1, |lines| lines.heading),
            output: lines.and_then(|lines| lines.output.clone()),
        }
    }

    /// `` `cargo fmt` → exit code 0 in 0.3 s``
    #[must_use]
    pub fn summary(&self) -> String {
        format!("`{}` → {} in {:.1} s", self.shown, self.exit, self.duration.as_secs_f64())
    }
}
