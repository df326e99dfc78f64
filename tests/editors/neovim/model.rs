//! Tasks for a model and claims in a real Neovim with the plug-in; the model is a scripted one.
//!
//! `model.lua` plays the user and prints what Neovim shows; here that is compared, and so is what the model was told.

use std::path::Path;

use serde_json::{Value, json};
use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::scripted::{Model, Turn, calls};
use vouchsafe_tests::yard::{Yard, put};

use super::plugin::{Shown, plugin, sourcing};
use super::{left_running, played, stages};

const WORKSPACE: &str = r#"
//- /lib.rs
pub fn sum(xs: &[i32]) -> i32 {
    xs.iter().skip(1).sum()
}
//- /main.rs
fn main() {}
//- /slug.py
def slugify(s):
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
[recipes.module]
title = "Add a module"
run = ["sed -i '1i mod parse;' main.rs", "echo 'pub fn parse() {}' > parse.rs"]
"#;

fn edits(old: &str, new: &str) -> Turn {
    calls("edit", json!({ "path": "lib.rs", "op": "replace", "old": old, "new": new }))
        .saying("`skip(1)` drops the first element.")
}

fn finishes(more: Value) -> Turn {
    let mut arguments = json!({ "summary": "See lib.rs:1-3." });
    if let (Some(all), Value::Object(more)) = (arguments.as_object_mut(), more) {
        all.extend(more);
    }
    calls("finish", arguments)
}

/// The tasks of `model.lua`, in their order.
fn turns() -> Vec<Turn> {
    let finding = json!([{ "path": "lib.rs", "first_line": 2, "last_line": 2,
        "severity": "error", "message": "an overflow panics" }]);
    vec![
        edits(".skip(1)", ""),
        finishes(json!({})),
        edits("xs.iter().sum()", "xs.iter().copied().sum()"),
        finishes(json!({})),
        finishes(json!({})),
        calls("run", json!({ "command": "sleep 1" })),
        finishes(json!({})),
        finishes(json!({ "findings": finding })),
    ]
}

#[test]
fn the_plug_in_speaks_to_a_model_and_shows_claims() {
    let model = Model::start(turns());
    let yard = Yard::new(&Fixture::parse(WORKSPACE));
    put(&yard.user_config(), model.profile("chat").as_bytes());
    yard.mark();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/neovim/model.lua");
    let mut command = sourcing(&plugin(), Path::new(script), &yard);
    command.env("VOUCHSAFE_TEST_FILE", yard.workspace().join("lib.rs"));
    let shown = Shown(stages(&played(&mut command, "neovim-model.txt")));
    speaks(&shown);
    finds(&shown);
    needs(&shown);
    let told: Vec<_> =
        model.requests().iter().map(|request| String::from_utf8_lossy(&request.bytes).into_owned()).collect();
    assert!(told[0].contains(r"keep it \\short"), "words go as they were typed: {}", told[0]);
    assert!(told[2].contains("copy the elements"), "{}", told[2]);
    assert!(told[4].contains("what is it for?") && told[4].contains("lines 1-3"), "{}", told[4]);
    assert!(told[5].contains("make it quick please") && !told[5].contains("and short"), "{}", told[5]);
    assert!(told[6].contains("and short"), "{}", told[6]);
    assert_eq!(yard.disk(), "unchanged");
    assert_eq!(left_running(&yard), []);
}

fn speaks(shown: &Shown) {
    let kinds = "ask custom dashes document explain fix implement lines module refactor review test"
        .replace(' ', "\n");
    assert_eq!(shown.at("kinds"), kinds);
    shown.holds("drawn", &["2 VouchsafeDelete", "2 below xs.iter().sum()  1.1 Refactor"]);
    assert_eq!(shown.at("accepted"), "pub fn sum(xs: &[i32]) -> i32 {\n    xs.iter().copied().sum()\n}");
    shown.holds("blame", &["2 eol task 2: edit of lib.rs", "2 sign"]);
    assert_eq!(shown.at("trailer"), "Assisted-by: Vouchsafe:scripted-1\n\nV");
    shown.holds("answer", &["See lib.rs:1-3."]);
    assert_eq!(shown.at("questions"), "Ask about this: \nDo here: \nTo task 4: ");
}

fn finds(shown: &Shown) {
    shown.holds("list of the review", &["2 E 5 an overflow panics"]);
    assert_eq!(shown.at("status"), "Vouchsafe: 1 finding");
    shown.holds("list with a claim", &["2 E 6 ", "does not agree with the record", "2 I 6.1 Use lines: "]);
    shown.holds("record from diagnostic", &["## 4. ", "mapped true false"]);
    shown.holds("record from hover", &["## 3. ", "mapped true false"]);
    shown.holds("record of the claim", &["## 4. "]);
    shown.holds("choices", &["6.1 Use lines: ", " | 6 "]);
    shown.holds("claims", &["I 8 ", "is verified"]);
    shown
        .holds("events", &["VouchsafeFinding 6 1 claim-contradicted", "VouchsafeFinding 8 1 claim-verified"]);
}

fn needs(shown: &Shown) {
    shown.holds("drawn needs", &["(needs 9."]);
    assert_eq!(shown.at("module"), "pub fn parse() {}");
    shown.holds("blame of a new file", &["1 eol task 9: echo"]);
}
