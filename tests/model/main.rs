//! The model client against a scripted model: the three wire formats, their traps, every fault, and where keys go.
//!
//! Invariants
//! - The client is configured by a text, as a user would.
//! - What was sent is judged too: the scripted model refuses what the real providers refuse.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod faults;
mod formats;
mod keys;
mod tls;
mod traps;

use serde_json::{Value, json};
use vouchsafe::config::{Sources, load};
use vouchsafe::model::{
    Client, Delta, Endpoint, Item, Keys, ModelError, Request, ToolResult, ToolSpec, Turn,
};
use vouchsafe::task::TaskKind;
use vouchsafe_confine::Cancel;
use vouchsafe_tests::scripted::{self, Model};

pub(crate) const FORMATS: [&str; 3] = ["chat", "responses", "messages"];

/// The endpoint that a user's file makes.
pub(crate) fn configured(text: &str) -> Endpoint {
    let user = Some(("/home/ann/.config/vouchsafe/config.toml".into(), text.to_owned()));
    let loaded = load(&Sources { user, ..Sources::default() });
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let endpoint = loaded.config.model_for(TaskKind::Fix).expect("a model");
    Endpoint::clone(&endpoint)
}

/// A client for a scripted model, with more lines in its profile.
pub(crate) fn client(model: &Model, format: &str, more: &str) -> Client {
    let endpoint = configured(&format!("{}{more}\n", model.profile(format)));
    Client::new(&endpoint, &Keys::default()).expect("a client")
}

/// A conversation with one client.
pub(crate) struct Talk {
    pub(crate) client: Client,
    pub(crate) items: Vec<Item>,
    pub(crate) tools: Vec<ToolSpec>,
    /// What was shown on the way: `text …`, `thought …`, `call …`, `again …`, pieces of one kind joined.
    pub(crate) shown: Vec<String>,
}

impl Talk {
    pub(crate) fn new(client: Client) -> Self {
        let items = vec![Item::User("Look at a.rs.".into())];
        Self { client, items, tools: vec![tool("read"), tool("run")], shown: Vec::new() }
    }

    /// Asks for a turn and puts it into the conversation.
    pub(crate) fn ask(&mut self) -> Result<Turn, ModelError> {
        self.ask_with(&Cancel::default())
    }

    pub(crate) fn ask_with(&mut self, cancel: &Cancel) -> Result<Turn, ModelError> {
        let request = Request {
            system: "You work on code.",
            items: &self.items,
            tools: &self.tools,
            output_tokens_max: None,
        };
        let mut shown: Vec<(&str, String)> = Vec::new();
        let turn = self.client.ask(&request, cancel, &mut |delta| {
            let (kind, text) = match delta {
                Delta::Text(text) => ("text", text),
                Delta::Reasoning(text) => ("thought", text),
                Delta::Call(name) => ("call", name),
                Delta::Again(why) => ("again", why),
            };
            match shown.last_mut() {
                Some((last, known)) if *last == kind && kind != "call" => known.push_str(text),
                _ => shown.push((kind, text.to_owned())),
            }
        });
        self.shown = shown.into_iter().map(|(kind, text)| format!("{kind} {text}")).collect();
        let turn = turn?;
        self.items.push(Item::Turn(std::sync::Arc::new(turn.clone())));
        Ok(turn)
    }

    /// Answers every call of the last turn.
    pub(crate) fn answer(&mut self, turn: &Turn, text: &str) {
        let result = |call: &vouchsafe::model::ToolCall| ToolResult {
            id: call.id.clone(),
            text: text.into(),
            failed: false,
        };
        self.items.push(Item::Results(turn.calls.iter().map(result).collect()));
    }
}

pub(crate) fn tool(name: &str) -> ToolSpec {
    let parameters = json!({ "type": "object", "properties": { "path": { "type": "string" } } });
    ToolSpec { name: name.into(), description: format!("Does {name}."), parameters, native: None }
}

/// The calls of a turn as `name arguments`.
pub(crate) fn called(turn: &Turn) -> Vec<String> {
    turn.calls.iter().map(|call| format!("{} {}", call.name, call.arguments)).collect()
}

/// The body of the request with a number.
pub(crate) fn body(model: &Model, at: usize) -> Value {
    model.requests()[at].body.clone()
}

/// One turn of a script, asked for once.
pub(crate) fn once(format: &str, turn: scripted::Turn) -> (Result<Turn, ModelError>, Vec<String>) {
    with(format, "tries = 1", [turn])
}

/// A turn asked for with these lines in the profile.
pub(crate) fn with(
    format: &str,
    more: &str,
    turns: impl IntoIterator<Item = scripted::Turn>,
) -> (Result<Turn, ModelError>, Vec<String>) {
    let model = Model::start(turns);
    let mut talk = Talk::new(client(&model, format, more));
    let turn = talk.ask();
    (turn, talk.shown)
}
