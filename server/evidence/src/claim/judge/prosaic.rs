//! Claims about content that name no code: the words and numbers of the prose against the changed lines.

use super::Context;
use super::content::{INSTEAD, Texts};
use super::evidence::{any_line, construct, has_number, has_word, prose};
use super::shift::{is_digits, moved, shown, version};
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::Number;
use crate::claim::source::is_documentation;

/// Without any token the words of the prose must be in the changed lines, or in the code if no change is spoken of.
pub(super) fn by_prose(cx: &Context, a: &Assertion, texts: &Texts, file: Option<&str>) -> Option<Ruling> {
    let docs = cx.has(a, Cue::Docs) || file.is_some_and(is_documentation);
    let usable = |l: &&&Line| docs || !is_documentation(&l.path);
    let text = |l: &&Line| if is_documentation(&l.path) { l.text.clone() } else { l.code.clone() };
    let mut code: String =
        texts.added.iter().chain(&texts.removed).filter(usable).map(text).collect::<Vec<_>>().join("\n");
    if !texts.changing {
        code = texts.after.clone();
    }
    let old = |n: &&Number| {
        a.masked.get(..n.range.start).is_some_and(|h| {
            says(&h.chars().rev().take(18).collect::<Vec<_>>().into_iter().rev().collect::<String>(), INSTEAD)
        })
    };
    let numbers =
        a.numbers.iter().filter(|n| (n.value > 2.0 || is_digits(a, n)) && !old(n)).collect::<Vec<_>>();
    let agree = numbers.iter().all(|n| has_number(&code, &shown(n)));
    let (found, words) = prose(&a.masked, &code);
    let edited = file.is_some_and(|f| cx.facts.is_changed(f)) && texts.changing;
    let generic = edited && (words == 0 || found > 0 || docs || cx.has(a, Cue::Disclosed));
    let near = a.context.iter().any(|t| {
        any_line(&texts.added, t) || cx.facts.resolve(&t.text).is_some_and(|p| cx.facts.is_changed(&p))
    });
    let context = texts.changing && near && found >= 1 && found * 2 >= words;
    let single = file.is_some() && texts.added.len() == 1 && numbers.len() == 1;
    let beside = |n: &&Number| {
        texts.added.iter().any(|l| {
            has_number(&l.code, &shown(n)) && a.context.iter().any(|t| has_word(&l.code, t.identifier()))
        })
    };
    let shifted = moved(a, texts);
    let rare = |n: &&Number| n.decimals > 0 || n.value >= 100.0;
    let foreign = cx.message.language != crate::claim::lexicon::Language::En
        && numbers.iter().all(|n| rare(n) && texts.added.iter().any(|l| has_number(&l.code, &shown(n))));
    let numeric = !numbers.is_empty()
        && agree
        && (found >= 1 || single || foreign || numbers.iter().all(|n| n.value > 2.0 && beside(n)));
    let version =
        version(cx.message.slice(&a.range)).is_some_and(|v| texts.added.iter().any(|l| l.text.contains(&v)));
    let built = construct(&a.masked, &texts.added, &texts.removed);
    let spoken = built && (near || found > 0) || texts.changing && found >= 2 && found * 2 >= words;
    if agree && (spoken || context || numeric || version || generic || shifted) {
        Some(Ruling::verified(Code::WorkspaceMatch, &[]))
    } else {
        None
    }
}
