//! Exports against the published lists of fields.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{path, ran, started};
use vouchsafe_base::Digest;
use vouchsafe_evidence::export::{Exported, Revision, TracedFile, agent_trace, json, sarif, trailer};
use vouchsafe_evidence::log::{
    ClaimChecked, CommandRan, Ended, Event, Exit, LineSpan, ModelTurn, Policy, Ruling, Seq, Subject, TaskId,
    Verdict,
};
use vouchsafe_evidence::origin::{Blame, Citation, Origins};
use vouchsafe_evidence::record::render;
use vouchsafe_evidence::store::{Options, Store};

/// A form that a JSON value has or has not: what a JSON schema with `additionalProperties: false` says.
enum Form {
    Text,
    /// Text that passes a test.
    TextThat(fn(&str) -> bool),
    OneOf(&'static [&'static str]),
    Natural(u64),
    Integer,
    Bool,
    Any,
    List(Box<Form>),
    /// Names that end with `!` are required.
    Object(Vec<(&'static str, Form)>),
    /// Any names.
    Map(Box<Form>),
}

use Form::{Any, Bool, Integer, List, Map, Natural, Object, OneOf, Text, TextThat};

fn list(form: Form) -> Form {
    List(Box::new(form))
}

fn check(value: &Value, form: &Form, at: &str) {
    match (form, value) {
        (Any, _) | (Text, Value::String(_)) | (Bool, Value::Bool(_)) => {}
        (TextThat(test), Value::String(text)) => assert!(test(text), "{at}: {text:?}"),
        (OneOf(words), Value::String(text)) => assert!(words.contains(&text.as_str()), "{at}: {text:?}"),
        (Natural(least), Value::Number(n)) => assert!(n.as_u64().is_some_and(|n| n >= *least), "{at}: {n}"),
        (Integer, Value::Number(n)) => assert!(n.is_i64(), "{at}: {n}"),
        (List(item), Value::Array(items)) => {
            items.iter().enumerate().for_each(|(n, value)| check(value, item, &format!("{at}[{n}]")));
        }
        (Map(each), Value::Object(fields)) => {
            fields.iter().for_each(|(name, value)| check(value, each, &format!("{at}.{name}")));
        }
        (Object(forms), Value::Object(fields)) => {
            for (name, value) in fields {
                let form = forms.iter().find(|(known, _)| known.trim_end_matches('!') == name);
                check(
                    value,
                    &form.unwrap_or_else(|| panic!("{at}: unknown field {name}")).1,
                    &format!("{at}.{name}"),
                );
            }
            for required in forms.iter().filter_map(|(name, _)| name.strip_suffix('!')) {
                assert!(fields.contains_key(required), "{at}: {required} is missing");
            }
        }
        _ => panic!("{at}: {value} is of another form"),
    }
}

fn is_time(text: &str) -> bool {
    text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

fn is_uri(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
        && ('1'..='8').contains(&text.chars().nth(14).unwrap())
        && "89ab".contains(text.chars().nth(19).unwrap())
}

fn contributor() -> Form {
    Object(vec![
        ("type!", OneOf(&["human", "ai", "mixed", "unknown"])),
        ("model_id", TextThat(|text| text.len() <= 250)),
    ])
}

/// Agent Trace 0.1, `trace-record.json`.
fn trace_record() -> Form {
    let range = Object(vec![
        ("start_line!", Natural(1)),
        ("end_line!", Natural(1)),
        ("content_hash", Text),
        ("contributor", contributor()),
    ]);
    let conversation = Object(vec![
        ("url", TextThat(is_uri)),
        ("contributor", contributor()),
        ("ranges!", list(range)),
        ("related", list(Object(vec![("type!", Text), ("url!", TextThat(is_uri))]))),
    ]);
    Object(vec![
        (
            "version!",
            TextThat(|text| text.split('.').filter(|part| part.parse::<u32>().is_ok()).count() == 3),
        ),
        ("id!", TextThat(is_uuid)),
        ("timestamp!", TextThat(is_time)),
        ("vcs", Object(vec![("type!", OneOf(&["git", "jj", "hg", "svn"])), ("revision!", Text)])),
        ("tool", Object(vec![("name!", Text), ("version!", Text)])),
        ("files!", list(Object(vec![("path!", Text), ("conversations!", list(conversation))]))),
        ("metadata", Map(Box::new(Any))),
    ])
}

fn message() -> Form {
    Object(vec![("text", Text), ("markdown", Text), ("id", Text), ("arguments", list(Text))])
}

fn artifact_location() -> Form {
    Object(vec![
        ("uri", TextThat(is_uri)),
        ("uriBaseId", Text),
        ("index", Integer),
        ("description", message()),
    ])
}

fn location() -> Form {
    let region = Object(vec![
        ("startLine", Natural(1)),
        ("startColumn", Natural(1)),
        ("endLine", Natural(1)),
        ("endColumn", Natural(1)),
    ]);
    let physical = Object(vec![("artifactLocation", artifact_location()), ("region", region)]);
    Object(vec![("id", Integer), ("physicalLocation", physical), ("message", message())])
}

const LEVELS: Form = OneOf(&["none", "note", "warning", "error"]);

/// The parts of SARIF 2.1.0 that are used.
fn sarif_log() -> Form {
    let rule = Object(vec![
        ("id!", Text),
        ("shortDescription", Object(vec![("text!", Text), ("markdown", Text)])),
        ("defaultConfiguration", Object(vec![("enabled", Bool), ("level", LEVELS)])),
    ]);
    let driver = Object(vec![("name!", Text), ("version", Text), ("rules", list(rule))]);
    let invocation = Object(vec![
        ("commandLine", Text),
        ("startTimeUtc", TextThat(is_time)),
        ("endTimeUtc", TextThat(is_time)),
        ("exitCode", Integer),
        ("exitCodeDescription", Text),
        ("exitSignalNumber", Integer),
        ("processStartFailureMessage", Text),
        ("executionSuccessful!", Bool),
        ("workingDirectory", artifact_location()),
        ("properties", Map(Box::new(Any))),
    ]);
    let result = Object(vec![
        ("ruleId", Text),
        ("ruleIndex", Integer),
        ("kind", OneOf(&["notApplicable", "pass", "fail", "review", "open", "informational"])),
        ("level", LEVELS),
        ("message!", message()),
        ("locations", list(location())),
        ("relatedLocations", list(location())),
        ("properties", Map(Box::new(Any))),
    ]);
    let run = Object(vec![
        ("tool!", Object(vec![("driver!", driver)])),
        ("automationDetails", Object(vec![("id", Text)])),
        ("originalUriBaseIds", Map(Box::new(artifact_location()))),
        ("invocations", list(invocation)),
        ("results", list(result)),
    ]);
    Object(vec![("$schema", TextThat(is_uri)), ("version!", OneOf(&["2.1.0"])), ("runs!", list(run))])
}

fn claim(quote: &str, verdict: Verdict, place: Option<u32>) -> Event {
    Event::Claim(ClaimChecked {
        quote: quote.into(),
        kind: "TestsPassed".into(),
        verdict,
        code: "fresh_fail".into(),
        because: "step 3 ended with 1 failure".into(),
        evidence: vec![Seq::new(3)],
        subject: place.map(|line| Subject {
            path: Some(path("src/a b.rs")),
            lines: Some(LineSpan { first: line, last: line + 1 }),
            symbol: None,
        }),
        hedged: false,
    })
}

/// Everything that can be exported, once.
fn sample(store: &Store) -> TaskId {
    let mut task = started("fix it");
    task.recipe = None;
    let id = store.begin(&task).unwrap();
    let turn = ModelTurn {
        model: "acme/model-1".into(),
        format: "chat".into(),
        request: None,
        response: None,
        request_id: None,
        response_id: None,
        input_tokens: 10,
        cached_tokens: 0,
        output_tokens: 5,
        duration_ms: 3,
    };
    let Event::Command(fine) = ran(store, "cargo test", 1, "1 failed\n") else { panic!() };
    let killed = CommandRan { exit: Exit::Signal { signal: 9 }, directory: "sub dir".into(), ..fine.clone() };
    let absent = CommandRan { exit: Exit::NotStarted { reason: "no such file".into() }, ..fine.clone() };
    let policy =
        Policy { rule: "r".into(), saw: "s".into(), ruling: Ruling::Warn, reason: "it looks odd".into() };
    let events = [
        Event::ModelTurn(turn),
        Event::Command(fine),
        Event::Command(killed),
        Event::Command(absent),
        claim("All tests pass", Verdict::Contradicted, Some(7)),
        claim("It is faster", Verdict::Unverified, None),
        claim("I ran the tests", Verdict::Verified, None),
        Event::Policy(policy),
        Event::End(Ended::Finished),
    ];
    store.append_all(id, &events).unwrap();
    id
}

fn with_sample(test: impl Fn(&Exported<'_>)) {
    let dir = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(|| jiff::Timestamp::from_second(1_795_000_000).unwrap());
    let store = Store::open_with(dir.path(), Options { clock, ..Options::default() }).unwrap();
    let id = sample(&store);
    let events = store.events(id).unwrap();
    let blobs = |digest: Digest| store.blob(digest).unwrap();
    let record = render(id, &events, &blobs, None);
    let task = store.task(id).unwrap();
    test(&Exported {
        task: &task,
        events: &events,
        record: &record,
        record_path: Path::new("/state/tasks/1/record.md"),
    });
}

/// With `VOUCHSAFE_EXPORTS=DIR`, writes what was checked there, for a check by other programs.
#[expect(clippy::disallowed_methods, reason = "on request, and where the caller says")]
fn keep(name: &str, value: &Value) {
    if let Some(dir) = std::env::var_os("VOUCHSAFE_EXPORTS") {
        std::fs::write(Path::new(&dir).join(name), value.to_string()).unwrap();
    }
}

#[test]
fn an_agent_trace_has_the_published_form() {
    with_sample(|exported| {
        let mut origins = Origins::base(1);
        origins.step("a\n", "a\nb\nc\n", Seq::new(3));
        origins.step("a\nb\nc\n", "new\na\nb\nc\n", Seq::new(4));
        let proposed = TracedFile::proposed(path("src/a.rs"), "new\na\nb\nc\n", &origins);
        let mut blame = Blame::new(2);
        blame.cite(0..1, &Citation { task: TaskId::new(1), steps: vec![Seq::new(3)] });
        blame.cite(1..2, &Citation { task: TaskId::new(9), steps: vec![Seq::new(3)] });
        let accepted = TracedFile::accepted(path("b.rs"), "x\ny\n", &blame, TaskId::new(1));
        let untouched = TracedFile::proposed(path("c.rs"), "x\n", &Origins::base(1));
        let revision = Revision { vcs: "git".into(), revision: "a1b2".into() };
        let files = [proposed, accepted, untouched];
        let trace = agent_trace(exported, &files, Some(&revision));
        check(&trace, &trace_record(), "trace");
        keep("trace.json", &trace);
        let paths: Vec<&str> =
            trace["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["src/a.rs", "b.rs"]);
        let first = &trace["files"][0]["conversations"][0];
        assert_eq!(first["contributor"], json!({"type": "ai", "model_id": "acme/model-1"}));
        assert_eq!(
            (&first["ranges"][0]["start_line"], &first["ranges"][0]["end_line"]),
            (&json!(3), &json!(4))
        );
        assert_eq!(first["ranges"][0]["content_hash"], json!(format!("blake3:{}", Digest::of(b"b\nc\n"))));
        let heading = exported.record.lines[&Seq::new(3)].heading;
        assert_eq!(
            first["related"],
            json!([{"type": "command", "url": format!("file:///state/tasks/1/record.md#L{heading}")}])
        );
        assert_eq!(trace["files"][1]["conversations"][0]["ranges"].as_array().unwrap().len(), 1);
        assert_eq!(trace["metadata"]["dev.vouchsafe"]["claims"][0]["verdict"], json!("contradicted"));
        assert_eq!(agent_trace(exported, &files, Some(&revision)), trace, "the same record, the same bytes");
        assert!(!trace.to_string().contains('\n'));
    });
}

#[test]
fn sarif_has_the_published_form() {
    with_sample(|exported| {
        let log = sarif(&[*exported]);
        check(&log, &sarif_log(), "sarif");
        keep("log.sarif", &log);
        let run = &log["runs"][0];
        let results: Vec<(&str, &str, &str)> = run["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| ["ruleId", "kind", "level"].map(|field| result[field].as_str().unwrap()).into())
            .collect();
        assert_eq!(
            results,
            [
                ("claim-contradicted", "fail", "error"),
                ("claim-unverified", "fail", "warning"),
                ("claim-verified", "pass", "none"),
                ("policy-warning", "fail", "warning"),
            ]
        );
        for result in run["results"].as_array().unwrap() {
            let rule = &run["tool"]["driver"]["rules"]
                [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
        }
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], json!("src/a%20b.rs"));
        assert_eq!((&place["region"]["startLine"], &place["region"]["endLine"]), (&json!(7), &json!(8)));
        let related = &run["results"][0]["relatedLocations"][0];
        assert_eq!(related["message"]["text"], json!("Step 3: cargo test → exit code 1"));
        let output = exported.record.lines[&Seq::new(3)].output.clone().unwrap();
        assert_eq!(related["physicalLocation"]["region"]["startLine"], json!(output.start));
        assert_eq!(run["invocations"][0]["exitCode"], json!(1));
        assert_eq!(run["invocations"][1]["exitSignalNumber"], json!(9));
        assert_eq!(run["invocations"][1]["workingDirectory"]["uri"], json!("sub%20dir/"));
        assert_eq!(run["invocations"][2]["processStartFailureMessage"], json!("no such file"));
    });
}

#[test]
fn the_trailer_names_model_and_tools() {
    with_sample(|exported| {
        assert_eq!(trailer(exported.events), "Assisted-by: Vouchsafe:acme/model-1 [cargo test]");
        let without_model: Vec<_> = exported
            .events
            .iter()
            .filter(|recorded| recorded.event.kind() != "model_turn")
            .cloned()
            .collect();
        assert_eq!(trailer(&without_model), "Assisted-by: Vouchsafe:unknown [cargo test]");
    });
}

#[test]
fn json_holds_every_event_as_recorded() {
    with_sample(|exported| {
        let value = json(exported);
        assert_eq!((&value["format"], &value["version"]), (&json!("vouchsafe-record"), &json!(1)));
        assert_eq!(value["outcome"], json!({"outcome": "finished"}));
        for (stored, recorded) in value["events"].as_array().unwrap().iter().zip(exported.events) {
            let mut fields = stored.as_object().unwrap().clone();
            assert_eq!(fields.remove("seq"), Some(json!(recorded.seq)));
            assert_eq!(fields.remove("digest"), Some(json!(recorded.digest)));
            assert_eq!(fields.remove("at"), Some(json!("2026-11-18T11:06:40Z")));
            assert_eq!(serde_json::from_value::<Event>(Value::Object(fields)).unwrap(), recorded.event);
        }
    });
}
