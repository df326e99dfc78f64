//! While four tasks run and text is typed: nothing is stale, nothing is lost, cancelling works.
//!
//! The bench has the figures; here is what must hold on any machine.

use serde_json::json;
use vouchsafe_tests::text::Place;
use vouchsafe_tests::{Editor, Profile};

/// One recipe whose change can be hovered over, one that runs until it is cancelled.
const FIXTURE: &str = r#"
//- /.vouchsafe.toml
[recipes.mark]
title = "Mark"
run = ["sed -i '$s/.*/MARKED/' a.txt"]
[recipes.wait]
title = "Wait long"
run = ["sleep 600"]
"#;

fn loaded(profile: Profile, lines: usize) {
    let text: String = (0..lines).map(|n| format!("line {n} wörld\n")).collect();
    let mut editor = Editor::open(&format!("{FIXTURE}//- /a.txt\n{text}")).profile(profile).start();
    editor.open_file("a.txt");
    editor.choose("Mark");
    editor.wait_for_proposal();
    let tasks: Vec<_> = (0..4).map(|_| editor.choose("Wait long").expect("a number")).collect();
    editor.wait_for("all four to run", |editor| {
        let running = |one: &&vouchsafe_tests::editor::Progress| {
            !one.ended && one.messages.iter().any(|text| text.contains("sleep 600"))
        };
        editor.progress().values().filter(running).count() == 4
    });
    let mut asked = Vec::new();
    for nth in 0..300 {
        let place = Place { line: nth % 7, byte: 0 };
        editor.splice("a.txt", place, place, "typed\n");
        // The change has moved down with every line: an answer from an older text would find nothing there.
        let position = json!({ "line": lines + nth, "character": 0 });
        let document = json!({ "uri": editor.uri("a.txt") });
        // An answer from a newer text than the request's would be right as well: it finds the change below.
        let range = json!({ "start": position, "end": { "line": lines + 300, "character": 0 } });
        let hover = json!({ "textDocument": document, "position": position });
        let context = json!({ "diagnostics": [] });
        let actions = json!({ "textDocument": document, "range": range, "context": context });
        asked.push((editor.ask("textDocument/hover", hover), "MARKED"));
        asked.push((editor.ask("textDocument/codeAction", actions), "Accept this change"));
    }
    for (nth, (id, wanted)) in asked.into_iter().enumerate() {
        let answer = editor.answer_to(id).expect("it is answered").to_string();
        assert!(answer.contains(wanted), "{nth} is stale: {answer}");
    }
    let listed = editor.execute("vouchsafe.review", &json!([{}])).expect("a list");
    assert_eq!(listed[0]["start_line"], json!(lines + 299));
    for task in tasks {
        editor.execute("vouchsafe.cancel", &json!([{ "task": task }])).expect("it runs");
    }
    editor.wait_for_ends(5);
    editor.accept("a.txt", lines + 300);
    let mut left: Vec<_> = editor.text("a.txt").lines().map(str::to_owned).collect();
    assert_eq!(left.pop().as_deref(), Some("MARKED"));
    left.retain(|line| line != "typed");
    assert_eq!(left.len() + 1, lines, "no line of the file is lost");
    assert_eq!(editor.text("a.txt").matches("typed\n").count(), 300);
}

#[test]
fn in_a_short_file() {
    loaded(Profile::VsCode, 100);
}

#[test]
fn in_a_long_file() {
    loaded(Profile::Helix, 20_000);
}
