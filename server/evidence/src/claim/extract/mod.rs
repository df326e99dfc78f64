//! From clauses to assertions: what each one claims, in which words, about what.

mod classify;
mod filter;
mod foreign;
mod names;
mod testing;
mod view;

use std::ops::Range;

use super::facts::Facts;
use super::kind::Kind;
use super::lexicon::{Cue, Lexicon};
use super::message::{
    Clause, Form, Message, Number, Sentence, Shape, Token, clauses, is_predicative, numbers,
};

pub use view::View;

/// One thing that a message says is so.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// Where it is in the message, in bytes.
    pub range: Range<usize>,
    /// The sentence around it.
    pub sentence: Range<usize>,
    /// What it is about.
    pub kind: Kind,
    /// Code, paths and quotations in it.
    pub tokens: Vec<Token>,
    /// Tokens of what was said just before, for "it" and "which".
    pub context: Vec<Token>,
    /// Numbers in it.
    pub numbers: Vec<Number>,
    /// Its masked text.
    pub masked: String,
    /// Whether the wording is cautious.
    pub hedged: bool,
    /// Whether the sentence says that something was run or checked.
    pub says_run: bool,
}

/// The assertions of a message, in order.
#[must_use]
pub fn assertions(message: &Message, facts: &Facts) -> Vec<Assertion> {
    let Some(lexicon) = Lexicon::of(message.language) else { return Vec::new() };
    let mut out: Vec<Assertion> = Vec::new();
    for sentence in message.sentences() {
        if filter::is_no_claim(message, &sentence, lexicon) {
            continue;
        }
        if sentence.form == Form::Row {
            out.extend(row(message, &sentence, lexicon, facts));
            continue;
        }
        let clauses = clauses(message, &sentence);
        let mut said = clauses.iter().any(|c| affirms_run(message.masked_slice(&c.range), lexicon));
        for (index, clause) in clauses.iter().enumerate() {
            if index + 1 < clauses.len() && opens_subordinate(message.masked_slice(&clause.range)) {
                continue;
            }
            let whole = clauses.len() == 1;
            let assertion = assertion(message, &sentence, (clause, whole), lexicon, facts, out.last());
            if let Some(mut assertion) = assertion {
                said &= assertion.kind != Kind::Inability;
                assertion.says_run = said;
                out.push(assertion);
            }
        }
    }
    out
}

/// "After the import was added, …": a circumstance of the clause that follows.
fn opens_subordinate(masked: &str) -> bool {
    let words = [
        "after ",
        "before ",
        "while ",
        "when ",
        "once ",
        "nachdem ",
        "bevor ",
        "während ",
        "après ",
        "avant ",
        "pendant ",
        "después ",
        "antes ",
        "mientras ",
        "tras ",
    ];
    words.iter().any(|w| masked.trim_start().starts_with(w))
}

/// Up to 240 bytes of masked text before a place.
fn recent<'m>(message: &'m Message, at: usize) -> &'m str {
    let from = (at.saturating_sub(240)..=at).find(|i| message.masked.is_char_boundary(*i)).unwrap_or(at);
    message.masked.get(from..at).unwrap_or_default()
}

/// A table row says one thing; its cells are read together.
fn row(message: &Message, sentence: &Sentence, lexicon: &Lexicon, facts: &Facts) -> Option<Assertion> {
    let raw = message.slice(&sentence.range);
    let inner = raw.trim_matches(|c: char| c == '|' || c.is_whitespace());
    let start = sentence.range.start + raw.find(inner)?;
    let range = start..start + inner.len();
    let clause = Clause { range, negated: false };
    assertion(message, sentence, (&clause, true), lexicon, facts, None)
}

/// "I ran …", but not "nothing has been run".
fn affirms_run(masked: &str, lexicon: &Lexicon) -> bool {
    let denied = [Cue::NotDone, Cue::Unable, Cue::Not].iter().any(|c| lexicon.has(*c, masked));
    lexicon.has(Cue::Run, masked) && (!denied || lexicon.has(Cue::NoFail, masked))
}

fn assertion(
    message: &Message,
    sentence: &Sentence,
    (clause, whole): (&Clause, bool),
    lexicon: &Lexicon,
    facts: &Facts,
    before: Option<&Assertion>,
) -> Option<Assertion> {
    let masked = message.masked_slice(&clause.range);
    let tokens = message.tokens_in(&clause.range);
    let near = before.filter(|b| sentence.range.start.saturating_sub(b.range.end) < 240);
    let view = View {
        lexicon,
        language: message.language,
        masked,
        start: clause.range.start,
        tokens: &tokens,
        negated: clause.negated,
        before: near,
        same_sentence: near.is_some_and(|b| b.sentence == sentence.range),
        form: sentence.form,
        whole,
        predicative: is_predicative(message, &clause.range, lexicon),
        recent: recent(message, clause.range.start),
        facts,
    };
    let kind = classify::classify(&view)?;
    Some(Assertion {
        range: clause.range.clone(),
        sentence: sentence.range.clone(),
        kind,
        context: near.map(context_of).unwrap_or_default(),
        numbers: numbers(masked, message.language),
        masked: masked.to_owned(),
        hedged: lexicon.has(Cue::Hedge, masked),
        says_run: false,
        tokens,
    })
}

fn context_of(before: &Assertion) -> Vec<Token> {
    if before.tokens.is_empty() {
        return before.context.clone();
    }
    let mut out = before.tokens.clone();
    if before.tokens.iter().all(|t| t.shape == Shape::Path) {
        out.extend(before.context.iter().filter(|t| t.shape == Shape::Name).cloned());
    }
    out
}

impl Assertion {
    /// The tokens, or those of what was said before if there are none.
    #[must_use]
    pub fn named(&self) -> &[Token] {
        if self.tokens.is_empty() { &self.context } else { &self.tokens }
    }

    /// Tokens of one shape.
    pub fn shaped(&self, shape: Shape) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |t| t.shape == shape)
    }
}

/// What a message in a language without a table seems to claim: kinds and spans, for verdicts that stay open.
#[must_use]
pub fn foreign_claims(message: &Message) -> Vec<(Range<usize>, Kind)> {
    foreign::claims(message)
}
