//! Hover and code actions while four tasks run and 200 changes a second arrive, in a short and in a long file; stale
//! answers; how long a cancel takes.

use std::time::{Duration, Instant};

use serde_json::json;
use vouchsafe_tests::Editor;
use vouchsafe_tests::text::Place;

use crate::{Row, ms, quantile};

/// One recipe whose change can be hovered over, one that runs until it is cancelled.
const RECIPES: &str = r#"
//- /.vouchsafe.toml
[recipes.mark]
title = "Mark"
run = ["sed -i '$s/.*/MARKED/' a.txt"]
[recipes.wait]
title = "Wait long"
run = ["sleep 600"]
"#;
/// Samples of each request.
const SAMPLES: usize = 600;
const TASKS: usize = 4;
/// The time between two changes.
const PACE: Duration = Duration::from_millis(5);

/// A file's length, and what the rows are called.
const SIZES: [(usize, [&str; 7]); 2] = [
    (
        1_000,
        [
            "4 tasks, 200 changes/s, 1,000 lines: hover p50",
            "… hover p95",
            "… hover p99",
            "… code actions p50",
            "… code actions p95",
            "… code actions p99",
            "… stale answers",
        ],
    ),
    (
        100_000,
        [
            "4 tasks, 200 changes/s, 100,000 lines: hover p50",
            "… hover p95",
            "… hover p99",
            "… code actions p50",
            "… code actions p95",
            "… code actions p99",
            "… stale answers",
        ],
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut cancels = Vec::new();
    for (lines, names) in SIZES {
        let mut load = Load::new(lines);
        let (mut hovers, mut actions) = (Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            hovers.push(load.asked("textDocument/hover", "MARKED"));
            actions.push(load.asked("textDocument/codeAction", "Accept this change"));
        }
        let figures = [&mut hovers, &mut actions];
        let figures = figures.into_iter().flat_map(|all| [0.5, 0.95, 0.99].map(|share| quantile(all, share)));
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let figures = figures.chain([load.stale as f64]);
        let row = |(what, vouchsafe): (&'static str, f64)| {
            let unit = if what.ends_with("answers") { "" } else { "ms" };
            Row { what, vouchsafe, floor: 0.0, unit }
        };
        rows.extend(names.into_iter().zip(figures).map(row));
        cancels.extend(load.cancelled());
    }
    rows.push(Row {
        what: "cancel to the end of its progress, median",
        vouchsafe: quantile(&mut cancels, 0.5),
        floor: 0.0,
        unit: "ms",
    });
    rows.push(Row {
        what: "… the slowest", vouchsafe: quantile(&mut cancels, 1.0), floor: 0.0, unit: "ms"
    });
    rows
}

struct Load {
    editor: Editor,
    /// Where the change stands by now.
    line: usize,
    stale: usize,
}

impl Load {
    fn new(lines: usize) -> Self {
        let text: String = (0..lines).map(|n| format!("line {n} of a file\n")).collect();
        let mut editor = Editor::open(&format!("{RECIPES}//- /a.txt\n{text}")).start();
        editor.open_file("a.txt");
        editor.choose("Mark");
        editor.wait_for_proposal();
        for _ in 0..TASKS {
            editor.choose("Wait long");
        }
        editor.wait_for("all tasks to run", |editor| {
            let runs = |text: &String| text.contains("sleep 600");
            editor.progress().values().filter(|one| !one.ended && one.messages.iter().any(runs)).count()
                == TASKS
        });
        Self { editor, line: lines - 1, stale: 0 }
    }

    /// Every change moves the proposed one down.
    fn typed(&mut self) {
        let place = Place { line: 0, byte: 0 };
        self.editor.splice("a.txt", place, place, "typed\n");
        self.line += 1;
    }

    fn asked(&mut self, method: &str, wanted: &str) -> f64 {
        self.typed();
        let (document, position) =
            (json!({ "uri": self.editor.uri("a.txt") }), json!({ "line": self.line, "character": 0 }));
        // An answer from a newer text than the request's would be right as well: it finds the change below.
        let range = json!({ "start": position, "end": { "line": self.line + 99, "character": 0 } });
        let params = if method.ends_with("hover") {
            json!({ "textDocument": document, "position": position })
        } else {
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })
        };
        let since = Instant::now();
        let id = self.editor.ask(method, params);
        let mut next = since + PACE;
        while !self.editor.is_answered(id) {
            self.editor.serve(next, id);
            if Instant::now() >= next {
                self.typed();
                next += PACE;
            }
        }
        let taken = ms(since.elapsed());
        let fresh = self.editor.answer_to(id).is_ok_and(|answer| answer.to_string().contains(wanted));
        self.stale += usize::from(!fresh);
        self.editor.serve(next, -1);
        taken
    }

    /// Cancels each task by its progress; the time until that has ended.
    fn cancelled(mut self) -> Vec<f64> {
        let running = self.editor.progress().iter().filter(|(_, one)| !one.ended);
        let tokens: Vec<String> = running.map(|(token, _)| token.clone()).collect();
        let mut taken = Vec::new();
        for token in tokens {
            let since = Instant::now();
            self.editor.cancel_progress(&token);
            self.editor
                .wait_for("it to end", |editor| editor.progress().get(&token).is_some_and(|one| one.ended));
            taken.push(ms(since.elapsed()));
        }
        taken
    }
}
