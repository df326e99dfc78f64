//! One clause with everything its classification may look at.

use crate::claim::facts::Facts;
use crate::claim::kind::Kind;
use crate::claim::lexicon::{Cue, Language, Lexicon};
use crate::claim::message::{Form, Shape, Token};
use crate::claim::shell::{Tool, parse, tool};

use super::Assertion;

/// A clause to be classified.
pub struct View<'a> {
    /// Words of its language.
    pub lexicon: &'a Lexicon,
    /// Its language.
    pub language: Language,
    /// Its masked text.
    pub masked: &'a str,
    /// Where it starts in the message.
    pub start: usize,
    /// Code, paths and quotations in it.
    pub tokens: &'a [Token],
    /// Whether a negation before it reaches into it.
    pub negated: bool,
    /// What was claimed just before.
    pub before: Option<&'a Assertion>,
    /// Whether that was in the same sentence.
    pub same_sentence: bool,
    /// The block it stands in.
    pub form: Form,
    /// Whether it is its whole sentence.
    pub whole: bool,
    /// Whether it has a predicate, by cues or by the endings of its words.
    pub predicative: bool,
    /// The masked text just before it.
    pub recent: &'a str,
    /// The workspace and the log.
    pub facts: &'a Facts<'a>,
}

impl View<'_> {
    /// Whether a cue is present.
    pub fn has(&self, cue: Cue) -> bool {
        self.lexicon.has(cue, self.masked)
    }

    /// Whether it says that something passes, other than in "does not pass".
    pub fn passes(&self) -> bool {
        self.lexicon.has(Cue::Pass, &self.lexicon.without(&[Cue::Fail], self.masked))
    }

    /// Whether any of some cues is present.
    pub fn any(&self, cues: &[Cue]) -> bool {
        cues.iter().any(|c| self.has(*c))
    }

    /// Where a cue starts, in the clause.
    pub fn at(&self, cue: Cue) -> Option<usize> {
        self.lexicon.find(cue, self.masked).map(|m| m.start)
    }

    /// Whether a cue comes before every one of some others.
    pub fn first(&self, cue: Cue, others: &[Cue]) -> bool {
        let Some(at) = self.at(cue) else { return false };
        others.iter().filter_map(|o| self.at(*o)).all(|o| at <= o)
    }

    /// The kind of what was claimed before.
    pub fn before_kind(&self) -> Option<Kind> {
        self.before.map(|b| b.kind)
    }

    /// What kind of program a token runs, if it is a shell line.
    pub fn tool_of(token: &Token) -> Option<Tool> {
        let line = matches!(token.shape, Shape::Command | Shape::Name);
        let runs = line.then(|| parse(&token.text))?;
        runs.iter().map(|i| tool(&i.words)).find(|t| *t != Tool::Other)
    }

    /// Whether a token runs a program of a kind.
    pub fn runs(&self, wanted: fn(Tool) -> bool) -> bool {
        self.tokens.iter().filter_map(Self::tool_of).any(wanted)
    }

    /// Whether a token is a shell line.
    pub fn has_command(&self) -> bool {
        self.tokens.iter().any(|t| t.shape == Shape::Command)
    }

    /// Whether a token names a test.
    pub fn names_test(&self) -> bool {
        let named =
            |t: &Token| matches!(t.shape, Shape::Name | Shape::Literal) && self.facts.is_test_name(&t.text);
        self.tokens.iter().any(named)
    }

    /// What stands right before a token, up to 24 bytes.
    pub fn lead(&self, token: &Token) -> &str {
        let at = token.range.start.saturating_sub(self.start);
        let head = self.masked.get(..at).unwrap_or_default();
        let from =
            (head.len().saturating_sub(24)..=head.len()).find(|i| head.is_char_boundary(*i)).unwrap_or(0);
        head.get(from..).unwrap_or_default()
    }

    /// What stands right after a token, up to 24 bytes.
    pub fn tail(&self, token: &Token) -> &str {
        let at = token.range.end.saturating_sub(self.start);
        let rest = self.masked.get(at..).unwrap_or_default();
        let to = (0..=rest.len().min(24)).rev().find(|i| rest.is_char_boundary(*i)).unwrap_or(0);
        rest.get(..to).unwrap_or_default()
    }

    /// Whether a token is a place ("in", "to", "from" it) rather than the object.
    pub fn is_place(&self, token: &Token) -> bool {
        let lead = self.lead(token).trim_end().trim_end_matches("the").trim_end();
        let word = lead.rsplit([' ', '(']).next().unwrap_or_default();
        let prepositions = [
            "in", "from", "to", "of", "into", "within", "inside", "on", "at", "for", "with", "by", "via",
            "using", "than", "im", "aus", "zu", "von", "für", "mit", "auf", "dans", "de", "du", "à", "pour",
            "avec", "en", "del", "al", "para", "con", "por", "under", "as", "and", "und", "through", "per",
            "über", "durch", "bei", "从", "在", "到", "向",
        ];
        let tail = self.tail(token);
        let particle = ["に", "へ", "から", "で", "内", "の", "中", "里", "以外"]
            .iter()
            .any(|p| tail.trim_start().starts_with(p));
        let chinese_place = self.language == Language::Zh
            && ["在", "到", "从", "为", "给", "向", "对"].iter().any(|p| lead.ends_with(p));
        if self.language.is_spaced() {
            prepositions.contains(&word)
        } else {
            particle && self.language == Language::Ja || chinese_place
        }
    }

    /// The first token that is an object rather than a place.
    pub fn object(&self) -> Option<&Token> {
        self.tokens.iter().find(|t| !self.is_place(t)).or(self.tokens.first())
    }
}
