//! What clients ask for by themselves: code lenses, diagnostics, documents of our scheme. Each only where advertised.

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, Profile};

use crate::SHOUT;

/// A recipe that changes a file that may be closed.
const OTHER: &str = r#"
//- /.vouchsafe.toml
[recipes.other]
title = "Other"
run = ["echo new >> b.txt"]
//- /a.txt
hello$0
//- /b.txt
old
"#;

fn proposed(profile: Profile) -> Editor {
    let mut editor = Editor::open(SHOUT).profile(profile).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor
}

fn shown(editor: &mut Editor) -> Vec<(u64, String)> {
    editor.lenses("a.txt").into_iter().map(|lens| (lens.line, lens.title)).collect()
}

fn three(line: u64) -> [(u64, String); 3] {
    ["Accept", "Reject", "Compare"].map(|title| (line, title.to_owned()))
}

#[test]
fn code_lenses_decide() {
    for profile in [Profile::VsCode, Profile::Neovim011, Profile::Neovim012, Profile::Kakoune] {
        let mut editor = proposed(profile);
        assert_eq!(shown(&mut editor), [three(1), three(6)].concat(), "{profile:?}");
        let lenses = editor.lenses("a.txt");
        editor.click(&lenses[3]);
        editor.wait_for_text("a.txt", "hello\n1\n2\n3\n4\nWöRLD 😀 END\n");
        editor.wait_for("one change to be left", |editor| editor.proposed() == 1);
        assert_eq!(shown(&mut editor), three(1), "{profile:?}");
        let lenses = editor.lenses("a.txt");
        editor.click(&lenses[1]);
        editor.wait_for("nothing to be left", |editor| editor.proposed() == 0);
        assert_eq!(shown(&mut editor), []);
    }
}

#[test]
fn code_lenses_are_asked_for_again_when_decisions_change_and_not_for_typing() {
    let mut editor = proposed(Profile::VsCode);
    editor.wait_for("a refresh for what came", |editor| editor.lens_refreshes() > 0);
    editor.lenses("a.txt");
    let before = editor.lens_refreshes();
    for _ in 0..20 {
        editor.type_at("a.txt", "2\n", "x");
    }
    // A rejection is told; whatever typing led to would have been told before it.
    editor.reject("a.txt", 1);
    editor.wait_for("a refresh for the rejection", |editor| editor.lens_refreshes() > before);
    assert_eq!(editor.lens_refreshes(), before + 1);
    assert_eq!(shown(&mut editor), three(6));
}

#[test]
fn who_shows_no_lenses_is_offered_none() {
    for profile in Profile::ALL {
        let editor = Editor::open(SHOUT).profile(profile).start();
        let offers =
            |pointer: &str| editor.server_capabilities().pointer(pointer).is_some_and(|it| !it.is_null());
        let found =
            ["/codeLensProvider", "/diagnosticProvider", "/workspace/textDocumentContent"].map(offers);
        let expected = match profile {
            Profile::VsCode => [true, true, true],
            Profile::Neovim012 => [true, true, false],
            Profile::Neovim011 | Profile::Kakoune => [true, false, false],
            Profile::Helix | Profile::Eglot => [false, false, false],
        };
        assert_eq!(found, expected, "{profile:?}");
    }
}

#[test]
fn findings_are_told_once_whether_the_document_is_open_or_not() {
    for profile in [Profile::VsCode, Profile::Neovim012, Profile::Helix] {
        let mut editor = Editor::open(OTHER).profile(profile).start();
        assert_eq!(editor.pulls(), profile != Profile::Helix);
        editor.choose("Other");
        editor.wait_for("the finding of the closed file", |editor| editor.diagnostics("b.txt").len() == 1);
        editor.open_file("b.txt");
        if editor.pulls() {
            editor.wait_for("the opened file to be asked about", |editor| !editor.is_told_twice("b.txt"));
        }
        let task = editor.diagnostics("b.txt")[0]["data"].clone();
        editor.wait_until("one finding is left", |editor| editor.diagnostics("b.txt").len() == 1);
        editor.close("b.txt");
        editor.wait_for("the closed file to be told of", |editor| editor.diagnostics("b.txt").len() == 1);
        assert_eq!(editor.diagnostics("b.txt")[0]["data"], task);
        editor.open_file("b.txt");
        editor.wait_until("one finding is left", |editor| {
            editor.diagnostics("b.txt").len() == 1 && !editor.is_told_twice("b.txt")
        });
        editor.accept("b.txt", 1);
        editor.wait_for_text("b.txt", "old\nnew\n");
    }
}

#[test]
fn the_same_result_is_not_sent_again() {
    let mut editor = proposed(Profile::VsCode);
    let params = |previous: Option<&Value>| {
        let mut params = json!({ "textDocument": { "uri": editor.uri("a.txt") }, "identifier": "vouchsafe" });
        if let Some(previous) = previous {
            params["previousResultId"] = previous.clone();
        }
        params
    };
    let (first, unknown) = (params(None), params(Some(&json!("x"))));
    let report = editor.request("textDocument/diagnostic", first).expect("a report");
    assert_eq!((&report["kind"], report["items"].as_array().map(Vec::len)), (&json!("full"), Some(2)));
    let mut same = unknown.clone();
    same["previousResultId"] = report["resultId"].clone();
    let again = editor.request("textDocument/diagnostic", same.clone()).expect("a report");
    assert_eq!((&again["kind"], &again["resultId"]), (&json!("unchanged"), &report["resultId"]));
    let full = editor.request("textDocument/diagnostic", unknown).expect("a report");
    assert_eq!(full["items"], report["items"]);
    editor.type_at("a.txt", "hello", "above\n");
    let moved = editor.request("textDocument/diagnostic", same).expect("a report");
    assert_eq!(moved["kind"], "full");
    assert_eq!(moved["items"][0]["range"]["start"]["line"], 1);
}

#[test]
fn comparing_opens_a_document_of_our_scheme_that_stays_right() {
    let mut editor = proposed(Profile::VsCode);
    editor.choose_on("a.txt", 6, "Compare");
    editor.wait_for("the difference to be shown", |editor| !editor.shown().is_empty());
    let uri = editor.shown()[0]["uri"].as_str().expect("a URI").to_owned();
    assert_eq!(uri, "vouchsafe://task/1/compare/2/a.txt.diff");
    editor.wait_for("its text", |editor| editor.content(&uri).is_some());
    let text = editor.content(&uri).cloned().expect("it came").expect("a text");
    assert!(text.contains("-wörld 😀 end\n+WöRLD 😀 END\n") && !text.contains("HELLO"), "{text}");
    editor.replace("a.txt", "wörld", "my world");
    editor.wait_for("the three texts of the conflict", |editor| {
        editor.content(&uri).is_some_and(|text| text.as_ref().is_ok_and(|text| text.contains("my world")))
    });
    editor.choose_on("a.txt", 6, "Keep mine");
    editor.wait_for("the change to be settled", |editor| editor.diagnostics("a.txt").len() == 1);
}

#[test]
fn texts_before_and_after_have_names() {
    let mut editor = proposed(Profile::VsCode);
    editor.type_at("a.txt", "hello", "mine\n");
    let mut content = |name: &str| {
        let uri = format!("vouchsafe://task/{name}");
        editor.request("workspace/textDocumentContent", json!({ "uri": uri })).map(|it| it["text"].clone())
    };
    assert_eq!(content("1/base/a.txt").expect("a text"), "hello\n1\n2\n3\n4\nwörld 😀 end\n");
    assert_eq!(content("1/proposed/a.txt").expect("a text"), "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
    assert_eq!(content("1/accepted/a.txt").expect("a text"), "mine\nHELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
    let record = content("1/record.md").expect("a text");
    assert!(record.as_str().is_some_and(|text| text.contains("tr a-z")), "{record}");
    for nothing in ["1/base/none.txt", "2/base/a.txt", "1/../../etc/passwd", "1/home/a.txt"] {
        assert_eq!(content(nothing).expect_err(nothing)["code"], -32602, "{nothing}");
    }
}
