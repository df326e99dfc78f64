//! Sentences in a language without a table: noticed where their kind can be told, never verified.
//!
//! Invariants
//! - Only what most languages share is looked at: borrowed roots and code spans.
//! - The verdict on what comes from here is always unverified.

use std::ops::Range;

use crate::claim::kind::Kind;
use crate::claim::message::{Form, Message, Shape};
use crate::claim::words::says;

/// Words for tests in scripts and languages without a table.
const TESTS: &str = "test|тест|테스트|टेस्ट|اختبار|δοκιμ|בדיק|ทดสอบ|kiểm thử";
/// Words for passing.
const PASSES: &str = "pass|пройд|проход|прошл|통과|성공|نجح|تنجح|супеш|успе|slaag|geslaagd|lykk|lyckas|läpäis|przesz|przechodz|udan|composto|superat|superam|verde|groen|grønn|grön|зелён|зелен|geç|baar|riusc";
/// Words for building.
const BUILDS: &str = "compil|сбор|собира|компил|빌드|컴파일|build|bygg|bouw|kompil|skompil";

/// The spans of sentences that claim something, with the kind they most probably are.
pub(super) fn claims(message: &Message) -> Vec<(Range<usize>, Kind)> {
    let told = |range: &Range<usize>| {
        let raw = message.slice(range);
        let question = raw.ends_with(['?', '\u{ff1f}', '؟', ';']);
        (!question && raw.chars().count() >= 8).then(|| kind(message, range)).flatten()
    };
    let mut out = Vec::new();
    for sentence in message.sentences() {
        if sentence.form == Form::Prose || sentence.form == Form::Item {
            out.extend(told(&sentence.range).map(|kind| (sentence.range.clone(), kind)));
        }
    }
    out
}

fn kind(message: &Message, range: &Range<usize>) -> Option<Kind> {
    let masked = message.masked_slice(range);
    let tokens = message.tokens_in(range);
    if says(masked, TESTS) && (says(masked, PASSES) || tokens.is_empty()) {
        return Some(Kind::TestsPassed);
    }
    if says(masked, BUILDS) && tokens.iter().all(|t| t.shape == Shape::Command) {
        return Some(Kind::BuildSucceeded);
    }
    match tokens.as_slice() {
        [] => None,
        [only] if only.shape == Shape::Path => Some(Kind::FileModified),
        [only] if only.shape == Shape::Command => Some(Kind::CommandRan),
        _ => Some(Kind::ContentChanged),
    }
}
