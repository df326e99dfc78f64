//! The only owner of mutable state: documents, folders, tasks, reviews.
//!
//! Invariants
//! - All state is behind one lock that is never held over disk, process or client; whoever needs those takes what
//!   it needs out first. So every call here answers in microseconds, and no answer is older than the last change.
//! - What has to be told to the client goes out as [`Outgoing`], in order.
//!
//! Absent on purpose
//! - LSP's types, and any waiting for a task.

mod answers;
mod apply;
mod blamed;
mod check;
mod claims;
mod client;
mod content;
mod decide;
mod document;
mod documents;
mod findings;
mod folders;
mod follow;
mod hover;
mod landing;
mod lenses;
mod listing;
mod look;
mod needs;
mod notes;
mod offered;
mod offers;
mod outgoing;
mod outlines;
mod overview;
mod placed;
mod plan;
mod replies;
mod resume;
mod reviews;
mod scribe;
mod set_up;
mod start;
mod state;
mod talk;
mod tasks;
mod text;
mod trailer;
mod voice;
mod write;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vouchsafe_confine::{Cancel, Shadow};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::agent::Services;
use crate::model::Keys;
use scribe::Scribe;
use state::State;

pub use answers::{About, Finding, HoverText, Offer, OfferKind, Related, Severity};
pub use client::Client;
pub use content::SCHEME;
pub use document::DocumentId;
pub use lenses::Lens;
pub use outgoing::{
    Call, ClientChange, ClientEdit, DocumentArgument, KeyArgument, Level, NoteArgument, Outgoing, Pick,
    PickWithNeeds, Said, Shown, SomeTask, Span, Start, StartTask, TaskArgument, Trailer, Word,
};
pub use text::{Encoding, Position, TextChange};

/// One client's session. Cheap to share; every method may be called from any thread.
pub struct Session {
    state: Mutex<State>,
    outgoing: UnboundedSender<Outgoing>,
    services: Arc<Services>,
    scribe: Scribe,
    /// Keys that the editor handed over.
    keys: Keys,
    /// Ends the start of tasks that wait for their key.
    starting: Cancel,
    /// Counts the outlines that were read.
    readings: tokio::sync::watch::Sender<u64>,
    itself: std::sync::Weak<Self>,
}

impl Session {
    /// A session and what it has to tell the client.
    #[must_use]
    pub fn new(services: Services) -> (Arc<Self>, UnboundedReceiver<Outgoing>) {
        let (outgoing, receiver) = unbounded_channel();
        let session = Arc::new_cyclic(|itself| Self {
            state: Mutex::new(State::default()),
            outgoing,
            services: Arc::new(services),
            scribe: Scribe::default(),
            keys: Keys::default(),
            starting: Cancel::default(),
            readings: tokio::sync::watch::Sender::new(0),
            itself: itself.clone(),
        });
        (session, receiver)
    }

    /// Who the client is, its folders and its settings.
    pub fn initialize(&self, client: Client, folders: Vec<PathBuf>, settings: Option<serde_json::Value>) {
        let mut state = self.state();
        state.client = Arc::new(client);
        state.settings = settings;
        drop(state);
        for folder in folders {
            self.add_folder(folder);
        }
    }

    /// The client is ready for requests of ours.
    pub fn ready(&self) {
        if self.client().watches_files {
            self.tell(Outgoing::WatchConfiguration);
        }
        self.report_configuration();
        let cache = self.services.dirs.cache.clone();
        // Left-overs of a crash cost disk space and nothing else; the next start tries again.
        self.scribe.run(move || drop(Shadow::sweep(&cache)));
        let folders = self.state().folders.clone();
        folders.into_iter().for_each(|folder| self.resume(folder));
    }

    /// What the client can do.
    #[must_use]
    pub fn client(&self) -> Arc<Client> {
        Arc::clone(&self.state().client)
    }

    /// The client has asked for the end.
    pub fn shut_down(&self) {
        self.state().ending = true;
        self.cancel_all();
    }

    /// Whether the client has asked for the end: it must not be asked anything any more.
    #[must_use]
    pub fn is_shut_down(&self) -> bool {
        self.state().ending
    }

    /// Cancels everything and waits for it to end, at most `grace`.
    pub fn stop(&self, grace: Duration) {
        let deadline = Instant::now() + grace;
        self.cancel_all();
        let threads = std::mem::take(&mut self.state().threads);
        for thread in threads {
            while !thread.is_finished() && Instant::now() < deadline {
                std::thread::park_timeout(Duration::from_millis(2));
            }
        }
        self.scribe.finish();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, message: Outgoing) {
        // The receiver lives as long as the connection; after that there is nobody to tell.
        drop(self.outgoing.send(message));
    }
}
