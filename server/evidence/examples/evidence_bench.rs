//! Measures the store and the vectors: `cargo run --release -p vouchsafe-evidence --example evidence_bench [EVENTS [MIB [DIR]]]`.
//!
//! EVENTS: how many the large store has (100,000). MIB: how much output is spooled (64). DIR: where (a temporary
//! directory here). Prints a table, then one line of JSON.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::{CommandRan, Event, Exit, OutputRef, Seq, TaskId, TaskStarted};
use vouchsafe_evidence::origin::{Blame, Citation, Origins};
use vouchsafe_evidence::store::{Store, TaskFilter};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Name, value, unit.
type Row = (&'static str, f64, &'static str);

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let events = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let mib = arguments.next().map_or(Ok(64), |text| text.parse())?;
    let dir = match arguments.next() {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir_in(".")?,
    };
    let mut rows = Vec::new();
    flushes(dir.path(), &mut rows)?;
    appends(&dir.path().join("a"), &mut rows)?;
    spool(&dir.path().join("b"), mib, &mut rows)?;
    large_store(&dir.path().join("c"), events, &mut rows)?;
    vectors(&mut rows);
    steps(&mut rows);
    print(&rows)
}

fn print(rows: &[Row]) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    for (name, value, unit) in rows {
        writeln!(out, "{name:<44} {value:>14.3} {unit}")?;
    }
    let json: serde_json::Map<_, _> =
        rows.iter().map(|(name, value, unit)| (format!("{name} [{unit}]"), (*value).into())).collect();
    writeln!(out, "{}", serde_json::Value::Object(json))?;
    Ok(())
}

fn per_second(count: u32, took: Duration) -> f64 {
    f64::from(count) / took.as_secs_f64()
}

/// What the disk itself does: a small write and a flush.
fn flushes(dir: &Path, rows: &mut Vec<Row>) -> Outcome<()> {
    let mut file = File::create(dir.join("flush"))?;
    let start = Instant::now();
    for _ in 0..500 {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
    }
    rows.push(("the disk: 4 KiB and fdatasync", per_second(500, start.elapsed()), "1/s"));
    Ok(())
}

fn started() -> TaskStarted {
    TaskStarted {
        kind: "recipe".into(),
        title: "bench".into(),
        text: "cargo fmt".into(),
        workspace: "/w".into(),
        place: None,
        config_digest: None,
        recipe: None,
    }
}

fn ran(store: &Store, n: u32) -> Outcome<Event> {
    let text = format!("test result: ok. {n} passed; 0 failed\n").repeat(5);
    let output = OutputRef::to(store.put_blob(text.as_bytes())?, text.as_bytes(), text.len() as u64);
    let error = OutputRef::to(store.put_blob(b"")?, b"", 0);
    Ok(Event::Command(CommandRan {
        command: "cargo test".into(),
        directory: ".".into(),
        exit: Exit::Code { code: 0 },
        stdout: output,
        stderr: error,
        duration_ms: 1,
        cpu_ms: 1,
        max_rss_bytes: 1,
        changed: Vec::new(),
        denials: Vec::new(),
        because: None,
    }))
}

fn appends(dir: &Path, rows: &mut Vec<Row>) -> Outcome<()> {
    let start = Instant::now();
    let store = Store::open(dir)?;
    rows.push(("open an empty store", start.elapsed().as_secs_f64() * 1e3, "ms"));
    let task = store.begin(&started())?;
    let message = Event::message("a sentence of the agent, about as long as they are");
    let start = Instant::now();
    for _ in 0..4_000 {
        store.append(task, &message)?;
    }
    rows.push(("append, durable, one thread", per_second(4_000, start.elapsed()), "events/s"));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..2_000).try_for_each(|_| store.append(task, &message).map(drop)));
        }
    });
    rows.push(("append, durable, four threads", per_second(8_000, start.elapsed()), "events/s"));
    let start = Instant::now();
    for n in 0..2_000 {
        store.append(task, &ran(&store, n)?)?;
    }
    rows.push(("append a command with its output, durable", per_second(2_000, start.elapsed()), "events/s"));
    drop(store);
    let start = Instant::now();
    Store::open(dir)?;
    rows.push(("open a store of 14,000 events", start.elapsed().as_secs_f64() * 1e3, "ms"));
    Ok(())
}

fn spool(dir: &Path, mib: u32, rows: &mut Vec<Row>) -> Outcome<()> {
    let store = Store::open(dir)?;
    let before = peak_kib();
    let mut spool = store.spool();
    let start = Instant::now();
    let mut line = 0u64;
    for _ in 0..mib {
        let mut chunk = Vec::with_capacity(1 << 20);
        while chunk.len() < 1 << 20 {
            line += 1;
            writeln!(
                chunk,
                "   Compiling crate-{line} v0.1.{} (/home/somebody/project/crates/{})",
                line % 7,
                line % 91
            )?;
        }
        spool.take(&chunk)?;
    }
    spool.finish()?;
    rows.push(("output spooled", f64::from(mib) / start.elapsed().as_secs_f64(), "MiB/s"));
    rows.push(("output spooled, memory grew by", (peak_kib() - before) / 1024.0, "MiB"));
    Ok(())
}

/// The largest resident size so far, in KiB; 0 where the system does not say.
fn peak_kib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0)
}

fn quantiles(mut samples: Vec<Duration>, names: [&'static str; 2], rows: &mut Vec<Row>) {
    samples.sort();
    for (name, share) in names.into_iter().zip([50, 99]) {
        let at = samples.len() * share / 100;
        rows.push((name, samples.get(at).copied().unwrap_or_default().as_secs_f64() * 1e3, "ms"));
    }
}

fn large_store(dir: &Path, events: u32, rows: &mut Vec<Row>) -> Outcome<()> {
    let store = Store::open(dir)?;
    let per_task = 1_000;
    let batch: Vec<Event> = (1..per_task)
        .map(|n| Event::message(format!("sentence {n} of the agent, about as long as they are")))
        .collect();
    let start = Instant::now();
    let tasks = events / per_task;
    for _ in 0..tasks {
        let task = store.begin(&started())?;
        store.append_all(task, &batch)?;
    }
    rows.push(("append in batches of 1,000", per_second(events, start.elapsed()), "events/s"));
    let path = WorkspacePath::parse("src/a.rs")?;
    let text: String = (0..5_000).map(|n| format!("line number {n}\n")).collect();
    let mut blame = Blame::new(5_000);
    for n in (0..5_000).step_by(10) {
        let citation =
            Citation { task: TaskId::new(1 + u64::from(n % tasks)), steps: vec![Seq::new(2 + n % 900)] };
        blame.cite(n..n + 3, &citation);
    }
    store.remember("/w", &path, &text, &blame)?;
    let (mut hovers, mut recalls) = (Vec::new(), Vec::new());
    for n in 0..2_000u32 {
        let start = Instant::now();
        if let Some(citation) = blame.lookup(n * 7 % 5_000) {
            for step in &citation.steps {
                black_box(store.event(citation.task, *step)?);
            }
            black_box(store.task(citation.task)?);
        }
        hovers.push(start.elapsed());
    }
    for _ in 0..200 {
        let start = Instant::now();
        black_box(store.recall("/w", &path, &text)?);
        recalls.push(start.elapsed());
    }
    quantiles(hovers, ["hover: line to task and event, p50", "hover: line to task and event, p99"], rows);
    quantiles(recalls, ["recall 5,000 lines, same text, p50", "recall 5,000 lines, same text, p99"], rows);
    let start = Instant::now();
    let listed = store.tasks(&TaskFilter { limit: Some(50), ..TaskFilter::default() })?;
    rows.push(("list 50 tasks", start.elapsed().as_secs_f64() * 1e3, "ms"));
    let start = Instant::now();
    for task in &listed {
        store.verify(task.id)?;
    }
    let verified = per_task * u32::try_from(listed.len())?;
    rows.push(("verify", per_second(verified, start.elapsed()), "events/s"));
    Ok(())
}

/// 100,000 lines in 10,000 runs.
fn vectors(rows: &mut Vec<Row>) {
    let mut blame = Blame::new(100_000);
    for n in 0..5_000u32 {
        let citation = Citation { task: TaskId::new(u64::from(n % 50)), steps: vec![Seq::new(n % 40)] };
        blame.cite(n * 20..n * 20 + 10, &citation);
    }
    let edits = 100_000u32;
    let place = |n: u32| n.wrapping_mul(2_654_435_761) % 99_000;
    let mut typed = blame.clone();
    let start = Instant::now();
    for n in 0..edits {
        typed.splice(place(n)..place(n) + 1, 1 + n % 2);
        typed.splice(place(n)..place(n) + n % 2, 0);
    }
    rows.push(("splice, 10,000 runs", per_second(edits * 2, start.elapsed()), "1/s"));
    let mut typed = blame.clone();
    let start = Instant::now();
    for n in 0..edits {
        typed.edit(place(n), "let old_line = 1;\n", "let old_line = 12;\n");
    }
    rows.push(("edit with memory, 10,000 runs", per_second(edits, start.elapsed()), "1/s"));
    let start = Instant::now();
    for n in 0..edits {
        black_box(blame.lookup(place(n)));
    }
    rows.push(("look up a line, 10,000 runs", per_second(edits, start.elapsed()), "1/s"));
}

fn steps(rows: &mut Vec<Row>) {
    let text = |every: usize| -> String {
        let line =
            |n: usize| if n.is_multiple_of(every) { format!("changed {n}\n") } else { format!("line {n}\n") };
        (0..10_000).map(line).collect()
    };
    let (before, after) = (text(usize::MAX), text(100));
    let start = Instant::now();
    for _ in 0..20 {
        Origins::base(10_000).step(&before, &after, Seq::new(2));
    }
    rows.push(("step: 100 edits in 10,000 lines", start.elapsed().as_secs_f64() * 1e3 / 20.0, "ms"));
    let plain: Vec<String> = (0..100_000).map(|n| format!("line {n}\n")).collect();
    let shuffled: String = (0..100_000u64).map(|n| format!("line {}\n", n * 7_919 % 100_003)).collect();
    let indented: String = plain.iter().take(20_000).map(|line| format!("    {line}")).collect();
    let spaced: String = plain.iter().take(20_000).map(|line| line.replacen(' ', " number = ", 1)).collect();
    let repeated = "}\n\n".repeat(50_000);
    let fewer = "}\n".repeat(60_000);
    let start_of = |lines: usize| plain.iter().take(lines).map(String::as_str).collect::<String>();
    for (name, before, after) in [
        ("step: 100,000 lines shuffled", start_of(100_000), shuffled),
        ("step: 20,000 lines re-indented", start_of(20_000), indented),
        ("step: 20,000 lines re-written", start_of(20_000), spaced),
        ("step: 100,000 repeated lines", repeated, fewer),
    ] {
        let mut origins = Origins::base(vouchsafe_evidence::lines::count(&before));
        let start = Instant::now();
        origins.step(&before, &after, Seq::new(2));
        rows.push((name, start.elapsed().as_secs_f64() * 1e3, "ms"));
    }
    let mut blame = Blame::new(200_000);
    blame.cite(0..4_000, &Citation { task: TaskId::new(1), steps: vec![Seq::new(2)] });
    blame.edit(0, &"}\n".repeat(4_000), "");
    let start = Instant::now();
    blame.edit(0, "", &"\n}\n".repeat(50_000));
    rows.push(("edit: paste 100,000 repeated lines", start.elapsed().as_secs_f64() * 1e3, "ms"));
}
