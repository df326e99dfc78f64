//! Bytes, addressed by the digest of what is stored.

use std::io::Write;

use rusqlite::{Connection, OptionalExtension, params};
use vouchsafe_base::Digest;

use super::{Spool, Store, StoreError};

impl Store {
    /// Stores bytes with secrets replaced and returns the digest of what was stored. The same bytes are stored once.
    /// They are on disk when the next event has been appended.
    ///
    /// If a secret was replaced, the digest is not that of `bytes`, and [`Self::blob`] does not find it under that one:
    /// so content that goes back to a workspace is looked up by the digest of the true content, or not at all.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn put_blob(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let mut spool = self.spool();
        spool.take(bytes)?;
        Ok(spool.finish()?.digest)
    }

    /// A place to write bytes to that may be too many for memory.
    #[must_use]
    pub fn spool(&self) -> Spool<'_> {
        Spool::new(self)
    }

    /// The bytes with this digest, whole; `None` if they are not there or were retired.
    ///
    /// # Errors
    /// Any error of a read.
    pub fn blob(&self, digest: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let mut bytes = Vec::new();
        let found = self.read_blob(digest, &mut bytes)?;
        Ok(found.then_some(bytes))
    }

    /// Writes the bytes with this digest to `out`, piece by piece; `false` if they are not there.
    ///
    /// # Errors
    /// Any error of a read, and of `out`.
    pub fn read_blob(&self, digest: Digest, out: &mut dyn Write) -> Result<bool, StoreError> {
        let id = blob_id(&self.reader(), digest).map_err(|error| self.explain(error))?;
        let Some(id) = id else { return Ok(false) };
        let mut n = 0;
        while let Some(piece) = piece(&self.reader(), id, n).map_err(|error| self.explain(error))? {
            let damaged = |detail: String| StoreError::Damaged { dir: self.dir.clone(), detail };
            let mut plain =
                zstd::Decoder::new(piece.as_slice()).map_err(|error| damaged(error.to_string()))?;
            std::io::copy(&mut plain, out).map_err(|error| damaged(format!("blob {digest}: {error}")))?;
            n += 1;
        }
        Ok(true)
    }
}

/// The row of a blob whose bytes are there.
pub(super) fn blob_id(connection: &Connection, digest: Digest) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM blobs WHERE digest = ? AND retired_us IS NULL")?
        .query_row(params![digest.as_bytes()], |row| row.get(0))
        .optional()
}

fn piece(connection: &Connection, blob: i64, n: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT data FROM pieces WHERE blob = ? AND n = ?")?
        .query_row(params![blob, n], |row| row.get(0))
        .optional()
}
