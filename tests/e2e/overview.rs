//! All tasks in view: as an action, as a question, as data.

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, Profile};

use crate::SHOUT;

fn proposed(profile: Profile) -> Editor {
    let mut editor = Editor::open(SHOUT).profile(profile).start();
    assert!(!editor.titles().iter().any(|title| title.contains("Tasks…")), "there is none to be shown");
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor
}

#[test]
fn choosing_a_task_leads_to_its_first_change() {
    for profile in [Profile::VsCode, Profile::Neovim011, Profile::Helix] {
        let mut editor = proposed(profile);
        editor.accept("a.txt", 1);
        editor.will_choose("Review task 1: Shout (1 change)");
        editor.choose("Tasks…");
        editor.wait_for("the change to be shown", |editor| !editor.shown().is_empty());
        let shown = editor.shown()[0].clone();
        assert_eq!(
            (&shown["uri"], &shown["selection"]["start"]["line"]),
            (&json!(editor.uri("a.txt")), &json!(5))
        );
        let asked = editor.wait_for_message("task 1: Shout, ended, 1 accepted, 1 change waiting");
        assert_eq!(asked.choices.len(), 1);
    }
}

#[test]
fn who_cannot_be_asked_gets_a_message() {
    for profile in [Profile::Eglot, Profile::Kakoune] {
        let mut editor = proposed(profile);
        editor.choose("Tasks…");
        let told = editor.wait_for_message("task 1: Shout, ended, 2 changes waiting");
        assert_eq!(told.choices.is_empty(), profile == Profile::Eglot);
    }
}

#[test]
fn when_nothing_waits_there_is_nothing_to_choose() {
    let mut editor = proposed(Profile::VsCode);
    editor.accept("a.txt", 1);
    editor.reject("a.txt", 6);
    editor.choose("Tasks…");
    let told = editor.wait_for_message("task 1: Shout, ended, 1 accepted, 1 rejected");
    assert_eq!(told.choices, Vec::<String>::new());
    let gone = editor.execute("vouchsafe.showChange", &json!([{ "task": 1 }])).expect_err("nothing waits");
    assert_eq!(gone["code"], -32801);
}

#[test]
fn the_list_says_where_and_how_each_stands() {
    let mut editor = proposed(Profile::Helix);
    editor.accept("a.txt", 6);
    editor.replace("a.txt", "hello", "mine");
    editor.wait_until("the conflict is told", |editor| editor.says("in conflict"));
    let listed = editor.execute("vouchsafe.tasks", &Value::Null).expect("a list");
    let task = &listed[0];
    let expected = json!({
        "task": 1, "title": "Shout", "kind": "recipe", "phase": "ended", "step": null,
        "uri": editor.uri("a.txt"), "start_line": 0,
        "waiting": 1, "conflicts": 1, "accepted": 1, "rejected": 0, "record": task["record"],
        "answer": null,
    });
    assert_eq!(task, &expected);
    assert!(task["record"].as_str().is_some_and(|path| path.ends_with("record.md")));
}
