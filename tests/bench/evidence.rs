//! Lines that tasks made, in a document of 20,000 lines with 10,000 runs of origins: what typing, hover and blame cost
//! there. The floor is the same in the same text when nothing is known of it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::process::binary;
use vouchsafe_tests::text::Place;
use vouchsafe_tests::{Editor, Opening};

use crate::{Row, ms, quantile};

const LINES: usize = 20_000;
const CHANGES: usize = 5_000;
/// For all of them, on a machine that others use as well.
const PATIENCE: Duration = Duration::from_secs(300);
const SAMPLES: usize = 600;
const BLAMES: usize = 20;

/// What was measured on one side.
struct Side {
    changes: f64,
    hovers: Vec<f64>,
    blames: Vec<f64>,
}

pub(crate) fn rows() -> Vec<Row> {
    let text: String = (0..LINES).map(|n| format!("line {n} of a long file\n")).collect();
    let open = || Editor::open(&format!("//- /a.txt\n{text}//- /b.txt\n$0b\n"));
    let [mut with, mut without] = [true, false].map(|known| side(open(), known));
    let mut rows = vec![Row {
        what: "didChange, 20,000 lines, 10,000 runs of origins",
        vouchsafe: with.changes,
        floor: without.changes,
        unit: "1/s",
    }];
    for (what, share) in [("hover on a line of a task, p50", 0.5), ("hover on a line of a task, p99", 0.99)] {
        let (vouchsafe, floor) = (quantile(&mut with.hovers, share), quantile(&mut without.hovers, share));
        rows.push(Row { what, vouchsafe, floor, unit: "ms" });
    }
    for (what, share) in [("blame of 10,000 runs, p50", 0.5), ("blame of 10,000 runs, p99", 0.99)] {
        let (vouchsafe, floor) = (quantile(&mut with.blames, share), quantile(&mut without.blames, share));
        rows.push(Row { what, vouchsafe, floor, unit: "ms" });
    }
    rows
}

/// One server; `known` says whether a task made every other line before it starts.
fn side(opening: Opening, known: bool) -> Side {
    let first = opening.start();
    if known {
        let made = Command::new(binary("vouchsafe"))
            .args(["exec", "--apply", "--", "sed", "-i", "1~2s/long/longer/", "a.txt"])
            .env_clear()
            .envs(first.yard().environment())
            .current_dir(first.yard().workspace())
            .output()
            .expect("vouchsafe starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let next = Editor::open("").beside(&first).patience(PATIENCE);
    drop(first);
    let mut editor = next.start();
    editor.open_file("a.txt");
    if known {
        while editor.hover("a.txt", 1).is_empty() {}
    }
    let blames = (0..BLAMES).map(|_| blame(&mut editor, if known { LINES / 2 } else { 0 })).collect();
    let hovers = (0..SAMPLES).map(|nth| hover(&mut editor, nth, known)).collect();
    Side { changes: flood(&mut editor), hovers, blames }
}

/// Changes per second, sent as fast as they can be, until a hover behind them is answered.
fn flood(editor: &mut Editor) -> f64 {
    let since = Instant::now();
    for nth in 0..CHANGES {
        let place = Place { line: nth * 7919 % LINES, byte: 4 };
        editor.splice("a.txt", place, place, "x");
    }
    editor.hover("a.txt", 1);
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let changes = CHANGES as f64;
    changes / since.elapsed().as_secs_f64()
}

/// Types a character into one of the user's lines, and asks about one of the task's: the latency in ms.
fn hover(editor: &mut Editor, nth: usize, known: bool) -> f64 {
    let place = Place { line: (nth * 7919 % LINES) | 1, byte: 4 };
    editor.splice("a.txt", place, place, "x");
    let line = (nth * 104_729 % LINES) & !1;
    let since = Instant::now();
    let found = editor.hover("a.txt", line + 1);
    let taken = ms(since.elapsed());
    assert_eq!(found.contains("sed"), known, "line {line}: {found}");
    taken
}

fn blame(editor: &mut Editor, runs: usize) -> f64 {
    let uri = editor.uri("a.txt");
    let since = Instant::now();
    let listed = editor.execute("vouchsafe.blame", &json!([{ "uri": uri }])).expect("a list");
    let taken = ms(since.elapsed());
    assert_eq!(listed.as_array().map(Vec::len), Some(runs), "{:?}", listed.get(0).unwrap_or(&Value::Null));
    taken
}
