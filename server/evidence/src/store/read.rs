//! Reading tasks and their events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, params};
use vouchsafe_base::Digest;

use super::append::key;
use super::{Recorded, Store, StoreError};
use crate::log::{Ended, Seq, TaskId};

/// Which tasks to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Only those of this workspace (its absolute path).
    pub workspace: Option<String>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those that have not ended.
    pub unfinished: bool,
    /// At most this many, the newest.
    pub limit: Option<u32>,
}

/// What a list of tasks shows of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSummary {
    /// Its number.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The absolute path of its workspace.
    pub workspace: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Ended>,
    /// How many events it has.
    pub events: u32,
}

const SUMMARY: &str = "SELECT id, kind, title, workspace, started_us, ended_us, outcome, last_seq FROM tasks";

impl Store {
    /// The tasks that pass `filter`, oldest first.
    ///
    /// # Errors
    /// Any error of a read.
    pub fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskSummary>, StoreError> {
        let sql = format!(
            "SELECT * FROM ({SUMMARY} WHERE (?1 IS NULL OR workspace = ?1) AND (?2 IS NULL OR kind = ?2)
             AND (NOT ?3 OR ended_us IS NULL) ORDER BY id DESC LIMIT ?4) ORDER BY id"
        );
        let limit = filter.limit.map_or(-1, i64::from);
        let connection = self.reader();
        let rows = connection.prepare_cached(&sql).and_then(|mut statement| {
            let rows = statement
                .query_map(params![filter.workspace, filter.kind, filter.unfinished, limit], summary)?;
            rows.collect()
        });
        rows.map_err(|error| self.explain(error))
    }

    /// One task.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTask`] or any error of a read.
    pub fn task(&self, task: TaskId) -> Result<TaskSummary, StoreError> {
        let connection = self.reader();
        let found = connection
            .prepare_cached(&format!("{SUMMARY} WHERE id = ?"))
            .and_then(|mut statement| statement.query_row([task.get().cast_signed()], summary));
        found.map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::NoSuchTask(task),
            other => self.explain(other),
        })
    }

    /// All events of a task, in order; empty if there is no such task.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for an event that is not of the form this version knows, or any error of a read.
    pub fn events(&self, task: TaskId) -> Result<Vec<Recorded>, StoreError> {
        self.events_between(task, Seq::FIRST, Seq::new(u32::MAX))
    }

    /// One event of a task, found without reading the others.
    ///
    /// # Errors
    /// As [`Self::events`].
    pub fn event(&self, task: TaskId, seq: Seq) -> Result<Option<Recorded>, StoreError> {
        Ok(self.events_between(task, seq, seq)?.pop())
    }

    /// The events `first..=last` of a task, as far as there are any.
    ///
    /// # Errors
    /// As [`Self::events`].
    pub fn events_between(&self, task: TaskId, first: Seq, last: Seq) -> Result<Vec<Recorded>, StoreError> {
        let connection = self.reader();
        let rows = connection
            .prepare_cached(
                "SELECT key, at_us, body, digest FROM events WHERE key BETWEEN ? AND ? ORDER BY key",
            )
            .and_then(|mut statement| {
                let rows = statement.query_map([key(task, first), key(task, last)], Raw::from_row)?;
                rows.collect::<rusqlite::Result<Vec<Raw>>>()
            });
        drop(connection);
        rows.map_err(|error| self.explain(error))?.into_iter().map(|raw| raw.parse(task)).collect()
    }

    /// The claims of a task that were checked, in order, found without reading its other events.
    ///
    /// # Errors
    /// As [`Self::events`].
    pub fn claims(&self, task: TaskId) -> Result<Vec<Recorded>, StoreError> {
        let connection = self.reader();
        // The condition is that of the index, word for word.
        let rows = connection
            .prepare_cached(
                "SELECT key, at_us, body, digest FROM events WHERE key BETWEEN ? AND ?
                 AND substr(body, 1, 15) = '{\"type\":\"claim\"' ORDER BY key",
            )
            .and_then(|mut statement| {
                let all = [key(task, Seq::FIRST), key(task, Seq::new(u32::MAX))];
                let rows = statement.query_map(all, Raw::from_row)?;
                rows.collect::<rusqlite::Result<Vec<Raw>>>()
            });
        drop(connection);
        rows.map_err(|error| self.explain(error))?.into_iter().map(|raw| raw.parse(task)).collect()
    }

    /// The tasks that have not ended, by owner.
    pub(super) fn open_tasks(&self) -> Result<BTreeMap<String, Vec<TaskId>>, StoreError> {
        let connection = self.reader();
        let mut open = BTreeMap::<String, Vec<TaskId>>::new();
        let rows = connection.prepare_cached("SELECT owner, id FROM tasks WHERE ended_us IS NULL").and_then(
            |mut statement| {
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
                rows.collect::<rusqlite::Result<Vec<(String, i64)>>>()
            },
        );
        for (owner, id) in rows.map_err(|error| self.explain(error))? {
            open.entry(owner).or_default().push(TaskId::new(id.cast_unsigned()));
        }
        Ok(open)
    }
}

/// An event as its row has it.
pub(super) struct Raw {
    pub(super) seq: Seq,
    pub(super) at_us: i64,
    pub(super) body: String,
    pub(super) digest: Digest,
}

impl Raw {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let seq = u32::try_from(row.get::<_, i64>(0)? & 0xffff_ffff).unwrap_or_default();
        let digest = Digest::from_bytes(row.get(3)?);
        Ok(Self { seq: Seq::new(seq), at_us: row.get(1)?, body: row.get(2)?, digest })
    }

    fn parse(self, task: TaskId) -> Result<Recorded, StoreError> {
        let unreadable = |detail: String| StoreError::Unreadable { task, seq: self.seq, detail };
        let event = serde_json::from_str(&self.body).map_err(|error| unreadable(error.to_string()))?;
        let at = Timestamp::from_microsecond(self.at_us).map_err(|error| unreadable(error.to_string()))?;
        Ok(Recorded { seq: self.seq, at, event, digest: self.digest })
    }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<TaskSummary> {
    let outcome: Option<String> = row.get(6)?;
    Ok(TaskSummary {
        id: TaskId::new(row.get::<_, i64>(0)?.cast_unsigned()),
        kind: row.get(1)?,
        title: row.get(2)?,
        workspace: row.get(3)?,
        started: stamp(row.get(4)?),
        ended: row.get::<_, Option<i64>>(5)?.map(stamp),
        outcome: outcome.and_then(|json| serde_json::from_str(&json).ok()),
        events: row.get(7)?,
    })
}

/// A stored time. One outside the calendar can only come from damage, which `verify` reports.
pub(super) fn stamp(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}
