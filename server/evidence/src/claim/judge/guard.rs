//! The last gate: a verified claim is taken back to unverified if part of its wording was not accounted for.
//!
//! Invariants
//! - Never turns a verdict into verified or contradicted.
//! - A run that is denied rather than claimed is not contradicted by its absence.
//! - A negation, a quantifier, a comparison, another machine or an unknown qualifier that no rule has read opens a verdict.

use super::words::says;
use super::{Context, place, qualifier, unwritten};
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Kind, Ruling, Verdict};
use crate::claim::lexicon::Cue;
use crate::claim::runner::Summary;

/// Kinds that say that something is so; a negation left over turns their meaning round.
const POSITIVE: &[Kind] = &[
    Kind::TestsPassed,
    Kind::BuildSucceeded,
    Kind::LintClean,
    Kind::FileCreated,
    Kind::FileModified,
    Kind::FileDeleted,
    Kind::FileRenamed,
    Kind::SymbolAdded,
    Kind::SymbolRemoved,
    Kind::SymbolRenamed,
    Kind::TestAdded,
    Kind::CommandRan,
    Kind::Inspected,
    Kind::PerformanceImproved,
    Kind::TaskComplete,
    Kind::VcsAction,
    Kind::DependencyChanged,
    Kind::BehaviourFixed,
    Kind::BehaviourObserved,
    Kind::ContentChanged,
];

/// Cues whose negations a rule has read.
const READ_NEGATIONS: &[Cue] = &[
    Cue::NoFail,
    Cue::NoWarnings,
    Cue::Clean,
    Cue::AllGreen,
    Cue::Success,
    Cue::Exited,
    Cue::NoLonger,
    Cue::NoDependency,
    Cue::NoNetwork,
    Cue::Complete,
    Cue::Fix,
    Cue::Remove,
    Cue::Stable,
    Cue::Preexisting,
];

/// Kinds about which "all" or "every" says more than their rules look at.
const UNQUANTIFIED: &[Kind] = &[
    Kind::ContentChanged,
    Kind::SymbolAdded,
    Kind::FileModified,
    Kind::BehaviourFixed,
    Kind::BehaviourObserved,
    Kind::CommandRan,
    Kind::DependencyChanged,
];

/// The ruling, opened if something in the wording was not accounted for.
pub(super) fn guarded(cx: &Context, a: &Assertion, kind: Kind, ruling: Ruling) -> Ruling {
    if ruling.verdict == Verdict::Contradicted && kind == Kind::CommandRan && left_negation(cx, a, kind) {
        return Ruling::unverified(Code::NoEvidence, &ruling.evidence);
    }
    if ruling.verdict != Verdict::Verified {
        return ruling;
    }
    let open = left_negation(cx, a, kind)
        || quantified(a, kind)
        || exclusive(a, kind)
        || miscited(cx, a)
        || compared(a, kind)
        || miscounted(cx, a, kind, &ruling)
        || elsewhere(a, kind)
        || place::worked_elsewhere(cx, a, kind, &ruling)
        || place::took_in_less(cx, a, kind, &ruling)
        || qualifier::qualified(cx, a, kind)
        || unwritten::unheard_of(cx, a, kind)
        || unwritten::unwritten(cx, a, kind);
    if open { Ruling::unverified(Code::NoEvidence, &ruling.evidence) } else { ruling }
}

fn left_negation(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    if !POSITIVE.contains(&kind) {
        return false;
    }
    let rest = cx.lexicon.without(READ_NEGATIONS, &a.masked);
    let rest = if rest == a.masked {
        rest
    } else {
        rest.replace("ne ", "   ").replace("n’", "    ").replace("n'", "  ")
    };
    let only = says(
        &rest,
        "not only|any longer|found no|nicht nur|non seulement|no solo|not just|だけでなく|不仅|non-zero|not yet",
    );
    let absence = matches!(kind, Kind::ContentChanged | Kind::BehaviourObserved | Kind::BehaviourFixed);
    let read = only || is_detail(&rest) || absence && denies_a_thing(&rest);
    cx.lexicon.has(Cue::Not, &rest) && !read
}

/// "There is no `x`", "has no `x`", "no `x`", "without `x`": the absence of a thing, which its rules have read.
fn denies_a_thing(rest: &str) -> bool {
    let things = "finds no |found no |reports no |shows no |there is no |there are no |there’s no |there's no | has no |have no |contains no |takes no |needs no |kein|no hay |sin |sans |without |ohne |aucun|n’y a |n'y a |没有|ありません|存在しません|ない|なし|不存在|no existe|n’existe|n'existe|does not exist|nothing|nichts|rien|nada|無|无";
    let verbs = " not |n’t |n't |nicht| pas";
    says(rest, things) && !says(rest, verbs)
}

/// A negation in a relative clause or after the object tells a detail rather than the opposite.
fn is_detail(rest: &str) -> bool {
    let opens = [
        " that ", " which ", " for ", " when ", " if ", " so ", " der ", " die ", " das ", " qui ", " que ",
        " para ", " pour ",
    ];
    let negation = [
        "not ", " no ", "nicht", "kein", " pas", "ne ", "n’", "n'", "sans", "sin ", "without", "none",
        "never", "nothing",
    ];
    let at = |words: &[&str]| words.iter().filter_map(|w| rest.find(w)).min();
    matches!((at(&opens), at(&negation)), (Some(open), Some(no)) if open < no)
}

/// A count beside tests that no summary of the deciding runs has.
#[expect(clippy::cast_precision_loss, reason = "counts of tests")]
fn miscounted(cx: &Context, a: &Assertion, kind: Kind, ruling: &Ruling) -> bool {
    let runs: Vec<&Summary> = cx
        .facts
        .record
        .tests
        .iter()
        .filter(|r| ruling.evidence.contains(&r.seq))
        .filter_map(|r| r.summary.as_ref().filter(|s| s.counted))
        .collect();
    if !matches!(kind, Kind::TestsPassed | Kind::TestsFailed) || runs.len() != 1 {
        return false;
    }
    let Some(s) = runs.first() else { return false };
    let failed = s.failed + s.errors;
    let named = a.tokens.len() as u64;
    let known = [
        Some(s.passed),
        Some(s.failed),
        Some(s.errors),
        Some(failed),
        Some(s.skipped),
        Some(s.deselected),
        Some(s.passed + failed),
        Some(s.passed + failed + s.skipped),
        Some(s.passed + failed + s.skipped + s.deselected),
        s.assertions,
        Some(named),
        Some(1),
    ];
    let other = "s |ms|sec|min|%|x|times|time|run|mal|fois|veces|回|次|file|package|crate|suite|modul|datei|paket|fichier|paquet|archivo|ファイル|个包";
    a.numbers.iter().filter(|n| n.decimals == 0 && n.unit != "s").any(|n| {
        let counts = !other.split('|').any(|w| n.unit.starts_with(w));
        counts && !known.iter().flatten().any(|k| (*k as f64 - n.value).abs() < 0.5)
    })
}

/// A citation in the claim, or right after it, that does not resolve.
fn miscited(cx: &Context, a: &Assertion) -> bool {
    let near = |c: &&crate::claim::citation::Citation| {
        c.range.start >= a.range.start && c.range.start <= a.range.end + 3
    };
    cx.citations.iter().filter(near).any(|c| !c.resolves)
}

/// "Only", where a rule looks at the thing itself and not at everything else.
fn exclusive(a: &Assertion, kind: Kind) -> bool {
    let masked = format!(" {} ", a.masked);
    matches!(
        kind,
        Kind::FileModified
            | Kind::FileCreated
            | Kind::FileDeleted
            | Kind::FileRenamed
            | Kind::SymbolAdded
            | Kind::SymbolRemoved
            | Kind::DependencyChanged
    ) && says(
        &masked,
        " only | sole | solely | exclusively | nothing but | nur | ausschließlich | einzige| seul | seule | uniquement | solo | sólo | únic|のみ|だけ|只|仅|唯一",
    )
}

fn quantified(a: &Assertion, kind: Kind) -> bool {
    let masked = format!(" {} ", a.masked);
    UNQUANTIFIED.contains(&kind)
        && says(
            &masked,
            " all | every | each | entire| everywhere| throughout| across the | always | never | jede| alle | alles | überall| immer | sämtliche| tous | toutes | chaque | partout| toujours | todos | todas | cada | siempre |すべて|全て|全部|常に|必ず|所有|全部|每个|每次|始终|总是",
        )
}

fn compared(a: &Assertion, kind: Kind) -> bool {
    let numeric = matches!(
        kind,
        Kind::TestsPassed
            | Kind::ChangeCount
            | Kind::PerformanceImproved
            | Kind::TestAdded
            | Kind::TestsFailed
    ) && !a.numbers.is_empty();
    numeric
        && says(
            &a.masked,
            "more than|fewer than|less than|well over|at least|at most|mehr als|weniger als|mindestens|höchstens|plus de|moins de|au moins|más de|menos de|al menos|以上|以下|未満|超过|不到|至少",
        )
}

fn elsewhere(a: &Assertion, kind: Kind) -> bool {
    let state = matches!(
        kind,
        Kind::TestsPassed
            | Kind::BuildSucceeded
            | Kind::LintClean
            | Kind::BehaviourFixed
            | Kind::BehaviourObserved
            | Kind::PerformanceImproved
            | Kind::TaskComplete
            | Kind::CommandRan
    );
    state && says(&format!(" {} ", a.masked), place::PLATFORMS)
}
