//! From the agent's message to the clauses that can each be right or wrong on their own.
//!
//! Invariants
//! - Every range is in bytes of the message and on character boundaries; ranges of one list do not overlap.
//! - Linear in the length of the message.

mod clause;
mod cut;
mod markdown;
mod mask;
mod number;
mod sentence;
mod token;
mod verbal;

pub use clause::{Clause, clauses};
pub use markdown::{Form, Piece, pieces};
pub use mask::masked;
pub use number::{Number, numbers};
pub use sentence::sentences;
pub use token::{Quoting, Shape, Token, identifier, tokens};
pub use verbal::is_predicative;

use std::ops::Range;

use super::lexicon::Language;

/// An agent's message, read once.
#[derive(Debug)]
pub struct Message<'a> {
    /// The Markdown as written.
    pub text: &'a str,
    /// Same length as `text`: lower case, with code, quotations and names blanked to `~`.
    pub masked: String,
    /// Everything that looks like code, a path, a name or a quotation, in order.
    pub tokens: Vec<Token>,
    /// The language most of it is written in.
    pub language: Language,
}

/// A sentence, list item or table row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is in the message.
    pub range: Range<usize>,
    /// What kind of block it stands in.
    pub form: Form,
}

impl<'a> Message<'a> {
    /// Reads a message.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let tokens = tokens(text);
        let masked = masked(text, &tokens);
        let language = Language::of(&masked);
        Self { text, masked, tokens, language }
    }

    /// Its sentences, in order, without code blocks, quotations and headings.
    #[must_use]
    pub fn sentences(&self) -> Vec<Sentence> {
        let mut out = Vec::new();
        for piece in pieces(self.text) {
            if piece.form == Form::Row {
                out.push(Sentence { range: piece.range, form: Form::Row });
                continue;
            }
            for range in sentences(self.text, &self.masked, &piece.range) {
                out.push(Sentence { range, form: piece.form });
            }
        }
        out
    }

    /// The text of a range; empty if the range is not on character boundaries.
    #[must_use]
    pub fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The masked text of a range.
    #[must_use]
    pub fn masked_slice(&self, range: &Range<usize>) -> &str {
        self.masked.get(range.clone()).unwrap_or_default()
    }

    /// The tokens that lie inside a range.
    #[must_use]
    pub fn tokens_in(&self, range: &Range<usize>) -> Vec<Token> {
        let from = self.tokens.partition_point(|t| t.range.start < range.start);
        let inside = self.tokens.iter().skip(from).take_while(|t| t.range.start < range.end);
        inside.filter(|t| t.range.end <= range.end && !t.text.contains('†')).cloned().collect()
    }
}
