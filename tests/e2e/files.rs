//! New, deleted and renamed files, with and without resource operations.

use vouchsafe_tests::{Editor, Profile};

const FILES: &str = r#"
//- /.vouchsafe.toml
[recipes.move]
title = "Move files"
run = ["mkdir -p deep && printf 'new\\n' > deep/new.txt", "rm old.txt", "mv from.txt to.txt", "echo end >> a.txt"]
//- /a.txt
start$0
//- /old.txt
old
//- /from.txt
a text that is long enough
to be the same file
under another name
//- /other.txt
untouched
"#;

fn all_files(profile: Profile) {
    let mut editor = Editor::open(FILES).profile(profile).start();
    editor.choose("Move files");
    editor.wait_for_proposal();
    assert_eq!(editor.yard().disk(), "unchanged");
    let line = editor.first_proposed("a.txt");
    editor.accept_all("a.txt", line);
    editor.wait_for_text("a.txt", "start\nend\n");
    editor.wait_until("the files are there", |editor| {
        let text =
            |path: &str| editor.document(path).map(|open| open.text().whole()).or_else(|| editor.disk(path));
        text("deep/new.txt").as_deref() == Some("new\n")
            && text("to.txt").is_some_and(|text| text.starts_with("a text that is long"))
            && editor.disk("old.txt").is_none()
            && editor.disk("from.txt").is_none()
    });
    assert_eq!(
        editor.disk("a.txt").as_deref(),
        Some("start\n"),
        "an edit of an open file is the editor's, unsaved"
    );
    assert_eq!(editor.disk("other.txt").as_deref(), Some("untouched\n"));
}

#[test]
fn with_resource_operations() {
    all_files(Profile::Helix);
}

#[test]
fn with_resource_operations_in_neovim() {
    all_files(Profile::Neovim011);
}

#[test]
fn in_an_editor_without_resource_operations_the_server_writes_and_says_so() {
    all_files(Profile::Eglot);
}

#[test]
fn rejecting_leaves_every_file_alone() {
    let mut editor = Editor::open(FILES).start();
    editor.choose("Move files");
    editor.wait_for_proposal();
    let line = editor.first_proposed("a.txt");
    editor.reject("a.txt", line);
    assert_eq!(editor.text("a.txt"), "start\n");
    assert_eq!(editor.yard().disk(), "unchanged");
}

#[test]
fn a_file_the_user_renamed_meanwhile_is_followed_or_named() {
    let mut editor = Editor::open(crate::SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.rename("a.txt", "b.txt");
    editor.wait_until("the server speaks of the new name", |editor| {
        !editor.diagnostics("b.txt").is_empty() || editor.says("b.txt") || editor.says("a.txt")
    });
    assert_eq!(editor.text("b.txt"), "hello\n1\n2\n3\n4\nwörld 😀 end\n");
    assert_eq!(editor.disk("a.txt"), None, "the old name is not brought back");
}
