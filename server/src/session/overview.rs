//! All tasks of the session: as data, in words, and as a question that leads to what waits.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Session;
use super::answers::{Offer, OfferKind};
use super::document::DocumentId;
use super::outgoing::{Call, Level, Outgoing, Pick, Shown};
use super::reviews::{Kind, Review};
use super::state::State;
use super::tasks::counted;
use crate::review::{HunkId, State as Standing};

/// The most tasks that a question offers.
const CHOICES_MAX: usize = 5;

/// How the changes of a task stand.
#[derive(Default)]
struct Counts {
    waiting: usize,
    conflicts: usize,
    accepted: usize,
    rejected: usize,
}

impl Session {
    /// All tasks of this session, newest first, as JSON; docs/protocol.md has the fields.
    #[must_use]
    pub fn tasks_listed(&self) -> Value {
        let state = self.state();
        let tasks = state.tasks.iter().rev().map(|(id, task)| {
            let counts = state.counts(*id);
            json!({
                "task": id,
                "title": task.title,
                "kind": task.kind,
                "phase": task.phase.name(),
                "step": task.phase.step(),
                "uri": state.uri_of(&task.started_at).as_deref(),
                "start_line": task.started_line,
                "waiting": counts.waiting,
                "conflicts": counts.conflicts,
                "accepted": counts.accepted,
                "rejected": counts.rejected,
                "record": task.record,
                "answer": task.answer,
            })
        });
        Value::Array(tasks.collect())
    }

    /// All tasks of this session, for people.
    pub(super) fn tasks_in_words(&self) -> String {
        let state = self.state();
        if state.tasks.is_empty() {
            return "Vouchsafe: no task has been started in this session".to_owned();
        }
        let lines = state.tasks.iter().rev().map(|(id, task)| {
            let counts = state.counts(*id);
            let mut line =
                format!("task {id}: {}, {}", task.title, task.phase.step().unwrap_or(task.phase.name()));
            for (count, what) in [(counts.accepted, "accepted"), (counts.rejected, "rejected")] {
                if count > 0 {
                    _ = write!(line, ", {count} {what}");
                }
            }
            if counts.waiting > 0 {
                _ = write!(line, ", {} waiting", counted(counts.waiting, "change"));
            }
            if counts.conflicts > 0 {
                _ = write!(line, " ({} in conflict)", counts.conflicts);
            }
            line
        });
        format!("Vouchsafe: {}", lines.collect::<Vec<_>>().join("; "))
    }

    /// Shows all tasks, with those that wait for the user to choose from where the client asks.
    pub(super) fn show_tasks(&self) {
        let text = self.tasks_in_words();
        let state = self.state();
        let waiting = state.tasks.iter().rev().filter_map(|(id, task)| {
            let count = state.open_changes(*id).0;
            let title = || format!("Review task {id}: {} ({})", task.title, counted(count, "change"));
            let pick = Pick { task: *id, hunk: None, uri: None };
            (count > 0).then(|| (title(), Call::ShowChange(pick)))
        });
        let choices: Vec<_> = waiting.take(CHOICES_MAX).filter(|_| state.client.asks).collect();
        drop(state);
        self.tell(match choices.is_empty() {
            true => Outgoing::Message(Level::Info, text),
            false => Outgoing::Ask { text, choices },
        });
    }

    /// Shows the place of a change, or of the first one of its task that waits.
    pub(super) fn show_change(&self, pick: &Pick) -> Result<(), String> {
        let state = self.state();
        let open = state.reviews.iter().flat_map(|(id, reviews)| reviews.iter().map(move |one| (id, one)));
        let of_task = open.filter(|(_, review)| review.task == pick.task);
        let places = of_task.filter_map(|(id, review)| Some((first_open(review, pick.hunk)?, id)));
        let found = places.min_by_key(|((hunk, _), _)| *hunk);
        let Some(((_, line), document)) = found else {
            return Err("nothing of this task waits any more".to_owned());
        };
        let message = match document {
            DocumentId::File(path) => Outgoing::Show { path: path.clone(), line: Some(line + 1) },
            DocumentId::Other(uri) => {
                Outgoing::Message(Level::Info, format!("Vouchsafe: see {uri}, line {}", line + 1))
            }
        };
        drop(state);
        self.tell(message);
        Ok(())
    }
}

/// The number and line of a review's first waiting change, or of the one that is named.
fn first_open(review: &Review, hunk: Option<u32>) -> Option<(u32, u32)> {
    let wanted = |id: HunkId| hunk.is_none_or(|hunk| hunk == id.hunk);
    match &review.kind {
        Kind::Text(file) => file
            .hunks()
            .filter(|view| matches!(view.state, Standing::Pending | Standing::Conflicted))
            .filter(|view| wanted(view.hunk.id))
            .find_map(|view| Some((view.hunk.id.hunk, view.at?.start))),
        Kind::Whole(whole) if whole.is_open() && wanted(whole.id) => Some((whole.id.hunk, whole.line)),
        Kind::Whole(_) => None,
    }
}

impl State {
    fn counts(&self, task: u64) -> Counts {
        let mut counts = Counts::default();
        for review in self.reviews.values().flatten().filter(|review| review.task == task) {
            let (waiting, conflicts) = review.open();
            counts.waiting += waiting;
            counts.conflicts += conflicts;
            match &review.kind {
                Kind::Text(file) => {
                    for view in file.hunks() {
                        counts.accepted +=
                            usize::from(matches!(view.state, Standing::Accepted | Standing::Edited));
                        counts.rejected += usize::from(view.state == Standing::Rejected);
                    }
                }
                Kind::Whole(whole) if whole.is_open() => {}
                Kind::Whole(whole) if self.rejected.contains(&whole.id) => counts.rejected += 1,
                // The lines of a file that was made are followed by a review of the same name, which counts.
                Kind::Whole(_) if makes_lines(review) => {}
                Kind::Whole(_) => counts.accepted += 1,
            }
        }
        counts
    }

    /// The action that shows all tasks, once there is one.
    pub(super) fn tasks_offer(&self) -> Option<Offer> {
        (!self.tasks.is_empty()).then(|| Offer {
            title: "Vouchsafe: Tasks…".to_owned(),
            kind: OfferKind::Source("tasks".to_owned()),
            call: Call::ShowTasks(Shown { show: true }),
            about: None,
            preferred: false,
        })
    }
}

fn makes_lines(review: &Review) -> bool {
    review.file.whole.as_ref().is_some_and(|whole| whole.lines.is_some())
}
