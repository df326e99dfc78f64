//! One try: a request goes out, an answer comes in, or it does not.
//!
//! Invariants
//! - Every wait has a limit, and so has everything that is kept.
//! - What is kept for the record is the bodies, without headers and with the key masked.

use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, timeout};

use super::client::Client;
use super::endpoint::{Endpoint, WireFormat};
use super::error::ModelError;
use super::fault::{Complaint, Last, Trouble, judge, retry_after, short};
use super::keys::Secret;
use super::manners::Manners;
use super::sse::{EVENT_BYTES_MAX, Events};
use super::wire::{self, Asked, Assembled, Fault, Flow};
use super::{Delta, Exchange, Request, StopReason, Turn, http};

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

pub(super) async fn attempt(
    client: &Client,
    request: &Request<'_>,
    key: Option<&Secret>,
    delta: &mut dyn FnMut(Delta<'_>),
) -> Result<Turn, Trouble> {
    let started = Instant::now();
    let (endpoint, manners) = (&client.endpoint, client.manners());
    let body = wire::body(endpoint, request, &manners).to_string().into_bytes();
    let context = Context { endpoint, key, manners: &manners, asked: Asked::of(request) };
    let sent = client
        .http
        .post(endpoint.url(wire::operation(endpoint.format)))
        .headers(headers(endpoint, key).map_err(Trouble::Final)?)
        .body(body.clone())
        .send();
    let response = match timeout(context.patience(), sent).await {
        Ok(sent) => sent.map_err(|error| context.not_sent(&error))?,
        Err(_elapsed) => return Err(context.silent()),
    };
    let request_id = request_id(response.headers());
    let (answer, bytes) = context.answer(response, delta).await?;
    let exchange = Exchange {
        model: answer.model.clone(),
        request: body,
        response: key.map_or_else(|| bytes.clone(), |key| key.masked_bytes(bytes.clone())),
        request_id,
        response_id: answer.id.clone(),
        duration: started.elapsed(),
    };
    context.turn(answer, exchange)
}

/// The headers of a request, the key in the one that the endpoint wants.
pub(super) fn headers(endpoint: &Endpoint, key: Option<&Secret>) -> Result<HeaderMap, ModelError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    if endpoint.format == WireFormat::Messages {
        headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    if let Some(key) = key {
        let (name, value) = match (endpoint.key_header.as_deref(), endpoint.format) {
            (Some(name), _) => (name, key.for_header().to_owned()),
            (None, WireFormat::Messages) => ("x-api-key", key.for_header().to_owned()),
            (None, _) => (AUTHORIZATION.as_str(), format!("Bearer {}", key.for_header())),
        };
        insert(&mut headers, endpoint, "key_header", name, &value)?;
    }
    for header in &endpoint.headers {
        insert(&mut headers, endpoint, "headers", &header.name, &header.value)?;
    }
    Ok(headers)
}

fn insert(
    headers: &mut HeaderMap,
    endpoint: &Endpoint,
    setting: &str,
    name: &str,
    value: &str,
) -> Result<(), ModelError> {
    let wrong = |what: &str| ModelError::setting(endpoint, setting, what.to_owned());
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("it is not the name of a header"))?;
    let mut value = HeaderValue::from_str(value).map_err(|_| wrong("a header cannot hold this value"))?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name));
    id.and_then(|id| id.to_str().ok()).map(|id| id.chars().take(200).collect())
}

/// What a try is judged by.
struct Context<'c> {
    endpoint: &'c Endpoint,
    key: Option<&'c Secret>,
    manners: &'c Manners,
    asked: Asked,
}

/// The shape of a body, by what it says it is and how it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Events,
    Json,
}

impl Context<'_> {
    /// How long nothing may come. An answer that is asked for whole takes as long as all of it.
    fn patience(&self) -> Duration {
        let streams = self.endpoint.stream && !self.manners.whole;
        if streams { self.endpoint.idle_timeout } else { self.endpoint.turn_timeout }
    }

    fn judged(&self, complaint: Complaint) -> Trouble {
        judge(self.endpoint, self.key, self.manners, complaint)
    }

    fn again(&self, last: Last, why: String) -> Trouble {
        Trouble::Again { why, after: None, last }
    }

    fn silent(&self) -> Trouble {
        let why = format!("nothing came for {} s", self.patience().as_secs());
        let setting = self.endpoint.setting("idle_timeout_s");
        // Trying again would take as long: the user decides.
        Trouble::Final(ModelError::TooLong {
            host: self.endpoint.host(),
            what: why,
            setting,
            written_in: self.endpoint.written_in.clone(),
        })
    }

    fn not_sent(&self, error: &reqwest::Error) -> Trouble {
        let why = http::causes(error);
        let tls = [
            "certificate",
            "TLS",
            "tls",
            "UnknownIssuer",
            "HandshakeFailure",
            "InvalidContentType",
            "corrupt message",
        ];
        if tls.iter().any(|word| why.contains(word)) {
            return Trouble::Final(ModelError::Tls {
                host: self.endpoint.host(),
                why,
                setting: self.endpoint.setting("ca_file"),
                written_in: self.endpoint.written_in.clone(),
            });
        }
        let last = if error.is_connect() { Last::Unreachable } else { Last::BrokenOff };
        self.again(last, why)
    }

    /// The answer, and what is kept of its bytes.
    async fn answer(
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
        ModelError::Redirected {
            host: self.endpoint.host(),
            to,
            setting: self.endpoint.setting("base_url"),
            written_in: self.endpoint.written_in.clone(),
        }
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

    fn too_much(&self, what: String) -> Trouble {
        Trouble::Final(ModelError::TooMuch { host: self.endpoint.host(), what })
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
        let mut reading = Reading {
            events: Events::default(),
            assembly: wire::assembly(self.endpoint.format),
            flow: Flow::More,
        };
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
            self.event(&mut reading.assembly, &mut reading.flow, &event.name, &event.data, delta)?;
        }
        reading.assembly.finish(&self.asked).map_err(|fault| self.fault(fault))
    }

    fn read(
        &self,
        reading: &mut Reading,
        bytes: &[u8],
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<(), Trouble> {
        let Reading { events, assembly, flow } = reading;
        let taken = events.take(bytes, |event| self.event(assembly, flow, &event.name, &event.data, delta));
        let long = |_| self.too_much(format!("one line of more than {EVENT_BYTES_MAX} bytes"));
        taken.map_err(long)?
    }

    fn event(
        &self,
        assembly: &mut Box<dyn wire::Assembly>,
        flow: &mut Flow,
        name: &str,
        data: &str,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<(), Trouble> {
        // What comes after the end is nobody's.
        if *flow != Flow::Done {
            *flow = assembly.event(name, data, delta).map_err(|fault| self.fault(fault))?;
        }
        Ok(())
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
            wire::whole(self.endpoint.format, value, &self.asked).map_err(|fault| self.fault(fault))?;
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

    fn turn(&self, answer: Assembled, exchange: Exchange) -> Result<Turn, Trouble> {
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

/// A stream as far as it has been read.
struct Reading {
    events: Events,
    assembly: Box<dyn wire::Assembly>,
    flow: Flow,
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
