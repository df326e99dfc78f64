//! A model's key is in nothing that a task writes, prints or tells, wherever it comes from; a twin that is no key is.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use vouchsafe_base::Digest;
use vouchsafe_evidence::store::{Store, TaskFilter};
use vouchsafe_tests::scripted::{Model, Turn, calls};
use vouchsafe_tests::yard::{put, snapshot};
use vouchsafe_tests::{Editor, Profile};

use crate::command_line::{err, out};
use crate::model_run::{FORMATS, json_of, with_model};

/// Of no shape that is known, and in no variable whose name says that it is secret: only its use makes it one.
const KEY: &str = "ann.9f3c2a17.0001.quartz";
/// The same in base64, without the last group.
const KEY_BASE64: &str = "YW5uLjlmM2MyYTE3LjAwMDEucXVhcnR6";
/// What no one calls a secret: it shows that the search would find it.
const TWIN: &str = "bob.71a2c3f9.1000.garnet";

/// A model that repeats key and twin in each way it can, and has them printed.
fn talkative() -> Vec<Turn> {
    let words = format!("The key is {KEY}, the other one {TWIN}.");
    vec![
        calls("read", json!({ "path": "a.txt" }))
            .calls("run", json!({ "command": "cat a.txt; cat a.txt >&2; tr -d '\\n' < a.txt | base64 -w0" }))
            .calls("run", json!({ "command": format!("echo {KEY} {TWIN}") }))
            .calls("read", json!({ "path": format!("{KEY}-{TWIN}.txt") }))
            .saying(&words)
            .thinking(&words),
        calls("edit", json!({ "op": "replace", "path": "b.txt", "old": "two", "new": "2" })).saying(&words),
        calls("finish", json!({ "summary": words, "not_done": [words], "claims": [{ "text": words }] })),
    ]
}

fn files() -> String {
    format!("//- /a.txt\n{KEY}\n{TWIN}\n//- /b.txt\none\ntwo$0\n")
}

/// All that is below a directory of state: its files, and each blob that an event names, unpacked.
fn written(state: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all: BTreeMap<String, Vec<u8>> = snapshot(state)
        .into_keys()
        .map(|name| {
            let bytes = std::fs::read(state.join(&name)).unwrap_or_default();
            (name, bytes)
        })
        .collect();
    let store = Store::open_to_read(&state.join("vouchsafe")).expect("a record");
    let mut blobs = 0;
    for task in store.tasks(&TaskFilter::default()).expect("tasks") {
        for recorded in store.events(task.id).expect("events") {
            let event = serde_json::to_value(&recorded.event).expect("an event");
            all.insert(format!("event {}", recorded.seq), event.to_string().into_bytes());
            for digest in digests(&event) {
                if let Some(bytes) = store.blob(digest).expect("it can be read") {
                    blobs += 1;
                    all.insert(format!("blob {digest} of event {}", recorded.seq), bytes);
                }
            }
        }
    }
    assert!(blobs >= 6, "a request and an answer for each turn: {blobs}");
    all
}

fn digests(event: &Value) -> Vec<Digest> {
    match event {
        Value::String(text) => text.parse().into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(digests).collect(),
        Value::Object(fields) => fields.values().flat_map(digests).collect(),
        _ => Vec::new(),
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Where a text is among what was written.
fn with(all: &BTreeMap<String, Vec<u8>>, text: &str) -> Vec<String> {
    all.iter().filter(|(_, bytes)| holds(bytes, text)).map(|(name, _)| name.clone()).collect()
}

/// The key is nowhere; the twin is in files, in events and in blobs.
fn look_through(all: &BTreeMap<String, Vec<u8>>, how: &str) {
    assert_eq!(with(all, KEY), [""; 0], "{how}: the key was written");
    assert_eq!(with(all, KEY_BASE64), [""; 0], "{how}: the key was written in base64");
    let twins = with(all, TWIN);
    for part in ["record.md", "evidence.db", "event ", "blob "] {
        assert!(twins.iter().any(|name| name.contains(part)), "{how}: {part} would be searched: {twins:?}");
    }
}

#[test]
fn from_the_environment_or_a_command_it_is_written_and_printed_nowhere() {
    let prints = format!("key_command = ['printf', '{KEY}\\nnote']\n");
    for (source, format) in ["key_env = 'MODEL_ACCESS'\n", prints.as_str()]
        .into_iter()
        .flat_map(|source| FORMATS.map(|format| (source, format)))
    {
        let how = format!("{format}, {source}");
        let model = Model::start(talkative());
        let shell = with_model(&files(), &model, format);
        put(&shell.yard.user_config(), format!("{}{source}", model.profile(format)).as_bytes());
        let program = vouchsafe_tests::process::binary("vouchsafe");
        let prompt = format!("Use {KEY} and {TWIN}");
        let mut command = shell.command(&program, &["run", "custom", "b.txt", "--prompt", &prompt, "--json"]);
        let output = command.env("MODEL_ACCESS", KEY).output().expect("vouchsafe starts");
        assert_eq!(output.status.code(), Some(7), "{how}: {}", err(&output));
        let (header, requests) =
            (if format == "messages" { "x-api-key" } else { "authorization" }, model.requests());
        assert_eq!(requests.len(), 3, "{how}");
        for request in &requests {
            assert!(request.header(header).is_some_and(|value| value.contains(KEY)), "{how}");
            assert!(
                !holds(&request.bytes, KEY) && holds(&request.bytes, TWIN),
                "{how}: it is in what was said"
            );
        }
        let printed = out(&output) + &err(&output);
        assert!(!printed.contains(KEY) && printed.contains(TWIN), "{how}: {printed}");
        assert!(json_of(&output)["record"].is_string());
        look_through(&written(&shell.yard.state()), &how);
        for form in ["json", "md", "trace", "sarif"] {
            let exported = out(&shell.vouchsafe(&["export", "1", "--as", form]));
            assert!(exported.len() > 20 && !exported.contains(KEY), "{how}: exported as {form}");
            assert!(form == "trace" || exported.contains(TWIN), "{how}: {form}");
        }
    }
}

#[test]
fn from_the_editor_it_is_written_and_told_nowhere() {
    let model = Model::start(talkative());
    let mut editor = Editor::open(&files())
        .profile(Profile::VsCode)
        .user_config(&format!("log = \"debug\"\n{}", model.profile("chat")))
        .start();
    editor.execute("vouchsafe.setKey", &json!([{ "profile": "scripted", "key": KEY }])).expect("taken");
    let range = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 0 } });
    let prompt = format!("Use {KEY} and {TWIN}");
    let start = json!([{ "kind": "custom", "uri": editor.uri("b.txt"), "range": range, "prompt": prompt }]);
    editor.execute("vouchsafe.start", &start).expect("it starts");
    editor.wait_for_proposal();
    assert_eq!(model.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let hover = editor.hover("b.txt", 2);
    let told = editor.told();
    for text in [&hover, &told] {
        assert!(!text.contains(KEY) && text.contains(TWIN), "{text}");
    }
    look_through(&written(&editor.yard().state()), "editor");
}

#[test]
fn a_command_that_has_no_key_is_told_before_anything_is_written() {
    let model = Model::start([]);
    let shell = with_model("//- /a.txt\none\n", &model, "chat");
    put(&shell.yard.user_config(), format!("{}key_command = ['false']\n", model.profile("chat")).as_bytes());
    let output = shell.vouchsafe(&["run", "fix", "a.txt"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(
        err(&output).contains("`false` failed") && err(&output).contains("key_command"),
        "{}",
        err(&output)
    );
    assert_eq!(out(&shell.vouchsafe(&["log"])), "no task has been recorded yet\n");
}
