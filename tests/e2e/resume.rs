//! Reviews that outlive their server: what was not decided is shown again, as the text is by then.

use expect_test::expect;
use serde_json::json;
use vouchsafe_tests::{Editor, Opening};

use crate::SHOUT;
use crate::command_line::{Shell, out};

/// A server with the two changes of `Shout` proposed.
fn proposed() -> Editor {
    let mut editor = Editor::open(SHOUT).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor
}

/// The next server on the workspace of one that ends now.
fn next_after(editor: Editor) -> Opening {
    let next = Editor::open("").beside(&editor);
    drop(editor);
    next
}

/// Waits until so many changes of earlier servers are shown.
fn resumed(editor: &mut Editor, count: usize) {
    editor.wait_until(&format!("{count} changes are shown again"), |editor| editor.proposed() == count);
}

fn waiting(editor: &mut Editor) -> Vec<(u64, u64, String)> {
    let tasks = editor.execute("vouchsafe.tasks", &json!([])).expect("a list");
    let row = |task: &serde_json::Value| {
        let title = task["title"].as_str().unwrap_or_default().to_owned();
        (task["task"].as_u64().unwrap_or_default(), task["waiting"].as_u64().unwrap_or_default(), title)
    };
    tasks.as_array().expect("a list").iter().map(row).collect()
}

#[test]
fn what_was_not_decided_is_shown_again_and_can_be_decided() {
    let first = proposed();
    let mut editor = next_after(first).start();
    resumed(&mut editor, 2);
    editor.open_file("a.txt");
    assert_eq!(waiting(&mut editor), [(1, 2, "Shout".to_owned())]);
    let hover = editor.hover("a.txt", 1);
    for part in ["proposed", "task 1", "tr a-z", "exit code 0", "record.md#L", "+HELLO"] {
        assert!(hover.contains(part), "no {part:?} in {hover}");
    }
    let (record, at) = editor.record_of(&hover);
    let page = std::fs::read_to_string(record).expect("the record");
    assert!(page.lines().nth(at - 1).is_some_and(|line| line.starts_with("## ")), "line {at} is a heading");
    editor.accept("a.txt", 6);
    editor.wait_for_text("a.txt", "hello\n1\n2\n3\n4\nWöRLD 😀 END\n");
    editor.save("a.txt");

    let mut editor = next_after(editor).start();
    resumed(&mut editor, 1);
    editor.open_file("a.txt");
    assert!(editor.hover("a.txt", 6).contains("accepted"), "the accepted line is cited");
    editor.reject("a.txt", 1);

    let mut editor = next_after(editor).start();
    editor.open_file("a.txt");
    let cited = (0..2_000).any(|_| editor.hover("a.txt", 6).contains("accepted"));
    assert!(cited, "the accepted line is still cited");
    assert_eq!(waiting(&mut editor), [], "all is decided");
    editor.expect(&expect![[r#"
        disk  unchanged
    "#]]);
}

#[test]
fn what_the_user_changed_meanwhile_is_a_conflict_on_that_change_alone() {
    let mut editor = next_after(proposed()).start();
    resumed(&mut editor, 2);
    editor.outside("a.txt", Some("hello, you\n1\n2\nnew\n3\n4\nwörld 😀 end\n"));
    let mut editor = next_after(editor).start();
    resumed(&mut editor, 1);
    editor.open_file("a.txt");
    editor.expect(&expect![[r#"
        note  a.txt:1 conflict warning
        note  a.txt:7 proposed-change information
        disk  unchanged
    "#]]);
    editor.choose_on("a.txt", 1, "Take theirs");
    editor.wait_for_text("a.txt", "HELLO\n1\n2\nnew\n3\n4\nwörld 😀 end\n");
    editor.accept("a.txt", 7);
    editor.wait_for_text("a.txt", "HELLO\n1\n2\nnew\n3\n4\nWöRLD 😀 END\n");
}

#[test]
fn a_change_that_is_in_the_text_already_is_not_shown_again() {
    let editor = proposed();
    let next = Editor::open("").beside(&editor);
    drop(editor.kill());
    let mut editor = next.start();
    resumed(&mut editor, 2);
    editor.outside("a.txt", Some("HELLO\n1\n2\n3\n4\nwörld 😀 end\n"));
    let next = Editor::open("").beside(&editor);
    drop(editor.kill());
    let mut editor = next.start();
    resumed(&mut editor, 1);
    editor.open_file("a.txt");
    editor.expect(&expect![[r#"
        note  a.txt:6 proposed-change information
        disk  unchanged
    "#]]);
}

#[test]
fn two_servers_do_not_show_one_proposal_at_a_time() {
    let mut first = proposed();
    let mut second = Editor::open("").beside(&first).start();
    second.open_file("a.txt");
    second.hover("a.txt", 1);
    assert_eq!((waiting(&mut second), second.proposed()), (Vec::new(), 0), "the server that ran it lives");
    first.accept("a.txt", 1);
    first.save("a.txt");
    drop(first);
    second.close("a.txt");
    second.open_file("a.txt");
    resumed(&mut second, 1);
    second.expect(&expect![[r#"
        note  a.txt:6 proposed-change information
        disk  changed: ~a.txt
    "#]]);
}

const FILES: &str = r#"
//- /.vouchsafe.toml
[recipes.move]
title = "Move files"
run = ["mkdir -p deep && printf 'new\\n' > deep/new.txt", "rm old.txt", "mv from.txt to.txt", "printf 'a\\000b' > bin", "chmod +x tool.sh", "echo end >> a.txt"]
//- /a.txt
start$0
//- /old.txt
old
//- /bin
bin
//- /tool.sh
true
//- /from.txt
a text that is long enough
to be the same file
under another name
"#;

#[test]
fn every_kind_of_change_is_taken_up_again() {
    let mut editor = Editor::open(FILES).start();
    editor.choose("Move files");
    editor.wait_for_proposal();
    let before = waiting(&mut editor);
    editor.choose_on("old.txt", 1, "Reject this change");
    let mut editor = next_after(editor).start();
    resumed(&mut editor, usize::try_from(before[0].1).expect("a few") - 1);
    let after = waiting(&mut editor);
    assert_eq!(after[0].1, before[0].1 - 1, "{before:?} {after:?}");
    editor.open_file("a.txt");
    let line = editor.first_proposed("a.txt");
    editor.accept_all("a.txt", line);
    editor.wait_until("the files are there", |editor| {
        let text =
            |path: &str| editor.document(path).map(|open| open.text().whole()).or_else(|| editor.disk(path));
        text("a.txt").as_deref() == Some("start\nend\n")
            && text("deep/new.txt").as_deref() == Some("new\n")
            && text("to.txt").is_some_and(|text| text.starts_with("a text that is long"))
            && editor.disk("from.txt").is_none()
            && editor.disk("bin").as_deref() == Some("a\0b")
    });
    editor.wait_until("nothing waits", |editor| editor.proposed() == 0);
    assert_eq!(editor.disk("old.txt").as_deref(), Some("old\n"), "that was rejected");
    use std::os::unix::fs::PermissionsExt as _;
    let tool = std::fs::metadata(editor.yard().workspace().join("tool.sh")).expect("it is there");
    assert_eq!(tool.permissions().mode() & 0o100, 0o100);
    let mut editor = next_after(editor).start();
    editor.open_file("a.txt");
    editor.hover("a.txt", 1);
    assert_eq!(waiting(&mut editor), []);
}

#[test]
fn a_killed_task_is_said_to_be_interrupted_once() {
    let fixture = "//- /.vouchsafe.toml\n[recipes.long]\ntitle = \"Long\"\nrun = [\"echo more >> a.txt; sleep 60\"]\n//- /a.txt\nhello$0\n";
    let mut editor = Editor::open(fixture).start();
    editor.choose("Long");
    editor.wait_for("the command to run", |editor| {
        editor.progress().values().any(|one| one.messages.iter().any(|said| said.contains("sleep")))
    });
    let next = Editor::open("").beside(&editor);
    drop(editor.kill());
    let mut editor = next.start();
    let said = editor.wait_for_message("was interrupted");
    assert!(said.text.contains("task 1 (Long)") && said.text.contains("no changes"), "{said:?}");
    assert_eq!(editor.yard().disk(), "unchanged");
    let mut editor = next_after(editor).start();
    editor.open_file("a.txt");
    editor.hover("a.txt", 1);
    assert_eq!(waiting(&mut editor), []);
    assert!(!editor.says("was interrupted"), "it is said once");
}

#[test]
fn log_shows_the_interruption() {
    let shell = Shell::new("//- /a.txt\nhello\n");
    let mut child = shell
        .command(
            &vouchsafe_tests::process::binary("vouchsafe"),
            &["exec", "--", "sh", "-c", "echo begun; sleep 60"],
        )
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("vouchsafe starts");
    let mut lines = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut begun = String::new();
    while !begun.contains("begun") {
        assert!(std::io::BufRead::read_line(&mut lines, &mut begun).expect("output") > 0, "{begun}");
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let vouchsafe = |args: &[&str]| {
        shell
            .command(&vouchsafe_tests::process::binary("vouchsafe"), args)
            .output()
            .expect("vouchsafe starts")
    };
    let listed = out(&vouchsafe(&["log"]));
    assert!(listed.contains("interrupted"), "{listed}");
    let page = out(&vouchsafe(&["log", "1"]));
    assert!(page.contains("interrupted"), "{page}");
    assert_eq!(vouchsafe(&["verify", "1"]).status.code(), Some(0));
}

const SECRET: &str = r#"
//- /.vouchsafe.toml
[recipes.shout]
title = "Shout"
run = ["sed -i -e 's/hello/HELLO/' -e 's/^password.*/& # rotate/' a.txt"]
//- /a.txt
hello$0
1
2
password = "ghp_0123456789abcdefghijABCDEFGHIJ456789"
3
"#;

#[test]
fn a_change_beside_a_secret_is_offered_again_and_the_secret_is_never_written_back() {
    let mut editor = Editor::open(SECRET).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    assert_eq!(editor.proposed(), 2);
    let mut editor = next_after(editor).start();
    editor.wait_for_message("what held a secret is not stored");
    editor.open_file("a.txt");
    editor.wait_until("the other change is proposed", |editor| editor.proposed() == 1);
    editor.accept_all("a.txt", 1);
    editor
        .wait_for_text("a.txt", "HELLO\n1\n2\npassword = \"ghp_0123456789abcdefghijABCDEFGHIJ456789\"\n3\n");
}
