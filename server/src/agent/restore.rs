//! A proposal that waits, read back from the record together with what was decided about it.
//!
//! Invariants
//! - Only true bytes are proposed: what held a secret, which is never stored, is named as lost instead.
//! - What was decided stays decided.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::{Decision, Ended, Event, TaskId};
use vouchsafe_evidence::record::{self, Record};
use vouchsafe_evidence::store::{Recorded, Store, StoreError};

use super::kept::{Bytes, FORM, Kept, KeptChange, KeptEntry, KeptFile, KeptHunk, KeptText, lines_digest};
use super::{CheckedClaim, StepInfo, claims};
use crate::review::{
    Change, Citation, Entry, FileChange, Hunk, HunkId, Lines, Proposal, ProposedFile, SplitLines as _, State,
    TextChange, WholeHunk,
};
use crate::task::{Asked, AskedPlace};

/// A file is read to find the text that a task saw only if it is not larger than this.
const READ_BYTES_MAX: u64 = 64 << 20;

/// See the module.
#[derive(Debug)]
pub struct Restored {
    /// What the task was, for people.
    pub title: String,
    /// The kind of task, as the record has it.
    pub kind: String,
    /// Its changes, those decided included.
    pub proposal: Proposal,
    /// How each change that was decided stands.
    pub decided: HashMap<HunkId, State>,
    /// Its commands.
    pub steps: Vec<StepInfo>,
    /// What it claimed, each claim as it was judged last.
    pub claims: Vec<CheckedClaim>,
    /// What those claims were read in.
    pub message: String,
    /// The readable record.
    pub record: PathBuf,
    /// The file and zero-based line it was asked at.
    pub place: Option<(WorkspacePath, u32)>,
    /// What a model was asked, if one was: another task can go on from it.
    pub asked: Option<Asked>,
    /// Files with changes that cannot be proposed any more, because they held a secret or their bytes are gone.
    pub lost: Vec<WorkspacePath>,
}

/// Reads the proposal of a task back; `None` if it has none that can be reviewed. `workspace` is where the task's files
/// are.
///
/// # Errors
/// Any error of the store.
pub fn restore(store: &Store, task: TaskId, workspace: &Path) -> Result<Option<Restored>, StoreError> {
    let events = store.events(task)?;
    let review = events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Proposal(ready) => ready.review,
        _ => None,
    });
    let Some(bytes) = review.map(|review| store.blob(review)).transpose()?.flatten() else { return Ok(None) };
    let Ok(kept) = serde_json::from_slice::<Kept>(&bytes) else { return Ok(None) };
    if kept.form != FORM {
        return Ok(None);
    }
    let mut reader = Reader { store, task: task.get(), workspace, changes: Vec::new(), lost: Vec::new() };
    let mut files = Vec::new();
    for file in kept.files {
        files.extend(reader.file(file)?);
    }
    let Reader { changes, lost, .. } = reader;
    let page = record::render_from(task, &events, store, None);
    let steps = steps(&events, &page);
    let claims = claims::recorded(&events, &page, &steps);
    Ok(Some(Restored {
        message: claims::message_of_events(&events, &claims),
        claims,
        kind: kind(&events),
        proposal: Proposal::resumed(task.get(), kept.title.clone(), files, changes),
        title: kept.title,
        decided: decided(&events),
        steps,
        record: record::record_path(store.dir(), task),
        place: place(&events),
        asked: asked(&events),
        lost,
    }))
}

/// Brings the page of a task that was interrupted up to date.
///
/// # Errors
/// Any error of the store, and of writing the page.
pub(super) fn rewrite_page(store: &Store, task: TaskId) -> Result<(), StoreError> {
    let events = store.events(task)?;
    let interrupted = events.last().is_some_and(|last| last.event == Event::End(Ended::Interrupted));
    if interrupted {
        let page = record::render_from(task, &events, store, None);
        record::write_record(store.dir(), task, &page)?;
    }
    Ok(())
}

fn kind(events: &[Recorded]) -> String {
    match events.first().map(|first| &first.event) {
        Some(Event::Task(task)) => task.kind.clone(),
        _ => String::new(),
    }
}

fn decided(events: &[Recorded]) -> HashMap<HunkId, State> {
    let decision = |recorded: &Recorded| match &recorded.event {
        Event::Review(review) => Some((review.hunk.parse().ok()?, review.decision)),
        _ => None,
    };
    let state = |decision| match decision {
        Decision::Accepted => State::Accepted,
        Decision::Rejected => State::Rejected,
        Decision::Edited => State::Edited,
        Decision::Conflicted => State::Conflicted,
    };
    events.iter().filter_map(decision).map(|(hunk, decision)| (hunk, state(decision))).collect()
}

fn steps(events: &[Recorded], page: &Record) -> Vec<StepInfo> {
    let by_model = events.iter().any(|recorded| matches!(recorded.event, Event::ModelTurn(_)));
    let step = |recorded: &Recorded| {
        let mut step = StepInfo::of(recorded.seq, &recorded.event, page.lines.get(&recorded.seq))?;
        // What a recipe runs has its reason in the title.
        if let (true, Event::Command(ran)) = (by_model, &recorded.event) {
            step.because.clone_from(&ran.because);
        }
        Some(step)
    };
    events.iter().filter_map(step).collect()
}

fn place(events: &[Recorded]) -> Option<(WorkspacePath, u32)> {
    let Event::Task(started) = &events.first()?.event else { return None };
    let place = started.place.as_ref()?;
    Some((place.path.clone(), place.lines.map_or(0, |lines| lines.first.saturating_sub(1))))
}

/// What a model was asked. What stood around the place then is not known any more; the text may be another by now, so
/// its lines are no selection.
fn asked(events: &[Recorded]) -> Option<Asked> {
    let Event::Task(started) = &events.first()?.event else { return None };
    let kind = started.kind.parse().ok()?;
    let place = started.place.as_ref().map(|place| AskedPlace {
        path: place.path.clone(),
        lines: place.lines.map_or(0..1, |lines| lines.first.saturating_sub(1)..lines.last),
        selected: false,
        symbol: None,
        imports: Vec::new(),
        diagnostics: Vec::new(),
        tests: Vec::new(),
    });
    Some(Asked { kind, title: started.title.clone(), prompt: started.text.clone(), place })
}

struct Reader<'a> {
    store: &'a Store,
    task: u64,
    workspace: &'a Path,
    changes: Vec<Change>,
    lost: Vec<WorkspacePath>,
}

impl Reader<'_> {
    fn file(&mut self, kept: KeptFile) -> Result<Option<ProposedFile>, StoreError> {
        let change = self.change(&kept)?;
        let Some(change) = change else {
            self.lost.push(kept.path);
            return Ok(None);
        };
        let whole = match kept.whole {
            Some(whole) => Some(WholeHunk {
                id: HunkId { task: self.task, hunk: whole.hunk },
                citations: citations(&whole.steps),
                lines: match &whole.lines {
                    Some(lines) => self.exact_text(lines)?,
                    None => None,
                },
            }),
            None => None,
        };
        Ok(Some(ProposedFile {
            path: kept.path,
            stands_at: kept.stands_at,
            change,
            whole,
            protected: kept.protected,
            apart: kept.apart,
        }))
    }

    fn change(&mut self, kept: &KeptFile) -> Result<Option<FileChange>, StoreError> {
        Ok(match &kept.change {
            KeptChange::Text(text) => self.text(kept, text)?.map(FileChange::Text),
            KeptChange::Create(after) => self.entry(after)?.map(FileChange::Create),
            KeptChange::Delete(before) => self.entry(before)?.map(FileChange::Delete),
            KeptChange::Rename { from } => Some(FileChange::Rename { from: from.clone() }),
            KeptChange::Binary { before, after } => {
                let both = self.bytes(before)?.zip(self.bytes(after)?);
                both.map(|(before, after)| FileChange::Binary { before, after })
            }
            KeptChange::Mode { from, to } => Some(FileChange::Mode { from: *from, to: *to }),
            KeptChange::Symlink { from, to } => {
                self.bytes(from)?.zip(self.bytes(to)?).map(|(from, to)| FileChange::Symlink { from, to })
            }
            KeptChange::Replace { before, after } => {
                let both = self.entry(before)?.zip(self.entry(after)?);
                both.map(|(before, after)| FileChange::Replace { before, after })
            }
        })
    }

    fn entry(&self, entry: &KeptEntry) -> Result<Option<Entry>, StoreError> {
        Ok(match entry {
            KeptEntry::File { bytes, mode } => {
                self.bytes(bytes)?.map(|bytes| Entry::File { bytes, mode: *mode })
            }
            KeptEntry::Symlink { target } => self.bytes(target)?.map(|target| Entry::Symlink { target }),
            KeptEntry::Directory => Some(Entry::Directory),
        })
    }

    /// The true bytes, if they are stored.
    fn bytes(&self, bytes: &Bytes) -> Result<Option<Arc<[u8]>>, StoreError> {
        let stored = if bytes.stored.is_none() { self.store.blob(bytes.digest)? } else { None };
        Ok(stored.filter(|stored| Digest::of(stored) == bytes.digest).map(Into::into))
    }

    fn true_text(&self, bytes: &Bytes) -> Result<Option<String>, StoreError> {
        Ok(self.bytes(bytes)?.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    }

    fn exact_text(&self, kept: &KeptText) -> Result<Option<TextChange>, StoreError> {
        let (Some(before), Some(after)) = (self.true_text(&kept.before)?, self.true_text(&kept.after)?)
        else {
            return Ok(None);
        };
        let hunks = self.hunks(kept, &before, &after);
        Ok(Some(TextChange { before: before.into(), after: after.into(), hunks }))
    }

    /// The change of a text. If it held a secret: those hunks that did not.
    fn text(&mut self, file: &KeptFile, kept: &KeptText) -> Result<Option<TextChange>, StoreError> {
        if let Some(text) = self.exact_text(kept)? {
            let entry =
                |text: &str| Entry::File { bytes: text.as_bytes().into(), mode: self.mode(&file.stands_at) };
            self.changes.push(Change {
                path: file.path.clone(),
                before: Some(entry(&text.before)),
                after: Some(entry(&text.after)),
                renamed_from: Some(file.stands_at.clone()).filter(|from| *from != file.path),
            });
            return Ok(Some(text));
        }
        let (Some(stored), Some(after)) = (self.stored_text(&kept.before)?, self.stored_text(&kept.after)?)
        else {
            return Ok(None);
        };
        let before = self.unchanged(&file.stands_at, kept.before.digest).unwrap_or(stored);
        let hunks = self.hunks(kept, &before, &after);
        if hunks.len() < kept.hunks.len() {
            self.lost.push(file.path.clone());
        }
        let there = self.workspace.join(file.stands_at.as_path()).exists();
        Ok((there && !hunks.is_empty()).then(|| TextChange {
            before: before.into(),
            after: after.into(),
            hunks,
        }))
    }

    /// What is stored of a text, be it without its secrets.
    fn stored_text(&self, bytes: &Bytes) -> Result<Option<String>, StoreError> {
        let stored = self.store.blob(bytes.stored.unwrap_or(bytes.digest))?;
        Ok(stored.and_then(|stored| String::from_utf8(stored).ok()))
    }

    /// The file's text if it is still the one that the task saw.
    fn unchanged(&self, path: &WorkspacePath, digest: Digest) -> Option<String> {
        let path = self.workspace.join(path.as_path());
        let meta = path.symlink_metadata().ok()?;
        if !meta.is_file() || meta.len() > READ_BYTES_MAX {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        String::from_utf8(bytes).ok().filter(|text| Digest::of(text.as_bytes()) == digest)
    }

    fn hunks(&self, kept: &KeptText, before: &str, after: &str) -> Vec<Hunk> {
        let (old, new): (Vec<_>, Vec<_>) = (before.split_lines().collect(), after.split_lines().collect());
        kept.hunks.iter().filter_map(|kept| self.hunk(kept, &old, &new)).collect()
    }

    /// One hunk; `None` if its lines are not the true ones.
    fn hunk(&self, kept: &KeptHunk, old: &[&str], new: &[&str]) -> Option<Hunk> {
        let lines = |of: &[&str], (first, count): (u32, u32)| -> Option<Lines> {
            Some(of.get(first as usize..first.checked_add(count)? as usize)?.iter().copied().collect())
        };
        let (old, new) = (lines(old, kept.base)?, lines(new, kept.made)?);
        if lines_digest(old.text(), new.text()) != kept.digest {
            return None;
        }
        let line_citations = kept.lines.iter().flat_map(|(count, steps)| {
            let cites = citations(steps);
            std::iter::repeat_n(cites, *count as usize)
        });
        let line_citations: Arc<[_]> = line_citations.take(new.len() as usize).collect();
        let base = kept.base.0..kept.base.0 + kept.base.1;
        let id = HunkId { task: self.task, hunk: kept.hunk };
        Some(Hunk { id, old, new, base, citations: citations(&kept.steps), line_citations })
    }

    /// The permissions of a file that is there; those of a usual file otherwise.
    #[cfg(unix)]
    fn mode(&self, path: &WorkspacePath) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        let meta = self.workspace.join(path.as_path()).symlink_metadata();
        meta.map_or(0o644, |meta| meta.permissions().mode() & 0o777)
    }

    #[cfg(not(unix))]
    fn mode(&self, _path: &WorkspacePath) -> u32 {
        0o644
    }
}

fn citations(steps: &[u32]) -> Arc<[Citation]> {
    steps.iter().map(|step| Citation { step: *step }).collect()
}
