//! A model at work on the command line: the whole way, through all three wire formats.

use serde_json::{Value, json};
use vouchsafe_tests::scripted::{Model, Turn, calls};
use vouchsafe_tests::yard::put;

use crate::command_line::{Shell, err, out};

/// A function that is wrong, and the test that shows it.
const PLANTED: &str = "//- /AGENTS.md\nTwo blanks of indentation.\n//- /calc.sh\n# Arithmetic.\ndouble() {\n  echo $(( $1 + 1 ))\n}\n//- /test.sh\n. ./calc.sh\n[ \"$(double 3)\" = 6 ] && echo ok || { echo \"double 3 is $(double 3)\" >&2; exit 1; }\n";

pub(crate) const FORMATS: [&str; 3] = ["chat", "responses", "messages"];

/// A workspace with a model configured.
pub(crate) fn with_model(fixture: &str, model: &Model, format: &str) -> Shell {
    let shell = Shell::new(fixture);
    put(&shell.yard.user_config(), model.profile(format).as_bytes());
    shell
}

/// What `vouchsafe … --json` printed.
pub(crate) fn json_of(output: &std::process::Output) -> Value {
    serde_json::from_str(&out(output))
        .unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

fn mending() -> Vec<Turn> {
    vec![
        calls("read", json!({ "path": "calc.sh" }))
            .calls("run", json!({ "command": "sh test.sh" }))
            .saying("I look."),
        calls("edit", json!({ "op": "replace", "path": "calc.sh", "old": "$1 + 1", "new": "$1 * 2" }))
            .thinking("It adds one. It should double."),
        calls("run", json!({ "command": "sh test.sh" })).saying("Now the test again."),
        calls(
            "finish",
            json!({
                "summary": "The sum in calc.sh:L3 was wrong; `double` doubles now.",
                "claims": [{ "text": "`sh test.sh` passes.", "cites": ["step 12"] }],
                "not_done": [],
            }),
        ),
    ]
}

#[test]
fn a_planted_bug_is_mended_with_citations_in_every_format() {
    let mut seen: Vec<(Value, Value)> = Vec::new();
    for format in FORMATS {
        let model = Model::start(mending());
        let shell = with_model(PLANTED, &model, format);
        let output = shell.vouchsafe(&["run", "fix", "calc.sh:2-4", "--prompt", "double is wrong", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", err(&output));
        let result = json_of(&output);
        assert_eq!(result["outcome"]["outcome"], "finished", "{format}: {result:#}");
        let hunk = &result["files"][0]["hunks"][0];
        assert_eq!(
            (hunk["old"].as_str(), hunk["new"].as_str()),
            (Some("  echo $(( $1 + 1 ))\n"), Some("  echo $(( $1 * 2 ))\n"))
        );
        let cited = &hunk["cites"][0];
        let step = result["steps"].as_array().unwrap().iter().find(|step| step["step"] == *cited).unwrap();
        assert_eq!(step["command"], "edit of calc.sh by the model");
        assert_eq!(step["because"], "It adds one. It should double.");
        let exits: Vec<_> =
            result["steps"].as_array().unwrap().iter().map(|step| step["exit"]["code"].clone()).collect();
        assert_eq!(exits, [json!(1), Value::Null, json!(0)]);
        assert_eq!(result["answer"]["cites"][0]["fault"], Value::Null);
        let claims: Vec<_> = result["claims"].as_array().unwrap().iter().map(|one| &one["claim"]).collect();
        assert!(claims.iter().any(|one| one["code"] == "fresh_pass"), "{claims:#?}");
        assert!(claims.iter().all(|one| one["verdict"] != "contradicted"), "{claims:#?}");
        assert_eq!(shell.yard.disk(), "unchanged");
        let record = std::fs::read_to_string(result["record"].as_str().unwrap()).unwrap();
        for wanted in [
            "double is wrong",
            "double 3 is 4",
            "The agent thought",
            "Because: It adds one. It should double.",
        ] {
            assert!(record.contains(wanted), "{format}: {wanted} is not in {record}");
        }
        let events = shell.vouchsafe(&["export", &result["task"].to_string(), "--as", "json"]);
        seen.push((normal(result), normal(json_of(&events))));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[test]
fn a_selection_is_the_scope_and_blame_knows_the_edit() {
    let edit = |path: &str, old: &str, new: &str| {
        calls("edit", json!({ "op": "replace", "path": path, "old": old, "new": new })).saying("It is wrong.")
    };
    let model = Model::start([
        edit("calc.sh", "+ 1", "* 2"),
        edit("test.sh", "echo ok", "echo fine"),
        calls("finish", json!({ "summary": "Both are changed." })),
    ]);
    let shell = with_model(PLANTED, &model, "chat");
    let output = shell.vouchsafe(&["run", "refactor", "calc.sh:2-4", "--apply", "--json"]);
    let result = json_of(&output);
    assert_eq!(result["files"][0]["by_itself"], Value::Null, "{result:#}");
    assert_eq!(result["files"][1]["by_itself"], "the task was asked to change calc.sh only");
    assert!(shell.read("calc.sh").contains("$1 * 2"));
    let blame = shell.vouchsafe(&["blame", "calc.sh", "--json"]);
    let lines = json_of(&blame);
    assert!(lines.to_string().contains("edit of calc.sh by the model"), "{lines:#}");
}

/// Without what differs from run to run, and from format to format.
fn normal(mut value: Value) -> Value {
    const DIFFER: [&str; 20] = [
        "started",
        "ended",
        "digest",
        "seconds",
        "record",
        "at",
        "duration_ms",
        "cpu_ms",
        "max_rss_bytes",
        "request",
        "response",
        "request_id",
        "response_id",
        "format",
        "workspace",
        "config_digest",
        "hash",
        "previous",
        "call",
        "line",
    ];
    match &mut value {
        Value::Object(fields) => {
            DIFFER.iter().for_each(|name| drop(fields.remove(*name)));
            fields.values_mut().for_each(|field| *field = normal(field.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = normal(item.take())),
        _ => {}
    }
    value
}
