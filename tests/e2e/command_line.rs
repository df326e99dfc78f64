//! The command line: `exec`, `run`, `doctor`, `demo`.

use std::path::Path;
use std::process::{Command, Output};

use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::process::{self, binary};
use vouchsafe_tests::yard::Yard;

pub(crate) const HELLO: &str = "//- /.vouchsafe.toml\n[recipes.shout]\nrun = [\"tr a-z A-Z < a.txt > t && cat t > a.txt && rm t\"]\n//- /a.txt\nhello\n";

/// A workspace on the command line; whatever is run leaves no process and no shadow.
pub(crate) struct Shell {
    pub(crate) yard: Yard,
}

impl Shell {
    pub(crate) fn new(fixture: &str) -> Self {
        let yard = Yard::new(&Fixture::parse(fixture));
        yard.mark();
        Self { yard }
    }

    pub(crate) fn vouchsafe(&self, args: &[&str]) -> Output {
        let output = self.command(&binary("vouchsafe"), args).output().expect("vouchsafe starts");
        assert_eq!(process::touching(self.yard.root()), [], "a process is left by {args:?}");
        assert_eq!(self.yard.left_in_cache(), Vec::<String>::new(), "a shadow is left by {args:?}");
        output
    }

    pub(crate) fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(self.yard.environment()).current_dir(self.yard.workspace());
        command
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.yard.workspace().join(path)).expect("a file of the workspace")
    }
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn exec_shows_and_changes_nothing() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["exec", "--", "sed", "-i", "s/hello/bye/", "a.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let shown = out(&output) + &err(&output);
    assert!(shown.contains("-hello") && shown.contains("+bye"), "{shown}");
    assert_eq!(shell.yard.disk(), "unchanged");
}

#[test]
fn exec_passes_status_and_output_through() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["exec", "--", "sh", "-c", "echo said; echo wrong >&2; exit 7"]);
    assert_eq!(output.status.code(), Some(7));
    assert!(out(&output).contains("said"));
    assert!(err(&output).contains("wrong"));
    assert_ne!(shell.vouchsafe(&["exec", "--", "no-such-command-anywhere"]).status.code(), Some(0));
}

#[test]
fn exec_apply_writes_the_result() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&[
        "exec",
        "--apply",
        "--",
        "sh",
        "-c",
        "echo new > new.txt; sed -i s/hello/bye/ a.txt",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!((shell.read("a.txt").as_str(), shell.read("new.txt").as_str()), ("bye\n", "new\n"));
}

#[test]
fn exec_patch_is_what_git_apply_takes() {
    let shell = Shell::new(HELLO);
    let script = "printf 'no newline' > a.txt; printf '\\0\\1\\2' > bin.dat; ln -s a.txt link; mkdir 'odd dir'; \
                  echo x > 'odd dir/na\"me é.txt'; echo '#!/bin/sh' > run.sh; chmod 755 run.sh";
    let output = shell.vouchsafe(&["exec", "--patch", "--", "sh", "-c", script]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(shell.yard.disk(), "unchanged");
    let patch = shell.yard.root().join("out.patch");
    std::fs::write(&patch, &output.stdout).expect("the yard is writable");
    let file = patch.to_str().expect("UTF-8");
    let applied =
        shell.command(Path::new("git"), &["apply", "--whitespace=nowarn", file]).output().expect("git");
    assert!(applied.status.success(), "{}\n{}", err(&applied), out(&output));
    let done = shell.command(Path::new("sh"), &["-c", script]);
    let twin = Shell::new(HELLO);
    let mut direct = done;
    direct.current_dir(twin.yard.workspace());
    assert!(direct.status().expect("sh").success());
    let diff = shell
        .command(Path::new("diff"), &["-r", "--no-dereference", "."])
        .arg(twin.yard.workspace())
        .output();
    let diff = diff.expect("diff");
    assert!(diff.status.success(), "the patched tree is what the command made outside: {}", out(&diff));
    let mode =
        |shell: &Shell| vouchsafe_tests::yard::snapshot(&shell.yard.workspace())["run.sh"][..11].to_owned();
    assert_eq!(mode(&shell), mode(&twin));
}

#[test]
fn exec_json_is_json() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["exec", "--json", "--", "sed", "-i", "s/hello/bye/", "a.txt"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", out(&output), err(&output)));
    assert!(value.to_string().contains("a.txt"), "{value}");
    assert_eq!(shell.yard.disk(), "unchanged");
}

#[test]
fn a_recipe_runs_and_an_unknown_one_names_the_nearest() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["run", "recipe:shout"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!((out(&output) + &err(&output)).contains("+HELLO"));
    let output = shell.vouchsafe(&["run", "recipe:shoot"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("shout"), "{}", err(&output));
    assert_eq!(shell.yard.disk(), "unchanged");
}

#[test]
fn doctor_says_what_holds() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["doctor", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(value.to_string().to_lowercase().contains("landlock"), "{value}");
    assert!(out(&shell.vouchsafe(&["doctor"])).to_lowercase().contains("landlock"));
}

#[test]
fn demo_shows_the_main_job_and_leaves_nothing() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["demo"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let shown = out(&output);
    assert!(shown.contains('+') && shown.contains("exit"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colour when piped");
    assert_eq!(shell.yard.disk(), "unchanged");
}

#[test]
fn a_wrong_use_is_told_with_code_two() {
    let shell = Shell::new(HELLO);
    for args in [&["no-such-command"][..], &["exec"], &["exec", "--no-such-flag", "--", "true"], &["run"]] {
        let output = shell.vouchsafe(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{args:?}");
    }
}
