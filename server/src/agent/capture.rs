//! A command's output on its way to the record: whole up to a limit, its end beyond that.
//!
//! Invariants
//! - Memory does not grow with the output: bytes go to the store as they come.
//! - Paths of the shadow become paths of the workspace, line by line, before anything is stored.
//! - A store that cannot take more stops the command: no evidence, no task.

use vouchsafe_confine::{Cancel, Output, Shadow, Stream};
use vouchsafe_evidence::log::OutputRef;
use vouchsafe_evidence::store::{Spool, Store, StoreError};

/// The longest piece that is held back to see a path whole, in bytes.
const LINE_BYTES_MAX: usize = 1 << 16;

/// Both streams of one command.
pub(super) struct Capture<'a> {
    stdout: Stored<'a>,
    stderr: Stored<'a>,
    shadow: &'a Shadow,
    cancel: &'a Cancel,
    failed: Option<StoreError>,
}

struct Stored<'a> {
    spool: Spool<'a>,
    line: Vec<u8>,
    bytes_max: u64,
    /// Bytes that may still be stored.
    left: u64,
}

impl<'a> Capture<'a> {
    /// Stores at most `bytes_max` of each stream, and its end.
    pub(super) fn new(store: &'a Store, shadow: &'a Shadow, cancel: &'a Cancel, bytes_max: u64) -> Self {
        let stored = || Stored { spool: store.spool(), line: Vec::new(), bytes_max, left: bytes_max };
        Self { stdout: stored(), stderr: stored(), shadow, cancel, failed: None }
    }

    /// Takes what the command wrote.
    pub(super) fn take(&mut self, stream: Stream, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let stored = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        if let Err(error) = stored.take(bytes, self.shadow) {
            self.failed = Some(error);
            self.cancel.cancel();
        }
    }

    /// What was stored, standard output first.
    ///
    /// # Errors
    /// When the store could not take it.
    pub(super) fn finish(self, stdout: &Output, stderr: &Output) -> Result<[OutputRef; 2], StoreError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        Ok([self.stdout.finish(stdout, self.shadow)?, self.stderr.finish(stderr, self.shadow)?])
    }
}

impl Stored<'_> {
    fn take(&mut self, bytes: &[u8], shadow: &Shadow) -> Result<(), StoreError> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.left -= room as u64;
        self.line.extend_from_slice(bytes.get(..room).unwrap_or_default());
        let whole = self.line.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        let ready = whole.or_else(|| (self.line.len() > LINE_BYTES_MAX).then_some(self.line.len()));
        match ready {
            Some(ready) => {
                let rest = self.line.split_off(ready);
                let lines = std::mem::replace(&mut self.line, rest);
                self.spool.take(&shadow.map_back(&lines))
            }
            None => Ok(()),
        }
    }

    fn finish(mut self, output: &Output, shadow: &Shadow) -> Result<OutputRef, StoreError> {
        self.spool.take(&shadow.map_back(&self.line))?;
        let stored_all = output.total_bytes <= self.bytes_max;
        if !stored_all {
            let tail = output.kept.get(output.gap_at..).unwrap_or_default();
            self.spool.take(b"\n[the middle of the output was not stored]\n")?;
            self.spool.take(&shadow.map_back(tail))?;
        }
        let stored = self.spool.finish()?;
        Ok(OutputRef {
            blob: stored.digest,
            bytes_total: output.total_bytes,
            truncated: !stored_all,
            lines: stored.lines,
        })
    }
}
