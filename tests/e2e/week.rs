//! A week with one file: three tasks, typing around and inside their lines, two restarts, branches, renames. After each
//! step every line is asked for in three ways, and what is said must be what the oracle says.
//!
//! The oracle: every accepted line has a text that no other line ever has, so a line is a task's exactly while its
//! text is that.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::{Editor, process};

/// How long the memory of the store may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

fn fixture() -> String {
    let recipe = |name: &str, title: &str, script: &str| {
        format!("[recipes.{name}]\ntitle = \"{title}\"\nrun = [\"sed -i '{script}' a.txt\"]\n")
    };
    let lines: String = (1..=30).map(|n| format!("line {n} as it was\n")).collect();
    let alpha =
        recipe("alpha", "Alpha", "5,6s/as it was/shaped by alpha/; 12a inserted below twelve by alpha");
    let beta = recipe(
        "beta",
        "Beta",
        "/^line 9 /s/as it was/shaped by beta/; /^line 20 /d; /^line 22 /s/as it was/also shaped by beta/",
    );
    let gamma = recipe(
        "gamma",
        "Gamma",
        "/^line 2[5-8] /s/as it was/shaped by gamma/; /^line 6 /s/alpha/gamma after alpha/",
    );
    format!("//- /.vouchsafe.toml\n{alpha}{beta}{gamma}//- /a.txt\n{lines}//- /other.txt\n$0other\n")
}

/// Who made a line, by the words in it.
fn oracle(line: &str) -> Option<&'static str> {
    let made = [
        ("shaped by alpha", "Alpha"),
        ("inserted below twelve by alpha", "Alpha"),
        ("shaped by beta", "Beta"),
        ("shaped by gamma", "Gamma"),
        ("shaped by gamma after alpha", "Gamma"),
    ];
    let mine = line.contains("mine");
    made.iter().find(|(words, _)| line.ends_with(words) && !mine).map(|(_, task)| *task)
}

struct Week {
    /// Task numbers by title.
    tasks: BTreeMap<u64, &'static str>,
}

impl Week {
    fn run(&mut self, editor: &mut Editor, title: &'static str) {
        editor.select("a.txt", "line 1 ");
        let task = editor.choose(title).expect("a number");
        self.tasks.insert(task, title);
        editor.wait_for_proposal();
        let line = editor.first_proposed("a.txt");
        editor.accept_all("a.txt", line);
        editor.wait_until("all is accepted", |editor| editor.proposed() == 0);
    }

    /// What is expected of a text, line by line from 0.
    fn expected(text: &str) -> BTreeMap<u64, String> {
        let made = text.lines().zip(0..).filter_map(|(line, at)| Some((at, oracle(line)?.to_owned())));
        made.collect()
    }

    /// Hover, the command and, for a saved text, the command line agree with the oracle.
    fn check(&self, editor: &mut Editor, path: &str, day: &str) {
        let text = editor.text(path);
        let expected = Self::expected(&text);
        let deadline = Instant::now() + PATIENCE;
        let hovered = loop {
            let hovered: BTreeMap<u64, String> = (0..text.lines().count() as u64)
                .filter_map(|line| {
                    let hover = editor.hover(path, usize::try_from(line).expect("small") + 1);
                    let title = ["Alpha", "Beta", "Gamma"]
                        .iter()
                        .find(|title| hover.starts_with(&format!("**{title}**")));
                    assert!(hover.is_empty() || title.is_some(), "{day}: line {line}: {hover}");
                    assert!(
                        hover.is_empty() || hover.contains("sed -i") && hover.contains("record.md#L"),
                        "{day}: {hover}"
                    );
                    Some((line, (*title?).to_owned()))
                })
                .collect();
            if hovered == expected || Instant::now() > deadline {
                break hovered;
            }
        };
        assert_eq!(hovered, expected, "{day}: hover, in\n{text}");
        assert_eq!(self.commanded(editor, path), expected, "{day}: the command, in\n{text}");
        if editor.disk(path).as_deref() == Some(&text) {
            assert_eq!(self.on_command_line(editor, path), expected, "{day}: the command line, in\n{text}");
        }
        // What was sent about this version is read before the document is closed.
        editor.catch_up();
    }

    fn title(&self, task: &Value) -> String {
        self.tasks[&task.as_u64().expect("a number")].to_owned()
    }

    fn commanded(&self, editor: &mut Editor, path: &str) -> BTreeMap<u64, String> {
        let uri = editor.uri(path);
        let listed = editor.execute("vouchsafe.blame", &json!([{ "uri": uri }])).expect("a list");
        let mut lines = BTreeMap::new();
        for entry in listed.as_array().expect("a list") {
            assert_eq!(entry["title"], self.title(&entry["task"]));
            assert!(
                entry["cites"][0]["command"].as_str().is_some_and(|said| said.contains("sed")),
                "{entry}"
            );
            assert!(entry["line"].as_u64().is_some_and(|line| line > 1), "{entry}");
            let (start, end) =
                (entry["start_line"].as_u64().expect("a line"), entry["end_line"].as_u64().expect("a line"));
            lines.extend((start..end).map(|line| (line, self.title(&entry["task"]))));
        }
        lines
    }

    fn on_command_line(&self, editor: &Editor, path: &str) -> BTreeMap<u64, String> {
        let output = std::process::Command::new(process::binary("vouchsafe"))
            .args(["blame", path, "--json"])
            .env_clear()
            .envs(editor.yard().environment())
            .current_dir(editor.yard().workspace())
            .output()
            .expect("vouchsafe starts");
        let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let lines = listed["lines"].as_array().expect("lines").iter();
        lines.map(|line| (line["line"].as_u64().expect("a line") - 1, self.title(&line["task"]))).collect()
    }
}

fn git(editor: &Editor, args: &[&str]) {
    let output = std::process::Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"])
        .args(args)
        .env_clear()
        .envs(editor.yard().environment())
        .current_dir(editor.yard().workspace())
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    editor.yard().mark();
}

fn restarted(editor: Editor, path: &str) -> Editor {
    let next = Editor::open("").beside(&editor);
    drop(editor);
    let mut editor = next.start();
    editor.open_file(path);
    editor
}

#[test]
fn every_line_is_right_all_week() {
    let mut week = Week { tasks: BTreeMap::new() };
    let mut editor = Editor::open(&fixture()).start();
    editor.open_file("a.txt");
    week.check(&mut editor, "a.txt", "before");

    week.run(&mut editor, "Alpha");
    week.check(&mut editor, "a.txt", "Monday, accepted");
    editor.type_at("a.txt", "line 5 ", "a line of mine above\n");
    editor.replace("a.txt", "line 6 shaped", "line 6 mine, shaped");
    week.check(&mut editor, "a.txt", "Monday, around and inside");
    editor.undo("a.txt");
    editor.type_at("a.txt", "inserted below twelve", "mine between twelve and the inserted line\n");
    week.check(&mut editor, "a.txt", "Monday, undone");
    editor.save("a.txt");
    week.check(&mut editor, "a.txt", "Monday, saved");

    let mut editor = restarted(editor, "a.txt");
    week.check(&mut editor, "a.txt", "Tuesday, restarted");
    week.run(&mut editor, "Beta");
    editor.replace("a.txt", "line 3 as it was\n", "");
    editor.save("a.txt");
    week.check(&mut editor, "a.txt", "Tuesday, accepted");

    git(&editor, &["init", "-q"]);
    git(&editor, &["add", "-A"]);
    git(&editor, &["commit", "-qm", "main"]);
    editor.close("a.txt");
    git(&editor, &["checkout", "-qb", "other"]);
    let main = editor.disk("a.txt").expect("it is there");
    let other = main
        .replace("line 5 shaped by alpha\n", "")
        .replace("line 22 also shaped by beta", "line 22 by the branch");
    editor.outside("a.txt", Some(&format!("the branch's first line\n{other}")));
    git(&editor, &["commit", "-qam", "other"]);
    editor.open_file("a.txt");
    week.check(&mut editor, "a.txt", "Wednesday, on the branch");
    editor.type_at("a.txt", "line 9 ", "mine, on the branch\n");
    editor.save("a.txt");
    week.check(&mut editor, "a.txt", "Wednesday, typed on the branch");
    editor.close("a.txt");
    git(&editor, &["commit", "-qam", "more"]);
    git(&editor, &["checkout", "-q", "main"]);
    editor.open_file("a.txt");
    assert_eq!(editor.text("a.txt"), main);
    week.check(&mut editor, "a.txt", "Wednesday, back");

    week.run(&mut editor, "Gamma");
    editor.save("a.txt");
    week.check(&mut editor, "a.txt", "Thursday, a line of two tasks");
    editor.rename("a.txt", "b.txt");
    week.check(&mut editor, "b.txt", "Thursday, renamed in the editor");
    editor.replace("b.txt", "line 26 shaped", "line 26 mine, shaped");
    editor.save("b.txt");
    week.check(&mut editor, "b.txt", "Thursday, typed after that");

    let mut editor = restarted(editor, "b.txt");
    week.check(&mut editor, "b.txt", "Friday, restarted");
    editor.close("b.txt");
    git(&editor, &["add", "-A"]);
    git(&editor, &["mv", "b.txt", "c.txt"]);
    editor.open_file("c.txt");
    week.check(&mut editor, "c.txt", "Friday, renamed by another program");
    editor.type_at("c.txt", "line 9 ", "mine at the end\n");
    editor.save("c.txt");
    week.check(&mut editor, "c.txt", "Friday, and typed");
}
