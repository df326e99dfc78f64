//! The tables, as a list of steps that each take a store one version further.
//!
//! Invariants
//! - A step that was released is never changed; a change is a new step.
//! - `PRAGMA user_version` is the number of steps that were taken.

use rusqlite::{Connection, TransactionBehavior};

/// `application_id`: the first four bytes of the BLAKE3 of `vouchsafe`, so that `file` and we know our own.
pub(super) const APPLICATION_ID: i32 = 0x3f8e_55d1;

/// Step `n` leads from version `n` to `n + 1`. Times are microseconds since 1970; `events.key` is `task << 32 | seq`.
pub(super) const STEPS: &[&str] = &[
    "
    CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        workspace TEXT NOT NULL,
        started_us INTEGER NOT NULL,
        ended_us INTEGER,
        outcome TEXT,
        owner TEXT NOT NULL,
        last_seq INTEGER NOT NULL,
        head BLOB NOT NULL
    ) STRICT;
    CREATE INDEX tasks_open ON tasks (owner) WHERE ended_us IS NULL;
    CREATE INDEX tasks_workspace ON tasks (workspace, id);
    CREATE TABLE events (
        key INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        body TEXT NOT NULL,
        digest BLOB NOT NULL
    ) STRICT;
    CREATE TABLE blobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB UNIQUE,
        bytes INTEGER NOT NULL,
        stored_bytes INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        retired_us INTEGER
    ) STRICT;
    CREATE TABLE pieces (
        blob INTEGER NOT NULL,
        n INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (blob, n)
    ) STRICT;
    CREATE TABLE blob_uses (
        digest BLOB NOT NULL,
        key INTEGER NOT NULL,
        PRIMARY KEY (digest, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX blob_uses_event ON blob_uses (key);
",
    "
    CREATE TABLE followed (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        workspace TEXT NOT NULL,
        path BLOB NOT NULL,
        text BLOB NOT NULL,
        marks BLOB NOT NULL,
        blame BLOB NOT NULL,
        at_us INTEGER NOT NULL,
        UNIQUE (workspace, path, text)
    ) STRICT;
    CREATE TABLE followed_steps (
        followed INTEGER NOT NULL,
        key INTEGER NOT NULL,
        PRIMARY KEY (followed, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX followed_steps_event ON followed_steps (key);
",
];

/// The newest version this program knows.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// The version of an open database; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing, all or none.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&transaction)?;
    for step in STEPS.iter().skip(from as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()
}
