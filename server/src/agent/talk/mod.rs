//! A model at work: ask, act, observe, until it finishes or is stopped.
//!
//! Invariants
//! - Each turn, thought, word, call and fault is an event on disk before its effect is shown, in the order it happened.
//! - Calls are carried out one after the other, in the model's order, each once: a turn that was cut off had no calls.
//! - What a tool cannot do is told to the model. Only the record, cancel, limits and refusals end a task from outside.
//!
//! Absent on purpose
//! - Judging the work: the changes are the user's to review, the claims are checked against the record.

mod act;
mod ask;
mod edit;
mod ending;
mod look;
mod start;

use std::sync::Arc;

use vouchsafe_evidence::log::{Ended, Event, ToolError};
use vouchsafe_evidence::store::Store;

use super::data::Data;
use super::guard::Guard;
use super::running::{Running, Within};
use super::tools::{self, Family, ToolSet, Tree, World};
use super::watchdog::Watchdog;
use super::{ModelWork, Report, TaskError, limits};
use crate::model::{Item, StopReason, ToolCall, ToolResult, ToolSpec, Turn};

/// A conversation and the work it is about.
struct Talk<'t, 'j> {
    running: &'t mut Running<'j>,
    work: &'t ModelWork,
    within: Within<'t>,
    world: World<'t>,
    data: Data<'t>,
    tools: Vec<ToolSpec>,
    tree: Tree,
    items: Vec<Item>,
    guard: Guard,
    watchdog: Watchdog,
    /// Why the model does what it does now: its words before the calls, or what came before.
    because: Option<String>,
    /// The last command that failed, for changes that come without words.
    failing: Option<String>,
    /// Bytes that came into the conversation since the last turn, and what that took.
    since: u64,
    last_tokens: u64,
    /// Whether the model was told once that it has not done anything yet.
    nudged: bool,
    /// Whether any tool was called.
    called: bool,
}

/// What became of a call.
enum Acted {
    /// It was carried out; what the model is told.
    Done(String),
    /// It was not; what the model is told.
    Failed(String),
    /// The model is done.
    Finished(tools::Finish),
    /// The task cannot go on.
    Ended(Ended),
}

/// Carries a task out; answers how it ended.
///
/// # Errors
/// Only when the record cannot be kept.
pub(super) fn carry_on(
    running: &mut Running<'_>,
    work: &ModelWork,
    within: Within<'_>,
    report: &mut dyn FnMut(Report<'_>),
) -> Result<Ended, TaskError> {
    let store: Arc<Store> = Arc::clone(&running.store);
    let family = work.model.native_tools().then(|| match work.model.format() {
        "messages" => Some(Family::Anthropic),
        "responses" => Some(Family::OpenAi),
        _ => None,
    });
    let kind = work.asked.kind;
    let set = ToolSet {
        edits: kind.edits(),
        review: kind == crate::task::TaskKind::Review,
        native: family.flatten(),
    };
    let config = &running.job.config;
    let left = limits::wall(config).saturating_sub(running.began.elapsed());
    let world = World {
        shadow: within.shadow,
        confined: within.confined,
        hidden: &running.job.config.hidden,
        limits: running.limits(),
    };
    let redactor = store.redactor();
    let mut talk = Talk {
        work,
        within,
        world,
        data: Data::new(&redactor),
        tools: tools::tools(set),
        tree: Tree::default(),
        items: Vec::new(),
        guard: Guard::default(),
        watchdog: Watchdog::new(left, within.cancel),
        because: None,
        failing: None,
        since: 0,
        last_tokens: 0,
        nudged: false,
        called: false,
        running,
    };
    match talk.begin()? {
        Some(ended) => Ok(ended),
        None => talk.run(report),
    }
}

impl Talk<'_, '_> {
    fn run(&mut self, report: &mut dyn FnMut(Report<'_>)) -> Result<Ended, TaskError> {
        loop {
            if let Some(ended) = self.stopped() {
                return Ok(ended);
            }
            let said = self.work.steering.take();
            self.hear(said)?;
            let turn = match self.ask(report)? {
                Ok(turn) => turn,
                Err(ended) => return Ok(ended),
            };
            if let Some(ended) = self.turn(&turn, report)? {
                return Ok(ended);
            }
        }
    }

    /// Why nothing more is asked; `None` when the task goes on.
    fn stopped(&self) -> Option<Ended> {
        if self.watchdog.fired() {
            let seconds = self.running.job.config.limits.task_wall_s;
            let sentence = format!("the task took longer than {seconds} s");
            return Some(Ended::Limit { limit: "limits.task_wall_s".to_owned(), sentence });
        }
        if self.within.cancel.is_cancelled() {
            return Some(Ended::Cancelled);
        }
        self.guard.before_turn(&self.running.job.config.limits)
    }

    /// Takes messages of the user into the conversation.
    fn hear(&mut self, messages: Vec<String>) -> Result<(), TaskError> {
        for text in messages {
            self.running.append(&Event::UserMessage { text: text.clone() })?;
            let shown = format!("The user says: {}", self.data.users(&text));
            self.tell(shown);
        }
        Ok(())
    }

    /// Puts words of ours or of the user's into the conversation.
    fn tell(&mut self, text: String) {
        self.since += text.len() as u64;
        self.items.push(Item::User(self.work.model.masked(text)));
    }

    /// Does what a turn says.
    fn turn(&mut self, turn: &Turn, report: &mut dyn FnMut(Report<'_>)) -> Result<Option<Ended>, TaskError> {
        match &turn.stop {
            StopReason::Refused(words) => {
                let words = if words.is_empty() { &turn.text } else { words };
                let reason = if words.trim().is_empty() {
                    "it gave no reason".to_owned()
                } else {
                    words.trim().to_owned()
                };
                return Ok(Some(Ended::Refused { by: vouchsafe_evidence::log::RefusedBy::Model, reason }));
            }
            stop if turn.calls.is_empty() => return self.words_only(turn, *stop == StopReason::Length),
            _ => {}
        }
        self.called = true;
        self.because = self.reason(turn);
        let mut results = Vec::with_capacity(turn.calls.len());
        for call in &turn.calls {
            match self.answer(call, report)? {
                Ok(result) => results.push(result),
                Err(ended) => return Ok(Some(ended)),
            }
        }
        self.since += results.iter().map(|result| result.text.len() as u64).sum::<u64>();
        self.items.push(Item::Results(results));
        Ok(None)
    }

    /// Carries out one call; answers what the model is told, or why the task ends.
    fn answer(
        &mut self,
        call: &ToolCall,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Result<ToolResult, Ended>, TaskError> {
        let acted = match tools::parse(call, &self.tools) {
            Ok(op) => self.act(op, call, report)?,
            Err(why) => Acted::Failed(why),
        };
        let (mut text, failed) = match acted {
            Acted::Done(text) => (text, false),
            Acted::Failed(text) => (text, true),
            Acted::Ended(ended) => return Ok(Err(ended)),
            Acted::Finished(finish) => match self.finish(finish)? {
                Ok(ended) => return Ok(Err(ended)),
                Err(text) => (text, false),
            },
        };
        if failed {
            let error =
                ToolError { tool: call.name.clone(), message: text.clone(), call: Some(call.id.clone()) };
            self.running.append(&Event::ToolError(error))?;
        }
        if let Some(ended) = self.stopped() {
            return Ok(Err(ended));
        }
        let (told, ended) = self.guard.call(&call.name, &call.arguments, &text, failed);
        if let Some(ended) = ended {
            return Ok(Err(ended));
        }
        text.extend(told.map(|told| format!("\n\n{told}")));
        let text = self.work.model.masked(text);
        Ok(Ok(ToolResult { id: call.id.clone(), text, failed }))
    }

    /// Why the model calls what it calls: its words just before, else the end of what it thought, else what it answers to.
    fn reason(&self, turn: &Turn) -> Option<String> {
        const CHARS_MAX: usize = 1_000;
        let (words, thoughts) = (turn.text.trim(), turn.reasoning.trim());
        let last = |text: &str| {
            let skipped = text.chars().count().saturating_sub(CHARS_MAX);
            let part: String = text.chars().skip(skipped).collect();
            if skipped > 0 { format!("…{part}") } else { part }
        };
        match (words.is_empty(), thoughts.is_empty()) {
            (false, _) => Some(last(words)),
            (true, false) => Some(last(thoughts)),
            (true, true) => self.failing.clone().map(|failing| format!("after {failing}")),
        }
    }
}
