//! Recomputes what the store says about itself, and names what does not fit.
//!
//! Invariants
//! - One changed byte of an event names that event, not its neighbours.
//! - Reads event by event, so that a broken page hides no other event.
//!
//! Absent on purpose
//! - Proof against someone who rewrites the whole chain: that would need a witness outside this machine.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

use rusqlite::params;
use vouchsafe_base::Digest;

use super::append::{CHAIN_START, Head, head, key, link};
use super::read::Raw;
use super::{Store, StoreError, TaskSummary};
use crate::log::{Event, Seq, TaskId};

/// Something in the record of a task that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// An event's bytes, time or digest were changed.
    EventChanged {
        /// The event.
        seq: Seq,
    },
    /// An event is gone.
    EventMissing {
        /// The event.
        seq: Seq,
    },
    /// An event cannot be read.
    EventUnreadable {
        /// The event.
        seq: Seq,
        /// What was wrong.
        detail: String,
    },
    /// There are events after the one that the task's row calls the last.
    EventAdded {
        /// The first of them.
        seq: Seq,
    },
    /// The task's row does not carry the digest of its last event.
    HeadChanged {
        /// The event that the row calls the last.
        seq: Seq,
    },
    /// The task's row says something else than its events.
    TaskChanged {
        /// The column.
        field: &'static str,
    },
    /// Bytes that an event refers to are gone, and not by retention.
    BlobMissing {
        /// The event.
        seq: Seq,
        /// The digest.
        blob: Digest,
    },
    /// Bytes that an event refers to were changed.
    BlobChanged {
        /// The event.
        seq: Seq,
        /// The digest they should have.
        blob: Digest,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventChanged { seq } => write!(f, "event {seq} was changed after it was recorded"),
            Self::EventMissing { seq } => write!(f, "event {seq} is missing"),
            Self::EventUnreadable { seq, detail } => write!(f, "event {seq} cannot be read: {detail}"),
            Self::EventAdded { seq } => write!(f, "event {seq} was added behind the end of the record"),
            Self::HeadChanged { seq } => {
                write!(f, "the task does not end with event {seq} as it was recorded")
            }
            Self::TaskChanged { field } => write!(f, "the task's {field} is not the one that was recorded"),
            Self::BlobMissing { seq, blob } => {
                write!(f, "blob {blob}, to which event {seq} refers, is missing")
            }
            Self::BlobChanged { seq, blob } => {
                write!(f, "blob {blob}, to which event {seq} refers, was changed")
            }
        }
    }
}

/// What is known about the link before the next event.
enum Before {
    /// One of these; they differ if the event that carries it was changed.
    Either(Digest, Digest),
    /// Nothing: the event is missing.
    Unknown,
}

impl Store {
    /// Checks the whole record of a task: the chain, its row, every blob. Empty if all is as it was written.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTask`], or an error that keeps the store from being read at all.
    pub fn verify(&self, task: TaskId) -> Result<Vec<Problem>, StoreError> {
        let head = head(&self.reader(), task).map_err(|error| self.explain(error))?;
        let head = head.ok_or(StoreError::NoSuchTask(task))?;
        let mut problems = Vec::new();
        let row = self.task(task).ok();
        if row.is_none() {
            problems.push(Problem::TaskChanged { field: "row" });
        }
        let mut before = Before::Either(CHAIN_START, CHAIN_START);
        let mut blobs = HashSet::new();
        for seq in (1..=head.seq.get()).map(Seq::new) {
            match self.raw(task, seq) {
                Ok(Some(raw)) => {
                    before = self.check_event(task, &raw, &before, row.as_ref(), &mut blobs, &mut problems);
                }
                Ok(None) => {
                    problems.push(Problem::EventMissing { seq });
                    before = Before::Unknown;
                }
                Err(error) => {
                    problems.push(Problem::EventUnreadable { seq, detail: error.to_string() });
                    before = Before::Unknown;
                }
            }
        }
        check_head(&head, &before, &mut problems);
        if let Ok(Some(_)) = self.raw(task, head.seq.next()) {
            problems.push(Problem::EventAdded { seq: head.seq.next() });
        }
        Ok(problems)
    }

    fn check_event(
        &self,
        task: TaskId,
        raw: &Raw,
        before: &Before,
        row: Option<&TaskSummary>,
        blobs: &mut HashSet<Digest>,
        problems: &mut Vec<Problem>,
    ) -> Before {
        let seq = raw.seq;
        let expected = |previous| link(previous, task, seq, raw.at_us, raw.body.as_bytes());
        let after = match before {
            Before::Unknown => Before::Either(raw.digest, raw.digest),
            Before::Either(stored, computed) => {
                let sound = [*stored, *computed].map(expected).contains(&raw.digest);
                if !sound {
                    problems.push(Problem::EventChanged { seq });
                }
                Before::Either(raw.digest, expected(*stored))
            }
        };
        match serde_json::from_str::<Event>(&raw.body) {
            Ok(event) => {
                row.into_iter().for_each(|row| check_row(row, raw, &event, problems));
                self.check_blobs(task, seq, &event, blobs, problems);
            }
            Err(error) => problems.push(Problem::EventUnreadable { seq, detail: error.to_string() }),
        }
        after
    }

    fn check_blobs(
        &self,
        task: TaskId,
        seq: Seq,
        event: &Event,
        checked: &mut HashSet<Digest>,
        problems: &mut Vec<Problem>,
    ) {
        let mut needed = event.blobs();
        needed.extend(self.stored_contents(task, seq).unwrap_or_default());
        needed.sort();
        needed.dedup();
        for blob in needed {
            if !checked.insert(blob) || self.is_retired(blob).unwrap_or(false) {
                continue;
            }
            let mut hasher = Hashing(blake3::Hasher::new());
            match self.read_blob(blob, &mut hasher) {
                Ok(true) if Digest::from_bytes(*hasher.0.finalize().as_bytes()) == blob => {}
                Ok(false) => problems.push(Problem::BlobMissing { seq, blob }),
                Ok(true) | Err(_) => problems.push(Problem::BlobChanged { seq, blob }),
            }
        }
    }

    fn raw(&self, task: TaskId, seq: Seq) -> rusqlite::Result<Option<Raw>> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached("SELECT key, at_us, body, digest FROM events WHERE key = ?")?;
        let mut rows = statement.query([key(task, seq)])?;
        rows.next()?.map(Raw::from_row).transpose()
    }

    /// The blobs that were there when the event was appended.
    fn stored_contents(&self, task: TaskId, seq: Seq) -> rusqlite::Result<Vec<Digest>> {
        let connection = self.reader();
        let mut statement = connection.prepare_cached("SELECT digest FROM blob_uses WHERE key = ?")?;
        let rows = statement.query_map([key(task, seq)], |row| Ok(Digest::from_bytes(row.get(0)?)))?;
        rows.collect()
    }

    fn is_retired(&self, blob: Digest) -> rusqlite::Result<bool> {
        let connection = self.reader();
        let mut statement =
            connection.prepare_cached("SELECT 1 FROM blobs WHERE digest = ? AND retired_us IS NOT NULL")?;
        statement.exists(params![blob.as_bytes()])
    }
}

fn check_head(head: &Head, before: &Before, problems: &mut Vec<Problem>) {
    if let Before::Either(stored, computed) = before
        && ![stored, computed].contains(&&head.digest)
    {
        problems.push(Problem::HeadChanged { seq: head.seq });
    }
}

/// Compares the task's row with what its first and its last event say.
fn check_row(row: &TaskSummary, raw: &Raw, event: &Event, problems: &mut Vec<Problem>) {
    let mut compare = |same: bool, field| {
        if !same {
            problems.push(Problem::TaskChanged { field });
        }
    };
    match event {
        Event::Task(started) => {
            compare(row.kind == started.kind, "kind");
            compare(row.title == started.title, "title");
            compare(row.workspace == started.workspace, "workspace");
            compare(row.started.as_microsecond() == raw.at_us, "start");
        }
        Event::End(ended) => {
            compare(row.outcome.as_ref() == Some(ended), "outcome");
            compare(row.ended.map(jiff::Timestamp::as_microsecond) == Some(raw.at_us), "end");
        }
        _ => {}
    }
}

struct Hashing(blake3::Hasher);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
