//! Changes that should not be accepted without others: saying so, and accepting them together.
//!
//! Which change needs which is read from names and paths (see `review`), so it is advice: what the user accepts alone
//! is accepted, and told. Only the order is kept: what stands in the way goes first.

use std::collections::BTreeSet;

use super::Session;
use super::answers::{About, Offer, OfferKind};
use super::apply::What;
use super::outgoing::{Call, Level, Outgoing, Pick, PickWithNeeds};
use super::plan::Plan;
use super::reviews::{Kind, Review};
use super::state::State;
use super::tasks::counted;
use crate::review::{HunkId, State as Standing, sentence};

impl Session {
    /// Accepts a change after those that it needs.
    pub(super) fn accept_with_needs(&self, pick: &PickWithNeeds) -> Result<(), String> {
        let id = HunkId { task: pick.task, hunk: pick.hunk };
        let first = self.state().unmet(id);
        let mut left_out = Vec::new();
        let mut done = false;
        for id in first.into_iter().chain([id]) {
            let (held, name) = {
                let state = self.state();
                (state.is_held(id), state.name_of(id))
            };
            if held && id.hunk != pick.hunk {
                left_out.push(name);
                continue;
            }
            let plan = self.accept_now(&Pick { task: id.task, hunk: Some(id.hunk), uri: None })?;
            done |= !plan.is_empty();
        }
        if !left_out.is_empty() {
            let names = left_out.join(", ");
            let text = format!(
                "Vouchsafe task {}: accept by itself what is in conflict or protected: {names}",
                id.task
            );
            self.tell(Outgoing::Message(Level::Info, text));
        }
        if done { Ok(()) } else { Err("this change no longer waits: it was decided already".to_owned()) }
    }

    /// Says what accepted changes need and do not have, and offers it where the client asks.
    pub(super) fn tell_unmet(&self, pick: &Pick, plan: &Plan) {
        let state = self.state();
        let taken: BTreeSet<_> = plan.hunks().collect();
        let lacks = |id: &HunkId| !taken.contains(id) && (pick.hunk.is_some() || state.is_held(*id));
        let found = taken.iter().find_map(|id| {
            let unmet: Vec<_> = state.unmet(*id).into_iter().filter(lacks).collect();
            let refused: Vec<_> = state.needed(*id).filter(|what| state.rejected.contains(what)).collect();
            let names =
                |ids: &[HunkId]| ids.iter().map(|id| state.name_of(*id)).collect::<Vec<_>>().join(", ");
            match (unmet.is_empty(), refused.is_empty()) {
                (false, _) => Some((*id, true, format!("needs what is not accepted yet: {}", names(&unmet)))),
                (true, false) => Some((*id, false, format!("needs what you rejected: {}", names(&refused)))),
                (true, true) => None,
            }
        });
        let Some((id, open, what)) = found else { return };
        let text = format!("Vouchsafe task {}: {} {what}", id.task, state.name_of(id));
        let asks = state.client.asks && open;
        drop(state);
        let call = Call::AcceptWithNeeds(PickWithNeeds { task: id.task, hunk: id.hunk, with_needs: true });
        self.tell(match asks {
            true => Outgoing::Ask { text, choices: vec![("Accept what it needs".to_owned(), call)] },
            false => Outgoing::Message(Level::Warning, text),
        });
    }

    /// Says which changes need what was just rejected.
    pub(super) fn tell_needing(&self, rejected: &[HunkId]) {
        let state = self.state();
        let needing =
            |what: &HunkId| state.needing(*what).filter(|who| !rejected.contains(who)).collect::<Vec<_>>();
        let found = rejected.iter().find_map(|what| Some((*what, *needing(what).first()?)));
        let Some((what, who)) = found else { return };
        let text = format!(
            "Vouchsafe task {}: {} needs what you rejected: {}",
            what.task,
            state.name_of(who),
            state.name_of(what)
        );
        drop(state);
        self.tell(Outgoing::Message(Level::Warning, text));
    }
}

impl State {
    /// What a change needs, directly.
    pub(super) fn needed(&self, id: HunkId) -> impl Iterator<Item = HunkId> {
        let of_task = self.needs.get(&id.task).map(Vec::as_slice).unwrap_or_default();
        of_task.iter().filter(move |(who, _)| *who == id).map(|(_, what)| *what)
    }

    /// The waiting changes that this one needs, directly or not, each after those that it needs itself.
    pub(super) fn unmet(&self, id: HunkId) -> Vec<HunkId> {
        let (mut seen, mut found) = (BTreeSet::from([id]), Vec::new());
        self.gather(id, &mut seen, &mut found);
        found
    }

    fn gather(&self, id: HunkId, seen: &mut BTreeSet<HunkId>, found: &mut Vec<HunkId>) {
        for what in self.needed(id) {
            if seen.insert(what) && self.review_of(what).is_some_and(|review| review.waits(what.hunk)) {
                self.gather(what, seen, found);
                found.push(what);
            }
        }
    }

    /// The changes that need this one and are accepted or wait.
    fn needing(&self, id: HunkId) -> impl Iterator<Item = HunkId> {
        let of_task = self.needs.get(&id.task).map(Vec::as_slice).unwrap_or_default();
        let who = of_task.iter().filter(move |(_, what)| *what == id).map(|(who, _)| *who);
        who.filter(|who| !self.rejected.contains(who))
    }

    /// Whether a waiting change is never accepted together with others.
    fn is_held(&self, id: HunkId) -> bool {
        self.review_of(id).is_some_and(|review| {
            let torn = matches!(&review.kind, Kind::Text(file) if file.conflict(id).is_some());
            review.waits(id.hunk) && (torn || review.file.restriction(id.hunk).is_some())
        })
    }

    /// Whether something that this change needs is being done.
    pub(super) fn waits_for_needs(&self, id: HunkId) -> bool {
        let unmet = self.unmet(id);
        let written = unmet.iter().any(|what| self.writing.contains(what));
        written
            || self.applying.iter().any(|applying| match &applying.what {
                What::Whole { hunk, .. } => unmet.contains(hunk),
                What::Lines { .. } => false,
            })
    }

    fn review_of(&self, id: HunkId) -> Option<&Review> {
        self.reviews.values().flatten().find(|review| review.task == id.task && review.has(id.hunk))
    }

    /// A change in a few words.
    fn name_of(&self, id: HunkId) -> String {
        match self.review_of(id) {
            Some(Review { kind: Kind::Whole(_), file, .. }) => sentence(file),
            Some(review) => format!("change {id} of {}", review.file.path),
            None => format!("change {id}"),
        }
    }

    /// What a waiting change needs, as the end of a sentence about it.
    pub(super) fn needs_in_words(&self, id: HunkId) -> String {
        let unmet = self.unmet(id);
        let names: Vec<_> = unmet.iter().map(|id| self.name_of(*id)).collect();
        if names.is_empty() { String::new() } else { format!(". Needs: {}", names.join(", ")) }
    }

    /// The offer to accept a change with what it needs.
    pub(super) fn offer_with_needs(&self, task: u64, hunk: u32) -> Option<Offer> {
        let unmet = self.unmet(HunkId { task, hunk }).len();
        let title = || format!("Accept with what it needs ({})", counted(unmet + 1, "change"));
        (unmet > 0).then(|| Offer {
            title: title(),
            kind: OfferKind::QuickFix,
            call: Call::AcceptWithNeeds(PickWithNeeds { task, hunk, with_needs: true }),
            about: Some((task, About::Hunk(hunk))),
            preferred: false,
        })
    }
}

impl Review {
    /// Whether this change of it waits.
    fn waits(&self, hunk: u32) -> bool {
        match &self.kind {
            Kind::Text(file) => file
                .hunk(HunkId { task: self.task, hunk })
                .is_some_and(|view| matches!(view.state, Standing::Pending | Standing::Conflicted)),
            Kind::Whole(whole) => whole.id.hunk == hunk && whole.is_open(),
        }
    }
}
