//! The record in forms that others read: Agent Trace, SARIF, a commit trailer, JSON. Markdown is [`crate::record`].
//!
//! Invariants
//! - An export says nothing that the record does not; what a format cannot say is left out, not bent.
//! - The same record gives the same bytes.
//!
//! Absent on purpose
//! - Writing commits or git notes: the user commits, and tools that own notes also own their rewriting.

mod json;
mod sarif;
mod trace;
mod trailer;
mod uri;

use std::path::Path;

pub use json::{JSON_VERSION, json};
pub use sarif::sarif;
pub use trace::{AGENT_TRACE_VERSION, Revision, TracedFile, agent_trace};
pub use trailer::trailer;
pub use uri::relative as relative_uri;

use crate::log::{Event, Seq};
use crate::record::Record;
use crate::store::{Recorded, TaskSummary};

/// A task and its record, ready to be exported.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'a> {
    /// The task.
    pub task: &'a TaskSummary,
    /// All its events.
    pub events: &'a [Recorded],
    /// Its rendered record.
    pub record: &'a Record,
    /// Where the record lies; links lead there.
    pub record_path: &'a Path,
}

impl Exported<'_> {
    /// The address of the record, or of the place in it where a step stands.
    fn link(&self, step: Option<Seq>) -> String {
        let file = uri::file(self.record_path);
        let line = step.and_then(|step| self.record.lines.get(&step)).map(|lines| lines.heading);
        line.map_or(file.clone(), |line| format!("{file}#L{line}"))
    }

    fn event(&self, step: Seq) -> Option<&Event> {
        self.events.iter().find(|recorded| recorded.seq == step).map(|recorded| &recorded.event)
    }

    /// The model that worked on the task last; `None` for a recipe.
    fn model(&self) -> Option<&str> {
        model(self.events)
    }
}

fn model(events: &[Recorded]) -> Option<&str> {
    events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::ModelTurn(turn) => Some(turn.model.as_str()),
        _ => None,
    })
}
