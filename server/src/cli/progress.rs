//! What is going on, on a terminal, once it takes longer than a second.
//!
//! Invariants
//! - Nothing is written when standard error is no terminal.
//! - The line is gone before anything else is written.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something may take before it is shown.
const QUIET: Duration = Duration::from_secs(1);
/// How often the shown time moves on.
const TICK: Duration = Duration::from_millis(200);

struct Line {
    label: String,
    since: Instant,
    quiet_since: Instant,
    shown: bool,
}

/// A line that says what is going on. Dropping it removes the line.
pub(super) struct Progress {
    line: Arc<Mutex<Line>>,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    pub(super) fn new(label: &str) -> Self {
        let now = Instant::now();
        let line = Line { label: label.to_owned(), since: now, quiet_since: now, shown: false };
        let line = Arc::new(Mutex::new(line));
        let ticker = io::stderr().is_terminal().then(|| tick(Arc::clone(&line))).flatten();
        Self { line, ticker }
    }

    /// Something else is going on now.
    pub(super) fn step(&self, label: &str) {
        self.clear();
        let mut line = self.lock();
        line.label = label.to_owned();
        line.since = Instant::now();
    }

    /// Makes room for other output.
    pub(super) fn clear(&self) {
        let mut line = self.lock();
        line.quiet_since = Instant::now();
        if std::mem::take(&mut line.shown) {
            drop(write!(io::stderr(), "\r\x1b[K"));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.ticker.take() {
            drop(stop);
            // A ticker that panicked has nothing more to say.
            drop(thread.join());
        }
        self.clear();
    }
}

fn tick(line: Arc<Mutex<Line>>) -> Option<(Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = mpsc::channel::<()>();
    let run = move || {
        while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
            if line.quiet_since.elapsed() >= QUIET {
                line.shown = true;
                let seconds = line.since.elapsed().as_secs();
                drop(write!(io::stderr(), "\r\x1b[K… {} {seconds} s", line.label));
            }
        }
    };
    let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(run).ok()?;
    Some((stop, thread))
}
