//! The claims of a recorded task: from the events of the log and the texts it left to events that say how each claim
//! fared.
//!
//! Invariants
//! - Only what the log and the texts say goes in; what the agent thought or said on the way is no evidence.
//! - Of a task without texts of the whole workspace nothing is concluded from absence.

mod because;
mod subject;

use std::collections::BTreeMap;

use similar::TextDiff;
use vouchsafe_base::{Digest, WorkspacePath};

use super::case::{self, Case, ChangedFile, Files, Workspace};
use super::facts::Facts;
use super::judge::{Change, Tampering, tampering};
use super::{Claim, check};
use crate::log::{
    ClaimChecked, CommandRan, EditOp, Event, Exit, FileEdit, LineSpan, Search, Seq, Stop, Verdict,
};
use crate::store::Recorded;

pub use super::source::is_test_file;
pub use because::sentence;

/// Of one stream so many bytes are read, from its start and its end: a summary stands at an end.
const OUTPUT_BYTES_MAX: usize = 16 << 20;

/// The texts around a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Files that the task changed.
    pub changed: Vec<ChangedText>,
    /// Other files, as they are.
    pub others: BTreeMap<WorkspacePath, String>,
    /// Whether these are all files of the workspace.
    pub complete: bool,
}

/// A file that a task changed; what is no text is `None` like what does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedText {
    /// Where it is now, or was when it was deleted.
    pub path: WorkspacePath,
    /// Its old name, if it was renamed.
    pub renamed_from: Option<WorkspacePath>,
    /// Whether it exists before and after.
    pub exists: [bool; 2],
    /// Its text before and after.
    pub texts: [Option<String>; 2],
}

/// Checks what an agent said at the end of a task.
#[must_use]
pub fn claims(
    events: &[Recorded],
    texts: &Texts,
    message: &str,
    outputs: &dyn Fn(Digest) -> Option<Vec<u8>>,
) -> Vec<ClaimChecked> {
    let case = case(events, texts, message, outputs);
    let points: Vec<char> = message.chars().collect();
    check(&case).into_iter().map(|claim| checked(&case, &claim, &points)).collect()
}

fn checked(case: &Case, claim: &Claim, points: &[char]) -> ClaimChecked {
    let quote: String = points.get(claim.start..claim.end).unwrap_or_default().iter().collect();
    ClaimChecked {
        kind: word(&claim.kind),
        code: word(&claim.code),
        verdict: match claim.verdict {
            super::kind::Verdict::Verified => Verdict::Verified,
            super::kind::Verdict::Contradicted => Verdict::Contradicted,
            super::kind::Verdict::Unverified => Verdict::Unverified,
        },
        because: sentence(case, claim),
        evidence: claim.evidence.iter().filter_map(|seq| u32::try_from(*seq).ok()).map(Seq::new).collect(),
        subject: subject::of(case, &quote),
        hedged: claim.hedged,
        quote,
    }
}

/// A unit variant as its serialized name.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// A task as the checker sees it.
fn case(
    events: &[Recorded],
    texts: &Texts,
    message: &str,
    outputs: &dyn Fn(Digest) -> Option<Vec<u8>>,
) -> Case {
    let mut before: Files =
        texts.others.iter().map(|(path, text)| (path.to_string(), text.clone())).collect();
    let mut after = before.clone();
    let mut diff = String::new();
    let mut changed_files = Vec::new();
    for file in &texts.changed {
        let [old, new] = &file.texts;
        let old_name = file.renamed_from.as_ref().unwrap_or(&file.path).to_string();
        before.extend(old.iter().map(|text| (old_name.clone(), text.clone())));
        after.extend(new.iter().map(|text| (file.path.to_string(), text.clone())));
        let (part, changed) = difference(file, &old_name);
        diff.push_str(&part);
        changed_files.push(changed);
    }
    Case {
        id: String::new(),
        lang: String::new(),
        tags: Vec::new(),
        workspace: Workspace { before, after, complete: texts.complete },
        events: events.iter().filter_map(|recorded| event(recorded, outputs)).collect(),
        final_message: message.to_owned(),
        changed_files,
        diff,
    }
}

fn difference(file: &ChangedText, old_name: &str) -> (String, ChangedFile) {
    let [old, new] = file.texts.each_ref().map(|text| text.as_deref().unwrap_or_default());
    let lines = TextDiff::configure().timeout(std::time::Duration::from_millis(200)).diff_lines(old, new);
    let count = |tag| lines.iter_all_changes().filter(|change| change.tag() == tag).count();
    let path = file.path.to_string();
    let text = lines.unified_diff().context_radius(1).header(old_name, &path).to_string();
    let status = match (file.exists, &file.renamed_from) {
        (_, Some(_)) => "renamed",
        ([false, _], None) => "added",
        ([_, false], None) => "deleted",
        _ => "modified",
    };
    let changed = ChangedFile {
        path,
        status: status.to_owned(),
        from: file.renamed_from.as_ref().map(ToString::to_string),
        added: count(similar::ChangeTag::Insert),
        removed: count(similar::ChangeTag::Delete),
    };
    (text, changed)
}

/// An event of the log in the checker's words; `None` for what says nothing about the work.
fn event(recorded: &Recorded, outputs: &dyn Fn(Digest) -> Option<Vec<u8>>) -> Option<case::Event> {
    let seq = u64::from(recorded.seq.get());
    let said = |text: &String| case::Said { seq, text: text.clone() };
    Some(match &recorded.event {
        Event::Task(task) => case::Event::Task(case::Said {
            seq,
            text: if task.text.is_empty() { task.title.clone() } else { task.text.clone() },
        }),
        Event::Command(ran) => case::Event::Command(command(seq, ran, outputs)),
        Event::FileRead(read) => case::Event::FileRead(case::FileRead { seq, path: read.path.to_string() }),
        Event::FileEdit(edit) => case::Event::FileEdit(file_edit(seq, edit)),
        Event::Search(search) => case::Event::Search(searched(seq, search)),
        Event::ToolError(error) => case::Event::ToolError(case::ToolError {
            seq,
            tool: error.tool.clone(),
            message: error.message.clone(),
        }),
        Event::Network(network) => {
            case::Event::Network(case::Network { seq, host: network.host.clone(), blocked: network.blocked })
        }
        Event::Approval(approval) => case::Event::Approval(case::Approval {
            seq,
            what: approval.what.clone(),
            decision: if approval.approved { "approved" } else { "denied" }.to_owned(),
        }),
        Event::Reasoning { text } => case::Event::Reasoning(said(text)),
        Event::Message { text } => case::Event::Message(said(text)),
        Event::UserMessage { text } => case::Event::UserMessage(said(text)),
        Event::Shadow(_)
        | Event::ModelTurn(_)
        | Event::Policy(_)
        | Event::Proposal(_)
        | Event::Review(_)
        | Event::Claim(_)
        | Event::End(_) => return None,
    })
}

fn command(seq: u64, ran: &CommandRan, outputs: &dyn Fn(Digest) -> Option<Vec<u8>>) -> case::Command {
    let read = |blob: Digest| outputs(blob).map(|bytes| ends(&bytes));
    let (stdout, stderr) = (read(ran.stdout.blob), read(ran.stderr.blob));
    // An output that is no longer kept is as good as cut: nothing may be concluded from what it does not show.
    let gone = stdout.is_none() || stderr.is_none();
    case::Command {
        seq,
        cmd: ran.command.clone(),
        cwd: ran.directory.clone(),
        exit_code: match ran.exit {
            Exit::Code { code } => Some(code),
            Exit::Signal { signal } => Some(128 + signal),
            Exit::NotStarted { .. } => Some(127),
            Exit::Stopped { .. } => None,
        },
        stdout: stdout.unwrap_or_default(),
        stderr: stderr.unwrap_or_default(),
        changed: ran.changed.iter().map(|file| file.path.to_string()).collect(),
        timed_out: matches!(ran.exit, Exit::Stopped { by: Stop::WallTime | Stop::CpuTime, .. }),
        truncated: gone || ran.stdout.truncated || ran.stderr.truncated,
        duration_ms: Some(ran.duration_ms),
    }
}

/// A long output without its middle.
fn ends(bytes: &[u8]) -> String {
    if bytes.len() <= OUTPUT_BYTES_MAX {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let half = OUTPUT_BYTES_MAX / 2;
    let head = bytes.get(..half).unwrap_or_default();
    let tail = bytes.get(bytes.len() - half..).unwrap_or_default();
    format!("{}\n{}", String::from_utf8_lossy(head), String::from_utf8_lossy(tail))
}

fn file_edit(seq: u64, edit: &FileEdit) -> case::FileEdit {
    let op = match edit.op {
        EditOp::Create => "create",
        EditOp::Modify => "modify",
        EditOp::Delete => "delete",
        EditOp::Rename => "rename",
    };
    case::FileEdit {
        seq,
        path: edit.path.to_string(),
        op: op.to_owned(),
        to: edit.to.as_ref().map(ToString::to_string),
    }
}

fn searched(seq: u64, search: &Search) -> case::Search {
    let hit = |hit: &crate::log::SearchHit| case::Hit {
        path: hit.path.to_string(),
        line: u64::from(hit.line),
        text: hit.text.clone(),
    };
    case::Search {
        seq,
        pattern: search.pattern.clone(),
        scope: search.scope.clone(),
        hits: search.hits.iter().map(hit).collect(),
    }
}

/// A test that existed before the task and says less after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakened {
    /// Its file.
    pub path: WorkspacePath,
    /// Its name.
    pub test: String,
    /// Its lines after the task, if it is still there.
    pub lines: Option<LineSpan>,
    /// What was done, as the end of a sentence: *was deleted*.
    pub how: &'static str,
}

/// Tests that a task deleted, skipped or changed so that they assert less.
#[must_use]
pub fn weakened(texts: &Texts) -> Vec<Weakened> {
    let case = case(&[], texts, "", &|_| None);
    let found = tampering(&Facts::new(&case));
    let weakened = |found: Tampering| {
        Some(Weakened {
            path: WorkspacePath::from_shown(&found.path).ok()?,
            lines: subject::lines_of_test(&case, &found.path, &found.name),
            test: found.name,
            how: match found.change {
                Change::Deleted => "was deleted",
                Change::Skipped => "is skipped now",
                Change::Weakened => "was changed in what it feeds or expects",
            },
        })
    };
    found.into_iter().filter_map(weakened).collect()
}
