//! "`a.md` still mentions it", "I deleted it from `a.py`": what a pronoun stands for, in one file.

use super::Context;
use super::evidence::has_word;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};

const PRONOUNS: &str =
    " it| them|that name|the name| es | ihn | sie |dessen| l’| l'| le | la | lo |それ|これ|它|其";
const HOLDS: &str = "mention|contain|refer|use|call|erwähn|enthält|verwendet|nutzt|mentionn|contient|utilise|contiene|menciona|usa|言及|含|使|提到|引用";

/// The verdict on a pronoun and a file; none if the clause names something itself or says something else.
pub(super) fn in_file(cx: &Context, a: &Assertion, file: Option<&str>) -> Option<Ruling> {
    let file = file?;
    let other = a.tokens.iter().any(|t| t.shape != Shape::Path);
    if other || !says(&format!(" {} ", a.masked), PRONOUNS) || !a.numbers.is_empty() {
        return None;
    }
    let name = a.context.iter().find(|t: &&Token| t.shape == Shape::Name)?.identifier();
    let after = cx.facts.after().get(file).is_some_and(|t| has_word(t, name));
    let before = cx.facts.before().get(file).is_some_and(|t| has_word(t, name));
    let denied = cx.has(a, Cue::Not) || cx.has(a, Cue::NoLonger);
    if cx.has(a, Cue::Remove) && !denied {
        return Some(verdict(before && !after));
    }
    let told = says(&a.masked, HOLDS) && !cx.has(a, Cue::Add);
    told.then(|| verdict(after != denied))
}

fn verdict(holds: bool) -> Ruling {
    if holds {
        Ruling::verified(Code::WorkspaceMatch, &[])
    } else {
        Ruling::contradicted(Code::WorkspaceMismatch, &[])
    }
}
