//! Seeing that an edit was made, recording the decision, going on with what waited for it.
//!
//! Invariants
//! - The client's answer is not trusted: the text, or the disk, tells.
//! - Decisions are recorded in the order they were seen.

use std::collections::BTreeSet;

use ropey::Rope;
use vouchsafe_evidence::log::{Event, ReviewDecision, Seq, TaskId};

use super::Session;
use super::apply::{Applying, Decided, Expected, What};
use super::documents::disk_text;
use super::outgoing::{Level, Outgoing};

impl Session {
    /// The client has answered an edit.
    pub fn edit_answered(&self, id: u64, answer: Result<(), String>) {
        self.look_for_edit(id);
        if let Err(reason) = answer {
            self.give_up(id, &reason);
        }
    }

    /// The client said long ago that it made an edit, and its text does not show it.
    pub fn edit_overdue(&self, id: u64) {
        self.look_for_edit(id);
        if self.settle_confirmed(id) {
            return;
        }
        self.give_up(id, "it said that it did, but its text is unchanged");
    }

    /// Takes what the text shows of an edit for what the user confirmed of it; `false` if that is nothing.
    fn settle_confirmed(&self, id: u64) -> bool {
        let mut state = self.state();
        let asked = state.confirming.remove(&id);
        let is_it = |applying: &Applying| applying.id == id;
        let Some(at) = state.applying.iter().position(is_it).filter(|_| asked) else { return false };
        let confirmed = state.confirmed(at);
        if confirmed.is_empty() {
            return false;
        }
        state.applying.remove(at);
        state.decided.extend(confirmed);
        drop(state);
        self.settle_landed();
        true
    }

    /// The edit was not made, if it is still under way: its change waits again, and what waited for it is dropped.
    fn give_up(&self, id: u64, reason: &str) {
        let mut state = self.state();
        let Some(at) = state.applying.iter().position(|applying| applying.id == id) else { return };
        let task = state.applying.remove(at).task;
        state.deferred.retain(|pick| pick.task != task);
        drop(state);
        let text = format!(
            "Vouchsafe task {task}: the editor did not make the edit ({reason}); nothing was accepted, the change still waits"
        );
        self.tell(Outgoing::Message(Level::Warning, text));
        self.settle_landed();
    }

    /// Looks on disk for an edit of a document that is not open.
    fn look_for_edit(&self, id: u64) {
        let found = {
            let state = self.state();
            let Some(applying) = state.applying.iter().find(|applying| applying.id == id) else { return };
            let open = state.documents.contains_key(&applying.document);
            let gone = matches!(applying.what, What::Whole { expected: Expected::Gone, .. });
            applying
                .document
                .path()
                .filter(|_| !open || gone)
                .map(|path| (applying.document.clone(), path.to_owned(), gone))
        };
        let Some((document, path, gone)) = found else { return };
        let text = disk_text(&path);
        let mut state = self.state();
        if gone && path.symlink_metadata().is_err() {
            let Some(at) = state.applying.iter().position(|applying| applying.id == id) else { return };
            let applying = state.applying.remove(at);
            state.landed(&applying, &Rope::new());
            drop(state);
            if let What::Whole { file, workspace, .. } = &applying.what {
                self.follow_rename(workspace, file);
            }
            state = self.state();
        } else if let Some(text) = text.filter(|_| !gone) {
            state.land(&document, &text);
        }
        drop(state);
        self.remember(&document);
        self.tell(Outgoing::Refresh(document));
        self.settle_landed();
    }

    /// Records what was decided, and goes on with decisions that waited for it.
    pub(super) fn settle_landed(&self) {
        let mut state = self.state();
        let decided = std::mem::take(&mut state.decided);
        let stale = std::mem::take(&mut state.stale);
        let deferred = std::mem::take(&mut state.deferred);
        drop(state);
        stale.into_iter().for_each(|document| self.tell(Outgoing::Refresh(document)));
        self.record(decided);
        for pick in deferred {
            // What no longer waits needs no word: the user has seen it go.
            drop(self.accept_now(&pick));
        }
    }

    /// Writes decisions to the record, in order, away from the caller's thread.
    pub(super) fn record(&self, decided: Vec<Decided>) {
        if decided.is_empty() {
            return;
        }
        let (services, outgoing) = (std::sync::Arc::clone(&self.services), self.outgoing.clone());
        let tasks: BTreeSet<u64> = decided.iter().map(|decision| decision.task).collect();
        self.scribe.run(move || {
            for decision in decided {
                let event = Event::Review(ReviewDecision {
                    hunk: decision.hunk.to_string(),
                    path: decision.path,
                    decision: decision.decision,
                    cites: decision.cites.into_iter().map(Seq::new).collect(),
                    note: None,
                });
                let written = services.store().map_err(|error| error.to_string()).and_then(|store| {
                    store.append(TaskId::new(decision.task), &event).map_err(|error| error.to_string())
                });
                if let Err(error) = written {
                    let text = format!("Vouchsafe: a decision could not be recorded: {error}");
                    drop(outgoing.send(Outgoing::Message(Level::Error, text)));
                }
            }
        });
        tasks.into_iter().for_each(|task| self.settle_if_decided(task));
    }
}
