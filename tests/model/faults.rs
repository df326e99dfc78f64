//! Every fault is a retry or a named result with a sentence that helps; never a hang, and never a turn twice.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;
use vouchsafe::model::{Client, Keys, ModelError, Turn as Given};
use vouchsafe_confine::Cancel;
use vouchsafe_tests::scripted::{Fault, Model, Turn, calls, fails, says};

use super::{FORMATS, Talk, client, configured, once, with};

const FILE: &str = "/home/ann/.config/vouchsafe/config.toml";

fn status(code: u16, headers: &[(&str, &str)], message: &str) -> Turn {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    fails(Fault::Status(code, headers, json!({ "error": { "message": message } }).to_string()))
}

fn error(turn: Result<Given, ModelError>) -> (&'static str, String) {
    let error = turn.unwrap_err();
    (error.code(), error.to_string())
}

/// A fault that passes: the second try gives the turn, once.
fn passes(format: &str, fault: Turn) {
    let model = Model::start([fault, says("Here.")]);
    let mut talk = Talk::new(client(&model, format, "tries = 2"));
    assert_eq!(talk.ask().unwrap().text, "Here.", "{format}");
    assert_eq!(model.requests().len(), 2, "{format}");
    let again = talk.shown.iter().position(|line| line.starts_with("again ")).unwrap();
    assert_eq!(talk.shown[again + 1..], ["text Here."], "{format}: what was shown before is void");
}

#[test]
fn a_status_that_may_pass_is_tried_again() {
    for code in [408, 409, 425, 429, 500, 502, 503, 504, 529] {
        passes("chat", status(code, &[("retry-after", "0")], "later"));
    }
}

#[test]
fn a_broken_connection_is_tried_again() {
    for format in FORMATS {
        for fault in [
            Fault::Reset,
            Fault::Closed,
            Fault::EndAfter(0),
            Fault::EndAfter(4),
            Fault::ResetAfter(4),
            Fault::Raw(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 500\r\n\r\ndata: {"
                    .to_vec(),
            ),
            Fault::Body("application/json".into(), b"{\"choices\": [{\"mess".to_vec()),
            Fault::Body("text/event-stream".into(), Vec::new()),
        ] {
            passes(format, fails(fault));
        }
    }
}

#[test]
fn half_a_call_is_not_delivered_and_comes_again_once() {
    for format in FORMATS {
        let call = || calls("run", json!({ "line": "cargo test --workspace" }));
        let model = Model::start([call().fault(Fault::ResetAfter(4)), call()]);
        let turn = Talk::new(client(&model, format, "")).ask().unwrap();
        assert_eq!(super::called(&turn), [r#"run {"line":"cargo test --workspace"}"#], "{format}");
    }
}

#[test]
fn an_error_within_a_stream_is_read_like_a_status() {
    let events = [
        ("chat", "data: {\"error\":{\"message\":\"Overloaded\",\"code\":503}}\n\n"),
        (
            "responses",
            "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Overloaded\"}\n\n",
        ),
        (
            "responses",
            "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Overloaded\"}}}\n\n",
        ),
        (
            "messages",
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        ),
    ];
    for (format, event) in events {
        passes(format, fails(Fault::EventAfter(3, event.to_owned())));
        let (code, said) = error(once(format, fails(Fault::EventAfter(3, event.to_owned()))).0);
        assert_eq!(code, "busy", "{format}");
        assert!(said.contains("Overloaded"), "{said}");
    }
}

#[test]
fn waiting_is_as_long_as_the_server_asks() {
    let model = Model::start([status(429, &[("retry-after-ms", "1500")], "slow down"), says("ok")]);
    let started = Instant::now();
    Talk::new(client(&model, "chat", "")).ask().unwrap();
    let requests = model.requests();
    assert!(requests[1].at - requests[0].at >= Duration::from_millis(1_450), "{:?}", started.elapsed());
}

#[test]
fn a_wait_that_is_too_long_is_told() {
    for after in ["3600", "Wed, 25 Nov 2126 10:00:00 GMT"] {
        let turn = with("chat", "tries = 5", [status(429, &[("retry-after", after)], "come back")]);
        let (code, said) = error(turn.0);
        assert_eq!(code, "busy");
        assert!(said.contains("and says to wait ") && said.contains("come back"), "{said}");
    }
    let turn = with("chat", "timeout_s = 3", [status(503, &[("retry-after", "60")], "restarting")]);
    assert_eq!(error(turn.0).0, "busy", "longer than the turn may take");
}

#[test]
fn a_date_in_the_past_means_now() {
    passes("chat", status(503, &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], "restarting"));
}

#[test]
fn nobody_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = format!(
        "[models.profiles.own]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nmodel = \"m\"\ntries = 2\n"
    );
    let client = Client::new(&configured(&text), &Keys::default()).unwrap();
    let (code, said) = error(Talk::new(client).ask());
    assert_eq!(code, "unreachable");
    let wanted = format!(
        "no model answers at 127.0.0.1:{port} (Connection refused (os error 111), tried 2 times): start it, or change \
         `models.profiles.own.base_url` in {FILE}"
    );
    assert_eq!(said, wanted);
}

#[test]
fn a_name_that_does_not_exist() {
    let text = "[models.profiles.own]\nbase_url = \"http://no-such-host.invalid/v1\"\nmodel = \"m\"\ntries = 1\nproxy = \"none\"\n";
    let client = Client::new(&configured(text), &Keys::default()).unwrap();
    assert_eq!(error(Talk::new(client).ask()).0, "unreachable");
}

#[test]
fn tls_where_there_is_none() {
    let model = Model::start([]);
    let text = model.profile("chat").replace("http://", "https://");
    let client = Client::new(&configured(&text), &Keys::default()).unwrap();
    let (code, said) = error(Talk::new(client).ask());
    assert_eq!(code, "tls", "{said}");
    assert!(said.contains("`models.profiles.scripted.ca_file` in "), "{said}");
}

#[test]
fn refusals_name_the_setting() {
    let cases = [
        (401, "Incorrect API key provided", "key-refused", "check `models.profiles.scripted.key_env` in"),
        (403, "no access", "key-refused", "(status 403: no access)"),
        (
            404,
            "model 'scripted-1' not found",
            "not-found",
            "`models.profiles.scripted.base_url` and `models.profiles.scripted.model`",
        ),
        (402, "pay", "quota", "wants to be paid first (status 402: pay)"),
        (
            429,
            "You exceeded your current quota, please check your plan",
            "quota",
            "exceeded your current quota",
        ),
        (
            400,
            "This model's maximum context length is 8192 tokens",
            "context-full",
            "a smaller task, or a model with more context",
        ),
        (
            400,
            "the request exceeds the available context size, try increasing it",
            "context-full",
            "scripted-1",
        ),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", "context-full", "210000"),
        (
            400,
            "registry.ollama.ai/library/gemma:2b does not support tools",
            "no-tools",
            "choose another `models.profiles.scripted.model`",
        ),
        (400, "\"auto\" tool choice requires --enable-auto-tool-choice", "no-tools", "cannot call tools"),
        (418, "short and stout", "refused", "(status 418: short and stout)"),
    ];
    for (code, message, wanted, part) in cases {
        let (found, said) = error(with("chat", "", [status(code, &[], message)]).0);
        assert_eq!(found, wanted, "{said}");
        assert!(said.contains(part), "{said}");
        assert!(!said.contains('\n') && said.chars().count() < 700, "{said}");
    }
}

#[test]
fn a_web_page_is_not_an_answer() {
    let page = "<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>";
    let (code, said) = error(once("chat", fails(Fault::Body("text/html".into(), page.into()))).0);
    assert_eq!(code, "not-this-format");
    assert!(said.contains("it sends text/html") && said.contains("base_url"), "{said}");
    let (_, said) = error(once("chat", fails(Fault::Status(404, Vec::new(), page.into()))).0);
    assert!(said.contains("a web page: Welcome to nginx!"), "{said}");
}

#[test]
fn garbage_is_named() {
    for (kind, bytes) in [
        ("text/event-stream", "data: this is no JSON\n\n"),
        ("text/event-stream", "data: {\"hello\": 1}\n\ndata: [DONE]\n\n"),
        ("application/json", "{\"hello\": 1}"),
        ("application/octet-stream", "\u{1}\u{2}\u{3}"),
    ] {
        for format in FORMATS {
            if format == "messages" && bytes.contains("[DONE]") {
                continue;
            }
            let (code, said) = error(once(format, fails(Fault::Body(kind.into(), bytes.into()))).0);
            assert_eq!(code, "not-this-format", "{format} {bytes}: {said}");
        }
    }
    let (code, _) = error(once("chat", fails(Fault::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()))).0);
    assert_eq!(code, "broken-off");
}

#[test]
fn a_format_that_is_not_this_one_is_named() {
    let answer = json!({ "id": "x", "object": "chat.completion", "choices": [] }).to_string();
    let (code, said) =
        error(once("messages", fails(Fault::Body("application/json".into(), answer.into()))).0);
    assert_eq!(code, "not-this-format");
    assert!(said.contains("`models.profiles.scripted.format`"), "{said}");
}

#[test]
fn a_line_of_ten_mebibytes_is_named() {
    for format in FORMATS {
        let (code, said) = error(once(format, fails(Fault::LongLine(10 << 20))).0);
        assert_eq!((code, said.contains("one line of more than")), ("too-much", true), "{format}: {said}");
    }
}

#[test]
fn silence_has_a_limit() {
    for fault in [Fault::StallAfter(0), Fault::StallAfter(3)] {
        let started = Instant::now();
        let (code, said) = error(with("chat", "idle_timeout_s = 1", [fails(fault)]).0);
        assert_eq!(code, "too-long");
        assert!(said.contains("`models.profiles.scripted.idle_timeout_s` in "), "{said}");
        assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    }
}

#[test]
fn what_never_ends_has_a_limit() {
    for fault in [Fault::Comments(50), Fault::Slow(150), Fault::Endless] {
        let started = Instant::now();
        let (code, said) = error(with("chat", "timeout_s = 1", [fails(fault)]).0);
        assert_eq!(code, "too-long");
        assert!(said.contains("`models.profiles.scripted.timeout_s` in "), "{said}");
        assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    }
}

#[test]
fn an_empty_answer_is_tried_again_and_then_named() {
    for format in FORMATS {
        passes(format, says(""));
    }
    let (code, said) = error(with("chat", "tries = 2", [says(""), says("")]).0);
    assert_eq!(code, "empty");
    assert!(said.contains("gave an empty answer each of 2 times"), "{said}");
}

#[test]
fn cancelling_acts_at_once_wherever_it_waits() {
    let retry = status(503, &[("retry-after", "60")], "later");
    for (what, turn) in [
        ("a stalled stream", fails(Fault::StallAfter(3))),
        ("a server that says nothing", fails(Fault::Slow(600_000))),
        ("an endless stream", fails(Fault::Endless)),
        ("a wait between tries", retry),
    ] {
        let model = Model::start([turn]);
        let mut talk = Talk::new(client(&model, "chat", ""));
        let cancel = Cancel::default();
        let (from_outside, requested) = (cancel.clone(), &model);
        let (ended, after) = std::thread::scope(|scope| {
            let asking = scope.spawn(move || (talk.ask_with(&cancel), Instant::now()));
            drop(requested.wait_for_requests(1));
            let before = Instant::now();
            from_outside.cancel();
            let (turn, at) = asking.join().unwrap();
            (turn, at - before)
        });
        assert_eq!(ended.unwrap_err(), ModelError::Cancelled, "{what}");
        assert!(after < Duration::from_millis(200), "{what}: {after:?}");
    }
}

#[test]
fn the_script_itself_refuses_what_providers_refuse() {
    let (code, said) = error(with("chat", "body = '{\"messages\": []}'", [says("ok")]).0);
    assert_eq!((code, said.contains("`messages` is empty")), ("refused", true), "{said}");
}
