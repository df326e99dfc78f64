//! One turn of the model: asked for, recorded, taken into the conversation.

use std::sync::Arc;

use vouchsafe_evidence::log::{Ended, Event, ModelTurn};

use super::super::model::Unanswered;
use super::super::{Report, TaskError, compact, prompts};
use super::Talk;
use crate::model::{Item, Request, Turn};

/// So many groups of results stay when room is made.
const KEPT: [usize; 3] = [6, 2, 1];

impl Talk<'_, '_> {
    /// Asks for a turn, making room first where it is needed; or why there is none.
    pub(super) fn ask(
        &mut self,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Result<Turn, Ended>, TaskError> {
        let mut room = KEPT.into_iter();
        if let Some(context) = self.work.model.context_tokens() {
            let mut expected = compact::estimated(self.last_tokens, self.since);
            while compact::is_near(expected, context) {
                let Some(kept) = room.next() else { break };
                let freed = compact::compact(&mut self.items, kept) as u64;
                expected = expected.saturating_sub(freed / 4);
            }
        }
        report(Report::Asks { turn: self.guard.turns + 1 });
        loop {
            let request = Request {
                system: prompts::SYSTEM,
                items: &self.items,
                tools: &self.tools,
                output_tokens_max: None,
            };
            let asked =
                self.work.model.ask(&request, self.within.cancel, &mut |delta| report(Report::Says(delta)));
            match asked {
                Ok(turn) => return self.heard(turn).map(Ok),
                Err(Unanswered::Cancelled) => return Ok(Err(self.stopped().unwrap_or(Ended::Cancelled))),
                Err(Unanswered::TooLong(sentence)) => {
                    let freed = room.find_map(|kept| match compact::compact(&mut self.items, kept) {
                        0 => None,
                        freed => Some(freed),
                    });
                    if freed.is_none() {
                        let limit = "the model's context".to_owned();
                        return Ok(Err(Ended::Limit { limit, sentence }));
                    }
                }
                Err(Unanswered::Unreachable(reason)) => {
                    let ended = Ended::Unreachable { reason };
                    return Ok(Err(self.stopped().filter(|_| self.watchdog.fired()).unwrap_or(ended)));
                }
            }
        }
    }

    /// Records a turn and takes it into the conversation.
    fn heard(&mut self, mut turn: Turn) -> Result<Turn, TaskError> {
        let exchange = std::mem::take(&mut turn.exchange);
        let store = &self.running.store;
        let blob = |bytes: &[u8]| match bytes {
            [] => Ok(None),
            bytes => store.put_blob(bytes).map(Some),
        };
        let event = ModelTurn {
            model: exchange.model,
            format: self.work.model.format().to_owned(),
            request: blob(&exchange.request)?,
            response: blob(&exchange.response)?,
            request_id: exchange.request_id,
            response_id: exchange.response_id,
            input_tokens: turn.usage.input_tokens,
            cached_tokens: turn.usage.cached_tokens,
            output_tokens: turn.usage.output_tokens,
            duration_ms: u64::try_from(exchange.duration.as_millis()).unwrap_or(u64::MAX),
        };
        self.running.append(&Event::ModelTurn(event))?;
        if !turn.reasoning.trim().is_empty() {
            self.running.append(&Event::reasoning(turn.reasoning.clone()))?;
        }
        if !turn.text.trim().is_empty() {
            self.running.append(&Event::message(turn.text.clone()))?;
        }
        self.guard.turn(turn.usage);
        self.last_tokens = turn.usage.input_tokens + turn.usage.output_tokens;
        self.since = 0;
        self.items.push(Item::Turn(Arc::new(turn.clone())));
        Ok(turn)
    }
}
