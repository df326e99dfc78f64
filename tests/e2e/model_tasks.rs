//! Tasks that a model carries out, from the editor: started at a place, followed, steered, cancelled, answered.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vouchsafe_tests::scripted::{Fault, Model, Received, Turn, calls, fails, says};
use vouchsafe_tests::{Editor, Profile};

const SUM: &str = "
//- /src/lib.rs
pub fn sum(xs: &[i32]) -> i32 {
    xs.iter().skip(1).sum()$0
}
// vouchsafe: name the argument
fn half(x: i32) -> i32 { x / 2 }
";

/// What the model says before its edit: the reason that the user reads at the line.
const WHY: &str = "`skip(1)` drops the first element.";

fn mends() -> Turn {
    let edit = json!({ "path": "src/lib.rs", "op": "replace", "old": ".skip(1)", "new": "" });
    Turn { text: WHY.to_owned(), ..calls("edit", edit) }
}

fn finishes(summary: &str) -> Turn {
    calls("finish", json!({ "summary": summary }))
}

fn open(model: &Model, profile: Profile) -> Editor {
    Editor::open(SUM).profile(profile).user_config(&model.profile("chat")).start()
}

/// Everything that a request says, as one text.
fn told(request: &Received) -> String {
    String::from_utf8_lossy(&request.bytes).into_owned()
}

fn main_path(profile: Profile) {
    let model = Model::start([mends(), finishes("The sum takes all elements.")]);
    let mut editor = open(&model, profile);
    assert!(editor.choose("Refactor `sum`").is_some(), "starting answers with the task's number");
    editor.wait_for_proposal();
    assert_eq!(editor.disk("src/lib.rs"), Some(editor.text("src/lib.rs")), "nothing is written");
    let first = told(&model.requests()[0]);
    for part in ["sum", "src/lib.rs", "xs.iter().skip(1).sum()"] {
        assert!(first.contains(part), "the model is not told {part:?}: {first}");
    }
    let progress = editor.progress().values().next().expect("the task had progress").clone();
    assert_eq!(progress.title, "Refactor `sum`");
    assert!(progress.messages.iter().any(|line| line.contains("drops the first")), "{progress:?}");
    let hover = editor.hover("src/lib.rs", 2);
    for part in ["task", "step", "edit of src/lib.rs", "drops the first element"] {
        assert!(hover.contains(part), "no {part:?} in the hover: {hover}");
    }
    editor.accept("src/lib.rs", 2);
    assert!(editor.text("src/lib.rs").contains("xs.iter().sum()"));
    assert!(editor.hover("src/lib.rs", 2).contains("drops the first element"));
    editor.undo("src/lib.rs");
    assert!(editor.text("src/lib.rs").contains("xs.iter().skip(1).sum()"));
}

#[test]
fn in_vs_code() {
    main_path(Profile::VsCode);
}

#[test]
fn in_neovim() {
    main_path(Profile::Neovim012);
}

#[test]
fn in_helix() {
    main_path(Profile::Helix);
}

#[test]
fn an_order_in_a_comment_is_the_users_and_goes_with_its_task() {
    let edit = json!({ "path": "src/lib.rs", "op": "replace",
        "old": "// vouchsafe: name the argument\nfn half(x: i32) -> i32 { x / 2 }",
        "new": "fn half(whole: i32) -> i32 { whole / 2 }" });
    let model = Model::start([calls("edit", edit), finishes("Named it.")]);
    let mut editor = open(&model, Profile::Helix);
    editor.choose_on("src/lib.rs", 4, "Run: name the argument");
    editor.wait_for_proposal();
    let first = told(&model.requests()[0]);
    assert!(first.contains("name the argument") && first.contains("line 4 of src/lib.rs"), "{first}");
    assert!(first.contains("Remove that comment"), "{first}");
    editor.accept("src/lib.rs", 4);
    assert!(!editor.text("src/lib.rs").contains("vouchsafe:"));
}

#[test]
fn what_is_said_of_a_line_by_others_is_told() {
    let model = Model::start([mends(), finishes("Done.")]);
    let mut editor = open(&model, Profile::VsCode);
    let range = json!({ "start": { "line": 1, "character": 4 }, "end": { "line": 1, "character": 6 } });
    let said = json!({ "range": range, "severity": 1, "source": "rustc", "message": "wrong sum" });
    let start =
        json!([{ "kind": "fix", "uri": editor.uri("src/lib.rs"), "range": range, "diagnostics": [said] }]);
    editor.execute("vouchsafe.start", &start).expect("it starts");
    editor.wait_for_proposal();
    let first = told(&model.requests()[0]);
    assert!(first.contains("wrong sum") && first.contains("rustc"), "{first}");
    assert!(editor.progress().values().any(|progress| progress.title == "Fix \"wrong sum\""));
}

#[test]
fn a_question_is_answered_without_a_change() {
    let model = Model::start([finishes(
        "It adds all but the first element, see src/lib.rs:1-3 and src/lib.rs:90-95.",
    )]);
    let mut editor = open(&model, Profile::VsCode);
    editor.will_choose("Show the answer");
    editor.choose("Explain `sum`");
    editor.wait_for_ends(1);
    let message = editor.wait_for_message("answered");
    assert!(message.text.contains("adds all but the first"), "{}", message.text);
    editor.wait_until("the answer", |editor| !editor.shown().is_empty());
    let shown = editor.shown()[0]["uri"].as_str().unwrap_or_default().to_owned();
    let page = std::fs::read_to_string(shown.strip_prefix("file://").expect("a file")).expect("a page");
    assert!(page.contains("src/lib.rs:1-3") && page.contains("does not hold"), "{page}");
    let hover = editor.hover("src/lib.rs", 2);
    assert!(hover.contains("Explain `sum`") && hover.contains("adds all but"), "{hover}");
    assert_eq!(editor.proposed(), 0);
}

#[test]
fn what_a_review_finds_stands_at_its_lines_and_can_be_mended() {
    let finding = json!([{ "path": "src/lib.rs", "first_line": 2, "last_line": 2,
        "severity": "error", "message": "the first element is left out" }]);
    let review = calls("finish", json!({ "summary": "One fault.", "findings": finding }));
    let model = Model::start([review, mends(), finishes("Done.")]);
    let mut editor = open(&model, Profile::Helix);
    editor.choose("Review `sum`");
    editor.wait_for_message("1 finding");
    let is_finding = |one: &Value| one["code"] == "review-finding";
    editor.wait_until("the finding", |editor| editor.diagnostics("src/lib.rs").iter().any(is_finding));
    let shown =
        editor.diagnostics("src/lib.rs").iter().find(|one| is_finding(one)).cloned().expect("it is there");
    assert_eq!((&shown["range"]["start"]["line"], &shown["severity"]), (&json!(1), &json!(1)));
    editor.choose_on("src/lib.rs", 2, "Fix \"the first element is left out\"");
    editor.wait_for_proposal();
    assert!(told(&model.requests()[1]).contains("the first element is left out"));
    editor.choose_on("src/lib.rs", 2, "Dismiss");
    editor.wait_until("no finding", |editor| !editor.diagnostics("src/lib.rs").iter().any(is_finding));
}

/// A model that runs a command that waits for a file, so that a test decides when it goes on.
fn waits() -> Turn {
    calls("run", json!({ "command": "sleep 30" }))
}

fn wait_for_step(editor: &mut Editor, part: &str) {
    editor.wait_until(part, |editor| {
        editor.progress().values().flat_map(|progress| &progress.messages).any(|line| line.contains(part))
    });
}

#[test]
fn a_running_task_hears_the_user() {
    let quick = calls("run", json!({ "command": "sleep 1" }));
    let model = Model::start([quick, mends(), finishes("Done.")]);
    let mut editor = open(&model, Profile::VsCode);
    let task = editor.choose("Refactor `sum`").expect("a number");
    wait_for_step(&mut editor, "sleep 1");
    let word = json!([{ "task": task, "text": "also keep it short" }]);
    editor.execute("vouchsafe.message", &word).expect("it is heard");
    editor.wait_for_proposal();
    let requests = model.requests();
    assert!(!told(&requests[0]).contains("also keep it short"));
    assert!(told(&requests[1]).contains("also keep it short"), "{}", told(&requests[1]));
    let late = editor.execute("vouchsafe.message", &word).expect_err("it has ended");
    assert!(late["message"].as_str().is_some_and(|text| text.contains("followUp")), "{late}");
}

#[test]
fn a_finished_task_is_gone_on_from_with_what_it_proposed() {
    let second = json!({ "path": "src/lib.rs", "op": "replace", "old": "xs.iter().sum()", "new": "xs.iter().copied().sum()" });
    let model = Model::start([mends(), finishes("Done."), calls("edit", second), finishes("Copied.")]);
    let mut editor = open(&model, Profile::Helix);
    let task = editor.choose("Refactor `sum`").expect("a number");
    editor.wait_for_proposal();
    // In any editor: the word is written as a comment.
    editor.replace(
        "src/lib.rs",
        "// vouchsafe: name the argument",
        &format!("// vouchsafe: @{task} copy the elements"),
    );
    editor.choose_on("src/lib.rs", 4, &format!("Tell task {task}: copy the elements"));
    editor.wait_for_ends(2);
    editor.wait_for_message("is part of task");
    let third = told(&model.requests()[2]);
    assert!(third.contains("copy the elements"), "{third}");
    editor.wait_until("one change", |editor| editor.proposed() == 1);
    editor.accept("src/lib.rs", 2);
    assert!(editor.text("src/lib.rs").contains("xs.iter().copied().sum()"), "{}", editor.text("src/lib.rs"));
}

#[test]
fn a_task_of_an_earlier_server_is_gone_on_from() {
    let second = json!({ "path": "src/lib.rs", "op": "replace", "old": "xs.iter().sum()", "new": "xs.iter().copied().sum()" });
    let model =
        Model::start([mends(), finishes("All are summed."), calls("edit", second), finishes("Copied.")]);
    let mut first = open(&model, Profile::VsCode);
    let task = first.choose("Refactor `sum`").expect("a number");
    first.wait_for_proposal();
    let next = Editor::open("").beside(&first).profile(Profile::VsCode);
    drop(first);
    let mut editor = next.start();
    editor.wait_until("the change is shown again", |editor| editor.proposed() == 1);
    editor.open_file("src/lib.rs");
    let word = json!([{ "task": task, "text": "copy the elements" }]);
    let late = editor.execute("vouchsafe.message", &word).expect_err("it has ended");
    assert!(late["message"].as_str().is_some_and(|text| text.contains("followUp")), "{late}");
    editor.execute("vouchsafe.followUp", &word).expect("it goes on");
    editor.wait_for_ends(1);
    editor.wait_for_message("is part of task");
    let third = told(&model.requests()[2]);
    for part in ["copy the elements", "All are summed.", "Refactor `sum`"] {
        assert!(third.contains(part), "no {part:?} in {third}");
    }
    editor.wait_until("one change", |editor| editor.proposed() == 1);
    editor.accept("src/lib.rs", 2);
    assert!(editor.text("src/lib.rs").contains("xs.iter().copied().sum()"), "{}", editor.text("src/lib.rs"));
}

fn cancelled_at_once(model: &Model, step: &str) {
    let mut editor = open(model, Profile::VsCode);
    let task = editor.choose("Refactor `sum`").expect("a number");
    wait_for_step(&mut editor, step);
    let began = Instant::now();
    editor.execute("vouchsafe.cancel", &json!([{ "task": task }])).expect("cancelled");
    editor.wait_for_ends(1);
    // 200 ms on a machine of its own; here many tests run at once.
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    editor.wait_for_message("cancelled");
}

#[test]
fn a_task_is_cancelled_while_its_command_runs() {
    cancelled_at_once(&Model::start([waits()]), "sleep 30");
}

#[test]
fn a_task_is_cancelled_while_its_model_says_nothing_more() {
    cancelled_at_once(&Model::start([says("Well, let me see").fault(Fault::StallAfter(2))]), "turn 1");
}

#[test]
fn a_task_is_cancelled_while_its_model_has_not_begun() {
    cancelled_at_once(&Model::start([fails(Fault::StallAfter(0))]), "turn 1");
}

#[test]
fn a_task_is_cancelled_while_its_model_speaks() {
    cancelled_at_once(&Model::start([says("and so on ").fault(Fault::Endless)]), "says");
}

#[test]
fn a_task_is_cancelled_while_it_waits_to_ask_again() {
    let busy =
        || fails(Fault::Status(503, vec![("retry-after".to_owned(), "60".to_owned())], "{}".to_owned()));
    cancelled_at_once(&Model::start([busy(), busy(), busy()]), "asking the model again");
}

/// The turn of eight tasks at once: which task and which turn it is stands in the conversation.
fn one_of_eight(request: &Received) -> Option<Turn> {
    let told = told(request);
    let nth = (0..8).find(|nth| told.contains(&format!("Capitalize f{nth}.txt")))?;
    let file = format!("f{nth}.txt");
    let turns = request.body["messages"].as_array()?.iter().filter(|one| one["role"] == "assistant").count();
    Some(match turns {
        0 => calls("run", json!({ "command": "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo $i" })),
        1 => calls(
            "edit",
            json!({ "op": "replace", "path": file, "old": "word", "new": format!("WORD {nth}") }),
        ),
        _ => finishes(&format!("Capitalized {file}.")),
    })
}

#[test]
fn eight_tasks_at_once_end_right_and_the_editor_is_answered_meanwhile() {
    let files: String = (0..8).map(|nth| format!("//- /f{nth}.txt\nword\n")).collect();
    let model = Model::answering(one_of_eight);
    let config = format!("{}[limits]\nparallel_tasks = 8\n", model.profile("chat"));
    let mut editor =
        Editor::open(&(SUM.to_owned() + &files)).profile(Profile::VsCode).user_config(&config).start();
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    for nth in 0..8 {
        let uri = editor.uri(&format!("f{nth}.txt"));
        let prompt = format!("Capitalize f{nth}.txt");
        let start = json!([{ "kind": "custom", "uri": uri, "range": range, "prompt": prompt }]);
        editor.execute("vouchsafe.start", &start).expect("it starts");
    }
    let ended = |editor: &Editor| editor.progress().values().filter(|progress| progress.ended).count();
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while ended(&editor) < 8 {
        let began = Instant::now();
        drop(editor.hover("src/lib.rs", 2));
        (asked, slowest) = (asked + 1, slowest.max(began.elapsed()));
    }
    editor.wait_until("eight changes", |editor| editor.proposed() == 8);
    // Many tests run at once here; on a machine of its own it is milliseconds.
    assert!(asked > 8 && slowest < Duration::from_secs(3), "{asked} hovers, the slowest took {slowest:?}");
    for nth in 0..8 {
        let path = format!("f{nth}.txt");
        editor.open_file(&path);
        editor.accept(&path, 1);
        assert_eq!(editor.text(&path), format!("WORD {nth}\n"));
    }
}

#[test]
fn each_end_is_told_for_what_it_is() {
    let gave_up =
        calls("finish", json!({ "summary": "There is no parser here.", "not_done": ["no parser"] }));
    let refuses = fails(Fault::Status(401, Vec::new(), "{\"error\":{\"message\":\"no\"}}".to_owned()));
    for (turns, part) in [
        (vec![gave_up], "gave up: no parser"),
        (vec![refuses], "the model could not be reached"),
        (
            vec![mends(), calls("finish", json!({ "summary": "Half.", "not_done": ["the tests"] }))],
            "not done: the tests",
        ),
    ] {
        let model = Model::start(turns);
        let mut editor = open(&model, Profile::Helix);
        editor.choose("Refactor `sum`");
        editor.wait_for_ends(1);
        editor.wait_for_message(part);
    }
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let gone = { Model::start([]).profile("chat") };
    let mut editor = Editor::open(SUM).user_config(&(gone + "tries = 1\n")).start();
    editor.choose("Refactor `sum`");
    editor.wait_for_ends(1);
    let message = editor.wait_for_message("could not be reached");
    assert!(message.text.contains("127.0.0.1"), "{}", message.text);
}

#[test]
fn a_key_from_the_editor_is_used_and_written_nowhere() {
    let key = "sk-0123456789abcdefghij-of-ann";
    let model = Model::start([mends(), finishes("Done.")]);
    let mut editor = open(&model, Profile::VsCode);
    editor.execute("vouchsafe.setKey", &json!([{ "profile": "scripted", "key": key }])).expect("taken");
    editor.choose("Refactor `sum`");
    editor.wait_for_proposal();
    assert_eq!(model.requests()[0].header("authorization"), Some(format!("Bearer {key}").as_str()));
    let mut left = vec![editor.yard().state().clone()];
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(&directory).expect("a directory").flatten() {
            if entry.path().is_dir() {
                left.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                let found = bytes.windows(key.len()).any(|window| window == key.as_bytes());
                assert!(!found, "the key is in {}", entry.path().display());
            }
        }
    }
}
