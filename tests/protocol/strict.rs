//! The strict checker finds what it should, and agrees with its reference in Python.
#![expect(
    clippy::disallowed_methods,
    reason = "this test starts python3 and writes its log to a temporary directory"
)]

use std::process::Command;

use serde_json::json;
use vouchsafe_tests::strict::{check_log, problems_of};

const LOG: &str = include_str!("sample.log");

#[test]
fn agrees_with_the_reference_in_python() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/protocol");
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("sample.log");
    std::fs::write(&log, LOG).unwrap();
    let mut python = Command::new("python3");
    let output =
        python.arg(format!("{here}/strict.py")).arg(format!("{here}/metaModel.json")).arg(&log).output();
    let output = output.expect("python3 is needed for this one test: install it");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut theirs: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("BAD ")).map(blameless).collect();

    let (checked, ours) = check_log(LOG);
    let mut ours: Vec<&str> = ours.iter().map(|line| blameless(line)).collect();
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
    assert!(ours.len() >= 12, "the sample must hold violations of each kind: {ours:#?}");
    assert_eq!(
        text.lines().last().unwrap(),
        format!("{checked} server messages checked, {} problems", ours.len())
    );
}

/// Without the value that was found: the two print JSON with different spaces.
fn blameless(line: &str) -> &str {
    line.split_once(", got ").map_or(line, |(line, _)| line)
}

#[test]
fn a_right_message_passes_and_each_fault_is_named() {
    let method = "textDocument/publishDiagnostics";
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}});
    let good = json!({"uri": "file:///a", "diagnostics": [{"range": range, "message": "m"}]});
    assert_eq!(problems_of(method, &good), Vec::<String>::new());

    let mut bad = good.clone();
    bad["diagnostics"][0]["severity"] = json!(9);
    assert_eq!(
        problems_of(method, &bad),
        [format!("{method}.diagnostics[0].severity: 9 not in enum DiagnosticSeverity")]
    );
    let mut bad = good.clone();
    bad["diagnostics"][0]["colour"] = json!("red");
    assert_eq!(
        problems_of(method, &bad),
        [format!("{method}.diagnostics[0]: unknown field colour on Diagnostic")]
    );
    assert_eq!(problems_of(method, &json!({"diagnostics": []})), [format!("{method}: missing uri")]);
}
