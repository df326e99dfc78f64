//! How a model's task can end: each end has its name in the result, in the record and in the exit code.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use vouchsafe_tests::process::{self, binary};
use vouchsafe_tests::scripted::{Fault, Model, Stop, Turn, calls, fails, says};
use vouchsafe_tests::yard::put;

use crate::command_line::err;
use crate::model_run::{FORMATS, json_of, with_model};

const FILES: &str = "//- /a.txt\none\ntwo\nthree\n";

fn edit(old: &str, new: &str) -> Turn {
    calls("edit", json!({ "op": "replace", "path": "a.txt", "old": old, "new": new }))
}

fn finish(summary: &str, not_done: &[&str]) -> Turn {
    calls("finish", json!({ "summary": summary, "not_done": not_done }))
}

/// Runs a task with these turns and little patience; answers exit code, outcome and the rest.
fn ends(turns: Vec<Turn>, limits: &str, format: &str) -> (i32, String, serde_json::Value) {
    let model = Model::start(turns);
    let shell = with_model(FILES, &model, format);
    let config = format!("{}tries = 2\nidle_timeout_s = 1\ntimeout_s = 8\n{limits}", model.profile(format));
    put(&shell.yard.user_config(), config.as_bytes());
    let output = shell.vouchsafe(&["run", "custom", "a.txt", "--prompt", "change it", "--json"]);
    let result = json_of(&output);
    assert_eq!(shell.yard.disk(), "unchanged");
    let record = std::fs::read_to_string(result["record"].as_str().expect("a record")).expect("a record");
    assert!(record.contains(". End: "), "{record}");
    let outcome = result["outcome"]["outcome"].as_str().expect("an outcome").to_owned();
    (output.status.code().unwrap_or(-1), outcome, result)
}

#[test]
fn the_model_says_how_it_ends() {
    let of = |turns| {
        let (code, outcome, _) = ends(turns, "", "chat");
        (code, outcome)
    };
    assert_eq!(of(vec![edit("two", "2"), finish("done", &[])]), (0, "finished".to_owned()));
    assert_eq!(of(vec![finish("nothing is wrong", &[])]), (0, "nothing_to_do".to_owned()));
    assert_eq!(of(vec![edit("two", "2"), finish("half", &["three"])]), (7, "partly".to_owned()));
    assert_eq!(of(vec![finish("I cannot", &["all of it"])]), (8, "gave_up".to_owned()));
    assert_eq!(of(vec![says("").stop(Stop::Refusal)]), (10, "refused".to_owned()));
    // Words alone end a task too, once the model has been told that it did nothing.
    assert_eq!(of(vec![says("I will."), edit("one", "1"), says("Done.")]), (0, "finished".to_owned()));
    assert_eq!(of(vec![says("Hm."), says("No.")]), (0, "nothing_to_do".to_owned()));
}

#[test]
fn limits_end_it_and_what_was_done_is_still_proposed() {
    let turns = || vec![edit("one", "1"), edit("two", "2"), edit("three", "3"), finish("done", &[])];
    let (code, outcome, result) = ends(turns(), "[limits]\nmodel_turns = 2\n", "chat");
    assert_eq!((code, outcome.as_str()), (5, "limit"));
    assert_eq!(result["outcome"]["limit"], "limits.model_turns");
    assert_eq!(result["files"][0]["hunks"].as_array().expect("hunks").len(), 1);
    let (code, _, result) = ends(turns(), "[limits]\nmodel_tokens = 1000\n", "chat");
    assert_eq!(
        (code, result["outcome"]["outcome"].as_str()),
        (0, Some("finished")),
        "107 tokens a turn are not too many"
    );
    let (code, _, result) = ends(
        vec![edit("two", "2"), calls("run", json!({ "command": "sleep 1000" })), fails(Fault::StallAfter(1))],
        "[limits]\ntask_wall_s = 3\n",
        "chat",
    );
    assert_eq!((code, result["outcome"]["limit"].as_str()), (5, Some("limits.task_wall_s")));
    assert_eq!(result["files"][0]["hunks"][0]["new"], "2\n");
    let same = || calls("read", json!({ "path": "a.txt" }));
    let (code, _, result) = ends((0..9).map(|_| same()).collect(), "", "chat");
    assert_eq!((code, result["outcome"]["limit"].as_str()), (5, Some("repeated calls (fixed)")));
    let bad = |n: u32| {
        calls("edit", json!({ "op": "replace", "path": "a.txt", "old": format!("no {n}"), "new": "x" }))
    };
    let (code, _, result) = ends((0..12).map(bad).collect(), "", "chat");
    assert_eq!((code, result["outcome"]["limit"].as_str()), (5, Some("failed calls (fixed)")));
}

#[test]
fn every_fault_of_a_model_has_a_named_end() {
    let status = |code: u16, body: &str| Fault::Status(code, vec![], body.to_owned());
    let faults = [
        ("server error", status(500, "{}")),
        ("unauthorized", status(401, "{\"error\":{\"message\":\"bad key\"}}")),
        ("not found", status(404, "{\"error\":{\"message\":\"no such model\"}}")),
        ("reset", Fault::Reset),
        ("closed", Fault::Closed),
        ("garbage", Fault::Raw(b"\x00\x01garbage".to_vec())),
        ("wrong type", Fault::Body("text/html".to_owned(), b"<html>".to_vec())),
        ("cut", Fault::EndAfter(1)),
        ("reset later", Fault::ResetAfter(1)),
        ("stall", Fault::StallAfter(1)),
    ];
    // Each fault in each format is the client's own test; here each is seen once, and each format several times.
    for ((name, fault), format) in faults.into_iter().zip(FORMATS.into_iter().cycle()) {
        let turns = vec![edit("two", "2"), fails(fault.clone()), fails(fault.clone()), fails(fault)];
        let (code, outcome, result) = ends(turns, "", format);
        assert_eq!((code, outcome.as_str()), (9, "unreachable"), "{name} in {format}: {result:#}");
        assert!(result["outcome"]["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{name}");
        assert_eq!(result["files"][0]["hunks"][0]["new"], "2\n", "{name}: what was done before is proposed");
    }
}

#[test]
fn a_broken_turn_is_asked_for_again_and_done_once() {
    for format in FORMATS {
        let cut = edit("two", "2").fault(Fault::ResetAfter(2));
        let (code, outcome, result) = ends(vec![cut, edit("two", "2"), finish("done", &[])], "", format);
        assert_eq!((code, outcome.as_str()), (0, "finished"), "{format}");
        let steps = result["steps"].as_array().expect("steps");
        assert_eq!(steps.len(), 1, "{format}: {steps:?}");
    }
}

#[test]
fn interrupted_by_the_user_it_ends_at_once_with_what_it_has() {
    let stalled = fails(Fault::StallAfter(1));
    for waits in [stalled, calls("run", json!({ "command": "sleep 1000" }))] {
        let model = Model::start([edit("two", "2"), waits]);
        let shell = with_model(FILES, &model, "chat");
        let mut command = shell.command(&binary("vouchsafe"), &["run", "custom", "a.txt", "--prompt", "x"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("vouchsafe starts");
        drop(model.wait_for_requests(2));
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("an id")).expect("a process");
        kill_process(pid, Signal::INT).expect("it can be signalled");
        assert!(process::ends(child.id(), Duration::from_secs(10)), "it does not end");
        let output = child.wait_with_output().expect("it has ended");
        assert_eq!((output.status.code(), output.status.signal()), (Some(130), None), "{}", err(&output));
        assert!(err(&output).contains("cancelled; 1 file would change"), "{}", err(&output));
        assert_eq!(process::touching(shell.yard.root()), []);
        assert_eq!(shell.yard.left_in_cache(), Vec::<String>::new());
    }
}

#[test]
fn what_is_missing_is_said_before_anything_starts() {
    let model = Model::start([]);
    let shell = with_model(FILES, &model, "chat");
    for (args, said) in [
        (&["run", "fix"][..], "say where to fix"),
        (&["run", "ask", "a.txt"], "needs --prompt"),
        (&["run", "mend", "a.txt"], "is no kind of task"),
        (&["run", "fix", "a.txt:9"], "it has 3 lines"),
        (&["run", "fix", "a.txt", "--model", "other"], "there are: scripted"),
    ] {
        let output = shell.vouchsafe(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
    std::fs::remove_file(shell.yard.user_config()).expect("the configuration");
    let output = shell.vouchsafe(&["run", "fix", "a.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("[models.profiles.NAME]"), "{}", err(&output));
}
