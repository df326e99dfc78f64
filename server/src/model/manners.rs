//! What an endpoint turned out not to take, learnt from its refusals and kept for the requests that follow.
//!
//! Invariant: each step gives something up for good, so that the number of steps is bounded.

use super::endpoint::{Endpoint, WireFormat};
use super::fault::Complaint;

/// How requests to this endpoint are made. Everything off is the first try.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, each the answer to one refusal")]
pub(super) struct Manners {
    /// The answer is asked for whole.
    pub(super) whole: bool,
    /// No `stream_options`.
    pub(super) no_stream_options: bool,
    /// `max_completion_tokens` in place of `max_tokens`.
    pub(super) completion_tokens: bool,
    /// No temperature.
    pub(super) no_temperature: bool,
    /// No `parallel_tool_calls`.
    pub(super) no_parallel_switch: bool,
    /// No tools of the provider's own.
    pub(super) no_native: bool,
    /// No summary of the reasoning.
    pub(super) no_summary: bool,
    /// No earlier reasoning in the history.
    pub(super) no_reasoning_history: bool,
    /// No cache marks.
    pub(super) no_cache_marks: bool,
    /// How thinking is asked for.
    pub(super) thinking: Thinking,
    /// How plain the history is written.
    pub(super) history: Plainness,
    /// The most tokens the model can write.
    pub(super) output_cap: Option<u32>,
}

/// How thinking is asked for: each step is older than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Thinking {
    /// By effort.
    #[default]
    Adaptive,
    /// By a budget of tokens.
    Budget,
    /// Not at all.
    Unsaid,
}

/// How plain the history is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plainness {
    /// As the provider sent it.
    #[default]
    Verbatim,
    /// Only text and calls, with sound arguments.
    Simple,
    /// Calls and results as text.
    Text,
}

impl Manners {
    /// How to ask after this complaint; `None` if nothing that could be given up has to do with it.
    pub(super) fn after(&self, endpoint: &Endpoint, complaint: &Complaint, template: bool) -> Option<Self> {
        let mut next = self.clone();
        if template {
            return next.plainer().then_some(next);
        }
        if let Some(cap) =
            output_cap(complaint).filter(|cap| self.output_cap.is_none_or(|known| *cap < known))
        {
            next.output_cap = Some(cap);
            return Some(next);
        }
        let changed = next.give_up(endpoint, complaint);
        changed.then_some(next)
    }

    fn give_up(&mut self, endpoint: &Endpoint, complaint: &Complaint) -> bool {
        let says = |words: &[&str]| complaint.mentions(words);
        let off = |switch: &mut bool| !std::mem::replace(switch, true);
        if says(&["stream_options"]) && off(&mut self.no_stream_options) {
            return true;
        }
        if says(&["max_completion_tokens"]) && off(&mut self.completion_tokens) {
            return true;
        }
        if says(&["temperature"]) && endpoint.temperature.is_some() && off(&mut self.no_temperature) {
            return true;
        }
        if says(&["parallel_tool_calls", "disable_parallel_tool_use"]) && off(&mut self.no_parallel_switch) {
            return true;
        }
        if says(&["summary", "summaries"]) && off(&mut self.no_summary) {
            return true;
        }
        if says(&["apply_patch", "text_editor_2", "bash_2"])
            && endpoint.native_tools
            && off(&mut self.no_native)
        {
            return true;
        }
        if says(&["cache_control"]) && off(&mut self.no_cache_marks) {
            return true;
        }
        if says(&["adaptive", "thinking", "output_config", "effort", "budget_tokens"])
            && self.other_thinking(endpoint)
        {
            return true;
        }
        if says(&["reasoning_content", "reasoning_details", "encrypted_content", "signature", "rs_"])
            && off(&mut self.no_reasoning_history)
        {
            return true;
        }
        if says(&["stream"]) && endpoint.stream && off(&mut self.whole) {
            return true;
        }
        if says(&["content", "messages", "role", "tool_call"]) {
            return self.plainer();
        }
        false
    }

    fn other_thinking(&mut self, endpoint: &Endpoint) -> bool {
        let next = match (self.thinking, endpoint.format) {
            _ if endpoint.effort.is_none() => return false,
            (Thinking::Adaptive, WireFormat::Messages) => Thinking::Budget,
            (Thinking::Adaptive | Thinking::Budget, _) => Thinking::Unsaid,
            (Thinking::Unsaid, _) => return false,
        };
        self.thinking = next;
        true
    }

    fn plainer(&mut self) -> bool {
        self.history = match self.history {
            Plainness::Verbatim => Plainness::Simple,
            Plainness::Simple => Plainness::Text,
            Plainness::Text => return false,
        };
        true
    }
}

/// `max_tokens: 32000 > 8192, which is the maximum …`: the number.
fn output_cap(complaint: &Complaint) -> Option<u32> {
    if !complaint.mentions(&["max_tokens", "max_output_tokens", "max_completion_tokens"]) {
        return None;
    }
    let (_, rest) = complaint.said.split_once("> ").or_else(|| complaint.said.split_once("at most "))?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|cap| *cap >= 16)
}
