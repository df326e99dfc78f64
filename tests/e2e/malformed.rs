//! Bytes that are no LSP, and every way to end: the server stays alive where the stream can go on, and ends as it
//! should where it cannot. It never panics and never dies of a signal.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::frame::framed;
use vouchsafe_tests::process::{self, binary};
use vouchsafe_tests::wire::{Incoming, Launch, Wire};
use vouchsafe_tests::yard::Yard;
use vouchsafe_tests::{Profile, editor::PATIENCE};

/// A server without an editor around it, initialized.
struct Bare {
    wire: Wire,
    yard: Yard,
}

impl Bare {
    fn start() -> Self {
        let bare = Self::uninitialized();
        let params = Profile::Helix.initialize(Some(&bare.yard.workspace()), &Profile::Helix.capabilities());
        bare.wire.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }));
        assert!(bare.answer(&json!(0)).is_some(), "no answer to initialize\n{}", bare.wire.story());
        bare.wire.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        bare
    }

    fn uninitialized() -> Self {
        let yard = Yard::new(&Fixture::parse("//- /a.txt\nhello\n"));
        yard.mark();
        let launch = Launch {
            program: binary("vouchsafe"),
            args: vec!["serve".into()],
            environment: yard.environment(),
            directory: yard.workspace(),
        };
        Self { wire: Wire::start(&launch), yard }
    }

    /// The answer to this request; `None` when the server ended before.
    fn answer(&self, id: &Value) -> Option<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.wire.receive(deadline) {
                Some(Incoming::Message(message))
                    if message["id"] == *id && message.get("method").is_none() =>
                {
                    return Some(message);
                }
                Some(Incoming::Message(_)) => {}
                Some(Incoming::Closed) => return None,
                Some(Incoming::Broken(what)) => panic!("{what}\n{}", self.wire.story()),
                None => panic!("no answer to {id}\n{}", self.wire.story()),
            }
        }
    }

    fn hover(&self, id: u64) -> Option<Value> {
        let uri = format!("file://{}/a.txt", self.yard.workspace().display());
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
        self.wire
            .send(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": params }));
        self.answer(&json!(id))
    }

    /// Waits for the end; a panic or a signal is never right.
    fn ended(&mut self) -> ExitStatus {
        let Some(status) = self.wire.ended(PATIENCE) else {
            panic!("it does not end\n{}", self.wire.story())
        };
        assert!(matches!(status.code(), Some(0 | 1)), "{status}\n{}", self.wire.story());
        assert!(!self.wire.errors().contains("panicked"), "{}", self.wire.story());
        assert_eq!(process::survivors(&process::touching(self.yard.root()), Duration::from_secs(5)), []);
        assert_eq!(self.yard.disk(), "unchanged");
        status
    }
}

/// Frames with a right length and a wrong content.
fn wrong_contents() -> Vec<(&'static str, Vec<u8>)> {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_params = format!(r#"{{"jsonrpc":"2.0","method":"x","params":{deep}}}"#);
    [
        ("no JSON", br#"{"jsonrpc": "2.0", "method": "#.to_vec()),
        ("empty", Vec::new()),
        ("an empty batch", b"[]".to_vec()),
        ("a batch", br#"[{"jsonrpc":"2.0","method":"initialized","params":{}}]"#.to_vec()),
        ("a number", b"42".to_vec()),
        ("null", b"null".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("invalid UTF-8", b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\xfe\"}".to_vec()),
        ("a lone surrogate", br#"{"jsonrpc":"2.0","id":7,"method":"x\ud800"}"#.to_vec()),
        ("deep nesting", deep.into_bytes()),
        ("deep parameters", deep_params.into_bytes()),
        ("JSON-RPC 1.0", br#"{"jsonrpc":"1.0","id":7,"method":"textDocument/hover"}"#.to_vec()),
        ("no version", br#"{"id":7,"method":"textDocument/hover"}"#.to_vec()),
        ("an id of a wrong type", br#"{"jsonrpc":"2.0","id":{},"method":"shutdown"}"#.to_vec()),
        ("a method of a wrong type", br#"{"jsonrpc":"2.0","id":7,"method":3}"#.to_vec()),
        ("an unknown method", br#"{"jsonrpc":"2.0","id":7,"method":"no/such"}"#.to_vec()),
        ("an unknown notification", br#"{"jsonrpc":"2.0","method":"no/such","params":{}}"#.to_vec()),
        ("an unknown $/ notification", br#"{"jsonrpc":"2.0","method":"$/no","params":{}}"#.to_vec()),
        ("an answer to nothing", br#"{"jsonrpc":"2.0","id":12345,"result":null}"#.to_vec()),
        ("missing parameters", br#"{"jsonrpc":"2.0","id":7,"method":"textDocument/hover"}"#.to_vec()),
        (
            "wrong parameters",
            br#"{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":[1]}"#.to_vec(),
        ),
        ("a change without a document", change("file:///nowhere/x", 2, 0)),
        ("a position past the end", change("file:///a.txt", 2, 4_000_000)),
        ("a negative position", change("file:///a.txt", 2, -1)),
        ("an unknown cancel", br#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":99}}"#.to_vec()),
        (
            "a second initialize",
            br#"{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"capabilities":{}}}"#.to_vec(),
        ),
        (
            "a URI that is none",
            br#"{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"%%"}}}"#
                .to_vec(),
        ),
    ]
    .into()
}

fn change(uri: &str, version: i64, line: i64) -> Vec<u8> {
    let place = json!({ "line": line, "character": line });
    let change = json!({ "range": { "start": place, "end": place }, "text": "x" });
    let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] });
    json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params }).to_string().into_bytes()
}

#[test]
fn a_frame_with_a_wrong_content_harms_nobody() {
    for (name, body) in wrong_contents() {
        let mut bare = Bare::start();
        bare.wire.send_raw(&framed(&body));
        assert!(bare.hover(50).is_some(), "{name}: the server ended\n{}", bare.wire.story());
        bare.wire.close_input();
        bare.ended();
    }
}

#[test]
fn all_of_them_in_one_session() {
    let mut bare = Bare::start();
    for (nth, (name, body)) in wrong_contents().into_iter().enumerate() {
        bare.wire.send_raw(&framed(&body));
        let id = 100 + nth as u64;
        assert!(bare.hover(id).is_some(), "{name}: the server ended\n{}", bare.wire.story());
    }
    bare.wire.close_input();
    bare.ended();
}

/// A request, or a frame that JSON-RPC allows an answer to, and the code of the error it gets.
#[test]
fn each_wrong_request_gets_its_own_error() {
    let at = |position: Value| {
        let document = json!({ "uri": "file:///a.txt" });
        json!({ "textDocument": document, "position": position })
    };
    let request = |method: &str, params: Value| {
        json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params }).to_string()
    };
    let nowhere = json!({ "line": -1, "character": 0 });
    let command = |name: &str, arguments: Value| {
        request("workspace/executeCommand", json!({ "command": name, "arguments": arguments }))
    };
    for (name, id, body, code) in [
        ("no JSON", Value::Null, "{".to_owned(), -32_700),
        ("a batch", Value::Null, "[]".to_owned(), -32_600),
        ("JSON-RPC 1.0", json!(7), r#"{"jsonrpc":"1.0","id":7,"method":"shutdown"}"#.to_owned(), -32_600),
        ("an unknown method", json!(7), request("no/such", json!({})), -32_601),
        (
            "no parameters",
            json!(7),
            r#"{"jsonrpc":"2.0","id":7,"method":"textDocument/hover"}"#.to_owned(),
            -32_602,
        ),
        (
            "parameters of a wrong form",
            json!(7),
            request("textDocument/hover", json!({ "textDocument": 3 })),
            -32_602,
        ),
        ("a negative position", json!(7), request("textDocument/hover", at(nowhere)), -32_602),
        ("an unknown command", json!(7), command("no.such", json!([])), -32_602),
        ("a command without its argument", json!(7), command("vouchsafe.accept", json!([])), -32_602),
        (
            "a command with another argument",
            json!(7),
            command("vouchsafe.accept", json!([{ "tusk": 1 }])),
            -32_602,
        ),
        ("a command about nothing", json!(7), command("vouchsafe.accept", json!([{ "task": 99 }])), -32_801),
        (
            "diagnostics that were not offered",
            json!(7),
            request("textDocument/diagnostic", json!({ "textDocument": { "uri": "file:///a" } })),
            -32_601,
        ),
        (
            "a document of no scheme of ours",
            json!(7),
            request("workspace/textDocumentContent", json!({ "uri": "file:///etc/passwd" })),
            -32_602,
        ),
    ] {
        let mut bare = Bare::start();
        bare.wire.send_raw(&framed(body.as_bytes()));
        let answer = bare.answer(&id).unwrap_or_else(|| panic!("{name}: the server ended"));
        assert_eq!(answer["error"]["code"], json!(code), "{name}: {answer}");
        assert!(bare.hover(50).is_some(), "{name}: the server ended");
        bare.wire.close_input();
        bare.ended();
    }
}

#[test]
fn before_initialize_requests_are_refused_and_notifications_dropped() {
    let mut bare = Bare::uninitialized();
    let uri = format!("file://{}/a.txt", bare.yard.workspace().display());
    let item = json!({ "uri": uri, "languageId": "plaintext", "version": 1, "text": "x" });
    bare.wire.send(
        &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": item } }),
    );
    let answer = bare.hover(7).expect("it waits to be initialized");
    assert_eq!(answer["error"]["code"], -32_002, "{answer}");
    bare.wire.close_input();
    bare.ended();
}

#[test]
fn a_document_opened_twice_has_its_newest_text_and_is_not_lost() {
    let mut editor = vouchsafe_tests::Editor::open(crate::SHOUT).start();
    editor.open_text("a.txt", "opened again\nbelow\n");
    let nowhere = json!({ "uri": "file:///nowhere/x.txt", "version": 3 });
    let change = json!([{ "text": "lost?" }]);
    editor.notify("textDocument/didChange", json!({ "textDocument": nowhere, "contentChanges": change }));
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///nowhere/x.txt" } }));
    editor.type_at("a.txt", "below", "typed ");
    editor.select("a.txt", "opened");
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept_all("a.txt", 1);
    editor.wait_for_text("a.txt", "OPENED AGAIN\nTYPED BELOW\n");
}

#[test]
fn a_huge_message_is_taken_and_one_beyond_the_bound_is_refused() {
    let mut bare = Bare::start();
    let huge = "x".repeat(32 << 20);
    let item = json!({ "uri": "file:///huge.txt", "languageId": "plaintext", "version": 1, "text": huge });
    bare.wire.send(
        &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": item } }),
    );
    assert!(bare.hover(7).is_some());
    let beyond = 257 << 20;
    bare.wire.send_raw(format!("Content-Length: {beyond}\r\n\r\n").as_bytes());
    for _ in 0..257 {
        bare.wire.send_raw(&[b' '; 1 << 20]);
    }
    let answer = bare.answer(&Value::Null).expect("the server goes on");
    assert_eq!(answer["error"]["code"], -32_600, "{answer}");
    assert!(bare.hover(8).is_some(), "the next message is read");
    bare.wire.close_input();
    bare.ended();
}

#[test]
fn unknown_methods_get_the_answer_of_the_specification() {
    let mut bare = Bare::start();
    for method in ["no/such", "$/no-such"] {
        bare.wire.send(&json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": {} }));
        let answer = bare.answer(&json!(7)).expect("the server is alive");
        assert_eq!(answer["error"]["code"], -32601, "{method}: {answer}");
    }
    bare.wire.close_input();
    bare.ended();
}

#[test]
fn odd_headers() {
    let body = br#"{"jsonrpc":"2.0","id":7,"method":"no/such"}"#;
    let text = String::from_utf8_lossy(body);
    for header in [
        format!("content-length: {}\r\n\r\n{text}", body.len()),
        format!("Content-Length:{}\r\n\r\n{text}", body.len()),
        format!(
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n{text}",
            body.len()
        ),
    ] {
        let mut bare = Bare::start();
        bare.wire.send_raw(header.as_bytes());
        assert!(bare.answer(&json!(7)).is_some(), "{header:?}\n{}", bare.wire.story());
        assert!(bare.hover(50).is_some(), "{header:?}");
        bare.wire.close_input();
        bare.ended();
    }
}

#[test]
fn a_broken_stream_ends_with_its_input_and_nothing_worse() {
    for broken in [
        "Content-Length: 3\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"x\"}",
        "Content-Length: 99999999999999999999\r\n\r\n{}",
        "Content-Length: 4000000000\r\n\r\n{}",
        "Content-Length: -1\r\n\r\n{}",
        "Content-Length: x\r\n\r\n{}",
        "no header at all\n\n{}",
        "\r\n\r\n\r\n",
        "Content-Length: 100\r\n\r\n{}",
        "Content-Length: 2",
    ] {
        let mut bare = Bare::start();
        bare.wire.send_raw(broken.as_bytes());
        bare.wire.close_input();
        bare.ended();
    }
}

#[test]
fn every_way_to_end() {
    let exit = json!({ "jsonrpc": "2.0", "method": "exit" });
    let shutdown = json!({ "jsonrpc": "2.0", "id": 9, "method": "shutdown" });

    // stdin stays open in the first three: `exit` alone must end it.
    let mut bare = Bare::start();
    bare.wire.send(&shutdown);
    assert!(bare.answer(&json!(9)).is_some());
    bare.wire.send(&exit);
    assert_eq!(bare.ended().code(), Some(0), "shutdown, exit");

    let mut bare = Bare::start();
    bare.wire.send(&exit);
    assert_eq!(bare.ended().code(), Some(1), "exit without shutdown");

    let mut bare = Bare::uninitialized();
    bare.wire.send(&exit);
    assert_eq!(bare.ended().code(), Some(1), "exit before initialize");

    let mut bare = Bare::start();
    bare.wire.send(&shutdown);
    bare.wire.close_input();
    bare.ended();

    let mut bare = Bare::uninitialized();
    bare.wire.close_input();
    bare.ended();
}

#[test]
fn after_shutdown_requests_are_refused() {
    let mut bare = Bare::start();
    bare.wire.send(&json!({ "jsonrpc": "2.0", "id": 9, "method": "shutdown" }));
    assert!(bare.answer(&json!(9)).is_some());
    let answer = bare.hover(10).expect("it waits for exit");
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
    bare.wire.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(bare.ended().code(), Some(0));
}
