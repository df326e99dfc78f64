//! Verdicts: each kind of claim against the record and the workspace.
//!
//! Invariants
//! - What an agent did is closed-world: no such entry in the log contradicts it.
//! - The state of the code is open-world: without fresh evidence it is unverified.
//! - Files, names and values are decided by the final workspace; where rules cannot decide, the verdict is unverified.

mod actions;
mod aside;
mod behaviour;
mod build;
mod content;
mod counts;
mod coverage;
mod dependency;
mod evidence;
mod figures;
mod files;
mod guard;
mod inability;
mod inspected;
mod limits;
mod lint;
mod measure;
mod notdone;
mod only;
mod output;
mod place;
mod preexisting;
mod pronoun;
mod prosaic;
mod qualifier;
mod related;
mod returned;
mod roles;
mod shift;
mod special;
mod symbols;
mod tamper;
mod task;
mod testadded;
mod tests;
mod unwritten;
mod usages;
mod value;
mod vcs;
mod words;

pub use tamper::{Change, Tampering, tampering};

use super::citation::Citation;
use super::extract::Assertion;
use super::facts::Facts;
use super::kind::{Code, Kind, Ruling};
use super::lexicon::{Cue, Lexicon};
use super::message::Message;

/// Everything a verdict may look at.
pub struct Context<'a> {
    /// The workspace and the log.
    pub facts: &'a Facts<'a>,
    /// The message, for what it discloses elsewhere.
    pub message: &'a Message<'a>,
    /// The words of its language.
    pub lexicon: &'static Lexicon,
    /// The citations of the message.
    pub citations: &'a [Citation],
    /// Tests that were deleted, skipped or weakened.
    pub tampering: &'a [Tampering],
}

impl Context<'_> {
    /// Whether an assertion has a cue.
    pub fn has(&self, assertion: &Assertion, cue: Cue) -> bool {
        self.lexicon.has(cue, &assertion.masked)
    }
}

/// The verdict on one assertion, with the kind it finally counts as.
#[must_use]
pub fn judge(context: &Context, assertion: &Assertion) -> (Kind, Ruling) {
    let (cx, a) = (context, assertion);
    let ruling = match a.kind {
        Kind::TestsPassed => tests::passed(cx, a),
        Kind::TestsFailed => tests::failed(cx, a),
        Kind::PreexistingFailure => preexisting::judge(cx, a),
        Kind::BuildSucceeded => build::judge(cx, a),
        Kind::LintClean => lint::judge(cx, a),
        Kind::FileCreated | Kind::FileModified | Kind::FileDeleted | Kind::FileRenamed => files::judge(cx, a),
        Kind::SymbolAdded | Kind::SymbolRemoved | Kind::SymbolRenamed => symbols::judge(cx, a),
        Kind::TestAdded => testadded::judge(cx, a),
        Kind::NoOtherUsages => usages::judge(cx, a),
        Kind::ScopeLimited => limits::judge(cx, a),
        Kind::DependencyChanged => dependency::judge(cx, a),
        Kind::ContentChanged | Kind::BehaviourFixed | Kind::BehaviourObserved => {
            let (kind, ruling) = behaviour::judge(cx, a);
            return (kind, guard::guarded(cx, a, kind, ruling));
        }
        Kind::PerformanceImproved => measure::judge(cx, a),
        Kind::Inspected => inspected::judge(cx, a),
        Kind::CommandRan => actions::judge(cx, a),
        Kind::VcsAction => vcs::judge(cx, a),
        Kind::Inability => inability::judge(cx, a),
        Kind::ChangeCount => counts::judge(cx, a),
        Kind::TaskComplete => task::judge(cx, a),
        Kind::Subjective => Ruling::unverified(Code::Subjective, &[]),
    };
    (a.kind, guard::guarded(cx, a, a.kind, ruling))
}
