//! The store as its callers see it.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use std::io::Write;

use support::{ran, started};
use vouchsafe_base::Digest;
use vouchsafe_evidence::log::{Ended, Event, Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation};
use vouchsafe_evidence::redact::Redactor;
use vouchsafe_evidence::store::{DATABASE, Options, Store, StoreError, TaskFilter};

#[test]
fn a_task_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let task = store.begin(&started("format")).unwrap();
    let command = ran(&store, "cargo fmt", 0, "formatted\n");
    assert_eq!(store.append(task, &command).unwrap(), Seq::new(2));
    assert_eq!(store.append(task, &Event::End(Ended::Finished)).unwrap(), Seq::new(3));
    let before = store.events(task).unwrap();
    drop(store);

    let store = Store::open(dir.path()).unwrap();
    let events = store.events(task).unwrap();
    assert_eq!(events, before);
    assert_eq!(events[0].event, Event::Task(started("format")));
    assert_eq!(events[1].event, command);
    let Event::Command(ran) = &events[1].event else { panic!() };
    assert_eq!(store.blob(ran.stdout.blob).unwrap().unwrap(), b"formatted\n");
    assert_eq!(store.blob(Digest::of(b"never stored")).unwrap(), None);
    assert_eq!(store.event(task, Seq::new(3)).unwrap().unwrap().event, Event::End(Ended::Finished));

    let all = store.tasks(&TaskFilter::default()).unwrap();
    assert_eq!((all.len(), all[0].id, all[0].events, all[0].title.as_str()), (1, task, 3, "format"));
    assert_eq!(all[0].outcome, Some(Ended::Finished));
    assert!(store.tasks(&TaskFilter { unfinished: true, ..TaskFilter::default() }).unwrap().is_empty());
}

#[test]
fn a_task_ends_once_and_reviews_may_follow() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let task = store.begin(&started("format")).unwrap();
    store.append(task, &Event::End(Ended::Cancelled)).unwrap();
    assert!(matches!(store.append(task, &Event::End(Ended::Finished)), Err(StoreError::EndedBefore(_))));
    assert_eq!(store.append(task, &Event::message("later")).unwrap(), Seq::new(3));
    let none = store.append(TaskId::new(99), &Event::message("x")).unwrap_err();
    assert_eq!(none.to_string(), "there is no task 99; `vouchsafe log` lists them");
}

#[test]
fn secrets_never_reach_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let secret = "correct-horse-battery-staple";
    let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    let redactor = Redactor::new([("MY_TOKEN", secret)], &[]).unwrap();
    let store = Store::open_with(dir.path(), Options { redactor, ..Options::default() }).unwrap();
    let task = store.begin(&started(&format!("use {secret}"))).unwrap();
    store.append(task, &Event::message(format!("I saw {token} and {secret}"))).unwrap();
    let mut spool = store.spool();
    for _ in 0..60_000 {
        writeln!(spool, "line with {secret} and {token} inside").unwrap();
    }
    let spooled = spool.finish().unwrap();
    store.append(task, &ran(&store, "env", 0, &format!("MY_TOKEN={secret}\n"))).unwrap();
    assert_eq!(spooled.lines, 60_000);
    let bytes = store.blob(spooled.digest).unwrap().unwrap();
    assert_eq!(Digest::of(&bytes), spooled.digest);
    for line in vouchsafe_evidence::lines(std::str::from_utf8(&bytes).unwrap()) {
        assert_eq!(line, "line with [redacted:MY_TOKEN] and [redacted:github-token] inside\n");
    }
    let config = format!("token = {token}\n");
    assert_ne!(store.put_blob(config.as_bytes()).unwrap(), Digest::of(config.as_bytes()));
    assert_eq!(
        store.blob(Digest::of(config.as_bytes())).unwrap(),
        None,
        "it could be written back by mistake"
    );
    // Compressed pieces cannot hide anything: what is in them was just read back.
    for file in walk(dir.path()) {
        let raw = std::fs::read(&file).unwrap();
        for needle in [secret, token.as_str()] {
            assert!(
                !raw.windows(needle.len()).any(|window| window == needle.as_bytes()),
                "{}",
                file.display()
            );
        }
    }
    drop(store);
    assert!(walk(dir.path()).iter().any(|file| file.ends_with(DATABASE)));
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("vouchsafe");
    let store = Store::open(&state).unwrap();
    let task = store.begin(&started("format")).unwrap();
    store.append(task, &Event::message("hello")).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    for file in walk(&state).iter().filter(|file| !file.starts_with(state.join("owners"))) {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
}

/// The lines of a text that a task made, by their first word.
fn cited(store: &Store, text: &str) -> Vec<String> {
    let Some(recalled) = store.recall("/w", &support::path("a.rs"), text).unwrap() else { return Vec::new() };
    let numbered = vouchsafe_evidence::lines(text).zip(0..);
    let cited = numbered.filter(|(_, n)| recalled.blame.lookup(*n).is_some());
    cited.map(|(line, _)| line.trim().to_owned()).collect()
}

#[test]
fn accepted_lines_survive_restarts_branches_and_other_programs() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let text = "top one\nagent one\nagent two\nlow one\n";
    let citation = Citation { task: TaskId::new(1), steps: vec![Seq::new(2)] };
    let mut blame = Blame::new(4);
    blame.cite(1..3, &citation);
    assert_eq!(store.recall("/w", &support::path("a.rs"), text).unwrap(), None);
    store.remember("/w", &support::path("a.rs"), text, &blame).unwrap();
    drop(store);

    let store = Store::open(dir.path()).unwrap();
    let same = store.recall("/w", &support::path("a.rs"), text).unwrap().unwrap();
    assert_eq!((same.blame, same.exact), (blame, true));
    assert_eq!(cited(&store, "new\ntop one\nagent one\nagent 2\nlow one\n"), ["agent one"]);

    // Another branch has none of it, is opened and remembered; back on the first, all is there.
    let branch = "top one\nlow one\n";
    assert!(cited(&store, branch).is_empty());
    store.remember("/w", &support::path("a.rs"), branch, &Blame::new(2)).unwrap();
    assert_eq!(cited(&store, text), ["agent one", "agent two"]);
    assert_eq!(cited(&store, "top one\nagent one\nagent two\nlow one\nmerged\n"), ["agent one", "agent two"]);

    store.rename_followed("/w", &support::path("a.rs"), &support::path("b.rs")).unwrap();
    assert!(cited(&store, text).is_empty());
    assert_eq!(store.followed_files("/w").unwrap(), [support::path("b.rs")]);
}

#[test]
fn claims_are_found_among_other_events() {
    use vouchsafe_evidence::log::{ClaimChecked, Verdict};
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let (task, other) =
        (store.begin(&support::started("a")).unwrap(), store.begin(&support::started("b")).unwrap());
    let claim = |quote: &str| {
        Event::Claim(ClaimChecked {
            quote: quote.to_owned(),
            kind: "TestsPassed".to_owned(),
            verdict: Verdict::Verified,
            code: "fresh_pass".to_owned(),
            because: "the last run passed".to_owned(),
            evidence: Vec::new(),
            subject: None,
            hedged: false,
        })
    };
    store.append(task, &Event::message(r#"{"type":"claim"}"#)).unwrap();
    store.append_all(task, &[claim("one"), Event::message("x"), claim("two")]).unwrap();
    store.append(other, &claim("another task's")).unwrap();
    let found: Vec<_> = store.claims(task).unwrap().into_iter().map(|recorded| recorded.event).collect();
    assert_eq!(found, [claim("one"), claim("two")]);
}

#[test]
fn a_store_is_read_without_writing_and_with_what_its_log_holds() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let task = store.begin(&started("a")).unwrap();
    // What a killed process leaves on a disk that becomes read-only: the database and its log, without the index.
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE.to_owned(), format!("{DATABASE}-wal")] {
        std::fs::copy(dir.path().join(&name), copy.path().join(&name)).unwrap();
    }
    assert_eq!(store.events(task).unwrap().len(), 1);
    let read = Store::open_to_read(copy.path()).unwrap();
    assert_eq!(read.events(task).unwrap().len(), 1, "where the index can be made, the log is read");
    assert!(matches!(read.append(task, &Event::message("x")), Err(StoreError::Unwritable { .. })));
    drop((read, store));
    let read = Store::open_to_read(dir.path()).unwrap();
    assert_eq!(read.task(task).unwrap().title, "a");
}
