//! The record from the command line, after `exec --apply`.

use serde_json::Value;

use crate::command_line::{HELLO, Shell, err, out};

fn applied() -> Shell {
    let shell = Shell::new(HELLO);
    let output =
        shell.vouchsafe(&["exec", "--apply", "--", "sh", "-c", "echo more >> a.txt; echo new > b.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    shell
}

fn json(shell: &Shell, args: &[&str]) -> Value {
    let output = shell.vouchsafe(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{args:?}: {error}: {}", out(&output)))
}

#[test]
fn blame_knows_the_lines_that_were_written_and_no_others() {
    let shell = applied();
    let lines = |path: &str| -> Vec<u64> {
        let blame = json(&shell, &["blame", path, "--json"]);
        blame["lines"].as_array().expect("lines").iter().filter_map(|line| line["line"].as_u64()).collect()
    };
    assert_eq!(lines("a.txt"), [2]);
    assert_eq!(lines("b.txt"), [1]);
    let shown = out(&shell.vouchsafe(&["blame", "a.txt"]));
    assert!(shown.contains("task 1") && shown.contains("more"), "{shown}");
    vouchsafe_tests::yard::put(&shell.yard.workspace().join("a.txt"), b"above\nhello\nmore\nbelow\n");
    assert_eq!(lines("a.txt"), [3], "the line moved, the user's own lines are the user's");
}

#[test]
fn log_lists_the_task_and_shows_its_record() {
    let shell = applied();
    assert!(out(&shell.vouchsafe(&["log"])).contains("finished"));
    let page = out(&shell.vouchsafe(&["log", "1"]));
    assert!(page.contains("exit code 0") && page.contains("+more"), "{page}");
    let unknown = shell.vouchsafe(&["log", "7"]);
    assert_ne!(unknown.status.code(), Some(0));
    assert!(!err(&unknown).is_empty());
}

#[test]
fn every_export_is_what_it_says() {
    let shell = applied();
    assert_eq!(json(&shell, &["export", "1", "--as", "sarif"])["version"], "2.1.0");
    assert!(json(&shell, &["export", "1", "--as", "json"]).to_string().contains("\"command\""));
    let trace = json(&shell, &["export", "1", "--as", "trace"]);
    assert!(trace["files"].to_string().contains("b.txt"), "{trace}");
    let trailer = out(&shell.vouchsafe(&["export", "1", "--as", "trailer"]));
    assert!(trailer.starts_with("Assisted-by: "), "{trailer}");
    assert!(out(&shell.vouchsafe(&["export", "1", "--as", "md"])).starts_with("# Task 1"));
}

#[test]
fn verify_holds_until_a_byte_is_changed() {
    let shell = applied();
    assert_eq!(shell.vouchsafe(&["verify", "1"]).status.code(), Some(0));
    let database = std::fs::read_dir(shell.yard.root().join("state/vouchsafe"))
        .expect("the state directory")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|end| end == "db" || end == "sqlite"))
        .expect("the database");
    let mut bytes = std::fs::read(&database).expect("the database");
    let needle = b"\"type\":\"command\"";
    let at = bytes.windows(needle.len()).position(|window| window == needle).expect("a command is in it");
    bytes[at + 1] = b'T';
    vouchsafe_tests::yard::put(&database, &bytes);
    let output = shell.vouchsafe(&["verify", "1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("event"), "{}", out(&output));
}

#[test]
fn apply_refuses_what_changed_meanwhile() {
    let shell = Shell::new(HELLO);
    let workspace = shell.yard.workspace().clone();
    let mut child = shell
        .command(
            &vouchsafe_tests::process::binary("vouchsafe"),
            &["exec", "--apply", "--", "sh", "-c", "cat a.txt; echo begun; sleep 2; echo theirs >> a.txt"],
        )
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("vouchsafe starts");
    let mut begun = String::new();
    let mut lines = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    while !begun.contains("begun") {
        assert!(std::io::BufRead::read_line(&mut lines, &mut begun).expect("output") > 0, "{begun}");
    }
    vouchsafe_tests::yard::put(&workspace.join("a.txt"), b"mine\n");
    std::io::copy(&mut lines, &mut std::io::sink()).expect("the rest");
    assert_eq!(child.wait().expect("it ends").code(), Some(6));
    assert_eq!(shell.read("a.txt"), "mine\n");
}

/// Runs a command with the state directory on a disk that cannot be written, in a mount namespace of its own.
fn unwritable(shell: &Shell, args: &[&str]) -> std::process::Output {
    let script = "mount --bind \"$XDG_STATE_HOME\" \"$XDG_STATE_HOME\" && mount -o remount,bind,ro \"$XDG_STATE_HOME\" && exec \"$0\" \"$@\"";
    let vouchsafe = vouchsafe_tests::process::binary("vouchsafe");
    let mut all = vec!["--mount", "sh", "-c", script, vouchsafe.to_str().expect("UTF-8")];
    if !rustix::process::getuid().is_root() {
        all.insert(0, "--map-root-user");
    }
    all.extend(args);
    shell.command(std::path::Path::new("unshare"), &all).output().expect("unshare starts")
}

#[test]
fn a_record_that_cannot_be_written_can_be_read_and_no_task_is_started() {
    let shell = applied();
    for args in [
        &["log"][..],
        &["log", "1"],
        &["blame", "a.txt"],
        &["verify", "1"],
        &["export", "1", "--as", "json"],
        &["export", "1", "--as", "trace"],
    ] {
        let (usual, read) = (shell.vouchsafe(args), unwritable(&shell, args));
        assert_eq!(read.status.code(), Some(0), "{args:?}: {}", err(&read));
        let same = |output: &std::process::Output| {
            let text = out(output);
            // An exported trace has a name and a time of its own.
            if args.contains(&"trace") { text.len().to_string() } else { text }
        };
        assert_eq!(same(&read), same(&usual), "{args:?}");
    }
    for args in [&["exec", "--", "true"][..], &["gc"]] {
        let refused = unwritable(&shell, args);
        assert_ne!(refused.status.code(), Some(0));
        let said = err(&refused);
        assert!(said.contains("cannot be written") && said.contains("XDG_STATE_HOME"), "{args:?}: {said}");
        assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
    }
    assert_eq!(out(&shell.vouchsafe(&["log"])).lines().count(), 1, "no other task was begun");
}

#[test]
fn a_log_that_cannot_be_read_is_said_and_not_left_out() {
    let shell = Shell::new(HELLO);
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
    let listed = unwritable(&shell, &["log"]);
    assert!(out(&listed).contains("echo begun"), "the log is read: {}", err(&listed));
    let index = shell.yard.root().join("state/vouchsafe/evidence.db-shm");
    std::fs::remove_file(index).expect("the log's index");
    let refused = unwritable(&shell, &["log"]);
    assert_ne!(refused.status.code(), Some(0));
    let said = err(&refused);
    assert!(
        said.contains("cannot be written") && !said.contains("damaged") && !said.contains("task is started"),
        "{said}"
    );
}
