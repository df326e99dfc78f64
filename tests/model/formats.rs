//! The same script in each format gives the same turns, and each format's requests are as its provider wants them.

use serde_json::{Value, json};
use vouchsafe::model::{Item, NativeTool, StopReason, ToolResult, Usage};
use vouchsafe_tests::scripted::{Fault, Model, Stop, Turn, calls, says};

use super::{FORMATS, Talk, body, called, client, once, tool};

fn script() -> [Turn; 2] {
    let first = calls("read", json!({ "path": "ä.rs" })).calls("run", json!({ "line": "cargo test" }));
    [
        first.thinking("First I look at it. Then I run it.").saying("I look at both."),
        says("Done: it is ünïque."),
    ]
}

#[test]
fn a_script_gives_the_same_turns_in_each_format() {
    for format in FORMATS {
        let model = Model::start(script());
        let mut talk = Talk::new(client(&model, format, ""));
        let first = talk.ask().unwrap();
        assert_eq!(first.text, "I look at both.", "{format}");
        assert_eq!(first.reasoning, "First I look at it. Then I run it.", "{format}");
        assert_eq!(called(&first), [r#"read {"path":"ä.rs"}"#, r#"run {"line":"cargo test"}"#], "{format}");
        assert_eq!(first.stop, StopReason::Calls, "{format}");
        assert_eq!(first.usage, Usage { input_tokens: 100, cached_tokens: 40, output_tokens: 7 }, "{format}");
        assert_eq!(
            talk.shown,
            ["thought First I look at it. Then I run it.", "text I look at both.", "call read", "call run"],
            "{format}"
        );
        talk.answer(&first, "fn main() {}");
        let second = talk.ask().unwrap();
        assert_eq!(
            (second.text.as_str(), &second.stop),
            ("Done: it is ünïque.", &StopReason::Done),
            "{format}"
        );
        assert_eq!(second.exchange.model, "scripted-1", "{format}");
        assert_eq!(
            second.exchange.request,
            model.requests()[1].bytes,
            "{format}: the record has what was sent"
        );
        assert!(!second.exchange.response.is_empty() && second.exchange.request_id.is_some(), "{format}");
        assert!(second.exchange.response_id.is_some(), "{format}");
    }
}

#[test]
fn an_answer_that_comes_whole_is_the_same_turn() {
    for format in FORMATS {
        for more in ["stream = false", ""] {
            let turns = script().map(|turn| if more.is_empty() { turn.fault(Fault::Whole) } else { turn });
            let model = Model::start(turns);
            let mut talk = Talk::new(client(&model, format, more));
            let first = talk.ask().unwrap();
            assert_eq!(first.text, "I look at both.", "{format}");
            assert_eq!(
                called(&first),
                [r#"read {"path":"ä.rs"}"#, r#"run {"line":"cargo test"}"#],
                "{format}"
            );
            assert_eq!(talk.shown, ["text I look at both.", "call read", "call run"], "{format}");
            assert_eq!(body(&model, 0)["stream"], more.is_empty(), "{format}");
            talk.answer(&first, "ok");
            assert_eq!(talk.ask().unwrap().text, "Done: it is ünïque.", "{format}");
        }
    }
}

#[test]
fn every_cut_of_the_bytes_gives_the_same_turn() {
    for format in FORMATS {
        let [first, _] = script();
        let (turn, _) = once(format, first.fault(Fault::Bytewise));
        let turn = turn.unwrap();
        assert_eq!(called(&turn), [r#"read {"path":"ä.rs"}"#, r#"run {"line":"cargo test"}"#], "{format}");
        assert_eq!(turn.text, "I look at both.", "{format}");
    }
}

/// The bytes of a body up to where the second request's differs.
fn common(first: &[u8], second: &[u8]) -> usize {
    first.iter().zip(second).take_while(|(a, b)| a == b).count()
}

#[test]
fn the_beginning_of_a_request_stays_the_same_from_turn_to_turn() {
    for format in ["chat", "responses"] {
        let model = Model::start(script());
        let mut talk = Talk::new(client(&model, format, ""));
        let first = talk.ask().unwrap();
        talk.answer(&first, "ok");
        talk.ask().unwrap();
        let requests = model.requests();
        let question = requests[0].bytes.windows(13).position(|window| window == b"Look at a.rs.").unwrap();
        assert!(common(&requests[0].bytes, &requests[1].bytes) >= question + 13, "{format}");
    }
    let model = Model::start(script());
    let mut talk = Talk::new(client(&model, "messages", ""));
    let first = talk.ask().unwrap();
    talk.answer(&first, "ok");
    talk.ask().unwrap();
    let (one, two) = (body(&model, 0), body(&model, 1));
    let mark = json!({ "type": "ephemeral" });
    for body in [&one, &two] {
        assert_eq!(body["system"][0]["cache_control"], mark);
        assert_eq!(body["tools"][1]["cache_control"], mark);
        assert!(body["tools"][0].get("cache_control").is_none());
    }
    assert_eq!((&one["system"], &one["tools"]), (&two["system"], &two["tools"]));
    assert_eq!(two["messages"][0]["content"][0]["cache_control"], mark, "where the last request ended");
    assert_eq!(two["messages"][2]["content"][1]["cache_control"], mark, "where this one ends");
}

#[test]
fn chat_gives_back_what_it_was_sent() {
    let model = Model::start(script());
    let mut talk =
        Talk::new(client(&model, "chat", "temperature = 0.2\neffort = \"low\"\nmax_output_tokens = 512"));
    let first = talk.ask().unwrap();
    talk.answer(&first, "ok");
    talk.ask().unwrap();
    let sent = body(&model, 1);
    assert_eq!(
        sent["messages"],
        json!([
            { "role": "system", "content": "You work on code." },
            { "role": "user", "content": "Look at a.rs." },
            {
                "role": "assistant",
                "content": "I look at both.",
                "reasoning_content": "First I look at it. Then I run it.",
                "tool_calls": [
                    {
                        "id": "call_0_of_read", "type": "function",
                        "function": { "name": "read", "arguments": "{\"path\":\"ä.rs\"}" },
                        "extra_content": { "google": { "thought_signature": "signature-0" } },
                    },
                    {
                        "id": "call_1_of_run", "type": "function",
                        "function": { "name": "run", "arguments": "{\"line\":\"cargo test\"}" },
                        "extra_content": { "google": { "thought_signature": "signature-1" } },
                    },
                ],
            },
            { "role": "tool", "tool_call_id": "call_0_of_read", "content": "ok" },
            { "role": "tool", "tool_call_id": "call_1_of_run", "content": "ok" },
        ])
    );
    assert_eq!(sent["stream_options"], json!({ "include_usage": true }));
    assert_eq!((&sent["temperature"], &sent["reasoning_effort"]), (&json!(0.2), &json!("low")));
    assert_eq!(sent["max_tokens"], 512);
    assert_eq!(sent["tools"][0]["function"]["name"], "read");
    assert!(sent.get("parallel_tool_calls").is_none(), "said only where it is switched off");
}

#[test]
fn responses_keeps_nothing_at_the_provider() {
    let model = Model::start(script());
    let mut talk = Talk::new(client(&model, "responses", "effort = \"high\""));
    let first = talk.ask().unwrap();
    talk.answer(&first, "ok");
    talk.ask().unwrap();
    let sent = body(&model, 1);
    assert_eq!((&sent["store"], &sent["include"]), (&json!(false), &json!(["reasoning.encrypted_content"])));
    assert!(sent.get("previous_response_id").is_none());
    assert_eq!(sent["reasoning"], json!({ "effort": "high", "summary": "auto" }));
    let kinds: Vec<_> = sent["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap_or("user"))
        .collect();
    let items = [
        "user",
        "reasoning",
        "message",
        "function_call",
        "function_call",
        "function_call_output",
        "function_call_output",
    ];
    assert_eq!(kinds, items);
    assert_eq!(sent["input"][1]["encrypted_content"], "gAAAA-sealed");
    assert_eq!(sent["input"][1]["id"], "rs_scripted");
    assert_eq!(
        sent["input"][5],
        json!({ "type": "function_call_output", "call_id": "call_0_of_read", "output": "ok" })
    );
}

#[test]
fn messages_gives_back_thinking_with_its_signature_and_all_results_in_one_message() {
    let model = Model::start(script());
    let mut talk = Talk::new(client(&model, "messages", "effort = \"medium\""));
    let first = talk.ask().unwrap();
    talk.items.push(Item::Results(vec![
        ToolResult { id: first.calls[0].id.clone(), text: "ok".into(), failed: false },
        ToolResult { id: first.calls[1].id.clone(), text: "no such test".into(), failed: true },
    ]));
    talk.items.push(Item::User("Hurry.".into()));
    talk.ask().unwrap();
    let sent = body(&model, 1);
    assert_eq!(sent["max_tokens"], 8192);
    assert_eq!(
        (&sent["thinking"], &sent["output_config"]),
        (&json!({ "type": "adaptive" }), &json!({ "effort": "medium" }))
    );
    let messages = sent["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(
        messages[1]["content"],
        json!([
            { "type": "thinking", "thinking": "First I look at it. Then I run it.", "signature": "c2lnbmVk" },
            { "type": "text", "text": "I look at both." },
            { "type": "tool_use", "id": "toolu_0_of_read", "name": "read", "input": { "path": "ä.rs" } },
            { "type": "tool_use", "id": "toolu_1_of_run", "name": "run", "input": { "line": "cargo test" } },
        ])
    );
    assert_eq!(
        messages[2]["content"],
        json!([
            { "type": "tool_result", "tool_use_id": "toolu_0_of_read", "content": "ok" },
            { "type": "tool_result", "tool_use_id": "toolu_1_of_run", "content": "no such test", "is_error": true },
            { "type": "text", "text": "Hurry.", "cache_control": { "type": "ephemeral" } },
        ])
    );
}

#[test]
fn a_turn_of_one_provider_goes_to_another_without_its_signatures() {
    for (from, to) in [("chat", "messages"), ("messages", "responses"), ("responses", "chat")] {
        let first = Model::start(script());
        let mut talk = Talk::new(client(&first, from, ""));
        let turn = talk.ask().unwrap();
        talk.answer(&turn, "ok");
        let second = Model::start([says("I go on.")]);
        talk.client = client(&second, to, "");
        assert_eq!(talk.ask().unwrap().text, "I go on.", "{from} to {to}");
        let sent = body(&second, 0).to_string();
        assert!(sent.contains("I look at both.") && sent.contains("cargo test"), "{sent}");
        for secret in ["signature-0", "c2lnbmVk", "gAAAA-sealed", "rs_scripted", "First I look"] {
            assert!(!sent.contains(secret), "{from} to {to}: {secret}");
        }
    }
}

#[test]
fn a_call_that_nobody_answered_is_answered_before_it_is_sent() {
    for format in FORMATS {
        let model = Model::start(script());
        let mut talk = Talk::new(client(&model, format, ""));
        let first = talk.ask().unwrap();
        let only = ToolResult { id: first.calls[1].id.clone(), text: "ok".into(), failed: false };
        talk.items.push(Item::Results(vec![only]));
        talk.items.push(Item::User("Stop that.".into()));
        assert_eq!(talk.ask().unwrap().text, "Done: it is ünïque.", "{format}");
        assert!(body(&model, 1).to_string().contains("This call was not carried out."), "{format}");
    }
}

#[test]
fn limits_and_refusals_are_told_apart() {
    for format in FORMATS {
        let (cut, _) = once(format, says("It is").stop(Stop::Length));
        assert_eq!(cut.unwrap().stop, StopReason::Length, "{format}");
        let (refused, _) = once(format, says("I will not.").stop(Stop::Refusal));
        assert!(matches!(refused.unwrap().stop, StopReason::Refused(_)), "{format}");
    }
}

#[test]
fn a_call_that_the_limit_cut_is_no_call() {
    for format in FORMATS {
        let model = Model::start([
            calls("read", json!({ "path": "a" }))
                .calls("run", json!("{\"line\": \"rm -r"))
                .stop(Stop::Length),
            says("So be it."),
        ]);
        let mut talk = Talk::new(client(&model, format, ""));
        let turn = talk.ask().unwrap();
        assert_eq!(called(&turn), [r#"read {"path":"a"}"#], "{format}");
        assert_eq!(turn.stop, StopReason::Length, "{format}");
        talk.answer(&turn, "ok");
        talk.ask().unwrap();
        assert!(!body(&model, 1).to_string().contains("rm -r"), "{format}");
    }
}

#[test]
fn native_tools_are_sent_in_the_providers_form_only_where_wanted() {
    let mut tools = [tool("apply_patch"), tool("str_replace_based_edit_tool"), tool("bash")];
    tools[0].native = Some(NativeTool::ApplyPatch);
    tools[1].native = Some(NativeTool::TextEditor);
    tools[2].native = Some(NativeTool::Bash);
    let sent = |format: &str, more: &str| {
        let model = Model::start([says("ok")]);
        let mut talk = Talk::new(client(&model, format, more));
        talk.tools = tools.to_vec();
        talk.ask().unwrap();
        let tools = body(&model, 0)["tools"].as_array().unwrap().clone();
        tools.into_iter().map(|tool| tool["type"].as_str().unwrap_or("own").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sent("responses", "native_tools = true"), ["apply_patch", "function", "function"]);
    assert_eq!(sent("messages", "native_tools = true"), ["own", "text_editor_20250728", "bash_20250124"]);
    assert_eq!(sent("chat", "native_tools = true"), ["function"; 3]);
    assert_eq!(sent("responses", ""), ["function"; 3]);
    assert_eq!(sent("messages", ""), ["own"; 3]);
}

#[test]
fn a_native_patch_call_is_answered_in_its_own_form() {
    let operation = json!({ "type": "update_file", "path": "a.rs", "diff": "@@\n-a\n+b\n" });
    let model =
        Model::start([calls("apply_patch", operation.clone()), calls("apply_patch", operation), says("ok")]);
    let mut talk = Talk::new(client(&model, "responses", "native_tools = true"));
    let mut patch = tool("apply_patch");
    patch.native = Some(NativeTool::ApplyPatch);
    talk.tools = vec![patch];
    let turn = talk.ask().unwrap();
    let arguments: Value = serde_json::from_str(&turn.calls[0].arguments).unwrap();
    assert_eq!(arguments["operation"]["path"], "a.rs");
    talk.answer(&turn, "patched");
    let turn = talk.ask().unwrap();
    talk.items.push(Item::Results(vec![ToolResult {
        id: turn.calls[0].id.clone(),
        text: "no".into(),
        failed: true,
    }]));
    talk.ask().unwrap();
    let input = body(&model, 2)["input"].clone();
    let output =
        |at: usize| (input[at]["type"].clone(), input[at]["status"].clone(), input[at]["output"].clone());
    assert_eq!(output(2), (json!("apply_patch_call_output"), json!("completed"), json!("patched")));
    assert_eq!(output(4), (json!("apply_patch_call_output"), json!("failed"), json!("no")));
}

#[test]
fn one_call_at_a_time_and_fields_of_the_users_own_are_sent() {
    let more = "parallel_calls = false\nbody = '{\"top_k\": 20, \"model\": \"other\"}'";
    let sent = |format: &str| {
        let model = Model::start([says("ok")]);
        Talk::new(client(&model, format, more)).ask().unwrap();
        body(&model, 0)
    };
    assert_eq!(sent("chat")["parallel_tool_calls"], false);
    assert_eq!(sent("responses")["parallel_tool_calls"], false);
    assert_eq!(sent("messages")["tool_choice"]["disable_parallel_tool_use"], true);
    for format in FORMATS {
        let sent = sent(format);
        assert_eq!((&sent["top_k"], &sent["model"]), (&json!(20), &json!("other")), "{format}");
    }
}

#[test]
fn one_connection_serves_all_turns() {
    for format in FORMATS {
        let model = Model::start([says("one"), says("two"), says("three")]);
        let mut talk = Talk::new(client(&model, format, ""));
        for _ in 0..3 {
            talk.ask().unwrap();
        }
        let used: Vec<_> = model.requests().iter().map(|request| request.connection).collect();
        assert_eq!(used, [0, 0, 0], "{format}");
    }
}
