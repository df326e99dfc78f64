//! The page of a task.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use support::{path, ran, started};
use vouchsafe_base::Digest;
use vouchsafe_evidence::log::{EditOp, Ended, Event, FileEdit, Seq, TaskId};
use vouchsafe_evidence::record::{Record, record_path, render, render_from, write_record};
use vouchsafe_evidence::store::{Options, Store};

fn store(dir: &std::path::Path) -> Store {
    let clock = std::sync::Arc::new(|| jiff::Timestamp::from_second(1_795_000_000).unwrap());
    Store::open_with(dir, Options { clock, ..Options::default() }).unwrap()
}

fn page(store: &Store, task: TaskId, diff: Option<&str>) -> Record {
    let blobs = |digest: Digest| store.blob(digest).unwrap();
    let events = store.events(task).unwrap();
    let record = render(task, &events, &blobs, diff);
    assert_eq!(render_from(task, &events, store, diff), record);
    record
}

#[test]
fn a_whole_task_as_a_page() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let task = store.begin(&started("Format the code")).unwrap();
    store.append(task, &ran(&store, "cargo fmt", 1, "\x1b[31merror\x1b[0m: bad ``` here\nsecond")).unwrap();
    store.append(task, &Event::message("# Done!\n![](http://evil)")).unwrap();
    store
        .append(task, &Event::End(Ended::Failed { reason: "`cargo fmt` ended with exit code 1".into() }))
        .unwrap();
    let record = page(&store, task, Some("--- a/src/a.rs\n+++ b/src/a.rs\n"));
    let expected = r"# Task 1: Format the code

- Kind: recipe (recipe `cargo-fmt`)
- Workspace: `/home/somebody/project`
- Started: 2026-11-18T11:06:40Z

## What was asked

```text
cargo fmt
```

## 2. Command `cargo fmt`

- Result: exit code 1
- Directory: `.`
- Time: 12 ms (processor 10 ms), memory 1 MiB
- Because: recipe cargo-fmt
- Changed: `src/a.rs` (17762fdd → 10e5cf3d)

Standard output: 2 lines, 35 bytes.

````text
error: bad ``` here
second
````

Standard error: empty.

## 3. The agent said

```text
# Done!
![](http://evil)
```

## Proposed changes

```diff
--- a/src/a.rs
+++ b/src/a.rs
```

## 4. End: failed: `cargo fmt` ended with exit code 1

Ended 2026-11-18T11:06:40Z.

";
    assert_eq!(record.markdown, expected);
    let step = &record.lines[&Seq::new(2)];
    assert_eq!(line(&record, step.heading), "## 2. Command `cargo fmt`");
    assert_eq!(step.output, Some(24..26));
    assert_eq!(step.of_stdout(2).map(|n| line(&record, n)), Some("second"));
    assert_eq!((step.of_stdout(3), step.of_stderr(1)), (None, None));
    assert!(line(&record, record.lines[&Seq::new(4)].heading).starts_with("## 4. End"));
}

fn line(record: &Record, n: u32) -> &str {
    record.markdown.lines().nth(n as usize - 1).unwrap()
}

#[test]
fn earlier_lines_never_move() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let task = store.begin(&started("Many steps")).unwrap();
    let edit = FileEdit {
        path: path("src/a.rs"),
        op: EditOp::Modify,
        to: None,
        before: None,
        after: None,
        tool: "edit".into(),
        call: None,
        because: None,
    };
    let events = [
        ran(&store, "ls", 0, "a\nb\n"),
        Event::reasoning("hm"),
        Event::FileEdit(edit),
        ran(&store, "printf '1\n2'", 0, "1\n2"),
        Event::End(Ended::Finished),
        Event::message("afterwards"),
    ];
    let mut before = page(&store, task, None);
    for (n, event) in events.iter().enumerate() {
        store.append(task, event).unwrap();
        // The diff is known from the end on.
        let after = page(&store, task, (n >= 4).then_some("diff"));
        assert!(after.markdown.starts_with(&before.markdown), "event {}", n + 2);
        assert!(before.lines.iter().all(|(seq, lines)| after.lines[seq] == *lines));
        before = after;
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_read_only_and_replaced_as_a_whole() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let task = store.begin(&started("Format")).unwrap();
    let written = write_record(dir.path(), task, &page(&store, task, None)).unwrap();
    assert_eq!(written, record_path(dir.path(), task));
    store.append(task, &Event::message("more")).unwrap();
    let record = page(&store, task, None);
    write_record(dir.path(), task, &record).unwrap();
    assert_eq!(std::fs::read_to_string(&written).unwrap(), record.markdown);
    let mode = std::fs::metadata(&written).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o400);
    assert_eq!(std::fs::read_dir(written.parent().unwrap()).unwrap().count(), 1);
}
