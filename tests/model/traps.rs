//! What servers do differently from what their documents say, one test each.

use serde_json::json;
use vouchsafe::model::StopReason;
use vouchsafe_tests::scripted::{Fault, Model, Turn, calls, fails, says};

use super::{FORMATS, Talk, body, called, client, once, with};

fn status(code: u16, message: &str) -> Turn {
    let body = json!({ "error": { "message": message, "type": "invalid_request_error" } });
    fails(Fault::Status(code, Vec::new(), body.to_string()))
}

fn two_calls() -> Turn {
    calls("read", json!({ "path": "a" })).calls("run", json!({ "line": "b" }))
}

const TWO: [&str; 2] = [r#"read {"path":"a"}"#, r#"run {"line":"b"}"#];

#[test]
fn a_name_in_every_piece_is_set_once() {
    let (turn, shown) = once("chat", two_calls().fault(Fault::RepeatedNames));
    assert_eq!(called(&turn.unwrap()), TWO);
    assert_eq!(shown, ["call read", "call run"]);
}

#[test]
fn pieces_of_calls_are_joined_by_index() {
    let (turn, _) = once("chat", two_calls().fault(Fault::Interleaved));
    assert_eq!(called(&turn.unwrap()), TWO);
}

#[test]
fn calls_without_index_and_identifier_get_their_own() {
    let model = Model::start([two_calls().fault(Fault::Bare), says("ok")]);
    let mut talk = Talk::new(client(&model, "chat", ""));
    let turn = talk.ask().unwrap();
    assert_eq!(called(&turn), TWO);
    assert_ne!(turn.calls[0].id, turn.calls[1].id);
    talk.answer(&turn, "done");
    talk.ask().unwrap();
    let messages = &body(&model, 1)["messages"];
    assert_eq!(messages[2]["content"], "", "never null");
    assert_eq!(messages[2]["tool_calls"][1]["id"], messages[4]["tool_call_id"]);
    assert!(messages[2]["tool_calls"][0]["function"]["arguments"].is_string());
}

#[test]
fn items_that_are_only_sent_in_pieces_are_put_together() {
    let said = two_calls().saying("I look.");
    let model = Model::start([said.fault(Fault::PiecesOnly), says("ok")]);
    let mut talk = Talk::new(client(&model, "responses", ""));
    let turn = talk.ask().unwrap();
    assert_eq!((turn.text.as_str(), called(&turn)), ("I look.", TWO.map(str::to_owned).to_vec()));
    talk.answer(&turn, "done");
    talk.ask().unwrap();
    assert_eq!(body(&model, 1)["input"][1]["content"][0]["text"], "I look.");
}

#[test]
fn a_call_in_the_text_is_a_call() {
    let text = "I look.\n<tool_call>\n{\"name\": \"read\", \"arguments\": {\"path\": \"a\"}}\n</tool_call>";
    let model = Model::start([says(text), says("ok")]);
    let mut talk = Talk::new(client(&model, "chat", ""));
    let turn = talk.ask().unwrap();
    assert_eq!((turn.text.as_str(), &turn.stop), ("I look.", &StopReason::Calls));
    assert_eq!(called(&turn), [r#"read {"path":"a"}"#]);
    talk.answer(&turn, "fn a() {}");
    talk.ask().unwrap();
    let messages = &body(&model, 1)["messages"];
    assert_eq!(messages[2], json!({ "role": "assistant", "content": text }), "as it was written");
    assert_eq!(
        messages[3],
        json!({ "role": "user", "content": "<tool_response name=\"read\">\nfn a() {}\n</tool_response>" })
    );
}

#[test]
fn a_quoted_call_or_one_of_an_unknown_tool_is_text() {
    for text in ["Write <tool_call>{\"name\": \"read\"}</tool_call> for it.", "<function=destroy></function>"]
    {
        let (turn, _) = once("chat", says(text));
        let turn = turn.unwrap();
        assert_eq!((turn.text.as_str(), turn.calls.len()), (text, 0));
    }
}

#[test]
fn an_error_of_a_template_leads_to_a_plainer_history() {
    let model = Model::start([
        two_calls().thinking("Hm.").saying("I look."),
        status(500, "Value is not callable: null at row 1 (jinja)"),
        status(500, "Template error: cannot iterate"),
        says("ok"),
    ]);
    let mut talk = Talk::new(client(&model, "chat", "tries = 1"));
    let turn = talk.ask().unwrap();
    talk.answer(&turn, "done");
    assert_eq!(talk.ask().unwrap().text, "ok");
    let (simple, text) = (body(&model, 2), body(&model, 3));
    assert_eq!(
        simple["messages"][2]["tool_calls"][0],
        json!({ "id": "call_0_of_read", "type": "function", "function": { "name": "read", "arguments": "{\"path\":\"a\"}" } })
    );
    assert!(simple["messages"][2].get("reasoning_content").is_none());
    let plain = text["messages"].as_array().unwrap();
    assert!(plain.iter().all(|message| message.get("tool_calls").is_none() && message["role"] != "tool"));
    assert!(plain[2]["content"].as_str().unwrap().contains("<tool_call name=\"read\">"), "{plain:?}");
    assert_eq!(talk.shown.iter().filter(|line| line.starts_with("again ")).count(), 1, "{:?}", talk.shown);
}

#[test]
fn a_template_error_has_an_end() {
    let turns = std::iter::repeat_n(status(500, "jinja: no"), 9);
    let (turn, _) = with("chat", "tries = 1", turns);
    assert!(turn.unwrap_err().to_string().contains("jinja: no"));
}

#[test]
fn what_an_endpoint_does_not_take_is_left_out_from_then_on() {
    type Without = fn(&serde_json::Value) -> bool;
    let cases: [(&str, &str, &str, Without); 9] = [
        ("chat", "", "Unsupported parameter: stream_options", |body| body.get("stream_options").is_none()),
        (
            "chat",
            "max_output_tokens = 64",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            |body| body["max_completion_tokens"] == 64 && body.get("max_tokens").is_none(),
        ),
        ("chat", "temperature = 0.5", "temperature: unsupported value", |body| {
            body.get("temperature").is_none()
        }),
        ("chat", "parallel_calls = false", "unknown field parallel_tool_calls", |body| {
            body.get("parallel_tool_calls").is_none()
        }),
        ("chat", "effort = 'low'", "reasoning_effort is not supported", |body| {
            body.get("reasoning_effort").is_none()
        }),
        (
            "responses",
            "effort = 'low'",
            "Your organization must be verified to generate reasoning summaries.",
            |body| body["reasoning"] == json!({ "effort": "low" }),
        ),
        ("messages", "effort = 'low'", "adaptive thinking is not supported on this model", |body| {
            body["thinking"] == json!({ "type": "enabled", "budget_tokens": 2048 })
                && body.get("output_config").is_none()
        }),
        ("messages", "max_output_tokens = 32000", "max_tokens: 32000 > 4096, which is the maximum", |body| {
            body["max_tokens"] == 4096
        }),
        ("messages", "", "system.0.cache_control: Extra inputs are not permitted", |body| {
            !body.to_string().contains("cache_control")
        }),
    ];
    for (format, more, message, without) in cases {
        let model = Model::start([status(400, message), says("one"), says("two")]);
        let mut talk = Talk::new(client(&model, format, &format!("tries = 1\n{more}")));
        assert_eq!(talk.ask().unwrap().text, "one", "{message}");
        assert!(!without(&body(&model, 0)), "{message}: at first it is sent");
        assert!(without(&body(&model, 1)), "{message}: {}", body(&model, 1));
        assert_eq!(talk.ask().unwrap().text, "two", "{message}");
        assert!(without(&body(&model, 2)), "{message}: it is remembered");
    }
}

#[test]
fn a_server_that_cannot_stream_with_tools_is_asked_for_the_whole() {
    let model = Model::start([status(400, "streaming is not supported with tools"), two_calls()]);
    let mut talk = Talk::new(client(&model, "chat", "tries = 1"));
    assert_eq!(called(&talk.ask().unwrap()), TWO);
    assert_eq!((&body(&model, 0)["stream"], &body(&model, 1)["stream"]), (&json!(true), &json!(false)));
    assert!(body(&model, 1).get("stream_options").is_none());
}

#[test]
fn arguments_that_are_not_json_are_for_the_agent_to_answer() {
    for format in FORMATS {
        let model = Model::start([calls("read", json!("{\"path\": ")), says("ok")]);
        let mut talk = Talk::new(client(&model, format, ""));
        let turn = talk.ask().unwrap();
        assert_eq!(called(&turn), ["read {\"path\": "], "{format}");
        talk.answer(&turn, "the arguments are not JSON");
        assert_eq!(talk.ask().unwrap().text, "ok", "{format}");
    }
}

#[test]
fn a_stream_without_its_last_event_is_whole_if_it_said_why_it_stops() {
    for format in ["chat", "messages"] {
        let (turn, _) = once(format, says("All of it.").fault(Fault::NoDone));
        assert_eq!(turn.unwrap().text, "All of it.", "{format}");
    }
    let (turn, _) = once("responses", says("All of it.").fault(Fault::NoDone));
    assert_eq!(turn.unwrap_err().code(), "broken-off");
}

#[test]
fn figures_that_never_come_do_not_hold_up_a_whole_turn() {
    // Head, three pieces of text and the reason to stop have come; the figures and the end have not.
    let (turn, _) = once("chat", says("Twenty characters 20.").fault(Fault::StallAfter(5)));
    assert_eq!(turn.unwrap().text, "Twenty characters 20.");
}

#[test]
fn an_address_may_be_written_in_several_ways() {
    for (format, base, path) in [
        ("chat", "", "/v1/chat/completions"),
        ("chat", "/", "/v1/chat/completions"),
        ("chat", "/v1", "/v1/chat/completions"),
        ("chat", "/v1/", "/v1/chat/completions"),
        ("chat", "/v1/chat/completions", "/v1/chat/completions"),
        ("chat", "/api/openai", "/api/openai/chat/completions"),
        ("chat", "/openai/v1?api-version=preview", "/openai/v1/chat/completions?api-version=preview"),
        ("responses", "/v1", "/v1/responses"),
        ("messages", "", "/v1/messages"),
        ("messages", "/v1", "/v1/messages"),
        ("messages", "/anthropic", "/anthropic/v1/messages"),
    ] {
        let model = Model::start([says("ok")]);
        let profile = model.profile(format).replace("/v1\"", &format!("{base}\""));
        let client =
            vouchsafe::model::Client::new(&super::configured(&profile), &vouchsafe::model::Keys::default());
        Talk::new(client.unwrap()).ask().unwrap();
        assert_eq!(model.requests()[0].path, path, "{format} {base}");
    }
}
