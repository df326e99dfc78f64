//! Start, memory, the way from an action to a proposal, and one confined command beside the plain one.

use std::process::{Command, Stdio};
use std::time::Instant;

use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::process::binary;
use vouchsafe_tests::yard::Yard;

use crate::{Row, Server, ms};

/// Rounds of each measurement; the two sides take turns.
const ROUNDS: usize = 15;

const SAMPLE: &str = "//- /.vouchsafe.toml\n[recipes.shout]\ntitle = \"Shout\"\nrun = [\"tr a-z A-Z < a.txt > t && cat t > a.txt && rm t\"]\n//- /a.txt\nhello$0\n";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = servers();
    rows.push(commands());
    let size = |name: &str| std::fs::metadata(binary(name)).map_or(f64::NAN, |file| mib(file.len()));
    rows.push(Row { what: "size of the binary", vouchsafe: size("vouchsafe"), floor: 0.0, unit: "MiB" });
    rows
}

fn servers() -> Vec<Row> {
    let mut start: [Vec<f64>; 2] = Default::default();
    let mut memory: [Vec<f64>; 2] = Default::default();
    let mut proposal: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (nth, server) in Server::BOTH.into_iter().enumerate() {
            let opening = server.open(SAMPLE);
            let since = Instant::now();
            let mut editor = opening.start();
            editor.actions();
            keep(&mut start, nth, ms(since.elapsed()));
            keep(&mut memory, nth, resident(editor.server_id()));
            let since = Instant::now();
            editor.choose("Shout");
            editor.wait_for_proposal();
            keep(&mut proposal, nth, ms(since.elapsed()));
        }
    }
    let row = |what, unit, [ours, floor]: &mut [Vec<f64>; 2]| Row::medians(what, unit, ours, floor);
    vec![
        row("start to first code action (with laying out the files)", "ms", &mut start),
        row("resident memory after the first code action", "MiB", &mut memory),
        row("action to proposal on the sample", "ms", &mut proposal),
    ]
}

/// `vouchsafe exec -- true` beside `true`.
fn commands() -> Row {
    let yard = Yard::new(&Fixture::parse(SAMPLE));
    let vouchsafe = binary("vouchsafe");
    let timed = |mut command: Command| {
        command.env_clear().envs(yard.environment()).current_dir(yard.workspace());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let since = Instant::now();
        assert!(command.status().expect("it starts").success(), "{command:?} failed");
        ms(since.elapsed())
    };
    let (mut confined, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut command = Command::new(&vouchsafe);
        command.args(["exec", "--", "true"]);
        confined.push(timed(command));
        plain.push(timed(Command::new("true")));
    }
    Row::medians("exec true, beside plain true (a whole start each)", "ms", &mut confined, &mut plain)
}

fn keep(samples: &mut [Vec<f64>; 2], nth: usize, value: f64) {
    samples.get_mut(nth).expect("two sides").push(value);
}

fn resident(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u32>().map_or(f64::NAN, |kib| mib(u64::from(kib) * 1024))
}

#[expect(clippy::cast_precision_loss, reason = "sizes far below 2^53")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
