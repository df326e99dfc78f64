//! Failures that were the sandbox's doing say so; each has a twin that failed by itself and does not.

use libtest_mimic::Trial;
use vouchsafe_confine::{Command, Tier};

use super::yard::{Task, Yard, is_root, own_network, path, said, test, tier};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("a_path_outside_is_named_with_its_rule", a_path_outside_is_named),
        test("a_missing_network_is_told_and_a_closed_port_is_not", a_missing_network_is_told),
        test("what_stays_offline_by_our_order_says_why", what_stays_offline_says_why),
        test("a_refused_call_is_named", a_refused_call_is_named),
        test("a_hidden_file_is_told_from_a_missing_one", a_hidden_file_is_told),
        test("what_cannot_be_written_is_told", what_cannot_be_written_is_told),
        test("a_program_out_of_reach_is_told_from_a_missing_one", a_program_out_of_reach),
        test("what_an_overlay_cannot_do_is_told", what_an_overlay_cannot_do_is_told),
        test("ordinary_failures_are_left_alone", ordinary_failures_are_left_alone),
    ]
}

/// The denials of a command that must fail, one line each.
fn denials(task: &Task, text: &str) -> String {
    let seen = task.shell(text);
    assert!(!seen.succeeded(), "{text} must fail: {}", said(&seen));
    seen.denials.iter().map(|denial| format!("{denial}\n")).collect()
}

fn nothing(task: &Task, text: &str) {
    assert_eq!(denials(task, text), "", "{text} failed by itself: {}", said(&task.shell(text)));
}

fn a_path_outside_is_named() {
    let yard = Yard::new();
    let task = yard.task();
    let secret = yard.secret().display().to_string();
    for text in
        [format!("cat {secret}"), "cat ../secret".to_owned(), format!("python3 -c 'open(\"{secret}\")'")]
    {
        if tier() == Tier::LandlockOnly && text.contains("..") {
            continue; // beside the copy there is nothing at all
        }
        let told = denials(&task, &text);
        assert!(told.contains(&secret) && told.contains("read.directories"), "{text}: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    nothing(&task, "cat ../no-such-file");
    nothing(&task, "cat /usr/no-such-file");
}

fn a_missing_network_is_told() {
    let task = Yard::new().task();
    let connect = |host: &str, port: u16| {
        format!("python3 -c 'import socket; socket.create_connection((\"{host}\", {port}), 5)'")
    };
    for text in [connect("198.51.100.7", 80), connect("2001:db8::7", 80), connect("example.org", 80)] {
        let told = denials(&task, &text);
        assert!(told.contains("a task has no network") && told.contains("outside"), "{text}: {told}");
    }
    // Says nothing at all of why it failed: the kernel has counted it.
    let silent = format!("{} 2> /dev/null", connect("198.51.100.7", 80));
    assert_eq!(denials(&task, &silent).contains("no network"), own_network());
    if own_network() {
        nothing(&task, &connect("127.0.0.1", 9));
        nothing(&task, &connect("localhost", 9));
        nothing(&task, &format!("{} || true; echo 'connection refused'; exit 1", connect("127.0.0.1", 9)));
        nothing(&task, "echo 'Could not resolve host: x'; exit 1");
    }
    // What one command could not reach is not held against the next one.
    task.shell(&format!("{} || true", connect("198.51.100.7", 80)));
    if own_network() {
        nothing(&task, "echo 'connection lost'; exit 1");
    }
    nothing(&task, &format!("{} 2> /dev/null; echo 'assertion failed'; exit 1", "true"));
}

fn what_stays_offline_says_why() {
    for text in [
        "As a reminder, you're using offline mode (--offline) which can",
        "npm error code ENOTCACHED",
        "module lookup disabled by GOPROXY=off",
        "Cannot access central (https://x) in offline mode",
    ] {
        let yard = Yard::new();
        yard.write("said", text.as_bytes());
        let task = yard.task();
        assert!(denials(&task, "cat said; exit 1").contains("fetch the dependencies first"), "{text}");
        nothing(&task, "cat said; : as asked by --offline; exit 1");
    }
}

fn a_refused_call_is_named() {
    let task = Yard::new().task();
    let mut told = denials(&task, "unshare --user true");
    if own_network() {
        assert!(told.contains("namespace") && told.contains("filter"), "{told}");
    }
    told = denials(&task, "python3 -c 'import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)'");
    assert!(told.contains("a socket of a rare family"), "{told}");
    told = denials(&task, "chown 12345 a.txt");
    assert_eq!(told.contains("root's powers"), is_root(), "{told}");
    told = denials(&task, "echo 'mount: /mnt: permission denied.'; exit 1");
    assert_eq!(told.contains("mounting"), is_root(), "{told}");
    nothing(&task, "echo 'panic: my/ptrace/test.c: Operation not permitted'; exit 1");
    nothing(&task, "echo 'ptrace is fine'; exit 1");
}

fn a_hidden_file_is_told() {
    let yard = Yard::new();
    yard.write(".env", b"TOKEN=x\n");
    yard.write("sub/.env.local", b"TOKEN=x\n");
    let task = yard.task();
    for text in ["cat .env", "cat ./.env", "cd sub; cat \"$PWD/.env.local\"", "python3 -c 'open(\".env\")'"] {
        let told = denials(&task, text);
        assert!(told.contains("hidden.except") && told.contains(".env"), "{text}: {told}");
    }
    let mut command = Command::shell("cat .env.local");
    command.directory = Some(path("sub"));
    assert!(task.run(&command).denials.iter().any(|denial| denial.what == "sub/.env.local"));
    nothing(&task, "cat .env.production");
    nothing(&task, "cat env");
}

fn what_cannot_be_written_is_told() {
    let task = Yard::new().task();
    let told = denials(&task, "echo x > /usr/lib/vouchsafe-test");
    assert_eq!(told.contains("tasks write only in their copy"), is_root(), "{told}");
    nothing(&task, "echo x > missing-directory/x");
    nothing(&task, "chmod 500 .; echo x > /usr/no-such/x");
}

fn a_program_out_of_reach() {
    let yard = Yard::new();
    let tool = yard.top().join("tool");
    std::fs::write(&tool, "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let task = yard.task();
    let seen = task.run(&Command::argv([&tool]));
    assert!(matches!(&seen.denials[..], [denial] if denial.what == tool.display().to_string()), "{seen:?}");
    assert_eq!(task.run(&Command::argv([yard.top().join("no-tool")])).denials, []);
    assert_eq!(task.run(&Command::argv(["no-such-tool"])).denials, []);
}

fn what_an_overlay_cannot_do_is_told() {
    let yard = Yard::new();
    let rename = "python3 -c 'import os; os.rename(\"a.txt\", os.environ[\"TMPDIR\"] + \"/a\")'";
    let task = yard.task();
    if tier() == Tier::Namespaces {
        let told = denials(&task, rename);
        assert!(told.contains("a rename between two mounts") && told.contains("mv"), "{told}");
    } else {
        task.does(rename);
    }
    nothing(&task, "git status");
    // A workspace within a repository, of which a task has no part.
    std::fs::create_dir(yard.top().join(".git")).unwrap();
    let task = yard.task();
    let told = denials(&task, "git status");
    assert!(told.contains("lies above the workspace") && told.contains("as the workspace"), "{told}");
}

fn ordinary_failures_are_left_alone() {
    let yard = Yard::new();
    yard.write("bad.c", b"int main(void) { return x; }\n");
    yard.write("include.c", b"#include \"nowhere.h\"\n#include </opt/none.h>\n");
    yard.write(
        "test_x.py",
        b"import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(1, 2)\n",
    );
    yard.write("denied.py", b"import sys\ntry:\n  open('locked').read()\nexcept OSError as e: print('Permission denied:', e)\nsys.exit(1)\n");
    let task = yard.task();
    task.does("echo x > locked; chmod 000 locked");
    for text in [
        "cc bad.c",
        "cc include.c",
        "python3 -m unittest test_x",
        "cat missing",
        "cat $PWD/missing",
        "cat $HOME/missing $TMPDIR/missing",
        "cat locked",
        "cat $PWD/locked",
        "python3 denied.py",
        "false",
        "exit 77",
        "kill -SEGV $$",
        "ls /proc/1/root/x /nowhere",
        "cd a.txt",
        "./a.txt",
        "make",
        "python3 -c 'raise PermissionError(13, \"Permission denied\")'",
        "git log",
    ] {
        nothing(&task, text);
    }
    assert_eq!(task.shell("echo '/etc/shadow: Permission denied'").denials, [], "it succeeded");
}
