//! One thread that does small jobs in the order they come, so that nobody else waits for the disk.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

type Job = Box<dyn FnOnce() + Send>;

/// The thread; it begins with the first job.
#[derive(Default)]
pub(super) struct Scribe(Mutex<Option<(Sender<Job>, JoinHandle<()>)>>);

impl Scribe {
    /// Does this after everything that came before.
    pub(super) fn run(&self, job: impl FnOnce() + Send + 'static) {
        let mut thread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_none() {
            let (sender, jobs) = channel::<Job>();
            let run = move || jobs.iter().for_each(|job| job());
            match std::thread::Builder::new().name("scribe".to_owned()).spawn(run) {
                Ok(handle) => *thread = Some((sender, handle)),
                // No thread to be had: late is better than never.
                Err(_) => return job(),
            }
        }
        if let Some((sender, _)) = &*thread {
            // The receiver lives as long as the sender.
            drop(sender.send(Box::new(job)));
        }
    }

    /// Waits until everything is done.
    pub(super) fn finish(&self) {
        let thread = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((sender, handle)) = thread {
            drop(sender);
            // A job that panicked took the rest with it; there is nobody left to tell.
            drop(handle.join());
        }
    }
}
