//! Several threads and processes at once, and processes that are killed.
//!
//! `VOUCHSAFE_KILLS=200` kills as often; 20 otherwise.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use support::{path, ran, started};
use vouchsafe_evidence::log::{Ended, Event, ProposalReady, Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation};
use vouchsafe_evidence::store::{Store, TaskFilter};

const DIR: &str = "VOUCHSAFE_TEST_WRITER_DIR";
const TASKS: &str = "VOUCHSAFE_TEST_WRITER_TASKS";

/// Not a test of its own: what the child processes of this file run.
#[test]
fn writer() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    let tasks: u64 = std::env::var(TASKS).unwrap().parse().unwrap();
    let store = Store::open(&dir).unwrap();
    for n in 0..tasks {
        write_task(&store, n);
    }
}

/// Says on standard output what was acknowledged, at once.
fn acknowledge(task: TaskId, seq: Seq) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nack {task} {seq}").unwrap();
    out.flush().unwrap();
}

fn write_task(store: &Store, n: u64) {
    let task = store.begin(&started("written by a child")).unwrap();
    acknowledge(task, Seq::FIRST);
    let big: String =
        (0..if n.is_multiple_of(4) { 100_000 } else { 10 }).map(|line| format!("{n} {line}\n")).collect();
    let diff = store.put_blob(format!("diff of {n}").as_bytes()).unwrap();
    let events = [
        ran(store, "cargo test", 0, &big),
        Event::message(format!("task {n}")),
        ran(store, "cargo fmt", 1, &format!("small {n}")),
        Event::Proposal(ProposalReady {
            files: Vec::new(),
            diff: Some(diff),
            review: None,
            stored: Vec::new(),
        }),
    ];
    for event in &events {
        acknowledge(task, store.append(task, event).unwrap());
    }
    let mut blame = Blame::new(1);
    blame.cite(0..1, &Citation { task, steps: vec![Seq::new(2)] });
    store.remember("/w", &path("a"), "line\n", &blame).unwrap();
    acknowledge(task, store.append(task, &Event::End(Ended::Finished)).unwrap());
}

#[expect(clippy::disallowed_methods, reason = "the test starts itself as a second process")]
fn spawn(dir: &Path, tasks: u32) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["writer", "--exact", "--nocapture"]).env(DIR, dir).env(TASKS, tasks.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn acknowledged(output: &str) -> BTreeSet<(TaskId, u32)> {
    let acks = output.lines().filter_map(|line| line.strip_prefix("ack ")?.split_once(' '));
    acks.filter_map(|(task, seq)| Some((task.parse().ok()?, seq.parse().ok()?))).collect()
}

/// Every acknowledged event is there, and every chain is sound.
fn check(store: &Store, acks: &BTreeSet<(TaskId, u32)>) {
    for (task, seq) in acks {
        assert!(store.event(*task, Seq::new(*seq)).unwrap().is_some(), "event {seq} of task {task} is lost");
    }
    for task in store.tasks(&TaskFilter::default()).unwrap() {
        assert_eq!(store.verify(task.id).unwrap(), [], "task {}", task.id);
    }
}

/// A number in `0..below` that differs from run to run.
fn random(below: u64) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) % below
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let kills = std::env::var("VOUCHSAFE_KILLS").map_or(20, |count| count.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (mut all, mut mid_task) = (BTreeSet::new(), 0);
    for _ in 0..kills {
        let mut child = spawn(dir.path(), 1_000);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut read = String::new();
        let (lines, turns) = (4 + random(60), random(200_000));
        for _ in 0..lines {
            output.read_line(&mut read).unwrap();
        }
        (0..turns).for_each(|_| std::hint::spin_loop());
        child.kill().unwrap();
        child.wait().unwrap();
        output.read_to_string(&mut read).unwrap();
        all.extend(acknowledged(&read));

        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.notices(), []);
        let unfinished = store.tasks(&TaskFilter { unfinished: true, ..TaskFilter::default() }).unwrap();
        let interrupted = store.mark_interrupted().unwrap();
        assert_eq!(interrupted, unfinished.iter().map(|task| task.id).collect::<Vec<_>>());
        assert!(interrupted.len() <= 1);
        mid_task += interrupted.len();
        for task in interrupted {
            let events = store.events(task).unwrap();
            assert_eq!(events.last().unwrap().event, Event::End(Ended::Interrupted));
            for recorded in events {
                if let Event::Proposal(ready) = recorded.event {
                    assert!(
                        store.blob(ready.diff.unwrap()).unwrap().is_some(),
                        "the proposal can be reviewed"
                    );
                }
            }
        }
        if let Some(recalled) = store.recall("/w", &path("a"), "line\n").unwrap() {
            let citation = recalled.blame.lookup(0).unwrap();
            assert!(recalled.exact && store.event(citation.task, Seq::new(5)).unwrap().is_some());
        }
    }
    check(&Store::open(dir.path()).unwrap(), &all);
    assert!(mid_task > 0 && all.len() >= kills, "{mid_task} of {kills} in a task, {} events", all.len());
}

#[test]
fn threads_and_processes_share_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let children: Vec<Child> = (0..3).map(|_| spawn(dir.path(), 8)).collect();
    let store = Store::open(dir.path()).unwrap();
    let shared = store.begin(&started("shared")).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..25 {
                    store.append(shared, &Event::message(format!("{thread} {n}"))).unwrap();
                }
                assert_eq!(store.mark_interrupted().unwrap(), [], "all owners live");
            });
        }
    });
    let mut acks = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        acks.extend(acknowledged(&String::from_utf8_lossy(&output.stdout)));
    }
    assert_eq!(acks.len(), 3 * 8 * 6);
    check(&store, &acks);
    assert_eq!(store.events(shared).unwrap().len(), 101);
    assert_eq!(store.tasks(&TaskFilter::default()).unwrap().len(), 25);
}
