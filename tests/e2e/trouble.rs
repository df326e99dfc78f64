//! What can go wrong: one clear message each, nothing lost, the server alive (the end of each test asks it).

use std::fs;

use vouchsafe_tests::{Editor, process};

use crate::SHOUT;

/// A workspace with one recipe, `Go`, that runs this shell line.
fn go(line: &str) -> Editor {
    let line = line.replace('\\', "\\\\").replace('"', "\\\"");
    Editor::open(&format!(
        "//- /.vouchsafe.toml\n[recipes.go]\ntitle = \"Go\"\nrun = [\"{line}\"]\n//- /a.txt\nhello$0\n//- /b.txt\nother\n"
    ))
    .start()
}

/// The server still offers its tasks.
fn is_alive(editor: &mut Editor, title: &str) {
    editor.open_file("a.txt");
    assert!(editor.titles().iter().any(|offered| offered.contains(title)), "{:?}", editor.titles());
}

#[test]
fn a_recipe_that_does_not_exist() {
    let mut editor = Editor::open(SHOUT).start();
    let action = editor.actions().into_iter().find(|action| action.to_string().contains("Shout"));
    let arguments = action.expect("the recipe is offered")["command"]["arguments"].to_string();
    assert!(arguments.contains("shout"), "the argument names the recipe: {arguments}");
    let unknown = serde_json::from_str(&arguments.replace("shout", "shoot")).expect("JSON");
    let error = editor.execute("vouchsafe.start", &unknown).expect_err("there is no such recipe");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("shoot")), "{error}");
    is_alive(&mut editor, "Shout");
}

#[test]
fn commands_with_arguments_that_mean_nothing() {
    let mut editor = Editor::open(SHOUT).start();
    for command in ["start", "cancel", "accept", "reject", "showEvidence", "compare", "nothing-like-it"] {
        for arguments in ["null", "[]", "[{}]", "[{\"task\": 999}]", "[\"x\"]", "[{\"task\": -1}]", "[[[]]]"]
        {
            let arguments = serde_json::from_str(arguments).expect("JSON");
            let error = editor.execute(&format!("vouchsafe.{command}"), &arguments);
            let error = error.expect_err("an argument that means nothing is refused");
            assert!(
                error["message"].as_str().is_some_and(|said| !said.is_empty()),
                "{command} {arguments}: {error}"
            );
        }
    }
    is_alive(&mut editor, "Shout");
}

#[test]
fn a_project_file_with_a_mistake_names_line_and_nearest_key() {
    let mut editor =
        Editor::open("//- /.vouchsafe.toml\n[recipe.go]\nrun = [\"true\"]\n//- /a.txt\nhello$0\n").start();
    editor.wait_until("the mistake is named", |editor| editor.says("did you mean `recipes`"));
    let marked = editor.diagnostics(".vouchsafe.toml").iter().any(|one| one["range"]["start"]["line"] == 0);
    assert!(marked || editor.says(".vouchsafe.toml:1:"), "the line is named: {:?}", editor.messages());
    editor.outside(".vouchsafe.toml", Some("[recipes.go]\ntitle = \"Go\"\nrun = [\"true\"]\n"));
    editor.open_file("a.txt");
    assert!(editor.hover("a.txt", 1).is_empty());
}

#[test]
fn a_project_file_that_is_no_toml() {
    let mut editor = Editor::open("//- /.vouchsafe.toml\n[recipes\n//- /a.txt\nhello$0\n").start();
    editor.wait_until("the mistake is named", |editor| editor.says("not TOML"));
    assert!(editor.hover("a.txt", 1).is_empty(), "the server answers");
}

#[test]
fn a_project_file_cannot_loosen_anything() {
    let mut editor =
        Editor::open("//- /.vouchsafe.toml\n[read]\ndirectories = [\"/\"]\n//- /a.txt\nhello$0\n").start();
    editor.wait_until("the attempt is named", |editor| {
        editor.says("`read.directories` can only be set by the user")
    });
}

#[test]
fn a_command_that_is_not_there() {
    let mut editor = go("env no-such-command-anywhere a.txt");
    editor.choose("Go");
    editor.wait_for_ends(1);
    editor.wait_until("it is said", |editor| editor.says("not found") || editor.says("127"));
    assert_eq!((editor.proposed(), editor.yard().disk().as_str()), (0, "unchanged"));
    is_alive(&mut editor, "Go");
}

#[test]
fn a_recipe_whose_program_is_missing_is_refused_at_once() {
    let mut editor = go("no-such-command-anywhere a.txt");
    let action = editor.actions().into_iter().find(|action| action.to_string().contains("Go"));
    let arguments = action.expect("what the user named is offered")["command"]["arguments"].clone();
    let error = editor.execute("vouchsafe.start", &arguments).expect_err("there is no such program");
    let said = error["message"].as_str().unwrap_or_default();
    assert!(said.contains("no-such-command-anywhere") && said.contains("install"), "{error}");
    is_alive(&mut editor, "Go");
}

#[test]
fn a_failure_of_the_sandbox_s_making_says_so_and_an_ordinary_one_does_not() {
    let connect = "python3 -c 'import socket; socket.create_connection((\"198.51.100.7\", 80), 5)'";
    let mut editor = go(connect);
    editor.choose("Go");
    editor.wait_for_message("a task has no network");
    is_alive(&mut editor, "Go");
    let mut editor = go("cat no-such-file");
    editor.choose("Go");
    editor.wait_for_ends(1);
    editor.wait_until("the exit code is said", |editor| editor.says("exit code 1"));
    assert!(!editor.says("the sandbox denied"), "{:?}", editor.messages());
}

#[test]
fn a_command_that_fails_still_shows_its_work() {
    let mut editor = go("echo more >> a.txt; exit 3");
    editor.choose("Go");
    editor.wait_for_ends(1);
    editor.wait_until("the exit code is said", |editor| editor.says("exit") && editor.says("3"));
    assert_eq!(editor.yard().disk(), "unchanged");
    is_alive(&mut editor, "Go");
}

#[test]
fn nothing_changed_is_said() {
    let mut editor = go("true");
    editor.choose("Go");
    editor.wait_for_ends(1);
    editor.wait_until("it is said", |editor| editor.says("no change") || editor.says("nothing"));
    assert_eq!(editor.proposed(), 0);
}

#[test]
fn output_that_is_not_utf_8() {
    let mut editor = go("printf '\\377\\376 bad bytes \\200\\n'; echo more >> a.txt");
    editor.choose("Go");
    editor.wait_for_proposal();
    let line = editor.first_proposed("a.txt");
    let hover = editor.hover("a.txt", line);
    let (record, _) = editor.record_of(&hover);
    assert!(fs::read_to_string(record).expect("the record is UTF-8 all the same").contains("bad bytes"));
}

#[test]
fn a_file_that_becomes_something_else_than_text() {
    let mut editor = go("printf '\\377\\000\\376' > b.txt; echo more >> a.txt");
    editor.choose("Go");
    editor.wait_for_proposal();
    let line = editor.first_proposed("a.txt");
    editor.accept("a.txt", line);
    editor.wait_for_text("a.txt", "hello\nmore\n");
    assert_eq!(editor.disk("b.txt").as_deref(), Some("other\n"));
}

#[test]
fn a_great_deal_of_output() {
    let mut editor = go("head -c 300000000 /dev/zero | tr '\\0' x; echo more >> a.txt");
    editor.choose("Go");
    editor.wait_for_ends(1);
    let status = fs::read_to_string(format!("/proc/{}/status", editor.server_id())).expect("the server runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak").trim().to_owned();
    let kib: u64 = peak.trim_end_matches(" kB").trim().parse().expect("a number");
    assert!(kib < 200 * 1024, "300 MB of output cost the server {peak} of memory");
    is_alive(&mut editor, "Go");
}

#[test]
fn a_file_deleted_meanwhile() {
    let mut editor = go("sleep 1; echo more >> b.txt; echo more >> a.txt");
    editor.choose("Go");
    editor
        .wait_for("the first step", |editor| editor.progress().values().any(|one| !one.messages.is_empty()));
    editor.outside("b.txt", None);
    editor.wait_for_proposal();
    let line = editor.first_proposed("a.txt");
    editor.accept("a.txt", line);
    editor.wait_for_text("a.txt", "hello\nmore\n");
    editor.wait_until("the deleted file is named", |editor| editor.says("b.txt"));
    assert_eq!(editor.disk("b.txt"), None, "what the user deleted is not brought back in silence");
}

#[test]
fn a_state_directory_that_cannot_be_written() {
    let mut editor = Editor::open(SHOUT).environment("XDG_STATE_HOME", "/dev/null").start();
    let action = editor.actions().into_iter().find(|action| action.to_string().contains("Shout"));
    let refused = action.map(|action| editor.execute("vouchsafe.start", &action["command"]["arguments"]));
    let refused = matches!(refused, None | Some(Err(_)));
    if !refused {
        editor.wait_for_ends(1);
    }
    editor.wait_until("the directory is named", |editor| {
        refused || editor.says("state") || editor.says("/dev/null")
    });
    assert_eq!(editor.proposed(), 0, "no change without a record of it");
    assert_eq!(editor.yard().disk(), "unchanged");
}

#[test]
fn a_disk_that_is_full() {
    // The state directory is a file system of 1 MiB, in a mount namespace of the server's own.
    let script = "mount -t tmpfs -o size=1m,mode=700 tmpfs \"$XDG_STATE_HOME\" && exec \"$0\" serve";
    let vouchsafe = process::binary("vouchsafe");
    let mut args = vec!["--mount", "sh", "-c", script, vouchsafe.to_str().expect("UTF-8")];
    if !rustix::process::getuid().is_root() {
        args.insert(0, "--map-root-user");
    }
    let fixture = "//- /.vouchsafe.toml\n[recipes.fill]\ntitle = \"Fill\"\n\
                   run = [\"head -c 8000000 /dev/urandom | base64; echo more >> a.txt\"]\n//- /a.txt\nhello$0\n";
    let mut editor = Editor::open(fixture).server("unshare".into(), &args).start();
    let action = editor.actions().into_iter().find(|action| action.to_string().contains("Fill"));
    let command = action.expect("the recipe is offered")["command"].clone();
    if let Ok(started) = editor.execute("vouchsafe.start", &command["arguments"]) {
        assert!(started["task"].is_u64(), "{started}");
        editor.wait_for_ends(1);
        editor.wait_until("the full disk is named", |editor| editor.says("space") || editor.says("full"));
    }
    assert_eq!(editor.yard().disk(), "unchanged");
    assert!(editor.titles().iter().any(|title| title.contains("Fill")), "the server is alive");
}
