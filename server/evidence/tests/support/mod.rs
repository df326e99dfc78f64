//! Small events for the tests.
#![allow(dead_code, reason = "each test file uses its part")]

use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::{CommandRan, Event, Exit, FileChanged, OutputRef, TaskStarted};
use vouchsafe_evidence::store::Store;

pub(crate) fn started(title: &str) -> TaskStarted {
    TaskStarted {
        kind: "recipe".into(),
        title: title.into(),
        text: "cargo fmt".into(),
        workspace: "/home/somebody/project".into(),
        place: None,
        config_digest: None,
        recipe: Some("cargo-fmt".into()),
    }
}

pub(crate) fn path(text: &str) -> WorkspacePath {
    WorkspacePath::parse(text).unwrap()
}

/// A command whose output is stored.
pub(crate) fn ran(store: &Store, command: &str, code: i32, stdout: &str) -> Event {
    let blob = |text: &str| {
        OutputRef::to(store.put_blob(text.as_bytes()).unwrap(), text.as_bytes(), text.len() as u64)
    };
    Event::Command(CommandRan {
        command: command.into(),
        directory: ".".into(),
        exit: Exit::Code { code },
        stdout: blob(stdout),
        stderr: blob(""),
        duration_ms: 12,
        cpu_ms: 10,
        max_rss_bytes: 1 << 20,
        changed: vec![FileChanged {
            path: path("src/a.rs"),
            before: Some(Digest::of(b"a")),
            after: Some(Digest::of(b"b")),
        }],
        denials: Vec::new(),
        because: Some("recipe cargo-fmt".into()),
    })
}
