//! A scripted editor: plays one recorded client against a real server process and reads as what a user does.
//!
//! Invariants
//! - It keeps its own text of each document and applies edits as the played editor would, versions checked.
//! - Dropping it ends the session cleanly and fails on anything left: see `ending`.
//! - What the server may not do with this client (a request it did not advertise, an unknown token) is a problem
//!   that fails the test at the end, with the log.

mod answers;
mod documents;
mod edits;
mod ending;
mod opening;
mod preview;
mod pulling;
mod pump;
mod render;
mod review;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

pub use documents::Document;
pub use opening::Opening;
pub use pulling::Lens;

use crate::log::Sent;
use crate::profile::{self, Quirks};
use crate::strict::Checker;
use crate::text::{Encoding, Place};
use crate::wire::Wire;
use crate::yard::Yard;

/// How long one wait may take. Two cores shared by several builds: generous, since a passing test never waits it out.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// The played editor, connected to a running server.
///
/// ```no_run
/// use expect_test::expect;
/// use vouchsafe_tests::{Editor, Profile};
/// let mut editor = Editor::open("//- /a.txt\nhello$0\n").profile(Profile::Helix).start();
/// editor.choose("Shout");
/// editor.wait_for_proposal();
/// editor.accept("a.txt", 1);
/// editor.expect(&expect![[r#"
///     edit  a.txt v2
///       1 - hello
///       1 + HELLO
///     disk  unchanged
/// "#]]);
/// ```
#[derive(Debug)]
pub struct Editor {
    wire: Wire,
    yard: Arc<Yard>,
    patience: Duration,
    capabilities: Value,
    quirks: Quirks,
    encoding: Encoding,
    settings: Value,
    /// What the server said it can.
    server: Value,
    documents: BTreeMap<String, Document>,
    cursor: Selection,
    /// What is shown, be it published or asked for.
    diagnostics: BTreeMap<String, Vec<Value>>,
    pulled: pulling::Pulled,
    progress: BTreeMap<String, Progress>,
    messages: Vec<Message>,
    shown: Vec<Value>,
    registered: BTreeSet<String>,
    script: Script,
    /// What happened since the last `expect`, rendered.
    events: Vec<String>,
    edits_answered: usize,
    previews: usize,
    asked: HashMap<i64, String>,
    answers: HashMap<i64, Result<Value, Value>>,
    next_id: i64,
    checker: Checker,
    problems: Vec<String>,
    output_ended: bool,
    shutting_down: bool,
}

/// Where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selection {
    path: String,
    start: Place,
    end: Place,
}

/// One work-done progress.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Its title; empty until it began.
    pub title: String,
    /// Every message it reported, in order, the last one being that of the end.
    pub messages: Vec<String>,
    /// Whether it ended.
    pub ended: bool,
    began: bool,
}

/// One `window/showMessage` or `window/showMessageRequest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// 1 error, 2 warning, 3 information, 4 log.
    pub kind: u64,
    /// What it says.
    pub text: String,
    /// What can be chosen; empty for a plain message.
    pub choices: Vec<String>,
}

/// What the user will do when asked.
#[derive(Debug, Default)]
struct Script {
    choices: VecDeque<String>,
    decline_next_edit: bool,
    ticks: Option<usize>,
}

impl Editor {
    /// A workspace written as a fixture (see [`crate::fixture`]), to be opened in an editor.
    pub fn open(fixture: &str) -> Opening {
        Opening::new(fixture)
    }

    /// The directories of this test.
    #[must_use]
    pub fn yard(&self) -> &Yard {
        &self.yard
    }

    /// The server's process id.
    #[must_use]
    pub fn server_id(&self) -> u32 {
        self.wire.id()
    }

    /// What the server said it can, from its answer to `initialize`.
    #[must_use]
    pub fn server_capabilities(&self) -> &Value {
        &self.server
    }

    /// All that the server has said so far: each of its messages, and its standard error.
    #[must_use]
    pub fn told(&self) -> String {
        let log = self.wire.log.whole();
        let told = log.lines().filter(|line| line.starts_with(Sent::ByServer.arrow()));
        told.collect::<Vec<_>>().join("\n") + &self.wire.errors()
    }

    /// The messages shown to the user so far.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The parameters of each `window/showDocument` so far.
    #[must_use]
    pub fn shown(&self) -> &[Value] {
        &self.shown
    }

    /// All work-done progress so far, by token.
    #[must_use]
    pub fn progress(&self) -> &BTreeMap<String, Progress> {
        &self.progress
    }

    /// The diagnostics the server shows for a file now.
    #[must_use]
    pub fn diagnostics(&self, path: &str) -> &[Value] {
        self.diagnostics.get(path).map_or(&[], Vec::as_slice)
    }

    /// How many `workspace/applyEdit` were answered, in whatever way.
    #[must_use]
    pub fn edits_answered(&self) -> usize {
        self.edits_answered
    }

    /// What happened since the last `expect`, one line each, as it would render.
    #[must_use]
    pub fn take_events(&mut self) -> Vec<String> {
        std::mem::take(&mut self.events)
    }

    /// The next time a message offers a choice that holds `part`, choose it; else messages are dismissed.
    pub fn will_choose(&mut self, part: &str) {
        self.script.choices.push_back(part.to_owned());
    }

    /// The user declines the next edit: it is not applied, and the answer is what the played editor says then.
    pub fn will_decline_edit(&mut self) {
        self.script.decline_next_edit = true;
    }

    fn can(&self, pointer: &str) -> bool {
        profile::has(&self.capabilities, pointer)
    }

    /// Fails the test with everything that helps: the sentence, the log, the server's standard error.
    fn fail(&self, what: &str) -> ! {
        panic!("{what}\n{}", self.wire.story());
    }
}
