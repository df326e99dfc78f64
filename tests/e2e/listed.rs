//! What clients with views of their own ask for: open changes with their lines, and lines that tasks made.

use serde_json::{Value, json};
use vouchsafe_tests::Editor;

fn changes(editor: &mut Editor) -> Vec<Value> {
    let listed = editor.execute("vouchsafe.review", &json!([{}])).expect("a list");
    listed.as_array().cloned().expect("a list")
}

fn blame(editor: &mut Editor, path: &str) -> Value {
    let uri = editor.uri(path);
    editor.execute("vouchsafe.blame", &json!([{ "uri": uri }])).expect("a list")
}

/// The fields of a change that say where and what.
fn shown(change: &Value) -> Value {
    let fields = ["hunk", "kind", "state", "start_line", "end_line", "old", "new", "what"];
    fields.iter().map(|field| change[*field].clone()).collect()
}

#[test]
fn a_change_carries_its_lines_and_its_command() {
    let mut editor = Editor::open(crate::SHOUT).start();
    let task = editor.choose("Shout");
    editor.wait_for_proposal();
    let listed = changes(&mut editor);
    assert_eq!(
        listed.iter().map(shown).collect::<Vec<_>>(),
        [
            json!([1, "text", "pending", 0, 1, "hello\n", "HELLO\n", "changes this line"]),
            json!([2, "text", "pending", 5, 6, "wörld 😀 end\n", "WöRLD 😀 END\n", "changes this line"]),
        ]
    );
    let first = &listed[0];
    assert_eq!((first["task"].as_u64(), &first["path"]), (task, &json!("a.txt")));
    assert_eq!(first["uri"], json!(editor.uri("a.txt")));
    let cite = &first["cites"][0];
    assert!(cite["command"].as_str().is_some_and(|command| command.contains("tr a-z")), "{cite}");
    assert_eq!(cite["exit"], "exit code 0");
    let record = std::fs::read_to_string(first["record"].as_str().expect("a path")).expect("the record");
    let line = usize::try_from(first["line"].as_u64().expect("a line")).expect("a small number");
    let heading = record.lines().nth(line - 1).expect("a line");
    assert!(heading.starts_with("## ") && heading.contains("tr a-z"), "{heading:?}");
    let of_task = editor.execute("vouchsafe.review", &json!([{ "task": task }])).expect("a list");
    let of_another = editor.execute("vouchsafe.review", &json!([{ "task": 999 }])).expect("a list");
    assert_eq!((of_task.as_array().map(Vec::len), of_another), (Some(2), json!([])));
}

#[test]
fn lines_follow_the_text_and_accepted_ones_name_their_step() {
    let mut editor = Editor::open(crate::SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    assert_eq!(blame(&mut editor, "a.txt"), json!([]), "nothing is accepted yet");
    editor.accept("a.txt", 6);
    editor.type_at("a.txt", "1\n", "new\n");
    let left = changes(&mut editor);
    assert_eq!(left.iter().map(|one| one["hunk"].clone()).collect::<Vec<_>>(), [1]);
    let blamed = blame(&mut editor, "a.txt");
    assert_eq!(blamed.as_array().map(Vec::len), Some(1), "{blamed}");
    let lines = &blamed[0];
    assert_eq!((&lines["start_line"], &lines["end_line"], &lines["hunk"]), (&json!(6), &json!(7), &json!(2)));
    assert!(
        lines["cites"][0]["command"].as_str().is_some_and(|command| command.contains("tr a-z")),
        "{lines}"
    );
    editor.reject("a.txt", 1);
    assert_eq!(changes(&mut editor), Vec::<Value>::new());
}
