//! Retention: bytes go after a while, what happened stays.
//!
//! Invariants
//! - A blob stays while a task uses it that has not ended or whose proposal waits, or a step that a followed line cites.
//! - A retired blob keeps its row, so that its absence is known to be ours.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::spool::remove;
use super::{Store, StoreError};

/// An unfinished blob older than this was left by a crash.
const ABANDONED_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// So many blobs are retired in one transaction, so that others are not kept waiting.
const BATCH: usize = 200;

/// How long and how much to keep. The default keeps everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    /// Blobs that were last stored longer ago than this go.
    pub max_age: Option<Duration>,
    /// The oldest blobs go until no more than so many bytes (as compressed) are left.
    pub max_bytes: Option<u64>,
}

/// What a collection did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GcReport {
    /// How many blobs were retired.
    pub retired: u64,
    /// How many bytes they had, compressed.
    pub retired_bytes: u64,
    /// How many unfinished blobs of crashed processes were removed.
    pub abandoned: u64,
    /// How many bytes of blobs are left, compressed.
    pub left_bytes: u64,
}

const MAY_GO: &str = "SELECT id, stored_bytes, at_us FROM blobs
    WHERE retired_us IS NULL AND digest IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM blob_uses u JOIN followed_steps f ON f.key = u.key WHERE u.digest = blobs.digest)
    AND NOT EXISTS (SELECT 1 FROM blob_uses u JOIN tasks t ON t.id = u.key >> 32 WHERE u.digest = blobs.digest AND t.ended_us IS NULL)
    AND NOT EXISTS (SELECT 1 FROM blob_uses u JOIN waiting w ON w.task = u.key >> 32 WHERE u.digest = blobs.digest)
    ORDER BY at_us, id";

impl Store {
    /// Retires blobs by age and size and gives the space back to the disk.
    ///
    /// # Errors
    /// Any error of a read or a write; what was retired until then stays so.
    pub fn gc(&self, retention: &Retention) -> Result<GcReport, StoreError> {
        // On a full disk the room of the log may be all there is; if there is none, the next write says so.
        self.empty_log().unwrap_or_default();
        let now_us = self.now().as_microsecond();
        let before =
            |age: Duration| now_us.saturating_sub(i64::try_from(age.as_micros()).unwrap_or(i64::MAX));
        let mut report =
            GcReport { abandoned: self.remove_abandoned(before(ABANDONED_AFTER))?, ..GcReport::default() };
        let (mut left, candidates) = {
            let connection = self.reader();
            total(&connection).and_then(|left| Ok((left, may_go(&connection)?)))
        }
        .map_err(|error| self.explain(error))?;
        let oldest_us = retention.max_age.map(before);
        let mut going = Vec::new();
        for blob in candidates {
            let too_old = oldest_us.is_some_and(|oldest| blob.at_us < oldest);
            let too_much = retention.max_bytes.is_some_and(|most| left > most);
            if too_old || too_much {
                left = left.saturating_sub(blob.bytes);
                report.retired += 1;
                report.retired_bytes += blob.bytes;
                going.push(blob.id);
            }
        }
        for batch in going.chunks(BATCH) {
            self.write(|transaction| batch.iter().try_for_each(|id| retire(transaction, *id, now_us)))?;
        }
        report.left_bytes = left;
        self.give_space_back()?;
        Ok(report)
    }

    fn remove_abandoned(&self, before_us: i64) -> Result<u64, StoreError> {
        self.write(|transaction| {
            let mut statement =
                transaction.prepare("SELECT id FROM blobs WHERE digest IS NULL AND at_us < ?")?;
            let ids = statement
                .query_map([before_us], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?;
            ids.iter().try_for_each(|id| remove(transaction, *id))?;
            Ok(ids.len() as u64)
        })
    }

    /// Shrinks the files. That another process is reading does not matter: its next collection will do it.
    fn give_space_back(&self) -> Result<(), StoreError> {
        let connection = self.writer();
        let vacuum = connection.prepare("PRAGMA incremental_vacuum").and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        });
        drop(connection);
        vacuum.and_then(|()| self.empty_log()).map_err(|error| self.explain(error))
    }

    /// Copies the log into the database and makes it empty.
    fn empty_log(&self) -> rusqlite::Result<()> {
        self.writer().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

struct Candidate {
    id: i64,
    bytes: u64,
    at_us: i64,
}

fn total(connection: &Connection) -> rusqlite::Result<u64> {
    let sum: i64 = connection.query_row(
        "SELECT coalesce(sum(stored_bytes), 0) FROM blobs WHERE retired_us IS NULL AND digest IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(sum.max(0).cast_unsigned())
}

fn may_go(connection: &Connection) -> rusqlite::Result<Vec<Candidate>> {
    let mut statement = connection.prepare(MAY_GO)?;
    let rows = statement.query_map([], |row| {
        Ok(Candidate {
            id: row.get(0)?,
            bytes: row.get::<_, i64>(1)?.max(0).cast_unsigned(),
            at_us: row.get(2)?,
        })
    })?;
    rows.collect()
}

fn retire(connection: &Connection, id: i64, now_us: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM pieces WHERE blob = ?")?.execute([id])?;
    connection
        .prepare_cached("UPDATE blobs SET retired_us = ?, stored_bytes = 0 WHERE id = ?")?
        .execute(params![now_us, id])?;
    Ok(())
}
