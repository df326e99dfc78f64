//! Nothing that a command starts outlives it.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use vouchsafe_confine::{Cancel, Command, Ended, Limits, Shadow, Stopped, Stream};

use super::yard::{Outsider, Yard, alive, enforced, exe, mark, marked_alive, said, test};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("a_daemon_dies_with_its_command", a_daemon_dies_with_its_command),
        test("time_runs_out_for_the_whole_tree", time_runs_out_for_the_whole_tree),
        test("cancel_ends_the_whole_tree_at_once", cancel_ends_the_whole_tree_at_once),
        test("a_dead_server_takes_its_commands_along", a_dead_server_takes_its_commands_along),
        test("a_killed_zygote_takes_its_commands_along", a_killed_zygote_takes_its_commands_along),
        test("dropping_the_sandbox_ends_the_zygote", dropping_the_sandbox_ends_the_zygote),
        test("many_commands_one_after_the_other", many_commands_one_after_the_other),
    ]
}

/// A daemon that leaves its session, ignores polite signals and wipes its traces; on when its line has been printed.
fn daemon(mark: &str) -> String {
    format!("setsid -f sh -c 'trap \"\" TERM HUP; cd /; echo on; exec env -i sleep {mark}'; sleep 0.3")
}

fn a_daemon_dies_with_its_command() {
    let task = Yard::new().task();
    let mut outsider = Outsider::new();
    let mark = mark();
    let seen = task.shell(&format!("{}; pgrep -cf 'sleep {mark}$'", daemon(&mark)));
    assert_eq!(said(&seen), "on\n1\n", "it lives while its command does");
    assert_eq!(seen.ended, Ended::Exited(0));
    assert!(!marked_alive(&mark));
    assert_eq!(seen.killed, 1);
    assert!(outsider.lives());
}

fn time_runs_out_for_the_whole_tree() {
    let task = Yard::new().task();
    let limits = Limits { wall: Duration::from_millis(700), ..Limits::default() };
    let mark = mark();
    let seen = task.run_with(&Command::shell(format!("{}; sleep {mark}", daemon(&mark))), &limits);
    assert_eq!(seen.ended, Ended::Stopped(Stopped::OutOfTime { limit_ms: 700 }));
    assert!(seen.duration < Duration::from_secs(20));
    assert_eq!(said(&seen), "on\n");
    assert!(!marked_alive(&mark));
}

fn cancel_ends_the_whole_tree_at_once() {
    let task = Yard::new().task();
    let cancel = Cancel::default();
    let mut cancelled_at = None;
    let mark = mark();
    let seen = task
        .confined
        .run(
            &Command::shell(format!("sleep {mark} & echo on; wait")),
            &Limits::default(),
            &cancel,
            &mut |_: Stream, _: &[u8]| {
                cancelled_at.get_or_insert_with(Instant::now);
                cancel.cancel();
            },
        )
        .unwrap();
    assert_eq!(seen.ended, Ended::Stopped(Stopped::Cancelled));
    assert!(cancelled_at.unwrap().elapsed() < Duration::from_secs(5));
    assert!(!marked_alive(&mark));
    assert_eq!(task.does("echo next"), "next\n", "the zygote serves on");
}

/// Run in a process of its own by `a_dead_server_takes_its_commands_along`.
pub(super) fn be_a_server(workspace: &str, cache: &str, mark: &str) {
    let plan = vouchsafe_confine::ShadowPlan {
        workspace: workspace.into(),
        cache: cache.into(),
        seeds: Vec::new(),
        hidden: Vec::new(),
        limits: vouchsafe_confine::ShadowLimits::default(),
    };
    let task = super::yard::Task::new(Shadow::make(enforced(), plan).unwrap());
    let mut echo = |_: Stream, bytes: &[u8]| print!("{}", String::from_utf8_lossy(bytes));
    task.confined
        .run(
            &Command::shell(format!("{}; sleep {mark}", daemon(mark))),
            &Limits::default(),
            &Cancel::default(),
            &mut echo,
        )
        .unwrap();
}

fn a_dead_server_takes_its_commands_along() {
    let yard = Yard::new();
    let mark = mark();
    let mut server = std::process::Command::new(exe())
        .args([
            super::attacker::SERVER,
            yard.workspace().to_str().unwrap(),
            yard.cache().to_str().unwrap(),
            &mark,
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "on");
    while !marked_alive(&mark) {
        std::thread::yield_now(); // between its line and its exec
    }
    assert_eq!(Shadow::sweep(&yard.cache()).unwrap().shadows, 0, "a live server's shadow stays");
    server.kill().unwrap();
    server.wait().unwrap();
    // The zygote ends everything by itself; the sweep waits for nothing, so wait here for the last of them.
    let deadline = Instant::now() + Duration::from_secs(20);
    while marked_alive(&mark) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(!marked_alive(&mark));
    assert_eq!(Shadow::sweep(&yard.cache()).unwrap().shadows, 1);
    assert_eq!(std::fs::read_dir(yard.cache().join("shadows")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(yard.cache().join("locks")).unwrap().count(), 0);
}

fn a_killed_zygote_takes_its_commands_along() {
    let task = Yard::new().task();
    let mut outsider = Outsider::new();
    let mark = mark();
    let zygote = i32::try_from(task.confined.zygote_id()).unwrap();
    let zygote = rustix::process::Pid::from_raw(zygote).unwrap();
    let mut kill = |_: Stream, _: &[u8]| {
        while !marked_alive(&mark) {
            std::thread::yield_now(); // the daemon is between its line and its exec
        }
        rustix::process::kill_process(zygote, rustix::process::Signal::KILL).unwrap();
    };
    let command = Command::shell(format!("{}; sleep {mark}", daemon(&mark)));
    let gone = task.confined.run(&command, &Limits::default(), &Cancel::default(), &mut kill);
    assert!(matches!(gone, Err(vouchsafe_confine::RunError::ZygoteGone { .. })), "{gone:?}");
    let deadline = Instant::now() + Duration::from_secs(20);
    while marked_alive(&mark) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(!marked_alive(&mark));
    assert!(outsider.lives());
    let again = task.confined.run(&command, &Limits::default(), &Cancel::default(), &mut |_, _| {});
    assert!(again.unwrap_err().to_string().contains("start the task again"));
}

fn dropping_the_sandbox_ends_the_zygote() {
    let task = Yard::new().task();
    let zygote = task.confined.zygote_id().to_string();
    assert!(alive(&zygote));
    drop(task);
    assert!(!alive(&zygote));
}

fn many_commands_one_after_the_other() {
    let task = Yard::new().task();
    for round in 0..50 {
        assert_eq!(task.does(&format!("echo {round}")), format!("{round}\n"));
    }
}
