//! Our own reader in front of tower-lsp: frames in, good frames out, everything else answered here.
//!
//! tower-lsp ends on the first frame it cannot decode and does not end on `exit` while its input stays open.
//! So this reads the frames, bounds their length, checks that each is a JSON-RPC message tower-lsp will decode
//! and passes the bytes on unchanged.
//!
//! Invariants
//! - Frames keep their order; nothing is dropped without an answer that says so, where JSON-RPC allows one.
//! - After a broken frame the reader finds the next header by itself.
//!
//! Absent on purpose
//! - Any knowledge of LSP beyond `shutdown` and `exit`.

use serde_json::{Value, json};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// Longest message body accepted, in bytes.
pub(super) const BODY_BYTES_MAX: u64 = 256 << 20;
/// Longest header line accepted, in bytes.
const LINE_BYTES_MAX: u64 = 4096;

/// JSON-RPC error codes this layer answers with.
mod code {
    pub(super) const PARSE_ERROR: i64 = -32_700;
    pub(super) const INVALID_REQUEST: i64 = -32_600;
    pub(super) const METHOD_NOT_FOUND: i64 = -32_601;
}

/// What one frame turned out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// A message tower-lsp can decode: the body.
    Message(Vec<u8>),
    /// `shutdown`, to be passed on and remembered: the body.
    Shutdown(Vec<u8>),
    /// The `exit` notification.
    Exit,
    /// Nothing to pass on; the answer to send, if JSON-RPC allows one.
    Refused(Option<Value>),
    /// The input has ended.
    End,
}

/// Reads the next frame.
///
/// # Errors
/// Only when reading the input fails; malformed input is [`Frame::Refused`].
pub(super) async fn next<R: AsyncBufRead + Unpin>(input: &mut R) -> std::io::Result<Frame> {
    let length = match header(input).await? {
        Header::Length(length) => length,
        Header::Bad => return Ok(refuse(&Value::Null, code::PARSE_ERROR, "no valid Content-Length header")),
        Header::End => return Ok(Frame::End),
    };
    if length > BODY_BYTES_MAX {
        tokio::io::copy(&mut input.take(length), &mut tokio::io::sink()).await?;
        return Ok(refuse(&Value::Null, code::INVALID_REQUEST, "the message is larger than 256 MiB"));
    }
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body).await?;
    if (body.len() as u64) < length {
        return Ok(Frame::End);
    }
    Ok(judge(body))
}

/// Reads the next body from a writer that is known to frame well; `None` at the end.
///
/// # Errors
/// When reading fails.
pub(super) async fn body<R: AsyncBufRead + Unpin>(input: &mut R) -> std::io::Result<Option<Vec<u8>>> {
    let Header::Length(length) = header(input).await? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body).await?;
    Ok((body.len() as u64 == length).then_some(body))
}

enum Header {
    Length(u64),
    Bad,
    End,
}

/// Reads header lines up to the empty one. A line that is no header of a frame is skipped, so that the reader
/// finds its way after a wrong length.
async fn header<R: AsyncBufRead + Unpin>(input: &mut R) -> std::io::Result<Header> {
    let mut length = None;
    let mut garbage = false;
    loop {
        let mut line = Vec::new();
        if input.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await? == 0 {
            return Ok(Header::End);
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            match length {
                Some(length) => return Ok(Header::Length(length)),
                None if garbage => return Ok(Header::Bad),
                None => {}
            }
        } else if let Some(value) = content_length(text) {
            length = value;
            garbage |= value.is_none();
        } else if !is_header(text) {
            garbage = true;
        }
    }
}

/// `Some(None)` for the right header with a wrong value. The header may follow garbage on the same line.
fn content_length(line: &[u8]) -> Option<Option<u64>> {
    const NAME: &[u8] = b"content-length:";
    let at = line.windows(NAME.len()).rposition(|window| window.eq_ignore_ascii_case(NAME))?;
    let value = line.get(at + NAME.len()..)?.trim_ascii();
    Some(std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()))
}

fn is_header(line: &[u8]) -> bool {
    line.iter().position(|byte| *byte == b':').is_some_and(|colon| {
        line.iter().take(colon).all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') && colon > 0
    })
}

/// Decides whether tower-lsp would decode this body, and answers it otherwise.
fn judge(body: Vec<u8>) -> Frame {
    let message: Value = match serde_json::from_slice(&body) {
        Ok(message) => message,
        Err(error) => return refuse(&Value::Null, code::PARSE_ERROR, &format!("not valid JSON: {error}")),
    };
    let Some(fields) = message.as_object() else {
        return refuse(
            &Value::Null,
            code::INVALID_REQUEST,
            "a message is one JSON object; LSP has no batches",
        );
    };
    let id = fields.get("id");
    let known_id = id.filter(|id| id.is_i64() || id.is_string());
    let answer_to = known_id.unwrap_or(&Value::Null);
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return refuse(answer_to, code::INVALID_REQUEST, "`jsonrpc` must be \"2.0\"");
    }
    match fields.get("method") {
        Some(Value::String(method)) => match (id, known_id) {
            (Some(_), None) => {
                refuse(&Value::Null, code::INVALID_REQUEST, "`id` must be a number or a string")
            }
            (None, _) if method == "exit" => Frame::Exit,
            (Some(_), Some(id)) if method.starts_with("$/") => {
                refuse(id, code::METHOD_NOT_FOUND, &format!("unknown method {method}"))
            }
            (Some(_), Some(id)) if method == "shutdown" => Frame::Shutdown(match fields.get("params") {
                // What eglot sends; tower-lsp takes no `params` at all here.
                Some(Value::Null) => {
                    json!({ "jsonrpc": "2.0", "id": id, "method": method }).to_string().into_bytes()
                }
                _ => body,
            }),
            _ if params_fit(fields.get("params")) => Frame::Message(body),
            _ => refuse(answer_to, code::INVALID_REQUEST, "`params` must be an object or an array"),
        },
        Some(_) => refuse(answer_to, code::INVALID_REQUEST, "`method` must be a string"),
        None if is_response(fields) => Frame::Message(body),
        // A broken response is never answered: JSON-RPC has no answer to an answer.
        None if fields.contains_key("result") || fields.contains_key("error") => Frame::Refused(None),
        None => refuse(answer_to, code::INVALID_REQUEST, "neither a request nor a response"),
    }
}

fn params_fit(params: Option<&Value>) -> bool {
    params.is_none_or(|params| params.is_object() || params.is_array() || params.is_null())
}

fn is_response(fields: &serde_json::Map<String, Value>) -> bool {
    let id = fields.get("id").is_some_and(|id| id.is_i64() || id.is_string());
    let error_fits = |error: &Value| {
        error.get("code").is_some_and(Value::is_i64) && error.get("message").is_some_and(Value::is_string)
    };
    id && match (fields.get("result"), fields.get("error")) {
        (Some(_), None) => true,
        (None, Some(error)) => error_fits(error),
        _ => false,
    }
}

fn refuse(id: &Value, code: i64, message: &str) -> Frame {
    Frame::Refused(Some(json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })))
}

/// A body with its header, ready to be written.
#[must_use]
pub(super) fn framed(body: &[u8]) -> Vec<u8> {
    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    frame.extend_from_slice(body);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn frames(bytes: &[u8]) -> Vec<Frame> {
        let mut input = tokio::io::BufReader::new(bytes);
        let mut seen = Vec::new();
        loop {
            match next(&mut input).await.unwrap() {
                Frame::End => return seen,
                frame => seen.push(frame),
            }
        }
    }

    fn code_of(frame: &Frame) -> Option<i64> {
        match frame {
            Frame::Refused(Some(answer)) => answer["error"]["code"].as_i64(),
            _ => None,
        }
    }

    const GOOD: &[u8] = br#"{"jsonrpc":"2.0","id":1,"method":"x","params":{}}"#;

    #[tokio::test]
    async fn good_frames_pass_unchanged_whatever_came_before() {
        let broken: &[&[u8]] = &[
            b"Content-Length: 3\r\n\r\n{]}",
            b"Content-Length: 99999999999999999999999\r\n\r\n",
            b"Content-Length: x\r\n\r\n",
            b"garbage\r\n\r\n",
            &framed(b"\xff\xfe"),
            &framed(br#"{"jsonrpc":"2.0","method":"\ud800"}"#),
            &framed(b"[]"),
            &framed(&b"[".repeat(100_000)),
            &framed(br#"{"jsonrpc":"1.0","id":1,"method":"x"}"#),
            &framed(br#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#),
            &framed(br#"{"jsonrpc":"2.0","id":1,"method":"x","params":3}"#),
            &framed(br#"{"jsonrpc":"2.0","id":1}"#),
            &framed(br#"{"jsonrpc":"2.0","id":7,"method":"$/unknown"}"#),
        ];
        for bytes in broken {
            let seen = frames(&[bytes, framed(GOOD).as_slice()].concat()).await;
            let shown = String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes)).into_owned();
            assert_eq!(seen.last(), Some(&Frame::Message(GOOD.to_vec())), "{shown}");
            assert!(seen.iter().rev().skip(1).all(|frame| code_of(frame).is_some()), "{shown}: {seen:?}");
            assert!(seen.len() >= 2, "{shown}");
        }
    }

    #[tokio::test]
    async fn the_length_header_may_be_in_any_case_and_company() {
        let frame = [b"content-type: x\r\ncontent-length: 49\r\n\r\n", GOOD].concat();
        assert_eq!(frames(&frame).await, [Frame::Message(GOOD.to_vec())]);
    }

    #[tokio::test]
    async fn exit_and_shutdown_are_told_apart_from_the_rest() {
        let shutdown = br#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#;
        let bytes = [framed(shutdown), framed(br#"{"jsonrpc":"2.0","method":"exit"}"#)].concat();
        assert_eq!(frames(&bytes).await, [Frame::Shutdown(shutdown.to_vec()), Frame::Exit]);
    }

    #[tokio::test]
    async fn a_shutdown_with_null_for_parameters_loses_them() {
        let bytes = framed(br#"{"jsonrpc":"2.0","id":1,"method":"shutdown","params":null}"#);
        let seen = frames(&bytes).await;
        let [Frame::Shutdown(body)] = seen.as_slice() else { panic!("{seen:?}") };
        assert_eq!(
            serde_json::from_slice::<Value>(body).unwrap(),
            json!({ "jsonrpc": "2.0", "id": 1, "method": "shutdown" })
        );
    }

    #[tokio::test]
    async fn a_broken_response_is_dropped_in_silence() {
        let bytes = framed(br#"{"jsonrpc":"2.0","id":1,"error":{}}"#);
        assert_eq!(frames(&bytes).await, [Frame::Refused(None)]);
    }
}
