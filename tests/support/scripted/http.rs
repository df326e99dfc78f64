//! HTTP/1.1 as far as a model's client needs it, and the faults that lie below the formats.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Fault, MODEL, Received, Shared, Turn, chat, epoch, messages, responses, strict};

/// Serves one connection until the client or the model ends it.
pub(super) fn serve(stream: TcpStream, number: usize, shared: &Shared) {
    stream.set_nodelay(true).ok();
    let Ok(writing) = stream.try_clone() else { return };
    let mut reading = BufReader::new(stream);
    // A client that goes away is no failure of the model.
    while let Ok(Some(request)) = receive(&mut reading, number) {
        let mut connection = Connection { stream: &writing, shared, bytewise: false };
        if !matches!(connection.answer(&request), Ok(true)) || shared.is_stopped() {
            break;
        }
    }
    writing.shutdown(Shutdown::Both).ok();
}

fn receive(reading: &mut impl BufRead, connection: usize) -> Result<Option<Received>> {
    let mut line = String::new();
    if reading.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reading.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0);
    let mut bytes = vec![0; length];
    reading.read_exact(&mut bytes)?;
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(Some(Received { method, path, headers, body, bytes, at: Instant::now(), connection }))
}

struct Connection<'c> {
    stream: &'c TcpStream,
    shared: &'c Shared,
    bytewise: bool,
}

/// The events of a turn in one format, and the same turn whole.
pub(super) struct Said {
    pub(super) events: Vec<String>,
    /// What closes the stream.
    pub(super) done: String,
    pub(super) whole: Value,
    /// An event with a piece of text.
    pub(super) piece: String,
    /// Where in `events` a piece of text may stand.
    pub(super) text_at: usize,
}

impl Connection<'_> {
    /// Whether the connection stays.
    fn answer(&mut self, request: &Received) -> Result<bool> {
        self.shared.record(request.clone());
        let path = request.path.split('?').next().unwrap_or_default();
        if request.method == "GET" && path.ends_with("/models") {
            let list =
                json!({ "object": "list", "data": [{ "id": MODEL, "object": "model" }], "has_more": false });
            return self.json(200, &[], &list.to_string());
        }
        let format =
            ["chat/completions", "responses", "messages"].into_iter().find(|end| path.ends_with(end));
        let (Some(format), "POST") = (format, request.method.as_str()) else {
            return self.json(
                404,
                &[],
                r#"{"error":{"message":"there is nothing here","type":"not_found_error"}}"#,
            );
        };
        let complaint = match format {
            "chat/completions" => strict::chat(&request.body),
            "responses" => strict::responses(&request.body),
            _ => strict::messages(request),
        };
        if let Err(complaint) = complaint {
            let error = json!({ "type": "error", "error": { "type": "invalid_request_error", "message": complaint } });
            return self.json(400, &[], &error.to_string());
        }
        let Some(turn) = self.shared.next_turn(request) else {
            return self.json(400, &[], r#"{"error":{"message":"the script has no more turns"}}"#);
        };
        let said = match format {
            "chat/completions" => chat::said(&turn, &request.body),
            "responses" => responses::said(&turn, &request.body),
            _ => messages::said(&turn),
        };
        self.bytewise = turn.is(|fault| matches!(fault, Fault::Bytewise));
        self.play(&turn, &said, request.body.get("stream") == Some(&Value::Bool(true)))
    }

    fn play(&mut self, turn: &Turn, said: &Said, stream: bool) -> Result<bool> {
        match &turn.fault {
            Some(Fault::Status(status, headers, body)) => return self.json(*status, headers, body),
            Some(Fault::Redirect(to)) => {
                return self.json(307, &[("location".to_owned(), to.clone())], "{}");
            }
            Some(Fault::Reset) => return self.reset(),
            Some(Fault::Closed) => return Ok(false),
            Some(Fault::Raw(bytes)) => {
                self.write(bytes)?;
                return Ok(false);
            }
            Some(Fault::Body(kind, bytes)) => {
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
                    bytes.len()
                );
                self.write(head.as_bytes())?;
                self.write(bytes)?;
                return Ok(true);
            }
            Some(Fault::Slow(ms)) => return self.slow(&said.events.concat(), *ms),
            Some(Fault::Whole) => return self.json(200, &[], &said.whole.to_string()),
            _ if !stream => return self.json(200, &[], &said.whole.to_string()),
            _ => {}
        }
        self.head()?;
        self.stream(turn, said)
    }

    fn head(&mut self) -> Result<()> {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n\
                    x-request-id: req_scripted\r\ntransfer-encoding: chunked\r\n\r\n";
        self.write(head.as_bytes())
    }

    fn stream(&mut self, turn: &Turn, said: &Said) -> Result<bool> {
        let events = |count: usize| said.events.iter().take(count);
        let all = said.events.len();
        match turn.fault.clone() {
            Some(Fault::EndAfter(count)) => self.chunks(events(count))?,
            Some(Fault::ResetAfter(count)) => {
                self.chunks(events(count))?;
                return self.reset();
            }
            Some(Fault::StallAfter(count)) => {
                self.chunks(events(count))?;
                while self.shared.pause(Duration::from_secs(1)) {}
                return Ok(false);
            }
            Some(Fault::EventAfter(count, event)) => {
                self.chunks(events(count))?;
                self.chunk(&event)?;
            }
            Some(Fault::Comments(ms)) => {
                while self.shared.pause(Duration::from_millis(ms)) {
                    self.chunk(": still here\n\n")?;
                }
            }
            Some(Fault::Endless) => {
                self.chunks(events(said.text_at))?;
                while !self.shared.is_stopped() {
                    self.chunk(&said.piece)?;
                }
            }
            Some(Fault::Timed(count, us)) => {
                self.chunks(events(said.text_at))?;
                for _ in 0..count {
                    self.shared.pause(Duration::from_micros(us));
                    let now = format!("{} ", epoch().elapsed().as_nanos());
                    self.chunk(&said.piece.replace("word ", &now))?;
                }
                self.chunks(said.events.iter().skip(said.text_at))?;
                self.chunk(&said.done)?;
            }
            Some(Fault::Long(count)) => {
                self.chunks(events(said.text_at))?;
                for _ in 0..count {
                    self.chunk(&said.piece)?;
                }
                self.chunks(said.events.iter().skip(said.text_at))?;
                self.chunk(&said.done)?;
            }
            Some(Fault::LongLine(bytes)) => self.chunk(&format!("data: {}\n\n", "x".repeat(bytes)))?,
            Some(Fault::NoDone) => self.chunks(events(all))?,
            _ => {
                self.chunks(events(all))?;
                self.chunk(&said.done)?;
            }
        }
        self.write(b"0\r\n\r\n")?;
        Ok(true)
    }

    fn chunks<'e>(&mut self, events: impl Iterator<Item = &'e String>) -> Result<()> {
        for event in events {
            self.chunk(event)?;
        }
        Ok(())
    }

    fn chunk(&mut self, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.write(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
    }

    fn json(&mut self, status: u16, headers: &[(String, String)], body: &str) -> Result<bool> {
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\ncontent-type: {kind}\r\nrequest-id: req_scripted\r\n{more}content-length: {}\r\n\r\n",
            body.len()
        );
        self.write((head + body).as_bytes())?;
        Ok(true)
    }

    fn slow(&mut self, text: &str, ms: u64) -> Result<bool> {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        for byte in (head.to_owned() + text).bytes() {
            self.write(&[byte])?;
            if !self.shared.pause(Duration::from_millis(ms)) {
                break;
            }
        }
        Ok(false)
    }

    /// Closes so that the other side sees a reset, not an end.
    fn reset(&mut self) -> Result<bool> {
        rustix::net::sockopt::set_socket_linger(self.stream, Some(Duration::ZERO))?;
        Ok(false)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let mut stream = self.stream;
        if self.bytewise {
            return bytes.iter().try_for_each(|byte| stream.write_all(&[*byte]));
        }
        stream.write_all(bytes)
    }
}
