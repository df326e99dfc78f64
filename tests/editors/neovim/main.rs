//! A real Neovim, headless: with nothing but `vim.lsp.config` and `vim.lsp.enable` (here), and with the plug-in
//! ([`plugin`], [`model`]).
//!
//! `session.lua` plays the user and prints what Neovim shows; here that is compared. The same session runs against
//! the toy server, so that a failure tells the driver's fault from the server's.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, in their helpers too, and start the editor"
)]

mod model;
mod plugin;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::process::{binary, touching};
use vouchsafe_tests::yard::Yard;

const WORKSPACE: &str = r#"
//- /.vouchsafe.toml
[recipes.shout]
title = "Shout"
run = ["tr a-z A-Z < a.txt > t && cat t > a.txt && rm t"]
//- /a.txt
hello
1
2
3
4
world
"#;

fn neovim() -> PathBuf {
    let variable = "VOUCHSAFE_TEST_NVIM";
    let Some(path) = std::env::var_os(variable) else {
        panic!("{variable} names no Neovim: run `tests/run`, which installs one")
    };
    path.into()
}

/// Runs the session against this server; returns what was shown at each stage.
fn session(server: &[&str]) -> (Yard, BTreeMap<String, Vec<String>>) {
    let yard = Yard::new(&Fixture::parse(WORKSPACE));
    yard.mark();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/neovim/session.lua");
    let mut command = Command::new(neovim());
    command.args(["--clean", "--headless", "-l", script]).env_clear().envs(yard.environment());
    command.env("VOUCHSAFE_TEST_SERVER", serde_json::to_string(server).expect("JSON"));
    command.env("VOUCHSAFE_TEST_FILE", yard.workspace().join("a.txt"));
    let shown = played(command.current_dir(yard.workspace()), "neovim-session.txt");
    (yard, stages(&shown))
}

/// Runs Neovim to its end; returns what it printed, which is also kept beside the binaries under this name.
fn played(command: &mut Command, kept_as: &str) -> String {
    let output = command.output().expect("Neovim starts");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    // For a look at what Neovim showed, also when all is well.
    let dump = binary("toy-server").with_file_name(kept_as);
    std::fs::write(&dump, &output.stdout).expect("the target directory is writable");
    assert!(output.status.success(), "{}\n{shown}\n{errors}", output.status);
    shown
}

fn stages(shown: &str) -> BTreeMap<String, Vec<String>> {
    let mut stages: Vec<(String, Vec<String>)> = Vec::new();
    for line in shown.lines() {
        match (line.strip_prefix("== "), stages.last_mut()) {
            (Some(name), _) => stages.push((name.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    stages.into_iter().collect()
}

fn whole_way(server: &[&str]) {
    let (yard, shown) = session(server);
    let lines =
        |stage: &str| shown.get(stage).unwrap_or_else(|| panic!("no stage {stage}: {shown:#?}")).join("\n");
    assert!(lines("actions").contains("Shout"), "{shown:#?}");
    assert!(lines("progress").starts_with("begin: ") && lines("progress").contains("tr a-z"), "{shown:#?}");
    let diagnostics = shown.get("diagnostics").expect("diagnostics are shown");
    assert!(diagnostics[0].starts_with("1 INFO vouchsafe: "), "{shown:#?}");
    assert!(diagnostics[1].starts_with("6 INFO vouchsafe: "), "{shown:#?}");
    assert_eq!(lines("before"), "hello\n1\n2\n3\n4\nworld");
    assert_eq!(lines("accepted"), "hello\n1\n2\n3\n4\nWORLD");
    assert!(
        shown.contains_key("modified true"),
        "the accepted change is the editor's own, unsaved: {shown:#?}"
    );
    assert_eq!(lines("undone"), lines("before"));
    let hover = lines("hover");
    for part in ["tr a-z", "exit", "record.md"] {
        assert!(hover.contains(part), "no {part:?} in the hover: {hover}");
    }
    let record = shown.keys().find(|stage| stage.starts_with("record ")).expect("the record was opened");
    assert!(
        record.contains(&*yard.state().to_string_lossy()) && lines(record).contains("tr a-z"),
        "{shown:#?}"
    );
    assert!(shown.contains_key("done"));
    assert_eq!(yard.disk(), "unchanged");
    assert_eq!(touching(yard.root()), []);
    assert_eq!(yard.left_in_cache().into_iter().find(|path| path.contains("vouchsafe")), None);
}

#[test]
fn the_driver_plays_the_whole_way_with_the_toy() {
    let toy = binary("toy-server");
    whole_way(&[toy.to_str().expect("UTF-8")]);
}

#[test]
fn vouchsafe_plays_the_whole_way_with_neovim() {
    let vouchsafe = binary("vouchsafe");
    whole_way(&[vouchsafe.to_str().expect("UTF-8"), "serve"]);
}
