//! Claims in the editor: shown by verdict at the change they are about, checked again, dismissed.

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, Profile};

/// A project whose recipes make claims by their checks.
const DASHES: &str = r#"
//- /slug.py
def slugify(s):$0
    return s.lower()
//- /test_slug.py
import unittest
from slug import slugify

class Slug(unittest.TestCase):
    def test_spaces(self):
        self.assertEqual(slugify("A b"), "a-b")
//- /.vouchsafe.toml
[recipes.dashes]
title = "Use dashes"
run = ["sed -i 's/s.lower()/s.lower().replace(\" \", \"-\")/' slug.py"]
check = ["python3 -m unittest"]
[recipes.lines]
title = "Use lines"
run = ["sed -i 's/s.lower()/s.lower().replace(\" \", \"_\")/' slug.py"]
check = ["python3 -m unittest"]
[recipes.masked]
title = "Use dashes and look away"
run = ["sed -i 's/s.lower()/s.lower().replace(\" \", \"-\")/' slug.py"]
check = ["python3 -m unittest 2>/dev/null | cat"]
[recipes.weaken]
title = "Make the test pass"
run = ["sed -i 's/\"a-b\"/\"a b\"/' test_slug.py"]
check = ["python3 -m unittest"]
"#;

fn findings(editor: &mut Editor) -> Vec<Value> {
    let listed = editor.execute("vouchsafe.findings", &json!([{}])).expect("a list");
    listed.as_array().cloned().unwrap_or_default()
}

fn codes(editor: &Editor, path: &str) -> Vec<String> {
    let code = |one: &Value| one["code"].as_str().unwrap_or_default().to_owned();
    editor.diagnostics(path).iter().map(code).collect()
}

fn wait_for_code(editor: &mut Editor, path: &str, code: &str) {
    editor.wait_until(code, |editor| codes(editor, path).iter().any(|one| one == code));
}

#[test]
fn a_claim_that_holds_is_no_diagnostic_and_is_told() {
    let mut editor = Editor::open(DASHES).start();
    editor.choose("Use dashes (recipe");
    editor.wait_for_proposal();
    assert_eq!(codes(&editor, "slug.py"), ["proposed-change"]);
    let all = findings(&mut editor);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0]["claim"]["verdict"], "verified");
    let hover = editor.hover("slug.py", 2);
    assert!(hover.contains("proposed, task 1, verified") && hover.contains("- verified: "), "{hover}");
    editor.wait_for_message("1 claim: 1 verified");
}

fn contradicted(profile: Profile) {
    let mut editor = Editor::open(DASHES).profile(profile).start();
    editor.choose("Use lines");
    editor.wait_for_proposal();
    wait_for_code(&mut editor, "slug.py", "claim-contradicted");
    let shown = editor.diagnostics("slug.py").iter().find(|one| one["code"] == "claim-contradicted").cloned();
    let shown = shown.expect("it was just seen");
    assert_eq!(shown["severity"], 1);
    assert_eq!(shown["range"]["start"]["line"], 1, "it stands at the change");
    let message = shown["message"].as_str().unwrap_or_default();
    assert!(message.contains("step 4, `python3 -m unittest`"), "{message}");
    editor.choose_on("slug.py", 2, "Dismiss");
    editor.wait_until("no claim", |editor| codes(editor, "slug.py") == ["proposed-change"]);
    assert!(findings(&mut editor).is_empty());
}

#[test]
fn a_claim_that_does_not_hold_is_an_error_at_the_change() {
    contradicted(Profile::VsCode);
}

#[test]
fn also_where_only_standard_messages_are_known() {
    contradicted(Profile::Helix);
}

#[test]
fn what_did_not_hold_is_run_again_on_the_final_state() {
    let mut editor = Editor::open(DASHES).start();
    editor.choose("Use lines");
    editor.wait_for_proposal();
    wait_for_code(&mut editor, "slug.py", "claim-contradicted");
    editor.choose_on("slug.py", 2, "Check it now");
    let message = editor.wait_for_message("does not hold. Run again");
    assert!(message.text.contains("on the final state: exit code 1, exit code 1"), "{}", message.text);
    editor.wait_until("the new reason", |editor| {
        editor.diagnostics("slug.py").iter().any(|one| one["message"].to_string().contains("Run again"))
    });
    assert_eq!(editor.disk("slug.py").as_deref(), Some("def slugify(s):\n    return s.lower()\n"));
}

#[test]
fn without_a_command_that_decides_it_says_what_to_configure() {
    let mut editor = Editor::open(DASHES).start();
    editor.choose("look away");
    editor.wait_for_proposal();
    wait_for_code(&mut editor, "slug.py", "claim-unverified");
    editor.choose_on("slug.py", 2, "Check it now");
    editor.wait_for_message("`verify.tests`");
}

#[test]
fn a_test_that_says_less_is_a_finding_of_its_own() {
    let mut editor = Editor::open(DASHES).start();
    editor.choose("Make the test pass");
    editor.wait_for_proposal();
    wait_for_code(&mut editor, "test_slug.py", "weakened-test");
    let verdicts: Vec<_> = findings(&mut editor).iter().map(|one| one["claim"]["verdict"].clone()).collect();
    assert!(!verdicts.contains(&json!("verified")), "{verdicts:?}");
}

#[test]
fn unknown_findings_are_refused_with_a_sentence() {
    let mut editor = Editor::open(DASHES).start();
    for command in ["vouchsafe.checkClaim", "vouchsafe.showFinding", "vouchsafe.dismissFinding"] {
        let error =
            editor.execute(command, &json!([{ "task": 7, "note": 1 }])).expect_err("there is no task 7");
        assert!(error["message"].as_str().is_some_and(|message| message.contains("gone")), "{error}");
    }
}
