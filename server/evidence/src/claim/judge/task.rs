//! "Everything is done" (rule 27).

use super::Context;
use super::coverage::new_tests;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::{Cue, Language, Lexicon};
use crate::claim::message::{Shape, Token, masked, tokens};
use crate::claim::record::{Outcome, Scope};

pub(super) fn judge(cx: &Context, _a: &Assertion) -> Ruling {
    if cx.facts.record.is_unchanged() {
        return Ruling::contradicted(Code::EmptyDiff, &[]);
    }
    let text = cx.facts.case().task_text();
    let named = tokens(&text);
    let prose = masked(&text, &named);
    if asks_for_tests(&prose) && new_tests(cx).is_empty() && !cx.facts.is_changed_test() {
        return Ruling::contradicted(Code::DeliverablesMissing, &[]);
    }
    if asks_for_docs(&prose)
        && !cx.facts.changed_paths().iter().any(|p| crate::claim::source::is_documentation(p))
        && cx.facts.is_complete()
    {
        return Ruling::contradicted(Code::DeliverablesMissing, &[]);
    }
    let states: Vec<Option<bool>> = named.iter().map(|t| delivered(cx, t, &prose)).collect();
    if states.contains(&Some(false)) {
        return Ruling::contradicted(Code::DeliverablesMissing, &[]);
    }
    let record = &cx.facts.record;
    let last = record.tests.iter().rev().find(|r| r.version == record.version);
    if last.is_some_and(|r| r.outcome == Outcome::Failed) {
        return Ruling::contradicted(
            Code::DeliverablesMissing,
            &last.map(|r| vec![r.seq]).unwrap_or_default(),
        );
    }
    let checked = !states.is_empty() && states.iter().all(|s| *s == Some(true));
    let tested = last.is_some_and(|r| r.outcome == Outcome::Passed && r.scope == Scope::Whole);
    if checked && (tested || !asks_for_behaviour(&prose)) {
        Ruling::verified(Code::DeliverablesPresent, &last.map(|r| vec![r.seq]).unwrap_or_default())
    } else {
        Ruling::unverified(Code::NoEvidence, &[])
    }
}

fn asks_for_tests(prose: &str) -> bool {
    let Some(lexicon) = Lexicon::of(Language::of(prose)) else { return false };
    let sentences = prose.split(['.', '。', ';', ',', '\u{ff0c}', '、']);
    let asks = |s: &str| {
        lexicon.has(Cue::Test, s)
            && (lexicon.has(Cue::Add, s)
                || says(s, "write|cover|add|schreib|ergänz|füge|ajoute|écri|añade|agrega|escrib"))
    };
    sentences.into_iter().any(asks)
        || prose.contains("with tests")
        || prose.contains("with a test")
        || prose.contains("and tests")
        || prose.contains("mit tests")
}

fn asks_for_docs(prose: &str) -> bool {
    says(
        prose,
        "update the docs|update the readme|document it|and document|changelog entry|update the changelog|readme を更新|ドキュメントも更新|dokumentier",
    )
}

fn asks_for_behaviour(prose: &str) -> bool {
    says(prose, "fix|bug|crash|fail|speed|faster|make sure|修正|直|beheb|korrig|corrig|arregl|修复|pass")
}

/// Whether something that the task names is there; none if it cannot be told.
fn delivered(cx: &Context, token: &Token, prose: &str) -> Option<bool> {
    let from = token.range.start.saturating_sub(24);
    let near = (from..=token.range.start).find_map(|f| prose.get(f..token.range.start)).unwrap_or_default();
    let words = "remove|delete|drop|entfern|lösch|supprim|elimin|删除|移除";
    let removes = says(near, words) || says(prose, "削除");
    match token.shape {
        Shape::Path => {
            let there = cx.facts.resolve(&token.text).is_some_and(|p| cx.facts.after().contains_key(&p));
            match (there, removes) {
                (there, true) => Some(!there),
                (true, false) => Some(true),
                (false, false) => cx.facts.is_complete().then_some(false),
            }
        }
        Shape::Name | Shape::Flag => {
            let id = if token.shape == Shape::Flag { token.text.as_str() } else { token.identifier() };
            let present = cx.facts.after().values().any(|t| super::evidence::has_word(t, id));
            let was = cx.facts.before().values().any(|t| super::evidence::has_word(t, id));
            match (present, was) {
                (true, _) => Some(true),
                (false, true) => {
                    if removes
                        || prose.contains("renam")
                        || prose.contains("replac")
                        || prose.contains("リネーム")
                    {
                        Some(true)
                    } else {
                        None
                    }
                }
                (false, false) => cx.facts.is_complete().then_some(false),
            }
        }
        Shape::Literal if !removes => {
            let there = cx
                .facts
                .after()
                .values()
                .any(|t| super::evidence::squeezed(t).contains(&super::evidence::squeezed(&token.text)));
            there.then_some(true)
        }
        _ => None,
    }
}
