//! What was changed behind the store's back is named, and what is broken is kept.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use support::{ran, started};
use vouchsafe_evidence::log::{Ended, Event, Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation};
use vouchsafe_evidence::store::{DATABASE, Notice, Options, Problem, Retention, Store, StoreError};

/// A finished task of six events; closed, so that all is in the database file.
fn recorded(dir: &Path) -> TaskId {
    let store = Store::open(dir).unwrap();
    let task = store.begin(&started("format")).unwrap();
    store.append(task, &ran(&store, "cargo test", 0, "test result: ok. 5 passed")).unwrap();
    store.append(task, &Event::message("needle-three")).unwrap();
    store.append(task, &Event::message("needle-four")).unwrap();
    store.append(task, &ran(&store, "cargo fmt", 0, "formatted")).unwrap();
    store.append(task, &Event::End(Ended::Finished)).unwrap();
    task
}

fn database(dir: &Path) -> Connection {
    Connection::open(dir.join(DATABASE)).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test damages a file of its own")]
fn write(path: &Path, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

fn problems(dir: &Path, task: TaskId) -> Vec<Problem> {
    Store::open(dir).unwrap().verify(task).unwrap()
}

#[test]
fn an_untouched_record_has_no_problem() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    assert_eq!(problems(dir.path(), task), []);
}

#[test]
fn one_flipped_byte_in_the_file_names_the_event() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let path = dir.path().join(DATABASE);
    let sound = std::fs::read(&path).unwrap();
    let at = sound.windows(11).position(|window| window == b"needle-four").unwrap();
    for offset in 0..11 {
        let mut bytes = sound.clone();
        bytes[at + offset] ^= 1;
        write(&path, bytes).unwrap();
        assert_eq!(problems(dir.path(), task), [Problem::EventChanged { seq: Seq::new(4) }]);
    }
    write(&path, &sound).unwrap();
    assert_eq!(problems(dir.path(), task), []);
}

/// Whatever byte of the file is flipped: nothing panics, and a record in which no problem is found is the original.
#[test]
fn no_flipped_byte_goes_unseen_where_it_matters() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let original = Store::open(dir.path()).unwrap().events(task).unwrap();
    let sound = std::fs::read(dir.path().join(DATABASE)).unwrap();
    let (mut seen, mut harmless) = (0, 0);
    for at in (0..sound.len()).step_by(173) {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        write(&dir.path().join(DATABASE), &bytes).unwrap();
        let problems = Store::open(dir.path()).and_then(|store| Ok((store.verify(task)?, store)));
        match problems {
            Ok((problems, store)) if problems.is_empty() => {
                assert_eq!(store.events(task).unwrap(), original, "byte {at}");
                harmless += 1;
            }
            _ => seen += 1,
        }
    }
    assert!(seen > 5 && harmless > 5, "{seen} seen, {harmless} harmless");
}

#[test]
fn each_way_to_change_an_event_names_it_alone() {
    let changes = [
        (
            "UPDATE events SET at_us = at_us + 1 WHERE key & 0xff = 4",
            "event 4 was changed after it was recorded",
        ),
        (
            "UPDATE events SET digest = zeroblob(32) WHERE key & 0xff = 4",
            "event 4 was changed after it was recorded",
        ),
        (
            "UPDATE events SET digest = zeroblob(32) WHERE key & 0xff = 6",
            "event 6 was changed after it was recorded",
        ),
        ("DELETE FROM events WHERE key & 0xff = 4", "event 4 is missing"),
        ("DELETE FROM events WHERE key & 0xff = 6", "event 6 is missing"),
        ("UPDATE tasks SET title = 'other'", "the task's title is not the one that was recorded"),
        (
            "UPDATE tasks SET outcome = '{\"outcome\":\"cancelled\"}'",
            "the task's outcome is not the one that was recorded",
        ),
        ("UPDATE tasks SET head = zeroblob(32)", "the task does not end with event 6 as it was recorded"),
        (
            "INSERT INTO events SELECT key + 1, at_us, body, digest FROM events WHERE key & 0xff = 6",
            "event 7 was added behind the end of the record",
        ),
    ];
    for (sql, expected) in changes {
        let dir = tempfile::tempdir().unwrap();
        let task = recorded(dir.path());
        assert_eq!(database(dir.path()).execute(sql, []).unwrap(), 1);
        let named: Vec<String> = problems(dir.path(), task).iter().map(ToString::to_string).collect();
        assert_eq!(named, [expected], "{sql}");
    }
}

#[test]
fn swapped_events_and_a_cut_tail_show() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let cut = "DELETE FROM events WHERE key & 0xff = 6; UPDATE tasks SET last_seq = 5, ended_us = NULL, outcome = NULL";
    database(dir.path()).execute_batch(cut).unwrap();
    assert_eq!(problems(dir.path(), task), [Problem::HeadChanged { seq: Seq::new(5) }]);

    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let swap = "UPDATE events SET key = -1 WHERE key & 0xff = 3; UPDATE events SET key = key - 1 WHERE key & 0xff = 4;
                UPDATE events SET key = (1 << 32) + 4 WHERE key = -1";
    database(dir.path()).execute_batch(swap).unwrap();
    assert!(problems(dir.path(), task).contains(&Problem::EventChanged { seq: Seq::new(3) }));
}

#[test]
fn a_blob_that_is_gone_or_changed_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let blob = vouchsafe_base::Digest::of(b"formatted");
    let other = zstd::bulk::compress(b"reformatted", 3).unwrap();
    let change = "UPDATE pieces SET data = ? WHERE blob = (SELECT id FROM blobs WHERE digest = ?)";
    database(dir.path()).execute(change, rusqlite::params![other, blob.as_bytes()]).unwrap();
    assert_eq!(problems(dir.path(), task), [Problem::BlobChanged { seq: Seq::new(5), blob }]);
    database(dir.path()).execute("DELETE FROM blobs WHERE digest = ?", [blob.as_bytes()]).unwrap();
    assert_eq!(problems(dir.path(), task), [Problem::BlobMissing { seq: Seq::new(5), blob }]);
}

#[test]
fn collection_keeps_what_accepted_lines_cite() {
    let dir = tempfile::tempdir().unwrap();
    let task = recorded(dir.path());
    let later = std::sync::Arc::new(|| jiff::Timestamp::now() + Duration::from_secs(3_600));
    let store = Store::open_with(dir.path(), Options { clock: later, ..Options::default() }).unwrap();
    let mut blame = Blame::new(1);
    blame.cite(0..1, &Citation { task, steps: vec![Seq::new(2)] });
    store.remember("/w", &support::path("a"), "x\n", &blame).unwrap();
    let running = store.begin(&started("runs")).unwrap();
    store.append(running, &ran(&store, "ls", 0, "listing")).unwrap();
    let stored = |text: &str| store.blob(vouchsafe_base::Digest::of(text.as_bytes())).unwrap().is_some();
    assert_eq!(store.gc(&Retention::default()).unwrap().retired, 0);
    let report = store.gc(&Retention { max_age: None, max_bytes: Some(0) }).unwrap();
    assert_eq!(report.retired, 1, "{report:?}");
    assert!(stored("test result: ok. 5 passed"), "an accepted line cites step 2");
    assert!(stored("listing"), "its task still runs");
    assert!(!stored("formatted"));
    assert_eq!(store.verify(task).unwrap(), [], "a retired blob is not a missing one");
    store.append(running, &ran(&store, "cargo fmt", 0, "formatted")).unwrap();
    assert!(stored("formatted"), "it can come back");
    assert_eq!(
        store.gc(&Retention { max_age: Some(Duration::from_secs(60)), max_bytes: None }).unwrap().retired,
        0
    );
}

fn set_aside(store: &Store) -> PathBuf {
    let [Notice::SetAside { kept, .. }] = store.notices() else { panic!("{:?}", store.notices()) };
    kept.clone()
}

#[test]
fn a_corrupt_store_is_set_aside_and_work_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    recorded(dir.path());
    let path = dir.path().join(DATABASE);
    let sound = std::fs::read(&path).unwrap();
    let mut holed = sound.clone();
    holed[4096..].fill(0xa5);
    for broken in
        [b"this is no database, but it is long enough to look at".repeat(40), sound[..5_000].to_vec(), holed]
    {
        write(&path, &broken).unwrap();
        let store = Store::open(dir.path()).unwrap();
        let kept = set_aside(&store);
        assert_eq!(std::fs::read(kept).unwrap(), broken);
        assert!(store.notices()[0].to_string().contains("a new one was begun"));
        let task = store.begin(&started("goes on")).unwrap();
        assert_eq!((task, store.verify(task).unwrap()), (TaskId::new(1), vec![]));
    }
}

#[test]
fn damage_met_while_working_is_named_and_set_aside_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let task = store.begin(&started("long")).unwrap();
    let messages: Vec<Event> =
        (0..100).map(|n| Event::message(format!("needle-{n} {}", "x".repeat(900)))).collect();
    store.append_all(task, &messages).unwrap();
    drop(store);
    let path = dir.path().join(DATABASE);
    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.windows(10).position(|window| window == b"needle-50 ").unwrap() / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    write(&path, &bytes).unwrap();

    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.notices(), [], "the opening does not read everything");
    let problems = store.verify(task).unwrap();
    assert!(
        problems
            .iter()
            .any(|problem| matches!(problem, Problem::EventUnreadable { seq, .. } if *seq == Seq::new(52)))
    );
    assert!(problems.len() < 10, "{problems:?}");
    let error = store.events(task).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    drop(store);

    let store = Store::open(dir.path()).unwrap();
    assert_eq!(std::fs::read(set_aside(&store)).unwrap(), bytes);
    drop(store);
    assert_eq!(Store::open(dir.path()).unwrap().notices(), []);
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    write(&file, "").unwrap();
    let error = Store::open(&file.join("state")).err().unwrap();
    assert!(matches!(error, StoreError::Unwritable { .. }), "{error:?}");
    assert!(error.to_string().contains("make it writable or set XDG_STATE_HOME"), "{error}");
}
