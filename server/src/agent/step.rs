//! What is kept of a step for hover, messages and lists; the record has the rest.

use std::ops::Range;
use std::time::Duration;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::{EditOp, Event, Exit};
use vouchsafe_evidence::record::StepLines;
use vouchsafe_evidence::store::Recorded;

/// One step of a task that did something: a command, or an edit by a tool of the model's.
#[derive(Debug, Clone)]
pub struct StepInfo {
    /// Its number in the record.
    pub seq: u32,
    /// The command as the user knows it, or what was edited: `edit of src/a.rs`.
    pub shown: String,
    /// How the command ended; `None` for an edit.
    pub exit: Option<Exit>,
    /// Why, in the agent's words; `None` when the title says it.
    pub because: Option<String>,
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
    /// A command or an edit as it was recorded, and where it stands in the record; `None` for any other event.
    #[must_use]
    pub fn recorded(recorded: &Recorded, lines: Option<&StepLines>) -> Option<Self> {
        let plain = |shown: String| Self {
            seq: recorded.seq.get(),
            shown,
            exit: None,
            because: None,
            duration: Duration::ZERO,
            denials: Vec::new(),
            heading: lines.map_or(1, |lines| lines.heading),
            output: lines.and_then(|lines| lines.output.clone()),
        };
        match &recorded.event {
            Event::Command(ran) => Some(Self {
                exit: Some(ran.exit.clone()),
                // What a recipe runs is said by its title wherever the step is shown.
                because: ran
                    .because
                    .clone()
                    .filter(|why| !why.starts_with("recipe ") && !why.starts_with("check of ")),
                duration: Duration::from_millis(ran.duration_ms),
                denials: ran.denials.clone(),
                ..plain(ran.command.clone())
            }),
            Event::FileEdit(edit) => Some(Self {
                because: edit.because.clone(),
                ..plain(edited(edit.op, &edit.path, edit.to.as_ref()))
            }),
            _ => None,
        }
    }

    /// `` `cargo fmt` → exit code 0 in 0.3 s``, or `edit of src/a.rs, because it divides by zero`
    #[must_use]
    pub fn summary(&self) -> String {
        let because =
            self.because.as_deref().map(|why| format!(", because: {}", brief(why))).unwrap_or_default();
        match &self.exit {
            Some(exit) => {
                format!("`{}` → {exit} in {:.1} s{because}", self.shown, self.duration.as_secs_f64())
            }
            None => format!("{}{because}", self.shown),
        }
    }

    /// `cargo fmt → exit code 0`, or `edit of src/a.rs`
    #[must_use]
    pub fn cited(&self) -> String {
        match &self.exit {
            Some(exit) => format!("{} → {exit}", self.shown),
            None => self.shown.clone(),
        }
    }

    /// Whether it is a command that did not end with exit code 0.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.exit.as_ref().is_some_and(|exit| !exit.is_success())
    }
}

/// What was done, as a citation names it.
pub(super) fn edited(op: EditOp, path: &WorkspacePath, to: Option<&WorkspacePath>) -> String {
    match (op, to) {
        (EditOp::Create, _) => format!("creation of {path} by the model"),
        (EditOp::Modify, _) => format!("edit of {path} by the model"),
        (EditOp::Delete, _) => format!("deletion of {path} by the model"),
        (EditOp::Rename, to) => {
            format!("renaming of {path} to {} by the model", to.map_or_else(String::new, ToString::to_string))
        }
    }
}

/// The first sentence or line of a reason, at most so long that it fits beside other words.
fn brief(why: &str) -> String {
    const CHARS_MAX: usize = 160;
    let line = why.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
