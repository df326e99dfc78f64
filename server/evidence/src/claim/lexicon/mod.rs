//! The words of each language, as tables: what a claim is recognised by.
//!
//! Invariants
//! - A table only says *which cue* is present; what follows from cues is decided once, for all languages.
//! - Patterns match masked text: lower case, code and quotations blanked to `~`.
//!
//! Absent on purpose
//! - Tables for more languages. Without one, `extract::foreign_claims` finds what may be a claim, and no verdict but unverified is given.

mod de;
mod en;
mod en_numbers;
mod en_verbs;
mod es;
mod fr;
mod ja;
mod language;
mod zh;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

pub use language::Language;

/// A hint that a clause gives about what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// Tests, a suite, specs.
    Test,
    /// All of them: "entire", "everything", "すべて".
    All,
    /// Passing, green.
    Pass,
    /// A phrase that alone says that tests pass ("all green", "0 failures").
    AllGreen,
    /// Failing, red.
    Fail,
    /// Absence of failures ("no failures", "without errors").
    NoFail,
    /// Compiling, building, type-checking.
    Build,
    /// Success of a build or command.
    Success,
    /// Linters and formatters.
    Lint,
    /// Nothing found, formatted.
    Clean,
    /// No warnings.
    NoWarnings,
    /// Adding, creating, introducing.
    Add,
    /// Removing, deleting, dropping.
    Remove,
    /// Changing, updating, replacing, switching.
    Change,
    /// Renaming.
    Rename,
    /// Moving.
    Move,
    /// Taking a part out into its own function.
    Extract,
    /// Fixing, resolving.
    Fix,
    /// "now", "今は": a behaviour after the change.
    Now,
    /// "no longer", "nicht mehr".
    NoLonger,
    /// Running, executing, applying.
    Run,
    /// A command that ended well ("completed without errors", "exited 0").
    Exited,
    /// Reading, reviewing.
    Read,
    /// Searching.
    Searched,
    /// A negation.
    Not,
    /// Cautious wording.
    Hedge,
    /// What will or could be done.
    Plan,
    /// An order to the reader, at the start of a sentence.
    Order,
    /// An order or offer to the reader, anywhere.
    Offer,
    /// A condition.
    If,
    /// Only, nothing but.
    Only,
    /// Left alone, unchanged, did not touch.
    Untouched,
    /// No new dependency.
    NoDependency,
    /// No network access.
    NoNetwork,
    /// Nothing else uses it.
    Unused,
    /// It failed before.
    Preexisting,
    /// Could not, is not installed.
    Unable,
    /// Did not do.
    NotDone,
    /// Version control.
    Vcs,
    /// Speed and memory.
    Perf,
    /// Dependencies.
    Dependency,
    /// Bumping a version.
    Bump,
    /// A file, as a noun.
    File,
    /// A function, type, field, as a noun.
    Symbol,
    /// A parameter, option, default, as a noun.
    Part,
    /// Counted things that changed.
    Count,
    /// Everything asked for is done.
    Complete,
    /// Taste and conclusions.
    Subjective,
    /// Printing, returning, answering.
    Observe,
    /// Another machine.
    Elsewhere,
    /// Every time, stable, not flaky.
    Stable,
    /// Something that was new in this task.
    New,
    /// A verb that makes a clause a statement.
    Verb,
    /// A subject followed by what is probably its verb.
    Subject,
    /// What is probably a verb at the start of a clause.
    Opens,
    /// The first person doing something.
    I,
    /// A state before the change.
    Past,
    /// Fixed text that is no statement.
    Interjection,
    /// Changed tests or expectations, said openly.
    Disclosed,
    /// Documentation.
    Docs,
}

/// One language's patterns.
pub type Table = &'static [(Cue, &'static str)];

/// A compiled table.
pub struct Lexicon {
    cues: HashMap<Cue, Regex>,
    split: Option<Regex>,
}

static LEXICONS: LazyLock<HashMap<Language, Lexicon>> = LazyLock::new(|| {
    let all = Language::KNOWN.iter();
    all.map(|l| (*l, Lexicon::compile(l.table(), l.split_pattern()))).collect()
});

impl Lexicon {
    /// The lexicon of a language; none for one without a table.
    #[must_use]
    pub fn of(language: Language) -> Option<&'static Self> {
        LEXICONS.get(&language)
    }

    fn compile(table: Table, split: &str) -> Self {
        let mut joined: HashMap<Cue, Vec<&str>> = HashMap::new();
        for (cue, pattern) in table {
            joined.entry(*cue).or_default().push(pattern);
        }
        let compile = |(cue, patterns): (Cue, Vec<&str>)| Some((cue, Regex::new(&patterns.join("|")).ok()?));
        Self { cues: joined.into_iter().filter_map(compile).collect(), split: Regex::new(split).ok() }
    }

    /// Where a cue first matches.
    #[must_use]
    pub fn find(&self, cue: Cue, masked: &str) -> Option<Range<usize>> {
        self.cues.get(&cue)?.find(masked).map(|m| m.range())
    }

    /// How many cues match.
    fn score(&self, masked: &str) -> usize {
        self.cues.values().filter(|r| r.is_match(masked)).count()
    }

    /// The text with every match of some cues blanked; of all cues if none are given.
    #[must_use]
    pub fn without(&self, cues: &[Cue], masked: &str) -> String {
        let chosen = self.cues.iter().filter(|(c, _)| cues.is_empty() || cues.contains(c));
        let mut bytes = masked.as_bytes().to_vec();
        for found in chosen.flat_map(|(_, pattern)| pattern.find_iter(masked)) {
            if let Some(part) = bytes.get_mut(found.range()) {
                part.fill(b' ');
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Whether a cue matches.
    #[must_use]
    pub fn has(&self, cue: Cue, masked: &str) -> bool {
        self.cues.get(&cue).is_some_and(|r| r.is_match(masked))
    }

    /// The delimiters at which a sentence may fall into clauses.
    #[must_use]
    pub fn splits(&self, masked: &str) -> Vec<Range<usize>> {
        let Some(pattern) = &self.split else { return Vec::new() };
        pattern.captures_iter(masked).filter_map(|c| c.get(1).map(|m| m.range())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for language in Language::KNOWN {
            for (cue, pattern) in language.table() {
                assert!(Regex::new(pattern).is_ok(), "{language:?} {cue:?} {pattern}");
            }
            assert!(Regex::new(language.split_pattern()).is_ok(), "{language:?}");
        }
    }
}
