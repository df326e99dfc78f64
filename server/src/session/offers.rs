//! What the user can choose at a place: decide about changes there, cancel what runs, start a recipe.
//!
//! Invariants
//! - At most [`OFFERS_MAX`], those that decide about this very place first.
//! - Nothing is started or written by offering it.

use std::ops::Range;

use super::Session;
use super::answers::{About, Offer, OfferKind};
use super::document::DocumentId;
use super::offered::set_up;
use super::outgoing::{Call, Pick, Said, Start, TaskArgument, Trailer};
use super::reviews::{Kind, Review};
use super::state::{Phase, State};
use super::tasks::counted;
use super::text::Position;
use crate::recipe::{self, RecipeScope};
use crate::review::State as Standing;

/// The most offers at one place.
const OFFERS_MAX: usize = 12;

impl Session {
    /// What can be chosen for this range of a document; `said` is what other servers say about it.
    #[must_use]
    pub fn offers(&self, id: &DocumentId, range: &Range<Position>, said: &[Said]) -> Vec<Offer> {
        let folder = self.folder_of(id);
        let state = self.state();
        let Some(document) = state.documents.get(id) else { return Vec::new() };
        let mut offers = state.decisions(id, range);
        if let Some(folder) = &folder {
            offers.extend(state.task_offers(id, folder, range, said));
        }
        offers.extend(state.trailer(id, range.start.line));
        let cancels: Vec<_> = state.cancels().chain(state.tasks_offer()).collect();
        if let Some(folder) = folder {
            let uri = document.uri.clone();
            let language = document.language.clone();
            drop(state);
            let inside = folder.inside(id);
            let place = inside.as_ref().map(|path| (path, language.as_str()));
            let recipes = &folder.loaded.config.recipes;
            let fitting = recipe::applicable(recipes, &folder.tools, &folder.facts, place);
            offers.extend(fitting.into_iter().map(|recipe| Offer {
                title: format!("Vouchsafe: {}", recipe.label()),
                kind: match recipe.scope {
                    RecipeScope::File => OfferKind::Rewrite(recipe.name.clone()),
                    RecipeScope::Workspace => OfferKind::Source(recipe.name.clone()),
                },
                call: Call::Start(Start {
                    recipe: recipe.name.clone(),
                    uri: uri.clone(),
                    line: range.start.line,
                }),
                about: None,
                preferred: false,
            }));
            offers.extend(set_up(&folder));
        }
        offers.truncate(OFFERS_MAX.saturating_sub(cancels.len()));
        offers.extend(cancels);
        offers
    }
}

impl State {
    /// Decisions about the changes that wait at these lines, and about their whole task.
    fn decisions(&self, id: &DocumentId, range: &Range<Position>) -> Vec<Offer> {
        let reviews = self.reviews.get(id).map(Vec::as_slice).unwrap_or_default();
        let (first, last) = (range.start.line, range.end.line);
        let mut offers = Vec::new();
        for review in reviews {
            let here = open_at(review, first, last);
            let Some(&(hunk, conflicted)) = here.first() else { continue };
            offers.extend(about_hunk(review.task, hunk, conflicted));
            offers.extend(self.offer_with_needs(review.task, hunk));
            offers.extend(self.about_task(review, id));
        }
        offers.extend(self.about_notes(id, first, last));
        offers
    }

    fn about_task(&self, review: &Review, id: &DocumentId) -> Vec<Offer> {
        let task = review.task;
        let (waiting, _) = self.open_changes(task);
        let mut offers = Vec::new();
        let here = review.open().0;
        if here > 1 {
            let uri = self.uri_of(id).map(|uri| uri.to_string());
            let title = format!("Accept all {here} changes of task {task} in this file");
            offers.push(offer(title, Call::Accept(Pick { task, hunk: None, uri })));
        }
        let title = format!("Accept all of task {task} ({})", counted(waiting, "change"));
        offers.push(offer(title, Call::Accept(Pick { task, hunk: None, uri: None })));
        if waiting > 1 {
            let title = format!("Reject all {waiting} changes of task {task}");
            offers.push(offer(title, Call::Reject(Pick { task, hunk: None, uri: None })));
        }
        offers
    }

    /// The trailer of the task that made a line.
    fn trailer(&self, id: &DocumentId, line: u32) -> Option<Offer> {
        let task = self.made_by(id, line)?;
        Some(Offer {
            title: format!("Vouchsafe: Show the commit trailer of task {task}"),
            kind: OfferKind::Source("trailer".to_owned()),
            ..offer(String::new(), Call::Trailer(Trailer { task, quiet: false }))
        })
    }

    fn cancels(&self) -> impl Iterator<Item = Offer> {
        let running = self.tasks.iter().filter(|(_, task)| !matches!(task.phase, Phase::Settled));
        running.map(|(id, task)| Offer {
            title: format!("Vouchsafe: Cancel task {id} ({})", task.title),
            kind: OfferKind::Source("cancel".to_owned()),
            call: Call::Cancel(TaskArgument { task: *id }),
            about: None,
            preferred: false,
        })
    }
}

/// The open changes of a review at some lines, and whether each is in conflict.
fn open_at(review: &Review, first: u32, last: u32) -> Vec<(u32, bool)> {
    match &review.kind {
        Kind::Text(file) => {
            let mut found = Vec::new();
            // A selection of many lines asks for what it touches; the lines of a text bound it.
            for line in first..=last.min(first.saturating_add(10_000)) {
                for view in file.at_line(line) {
                    let conflicted = view.state == Standing::Conflicted;
                    let open = conflicted || view.state == Standing::Pending;
                    if open && !found.iter().any(|(hunk, _)| *hunk == view.hunk.id.hunk) {
                        found.push((view.hunk.id.hunk, conflicted));
                    }
                }
            }
            found
        }
        Kind::Whole(whole) if whole.is_open() && (first..=last).contains(&whole.line) => {
            vec![(whole.id.hunk, false)]
        }
        Kind::Whole(_) => Vec::new(),
    }
}

fn about_hunk(task: u64, hunk: u32, conflicted: bool) -> Vec<Offer> {
    let pick = Pick { task, hunk: Some(hunk), uri: None };
    let titles = if conflicted {
        ["Take theirs: replace my lines by the task's", "Keep mine: reject this change"]
    } else {
        ["Accept this change", "Reject this change"]
    };
    let [accept, reject] = titles;
    let calls = [
        (accept, Call::Accept(pick.clone())),
        (reject, Call::Reject(pick.clone())),
        ("Compare", Call::Compare(pick.clone())),
        ("Show evidence", Call::ShowEvidence(pick)),
    ];
    let offers = calls.into_iter().enumerate().map(|(nth, (title, call))| Offer {
        about: Some((task, About::Hunk(hunk))),
        preferred: nth == 0 && !conflicted,
        ..offer(title.to_owned(), call)
    });
    offers.collect()
}

fn offer(title: String, call: Call) -> Offer {
    Offer { title, kind: OfferKind::QuickFix, call, about: None, preferred: false }
}
