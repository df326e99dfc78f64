//! What is called a secret is in no file that a task leaves, and a twin that is none is.

use std::path::{Path, PathBuf};

use vouchsafe_tests::{Editor, process};

const FIXTURE: &str = r#"
//- /.vouchsafe.toml
[recipes.show]
title = "Show"
run = ["cat a.txt; echo internal-4711 public-4711 >&2; echo '# internal-4711' >> a.txt; sed -i s/hello/HELLO/ a.txt"]
//- /a.txt
hello$0
2
3
code internal-4711 and public-4711
more
"#;

/// Every file below a directory.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn holding(directory: &Path, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(directory, &mut found);
    let holds = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
    };
    found.iter().filter(|path| holds(path)).map(|path| path.display().to_string()).collect()
}

#[test]
fn a_configured_pattern_is_in_no_file_of_the_record() {
    let mut editor =
        Editor::open(FIXTURE).user_config("[evidence]\nredact = [\"internal-[0-9]+\"]\n").start();
    editor.choose("Show");
    editor.wait_for_proposal();
    editor.accept("a.txt", 1);
    assert!(editor.text("a.txt").contains("code internal-4711"), "the workspace is left as it is");
    let state = editor.yard().state();
    let export = std::process::Command::new(process::binary("vouchsafe"))
        .args(["export", "1", "--as", "json"])
        .env_clear()
        .envs(editor.yard().environment())
        .output()
        .expect("vouchsafe starts");
    let export = String::from_utf8_lossy(&export.stdout).into_owned();
    assert!(export.contains("[redacted:pattern]") && !export.contains("internal-4711"), "{export}");
    // The log is still in place while the server runs: that is when it holds most.
    assert!(state.join("vouchsafe/evidence.db-wal").exists());
    assert_eq!(holding(&state, "internal-4711"), [""; 0]);
    let twins = holding(&state, "public-4711");
    for name in ["record.md", "evidence.db"] {
        assert!(twins.iter().any(|path| path.contains(name)), "{name} holds what is no secret: {twins:?}");
    }
}

#[test]
fn a_pattern_that_is_none_is_named_at_its_line() {
    let mut editor =
        Editor::open(FIXTURE).user_config("[evidence]\ndays = 3\nredact = [\"ok\", \"(\"]\n").start();
    let said = editor.wait_for_message("not a regular expression");
    assert!(said.text.contains("config.toml:3:17: error: `evidence.redact`"), "{said:?}");
}
