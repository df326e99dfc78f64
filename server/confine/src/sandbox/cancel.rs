//! Stopping a command from another thread, at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancels the commands that were given it (or a clone). Stays cancelled.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<State>);

#[derive(Debug)]
struct State {
    cancelled: AtomicBool,
    #[cfg(target_os = "linux")]
    wake: Option<std::os::fd::OwnedFd>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cancelled: AtomicBool::new(false),
            // Without a descriptor left the runner still looks at the flag each time it wakes for something else.
            #[cfg(target_os = "linux")]
            wake: rustix::event::eventfd(
                0,
                rustix::event::EventfdFlags::CLOEXEC | rustix::event::EventfdFlags::NONBLOCK,
            )
            .ok(),
        }
    }
}

impl Cancel {
    /// Cancels; wakes every runner that waits. Calling it again does nothing.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        #[cfg(target_os = "linux")]
        if let Some(wake) = &self.0.wake {
            // A full counter is already readable, which is all that is wanted.
            rustix::io::write(wake, &1u64.to_ne_bytes()).ok();
        }
    }

    /// Whether [`Self::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Readable once cancelled, and for ever after: for whoever waits for other descriptors as well. `None` when the
    /// process had none left.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn descriptor(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        use std::os::fd::AsFd;
        self.0.wake.as_ref().map(AsFd::as_fd)
    }
}
