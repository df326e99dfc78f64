//! What a scripted model says, and how it goes wrong.

use serde::Deserialize;
use serde_json::Value;

/// A turn. Made by [`says`], [`calls`] or [`fails`], and added to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turn {
    /// What it thinks first.
    pub reasoning: String,
    /// What it says.
    pub text: String,
    /// What it calls then.
    pub calls: Vec<Call>,
    /// Why it stops, if not because it is done.
    #[serde(skip)]
    pub stop: Option<Stop>,
    /// What it counts.
    #[serde(skip)]
    pub usage: Usage,
    /// How it goes wrong.
    #[serde(skip)]
    pub fault: Option<Fault>,
}

/// A call of a tool.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The tool.
    pub name: String,
    /// Its arguments; a text is sent as it is, whether or not it is JSON.
    pub arguments: Value,
}

impl Call {
    pub(super) fn arguments(&self) -> String {
        self.arguments.as_str().map_or_else(|| self.arguments.to_string(), str::to_owned)
    }
}

/// Why a turn stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The limit of tokens.
    Length,
    /// It refuses.
    Refusal,
}

/// Tokens.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Read, those from the cache included.
    pub input: u64,
    /// Of those, from the cache.
    pub cached: u64,
    /// Written.
    pub output: u64,
}

impl Default for Usage {
    fn default() -> Self {
        Self { input: 100, cached: 40, output: 7 }
    }
}

/// How a turn goes wrong. Events are counted from the first one of the stream.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This status with these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// The connection is reset before anything is sent.
    Reset,
    /// It is closed before anything is sent.
    Closed,
    /// These bytes and nothing else: the whole HTTP answer.
    Raw(Vec<u8>),
    /// A sound head of this content type, then this body.
    Body(String, Vec<u8>),
    /// The stream ends, as if complete, after so many events.
    EndAfter(usize),
    /// The connection is reset after so many events.
    ResetAfter(usize),
    /// Nothing comes any more after so many events; the connection stays.
    StallAfter(usize),
    /// This event, as it is written, after so many of the turn's own; then the end.
    EventAfter(usize, String),
    /// One byte each so many milliseconds.
    Slow(u64),
    /// Comments for ever, each so many milliseconds, and no event.
    Comments(u64),
    /// The piece of text for ever.
    Endless,
    /// Text until so many pieces, then the end of the turn. For measuring.
    Long(usize),
    /// So many pieces of text, one each so many microseconds, each the nanoseconds since [`super::epoch`] at which it
    /// was sent; then the end of the turn. For measuring.
    Timed(usize, u64),
    /// A line of so many bytes.
    LongLine(usize),
    /// The answer as one JSON object although a stream was asked for.
    Whole,
    /// The stream without its closing event.
    NoDone,
    /// Each byte in a packet of its own.
    Bytewise,
    /// Chat: the name of the tool with every piece of its arguments.
    RepeatedNames,
    /// Chat: two calls, their pieces in turns.
    Interleaved,
    /// Chat: `content` null, and no `index` or identifier in calls.
    Bare,
    /// Responses: `output_item.done` without what the pieces said, and `output` empty at the end.
    PiecesOnly,
    /// A redirect to this address.
    Redirect(String),
}

/// A turn that says something and ends.
#[must_use]
pub fn says(text: &str) -> Turn {
    Turn { text: text.to_owned(), ..Turn::default() }
}

/// A turn that calls a tool.
#[must_use]
pub fn calls(name: &str, arguments: Value) -> Turn {
    Turn::default().calls(name, arguments)
}

/// A turn that goes wrong.
#[must_use]
pub fn fails(fault: Fault) -> Turn {
    says("Nobody reads this whole.").fault(fault)
}

impl Turn {
    /// And it calls this.
    #[must_use]
    pub fn calls(mut self, name: &str, arguments: Value) -> Self {
        self.calls.push(Call { name: name.to_owned(), arguments });
        self
    }

    /// It thinks this first.
    #[must_use]
    pub fn thinking(mut self, reasoning: &str) -> Self {
        reasoning.clone_into(&mut self.reasoning);
        self
    }

    /// It says this too.
    #[must_use]
    pub fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// It stops for this reason.
    #[must_use]
    pub const fn stop(mut self, stop: Stop) -> Self {
        self.stop = Some(stop);
        self
    }

    /// It goes wrong this way.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    pub(super) fn is(&self, wanted: impl Fn(&Fault) -> bool) -> bool {
        self.fault.as_ref().is_some_and(wanted)
    }
}

/// A text in pieces of a few characters.
pub(super) fn pieces(text: &str, characters: usize) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    all.chunks(characters).map(|piece| piece.iter().collect()).collect()
}
