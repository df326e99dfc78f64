//! The base protocol of LSP: `Content-Length` and a body.

use std::io::{self, BufRead, Write};

/// The bytes of one message around `body`.
#[must_use]
pub fn framed(body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Writes one message and flushes.
///
/// # Errors
/// What the writer returns.
pub fn write(to: &mut impl Write, body: &[u8]) -> io::Result<()> {
    to.write_all(&framed(body))?;
    to.flush()
}

/// Reads one message; `None` at a clean end. Strict: exactly what the specification allows.
///
/// # Errors
/// `InvalidData` when the header is not one, `UnexpectedEof` when the stream ends inside a message.
pub fn read(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut first = true;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return if first { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        first = false;
        let Some(header) = line.strip_suffix("\r\n") else {
            return Err(invalid(format!("a header line must end with CR LF: {line:?}")));
        };
        match header.split_once(": ") {
            _ if header.is_empty() => break,
            Some(("Content-Length", number)) => {
                length =
                    Some(number.parse::<usize>().map_err(|_| invalid(format!("not a length: {number:?}")))?);
            }
            Some(("Content-Type", _)) => {}
            _ => return Err(invalid(format!("not a header of the base protocol: {header:?}"))),
        }
    }
    let mut body = vec![0; length.ok_or_else(|| invalid("no Content-Length".to_owned()))?];
    from.read_exact(&mut body)?;
    Ok(Some(body))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = framed(b"{}");
        bytes.extend(framed("{\"a\":\"é\"}".as_bytes()));
        let mut from = bytes.as_slice();
        assert_eq!(read(&mut from).unwrap().unwrap(), b"{}");
        assert_eq!(read(&mut from).unwrap().unwrap(), "{\"a\":\"é\"}".as_bytes());
        assert_eq!(read(&mut from).unwrap(), None);
    }

    #[test]
    fn what_is_not_the_base_protocol_is_named() {
        for bad in ["hello\r\n\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 2\n\n{}", "\r\n"] {
            assert_eq!(read(&mut bad.as_bytes()).unwrap_err().kind(), io::ErrorKind::InvalidData, "{bad:?}");
        }
        let cut = read(&mut "Content-Length: 9\r\n\r\n{}".as_bytes()).unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
    }
}
