//! Every limit, as a named result.

use std::time::Duration;

use libtest_mimic::Trial;
use vouchsafe_confine::{Cancel, Command, Ended, Limits, Policy, Stopped, Stream, TaskLimits};

use super::yard::{Task, Yard, enforced, exe, said, test};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("a_gibibyte_of_output_in_bounded_memory", a_gibibyte_of_output_in_bounded_memory),
        test("output_limit", output_limit),
        test("memory_limit", memory_limit),
        test("ten_times_the_memory_at_once", ten_times_the_memory_at_once),
        test("the_machine_ends_commands_first", the_machine_ends_commands_first),
        test("process_limit", process_limit),
        test("file_limit", file_limit),
        test("cpu_limit", cpu_limit),
        test("shadow_limit", shadow_limit),
        test("bytes_that_are_no_text", bytes_that_are_no_text),
        test("standard_input_arrives", standard_input_arrives),
        test("what_cannot_be_started_says_why", what_cannot_be_started_says_why),
    ]
}

fn attack(what: &[&str]) -> Command {
    let mut argv = vec![exe().into_os_string(), super::attacker::ARGUMENT.into()];
    argv.extend(what.iter().map(Into::into));
    Command::argv(argv)
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

fn a_gibibyte_of_output_in_bounded_memory() {
    let task = Yard::new().task();
    let before = peak_kib();
    let mut seen_bytes = 0u64;
    let seen = task
        .confined
        .run(
            &attack(&["print", "1073741824"]),
            &Limits::default(),
            &Cancel::default(),
            &mut |_: Stream, bytes: &[u8]| {
                seen_bytes += bytes.len() as u64;
            },
        )
        .unwrap();
    assert_eq!(seen.ended, Ended::Exited(0));
    assert_eq!((seen_bytes, seen.stdout.total_bytes), (1 << 30, 1 << 30));
    assert!(seen.stdout.truncated && seen.stdout.kept.len() == 1 << 20);
    assert_eq!(seen.stdout.gap_bytes(), (1 << 30) - (1 << 20));
    let grown = peak_kib() - before;
    assert!(grown < 200 << 10, "grew by {grown} KiB, other tests of this process included");
}

fn output_limit() {
    let task = Yard::new().task();
    let limits = Limits { output_bytes_max: 1 << 20, ..Limits::default() };
    let seen = task.run_with(&Command::shell("yes"), &limits);
    assert_eq!(seen.ended, Ended::Stopped(Stopped::OutputLimit { limit_bytes: 1 << 20 }));
}

fn memory_limit() {
    let task = Yard::new().task();
    let limits = Limits { memory_bytes: Some(100 << 20), ..Limits::default() };
    let seen = task.run_with(&attack(&["allocate", "150"]), &limits);
    assert!(
        matches!(seen.ended, Ended::Stopped(Stopped::OutOfMemory { limit_bytes, used_bytes })
            if limit_bytes == 100 << 20 && used_bytes > limit_bytes),
        "{}",
        seen.ended
    );
    let limits = Limits { memory_bytes: Some(2 << 30), ..Limits::default() };
    assert!(task.run_with(&Command::shell("echo enough"), &limits).succeeded());
}

fn ten_times_the_memory_at_once() {
    let task = Yard::new().task();
    let limits = Limits { memory_bytes: Some(64 << 20), ..Limits::default() };
    let before = std::time::Instant::now();
    let seen = task.run_with(&attack(&["allocate_at_once", "640"]), &limits);
    assert!(
        matches!(seen.ended, Ended::Stopped(Stopped::OutOfMemory { limit_bytes, used_bytes })
            if limit_bytes == 64 << 20 && used_bytes > limit_bytes),
        "{}",
        seen.ended
    );
    assert!(before.elapsed() < Duration::from_secs(20), "ended after {:?}", before.elapsed());
    let limits = Limits { memory_bytes: Some(2 << 30), ..Limits::default() };
    let reserved = task.run_with(&attack(&["reserve", "4096"]), &limits);
    assert_eq!(reserved.ended, Ended::Exited(0), "addresses are no memory");
}

fn the_machine_ends_commands_first() {
    let own = std::fs::read_to_string("/proc/self/oom_score_adj").unwrap();
    assert_ne!(own.trim(), "1000", "the server itself is ended like anybody else");
    assert_eq!(said(&Yard::new().task().shell("cat /proc/self/oom_score_adj")).trim(), "1000");
}

fn process_limit() {
    let task = Yard::new().task();
    let limits = Limits { processes: 20, ..Limits::default() };
    let seen = task.run_with(&Command::shell("for i in $(seq 40); do sleep 1000 & done; wait"), &limits);
    assert!(
        matches!(seen.ended, Ended::Stopped(Stopped::TooManyProcesses { limit: 20, count }) if count > 20),
        "{}",
        seen.ended
    );
}

fn file_limit() {
    let task = Yard::new().task();
    let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
    let seen = task.run_with(&Command::shell("head -c 3000000 /dev/zero > big"), &limits);
    assert_eq!(seen.ended, Ended::Stopped(Stopped::FileTooLarge { limit_bytes: 1 << 20 }), "{}", said(&seen));
    assert!(task.run_with(&Command::shell("head -c 1000000 /dev/zero > small"), &limits).succeeded());
}

fn cpu_limit() {
    let task = Yard::new().task();
    let limits = Limits { cpu: Some(Duration::from_secs(1)), ..Limits::default() };
    let seen = task.run_with(&Command::shell("while :; do :; done"), &limits);
    assert_eq!(seen.ended, Ended::Stopped(Stopped::OutOfCpu { limit_ms: 1000 }));
    assert!(seen.cpu >= Duration::from_millis(700), "{:?}", seen.cpu);
}

fn shadow_limit() {
    let yard = Yard::new();
    let shadow = yard.shadow();
    let few = TaskLimits { written_bytes: 8 << 20, ..TaskLimits::default() };
    let confined = enforced().confine(Policy::for_shadow(&shadow).may_read(exe()).limits(few)).unwrap();
    let task = Task { confined, shadow, yard: None };
    let seen = task.shell("head -c 20000000 /dev/zero > big; sleep 1000");
    assert!(
        matches!(seen.ended, Ended::Stopped(Stopped::ShadowFull { limit_bytes: 8_388_608, .. })),
        "{}",
        seen.ended
    );
}

fn bytes_that_are_no_text() {
    let seen = Yard::new().task().shell(r"printf '\377\000\376'; printf '\200' >&2");
    assert_eq!(
        (seen.stdout.kept.as_slice(), seen.stderr.kept.as_slice()),
        (&b"\xff\0\xfe"[..], &b"\x80"[..])
    );
}

fn standard_input_arrives() {
    let task = Yard::new().task();
    let mut command = Command::argv(["wc", "-c"]);
    command.stdin = vec![b'x'; 300_000];
    assert_eq!(said(&task.run(&command)).trim(), "300000");
    let mut command = Command::argv(["true"]); // does not read it
    command.stdin = vec![b'x'; 300_000];
    assert!(task.run(&command).succeeded());
    assert_eq!(said(&task.run(&Command::argv(["wc", "-c"]))).trim(), "0");
}

fn what_cannot_be_started_says_why() {
    let yard = Yard::new();
    yard.write("text", b"echo by the shell\n");
    yard.write("sub/here", b"");
    let task = yard.task();
    let ended = |argv: &[&str]| task.run(&Command::argv(argv)).ended;
    assert_eq!(ended(&["no-such-tool", "x"]), Ended::NotStarted("command not found: no-such-tool".into()));
    assert_eq!(ended(&["./no/such"]), Ended::NotStarted("command not found: ./no/such".into()));
    assert!(matches!(ended(&["./text"]), Ended::NotStarted(why) if why.contains("not executable")));
    assert_eq!(said(&task.shell("chmod +x text && ./text")), "by the shell\n");
    let mut command = Command::argv(["ls"]);
    command.directory = Some(super::yard::path("sub"));
    assert_eq!(said(&task.run(&command)), "here\n");
    command.directory = Some(super::yard::path("gone"));
    assert!(matches!(task.run(&command).ended, Ended::NotStarted(why) if why.contains("gone")));
    task.does("ln -s /etc out");
    command.directory = Some(super::yard::path("out"));
    assert!(matches!(task.run(&command).ended, Ended::NotStarted(_)), "a link does not lead out");
    let long = "x".repeat(100_000);
    assert_eq!(said(&task.run(&Command::argv(["echo", &long]))).len(), 100_001);
    let malformed =
        task.confined.run(&Command::argv(["a\0b"]), &Limits::default(), &Cancel::default(), &mut |_, _| {});
    assert!(malformed.is_err());
}
