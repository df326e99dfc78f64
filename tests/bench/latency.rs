//! Typing in a file of 100,000 lines: how many changes a second, and how long a hover and the code actions take
//! meanwhile.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::Editor;
use vouchsafe_tests::text::Place;

use crate::{Row, Server, ms, quantile};

pub(crate) const LINES: usize = 100_000;
/// The file without a grammar.
const PLAIN: &str = "a.txt";
/// Changes at full speed.
const CHANGES: usize = 20_000;
/// Rounds, in which the two sides take turns, and the samples of each request under typing in one of them.
const ROUNDS: usize = 3;
const SAMPLES: usize = 200;
/// The time between two changes.
const PACE: Duration = Duration::from_millis(5);

/// All samples of one side.
#[derive(Default)]
struct Samples {
    changes: Vec<f64>,
    hovers: Vec<f64>,
    actions: Vec<f64>,
}

pub(crate) fn rows() -> Vec<Row> {
    let text: String = (0..LINES).map(|n| format!("line {n} of a long file\n")).collect();
    let fixture = format!("//- /a.txt\n{text}");
    let mut sides: [Samples; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (server, samples) in Server::BOTH.into_iter().zip(&mut sides) {
            round(server, &fixture, samples);
        }
    }
    let [vouchsafe, floor] = sides.each_mut().map(figures);
    let names = [
        ("didChange, 100,000 lines, at full speed", "1/s"),
        ("hover under 200 changes/s, p50", "ms"),
        ("hover under 200 changes/s, p95", "ms"),
        ("hover under 200 changes/s, p99", "ms"),
        ("code actions under 200 changes/s, p50", "ms"),
        ("code actions under 200 changes/s, p95", "ms"),
        ("code actions under 200 changes/s, p99", "ms"),
    ];
    let both = vouchsafe.into_iter().zip(floor);
    names
        .into_iter()
        .zip(both)
        .map(|((what, unit), (vouchsafe, floor))| Row { what, vouchsafe, floor, unit })
        .collect()
}

/// Throughput, then p50, p95 and p99 of hover and of code actions.
fn figures(samples: &mut Samples) -> [f64; 7] {
    let three = |samples: &mut [f64]| [0.5, 0.95, 0.99].map(|share| quantile(samples, share));
    let ([h50, h95, h99], [a50, a95, a99]) = (three(&mut samples.hovers), three(&mut samples.actions));
    [quantile(&mut samples.changes, 0.5), h50, h95, h99, a50, a95, a99]
}

fn round(server: Server, fixture: &str, samples: &mut Samples) {
    let mut editor = server.open(fixture).start();
    samples.changes.push(flood(&mut editor));
    for nth in 0..SAMPLES {
        samples.hovers.push(asked(&mut editor, PLAIN, "textDocument/hover", nth));
        samples.actions.push(asked(&mut editor, PLAIN, "textDocument/codeAction", nth));
    }
}

/// Changes per second when they are sent as fast as they can be, until a hover behind them is answered.
fn flood(editor: &mut Editor) -> f64 {
    let since = Instant::now();
    for nth in 0..CHANGES {
        typed(editor, PLAIN, nth);
    }
    editor.hover(PLAIN, 1);
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let changes = CHANGES as f64;
    changes / since.elapsed().as_secs_f64()
}

fn typed(editor: &mut Editor, path: &str, nth: usize) {
    let place = Place { line: nth * 7919 % LINES, byte: 4 };
    editor.splice(path, place, place, "x");
}

/// Types one character, asks, and goes on typing at the pace until the answer is there: its latency in ms.
pub(crate) fn asked(editor: &mut Editor, path: &str, method: &str, nth: usize) -> f64 {
    let line = nth * 104_729 % LINES;
    let (document, position) = (json!({ "uri": editor.uri(path) }), json!({ "line": line, "character": 0 }));
    let range = json!({ "start": position, "end": position });
    let params = if method.ends_with("hover") {
        json!({ "textDocument": document, "position": position })
    } else {
        json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })
    };
    typed(editor, path, nth);
    let since = Instant::now();
    let id = editor.ask(method, params);
    let mut next = since + PACE;
    while !editor.is_answered(id) {
        editor.serve(next, id);
        if Instant::now() >= next {
            typed(editor, path, nth);
            next += PACE;
        }
    }
    let taken = ms(since.elapsed());
    assert!(editor.answer_to(id).is_ok_and(|answer| answer != Value::Bool(false)), "{method} failed");
    // The rest of the pace, so that the changes keep their rhythm.
    editor.serve(next, -1);
    taken
}
