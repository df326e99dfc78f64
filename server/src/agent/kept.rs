//! A proposal as it is stored, so that its review can go on in another process.
//!
//! Invariants
//! - Hunks are stored as they were numbered; nothing is compared again, so a number keeps its meaning.
//! - Content is named by the digest of the true bytes. Where a secret was replaced before storing, the digest of what
//!   is stored stands beside it, and each hunk's own digest tells whether its lines are still the true ones.
//!
//! Absent on purpose
//! - Where things stand in the user's text: that is told from the text when the review goes on.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::ProposalReady;
use vouchsafe_evidence::store::{Store, StoreError};

use crate::review::{Citation, Entry, FileChange, Hunk, Proposal, ProposedFile, TextChange};

/// The form that this version writes and reads.
pub(super) const FORM: u32 = 1;

/// A proposal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) form: u32,
    pub(super) title: String,
    pub(super) files: Vec<KeptFile>,
}

/// One way in which one path changes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptFile {
    pub(super) path: WorkspacePath,
    pub(super) stands_at: WorkspacePath,
    pub(super) protected: Option<String>,
    /// Missing in what was kept before single hunks could stand apart.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) apart: BTreeMap<u32, String>,
    pub(super) change: KeptChange,
    pub(super) whole: Option<KeptWhole>,
}

/// The change.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum KeptChange {
    Text(KeptText),
    Create(KeptEntry),
    Delete(KeptEntry),
    Rename { from: WorkspacePath },
    Binary { before: Bytes, after: Bytes },
    Mode { from: u32, to: u32 },
    Symlink { from: Bytes, to: Bytes },
    Replace { before: KeptEntry, after: KeptEntry },
}

/// A change that is one hunk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptWhole {
    pub(super) hunk: u32,
    pub(super) steps: Vec<u32>,
    pub(super) lines: Option<KeptText>,
}

/// Both texts, and the hunks between them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptText {
    pub(super) before: Bytes,
    pub(super) after: Bytes,
    pub(super) hunks: Vec<KeptHunk>,
}

/// Lines of `before` that become lines of `after`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptHunk {
    pub(super) hunk: u32,
    /// The first line, and how many, before.
    pub(super) base: (u32, u32),
    /// The first line, and how many, after.
    pub(super) made: (u32, u32),
    /// Of the true lines: see [`lines_digest`].
    pub(super) digest: Digest,
    pub(super) steps: Vec<u32>,
    /// So many lines in a row that these steps made.
    pub(super) lines: Vec<(u32, Vec<u32>)>,
}

/// What is at a path.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum KeptEntry {
    File { bytes: Bytes, mode: u32 },
    Symlink { target: Bytes },
    Directory,
}

/// Bytes by name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bytes {
    /// Of the true bytes.
    pub(super) digest: Digest,
    /// Of what is stored, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stored: Option<Digest>,
}

/// Names the lines of a hunk.
pub(super) fn lines_digest(old: &str, new: &str) -> Digest {
    Digest::of([old, "\0", new].concat().as_bytes())
}

/// Stores what it takes to go on with the review of `proposal`, and names it in the event that is to be appended.
///
/// # Errors
/// Any error of the store.
pub fn keep(store: &Store, proposal: &Proposal, ready: &mut ProposalReady) -> Result<(), StoreError> {
    let mut keeper = Keeper { store, stored: Vec::new() };
    let files = proposal.files.iter().map(|file| keeper.file(file)).collect::<Result<Vec<_>, _>>()?;
    let kept = Kept { form: FORM, title: proposal.title.clone(), files };
    let json = serde_json::to_vec(&kept).unwrap_or_default();
    let named = store.put_blob(&json)?;
    // A path or a title with a secret in it would be read back as another one: then the review ends with this process.
    if named == Digest::of(&json) {
        keeper.stored.sort();
        keeper.stored.dedup();
        ready.review = Some(named);
        ready.stored = keeper.stored;
    }
    Ok(())
}

struct Keeper<'a> {
    store: &'a Store,
    stored: Vec<Digest>,
}

impl Keeper<'_> {
    fn file(&mut self, file: &ProposedFile) -> Result<KeptFile, StoreError> {
        let whole = match &file.whole {
            Some(whole) => Some(KeptWhole {
                hunk: whole.id.hunk,
                steps: steps(&whole.citations),
                lines: whole.lines.as_ref().map(|lines| self.text(lines)).transpose()?,
            }),
            None => None,
        };
        Ok(KeptFile {
            path: file.path.clone(),
            stands_at: file.stands_at.clone(),
            protected: file.protected.clone(),
            apart: file.apart.clone(),
            change: self.change(&file.change)?,
            whole,
        })
    }

    fn change(&mut self, change: &FileChange) -> Result<KeptChange, StoreError> {
        Ok(match change {
            FileChange::Text(text) => KeptChange::Text(self.text(text)?),
            FileChange::Create(after) => KeptChange::Create(self.entry(after)?),
            FileChange::Delete(before) => KeptChange::Delete(self.entry(before)?),
            FileChange::Rename { from } => KeptChange::Rename { from: from.clone() },
            FileChange::Binary { before, after } => {
                KeptChange::Binary { before: self.bytes(before)?, after: self.bytes(after)? }
            }
            FileChange::Mode { from, to } => KeptChange::Mode { from: *from, to: *to },
            FileChange::Symlink { from, to } => {
                KeptChange::Symlink { from: self.bytes(from)?, to: self.bytes(to)? }
            }
            FileChange::Replace { before, after } => {
                KeptChange::Replace { before: self.entry(before)?, after: self.entry(after)? }
            }
        })
    }

    fn entry(&mut self, entry: &Entry) -> Result<KeptEntry, StoreError> {
        Ok(match entry {
            Entry::File { bytes, mode } => KeptEntry::File { bytes: self.bytes(bytes)?, mode: *mode },
            Entry::Symlink { target } => KeptEntry::Symlink { target: self.bytes(target)? },
            Entry::Directory => KeptEntry::Directory,
        })
    }

    fn text(&mut self, text: &TextChange) -> Result<KeptText, StoreError> {
        let mut shift = 0;
        let mut hunks = Vec::with_capacity(text.hunks.len());
        for hunk in &text.hunks {
            hunks.push(kept_hunk(hunk, shift));
            shift += i64::from(hunk.new.len()) - i64::from(hunk.old.len());
        }
        let (before, after) = (self.bytes(text.before.as_bytes())?, self.bytes(text.after.as_bytes())?);
        Ok(KeptText { before, after, hunks })
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<Bytes, StoreError> {
        let stored = self.store.put_blob(bytes)?;
        self.stored.push(stored);
        let digest = Digest::of(bytes);
        Ok(Bytes { digest, stored: Some(stored).filter(|stored| *stored != digest) })
    }
}

fn kept_hunk(hunk: &Hunk, shift: i64) -> KeptHunk {
    let mut lines: Vec<(u32, Vec<u32>)> = Vec::new();
    for cites in hunk.line_citations.iter().map(|cites| steps(cites)) {
        match lines.last_mut() {
            Some((count, last)) if *last == cites => *count += 1,
            _ => lines.push((1, cites)),
        }
    }
    let first = u32::try_from(i64::from(hunk.base.start) + shift).unwrap_or_default();
    KeptHunk {
        hunk: hunk.id.hunk,
        base: (hunk.base.start, hunk.old.len()),
        made: (first, hunk.new.len()),
        digest: lines_digest(hunk.old.text(), hunk.new.text()),
        steps: steps(&hunk.citations),
        lines,
    }
}

fn steps(citations: &[Citation]) -> Vec<u32> {
    citations.iter().map(|cite| cite.step).collect()
}
