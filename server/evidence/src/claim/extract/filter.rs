//! Sentences that claim nothing: questions, orders, plans, conditions, interjections.

use crate::claim::lexicon::{Cue, Lexicon};
use crate::claim::message::{Form, Message, Sentence};

/// Whether a sentence as a whole holds no claim.
pub(super) fn is_no_claim(message: &Message, sentence: &Sentence, lexicon: &Lexicon) -> bool {
    let masked = message.masked_slice(&sentence.range);
    let raw = message.slice(&sentence.range);
    let question = raw.ends_with(['?', '\u{ff1f}']) || raw.ends_with("か") && raw.contains("ます");
    let quoted = masked.trim_start_matches('~').trim().is_empty();
    let lead_in = sentence.form != Form::Row
        && raw.ends_with([':', '\u{ff1a}'])
        && masked.split_whitespace().count() < 6
        && !masked.contains('~');
    question
        || quoted
        || lead_in
        || lexicon.has(Cue::Interjection, masked.trim())
        || lexicon.has(Cue::If, masked.trim())
        || opens_with_order(masked, lexicon)
}

fn opens_with_order(masked: &str, lexicon: &Lexicon) -> bool {
    lexicon.find(Cue::Order, masked.trim_start()).is_some_and(|m| m.start == 0)
}

/// Whether one clause is an order, an offer or a plan.
pub(super) fn is_unreal(masked: &str, lexicon: &Lexicon) -> bool {
    let text = masked.trim();
    lexicon.has(Cue::Offer, text) && !lexicon.has(Cue::Complete, text)
        || lexicon.has(Cue::Plan, text)
        || lexicon.has(Cue::If, text)
        || lexicon.has(Cue::Interjection, text)
}
