//! What it costs, measured: `cargo build --release && cargo run --release -p vouchsafe-tests --bin bench`.
//!
//! Every figure stands beside its floor in the same run, interleaved, since machines vary: the toy server (the same
//! driver with nothing behind it), or the plain command. `docs/testing.md` says how to read it. The last line of the
//! output is the same as JSON. An argument chooses one group of rows: `starting`, `latency`, `coded`, `loaded` or `evidence`.
//!
//! Absent on purpose
//! - Bars that fail a build: a shared machine would fail them by chance. The table is read by people.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program of the tests: it prints a table, starts what it measures and fails by panicking"
)]

mod coded;
mod evidence;
mod latency;
mod loaded;
mod starting;

use std::time::Duration;

use vouchsafe_tests::process::binary;
use vouchsafe_tests::{Editor, Opening};

/// What is measured, and what it stands beside.
#[derive(Clone, Copy)]
enum Server {
    Vouchsafe,
    /// The driver's own floor.
    Toy,
}

impl Server {
    const BOTH: [Self; 2] = [Self::Vouchsafe, Self::Toy];

    fn open(self, fixture: &str) -> Opening {
        match self {
            Self::Vouchsafe => Editor::open(fixture),
            Self::Toy => Editor::open(fixture).server(binary("toy-server"), &[]),
        }
    }
}

/// A row of the table.
struct Row {
    what: &'static str,
    vouchsafe: f64,
    floor: f64,
    unit: &'static str,
}

impl Row {
    /// A row from samples of both, by their medians.
    fn medians(what: &'static str, unit: &'static str, vouchsafe: &mut [f64], floor: &mut [f64]) -> Self {
        Self { what, vouchsafe: quantile(vouchsafe, 0.5), floor: quantile(floor, 0.5), unit }
    }
}

/// Rows by the name of what they measure.
type Group = (&'static str, fn() -> Vec<Row>);

fn main() {
    if cfg!(debug_assertions) {
        println!("these are figures of a debug build: use --release");
    }
    let groups: [Group; 5] = [
        ("starting", starting::rows),
        ("latency", latency::rows),
        ("coded", coded::rows),
        ("loaded", loaded::rows),
        ("evidence", evidence::rows),
    ];
    let wanted = std::env::args().nth(1);
    let chosen = groups.iter().filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name));
    let rows: Vec<Row> = chosen.flat_map(|(_, rows)| rows()).collect();
    println!("{:<58} {:>12} {:>12} {:>8}  unit", "what", "vouchsafe", "floor", "ratio");
    for row in &rows {
        let ratio =
            if row.floor > 0.0 { format!("{:.2}", row.vouchsafe / row.floor) } else { "–".to_owned() };
        println!("{:<58} {:>12.3} {:>12.3} {:>8}  {}", row.what, row.vouchsafe, row.floor, ratio, row.unit);
    }
    let json: serde_json::Map<_, _> = rows
        .iter()
        .map(|row| {
            let figures =
                serde_json::json!({ "vouchsafe": row.vouchsafe, "floor": row.floor, "unit": row.unit });
            (row.what.to_owned(), figures)
        })
        .collect();
    println!("{}", serde_json::Value::Object(json));
}

/// The value below which this share of the samples lies.
fn quantile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into a short list")]
    let index = ((samples.len() as f64 - 1.0) * share).round() as usize;
    samples.get(index).copied().unwrap_or(f64::NAN)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
