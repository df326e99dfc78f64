//! Code actions in a program of 100,000 lines while it is typed in, with a model configured: tasks are offered at each
//! place, from an outline that is read in the background.

use std::fmt::Write as _;

use crate::latency::{LINES, asked};
use crate::{Row, Server, quantile};

/// Rounds, in which the two sides take turns, and the samples in one of them.
const ROUNDS: usize = 3;
const SAMPLES: usize = 200;
const CODE: &str = "a.rs";
/// A model that is never asked.
const MODEL: &str = "[models.profiles.m]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\n";

pub(crate) fn rows() -> Vec<Row> {
    let fixture = format!("//- /{CODE}\n{}", program());
    let mut sides: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (server, samples) in Server::BOTH.into_iter().zip(&mut sides) {
            let mut editor = server.open(&fixture).user_config(MODEL).start();
            // The first question waits for the first outline.
            asked(&mut editor, CODE, "textDocument/codeAction", 0);
            samples.extend((0..SAMPLES).map(|nth| asked(&mut editor, CODE, "textDocument/codeAction", nth)));
        }
    }
    let [vouchsafe, floor] = &mut sides;
    [
        ("code actions in Rust with tasks, under 200 changes/s, p50", 0.5),
        ("code actions in Rust with tasks, under 200 changes/s, p95", 0.95),
        ("code actions in Rust with tasks, under 200 changes/s, p99", 0.99),
    ]
    .map(|(what, share)| Row {
        what,
        vouchsafe: quantile(vouchsafe, share),
        floor: quantile(floor, share),
        unit: "ms",
    })
    .into()
}

/// Functions of six lines.
fn program() -> String {
    let mut text = String::new();
    for nth in 0..LINES / 6 {
        _ = write!(
            text,
            "/// Does {nth}.\npub fn f{nth}(x: u32, y: &str) -> Option<u32> {{\n    let z = x.checked_mul({nth})?;\n    \
             if z > 3 {{ return None; }}\n    Some(z + y.len() as u32)\n}} //\n"
        );
    }
    text
}
