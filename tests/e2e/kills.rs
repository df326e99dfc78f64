//! The server is killed at random moments of running tasks: what it had shown is in the record, and the next server
//! goes on from there.
//!
//! `VOUCHSAFE_SERVER_KILLS=200` kills as often; 4 times otherwise.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::yard::Yard;
use vouchsafe_tests::{Editor, process};

const FIXTURE: &str = r#"
//- /.vouchsafe.toml
[recipes.work]
title = "Work"
run = ["sed -i s/hello/HELLO/ a.txt", "seq 1 3000", "echo made > new.txt", "sed -i s/end/END/ a.txt"]
//- /a.txt
hello$0
1
2
3
end
"#;

/// How many commands the recipe has, and how many changes come of it.
const STEPS: usize = 4;
const CHANGES: u64 = 3;

/// What a server showed of a task before it was killed.
#[derive(Debug, Default)]
struct Shown {
    /// Commands that had ended, since a later one was said to begin.
    steps: usize,
    ended: bool,
    changes: usize,
}

fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below.max(1)
}

fn shown(editor: &Editor) -> Shown {
    let mut shown = Shown { changes: editor.proposed(), ..Shown::default() };
    for progress in editor.progress().values() {
        shown.ended |= progress.ended;
        let begun = progress.messages.iter().filter_map(|said| said.strip_prefix("step ")?.split(' ').next());
        let begun = begun.filter_map(|number| number.parse::<usize>().ok()).max().unwrap_or(0);
        shown.steps = if progress.ended { STEPS } else { begun.saturating_sub(1) };
    }
    shown
}

/// Starts a task, kills the server after `moment`, and answers the task and what was seen of it.
fn killed_after(editor: &mut Editor, moment: Duration) -> (Arc<Yard>, u64, Shown) {
    let begin = Instant::now();
    let task = editor.choose("Work").expect("a number");
    while begin.elapsed() < moment {
        editor.hover("a.txt", 1);
    }
    let yard = editor.crash();
    (yard, task, shown(editor))
}

fn vouchsafe(yard: &Yard, args: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(process::binary("vouchsafe"))
        .args(args)
        .env_clear()
        .envs(yard.environment())
        .current_dir(yard.workspace())
        .output()
        .expect("vouchsafe starts");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said.into_owned())
}

fn kinds(events: &Value) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for event in events["events"].as_array().expect("events") {
        *kinds.entry(event["type"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    kinds
}

/// What the record has of a task: all that was shown, under a sound chain. Answers whether a proposal waits, and
/// whether the task was interrupted.
fn recorded(yard: &Yard, task: u64, shown: &Shown) -> (bool, bool) {
    let name = task.to_string();
    let (code, said) = vouchsafe(yard, &["verify", &name]);
    assert_eq!(code, Some(0), "task {task}, of which was shown {shown:?}: {said}");
    // While the next server marks the task as interrupted, the command line does not, and may come before it.
    let patience = Instant::now() + Duration::from_secs(20);
    let (record, last) = loop {
        let (_, json) = vouchsafe(yard, &["export", &name, "--as", "json"]);
        let record: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
        let last = record["events"].as_array().and_then(|events| events.last()).cloned().unwrap_or_default();
        if last["type"] == "end" || Instant::now() > patience {
            break (record, last);
        }
    };
    let kinds = kinds(&record);
    let of = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
    assert!(of("command") >= shown.steps, "{shown:?} was shown of task {task}, recorded is {kinds:?}");
    assert!(of("proposal") == 1 || shown.changes == 0, "{shown:?} was shown of task {task}: {kinds:?}");
    assert_eq!(last["type"], "end", "task {task} has ended one way or the other: {last}");
    let interrupted = last["outcome"] == "interrupted";
    assert!(!(shown.ended && interrupted), "the end of task {task} was shown and is lost");
    (of("proposal") == 1, interrupted)
}

/// The next server shows what waits of the task, says if it was interrupted, and lets the user decide.
fn goes_on(editor: &mut Editor, task: u64, (proposed, interrupted): (bool, bool)) {
    if interrupted {
        editor.wait_until("the interruption is said", |editor| {
            editor.says(&format!("task {task} (Work) was interrupted"))
        });
    }
    let waiting = |editor: &mut Editor| {
        let tasks = editor.execute("vouchsafe.tasks", &json!([])).expect("a list");
        let tasks = tasks.as_array().cloned().unwrap_or_default();
        tasks.iter().map(|task| (task["task"].as_u64(), task["waiting"].as_u64())).collect::<Vec<_>>()
    };
    if proposed {
        editor.wait_until("the changes are shown again", |editor| editor.proposed() as u64 == CHANGES);
        assert_eq!(waiting(editor), [(Some(task), Some(CHANGES))]);
        editor.execute("vouchsafe.reject", &json!([{ "task": task }])).expect("they are rejected");
        editor.wait_until("they are gone", |editor| editor.proposed() == 0);
    } else {
        assert_eq!(waiting(editor), []);
    }
    assert_eq!(
        editor.messages().iter().filter(|said| said.text.contains("interrupted")).count(),
        usize::from(interrupted)
    );
}

#[test]
fn a_killed_server_loses_nothing_that_it_had_shown() {
    let kills: u64 =
        std::env::var("VOUCHSAFE_SERVER_KILLS").map_or(4, |count| count.parse().expect("a number"));
    let mut editor = Editor::open(FIXTURE).start();
    let begin = Instant::now();
    let first = editor.choose("Work").expect("a number");
    editor.wait_for_proposal();
    let whole = begin.elapsed();
    editor.execute("vouchsafe.reject", &json!([{ "task": first }])).expect("they are rejected");
    editor.wait_until("they are gone", |editor| editor.proposed() == 0);
    let next = Editor::open("").beside(&editor);
    drop(editor);
    editor = next.start();
    editor.open_file("a.txt");
    let (mut interrupted, mut proposed) = (0, 0);
    for nth in 0..kills {
        let moment = whole.mul_f64(random(1_300) as f64 / 1_000.0);
        let (yard, task, shown) = killed_after(&mut editor, moment);
        // The command line comes first every other time: it marks the task as interrupted then.
        let early = (nth % 2 == 0).then(|| recorded(&yard, task, &shown));
        editor = Editor::open("").again(Arc::clone(&yard)).start();
        editor.open_file("a.txt");
        let state = early.unwrap_or_else(|| recorded(&yard, task, &shown));
        // Two that look at the same moment leave it to one of them: a server looks again at the next document.
        editor.close("a.txt");
        editor.open_file("a.txt");
        goes_on(&mut editor, task, state);
        assert_eq!(editor.yard().disk(), "unchanged");
        interrupted += u64::from(state.1);
        proposed += u64::from(state.0);
    }
    assert!(
        kills < 20 || (interrupted > 0 && proposed > 0),
        "{interrupted} interrupted, {proposed} proposed"
    );
}
