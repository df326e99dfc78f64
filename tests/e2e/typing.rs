//! What the user types is what the command sees, and is never lost.

use expect_test::expect;
use vouchsafe_tests::Editor;

use crate::SHOUT;

/// Changes the first and the sixth line after two seconds: long enough to type meanwhile on any machine.
const SLOW: &str = r#"
//- /.vouchsafe.toml
[recipes.slow]
title = "Slow shout"
run = ["sleep 2 && sed -i '1s/.*/HELLO/;6s/.*/WORLD/' a.txt"]
//- /a.txt
hello$0
1
2
3
4
world
6
7
8
nine
"#;

/// Runs the slow recipe and types while it runs.
fn slow(type_meanwhile: impl FnOnce(&mut Editor)) -> Editor {
    let mut editor = Editor::open(SLOW).start();
    editor.choose("Slow");
    editor
        .wait_for("the first step", |editor| editor.progress().values().any(|one| !one.messages.is_empty()));
    type_meanwhile(&mut editor);
    assert!(
        editor.progress().values().all(|one| !one.ended),
        "the recipe was over before anything was typed"
    );
    editor.wait_for_proposal();
    editor
}

#[test]
fn unsaved_text_is_what_the_command_sees() {
    let mut editor = Editor::open(SHOUT).start();
    editor.replace("a.txt", "hello", "typed, not saved");
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept("a.txt", 1);
    editor.expect(&expect![[r#"
        edit  a.txt v3
          1 - typed, not saved
          1 + TYPED, NOT SAVED
        note  a.txt:6 proposed-change information
        disk  unchanged
    "#]]);
    editor.undo("a.txt");
    assert!(editor.text("a.txt").starts_with("typed, not saved\n"));
}

#[test]
fn a_document_that_is_not_on_disk_yet_takes_part() {
    let mut editor = Editor::open(SHOUT).start();
    editor.outside("a.txt", None);
    editor.close("a.txt");
    editor.open_text("a.txt", "only typed\n");
    editor.select("a.txt", "only");
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept("a.txt", 1);
    editor.expect(&expect![[r#"
        edit  a.txt v2
          1 - only typed
          1 + ONLY TYPED
        disk  unchanged
    "#]]);
}

#[test]
fn typing_elsewhere_merges() {
    let mut editor = slow(|editor| editor.replace("a.txt", "nine", "NINE!"));
    editor.accept_all("a.txt", 1);
    editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWORLD\n6\n7\n8\nNINE!\n");
    assert!(!editor.says("conflict"));
}

#[test]
fn typing_above_moves_the_change() {
    let mut editor = slow(|editor| editor.type_at("a.txt", "2\n", "new\nlines\n"));
    editor.accept("a.txt", 8);
    editor.expect(&expect![[r#"
        edit  a.txt v3
          8 - world
          8 + WORLD
        note  a.txt:1 proposed-change information
        disk  unchanged
    "#]]);
}

#[test]
fn typing_in_the_same_place_is_a_conflict_there_and_nowhere_else() {
    let mut editor = slow(|editor| editor.replace("a.txt", "hello", "mine"));
    assert!(editor.says("conflict"), "the conflict is named");
    editor.accept("a.txt", 6);
    editor.wait_for_text("a.txt", "mine\n1\n2\n3\n4\nWORLD\n6\n7\n8\nnine\n");
}

#[test]
fn typing_into_a_change_that_is_shown_keeps_what_was_typed() {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.type_at("a.txt", "hello", "oh, ");
    editor.wait_until("the conflict is named", |editor| editor.says("conflict"));
    editor.accept("a.txt", 6);
    editor.wait_for_text("a.txt", "oh, hello\n1\n2\n3\n4\nWöRLD 😀 END\n");
}

#[test]
fn a_change_undone_and_accepted_again() {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept("a.txt", 1);
    editor.undo("a.txt");
    assert!(editor.text("a.txt").starts_with("hello\n"));
    editor.accept("a.txt", 6);
    editor.undo("a.txt");
    assert_eq!(editor.text("a.txt"), "hello\n1\n2\n3\n4\nwörld 😀 end\n");
    editor.wait_until("both changes to wait again", |editor| editor.proposed() == 2);
    editor.expect(&expect![[r#"
        edit  a.txt v2
          1 - hello
          1 + HELLO
        edit  a.txt v4
          6 - wörld 😀 end
          6 + WöRLD 😀 END
        note  a.txt:1 proposed-change information
        note  a.txt:6 proposed-change information
        disk  unchanged
    "#]]);
}
