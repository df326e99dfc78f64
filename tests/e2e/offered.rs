//! Which tasks are offered where, with a model and without one.

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, Profile};

/// A model that is never asked in these tests: what is offered depends on the configuration alone.
const MODEL: &str = r#"
[models.profiles.local]
base_url = "http://127.0.0.1:9/v1"
model = "m"
"#;

const CODE: &str = "
//- /src/lib.rs
use std::fmt;

/// Adds.
pub fn add(a: u32, b: u32) -> u32 {
    a + b$0
}

pub fn later() {
    todo!()
}

// vouchsafe: make this iterative
fn depth(n: u32) -> u32 { if n == 0 { 0 } else { depth(n - 1) + 1 } }
//- /notes.xyz
;; vouchsafe: shorten this
Words.
";

fn tasks(titles: &[String]) -> Vec<&str> {
    titles.iter().filter_map(|title| title.strip_prefix("Vouchsafe: ")).collect()
}

fn at_a_symbol(profile: Profile) {
    let mut editor = Editor::open(CODE).profile(profile).user_config(MODEL).start();
    let titles = editor.titles();
    let expected =
        ["Write tests for `add`", "Document `add`", "Refactor `add`", "Explain `add`", "Review `add`"];
    assert_eq!(tasks(&titles)[..5], expected, "{titles:?}");
    let titles = editor.titles_on("src/lib.rs", 9);
    assert_eq!(tasks(&titles)[0], "Implement `later`", "{titles:?}");
    let titles = editor.titles_on("src/lib.rs", 12);
    assert_eq!(tasks(&titles)[0], "Run: make this iterative", "{titles:?}");
    assert!(!titles.iter().any(|title| title.contains("Set up a model")));
}

#[test]
fn at_a_symbol_in_vs_code() {
    at_a_symbol(Profile::VsCode);
}

#[test]
fn at_a_symbol_in_neovim() {
    at_a_symbol(Profile::Neovim012);
}

#[test]
fn at_a_symbol_in_helix() {
    at_a_symbol(Profile::Helix);
}

#[test]
fn what_is_offered_follows_what_is_typed() {
    let mut editor = Editor::open(CODE).user_config(MODEL).start();
    editor.titles();
    editor.replace("src/lib.rs", "/// Adds.", "\n\n/// Adds.");
    editor.replace("src/lib.rs", "pub fn add", "pub fn sum");
    editor.select("src/lib.rs", "+");
    let seen = editor.titles();
    assert!(tasks(&seen).contains(&"Refactor `sum`"), "{seen:?}");
    let seen = editor.titles_on("src/lib.rs", 14);
    assert_eq!(tasks(&seen)[0], "Run: make this iterative");
}

#[test]
fn without_a_grammar_orders_are_found_all_the_same() {
    let mut editor = Editor::open(CODE).user_config(MODEL).start();
    editor.open_file("notes.xyz");
    let seen = editor.titles_on("notes.xyz", 1);
    assert_eq!(tasks(&seen)[0], "Run: shorten this", "{seen:?}");
    let seen = editor.titles_on("notes.xyz", 2);
    assert!(!seen.iter().any(|title| title.contains("Run:")), "{seen:?}");
}

fn with_diagnostic(editor: &mut Editor, only: &[&str]) -> Vec<Value> {
    let range = json!({ "start": { "line": 4, "character": 4 }, "end": { "line": 4, "character": 5 } });
    let said = json!({ "range": range, "message": "mismatched types\nexpected `u32`", "source": "rustc", "code": 308 });
    let ours =
        json!({ "range": range, "message": "a change", "source": "vouchsafe", "code": "proposed-change" });
    let mut context = json!({ "diagnostics": [ours, said] });
    if !only.is_empty() {
        context["only"] = json!(only);
    }
    let params =
        json!({ "textDocument": { "uri": editor.uri("src/lib.rs") }, "range": range, "context": context });
    let actions = editor.request("textDocument/codeAction", params).expect("actions");
    actions.as_array().cloned().unwrap_or_default()
}

#[test]
fn a_fix_is_a_quick_fix_of_its_diagnostic() {
    let mut editor = Editor::open(CODE).user_config(MODEL).start();
    let fixes = with_diagnostic(&mut editor, &["quickfix"]);
    assert_eq!(fixes.len(), 1, "{fixes:#?}");
    assert_eq!(fixes[0]["title"], "Vouchsafe: Fix \"mismatched types\"");
    assert_eq!(fixes[0]["kind"], "quickfix");
    assert_eq!(fixes[0]["diagnostics"][0]["source"], "rustc");
    assert_eq!(fixes[0]["diagnostics"].as_array().map(Vec::len), Some(1));
    let argument = &fixes[0]["command"]["arguments"][0];
    assert_eq!((&argument["kind"], &argument["diagnostics"][0]["source"]), (&json!("fix"), &json!("rustc")));
    let rewrites = with_diagnostic(&mut editor, &["refactor.rewrite"]);
    assert!(
        rewrites.iter().all(|one| one["kind"]
            .as_str()
            .is_some_and(|kind| kind.starts_with("refactor.rewrite.vouchsafe.")))
    );
    assert!(with_diagnostic(&mut editor, &[]).len() <= 12);
}

#[test]
fn without_a_model_nothing_is_offered_that_fails() {
    let mut editor = Editor::open(CODE).start();
    let titles = editor.titles();
    assert_eq!(tasks(&titles), ["Set up a model…"], "{titles:?}");
    editor.choose("Set up a model");
    editor.wait_until("the page", |editor| !editor.shown().is_empty());
    let shown = editor.shown()[0]["uri"].as_str().unwrap_or_default().to_owned();
    let path = shown.strip_prefix("file://").expect("a file").to_owned();
    let page = std::fs::read_to_string(&path).expect("a page");
    assert!(page.contains("[models.profiles.local]") && page.contains("config.toml"), "{page}");
    let start = json!([{ "kind": "explain", "uri": editor.uri("src/lib.rs") }]);
    let refused = editor.execute("vouchsafe.start", &start).expect_err("no model");
    assert_eq!(refused["code"], -32_001);
    assert!(
        refused["message"].as_str().is_some_and(|text| text.contains("no model is configured")),
        "{refused}"
    );
}

#[test]
fn what_cannot_be_asked_is_said_in_a_sentence() {
    let mut editor = Editor::open(CODE).user_config(MODEL).start();
    let uri = editor.uri("src/lib.rs");
    let mut refused = |command: &str, argument: Value| {
        let error = editor.execute(command, &json!([argument])).expect_err(command);
        error["message"].as_str().unwrap_or_default().to_owned()
    };
    assert!(refused("vouchsafe.start", json!({ "kind": "ask", "uri": uri })).contains("needs your words"));
    assert!(refused("vouchsafe.start", json!({ "kind": "dance", "uri": uri })).contains("dance"));
    assert!(refused("vouchsafe.message", json!({ "task": 9, "text": "x" })).contains("no task 9"));
    assert!(refused("vouchsafe.followUp", json!({ "task": 9, "text": "x" })).contains("no task 9"));
    assert!(
        refused("vouchsafe.setKey", json!({ "profile": "other", "key": "sk-secret" }))
            .contains("there are local")
    );
    let wrong = refused("vouchsafe.setKey", json!({ "key": "sk-secret" }));
    assert!(wrong.contains("needs {profile, key}") && !wrong.contains("secret"), "{wrong}");
    let set = json!([{ "profile": "local", "key": "sk-secret" }]);
    assert!(editor.execute("vouchsafe.setKey", &set).is_ok());
}
