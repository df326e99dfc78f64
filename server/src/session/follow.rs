//! Accepted lines across restarts: what the store remembers of a document, carried on while the user types.
//!
//! Invariants
//! - The store is asked and told on the scribe's thread; a document is followed from the moment its memory arrives,
//!   and only if its text is still the one that was asked for.
//! - Following costs the lines an edit touches.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ropey::Rope;
use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::origin::{Blame, Citation};
use vouchsafe_evidence::record;

use super::Session;
use super::document::{DocumentId, Edited};
use super::hover::About;
use super::reviews::Kind;
use super::state::State;
use crate::agent::{self, MadeLine};
use crate::review::Lines;
use crate::uri;

impl Session {
    /// Asks the store what it remembers of a document's text.
    pub(super) fn recall(&self, id: &DocumentId) {
        let Some((workspace, path)) = self.place_of(id) else { return };
        let Some(session) = self.itself.upgrade() else { return };
        let (id, text) = (id.clone(), self.state().documents.get(id).map(|document| document.text.clone()));
        let Some(text) = text else { return };
        // Another server may have ended since, and left something to decide.
        self.known_folder_of(&id).into_iter().for_each(|folder| self.resume(folder));
        self.scribe.run(move || {
            let Some(store) = session.services.to_read_if_begun() else { return };
            // What cannot be recalled now is asked again when the document is next opened.
            let known = agent::recall(&store, &workspace, &path, &text.to_string()).ok().flatten();
            let Some(blame) = known.filter(|blame| !blame.is_empty()) else { return };
            let mut state = session.state();
            if state.documents.get(&id).is_some_and(|document| document.text == text) {
                state.blames.insert(id, blame);
            }
        });
    }

    /// Lets the store remember the lines of a document that accepted changes made.
    pub(super) fn remember(&self, id: &DocumentId) {
        let Some((workspace, path)) = self.place_of(id) else { return };
        let (text, known, made) = {
            let state = self.state();
            let (known, made) = (state.blames.get(id).cloned(), state.made_lines(id));
            if made.is_empty() && known.is_none() {
                return;
            }
            (state.documents.get(id).map(|document| document.text.clone()), known, made)
        };
        let Some(text) = text.or_else(|| id.path().and_then(super::documents::disk_text)) else { return };
        let services = Arc::clone(&self.services);
        self.scribe.run(move || {
            let Ok(store) = services.store() else { return };
            // The decision itself is recorded; only following it after a restart would be lost.
            drop(agent::remember(&store, &workspace, &path, &text.to_string(), known, &made));
        });
    }

    /// What is remembered of a file, or below a directory, goes with its new name.
    pub(super) fn remember_rename(&self, from: &Path, to: &Path) {
        let named = |path: &Path| self.place_of(&DocumentId::File(path.to_owned()));
        let (Some((workspace, old)), Some((into, new))) = (named(from), named(to)) else { return };
        if workspace != into {
            return;
        }
        let services = Arc::clone(&self.services);
        self.scribe.run(move || {
            if let Some(store) = services.store_if_begun() {
                // What is not followed is found by its text, if that stays the same.
                drop(agent::follow_rename(&store, &workspace, &old, &new));
            }
        });
        let open: Vec<_> = {
            let state = self.state();
            let moved = |id: &&DocumentId| id.path().is_some_and(|path| path.starts_with(to));
            state.documents.keys().filter(moved).cloned().collect()
        };
        open.iter().for_each(|id| self.recall(id));
    }

    /// The workspace as the record names it, and the file in it.
    pub(super) fn place_of(&self, id: &DocumentId) -> Option<(String, WorkspacePath)> {
        let folder = self.known_folder_of(id)?;
        Some((folder.real.display().to_string(), folder.inside(id)?))
    }

    /// What the store knows about the task and steps that made a line of a document.
    pub(super) fn remembered(&self, id: &DocumentId, line: u32, citation: &Citation) -> Option<About> {
        let store = self.services.to_read_if_begun()?;
        let task = store.task(citation.task).ok()?;
        let mut cites = String::new();
        let page = record::record_path(store.dir(), task.id);
        let headings = headings(&page);
        for step in &citation.steps {
            let event = store.event(citation.task, *step).ok().flatten()?;
            let info = agent::StepInfo::of(*step, &event.event, None);
            let shown = info.map_or_else(|| event.event.kind().to_owned(), |step| step.summary());
            let line = headings.get(&step.get()).copied().unwrap_or(1);
            let link =
                uri::of_line(&page, line).map(|link| format!(" ([record]({link}))")).unwrap_or_default();
            cites.push_str(&format!("- step {step}: {shown}, {:.0}{link}\n", event.at));
        }
        Some(About {
            lines: line..line + 1,
            task: task.id.get(),
            path: self.place_of(id).map(|(_, path)| path),
            headline: format!("**{}** — accepted, task {}", task.title, task.id),
            cites,
            rest: String::new(),
        })
    }
}

/// The line, from 1, at which each step's heading stands in a record.
pub(super) fn headings(page: &Path) -> BTreeMap<u32, u32> {
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let step = |line: &str| line.strip_prefix("## ")?.split_once(". ")?.0.parse().ok();
    (1..).zip(text.lines()).filter_map(|(at, line)| Some((step(line)?, at))).collect()
}

impl State {
    /// Carries what is remembered of a document over one change of its text.
    pub(super) fn follow_blame(&mut self, id: &DocumentId, edited: &Edited) {
        let Some(blame) = self.blames.get_mut(id) else { return };
        for splice in &edited.splices {
            let old = Lines::of_rope(&edited.before, splice.lines.clone());
            let new = Lines::of_rope(&edited.text, splice.with.clone());
            blame.edit(splice.with.start, old.text(), new.text());
        }
        if blame.lines() != crate::review::line_count(&edited.text) {
            // Lines that end in a lone `\r` are counted otherwise there: better nothing than the wrong line.
            self.blames.remove(id);
        }
    }

    /// The lines of a document that accepted changes of this session made.
    fn made_lines(&self, id: &DocumentId) -> Vec<MadeLine> {
        let reviews = self.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let made = reviews.iter().flat_map(|review| {
            let Kind::Text(file) = &review.kind else { return Vec::new() };
            let line = |(line, hunk, cites): (u32, crate::review::HunkId, &[crate::review::Citation])| {
                MadeLine { line, task: hunk.task, steps: cites.iter().map(|cite| cite.step).collect() }
            };
            file.origins().map(line).collect()
        });
        made.collect()
    }

    /// The task that made a line of an open document, as far as it was accepted.
    pub(super) fn made_by(&self, id: &DocumentId, line: u32) -> Option<u64> {
        let reviews = self.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let reviewed = reviews.iter().find_map(|review| match &review.kind {
            Kind::Text(file) => file.origin(line).map(|(hunk, _)| hunk.task),
            Kind::Whole(_) => None,
        });
        reviewed.or_else(|| Some(self.blames.get(id)?.lookup(line)?.task.get()))
    }

    /// What is remembered to have made a line of an open document.
    pub(super) fn remembered_line(&self, id: &DocumentId, line: u32) -> Option<(Citation, &Rope)> {
        let citation = self.blames.get(id).and_then(|blame: &Blame| blame.lookup(line)).cloned()?;
        Some((citation, &self.documents.get(id)?.text))
    }
}
