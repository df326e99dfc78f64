//! A model's task in this process: messages while it runs, a task that follows another, and making room.
//!
//! The model is a closure: what is tested is the loop, its copy and its record. The wire is tested end to end.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, in their helpers too, and lay out a workspace"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use vouchsafe::agent::{
    self, Dirs, Finished, Followed, Job, Model, ModelWork, Services, Steering, Unanswered, Work,
};
use vouchsafe::config::Config;
use vouchsafe::model::{Delta, Exchange, Item, Request, StopReason, ToolCall, Turn, Usage};
use vouchsafe::review::FileChange;
use vouchsafe::task::{Asked, TaskKind};
use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::Cancel;
use vouchsafe_evidence::log::{Ended, Event, TaskId};

fn main() {
    // This test is the launcher of its own sandboxes.
    vouchsafe_confine::become_zygote_if_asked();
    let tests = [
        Trial::test("a_message_reaches_the_next_turn", || done(a_message_reaches_the_next_turn)),
        Trial::test("a_message_at_the_end_is_answered_first", || {
            done(a_message_at_the_end_is_answered_first)
        }),
        Trial::test("a_task_goes_on_from_another", || done(a_task_goes_on_from_another)),
        Trial::test("room_is_made_by_leaving_older_results_out", || {
            done(room_is_made_by_leaving_older_results_out)
        }),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests.into()).exit();
}

#[expect(clippy::unnecessary_wraps, reason = "the harness takes a result; a failure is a panic")]
fn done(test: fn()) -> Result<(), libtest_mimic::Failed> {
    test();
    Ok(())
}

type Script = dyn FnMut(usize, &Request<'_>) -> Turn + Send;

/// A model that is a closure over the number of the turn, from 0, and the request.
struct Scripted {
    turns: Mutex<(usize, Box<Script>)>,
    context: Option<u64>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Model for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn format(&self) -> &'static str {
        "chat"
    }

    fn native_tools(&self) -> bool {
        false
    }

    fn context_tokens(&self) -> Option<u64> {
        self.context
    }

    fn masked(&self, text: String) -> String {
        text
    }

    fn ask(
        &self,
        request: &Request<'_>,
        _cancel: &Cancel,
        _deltas: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Turn, Unanswered> {
        let mut turns = self.turns.lock().unwrap();
        let nth = turns.0;
        turns.0 += 1;
        Ok((turns.1)(nth, request))
    }
}

fn calls(name: &str, arguments: &Value) -> Turn {
    Turn {
        text: "Because.".to_owned(),
        reasoning: String::new(),
        calls: vec![ToolCall { id: "1".to_owned(), name: name.to_owned(), arguments: arguments.to_string() }],
        stop: StopReason::Calls,
        usage: Usage { input_tokens: 100, cached_tokens: 0, output_tokens: 10 },
        replay: Value::Null,
        exchange: Exchange::default(),
    }
}

fn finish() -> Turn {
    calls("finish", &json!({ "summary": "It is done." }))
}

/// A workspace with its own state, for several tasks in a row.
struct Place {
    dir: tempfile::TempDir,
    services: Services,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("talk-").tempdir().unwrap();
        let top = dir.path();
        std::fs::create_dir(top.join("ws")).unwrap();
        std::fs::write(top.join("ws/a.txt"), "one\ntwo\n").unwrap();
        let dirs = Dirs { state: top.join("state"), cache: top.join("cache"), config_home: None, home: None };
        Self { services: Services::new(dirs).unwrap(), dir }
    }

    fn workspace(&self) -> std::path::PathBuf {
        Path::new(self.dir.path()).join("ws").canonicalize().unwrap()
    }

    fn run(
        &self,
        steering: &Steering,
        follows: Option<Followed>,
        context: Option<u64>,
        script: impl FnMut(usize, &Request<'_>) -> Turn + Send + 'static,
    ) -> Finished {
        let asked =
            Asked { kind: TaskKind::Custom, title: "Custom: try".into(), prompt: "try".into(), place: None };
        let model = Arc::new(Scripted { turns: Mutex::new((0, Box::new(script))), context });
        let job = Job {
            kind: "custom",
            title: asked.title.clone(),
            workspace: self.workspace(),
            place: None,
            only_its_file: false,
            work: Work::Model(Box::new(ModelWork { asked, model, steering: steering.clone(), follows })),
            unsaved: Vec::new(),
            env: BTreeMap::new(),
            tool_directories: Vec::new(),
            read: Vec::new(),
            config: Arc::new(Config::default()),
            command_wall: None,
        };
        let begun = agent::begin(job, &self.services, &Cancel::default()).unwrap();
        begun.run(&self.services, &Cancel::default(), &mut |_| {}).unwrap()
    }

    fn events(&self, task: TaskId) -> Vec<Event> {
        let recorded = self.services.store().unwrap().events(task).unwrap();
        recorded.into_iter().map(|recorded| recorded.event).collect()
    }
}

fn users(request: &Request<'_>) -> Vec<String> {
    let said = request.items.iter().filter_map(|item| match item {
        Item::User(text) => Some(text.clone()),
        _ => None,
    });
    said.collect()
}

fn a_message_reaches_the_next_turn() {
    let (place, steering) = (Place::new(), Steering::default());
    let user = steering.clone();
    let finished = place.run(&steering, None, None, move |nth, request| match nth {
        0 => {
            assert!(user.say("also b".to_owned()));
            calls("list", &json!({}))
        }
        _ => {
            assert_eq!(users(request).last().unwrap(), "The user says: also b");
            finish()
        }
    });
    assert_eq!(finished.outcome, Ended::NothingToDo);
    assert!(!steering.say("too late".to_owned()));
    let events = place.events(finished.task);
    assert!(events.contains(&Event::UserMessage { text: "also b".to_owned() }), "{events:?}");
}

fn a_message_at_the_end_is_answered_first() {
    let (place, steering) = (Place::new(), Steering::default());
    let user = steering.clone();
    let finished = place.run(&steering, None, None, move |nth, request| match nth {
        0 => {
            assert!(user.say("one more thing".to_owned()));
            finish()
        }
        1 => {
            let Some(Item::Results(results)) = request.items.last() else { panic!("{:?}", request.items) };
            assert!(results[0].text.contains("The user says: one more thing"), "{results:?}");
            calls("edit", &json!({ "op": "replace", "path": "a.txt", "old": "two", "new": "2" }))
        }
        _ => finish(),
    });
    assert_eq!(finished.outcome, Ended::Finished);
}

fn a_task_goes_on_from_another() {
    let place = Place::new();
    let change = json!({ "op": "replace", "path": "a.txt", "old": "two", "new": "2" });
    let first = place.run(&Steering::default(), None, None, move |nth, _| match nth {
        0 => calls("edit", &change),
        _ => finish(),
    });
    let path = WorkspacePath::parse("a.txt").unwrap();
    let files = vec![(path, Some(b"one\n2\n".to_vec()))];
    let follows = Followed { task: first.task, files };
    let second = place.run(&Steering::default(), Some(follows), None, move |nth, request| match nth {
        0 => {
            let said = users(request);
            assert!(said[0].contains("Asked: Custom: try") && said[0].contains("It is done."), "{said:?}");
            calls("edit", &json!({ "op": "replace", "path": "a.txt", "old": "one", "new": "1" }))
        }
        _ => finish(),
    });
    let FileChange::Text(change) = &second.proposal.files[0].change else { panic!("{:?}", second.proposal) };
    assert_eq!(&*change.after, "1\n2\n", "both changes are proposed");
    let origins: Vec<_> = change.hunks.iter().flat_map(|hunk| hunk.line_citations.iter()).collect();
    let because = |line: usize| {
        let step = second.steps.iter().find(|step| step.seq == origins[line][0].step).unwrap();
        step.because.clone().unwrap()
    };
    assert_eq!(because(0), "Because.");
    assert_eq!(because(1), format!("taken over from task {}", first.task));
}

fn room_is_made_by_leaving_older_results_out() {
    let place = Place::new();
    let long: String = (0..400).map(|n| format!("line {n}\n")).collect();
    std::fs::write(place.workspace().join("long.txt"), long).unwrap();
    let finished = place.run(&Steering::default(), None, Some(1_000), move |nth, request| match nth {
        0..8 => {
            let mut turn = calls("read", &json!({ "path": "long.txt", "first_line": nth + 1 }));
            turn.usage.input_tokens = 900;
            turn
        }
        _ => {
            let left_out = request.items.iter().filter(|item| match item {
                Item::Results(results) => results[0].text.starts_with("[This result"),
                _ => false,
            });
            let left_out = left_out.count();
            assert_eq!(left_out, 7, "all but the last");
            finish()
        }
    });
    assert_eq!(finished.outcome, Ended::NothingToDo);
}
