//! A server process and its messages, with a deadline on every wait.
//!
//! Invariants
//! - Sending never blocks and never fails: a thread writes. A server that stops reading is noticed by a wait.
//! - Everything read or written is in the log before anybody sees it.

use std::ffi::OsString;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::log::{Log, Sent};
use crate::{frame, process};

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Its working directory.
    pub directory: PathBuf,
}

/// What came from the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// A message.
    Message(Value),
    /// Its standard output ended.
    Closed,
    /// Something that is no message: one sentence.
    Broken(String),
}

/// The running server.
#[derive(Debug)]
pub struct Wire {
    child: Child,
    to: Option<Sender<Vec<u8>>>,
    from: Receiver<Incoming>,
    errors: Arc<Mutex<Vec<u8>>>,
    /// All messages so far.
    pub log: Log,
}

impl Wire {
    /// Starts the server.
    ///
    /// # Panics
    /// If the program cannot be started.
    #[must_use]
    pub fn start(launch: &Launch) -> Self {
        let mut command = Command::new(&launch.program);
        command.args(&launch.args).env_clear().envs(launch.environment.iter().cloned());
        command.current_dir(&launch.directory);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", launch.program.display()));
        let log = Log::default();
        let to = writer(child.stdin.take().expect("piped"));
        let from = reader(child.stdout.take().expect("piped"), log.clone());
        let errors = Arc::new(Mutex::new(Vec::new()));
        collect(child.stderr.take().expect("piped"), Arc::clone(&errors));
        Self { child, to: Some(to), from, errors, log }
    }

    /// The server's process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends one message.
    pub fn send(&self, message: &Value) {
        self.log.message(Sent::ByClient, message);
        self.push(frame::framed(message.to_string().as_bytes()));
    }

    /// Sends bytes as they are: for input that is not LSP.
    pub fn send_raw(&self, bytes: &[u8]) {
        self.log.remark(&format!("raw: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(200)])));
        self.push(bytes.to_vec());
    }

    fn push(&self, bytes: Vec<u8>) {
        if let Some(to) = &self.to
            && to.send(bytes).is_err()
        {
            self.log.remark("the server no longer reads");
        }
    }

    /// The next thing from the server; `None` at the deadline.
    #[must_use]
    pub fn receive(&self, deadline: Instant) -> Option<Incoming> {
        match self.from.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(incoming) => Some(incoming),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Incoming::Closed),
        }
    }

    /// Ends the server's standard input, after everything sent was written.
    pub fn close_input(&mut self) {
        self.to = None;
    }

    /// Waits for the server to end by itself.
    #[must_use]
    pub fn ended(&mut self, limit: Duration) -> Option<ExitStatus> {
        if process::ends(self.child.id(), limit) { self.child.try_wait().ok().flatten() } else { None }
    }

    /// What the server wrote to standard error so far.
    #[must_use]
    pub fn errors(&self) -> String {
        let bytes = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The messages and the standard error, for a failure; keeps the whole log beside the test binary.
    #[must_use]
    pub fn story(&self) -> String {
        let name: String = thread::current().name().unwrap_or("test").replace("::", "-");
        let dir = std::env::current_exe().ok().and_then(|test| Some(test.parent()?.to_owned()));
        let kept =
            self.log.keep(&dir.as_deref().unwrap_or(Path::new("/tmp")).join(format!("{name}.messages")));
        format!("{}\nstandard error of the server:\n{}\n{kept}", self.log.tail(), self.errors())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.to = None;
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            self.child.kill().expect("a process of ours can be killed");
            self.child.wait().expect("a killed process can be waited for");
        }
    }
}

fn writer(mut stdin: ChildStdin) -> Sender<Vec<u8>> {
    let (to, queue) = mpsc::channel::<Vec<u8>>();
    thread::spawn(move || {
        for bytes in queue {
            if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
                return;
            }
        }
    });
    to
}

fn reader(stdout: ChildStdout, log: Log) -> Receiver<Incoming> {
    let (to, from) = mpsc::channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        loop {
            let incoming = next(&mut stdout);
            match &incoming {
                Incoming::Message(message) => log.message(Sent::ByServer, message),
                Incoming::Closed => log.remark("the server's output ended"),
                Incoming::Broken(what) => log.remark(what),
            }
            let last = !matches!(incoming, Incoming::Message(_));
            if to.send(incoming).is_err() || last {
                return;
            }
        }
    });
    from
}

fn next(stdout: &mut BufReader<ChildStdout>) -> Incoming {
    match frame::read(stdout) {
        Ok(None) => Incoming::Closed,
        Ok(Some(body)) => serde_json::from_slice(&body).map_or_else(
            |error| Incoming::Broken(format!("no JSON: {error}: {}", String::from_utf8_lossy(&body))),
            Incoming::Message,
        ),
        Err(error) => Incoming::Broken(format!("no frame: {error}")),
    }
}

fn collect(mut stderr: impl Read + Send + 'static, into: Arc<Mutex<Vec<u8>>>) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stderr.read(&mut buffer) {
            into.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
        }
    });
}
