//! The commit trailer of the task that made a line, in clients that show documents and in those that do not.

use serde_json::json;
use vouchsafe_tests::{Editor, Profile};

use crate::SHOUT;

const TRAILER: &str = "Assisted-by: Vouchsafe:recipe/shout";

fn accepted(profile: Profile) -> Editor {
    let mut editor = Editor::open(SHOUT).profile(profile).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept("a.txt", 6);
    editor
}

#[test]
fn it_is_offered_on_a_line_of_the_task_and_nowhere_else() {
    let mut editor = accepted(Profile::VsCode);
    let offered = |editor: &mut Editor, line| {
        editor.titles_on("a.txt", line).iter().any(|title| title.contains("commit trailer of task 1"))
    };
    assert!(offered(&mut editor, 6));
    assert!(!offered(&mut editor, 1) && !offered(&mut editor, 3));
}

#[test]
fn it_is_shown_as_a_file_and_answered() {
    let mut editor = accepted(Profile::VsCode);
    editor.choose_on("a.txt", 6, "commit trailer");
    editor.wait_for("the trailer to be shown", |editor| !editor.shown().is_empty());
    let path = editor.path_of(editor.shown()[0]["uri"].as_str().expect("a URI"));
    let text = std::fs::read_to_string(path).expect("a file");
    assert!(text.starts_with(TRAILER) && text.lines().count() == 1, "{text}");
    let answer =
        editor.execute("vouchsafe.trailer", &json!([{ "task": 1, "quiet": true }])).expect("an answer");
    assert_eq!(answer, json!({ "trailer": text.trim_end() }));
    assert_eq!(editor.shown().len(), 1, "it was asked for quietly");
    let error = editor.execute("vouchsafe.trailer", &json!([{ "task": 9 }])).expect_err("there is none");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("no task 9")), "{error}");
}

#[test]
fn it_is_a_message_where_documents_cannot_be_shown() {
    let mut editor = accepted(Profile::Kakoune);
    editor.choose_on("a.txt", 6, "commit trailer");
    editor.wait_for_message(TRAILER);
}
