//! Where the bytes of outputs come from, and how much of them a page needs.

use std::collections::VecDeque;
use std::io::{self, Write};

use vouchsafe_base::Digest;

use super::{LINE_CHARS_MAX, OUTPUT_HEAD_LINES, OUTPUT_TAIL_LINES};
use crate::store::Store;

/// Of one line so many bytes are looked at: enough for what is shown of it.
const LINE_BYTES_MAX: usize = 4 * LINE_CHARS_MAX;

/// A source of stored bytes.
pub trait Blobs {
    /// What a page shows of the bytes with this digest; `None` if they are not there.
    fn ends(&self, digest: Digest) -> Option<Ends>;
}

/// The first and the last lines of something, collected line by line in bounded memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ends {
    pub(super) head: Vec<Line>,
    pub(super) tail: VecDeque<Line>,
    pub(super) lines: u32,
    open: Option<Line>,
}

/// A line without its middle part, if it is very long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub(super) start: Vec<u8>,
    pub(super) more_bytes: u64,
}

impl Ends {
    /// The ends of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut ends = Self::default();
        ends.take(bytes);
        ends.finish()
    }

    fn take(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = self.open.get_or_insert_default();
            let room = LINE_BYTES_MAX.saturating_sub(line.start.len()).min(part.len());
            line.start.extend(part.get(..room).unwrap_or_default());
            line.more_bytes += (part.len() - room) as u64;
            if part.ends_with(b"\n") {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let Some(line) = self.open.take() else { return };
        self.lines = self.lines.saturating_add(1);
        if self.head.len() < OUTPUT_HEAD_LINES as usize {
            self.head.push(line);
            return;
        }
        self.tail.push_back(line);
        if self.tail.len() > OUTPUT_TAIL_LINES as usize {
            self.tail.pop_front();
        }
    }

    fn finish(mut self) -> Self {
        self.close();
        self
    }

    /// How many lines between the ends are not there.
    pub(super) fn left_out(&self) -> u32 {
        self.lines - u32::try_from(self.head.len() + self.tail.len()).unwrap_or(self.lines)
    }
}

impl Write for Ends {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Blobs for &dyn Fn(Digest) -> Option<Vec<u8>> {
    fn ends(&self, digest: Digest) -> Option<Ends> {
        self(digest).map(|bytes| Ends::of(&bytes))
    }
}

impl Blobs for Store {
    /// What cannot be read counts as not there; `verify` says more.
    fn ends(&self, digest: Digest) -> Option<Ends> {
        let mut ends = Ends::default();
        let found = self.read_blob(digest, &mut ends).unwrap_or(false);
        found.then(|| ends.finish())
    }
}
