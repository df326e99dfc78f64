//! Documents without a file, several folders, one file of several, and looking before deciding.

use serde_json::{Value, json};
use vouchsafe_tests::Editor;

use crate::SHOUT;

fn titles(answer: &Value) -> Vec<&str> {
    answer
        .as_array()
        .map(|all| all.iter().filter_map(|one| one["title"].as_str()).collect())
        .unwrap_or_default()
}

fn actions_at(editor: &mut Editor, uri: &str) -> Value {
    let place = json!({ "line": 0, "character": 0 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "triggerKind": 1 },
    });
    editor.request("textDocument/codeAction", params).expect("an answer")
}

#[test]
fn a_document_that_was_never_saved_offers_no_task_and_says_why_one_cannot_start() {
    let mut editor = Editor::open(SHOUT).start();
    let uri = "untitled:Untitled-1";
    let opened = json!({ "uri": uri, "languageId": "plaintext", "version": 1, "text": "hello\n" });
    editor.notify("textDocument/didOpen", json!({ "textDocument": opened }));
    let changed = json!([{ "text": "HELLO\nthere\n" }]);
    let document = json!({ "uri": uri, "version": 2 });
    editor.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changed }));
    assert_eq!(titles(&actions_at(&mut editor, uri)), [""; 0]);
    let error = editor.execute("vouchsafe.start", &json!([{ "recipe": "shout", "uri": uri }]));
    let error = error.expect_err("there is nothing to copy");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("save it")), "{error}");
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert!(editor.titles().iter().any(|title| title.contains("Shout")), "the server is alive");
}

#[test]
fn each_folder_has_its_own_recipes_and_its_own_copy() {
    let mut editor = Editor::open(SHOUT).start();
    let other = editor.yard().root().join("other");
    let recipe = b"[recipes.whisper]\ntitle = \"Whisper\"\nrun = [\"tr A-Z a-z < b.txt > t && cat t > b.txt && rm t; ls\"]\n";
    vouchsafe_tests::yard::put(&other.join(".vouchsafe.toml"), recipe);
    vouchsafe_tests::yard::put(&other.join("b.txt"), b"LOUD\n");
    let of = |name: &str| format!("file://{}", other.join(name).display());
    let folder = json!([{ "uri": of("").trim_end_matches('/'), "name": "other" }]);
    let event = json!({ "added": folder, "removed": [] });
    editor.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    let opened = json!({ "uri": of("b.txt"), "languageId": "plaintext", "version": 1, "text": "LOUD\n" });
    editor.notify("textDocument/didOpen", json!({ "textDocument": opened }));

    let here = actions_at(&mut editor, &of("b.txt")).to_string();
    assert!(here.contains("Whisper") && !here.contains("Shout"), "{here}");
    assert!(!editor.titles().iter().any(|title| title.contains("Whisper")));
    let started = editor.execute("vouchsafe.start", &json!([{ "recipe": "whisper", "uri": of("b.txt") }]));
    assert!(started.expect("it starts")["task"].is_u64());
    editor.wait_for_ends(1);
    let open = editor.execute("vouchsafe.review", &json!([{}])).expect("the open changes");
    assert_eq!(
        (open[0]["uri"].as_str(), open[0]["new"].as_str()),
        (Some(&*of("b.txt")), Some("loud\n")),
        "{open}"
    );
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": of("b.txt") } }));
}

#[test]
fn all_changes_of_one_file_can_be_accepted_at_once() {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.choose_on("a.txt", 1, "in this file");
    editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
    editor.undo("a.txt");
    assert!(editor.text("a.txt").starts_with("hello\n"), "one edit, so one undo takes it back");
}

#[test]
fn compare_shows_old_and_new_and_the_three_texts_of_a_conflict() {
    // A client that asks for no documents of ours gets files; `asking` has the other kind.
    let mut editor = Editor::open(SHOUT).profile(vouchsafe_tests::Profile::Neovim011).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.choose_on("a.txt", 1, "Compare");
    editor.wait_for("the comparison to be shown", |editor| editor.shown().len() == 1);
    let shown = |editor: &Editor, nth: usize| {
        let uri = editor.shown()[nth]["uri"].as_str().expect("a URI").to_owned();
        std::fs::read_to_string(uri.strip_prefix("file://").expect("a file")).expect("it is there")
    };
    let text = shown(&editor, 0);
    assert!(text.contains("-hello") && text.contains("+HELLO"), "{text}");

    editor.replace("a.txt", "hello", "mine");
    editor.wait_until("the conflict is named", |editor| editor.says("conflict"));
    editor.choose_on("a.txt", 1, "Compare");
    editor.wait_for("the three texts to be shown", |editor| editor.shown().len() == 2);
    let text = shown(&editor, 1);
    assert!(text.contains("mine") && text.contains("HELLO") && text.contains("hello"), "{text}");
    editor.choose_on("a.txt", 1, "Take theirs");
    editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nwörld 😀 end\n");
    editor.undo("a.txt");
    assert!(editor.text("a.txt").starts_with("mine\n"), "and the user's text is an undo away");
}
