//! Bytes that arrive bit by bit: cleaned, compressed and stored in pieces, in bounded memory.
//!
//! Invariants
//! - A secret is not cut in two at the border of two pieces.
//! - A blob has a digest only when it is whole; what a crash leaves has none and is collected later.

use std::io;

use rusqlite::{Connection, params};
use vouchsafe_base::Digest;

use super::append::in_transaction;
use super::{Store, StoreError};
use crate::redact::MATCH_BYTES_MAX;

/// A piece has about this many bytes before it is compressed.
const PIECE_BYTES: usize = 1 << 20;
/// zstd's own default: about as fast as the disk here.
const COMPRESSION_LEVEL: i32 = 3;

/// Takes bytes until [`Self::finish`]; dropped before that, it leaves nothing.
pub struct Spool<'store> {
    store: &'store Store,
    waiting: Vec<u8>,
    hasher: blake3::Hasher,
    blob: Option<i64>,
    pieces: u32,
    bytes: u64,
    stored_bytes: u64,
    lines: u32,
    last: Option<u8>,
}

/// What a finished spool became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spooled {
    /// The digest of the stored bytes.
    pub digest: Digest,
    /// How many bytes were stored, before compression.
    pub bytes: u64,
    /// How many lines they have, by [`crate::lines()`].
    pub lines: u32,
}

impl<'store> Spool<'store> {
    pub(super) fn new(store: &'store Store) -> Self {
        Self {
            store,
            waiting: Vec::new(),
            hasher: blake3::Hasher::new(),
            blob: None,
            pieces: 0,
            bytes: 0,
            stored_bytes: 0,
            lines: 0,
            last: None,
        }
    }

    /// Takes more bytes.
    ///
    /// # Errors
    /// Any error of a write; the spool is of no use then.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        for part in bytes.chunks(PIECE_BYTES) {
            self.waiting.extend_from_slice(part);
            if self.waiting.len() >= PIECE_BYTES + 2 * MATCH_BYTES_MAX {
                let wanted = self.waiting.len() - MATCH_BYTES_MAX;
                let cut = match self.store.redactor().safe_cut(&self.waiting, wanted) {
                    0 => wanted,
                    cut => cut,
                };
                let rest = self.waiting.split_off(cut);
                let ready = std::mem::replace(&mut self.waiting, rest);
                self.store_piece(&ready)?;
            }
        }
        Ok(())
    }

    /// Stores the rest and names the whole by its digest.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn finish(mut self) -> Result<Spooled, StoreError> {
        let rest = std::mem::take(&mut self.waiting);
        let last = match self.blob {
            Some(_) if rest.is_empty() => None,
            _ => Some(self.clean(&rest)?),
        };
        let digest = Digest::from_bytes(*self.hasher.finalize().as_bytes());
        let (known, n, at_us) = (self.blob, self.pieces, self.store.now().as_microsecond());
        let totals = (self.bytes.cast_signed(), self.stored_bytes.cast_signed());
        self.store.write_relaxed(|connection| {
            if refresh(connection, digest, at_us)? {
                return known.map_or(Ok(()), |id| remove(connection, id));
            }
            let id = match (known, &last) {
                (Some(id), None) => id,
                (_, last) => insert_piece(connection, known, n, last.as_deref().unwrap_or_default(), at_us)?,
            };
            name(connection, id, digest, totals, at_us)
        })?;
        self.blob = None;
        let open_line = u32::from(self.last.is_some_and(|byte| byte != b'\n'));
        Ok(Spooled { digest, bytes: self.bytes, lines: self.lines.saturating_add(open_line) })
    }

    fn store_piece(&mut self, ready: &[u8]) -> Result<(), StoreError> {
        let data = self.clean(ready)?;
        let (id, n, at_us) = (self.blob, self.pieces, self.store.now().as_microsecond());
        self.blob =
            Some(self.store.write_relaxed(|connection| insert_piece(connection, id, n, &data, at_us))?);
        self.pieces += 1;
        Ok(())
    }

    /// Replaces secrets, counts, and returns what is left, compressed.
    fn clean(&mut self, ready: &[u8]) -> Result<Vec<u8>, StoreError> {
        let clean = self.store.redactor().bytes(ready);
        self.hasher.update(&clean);
        self.bytes += clean.len() as u64;
        let ends = clean.iter().filter(|byte| **byte == b'\n').count();
        self.lines = self.lines.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.last = clean.last().copied().or(self.last);
        let data = zstd::bulk::compress(&clean, COMPRESSION_LEVEL)
            .map_err(|error| StoreError::from_io(&self.store.dir, &self.store.dir, error))?;
        self.stored_bytes += data.len() as u64;
        Ok(data)
    }
}

impl io::Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Spool<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.blob {
            // What cannot be removed now has no digest, and gc removes it.
            self.store.write_relaxed(|connection| remove(connection, id)).unwrap_or_default();
        }
    }
}

impl Store {
    /// One transaction that is on disk no later than the next durable one: both go through the same log, in order.
    fn write_relaxed<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writer();
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(|error| self.explain(error))?;
        let done = in_transaction(&mut connection, |transaction| work(transaction));
        connection.pragma_update(None, "synchronous", "FULL").map_err(|error| self.explain(error))?;
        done.map_err(|error| self.explain(error))
    }
}

fn insert_piece(
    connection: &Connection,
    id: Option<i64>,
    n: u32,
    data: &[u8],
    at_us: i64,
) -> rusqlite::Result<i64> {
    let id = match id {
        Some(id) => id,
        None => {
            connection
                .prepare_cached("INSERT INTO blobs (bytes, stored_bytes, at_us) VALUES (0, 0, ?)")?
                .execute([at_us])?;
            connection.last_insert_rowid()
        }
    };
    connection
        .prepare_cached("INSERT INTO pieces (blob, n, data) VALUES (?,?,?)")?
        .execute(params![id, n, data])?;
    Ok(id)
}

/// Whether a blob with these bytes is there already; it counts as new then.
fn refresh(connection: &Connection, digest: Digest, at_us: i64) -> rusqlite::Result<bool> {
    let refreshed = connection
        .prepare_cached("UPDATE blobs SET at_us = ? WHERE digest = ? AND retired_us IS NULL")?
        .execute(params![at_us, digest.as_bytes()])?;
    Ok(refreshed > 0)
}

/// Gives a whole blob its name, which a retired one may have had.
fn name(
    connection: &Connection,
    id: i64,
    digest: Digest,
    totals: (i64, i64),
    at_us: i64,
) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM blobs WHERE digest = ?")?.execute(params![digest.as_bytes()])?;
    connection
        .prepare_cached("UPDATE blobs SET digest = ?, bytes = ?, stored_bytes = ?, at_us = ? WHERE id = ?")?
        .execute(params![digest.as_bytes(), totals.0, totals.1, at_us, id])?;
    Ok(())
}

pub(super) fn remove(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM pieces WHERE blob = ?")?.execute([id])?;
    connection.prepare_cached("DELETE FROM blobs WHERE id = ?")?.execute([id])?;
    Ok(())
}
