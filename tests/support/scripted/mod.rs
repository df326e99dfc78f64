//! A model that says what a script says: an HTTP server on this machine that speaks Chat Completions, Responses and
//! Anthropic Messages byte for byte, faults included.
//!
//! ```
//! use serde_json::json;
//! use vouchsafe_tests::scripted::{Model, calls, says};
//! let model = Model::start([calls("read", json!({ "path": "a.rs" })), says("It is empty.")]);
//! assert!(model.profile("chat").contains(&model.base_url()));
//! assert!(model.requests().is_empty());
//! ```
//!
//! Invariants
//! - The same script can be played in each format: the request's path says which.
//! - A request that the real provider would refuse is refused here, with status 400 and the reason: see `strict`.
//! - Every connection has a thread, all of them end when the [`Model`] is dropped.
//!
//! Absent on purpose
//! - An HTTP library, or async: what goes over the wire is written here, so that a fault is exactly what it says.

mod chat;
mod http;
mod messages;
mod responses;
mod strict;
mod turn;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use turn::{Call, Fault, Stop, Turn, Usage, calls, fails, says};

/// The name of the scripted model, and of a profile with it.
pub const MODEL: &str = "scripted-1";

/// The beginning of time, for [`Fault::Timed`].
pub fn epoch() -> Instant {
    static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);
    *EPOCH
}

/// A running model.
pub struct Model {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// `POST` or `GET`.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// Headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null where it is none or not JSON.
    pub body: Value,
    /// The body's bytes.
    pub bytes: Vec<u8>,
    /// When it had come.
    pub at: Instant,
    /// The number of its connection, from 0.
    pub connection: usize,
}

impl Received {
    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

type Script = Box<dyn FnMut(&Received) -> Option<Turn> + Send>;

struct Shared {
    script: Mutex<Script>,
    received: Mutex<Vec<Received>>,
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Model {
    /// A model that says these turns, one to each request, in order.
    pub fn start(turns: impl IntoIterator<Item = Turn>) -> Self {
        let mut turns = turns.into_iter().collect::<Vec<_>>().into_iter();
        Self::answering(move |_| turns.next())
    }

    /// A model that makes its turn from the request.
    pub fn answering(script: impl FnMut(&Received) -> Option<Turn> + Send + 'static) -> Self {
        Self::on(0, script)
    }

    /// The same on a port of this machine; 0 for any.
    pub fn on(port: u16, script: impl FnMut(&Received) -> Option<Turn> + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port of this machine");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            script: Mutex::new(Box::new(script)),
            received: Mutex::default(),
            stopped: Mutex::default(),
            changed: Condvar::new(),
        });
        let for_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                if for_thread.is_stopped() {
                    break;
                }
                let shared = Arc::clone(&for_thread);
                std::thread::spawn(move || http::serve(stream, number, &shared));
            }
        });
        Self { address, shared }
    }

    /// Where it is, as a profile's `base_url` has it.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Its host and port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A configuration that has this model, spoken to in a format, as its only one.
    #[must_use]
    pub fn profile(&self, format: &str) -> String {
        let url = self.base_url();
        format!(
            "[models.profiles.scripted]\nformat = \"{format}\"\nbase_url = \"{url}\"\nmodel = \"{MODEL}\"\n"
        )
    }

    /// The requests for turns that came so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        let received = self.shared.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().filter(|request| request.method == "POST").cloned().collect()
    }

    /// Waits until that many requests for turns have come.
    ///
    /// # Panics
    /// When they do not come in time.
    #[must_use]
    pub fn wait_for_requests(&self, count: usize) -> Vec<Received> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let requests = self.requests();
            if requests.len() >= count {
                return requests;
            }
            assert!(Instant::now() < deadline, "{} of {count} requests came", requests.len());
            self.shared.pause(Duration::from_millis(5));
        }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        *self.shared.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.changed.notify_all();
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, but not longer than the model lives. Whether it still does.
    fn pause(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.changed.wait_timeout_while(stopped, time, |stopped| !*stopped);
        ended.map_or(true, |(stopped, _)| !*stopped)
    }

    fn record(&self, request: Received) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }

    fn next_turn(&self, request: &Received) -> Option<Turn> {
        (self.script.lock().unwrap_or_else(PoisonError::into_inner))(request)
    }
}
