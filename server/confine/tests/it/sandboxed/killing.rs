//! Whatever is killed, and whenever: the next start finds nothing left, and the workspace as it was.
//!
//! `VOUCHSAFE_TEST_KILLS` says how often (default 6).

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use vouchsafe_confine::Shadow;

use super::yard::{Yard, alive, exe, mark, marked_alive, test};

pub(super) fn trials() -> Vec<Trial> {
    vec![test("killed_at_any_moment_leaves_nothing", killed_at_any_moment)]
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Server,
    Zygote,
    Init,
}

fn killed_at_any_moment() {
    let rounds: u64 =
        std::env::var("VOUCHSAFE_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let seed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
    for round in 0..rounds {
        // A round may begin before anything is made and end after everything has started.
        let noise = (u64::from(seed) ^ (round * 0x9e37_79b9)).wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let moment = Duration::from_micros(noise % 1_200_000);
        let victim = [Victim::Server, Victim::Zygote, Victim::Init][usize::try_from(round % 3).unwrap()];
        kill_once(victim, moment, &format!("seed {seed}, round {round}, {victim:?} after {moment:?}"));
    }
}

fn kill_once(victim: Victim, moment: Duration, which: &str) {
    let yard = Yard::new();
    let mark = mark();
    let mut server = start(&yard, &mark);
    let begun = Instant::now();
    while begun.elapsed() < moment {
        std::thread::yield_now(); // the moment is what is tested
    }
    let tree = descendants(server.id());
    let target = match victim {
        Victim::Server => None,
        Victim::Zygote => tree.first(),
        Victim::Init => tree.get(1),
    };
    let target = target.copied().unwrap_or(server.id());
    kill(target);
    // What remains of the server has lost its task or goes on with it; either way it ends now.
    let after = descendants(server.id());
    server.kill().unwrap();
    server.wait().unwrap();
    let left = || {
        let mut pids = tree.iter().chain(&after).map(u32::to_string).filter(|pid| alive(pid));
        marked_alive(&mark) || pids.next().is_some()
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    while left() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(!left(), "{which}: a process is left");
    Shadow::sweep(&yard.cache()).unwrap();
    for place in ["shadows", "locks"] {
        let count = fs::read_dir(yard.cache().join(place)).map_or(0, Iterator::count);
        assert_eq!(count, 0, "{which}: {place}");
    }
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(yard.top().to_str().unwrap()), "{which}: a mount is left");
    let names: Vec<_> =
        fs::read_dir(yard.workspace()).unwrap().flatten().map(|one| one.file_name()).collect();
    assert_eq!(names, ["a.txt"], "{which}");
    assert_eq!(fs::read(yard.workspace().join("a.txt")).unwrap(), b"one\n", "{which}");
    assert_eq!(yard.task().does("cat a.txt; echo x > b.txt"), "one\n", "{which}: the next task works");
}

fn start(yard: &Yard, mark: &str) -> Child {
    let (workspace, cache) = (yard.workspace(), yard.cache());
    let arguments: [&Path; 2] = [&workspace, &cache];
    let mut command = Command::new(exe());
    command.arg(super::attacker::SERVER).args(arguments).arg(mark);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Parents before children, so the zygote of the one task comes first and its init next.
fn descendants(pid: u32) -> Vec<u32> {
    let mut found = children(pid);
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        found.extend(children(pid));
        next += 1;
    }
    found
}

fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).ok(); // it may have ended by itself
}
