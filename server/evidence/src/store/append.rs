//! Writing events: the chain, and the end of tasks whose process died.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use vouchsafe_base::Digest;

use super::group::Job;
use super::owner::Claim;
use super::waiting::note_waiting;
use super::{Store, StoreError};
use crate::log::{Ended, Event, Seq, TaskId, TaskStarted};

/// An event as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number in the task.
    pub seq: Seq,
    /// When the store took it.
    pub at: Timestamp,
    /// The event, with secrets replaced.
    pub event: Event,
    /// The link of the chain that covers it and all before it.
    pub digest: Digest,
}

/// Where a task's chain ends.
pub(super) struct Head {
    pub(super) seq: Seq,
    pub(super) digest: Digest,
    pub(super) ended: bool,
}

/// What comes before the first event.
pub(super) const CHAIN_START: Digest = Digest::from_bytes([0; 32]);

/// The row key of an event.
pub(super) fn key(task: TaskId, seq: Seq) -> i64 {
    (i64::try_from(task.get()).unwrap_or(i64::MAX >> 32) << 32) | i64::from(seq.get())
}

/// The link of one event: BLAKE3 over a tag, the link before, task, number, time (little endian) and the stored bytes.
pub(super) fn link(previous: Digest, task: TaskId, seq: Seq, at_us: i64, body: &[u8]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"vouchsafe event 1\n").update(previous.as_bytes());
    hasher.update(&task.get().to_le_bytes()).update(&seq.get().to_le_bytes()).update(&at_us.to_le_bytes());
    hasher.update(body);
    Digest::from_bytes(*hasher.finalize().as_bytes())
}

impl Store {
    /// Begins a task: gives it a number and records what was asked as its first event.
    ///
    /// # Errors
    /// Any [`StoreError`] of a write; then there is no task.
    pub fn begin(&self, started: &TaskStarted) -> Result<TaskId, StoreError> {
        let owner = self.owner.name().map_err(|error| StoreError::from_io(&self.dir, &self.dir, error))?;
        let (event, body) = self.prepare(&Event::Task(started.clone()))?;
        let Event::Task(started) = event else {
            return Err(StoreError::Unfit { kind: "task", detail: "it became something else".to_owned() });
        };
        let at_us = self.now().as_microsecond();
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO tasks (kind, title, workspace, started_us, owner, last_seq, head) VALUES (?,?,?,?,?,0,?)",
                )?
                .execute(params![started.kind, started.title, started.workspace, at_us, owner, CHAIN_START.as_bytes()])?;
            let task = TaskId::new(u64::try_from(transaction.last_insert_rowid()).unwrap_or_default());
            let head = Head { seq: Seq::new(0), digest: CHAIN_START, ended: false };
            insert(transaction, task, &head, at_us, &body, &[])?;
            Ok(task)
        })
    }

    /// Appends an event to a task. When it returns, the event is on disk, and so is every blob stored before.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTask`], [`StoreError::EndedBefore`] for a second end, or any error of a write.
    pub fn append(&self, task: TaskId, event: &Event) -> Result<Seq, StoreError> {
        self.append_all(task, std::slice::from_ref(event))
    }

    /// Appends several events, all or none, and returns the number of the last (with none: of the last there was).
    /// Takes hardly longer than one.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_all(&self, task: TaskId, events: &[Event]) -> Result<Seq, StoreError> {
        let prepared = events.iter().map(|event| self.prepare(event)).collect::<Result<Vec<_>, _>>()?;
        self.submit(Job::new(task, self.now().as_microsecond(), prepared))
    }

    /// Ends the tasks whose process died, as [`Ended::Interrupted`], and returns them. Their events stay as they are,
    /// so a complete proposal can still be reviewed.
    ///
    /// # Errors
    /// Any error of a read or a write.
    pub fn mark_interrupted(&self) -> Result<Vec<TaskId>, StoreError> {
        let open = self.open_tasks()?;
        let mut marked = Vec::new();
        for (owner, tasks) in open.into_iter().filter(|(owner, _)| !self.owner.is_own(owner)) {
            let claim =
                self.owner.claim(&owner).map_err(|error| StoreError::from_io(&self.dir, &self.dir, error))?;
            let Claim::Dead(_lock) = claim else { continue };
            for task in tasks {
                match self.append(task, &Event::End(Ended::Interrupted)) {
                    Ok(_) => marked.push(task),
                    Err(StoreError::EndedBefore(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            self.owner.forget(&owner);
        }
        marked.sort();
        Ok(marked)
    }

    /// The event with secrets replaced, and its stored bytes.
    fn prepare(&self, event: &Event) -> Result<(Event, String), StoreError> {
        let unfit =
            |error: serde_json::Error| StoreError::Unfit { kind: event.kind(), detail: error.to_string() };
        let mut value = serde_json::to_value(event).map_err(unfit)?;
        self.redactor().value(&mut value);
        let body = serde_json::to_string(&value).map_err(unfit)?;
        let event = serde_json::from_value(value).map_err(unfit)?;
        Ok((event, body))
    }

    /// Runs `work` in one durable transaction.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let done = in_transaction(&mut self.writer(), work);
        done.map_err(|error| self.explain(error))
    }
}

/// Runs `work` in one transaction, which is rolled back if it fails.
pub(super) fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Where the chain of `task` ends.
pub(super) fn head(connection: &Connection, task: TaskId) -> rusqlite::Result<Option<Head>> {
    let mut statement =
        connection.prepare_cached("SELECT last_seq, head, ended_us IS NOT NULL FROM tasks WHERE id = ?")?;
    let head = statement.query_row([i64::try_from(task.get()).unwrap_or(-1)], |row| {
        Ok(Head { seq: Seq::new(row.get(0)?), digest: Digest::from_bytes(row.get(1)?), ended: row.get(2)? })
    });
    head.optional()
}

pub(super) fn append_in(
    transaction: &Transaction<'_>,
    task: TaskId,
    head: &Head,
    at_us: i64,
    event: &Event,
    body: &str,
) -> rusqlite::Result<Head> {
    let mut uses = event.blobs();
    uses.extend(event.contents());
    let after = insert(transaction, task, head, at_us, body, &uses)?;
    if let Event::End(ended) = event {
        let outcome = serde_json::to_string(ended).unwrap_or_default();
        transaction
            .prepare_cached("UPDATE tasks SET ended_us = ?, outcome = ? WHERE id = ?")?
            .execute(params![at_us, outcome, task.get().cast_signed()])?;
    }
    note_waiting(transaction, task, event)?;
    Ok(Head { ended: head.ended || matches!(event, Event::End(_)), ..after })
}

fn insert(
    transaction: &Transaction<'_>,
    task: TaskId,
    head: &Head,
    at_us: i64,
    body: &str,
    uses: &[Digest],
) -> rusqlite::Result<Head> {
    let seq = head.seq.next();
    let digest = link(head.digest, task, seq, at_us, body.as_bytes());
    let key = key(task, seq);
    transaction
        .prepare_cached("INSERT INTO events (key, at_us, body, digest) VALUES (?,?,?,?)")?
        .execute(params![key, at_us, body, digest.as_bytes()])?;
    transaction.prepare_cached("UPDATE tasks SET last_seq = ?, head = ? WHERE id = ?")?.execute(params![
        seq.get(),
        digest.as_bytes(),
        task.get().cast_signed()
    ])?;
    for blob in uses {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO blob_uses (digest, key) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM blobs WHERE digest = ?1)")?
            .execute(params![blob.as_bytes(), key])?;
    }
    Ok(Head { seq, digest, ended: head.ended })
}
