//! Agent Trace 0.1 (agent-trace.dev): which lines of which file come from which conversation.
//!
//! Invariants
//! - One record per task: one line of JSONL, when written with `to_string`.
//! - Lines that cite the same steps are one conversation; its `related` links lead to those steps in the record.
//!
//! Absent on purpose
//! - `ai` as the contributor of a recipe: no model was asked, so the origin is `unknown` to this format.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};
use vouchsafe_base::{Digest, WorkspacePath};

use super::Exported;
use crate::log::{Event, Seq, TaskId};
use crate::origin::{Blame, Origins};

/// The version of the specification, as its text and examples give it.
pub const AGENT_TRACE_VERSION: &str = "0.1.0";
/// Under this key the metadata holds what is ours.
const METADATA: &str = "dev.vouchsafe";

/// A file with the lines that the task made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedFile {
    path: WorkspacePath,
    /// Lines, counted from 0, with their steps.
    ranges: Vec<(Range<u32>, Vec<Seq>)>,
    lines: Vec<String>,
}

/// The revision to which line numbers refer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// `git`, `jj`, `hg` or `svn`.
    pub vcs: String,
    /// Its name there.
    pub revision: String,
}

impl TracedFile {
    /// A proposed file: `text` is the proposed text, which `origins` describe.
    #[must_use]
    pub fn proposed(path: WorkspacePath, text: &str, origins: &Origins) -> Self {
        Self::new(path, text, origins.runs().map(|(len, steps)| (len, steps.to_vec())))
    }

    /// A file of the workspace: `text` is its present text, which `blame` describes. Lines of other tasks are left out.
    #[must_use]
    pub fn accepted(path: WorkspacePath, text: &str, blame: &Blame, task: TaskId) -> Self {
        let of_task = blame.runs().map(|(len, citation)| {
            let citation = citation.filter(|citation| citation.task == task);
            (len, citation.map(|citation| citation.steps.clone()).unwrap_or_default())
        });
        Self::new(path, text, of_task)
    }

    fn new(path: WorkspacePath, text: &str, runs: impl Iterator<Item = (u32, Vec<Seq>)>) -> Self {
        let mut at = 0;
        let mut ranges = Vec::new();
        for (len, steps) in runs {
            if !steps.is_empty() {
                ranges.push((at..at + len, steps));
            }
            at += len;
        }
        Self { path, ranges, lines: crate::lines(text).map(str::to_owned).collect() }
    }

    fn content_hash(&self, range: &Range<u32>) -> String {
        let lines = self.lines.get(range.start as usize..range.end as usize).unwrap_or_default();
        format!("blake3:{}", Digest::of(lines.concat().as_bytes()))
    }
}

/// The trace record of a task. Files without a line of the task's are left out.
#[must_use]
pub fn agent_trace(exported: &Exported<'_>, files: &[TracedFile], revision: Option<&Revision>) -> Value {
    let last = exported.events.last();
    let at = last.map_or(exported.task.started, |recorded| recorded.at);
    let files: Vec<Value> =
        files.iter().filter(|file| !file.ranges.is_empty()).map(|file| traced(exported, file)).collect();
    let mut record = json!({
        "version": AGENT_TRACE_VERSION,
        "id": uuid(exported, &files),
        "timestamp": format!("{at:.3}"),
    });
    if let (Some(fields), Some(revision)) = (record.as_object_mut(), revision) {
        fields.insert("vcs".into(), json!({"type": revision.vcs, "revision": revision.revision}));
    }
    if let Some(fields) = record.as_object_mut() {
        fields.insert("tool".into(), json!({"name": "vouchsafe", "version": env!("CARGO_PKG_VERSION")}));
        fields.insert("files".into(), Value::Array(files));
        fields.insert("metadata".into(), json!({METADATA: metadata(exported)}));
    }
    record
}

fn traced(exported: &Exported<'_>, file: &TracedFile) -> Value {
    let mut by_steps: BTreeMap<&[Seq], Vec<&Range<u32>>> = BTreeMap::new();
    for (range, steps) in &file.ranges {
        by_steps.entry(steps).or_default().push(range);
    }
    let conversations = by_steps.into_iter().map(|(steps, ranges)| {
        let ranges: Vec<Value> = ranges
            .into_iter()
            .map(|range| json!({"start_line": range.start + 1, "end_line": range.end, "content_hash": file.content_hash(range)}))
            .collect();
        let related: Vec<Value> = steps.iter().filter_map(|step| related(exported, *step)).collect();
        json!({
            "url": exported.link(None),
            "contributor": contributor(exported),
            "ranges": ranges,
            "related": related,
        })
    });
    json!({"path": file.path, "conversations": conversations.collect::<Vec<_>>()})
}

fn contributor(exported: &Exported<'_>) -> Value {
    match exported.model() {
        Some(model) => json!({"type": "ai", "model_id": model.chars().take(250).collect::<String>()}),
        None => json!({"type": "unknown"}),
    }
}

fn related(exported: &Exported<'_>, step: Seq) -> Option<Value> {
    let event = exported.event(step)?;
    Some(json!({"type": event.kind(), "url": exported.link(Some(step))}))
}

fn metadata(exported: &Exported<'_>) -> Value {
    let claims = exported.events.iter().filter_map(|recorded| match &recorded.event {
        Event::Claim(claim) => {
            Some(json!({"quote": claim.quote, "verdict": claim.verdict, "code": claim.code}))
        }
        _ => None,
    });
    json!({
        "task": exported.task.id,
        "kind": exported.task.kind,
        "outcome": exported.task.outcome,
        "record_digest": exported.events.last().map(|recorded| recorded.digest),
        "claims": claims.collect::<Vec<_>>(),
    })
}

/// A version 8 UUID (RFC 9562) from the end of the chain and the lines, so that the same record has the same name.
fn uuid(exported: &Exported<'_>, files: &[Value]) -> String {
    let chain = exported.events.last().map(|recorded| recorded.digest.to_string()).unwrap_or_default();
    let files: String = files.iter().map(Value::to_string).collect();
    let digest = Digest::of(format!("{chain}{files}").as_bytes()).to_string();
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}
