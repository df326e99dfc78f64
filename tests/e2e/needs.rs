//! Changes that need others: said, offered together, carried out in an order that works.

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, Profile};

/// A line that names a new file; a file in the way of a directory.
const FIXTURE: &str = r#"
//- /.vouchsafe.toml
[recipes.split]
title = "Split"
run = ["printf 'mod parser;\\n' > t && cat lib.rs >> t && cat t > lib.rs && rm t && echo '// parser' > parser.rs"]
[recipes.room]
title = "Make room"
run = ["rm util && mkdir util && echo one > util/one.txt"]
//- /lib.rs
fn main() {}$0
//- /util
in the way
"#;

fn after(title: &str, profile: Profile) -> Editor {
    let mut editor = Editor::open(FIXTURE).profile(profile).start();
    editor.choose(title);
    editor.wait_for_proposal();
    editor
}

fn listed(editor: &mut Editor) -> Vec<Value> {
    let changes = editor.execute("vouchsafe.review", &json!([{}])).expect("a list");
    changes.as_array().cloned().expect("a list")
}

fn number(editor: &mut Editor, kind: &str) -> Value {
    let changes = listed(editor);
    changes.iter().find(|one| one["kind"] == kind).map(|one| one["hunk"].clone()).expect("such a change")
}

#[test]
fn a_line_that_names_a_new_file_says_so_and_takes_it_along() {
    for profile in [Profile::VsCode, Profile::Helix, Profile::Eglot] {
        let mut editor = after("Split", profile);
        assert!(editor.says("Needs: Create parser.rs"), "{profile:?}");
        let (text, file) = (number(&mut editor, "text"), number(&mut editor, "create"));
        let of_line = listed(&mut editor).into_iter().find(|one| one["hunk"] == text).expect("the line");
        assert_eq!(of_line["needs"], json!([file]));
        editor.choose_on("lib.rs", 1, "Accept with what it needs (2 changes)");
        editor.wait_for("nothing to be left", |editor| editor.proposed() == 0);
        editor.wait_for_text("lib.rs", "mod parser;\nfn main() {}\n");
        editor.wait_until("the file is there", |editor| {
            let open = editor.document("parser.rs").map(|open| open.text().whole());
            open.or_else(|| editor.disk("parser.rs")).as_deref() == Some("// parser\n")
        });
        assert!(!editor.messages().iter().any(|one| one.text.contains("not accepted yet")), "{profile:?}");
    }
}

#[test]
fn accepting_it_alone_is_done_and_told() {
    for profile in [Profile::VsCode, Profile::Eglot] {
        let mut editor = after("Split", profile);
        if profile == Profile::VsCode {
            editor.will_choose("Accept what it needs");
        }
        editor.choose_on("lib.rs", 1, "Accept this change");
        editor.wait_for_text("lib.rs", "mod parser;\nfn main() {}\n");
        let told = editor.wait_for_message("needs what is not accepted yet: Create parser.rs");
        if profile == Profile::VsCode {
            assert_eq!(told.choices, ["Accept what it needs"]);
            editor.wait_for("the file to be made as well", |editor| editor.proposed() == 0);
        } else {
            assert_eq!(told.choices, Vec::<String>::new());
            editor.wait_for("the file to wait", |editor| editor.proposed() == 1);
        }
    }
}

#[test]
fn rejecting_what_is_needed_is_told_and_a_twin_is_not() {
    let mut editor = after("Split", Profile::VsCode);
    let file = number(&mut editor, "create");
    editor.execute("vouchsafe.reject", &json!([{ "task": 1, "hunk": file }])).expect("it waits");
    editor.wait_for_message("needs what you rejected: Create parser.rs");
    editor.choose_on("lib.rs", 1, "Accept this change");
    editor.wait_for_text("lib.rs", "mod parser;\nfn main() {}\n");
    editor.wait_for("it to be told again", |editor| {
        editor.messages().iter().filter(|one| one.text.contains("needs what you rejected")).count() == 2
    });

    let mut editor = after("Split", Profile::VsCode);
    editor.choose_on("lib.rs", 1, "Reject all");
    editor.wait_for("nothing to be left", |editor| editor.proposed() == 0);
    editor.hover("lib.rs", 1);
    assert!(!editor.messages().iter().any(|one| one.text.contains("needs what")), "both went together");
}

#[test]
fn what_is_in_the_way_goes_first() {
    for profile in [Profile::VsCode, Profile::Neovim012, Profile::Eglot] {
        for all in [true, false] {
            let mut editor = after("Make room", profile);
            if all {
                editor.execute("vouchsafe.accept", &json!([{ "task": 1 }])).expect("it waits");
            } else {
                let file = number(&mut editor, "create");
                let pick = json!([{ "task": 1, "hunk": file, "with_needs": true }]);
                editor.execute("vouchsafe.accept", &pick).expect("it waits");
            }
            editor.wait_for("nothing to be left", |editor| editor.proposed() == 0);
            editor.wait_until("the file is there", |editor| {
                let open = editor.document("util/one.txt").map(|open| open.text().whole());
                open.or_else(|| editor.disk("util/one.txt")).as_deref() == Some("one\n")
            });
        }
    }
}
