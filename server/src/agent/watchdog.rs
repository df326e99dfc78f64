//! Ends a task at its wall time, whatever it waits for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use vouchsafe_confine::Cancel;

/// Cancels after a time, unless dropped before.
pub(super) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    over: Mutex<bool>,
    changed: Condvar,
    fired: AtomicBool,
}

impl Watchdog {
    /// Cancels `cancel` after `left`.
    pub(super) fn new(left: Duration, cancel: &Cancel) -> Self {
        let shared = Arc::new(Shared::default());
        let (watched, cancel) = (Arc::clone(&shared), cancel.clone());
        let watch = move || {
            let over = watched.over.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = watched.changed.wait_timeout_while(over, left, |over| !*over);
            if waited.is_ok_and(|(over, _)| !*over) {
                watched.fired.store(true, Ordering::SeqCst);
                cancel.cancel();
            }
        };
        // Without the thread each command and each turn still has a time limit of its own.
        let thread = std::thread::Builder::new().name("task-time".to_owned()).spawn(watch).ok();
        Self { shared, thread }
    }

    /// Whether it was the time that cancelled.
    pub(super) fn fired(&self) -> bool {
        self.shared.fired.load(Ordering::SeqCst)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        *self.shared.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // It only waits; a panic in it would have nothing to say.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fires_once_the_time_is_over_and_not_before() {
        let cancel = Cancel::default();
        let early = Watchdog::new(Duration::from_secs(600), &cancel);
        drop(early);
        assert!(!cancel.is_cancelled());
        let late = Watchdog::new(Duration::ZERO, &cancel);
        while !late.fired() {
            std::thread::yield_now();
        }
        drop(late);
        assert!(cancel.is_cancelled());
    }
}
