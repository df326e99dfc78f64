//! The lines of a document that tasks made, of this session and of earlier ones.
//!
//! Invariants
//! - It says what hover says, and what `vouchsafe blame` says of the same text.
//! - The store is read away from the task that moves messages.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::PathBuf;

use serde_json::{Value, json};
use vouchsafe_evidence::log::{Seq, TaskId};
use vouchsafe_evidence::origin::Blame;
use vouchsafe_evidence::record;
use vouchsafe_evidence::store::Store;

use super::Session;
use super::document::DocumentId;
use super::documents::disk_text;
use super::follow::headings;
use super::listing::{cites, heading};
use super::reviews::Kind;
use super::state::{State, Task};
use crate::agent;
use crate::agent::StepInfo;

/// What made a line: the task, its change if this session knows it, and its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Maker {
    task: u64,
    hunk: Option<u32>,
    steps: Vec<u32>,
}

impl Session {
    /// The lines of a document that accepted changes made, in order, those of one change and the same steps together;
    /// docs/protocol.md has the fields.
    pub async fn blame_listed(&self, id: DocumentId) -> Value {
        let Some(session) = self.itself.upgrade() else { return Value::Array(Vec::new()) };
        let listed = tokio::task::spawn_blocking(move || session.blamed(&id)).await;
        listed.unwrap_or_else(|_| Value::Array(Vec::new()))
    }

    fn blamed(&self, id: &DocumentId) -> Value {
        let (mut makers, text, known) = {
            let state = self.state();
            let text = state.documents.get(id).map(|document| document.text.clone());
            (state.makers(id), text, state.blames.get(id).cloned())
        };
        let store = self.services.to_read_if_begun();
        let remembered = known.or_else(|| {
            let (workspace, path) = self.place_of(id)?;
            let text = text.or_else(|| id.path().and_then(disk_text))?;
            agent::recall(store.as_ref()?, &workspace, &path, &text.to_string()).ok().flatten()
        });
        for (line, maker) in remembered.iter().flat_map(cited) {
            makers.entry(line).or_insert(maker);
        }
        let mut named = Named { store: store.as_deref(), tasks: HashMap::new() };
        let listed = grouped(makers).into_iter().map(|(lines, maker)| {
            let told = self.state().tasks.get(&maker.task).map(|task| of_session(task, &maker));
            let told = told.unwrap_or_else(|| named.of_store(&maker));
            let mut entry = json!({
                "start_line": lines.start,
                "end_line": lines.end,
                "task": maker.task,
                "hunk": maker.hunk,
            });
            if let (Some(entry), Value::Object(told)) = (entry.as_object_mut(), told) {
                entry.extend(told);
            }
            entry
        });
        Value::Array(listed.collect())
    }
}

impl State {
    /// The lines that accepted changes under review made.
    fn makers(&self, id: &DocumentId) -> BTreeMap<u32, Maker> {
        let reviews = self.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let texts = reviews.iter().filter_map(|review| match &review.kind {
            Kind::Text(file) => Some(file),
            Kind::Whole(_) => None,
        });
        let made = texts.flat_map(|file| {
            file.origins().map(|(line, hunk, cites)| {
                let steps = cites.iter().map(|cite| cite.step).collect();
                (line, Maker { task: hunk.task, hunk: Some(hunk.hunk), steps })
            })
        });
        made.collect()
    }
}

/// The lines that are remembered.
fn cited(blame: &Blame) -> impl Iterator<Item = (u32, Maker)> {
    (0..blame.lines()).filter_map(|line| {
        let citation = blame.lookup(line)?;
        let steps = citation.steps.iter().map(|step| step.get()).collect();
        Some((line, Maker { task: citation.task.get(), hunk: None, steps }))
    })
}

/// Consecutive lines with one maker.
fn grouped(makers: BTreeMap<u32, Maker>) -> Vec<(Range<u32>, Maker)> {
    let mut found: Vec<(Range<u32>, Maker)> = Vec::new();
    for (line, maker) in makers {
        match found.last_mut() {
            Some((lines, last)) if lines.end == line && *last == maker => lines.end = line + 1,
            _ => found.push((line..line + 1, maker)),
        }
    }
    found
}

fn of_session(task: &Task, maker: &Maker) -> Value {
    json!({
        "title": task.title,
        "cites": cites(task, &maker.steps),
        "record": task.record,
        "line": heading(task, &maker.steps),
    })
}

/// Tasks of earlier sessions, looked up once each.
struct Named<'a> {
    store: Option<&'a Store>,
    tasks: HashMap<u64, (String, PathBuf, BTreeMap<u32, u32>)>,
}

impl Named<'_> {
    fn of_store(&mut self, maker: &Maker) -> Value {
        let Some(store) = self.store else { return Value::Null };
        let id = TaskId::new(maker.task);
        let (title, page, headings) = self.tasks.entry(maker.task).or_insert_with(|| {
            let page = record::record_path(store.dir(), id);
            let title = store.task(id).map(|task| task.title).unwrap_or_default();
            let headings = headings(&page);
            (title, page, headings)
        });
        let cite = |step: &u32| {
            let line = headings.get(step);
            let recorded = store.event(id, Seq::new(*step)).ok().flatten()?;
            let info = StepInfo::of(Seq::new(*step), &recorded.event, None)?;
            let exit = info.exit.as_ref().map(ToString::to_string);
            Some(json!({ "step": step, "command": info.shown, "exit": exit, "line": line }))
        };
        json!({
            "title": title,
            "cites": maker.steps.iter().filter_map(cite).collect::<Vec<_>>(),
            "record": page,
            "line": maker.steps.iter().find_map(|step| headings.get(step)),
        })
    }
}
