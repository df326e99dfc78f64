//! From a code action to an accepted, cited, undoable edit, in every profile.

use std::path::Path;

use expect_test::expect;
use vouchsafe_tests::{Editor, Encoding, Profile};

use crate::SHOUT;

/// The hover of a changed line: it names task, step, command and exit code, and links to the record.
fn is_cited(editor: &mut Editor, line: usize) {
    let hover = editor.hover("a.txt", line);
    for part in ["task", "step", "tr a-z", "exit"] {
        assert!(hover.to_lowercase().contains(part), "no {part:?} in the hover: {hover}");
    }
    let (record, at) = editor.record_of(&hover);
    assert!(
        Path::new(&record).starts_with(editor.yard().state()),
        "the record is in the state directory: {record}"
    );
    let text = std::fs::read_to_string(&record).unwrap_or_else(|error| panic!("{record}: {error}"));
    let near: Vec<&str> = text.lines().skip(at.saturating_sub(1)).take(5).collect();
    assert!(
        near.iter().any(|line| line.contains("tr a-z")),
        "line {at} of the record is about the command: {near:?}"
    );
}

fn main_path(profile: Profile) {
    let mut editor = Editor::open(SHOUT).profile(profile).start();
    assert!(editor.choose("Shout").is_some(), "starting answers with the number of the task");
    editor.wait_for_proposal();
    editor.expect(&expect![[r#"
        note  a.txt:1 proposed-change information
        note  a.txt:6 proposed-change information
        disk  unchanged
    "#]]);
    let progress = editor.progress().values().next().expect("the task had progress").clone();
    assert!(!progress.title.is_empty() && progress.messages.iter().any(|message| message.contains("tr a-z")));
    is_cited(&mut editor, 6);
    let offered = editor.titles_on("a.txt", 6);
    for title in
        ["Accept this change", "Accept all of task", "Reject this change", "Show evidence", "Compare"]
    {
        assert!(offered.iter().any(|one| one.contains(title)), "{title} is not offered: {offered:?}");
    }

    editor.accept("a.txt", 6);
    editor.expect(&expect![[r#"
        edit  a.txt v2
          6 - wörld 😀 end
          6 + WöRLD 😀 END
        note  a.txt:1 proposed-change information
        disk  unchanged
    "#]]);
    is_cited(&mut editor, 6);

    editor.reject("a.txt", 1);
    editor.undo("a.txt");
    assert_eq!(editor.text("a.txt"), "hello\n1\n2\n3\n4\nwörld 😀 end\n");
    editor.expect(&expect![[r#"
        disk  unchanged
    "#]]);
}

#[test]
fn in_vs_code() {
    main_path(Profile::VsCode);
}

#[test]
fn in_neovim_0_11() {
    main_path(Profile::Neovim011);
}

#[test]
fn in_neovim_0_12() {
    main_path(Profile::Neovim012);
}

#[test]
fn in_helix() {
    main_path(Profile::Helix);
}

#[test]
fn in_emacs_with_eglot() {
    main_path(Profile::Eglot);
}

#[test]
fn in_kakoune() {
    main_path(Profile::Kakoune);
}

#[test]
fn in_every_encoding() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        let mut editor = Editor::open(SHOUT).encoding(encoding).start();
        editor.type_at("a.txt", "end", "😀 ");
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.accept_all("a.txt", 6);
        editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 😀 END\n");
    }
}

#[test]
fn actions_are_few_marked_and_of_the_kinds_asked_for() {
    let mut editor = Editor::open(SHOUT).start();
    let actions = editor.actions();
    assert!(!actions.is_empty() && actions.len() <= 8, "{actions:#?}");
    assert!(actions.iter().all(|action| {
        let kind = action["kind"].as_str().unwrap_or_default();
        kind.starts_with("refactor.rewrite.vouchsafe") || kind.starts_with("source.vouchsafe")
    }));
    let range = serde_json::json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    assert_eq!(editor.actions_in("a.txt", &range, Some(&["quickfix"])), [serde_json::Value::Null; 0]);
    let narrowed =
        editor.actions_in("a.txt", &range, Some(&["refactor.rewrite.vouchsafe", "source.vouchsafe"]));
    assert_eq!(narrowed.len(), actions.len());
}

#[test]
fn the_evidence_opens_in_the_editor() {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.choose_on("a.txt", 1, "Show evidence");
    editor.wait_for("the record to be shown", |editor| !editor.shown().is_empty());
    let uri = editor.shown()[0]["uri"].as_str().expect("a URI").to_owned();
    let path = editor.path_of(uri.split('#').next().unwrap_or_default());
    assert!(path.ends_with("record.md"), "{path}");
    assert!(std::fs::read_to_string(&path).expect("the record is a file").contains("tr a-z"));
}

#[test]
fn a_declined_edit_stays_proposed_whatever_the_client_answers() {
    for profile in [Profile::VsCode, Profile::Neovim012] {
        let mut editor = Editor::open(SHOUT).profile(profile).start();
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.will_decline_edit();
        editor.choose_on("a.txt", 1, "Accept this change");
        editor.wait_until("the edit was offered", |editor| editor.edits_answered() == 1);
        editor.hover("a.txt", 1);
        editor.wait_until("both changes are proposed", |editor| editor.proposed() == 2);
        editor.expect(&expect![[r#"
            edit  declined by the user
            note  a.txt:1 proposed-change information
            note  a.txt:6 proposed-change information
            disk  unchanged
        "#]]);
    }
}

#[test]
fn accepted_lines_are_followed_while_the_user_types() {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept_all("a.txt", 1);
    editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
    editor.type_at("a.txt", "HELLO", "mine\nmine too\n");
    is_cited(&mut editor, 3);
    is_cited(&mut editor, 8);
    assert!(!editor.hover("a.txt", 1).contains("tr a-z"), "a line of the user's is nobody else's");
}

#[test]
fn a_built_in_recipe_with_the_real_toolchain() {
    let mut editor = Editor::open(
        "//- /Cargo.toml\n[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         //- /src/lib.rs\npub fn  one( )->u32 {$0 1 }\n//- /src/two.rs\nfn  two( ) { }\n",
    )
    .start();
    editor.choose("rustfmt");
    editor.wait_for_proposal();
    editor.accept_all("src/lib.rs", 1);
    editor.wait_for_text("src/lib.rs", "pub fn one() -> u32 {\n    1\n}\n");
    assert_eq!(editor.yard().disk(), "unchanged");
    assert!(editor.hover("src/lib.rs", 2).contains("fmt"));
}
