//! What the played editors do with an edit: applied, refused, and what is a fault of the server's all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use vouchsafe_tests::Profile::{self, Eglot, Helix, Kakoune, Neovim011, VsCode};

use crate::{TWO_LINES, toy};

/// Sends one edit to this profile. What the user sees then, or what is wrong at the end of the session.
fn sent(profile: Profile, edit: &str) -> Result<String, String> {
    let mut seen = String::new();
    let session = || {
        let mut editor = toy(TWO_LINES, &[&format!("edit:{edit}")]).profile(profile).start();
        editor.choose("Shout");
        editor.wait_for("the edit", |editor| editor.edits_answered() == 1);
        seen = editor.take_events().join("\n");
    };
    match catch_unwind(AssertUnwindSafe(session)) {
        Ok(()) => Ok(seen),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            Err(said.lines().filter(|line| line.starts_with("- ")).collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The edit applies and this is seen.
fn applies(profile: Profile, edit: &str, seen: &str) {
    assert_eq!(sent(profile, edit), Ok(seen.to_owned()), "{profile:?} {edit}");
}

/// The edit is a fault of the server's, named by these words.
fn is_wrong(profile: Profile, edit: &str, words: &str) {
    let said = sent(profile, edit).expect_err("the session must not be clean");
    assert!(said.contains(words), "{profile:?} {edit}: {said}");
}

fn in_a(version: i64, edits: &str) -> String {
    format!(
        r#"{{"documentChanges":[{{"textDocument":{{"uri":"WS/a.txt","version":{version}}},"edits":[{edits}]}}]}}"#
    )
}

fn replacing(line: u32, from: u32, to: u32, new: &str) -> String {
    let at = |character: u32| format!(r#"{{"line":{line},"character":{character}}}"#);
    format!(r#"{{"range":{{"start":{},"end":{}}},"newText":"{new}"}}"#, at(from), at(to))
}

fn operation(fields: &str) -> String {
    format!(r#"{{"documentChanges":[{{{fields}}}]}}"#)
}

#[test]
fn several_edits_of_one_document_apply_together() {
    let edits = [replacing(0, 0, 1, "J"), replacing(0, 5, 5, "\\nnew"), replacing(1, 0, 0, "x")].join(",");
    let seen = "edit  a.txt v2\n  1 - hello\n  2 - wörld 😀 end\n  1 + Jello\n  2 + new\n  3 + xwörld 😀 end";
    applies(VsCode, &in_a(1, &edits), seen);
}

#[test]
fn what_cannot_be_applied_is_refused_whole() {
    let good = replacing(0, 0, 1, "J");
    for (edit, why) in [
        (in_a(7, &good), "version 7 of a.txt, which is at 1"),
        (in_a(1, &replacing(9, 0, 0, "x")), "line 9 does not exist: the text has 3 lines"),
        (in_a(1, &format!("{good},{}", replacing(0, 0, 3, "x"))), "edits of a.txt overlap"),
        (in_a(1, &replacing(0, 3, 1, "x")), "a range that ends before it starts"),
        (in_a(1, &replacing(1, 7, 7, "x")), "is inside the character '😀'"),
        (in_a(1, &good).replace("a.txt", "b.txt"), "version 1 of b.txt, which is not open"),
        (operation(r#""kind":"create","uri":"WS/a.txt""#), "a.txt exists already"),
        (operation(r#""kind":"delete","uri":"WS/b.txt""#), "b.txt does not exist"),
    ] {
        let seen = sent(VsCode, &edit).expect("refusing is the editor's business");
        assert!(seen.starts_with("edit  refused: ") && seen.contains(why), "{edit}: {seen}");
    }
}

#[test]
fn files_are_created_renamed_and_deleted_where_the_client_can() {
    let create = operation(r#""kind":"create","uri":"WS/deep/b.txt""#);
    for profile in [VsCode, Neovim011, Helix, Kakoune] {
        applies(profile, &create, "file  created deep/b.txt");
        let rename = operation(r#""kind":"rename","oldUri":"WS/a.txt","newUri":"WS/c.txt""#);
        applies(profile, &rename, "file  renamed a.txt to c.txt");
        applies(profile, &operation(r#""kind":"delete","uri":"WS/a.txt""#), "file  deleted a.txt");
    }
    is_wrong(Eglot, &create, "a create operation for a client that fails on it");
}

#[test]
fn a_new_file_and_its_text_arrive_in_one_edit() {
    let text = replacing(0, 0, 0, "new\\n");
    let edit = format!(
        r#"{{"documentChanges":[{{"kind":"create","uri":"WS/b.txt"}},{{"textDocument":{{"uri":"WS/b.txt","version":null}},"edits":[{text}]}}]}}"#
    );
    applies(Helix, &edit, "file  created b.txt\nedit  b.txt v2\n  1 + new");
}

#[test]
fn what_the_client_did_not_advertise_is_a_fault() {
    let edit = replacing(0, 0, 1, "J");
    let unversioned = format!(r#"{{"changes":{{"WS/a.txt":[{edit}]}}}}"#);
    is_wrong(VsCode, &unversioned, "an edit without versions for a client that takes versions");
    applies(Neovim011, &unversioned, "edit  a.txt v2\n  1 - hello\n  1 + Jello");
    let annotated = edit.replace("\"newText\"", "\"annotationId\":\"why\",\"newText\"");
    is_wrong(
        Helix,
        &in_a(1, &annotated),
        "an annotated edit for a client that did not advertise annotations",
    );
    is_wrong(VsCode, &in_a(1, &annotated), "the annotation why has no entry");
    let two = format!(r#"{{"changes":{{"WS/a.txt":[{edit}],"WS/b.txt":[]}}}}"#);
    is_wrong(Neovim011, &two, "one edit for several documents");
}
