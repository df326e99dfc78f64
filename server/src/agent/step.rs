//! What is kept of a step for hover, messages and lists; the record has the rest.

use std::ops::Range;
use std::time::Duration;

use vouchsafe_evidence::log::{CommandRan, EditOp, Event, Exit, FileEdit, Seq};
use vouchsafe_evidence::record::StepLines;

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
    /// A command as it was recorded, and where it stands in the record.
    #[must_use]
    pub fn recorded(seq: Seq, ran: &CommandRan, lines: Option<&StepLines>) -> Self {
        Self {
            seq: seq.get(),
            shown: ran.command.clone(),
            exit: Some(ran.exit.clone()),
            because: None,
            duration: Duration::from_millis(ran.duration_ms),
            denials: ran.denials.clone(),
            heading: lines.map_or(1, |lines| lines.heading),
            output: lines.and_then(|lines| lines.output.clone()),
        }
    }

    /// A step as it was recorded; `None` for an event that does nothing to files.
    #[must_use]
    pub fn of(seq: Seq, event: &Event, lines: Option<&StepLines>) -> Option<Self> {
        match event {
            Event::Command(ran) => Some(Self::recorded(seq, ran, lines)),
            Event::FileEdit(edit) => Some(Self::edited(seq, edit, lines)),
            _ => None,
        }
    }

    /// An edit as it was recorded, and where it stands in the record.
    pub(super) fn edited(seq: Seq, edit: &FileEdit, lines: Option<&StepLines>) -> Self {
        Self {
            seq: seq.get(),
            shown: edited(edit),
            exit: None,
            because: edit.because.clone(),
            duration: Duration::ZERO,
            denials: Vec::new(),
            heading: lines.map_or(1, |lines| lines.heading),
            output: None,
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

/// What an edit did, as a citation names it.
fn edited(edit: &FileEdit) -> String {
    let path = &edit.path;
    let what = match (edit.op, &edit.to) {
        (EditOp::Create, _) => format!("creation of {path}"),
        (EditOp::Modify, _) | (EditOp::Rename, None) => format!("edit of {path}"),
        (EditOp::Delete, _) => format!("deletion of {path}"),
        (EditOp::Rename, Some(to)) => format!("renaming of {path} to {to}"),
    };
    // What was taken over from an earlier task is nobody's work here; its reason says where it comes from.
    if edit.tool.starts_with("task ") { what } else { format!("{what} by the model") }
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
