//! What comes back from one try: a whole answer, or what went wrong and what that means.
//!
//! Invariants
//! - Every wait has a limit, and so has everything that is kept.
//! - What is kept for the record has the key masked.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;

use super::endpoint::Endpoint;
use super::error::{ModelError, Place};
use super::fault::{Complaint, Last, Trouble, judge, retry_after, short};
use super::keys::Secret;
use super::manners::Manners;
use super::sse::{EVENT_BYTES_MAX, Event, Events};
use super::wire::{self, Asked, Assembled, Fault, Flow};
use super::{Delta, Exchange, StopReason, Turn, http};

/// The longest answer, in bytes: twenty times what a hundred thousand tokens take.
const ANSWER_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// The longest answer that is not a stream.
const WHOLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How much of an answer is kept for the record.
const ANSWER_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// The longest complaint that is read.
const COMPLAINT_BYTES_MAX: usize = 64 * 1024;
/// How long figures about a whole answer are waited for.
const FIGURES_WAIT: Duration = Duration::from_secs(5);
/// How long the end of a body is waited for when all of it has been understood.
const END_WAIT: Duration = Duration::from_millis(20);

/// What a try is judged by.
pub(super) struct Context<'c> {
    pub(super) endpoint: &'c Endpoint,
    pub(super) key: Option<&'c Secret>,
    pub(super) manners: &'c Manners,
    pub(super) asked: Asked,
}

/// The shape of a body, by what it says it is and how it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Events,
    Json,
}

impl Context<'_> {
    /// How long nothing may come. An answer that is asked for whole takes as long as all of it.
    pub(super) fn patience(&self) -> Duration {
        let streams = self.endpoint.stream && !self.manners.whole;
        if streams { self.endpoint.idle_timeout } else { self.endpoint.turn_timeout }
    }

    fn judged(&self, complaint: Complaint) -> Trouble {
        judge(self.endpoint, self.key, self.manners, complaint)
    }

    fn again(&self, last: Last, why: String) -> Trouble {
        Trouble::Again { why, after: None, last }
    }

    pub(super) fn silent(&self) -> Trouble {
        let said = format!("nothing came for {} s", self.patience().as_secs());
        // Trying again would take as long: the user decides.
        Trouble::Final(ModelError::too_long(self.endpoint, "idle_timeout_s", said))
    }

    pub(super) fn not_sent(&self, error: &reqwest::Error) -> Trouble {
        let why = http::causes(error);
        if http::is_tls(error) {
            return Trouble::Final(ModelError::Tls { at: Place::of(self.endpoint, &["ca_file"]), said: why });
        }
        let last = if error.is_connect() { Last::Unreachable } else { Last::BrokenOff };
        self.again(last, why)
    }

    /// The answer, and what is kept of its bytes.
    pub(super) async fn answer(
        &self,
        mut response: Response,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<(Assembled, Vec<u8>), Trouble> {
        let status = response.status();
        if status.is_redirection() {
            return Err(Trouble::Final(self.redirected(&response)));
        }
        if !status.is_success() {
            return Err(self.complaint(status, response).await);
        }
        let mut kept = Kept::default();
        let first = self.chunk(&mut response, self.patience(), &mut kept).await?.unwrap_or_default();
        match self.shape(response.headers(), &first)? {
            Shape::Events => {
                let answer = self.events(&mut response, &first, &mut kept, delta).await?;
                Ok((answer, kept.bytes))
            }
            Shape::Json => {
                let answer = self.json(&mut response, first, &mut kept, delta).await?;
                Ok((answer, kept.bytes))
            }
        }
    }

    fn redirected(&self, response: &Response) -> ModelError {
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        let to = self.endpoint.base_url.join(to).ok();
        let to = to.map_or_else(
            || "another address".to_owned(),
            |mut to| {
                to.set_query(None);
                to.set_fragment(None);
                short(to.as_str())
            },
        );
        ModelError::Redirected { at: Place::of(self.endpoint, &["base_url"]), to }
    }

    async fn complaint(&self, status: StatusCode, mut response: Response) -> Trouble {
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let after = retry_after(text(RETRY_AFTER.as_str()), text("retry-after-ms"), SystemTime::now());
        let mut body = Vec::new();
        let patience = self.endpoint.idle_timeout.min(Duration::from_secs(10));
        // What cannot be read of a complaint changes nothing about it.
        while let Ok(Ok(Some(chunk))) = timeout(patience, response.chunk()).await {
            body.extend_from_slice(&chunk);
            if body.len() > COMPLAINT_BYTES_MAX {
                break;
            }
        }
        self.judged(Complaint::of_body(status.as_u16(), &String::from_utf8_lossy(&body), after))
    }

    /// The next piece; `None` at the end.
    async fn chunk(
        &self,
        response: &mut Response,
        patience: Duration,
        kept: &mut Kept,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        match timeout(patience, response.chunk()).await {
            Err(_elapsed) => Err(self.silent()),
            Ok(Err(error)) => Err(self.again(Last::BrokenOff, http::causes(&error))),
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(chunk))) => {
                kept.add(&chunk);
                if kept.seen > ANSWER_BYTES_MAX {
                    return Err(self.too_much(format!("more than {ANSWER_BYTES_MAX} bytes in one answer")));
                }
                Ok(Some(chunk.into()))
            }
        }
    }

    fn too_much(&self, said: String) -> Trouble {
        Trouble::Final(ModelError::TooMuch { at: Place::of(self.endpoint, &[]), said })
    }

    fn shape(&self, headers: &HeaderMap, first: &[u8]) -> Result<Shape, Trouble> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let begins = String::from_utf8_lossy(first.get(..64).unwrap_or(first))
            .trim_start_matches('\u{feff}')
            .trim_start()
            .to_owned();
        let is_event =
            ["data:", "event:", "id:", "retry:", ":"].iter().any(|start| begins.starts_with(start));
        if kind.contains("event-stream") || is_event {
            return Ok(Shape::Events);
        }
        if kind.contains("json") || begins.starts_with('{') {
            return Ok(Shape::Json);
        }
        if first.is_empty() {
            return Err(self.again(Last::Empty, "the answer is empty".to_owned()));
        }
        let kind = if kind.is_empty() { "nothing that says what it is" } else { kind };
        let what = format!("it sends {}", short(kind));
        Err(Trouble::Final(ModelError::not_this_format(self.endpoint, what)))
    }

    async fn events(
        &self,
        response: &mut Response,
        first: &[u8],
        kept: &mut Kept,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Assembled, Trouble> {
        let assembly = wire::assembly(self.endpoint.format);
        let mut reading = Reading { events: Events::default(), assembly, flow: Flow::More, begun: false };
        self.read(&mut reading, first, delta)?;
        while reading.flow != Flow::Done {
            let enough = reading.flow == Flow::Enough;
            let patience = if enough { FIGURES_WAIT.min(self.patience()) } else { self.patience() };
            match self.chunk(response, patience, kept).await {
                Ok(Some(chunk)) => self.read(&mut reading, &chunk, delta)?,
                Ok(None) => break,
                // The turn is whole; only figures about it are missing.
                Err(_) if enough => break,
                Err(trouble) => return Err(trouble),
            }
        }
        if reading.flow != Flow::Done
            && let Some(event) = reading.events.rest()
        {
            reading.take(&event, delta).map_err(|fault| self.fault(fault))?;
        }
        if reading.flow == Flow::Done {
            // The end of the body, so that the connection can be used again; it is here already, or not worth a wait.
            drop(timeout(END_WAIT, response.chunk()).await);
        }
        if !reading.begun {
            return Err(self.again(Last::BrokenOff, "the stream ended before anything came".to_owned()));
        }
        reading.assembly.finish(&self.asked).map_err(|fault| self.fault(fault))
    }

    fn read(
        &self,
        reading: &mut Reading,
        bytes: &[u8],
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<(), Trouble> {
        let mut events = std::mem::take(&mut reading.events);
        let taken = events.take(bytes, |event| reading.take(&event, delta));
        reading.events = events;
        let long = |_| self.too_much(format!("one line of more than {EVENT_BYTES_MAX} bytes"));
        taken.map_err(long)?.map_err(|fault| self.fault(fault))
    }

    async fn json(
        &self,
        response: &mut Response,
        mut body: Vec<u8>,
        kept: &mut Kept,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Assembled, Trouble> {
        while let Some(chunk) = self.chunk(response, self.patience(), kept).await? {
            body.extend_from_slice(&chunk);
            if body.len() > WHOLE_BYTES_MAX {
                return Err(self.too_much(format!("more than {WHOLE_BYTES_MAX} bytes in one answer")));
            }
        }
        let value = serde_json::from_slice(&body);
        let value = value
            .map_err(|error| self.fault(Fault::Cut(format!("the answer is not whole JSON: {error}"))))?;
        let answer =
            wire::whole(self.endpoint.format, &value, &self.asked).map_err(|fault| self.fault(fault))?;
        if !answer.text.is_empty() {
            delta(Delta::Text(&answer.text));
        }
        answer.calls.iter().for_each(|call| delta(Delta::Call(&call.name)));
        Ok(answer)
    }

    fn fault(&self, fault: Fault) -> Trouble {
        match fault {
            Fault::Said(complaint) => self.judged(complaint),
            Fault::Cut(why) => self.again(Last::BrokenOff, why),
            Fault::Garbage(what) => Trouble::Final(ModelError::not_this_format(self.endpoint, short(&what))),
        }
    }

    pub(super) fn turn(&self, mut answer: Assembled, exchange: Exchange) -> Result<Turn, Trouble> {
        if let Some(key) = self.key {
            mask(&mut answer, key);
        }
        let stop = answer.stop.unwrap_or(StopReason::Done);
        let said_nothing = answer.text.trim().is_empty() && answer.calls.is_empty();
        if said_nothing && stop == StopReason::Done {
            return Err(self.again(Last::Empty, "the answer is empty".to_owned()));
        }
        Ok(Turn {
            text: answer.text,
            reasoning: answer.reasoning,
            calls: answer.calls,
            stop,
            usage: answer.usage,
            replay: wire::replay(self.endpoint, answer.kept),
            exchange,
        })
    }
}

/// A server that repeats the key gets it into nobody's record.
fn mask(answer: &mut Assembled, key: &Secret) {
    let Assembled { text, reasoning, calls, kept, .. } = answer;
    let arguments = calls.iter_mut().map(|call| &mut call.arguments);
    for text in [text, reasoning].into_iter().chain(arguments) {
        *text = key.masked(std::mem::take(text));
    }
    if let Some(masked) = key.masked_json(kept) {
        *kept = masked;
    }
}

/// A stream as far as it has been read.
struct Reading {
    events: Events,
    assembly: Box<dyn wire::Assembly>,
    flow: Flow,
    /// Whether there was an event at all.
    begun: bool,
}

impl Reading {
    fn take(&mut self, event: &Event, delta: &mut dyn FnMut(Delta<'_>)) -> Result<(), Fault> {
        self.begun = true;
        // What comes after the end is nobody's.
        if self.flow != Flow::Done {
            self.flow = self.assembly.event(&event.name, &event.data, delta)?;
        }
        Ok(())
    }
}

/// The bytes of an answer: the first of them, and how many there were.
#[derive(Debug, Default)]
struct Kept {
    bytes: Vec<u8>,
    seen: u64,
}

impl Kept {
    fn add(&mut self, chunk: &[u8]) {
        self.seen += chunk.len() as u64;
        let room = ANSWER_KEPT_BYTES.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
    }
}
