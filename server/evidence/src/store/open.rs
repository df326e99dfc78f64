//! Opening: directories, permissions, schema; a damaged store set aside.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Options, StoreError, schema};

/// The name of the database in the state directory.
pub const DATABASE: &str = "evidence.db";
/// While this file is there, the database is checked as a whole when it is opened.
const SUSPECT: &str = "evidence.db.suspect";
/// How long one process waits for another to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// The log is copied into the database when it has this many pages (4 KiB each).
const CHECKPOINT_PAGES: u32 = 4_000;

/// Something the user should hear about the opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The record was damaged; it was kept under another name and a new one begun.
    SetAside {
        /// Where the damaged one is now.
        kept: PathBuf,
        /// What was wrong with it.
        detail: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::SetAside { kept, detail } = self;
        write!(
            f,
            "the record was damaged ({detail}); it is kept as {}, and a new one was begun",
            kept.display()
        )
    }
}

pub(super) struct Opened {
    pub(super) writer: Connection,
    pub(super) reader: Connection,
    pub(super) notices: Vec<Notice>,
}

/// Opens or makes the database. One process at a time: a lock file guards creation, migration and setting aside.
pub(super) fn open(dir: &Path, options: &Options) -> Result<Opened, StoreError> {
    make_private_dir(dir).map_err(|error| unwritable(dir, &error))?;
    let _lock = lock(&dir.join("open.lock")).map_err(|error| StoreError::from_io(dir, dir, error))?;
    let path = dir.join(DATABASE);
    let mut notices = Vec::new();
    let writer = match connect_ready(dir, &path) {
        Err(StoreError::Damaged { detail, .. }) => {
            let kept = set_aside(&path, options).map_err(|error| StoreError::from_io(dir, &path, error))?;
            notices.push(Notice::SetAside { kept, detail });
            connect_ready(dir, &path)?
        }
        other => other?,
    };
    let reader = connect(&path).map_err(|error| StoreError::from_sqlite(dir, error))?;
    Ok(Opened { writer, reader, notices })
}

/// Opens a database that is there and cannot be written, because its directory or disk cannot.
pub(super) fn open_to_read(dir: &Path) -> Result<Opened, StoreError> {
    let path = dir.join(DATABASE);
    let explain = |error| StoreError::from_sqlite(dir, error);
    // As it is, with what the log holds; where the log's index cannot be made, as if nothing else could change it.
    let read = |parameters: &str| -> rusqlite::Result<(Connection, u32)> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri(&path, parameters), flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        probe(&connection)?;
        let found = schema::version(&connection)?;
        Ok((connection, found))
    };
    let parameters = if read("mode=ro").is_ok() { "mode=ro" } else { "immutable=1" };
    let log = fs::metadata(format!("{}-wal", path.display())).map_or(0, |meta| meta.len());
    if parameters == "immutable=1" && log > 0 {
        // Without the log the newest events would be missing in silence.
        let reason = "its log has not been copied into the database, which takes writing".to_owned();
        return Err(StoreError::Unwritable { dir: dir.to_owned(), reason });
    }
    let (reader, found) = read(parameters).map_err(explain)?;
    let known = schema::newest();
    if found > known {
        return Err(StoreError::Newer { path, found, known });
    }
    let (writer, _) = read(parameters).map_err(explain)?;
    Ok(Opened { writer, reader, notices: Vec::new() })
}

/// A path as SQLite takes it with parameters.
fn uri(path: &Path, parameters: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let encoded = path.as_os_str().as_encoded_bytes().iter().map(|byte| match byte {
        byte if plain(*byte) => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    format!("file:{}?{parameters}", encoded.collect::<String>())
}

/// A connection to a database of the newest schema.
fn connect_ready(dir: &Path, path: &Path) -> Result<Connection, StoreError> {
    let explain = |error| StoreError::from_sqlite(dir, error);
    private_file(path).map_err(|error| unwritable(dir, &error))?;
    let mut connection = connect(path).map_err(explain)?;
    let found = schema::version(&connection).map_err(explain)?;
    let known = schema::newest();
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found == 0 {
        // Before the first table, or it has no effect: lets gc give space back to the disk.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(explain)?;
    }
    if found < known {
        let mode: String = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
            .map_err(explain)?;
        if mode != "wal" {
            let reason = format!("its file system cannot share a write-ahead log, SQLite chose {mode}");
            return Err(StoreError::Unwritable { dir: dir.to_owned(), reason });
        }
        schema::migrate(&mut connection).map_err(explain)?;
    }
    probe(&connection).map_err(explain)?;
    if dir.join(SUSPECT).exists() {
        check_all(&connection).map_err(explain)?;
        trust(dir);
    }
    Ok(connection)
}

/// Notes that the database gave an error that only damage explains.
pub(super) fn suspect(dir: &Path) {
    // Without the note the next start does not look closely, and finds the damage when it meets it.
    private_file(&dir.join(SUSPECT)).unwrap_or_default();
}

#[expect(clippy::disallowed_methods, reason = "the note is this module's own file")]
fn trust(dir: &Path) {
    fs::remove_file(dir.join(SUSPECT)).unwrap_or_default();
}

/// Reads every page.
fn check_all(connection: &Connection) -> rusqlite::Result<()> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(corrupt, Some(found)))
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Touches the root of every table, so that gross damage shows now. A full check would take time in the size of the store.
fn probe(connection: &Connection) -> rusqlite::Result<()> {
    for sql in [
        "SELECT id FROM tasks ORDER BY id DESC LIMIT 1",
        "SELECT key FROM events ORDER BY key DESC LIMIT 1",
        "SELECT id FROM blobs ORDER BY id DESC LIMIT 1",
    ] {
        let mut statement = connection.prepare(sql).map_err(missing_table)?;
        let mut rows = statement.query([])?;
        rows.next()?;
    }
    Ok(())
}

/// A table that should be there and is not: as bad as a broken page.
fn missing_table(error: rusqlite::Error) -> rusqlite::Error {
    if error.sqlite_error_code() == Some(ErrorCode::Unknown) {
        let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return rusqlite::Error::SqliteFailure(corrupt, Some(error.to_string()));
    }
    error
}

/// Renames the database and its log; returns the new name of the database.
#[expect(clippy::disallowed_methods, reason = "the database is this module's own file")]
fn set_aside(path: &Path, options: &Options) -> io::Result<PathBuf> {
    let stamp = (options.clock)().as_second();
    let name = |n: u32, end: &str| PathBuf::from(format!("{}.damaged-{stamp}-{n}{end}", path.display()));
    let n = (0..).find(|n| !name(*n, "").exists()).unwrap_or(u32::MAX);
    fs::rename(path, name(n, ""))?;
    for end in ["-wal", "-shm"] {
        match fs::rename(format!("{}{end}", path.display()), name(n, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(name(n, ""))
}

fn unwritable(dir: &Path, error: &io::Error) -> StoreError {
    if error.kind() == io::ErrorKind::StorageFull {
        return StoreError::Full { dir: dir.to_owned() };
    }
    StoreError::Unwritable { dir: dir.to_owned(), reason: error.to_string() }
}

/// Makes the directory, and it alone, for its owner only.
pub(crate) fn make_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(dir)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

/// SQLite gives its log the permissions of the database, so it is enough to make that one right.
fn private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    options.open(path)?;
    Ok(())
}

/// Holds the lock until it is dropped or the process ends.
fn lock(path: &Path) -> io::Result<File> {
    private_file(path)?;
    let file = File::open(path)?;
    file.lock()?;
    Ok(file)
}
