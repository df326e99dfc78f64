//! Asks one endpoint, try after try, until there is a whole turn or a named reason why not.
//!
//! Invariants
//! - It ends: by the turn, an error, the cancellation (within milliseconds, whatever the server does) or the turn's deadline.
//! - A turn is given once. A try that broke leaves nothing but pieces that were shown, and says that they are void.
//! - Nothing outlives it: dropping the client closes its connections.
//!
//! Absent on purpose
//! - Sharing by several tasks: each has its own client and its own thread.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep, timeout_at};
use vouchsafe_confine::Cancel;

use super::attempt::attempt;
use super::endpoint::{Endpoint, KeySource};
use super::error::{ModelError, Place};
use super::fault::{Last, Trouble};
use super::keys::{self, Keys, Secret};
use super::manners::Manners;
use super::{Delta, Request, Turn, http};

/// The first wait between two tries; each further one is twice as long.
const WAIT_FIRST: Duration = Duration::from_millis(500);
/// The longest wait that we choose.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// The longest wait that a server may ask for; a longer one is told to the user.
const WAIT_ASKED_MAX: Duration = Duration::from_secs(120);

/// A client of one endpoint, for one task.
pub struct Client {
    pub(super) endpoint: Endpoint,
    keys: Keys,
    key: OnceLock<Option<Secret>>,
    pub(super) http: reqwest::Client,
    runtime: Option<Runtime>,
    manners: Mutex<Manners>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Never waits for a name that is still being looked up.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// For an endpoint. Nothing is sent yet; a key that a command must print is asked for with the first turn.
    ///
    /// # Errors
    /// When a key is missing or a setting (certificates, proxy) cannot be used here.
    pub fn new(endpoint: &Endpoint, keys: &Keys) -> Result<Self, ModelError> {
        let http = http::client(endpoint)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ModelError::Machine(error.to_string()))?;
        let client = Self {
            endpoint: endpoint.clone(),
            keys: keys.clone(),
            key: OnceLock::new(),
            http,
            runtime: Some(runtime),
            manners: Mutex::default(),
        };
        if !matches!(endpoint.key, KeySource::Command(_)) {
            client.key(&Cancel::default())?;
        }
        Ok(client)
    }

    /// The endpoint it asks.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Asks for the next turn. Blocks; what comes is shown to `delta` at once.
    ///
    /// # Errors
    /// When there is no turn: see [`ModelError`].
    pub fn ask(
        &self,
        request: &Request<'_>,
        cancel: &Cancel,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Turn, ModelError> {
        let key = self.key(cancel)?;
        self.until_cancelled(cancel, self.tries(request, key, delta))
    }

    /// Shows the key to whoever keeps it out of what is written, and to nobody else. Asks for it if that has not been
    /// done yet.
    ///
    /// # Errors
    /// [`ModelError::NoKey`], or that it was cancelled.
    pub fn reveal(&self, cancel: &Cancel, to: &mut dyn FnMut(&str)) -> Result<(), ModelError> {
        if let Some(secret) = self.key(cancel)? {
            to(secret.for_header());
        }
        Ok(())
    }

    /// The text with this client's key replaced, as far as the key is known yet: a workspace may hold it.
    #[must_use]
    pub fn masked(&self, text: String) -> String {
        match self.key.get() {
            Some(Some(secret)) => secret.masked(text),
            _ => text,
        }
    }

    pub(super) fn key(&self, cancel: &Cancel) -> Result<Option<&Secret>, ModelError> {
        if self.key.get().is_none() {
            let found = keys::find(&self.endpoint, &self.keys, cancel)?;
            self.key.set(found).ok();
        }
        Ok(self.key.get().and_then(Option::as_ref))
    }

    pub(super) fn until_cancelled<T>(
        &self,
        cancel: &Cancel,
        work: impl Future<Output = Result<T, ModelError>>,
    ) -> Result<T, ModelError> {
        let Some(runtime) = &self.runtime else { return Err(ModelError::Cancelled) };
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = cancelled(cancel) => Err(ModelError::Cancelled),
                done = work => done,
            }
        })
    }

    pub(super) fn manners(&self) -> Manners {
        self.manners.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn tries(
        &self,
        request: &Request<'_>,
        key: Option<&Secret>,
        delta: &mut dyn FnMut(Delta<'_>),
    ) -> Result<Turn, ModelError> {
        let deadline = Instant::now() + self.endpoint.turn_timeout;
        let mut tried = 0;
        loop {
            let tries = attempt(self, request, key, &mut *delta);
            let trouble = match timeout_at(deadline, tries).await {
                Ok(Ok(turn)) => return Ok(turn),
                Ok(Err(trouble)) => trouble,
                Err(_elapsed) => return Err(self.too_long()),
            };
            match trouble {
                Trouble::Final(error) => return Err(error),
                // Bounded: each gives something up for good.
                Trouble::Otherwise { manners, why } => {
                    *self.manners.lock().unwrap_or_else(PoisonError::into_inner) = manners;
                    delta(Delta::Again(&format!("asking {} in another way: {why}", self.endpoint.host())));
                }
                Trouble::Again { why, after, last } => {
                    tried += 1;
                    let wait = after.unwrap_or_default().max(wait_after(tried));
                    let asked_too_much = after.is_some_and(|after| after > WAIT_ASKED_MAX);
                    if tried >= self.endpoint.tries_max || asked_too_much || Instant::now() + wait > deadline
                    {
                        return Err(self.given_up(last, why, after, tried));
                    }
                    delta(Delta::Again(&format!("asking the model again in {} s: {why}", wait.as_secs())));
                    sleep(wait).await;
                }
            }
        }
    }

    fn too_long(&self) -> ModelError {
        let said = format!("more than {} s for one turn", self.endpoint.turn_timeout.as_secs());
        ModelError::too_long(&self.endpoint, "timeout_s", said)
    }

    fn given_up(&self, last: Last, said: String, retry_after: Option<Duration>, tries: u32) -> ModelError {
        let at = Place::of(&self.endpoint, &["base_url"]);
        match last {
            Last::Unreachable => ModelError::Unreachable { at, tries, said },
            Last::BrokenOff => ModelError::BrokenOff { at, tries, said },
            Last::Busy => ModelError::Busy { at, retry_after, said },
            Last::Empty => ModelError::Empty { at, tries },
        }
    }
}

/// Half a second, one, two …, up to a quarter more or less, so that several tasks do not come back together.
fn wait_after(tried: u32) -> Duration {
    let wait = WAIT_FIRST.saturating_mul(1 << tried.saturating_sub(1).min(10)).min(WAIT_MAX);
    wait.mul_f64(0.75 + f64::from(random()) / f64::from(u16::MAX) / 2.0)
}

fn random() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    let [low, high, ..] = RandomState::new().hash_one(0_u8).to_ne_bytes();
    u16::from_ne_bytes([low, high])
}

/// Comes back when it is cancelled.
async fn cancelled(cancel: &Cancel) {
    // Not a pipe, but waited for as one: readable once and for ever.
    #[cfg(target_os = "linux")]
    if let Some(descriptor) = cancel.descriptor().and_then(|descriptor| descriptor.try_clone_to_owned().ok())
        && let Ok(watched) = tokio::net::unix::pipe::Receiver::from_owned_fd_unchecked(descriptor)
        && watched.readable().await.is_ok()
    {
        return;
    }
    while !cancel.is_cancelled() {
        sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_have_a_ceiling() {
        for (tried, least, most) in [(1, 375, 625), (2, 750, 1250), (3, 1500, 2500), (20, 22_500, 37_500)] {
            for _ in 0..50 {
                let wait = wait_after(tried).as_millis();
                assert!((least..=most).contains(&wait), "{tried}: {wait}");
            }
        }
    }
}
