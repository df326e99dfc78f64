//! Under load: cancelling, ten thousand changes, two servers on one workspace, a crash.

use std::time::{Duration, Instant};

use serde_json::json;
use vouchsafe_tests::text::{Place, Text};
use vouchsafe_tests::{Editor, Encoding, process};

use crate::dice::Dice;

const LONG: &str = r#"
//- /.vouchsafe.toml
[recipes.wait]
title = "Wait long"
run = ["sleep 600"]
//- /a.txt
hello$0
"#;

/// Starts this many tasks that end by nothing but a cancel; returns their numbers.
fn waiting(editor: &mut Editor, count: usize) -> Vec<u64> {
    let tasks: Vec<u64> = (0..count).map(|_| editor.choose("Wait long").expect("a task number")).collect();
    editor.wait_for("all tasks to run", |editor| {
        editor.progress().values().filter(|one| !one.messages.is_empty()).count() == count
    });
    tasks
}

fn ended(editor: &Editor) -> usize {
    editor.progress().values().filter(|one| one.ended).count()
}

#[test]
fn cancelling_and_typing_while_four_tasks_run() {
    let mut editor = Editor::open(LONG).start();
    let tasks = waiting(&mut editor, 4);
    let start = Instant::now();
    editor.type_at("a.txt", "hello", "x");
    editor.hover("a.txt", 1);
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "a hover waited {:?} for running tasks",
        start.elapsed()
    );

    let start = Instant::now();
    let token = editor.progress().keys().next().expect("a token").clone();
    editor.cancel_progress(&token);
    editor.wait_for("the cancelled task to end", |editor| editor.progress()[&token].ended);
    let by_button = start.elapsed();
    assert!(editor.progress()[&token].messages.iter().any(|text| text == "cancelling"), "it is told at once");
    assert_eq!(ended(&editor), 1, "only that one");
    editor
        .execute("vouchsafe.cancel", &json!([{ "task": tasks[3] }]))
        .expect("a running task can be cancelled");
    editor.wait_for("the second one to end", |editor| ended(editor) == 2);
    assert!(by_button < Duration::from_secs(2), "cancelling took {by_button:?}");
    // Two still run: the end of the session takes them along and leaves no process, which its checks see.
}

#[test]
fn closing_the_editor_ends_the_tasks() {
    let mut editor = Editor::open(LONG).start();
    waiting(&mut editor, 2);
    assert!(process::descendants(i32::try_from(editor.server_id()).expect("an id")).len() >= 2);
}

#[test]
fn after_a_crash_nothing_is_left_and_the_next_start_is_clean() {
    let mut editor = Editor::open(LONG).start();
    waiting(&mut editor, 2);
    let family = process::descendants(i32::try_from(editor.server_id()).expect("an id"));
    let yard = editor.kill();
    assert_eq!(process::survivors(&family, Duration::from_secs(5)), []);
    assert_eq!(yard.disk(), "unchanged");
    // What is left of the shadows goes when the next server starts; the end of its session checks that.
    let mut next = Editor::open("").again(yard).start();
    next.open_file("a.txt");
    assert!(next.titles().iter().any(|title| title.contains("Wait long")));
}

#[test]
fn two_servers_on_one_workspace() {
    let mut first = Editor::open(crate::SHOUT).start();
    let mut second = Editor::open("").beside(&first).start();
    second.open_file("a.txt");
    first.choose("Shout");
    second.choose("Shout");
    first.wait_for_proposal();
    second.wait_for_proposal();
    first.accept("a.txt", 1);
    second.accept("a.txt", 6);
    assert!(first.text("a.txt").starts_with("HELLO\n1\n"));
    assert!(second.text("a.txt").ends_with("4\nWöRLD 😀 END\n"));
    assert_eq!(first.yard().disk(), "unchanged");
}

/// A random place of the text, never inside a character or a line end.
fn somewhere(text: &Text, dice: &mut Dice) -> Place {
    let line = dice.below(text.lines().len());
    let content = text.lines()[line].trim_end_matches(['\n', '\r']);
    let places: Vec<usize> = content.char_indices().map(|(at, _)| at).chain([content.len()]).collect();
    Place { line, byte: places[dice.below(places.len())] }
}

/// Ten thousand changes with questions between; then the text that a command sees is the text that was typed.
fn storm(encoding: Encoding, seed: u64) {
    let lines: String = (0..400).map(|n| format!("line {n} wörld 😀 {{}}\n")).collect();
    let fixture = format!(
        "//- /.vouchsafe.toml\n[recipes.copy]\ntitle = \"Copy\"\nrun = [\"cp big.txt copy.txt\", \"echo end >> a.txt\"]\n//- /a.txt\nstart\n//- /big.txt\n{lines}"
    );
    let mut editor = Editor::open(&fixture).encoding(encoding).start();
    editor.open_file("big.txt");
    let mut dice = Dice::new(seed);
    let mut asked = Vec::new();
    let pieces = ["x", "\n", "é", "😀", "\r\n", "a longer piece of text", "two\nlines\n", ""];
    for nth in 0..10_000 {
        let text = editor.document("big.txt").expect("it is open").text();
        let (one, other) = (somewhere(text, &mut dice), somewhere(text, &mut dice));
        // Mostly typing; sometimes a deletion within a line, so that the text keeps its size.
        let (start, end) = if one.line == other.line { (one.min(other), one.max(other)) } else { (one, one) };
        editor.splice("big.txt", start, end, pieces[dice.below(pieces.len())]);
        if nth % 50 == 0 {
            let document = json!({ "uri": editor.uri("big.txt") });
            let position = json!({ "line": 0, "character": 0 });
            asked.push(
                editor.ask("textDocument/hover", json!({ "textDocument": document, "position": position })),
            );
        }
    }
    for id in asked {
        editor.answer_to(id).expect("a hover is answered in a storm");
    }
    editor.select("a.txt", "start");
    editor.choose("Copy");
    editor.wait_for_proposal();
    let line = editor.first_proposed("a.txt");
    editor.accept_all("a.txt", line);
    let typed = editor.text("big.txt");
    editor.wait_until("the copy is what was typed", |editor| {
        let copy =
            editor.document("copy.txt").map(|open| open.text().whole()).or_else(|| editor.disk("copy.txt"));
        copy.as_deref() == Some(&typed)
    });
}

#[test]
fn ten_thousand_changes_in_utf_8() {
    storm(Encoding::Utf8, 0x5EED_0001);
}

#[test]
fn ten_thousand_changes_in_utf_16() {
    storm(Encoding::Utf16, 0x5EED_0002);
}

#[test]
fn ten_thousand_changes_in_utf_32() {
    storm(Encoding::Utf32, 0x5EED_0003);
}
