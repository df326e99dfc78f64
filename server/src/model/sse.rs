//! Server-sent events, as they come in pieces.
//!
//! Invariants
//! - Memory is bounded: an event may have [`EVENT_BYTES_MAX`], and nothing of it is kept when it has been given out.
//! - A piece may end anywhere, in the middle of a character or between `\r` and `\n`.
//!
//! Absent on purpose
//! - Reconnecting by `Last-Event-ID`: a request to a model is not resumed but made again.

/// The longest line and the longest event, in bytes.
pub(super) const EVENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// One event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Its name; empty if it has none.
    pub(super) name: String,
    /// Its data, lines joined.
    pub(super) data: String,
}

/// An event is longer than anything a model says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Takes bytes and gives events.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    name: String,
    data: Option<String>,
    after_cr: bool,
    begun: bool,
}

impl Events {
    /// Takes a piece; gives the events that it completes, in order, to `each`, until that says to stop.
    pub(super) fn take<E>(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(Event) -> Result<(), E>,
    ) -> Result<Result<(), E>, TooLong> {
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (head, rest) = bytes.split_at(end);
            self.push(head)?;
            let is_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            // The `\n` after a `\r` that ended the line before belongs to that line.
            if !(end == 0 && !is_cr && self.after_cr && self.line.is_empty()) {
                let line = std::mem::take(&mut self.line);
                if let Some(event) = self.line(&line)?
                    && let Err(error) = each(event)
                {
                    return Ok(Err(error));
                }
                self.line = line;
                self.line.clear();
            }
            self.after_cr = is_cr;
        }
        if !bytes.is_empty() {
            self.after_cr = false;
        }
        self.push(bytes)?;
        Ok(Ok(()))
    }

    /// What is left when the stream has ended: some servers leave out the last empty line.
    pub(super) fn rest(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        self.line(&line).ok()?;
        self.event()
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + bytes.len() > EVENT_BYTES_MAX {
            return Err(TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> Result<Option<Event>, TooLong> {
        let line = if self.begun { line } else { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) };
        self.begun = true;
        if line.is_empty() {
            return Ok(self.event());
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = String::from_utf8_lossy(value.strip_prefix(b" ").unwrap_or(value));
        match field {
            b"event" => self.name = value.into_owned(),
            b"data" => match &mut self.data {
                Some(data) if data.len() + value.len() >= EVENT_BYTES_MAX => return Err(TooLong),
                Some(data) => data.extend(["\n", &*value]),
                None => self.data = Some(value.into_owned()),
            },
            _ => {}
        }
        Ok(None)
    }

    fn event(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        self.data.take().map(|data| Event { name, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let (mut events, mut found) = (Events::default(), Vec::new());
        for piece in pieces {
            let taken = events.take(piece, |event| {
                found.push((event.name, event.data));
                Ok::<(), ()>(())
            });
            taken.unwrap().unwrap();
        }
        found.extend(events.rest().map(|event| (event.name, event.data)));
        found
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn events_have_names_data_and_comments() {
        let text = "\u{feff}: hello\n\nevent: a\ndata: 1\ndata:2\nid: 9\n\ndata\n\nretry: 3\n\ndata: last";
        assert_eq!(all(&[text.as_bytes()]), [pair("a", "1\n2"), pair("", ""), pair("", "last")]);
    }

    #[test]
    fn every_line_ending_and_every_cut_gives_the_same() {
        let wanted = [pair("a", "é: x\ny"), pair("", "z")];
        for ending in ["\n", "\r\n", "\r"] {
            let text = "event: a\ndata: é: x\ndata: y\n\ndata: z\n\n".replace('\n', ending);
            for cut in 0..=text.len() {
                let (head, tail) = text.as_bytes().split_at(cut);
                assert_eq!(all(&[head, tail]), wanted, "{ending:?} cut at {cut}");
            }
            let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(all(&bytes), wanted, "{ending:?} byte by byte");
        }
    }

    #[test]
    fn what_is_not_utf_8_does_not_stop_the_stream() {
        assert_eq!(all(&[b"data: a\xffb\n\n"]), [pair("", "a\u{fffd}b")]);
    }

    #[test]
    fn a_line_and_an_event_have_a_limit() {
        let piece = vec![b'x'; 1024 * 1024];
        let fails = |with_lines: bool| {
            let mut events = Events::default();
            (0..10).any(|_| {
                let mut text = b"data: ".to_vec();
                text.extend_from_slice(&piece);
                if with_lines {
                    text.push(b'\n');
                }
                events.take(&text, |_| Ok::<(), ()>(())).is_err()
            })
        };
        assert!(fails(false) && fails(true));
    }
}
