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
    CREATE TRIGGER followed_forgotten AFTER DELETE ON followed BEGIN
        DELETE FROM followed_steps WHERE followed = old.id;
    END;
",
    "
    CREATE TABLE waiting (
        task INTEGER PRIMARY KEY,
        workspace TEXT NOT NULL,
        owner TEXT NOT NULL
    ) STRICT;
    CREATE INDEX waiting_workspace ON waiting (workspace, owner);
    CREATE TABLE untold (
        task INTEGER PRIMARY KEY,
        workspace TEXT NOT NULL
    ) STRICT;
    CREATE INDEX untold_workspace ON untold (workspace);
    CREATE INDEX events_claims ON events (key) WHERE substr(body, 1, 15) = '{\"type\":\"claim\"';
    CREATE INDEX followed_text ON followed (text, workspace);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Event, Seq, TaskId};
    use crate::origin::Blame;
    use crate::store::append::{CHAIN_START, key, link};
    use crate::store::{DATABASE, Store, StoreError};
    use rusqlite::params;
    use vouchsafe_base::WorkspacePath;

    /// A store as its first version left it.
    fn first_version(dir: &std::path::Path) {
        let connection = Connection::open(dir.join(DATABASE)).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let body = r#"{"type":"task","kind":"fix","title":"t","text":"x","workspace":"/w"}"#;
        let (task, seq) = (TaskId::new(1), Seq::FIRST);
        let digest = link(CHAIN_START, task, seq, 5, body.as_bytes());
        connection
            .execute(
                "INSERT INTO tasks (kind, title, workspace, started_us, owner, last_seq, head) VALUES ('fix','t','/w',5,'gone',1,?)",
                params![digest.as_bytes()],
            )
            .unwrap();
        connection
            .execute("INSERT INTO events VALUES (?,5,?,?)", params![key(task, seq), body, digest.as_bytes()])
            .unwrap();
    }

    #[test]
    fn a_store_of_an_earlier_schema_opens() {
        let dir = tempfile::tempdir().unwrap();
        first_version(dir.path());
        let store = Store::open(dir.path()).unwrap();
        let task = TaskId::new(1);
        assert_eq!(store.verify(task).unwrap(), []);
        assert_eq!(store.mark_interrupted().unwrap(), [task]);
        assert_eq!(store.append(task, &Event::message("on")).unwrap(), Seq::new(3));
        store.remember("/w", &WorkspacePath::parse("a").unwrap(), "x\n", &Blame::new(1)).unwrap();
        assert_eq!(version(&store.reader()).unwrap(), newest());
    }

    #[test]
    fn a_store_of_a_newer_schema_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let path = dir.path().join(DATABASE);
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(dir.path()).err().unwrap();
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
        assert!(error.to_string().contains("written by a newer version"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_full_disk_is_named_and_corrupts_nothing() {
        let dir = tempfile::tempdir().unwrap();
        first_version(dir.path());
        let store = Store::open(dir.path()).unwrap();
        let task = TaskId::new(1);
        let pages: u32 = store.writer().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.writer().pragma_update(None, "max_page_count", pages + 4).unwrap();
        let mut last = Seq::FIRST;
        let error = loop {
            match store.append(task, &Event::message("x".repeat(1_000))) {
                Ok(seq) => last = seq,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        let bytes: Vec<u8> = (0..100_000u32)
            .flat_map(|n| vouchsafe_base::Digest::of(&n.to_le_bytes()).as_bytes().to_vec())
            .collect();
        assert!(matches!(store.put_blob(&bytes), Err(StoreError::Full { .. })));
        assert_eq!(store.events(task).unwrap().last().unwrap().seq, last);
        assert_eq!(store.verify(task).unwrap(), []);
        store.writer().pragma_update(None, "max_page_count", 1_000_000).unwrap();
        assert_eq!(store.append(task, &Event::message("again")).unwrap(), last.next());
    }
}
