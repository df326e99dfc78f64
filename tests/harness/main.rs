//! The harness itself: it plays every profile against a toy server, and each of its alarms goes off when it should.
#![expect(clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod edits;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use expect_test::expect;
use vouchsafe_tests::process::binary;
use vouchsafe_tests::{Editor, Encoding, Opening, Profile};

const TWO_LINES: &str = "\n//- /a.txt\nhello$0\nwörld 😀 end\n";

fn toy(fixture: &str, faults: &[&str]) -> Opening {
    Editor::open(fixture).server(binary("toy-server"), faults)
}

#[test]
fn every_profile_gets_from_action_to_accepted_edit_and_back() {
    for profile in Profile::ALL {
        let mut editor = toy(TWO_LINES, &[]).profile(profile).start();
        assert_eq!(editor.titles(), ["Vouchsafe: Shout this file"]);
        assert_eq!(editor.choose("Shout"), Some(1));
        editor.wait_for_proposal();
        editor.accept("a.txt", 2);
        editor.expect(&expect![[r#"
            edit  a.txt v2
              2 - wörld 😀 end
              2 + WÖRLD 😀 END
            note  a.txt:1 proposed-change information
            disk  unchanged
        "#]]);
        editor.undo("a.txt");
        assert_eq!(editor.text("a.txt"), "hello\nwörld 😀 end\n");
        let hover = editor.hover("a.txt", 1);
        let (record, line) = editor.record_of(&hover);
        let text = std::fs::read_to_string(&record).unwrap();
        assert!(text.lines().nth(line - 1).unwrap().contains("exit code 0"), "{record}: {text}");
    }
}

#[test]
fn every_encoding_and_typing_between_changes() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        let mut editor = toy(TWO_LINES, &[]).encoding(encoding).start();
        editor.type_at("a.txt", "end", "über ");
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.accept_all("a.txt", 2);
        editor.wait_for_text("a.txt", "HELLO\nWÖRLD 😀 ÜBER END\n");
        editor.save("a.txt");
        editor.expect(&expect![[r#"
            edit  a.txt v3
              1 - hello
              2 - wörld 😀 über end
              1 + HELLO
              2 + WÖRLD 😀 ÜBER END
            disk  changed: ~a.txt
        "#]]);
    }
}

#[test]
fn rejecting_declining_and_what_neovim_answers_then() {
    let mut editor = toy(TWO_LINES, &[]).profile(Profile::Neovim012).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.reject("a.txt", 1);
    editor.will_decline_edit();
    editor.accept("a.txt", 2);
    editor.expect(&expect![[r#"
        edit  declined by the user
        disk  unchanged
    "#]]);
}

#[test]
fn a_record_is_shown_only_where_the_client_shows_documents() {
    let mut editor = toy(TWO_LINES, &[]).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.choose_on("a.txt", 1, "Show evidence");
    editor.wait_for("the record", |editor| editor.shown().len() == 1);
    let without = catch_unwind(|| {
        let mut editor = toy(TWO_LINES, &[]).profile(Profile::Kakoune).start();
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.choose_on("a.txt", 1, "Show evidence");
    });
    let said = without.err().and_then(|panic| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    assert!(said.contains("window/showDocument is not for this client"), "{said}");
}

#[test]
fn an_edit_for_an_older_version_is_refused() {
    let mut editor = toy(TWO_LINES, &["stale-edit"]).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.accept("a.txt", 1);
    editor.expect(&expect![[r#"
        edit  refused: version 0 of a.txt, which is at 1
        note  a.txt:2 proposed-change information
        disk  unchanged
    "#]]);
}

#[test]
fn a_write_to_the_workspace_shows_in_the_last_line() {
    let mut editor = toy(TWO_LINES, &["write-disk"]).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor.expect(&expect![[r#"
        note  a.txt:1 proposed-change information
        note  a.txt:2 proposed-change information
        disk  changed: ~a.txt
    "#]]);
}

/// What fails a session when the toy has this fault; `None` when nothing does.
fn alarm(fault: &str) -> Option<String> {
    let session = || {
        let mut editor = toy(TWO_LINES, &[fault]).patience(Duration::from_secs(3)).start();
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.hover("a.txt", 1);
    };
    let panic = catch_unwind(AssertUnwindSafe(session)).err()?;
    panic.downcast_ref::<String>().cloned()
}

#[test]
fn a_choice_that_nobody_offers_fails_the_test() {
    let session = catch_unwind(|| toy(TWO_LINES, &[]).start().will_choose("Accept all"));
    let said = session.err().and_then(|panic| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    assert!(said.contains("nobody offered the scripted choice \"Accept all\""), "{said}");
}

#[test]
fn what_is_offered_to_a_client_that_did_not_ask_fails_the_test() {
    let session = catch_unwind(|| drop(toy(TWO_LINES, &["told-twice"]).profile(Profile::Eglot).start()));
    let said = session.err().and_then(|panic| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    assert!(said.contains("/diagnosticProvider is offered to a client that did not advertise"), "{said}");
}

#[test]
fn each_alarm_goes_off() {
    for (fault, sentence) in [
        ("exit-1", "after shutdown and exit: exit status: 1"),
        ("late-request", "a request after the answer to shutdown: client/unregisterCapability"),
        ("stray-answer", "an answer to a request nobody sent"),
        ("unknown-token", "progress with a token that was not created"),
        ("progress-after-end", "progress out of order"),
        ("register", "textDocument/moniker registered dynamically, which this client did not advertise"),
        ("told-twice", "the findings of a.txt are told twice"),
        ("unknown-result", "unchanged since a result that this client does not have"),
        ("foreign-document", "a document that this client cannot read: toy://document"),
        ("bad-message", "unknown field colour on Diagnostic"),
        ("leave-shadow", "left in the cache directory: vouchsafe/shadow-1/left.txt"),
        ("leave-child", "a process outlives the server: timeout 30 tail -f /dev/null"),
        ("no-answer", "waited 3s for the answer to textDocument/hover"),
    ] {
        let said = alarm(fault).unwrap_or_else(|| panic!("{fault} was not noticed"));
        assert!(said.contains(sentence), "{fault}: {said}");
        assert!(
            said.contains("--> {") && said.contains("whole log:"),
            "the log belongs to the failure: {said}"
        );
    }
    assert_eq!(alarm("none of these"), None);
}
