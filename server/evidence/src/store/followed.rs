//! Accepted lines, remembered across restarts, checkouts and other programs.
//!
//! Invariants
//! - The text itself is not kept: a digest of the whole and a mark per line are enough to find lines again.
//! - Each text that a file had keeps its own row, so switching branches and back finds the row of that text.

use std::time::Instant;

use rusqlite::{Connection, params};
use vouchsafe_base::{Digest, WorkspacePath};

use super::append::key;
use super::{Store, StoreError};
use crate::origin::{Blame, DIFF_TIME_MAX, line_mark};

/// So many texts of one file are remembered; the one that was not seen for longest goes first.
const TEXTS_PER_FILE_MAX: u32 = 16;

/// What was remembered about a file, fitted to its present text.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// The citations of the text's lines.
    pub blame: Blame,
    /// Whether exactly this text was remembered. Otherwise lines were found again by comparing.
    pub exact: bool,
}

struct Row {
    text: Digest,
    marks: Vec<u64>,
    blame: Blame,
}

impl Store {
    /// Remembers which lines of a file are cited. `text` is what `blame` describes, saved or not.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn remember(
        &self,
        workspace: &str,
        path: &WorkspacePath,
        text: &str,
        blame: &Blame,
    ) -> Result<(), StoreError> {
        let at_us = self.now().as_microsecond();
        let json = serde_json::to_vec(blame).unwrap_or_default();
        let marks: Vec<u8> = crate::lines(text).flat_map(|line| line_mark(line).to_le_bytes()).collect();
        let packed = |bytes: &[u8]| {
            zstd::bulk::compress(bytes, 1).map_err(|error| StoreError::from_io(&self.dir, &self.dir, error))
        };
        let (json, marks) = (packed(&json)?, packed(&marks)?);
        let digest = Digest::of(text.as_bytes());
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM followed WHERE workspace = ? AND path = ? AND text = ?")?
                .execute(params![workspace, path.as_bytes(), digest.as_bytes()])?;
            transaction
                .prepare_cached("INSERT INTO followed (workspace, path, text, marks, blame, at_us) VALUES (?,?,?,?,?,?)")?
                .execute(params![workspace, path.as_bytes(), digest.as_bytes(), marks, json, at_us])?;
            keep_steps(transaction, transaction.last_insert_rowid(), blame)?;
            transaction
                .prepare_cached(
                    "DELETE FROM followed WHERE id IN (SELECT id FROM followed WHERE workspace = ? AND path = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
                )?
                .execute(params![workspace, path.as_bytes(), TEXTS_PER_FILE_MAX])?;
            Ok(())
        })
    }

    /// Which lines of a file's present text are cited. If this text was remembered: exactly those. Otherwise the
    /// lines are looked for in the texts that were, the latest first. `None` if nothing is known about the file.
    ///
    /// # Errors
    /// Any error of a read.
    pub fn recall(
        &self,
        workspace: &str,
        path: &WorkspacePath,
        text: &str,
    ) -> Result<Option<Recalled>, StoreError> {
        let rows = rows(&self.reader(), workspace, path).map_err(|error| self.explain(error))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let digest = Digest::of(text.as_bytes());
        if let Some(row) = rows.iter().find(|row| row.text == digest) {
            return Ok(Some(Recalled { blame: row.blame.clone(), exact: true }));
        }
        let mut blame = Blame::new(crate::lines::count(text));
        let start = Instant::now();
        for row in rows.iter().take_while(|_| start.elapsed() < 2 * DIFF_TIME_MAX) {
            blame.fill_from(&row.blame, &row.marks, text);
        }
        Ok(Some(Recalled { blame, exact: false }))
    }

    /// The file has another name now; what was remembered under the new one is forgotten.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn rename_followed(
        &self,
        workspace: &str,
        from: &WorkspacePath,
        to: &WorkspacePath,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM followed WHERE workspace = ? AND path = ?")?
                .execute(params![workspace, to.as_bytes()])?;
            transaction
                .prepare_cached("UPDATE followed SET path = ? WHERE workspace = ? AND path = ?")?
                .execute(params![to.as_bytes(), workspace, from.as_bytes()])?;
            Ok(())
        })
    }

    /// The files of a workspace that had exactly this text when they were remembered.
    ///
    /// # Errors
    /// Any error of a read.
    pub fn followed_with_text(&self, workspace: &str, text: &str) -> Result<Vec<WorkspacePath>, StoreError> {
        let digest = Digest::of(text.as_bytes());
        let connection = self.reader();
        let rows = connection
            .prepare_cached("SELECT path FROM followed WHERE text = ? AND workspace = ? ORDER BY id DESC")
            .and_then(|mut statement| {
                let rows = statement
                    .query_map(params![digest.as_bytes(), workspace], |row| row.get::<_, Vec<u8>>(0))?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            });
        let rows = rows.map_err(|error| self.explain(error))?;
        Ok(rows.iter().filter_map(|bytes| WorkspacePath::from_bytes(bytes).ok()).collect())
    }

    /// The files of a workspace about which something is remembered.
    ///
    /// # Errors
    /// Any error of a read.
    pub fn followed_files(&self, workspace: &str) -> Result<Vec<WorkspacePath>, StoreError> {
        let connection = self.reader();
        let rows = connection
            .prepare_cached("SELECT DISTINCT path FROM followed WHERE workspace = ? ORDER BY path")
            .and_then(|mut statement| {
                let rows = statement.query_map([workspace], |row| row.get::<_, Vec<u8>>(0))?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            });
        let rows = rows.map_err(|error| self.explain(error))?;
        Ok(rows.iter().filter_map(|bytes| WorkspacePath::from_bytes(bytes).ok()).collect())
    }
}

/// Notes the events that a remembered text cites, so that their blobs are kept.
fn keep_steps(connection: &Connection, followed: i64, blame: &Blame) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("INSERT OR IGNORE INTO followed_steps (followed, key) VALUES (?,?)")?;
    for citation in blame.citations() {
        for step in &citation.steps {
            statement.execute(params![followed, key(citation.task, *step)])?;
        }
    }
    Ok(())
}

/// What is remembered about a file, the latest first. A row that cannot be read is as good as forgotten.
fn rows(connection: &Connection, workspace: &str, path: &WorkspacePath) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(
        "SELECT text, marks, blame FROM followed WHERE workspace = ? AND path = ? ORDER BY id DESC",
    )?;
    let rows = statement.query_map(params![workspace, path.as_bytes()], |row| {
        Ok((Digest::from_bytes(row.get(0)?), row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    let parsed = rows.map(|row| row.map(|(text, marks, blame)| parse(text, &marks, &blame)));
    parsed.filter_map(Result::transpose).collect()
}

fn parse(text: Digest, marks: &[u8], blame: &[u8]) -> Option<Row> {
    let blame: Blame = serde_json::from_slice(&zstd::decode_all(blame).ok()?).ok()?;
    let bytes = zstd::decode_all(marks).ok()?;
    let (marks, []) = bytes.as_chunks::<8>() else { return None };
    let marks: Vec<u64> = marks.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
    (marks.len() == blame.lines() as usize).then_some(Row { text, marks, blame })
}
