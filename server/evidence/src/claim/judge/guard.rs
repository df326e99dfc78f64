//! The last gate: a verified claim is taken back to unverified if part of its wording was not accounted for.
//!
//! Invariants
//! - Never turns a verdict into verified or contradicted.
//! - A negation, a quantifier, a comparison, another machine or an unknown qualifier that no rule has read opens a verdict.

use std::collections::BTreeSet;

use super::Context;
use super::evidence::has_number;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Kind, Ruling, Verdict};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Quoting, Shape};

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
    if ruling.verdict != Verdict::Verified {
        return ruling;
    }
    let open = left_negation(cx, a, kind)
        || quantified(a, kind)
        || compared(a, kind)
        || elsewhere(a, kind)
        || qualified(cx, a, kind)
        || unheard_of(cx, a, kind)
        || unwritten(cx, a, kind);
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
    cx.lexicon.has(Cue::Not, &rest) && !only && !is_detail(&rest) && !(absence && denies_a_thing(&rest))
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

/// Code that the claim names and that is neither in the workspace nor in the log.
fn unheard_of(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    let about = matches!(
        kind,
        Kind::SymbolAdded
            | Kind::SymbolRemoved
            | Kind::SymbolRenamed
            | Kind::TestAdded
            | Kind::ContentChanged
            | Kind::FileModified
            | Kind::FileCreated
    );
    let case = cx.facts.case();
    let written = |name: &str| {
        let texts = cx.facts.after().values().chain(cx.facts.before().values());
        texts.into_iter().any(|t| t.contains(name))
            || case
                .commands()
                .any(|c| c.cmd.contains(name) || c.stdout.contains(name) || c.stderr.contains(name))
            || cx.facts.after().keys().chain(cx.facts.before().keys()).any(|p| p.contains(name))
            || case.task_text().contains(name)
            || cx
                .facts
                .dependencies_after
                .keys()
                .chain(cx.facts.dependencies_before.keys())
                .any(|d| d == name)
    };
    let code = |t: &&crate::claim::message::Token| {
        t.shape == Shape::Name && t.quoting == Quoting::Code && t.identifier().len() > 1
    };
    about && a.tokens.iter().filter(code).any(|t| !written(t.identifier()))
}

/// A number or version in the wording of a content claim that stands nowhere in the changed lines or the file named.
fn unwritten(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    if !matches!(kind, Kind::ContentChanged | Kind::DependencyChanged) {
        return false;
    }
    let place = a.shaped(Shape::Path).find_map(|t| cx.facts.resolve(&t.text));
    let file = place.and_then(|p| cx.facts.after().get(&p)).map_or("", String::as_str);
    let changed: Vec<&str> =
        cx.facts.added.iter().chain(&cx.facts.removed).map(|l| l.text.as_str()).collect();
    let changing = [Cue::Change, Cue::Add, Cue::Bump, Cue::Now].iter().any(|c| cx.has(a, *c));
    let anywhere = |n: &str| {
        changed.iter().any(|l| has_number(&l.replace('_', ""), n))
            || has_number(file, n)
            || !changing && cx.facts.after().values().any(|t| has_number(&t.replace('_', ""), n))
    };
    let raw = cx.message.slice(&a.range);
    let versions = raw
        .split(|c: char| c.is_whitespace() || matches!(c, '`' | ',' | '(' | ')'))
        .map(|w| w.trim_matches(['.', 'v', '^', '~', '=']));
    let versioned = versions
        .filter(|w| {
            w.matches('.').count() >= 1 && w.chars().all(|c| c.is_ascii_digit() || c == '.') && !w.is_empty()
        })
        .any(|v| {
            !cx.facts.added.iter().chain(&cx.facts.removed).any(|l| l.text.contains(v)) && !file.contains(v)
        });
    let counted = [
        "file",
        "place",
        "test",
        "line",
        "time",
        "call",
        "item",
        "case",
        "function",
        "param",
        "処",
        "箇所",
        "件",
        "个",
        "处",
        "datei",
        "zeile",
        "stelle",
        "fichier",
        "ligne",
        "archivo",
        "línea",
        "site",
        "occurrence",
        "user",
        "argument",
        "byte",
        "week",
        "day",
        "year",
    ];
    let stray = a.numbers.iter().any(|n| {
        let digits =
            a.masked.get(n.range.clone()).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let shown =
            if n.decimals == 0 { format!("{:.0}", n.value) } else { format!("{:.*}", n.decimals, n.value) };
        let bound =
            says(&a.masked, "outside|between|range|–|au-delà|außerhalb|zwischen|fuera|entre|範囲|之间");
        let beside = || bound && [n.value - 1.0, n.value + 1.0].iter().any(|v| anywhere(&format!("{v:.0}")));
        digits && !counted.iter().any(|w| n.unit.starts_with(w)) && !anywhere(&shown) && !beside()
    });
    versioned || stray || reversed(cx, a)
}

/// "From 8 to 2" although no removed line has the first or no added line the second.
fn reversed(cx: &Context, a: &Assertion) -> bool {
    let [old, new] = a.numbers.as_slice() else { return false };
    let between = a.masked.get(old.range.end..new.range.start).unwrap_or_default();
    let before = a.masked.get(..old.range.start).unwrap_or_default();
    let from = says(before, "from |von | de |由|从") || between.contains("から");
    let linked = says(between, " to | auf | à | a |から|到|至|成|→|->") || between.contains("为");
    let shown = |n: &crate::claim::message::Number| {
        if n.decimals == 0 { format!("{:.0}", n.value) } else { format!("{:.*}", n.decimals, n.value) }
    };
    let holds = |lines: &[crate::claim::facts::Line], n: &str| {
        lines.iter().any(|l| has_number(&l.text.replace('_', ""), n))
    };
    from && linked && !(holds(&cx.facts.removed, &shown(old)) && holds(&cx.facts.added, &shown(new)))
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
    let masked = format!(" {} ", a.masked);
    state
        && says(
            &masked,
            "windows|macos|on mac|on linux|auf linux|sous linux|en linux|android| ios | arm64|in production|in der produktion|en production|en producción|本番|生产环境|线上|staging|ステージング| ci | ci,|github actions|on every platform|on all platforms|all platforms|raspberry",
        )
}

/// Words of a claim about tests, builds or linters that neither the tables nor the record know.
fn qualified(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    let about = matches!(kind, Kind::TestsPassed | Kind::BuildSucceeded | Kind::LintClean);
    if !about || !cx.message.language.is_spaced() {
        return false;
    }
    let mut rest = cx.lexicon.without(&[], &a.masked).into_bytes();
    for number in &a.numbers {
        if let Some(part) = rest.get_mut(number.range.clone()) {
            part.fill(b' ');
        }
    }
    let unknown: Vec<&str> = left_words(&a.masked, &rest).filter(|w| !HARMLESS.contains(w)).collect();
    if unknown.is_empty() {
        return false;
    }
    let known = vocabulary(cx);
    unknown.iter().any(|w| {
        !known.contains(*w)
            && !known.iter().any(|k| k.len() >= 4 && (k.starts_with(w) || w.starts_with(k.as_str())))
    })
}

/// Words of four letters or more of which nothing was blanked.
fn left_words<'t>(masked: &'t str, rest: &'t [u8]) -> impl Iterator<Item = &'t str> {
    let start = masked.as_ptr() as usize;
    masked.split(|c: char| !c.is_alphabetic()).filter(move |w| {
        let at = (w.as_ptr() as usize).saturating_sub(start);
        w.chars().count() >= 4 && rest.get(at..at + w.len()) == Some(w.as_bytes())
    })
}

/// Words of the commands, paths, test names and tasks of the record.
fn vocabulary(cx: &Context) -> BTreeSet<String> {
    let case = cx.facts.case();
    let mut out = BTreeSet::new();
    let mut learn = |text: &str| {
        let lower = text.to_lowercase();
        out.extend(lower.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() >= 3).map(str::to_owned));
    };
    for command in case.commands() {
        learn(&command.cmd);
        learn(&command.cwd);
        learn(command.stdout.get(..command.stdout.len().min(2_000)).unwrap_or(""));
    }
    for path in case.workspace.after.keys() {
        learn(path);
    }
    learn(&case.task_text());
    for (_, test) in &cx.facts.tests_after {
        learn(&test.name);
    }
    out
}

/// Words that qualify nothing: articles, adverbs of time and degree, names of tools under another name.
const HARMLESS: &[&str] = &[
    "with",
    "without",
    "from",
    "this",
    "that",
    "these",
    "those",
    "they",
    "them",
    "their",
    "there",
    "here",
    "have",
    "been",
    "also",
    "again",
    "still",
    "well",
    "just",
    "both",
    "each",
    "same",
    "after",
    "before",
    "when",
    "while",
    "then",
    "than",
    "above",
    "below",
    "under",
    "over",
    "into",
    "onto",
    "which",
    "whose",
    "what",
    "now",
    "locally",
    "currently",
    "existing",
    "current",
    "unit",
    "own",
    "project",
    "repository",
    "codebase",
    "package",
    "crate",
    "module",
    "code",
    "change",
    "changes",
    "edit",
    "edits",
    "final",
    "latest",
    "last",
    "once",
    "twice",
    "time",
    "times",
    "more",
    "most",
    "result",
    "results",
    "outcome",
    "maven",
    "gradle",
    "cargo",
    "node",
    "python",
    "rust",
    "java",
    "ruby",
    "javascript",
    "typescript",
    "total",
    "pass",
    "comes",
    "back",
    "remains",
    "stays",
    "runs",
    "reports",
    "says",
    "shows",
    "prints",
    "finishes",
    "ends",
    "finished",
    "ended",
    "completed",
    "reported",
    "executed",
    "case",
    "cases",
    "named",
    "called",
    "covering",
    "covers",
    "proves",
    "confirms",
    "remaining",
    "rest",
    "others",
    "other",
    "too",
    "cleanly",
    "happily",
    "against",
    "version",
    "mode",
    "flag",
    "enabled",
    "your",
    "mine",
    "ours",
    "whole",
    "entire",
    "accordingly",
    "afterwards",
    "regression",
    "added",
    "including",
    "included",
    "plus",
    "even",
    "only",
    "fully",
    "command",
    "check",
    "checks",
    "sich",
    "auch",
    "noch",
    "wieder",
    "weiterhin",
    "damit",
    "danach",
    "dabei",
    "nach",
    "über",
    "sowie",
    "beim",
    "zwei",
    "bestehenden",
    "bestehende",
    "vorhandenen",
    "projekt",
    "paket",
    "modul",
    "lauf",
    "läufe",
    "ergebnis",
    "beiden",
    "beide",
    "laufen",
    "läuft",
    "sind",
    "sein",
    "haben",
    "wurde",
    "wurden",
    "dann",
    "jetzt",
    "unverändert",
    "anschließend",
    "meiner",
    "änderung",
    "projekts",
    "aktuell",
    "derzeit",
    "lokal",
    "avec",
    "dans",
    "pour",
    "aussi",
    "encore",
    "toujours",
    "après",
    "avant",
    "cette",
    "mais",
    "leur",
    "sont",
    "projet",
    "paquet",
    "modification",
    "exécution",
    "résultat",
    "existants",
    "unitaires",
    "unitaire",
    "également",
    "restants",
    "ainsi",
    "sans",
    "ensemble",
    "maintenant",
    "désormais",
    "además",
    "también",
    "sigue",
    "siguen",
    "después",
    "antes",
    "este",
    "esta",
    "estos",
    "estas",
    "proyecto",
    "paquete",
    "cambio",
    "ejecución",
    "resultado",
    "existentes",
    "unitarias",
    "unitarios",
    "otros",
    "otras",
    "demás",
    "resto",
    "ahora",
    "todavía",
    "para",
    "sobre",
    "about",
    "across",
    "along",
    "among",
    "amongst",
    "debug",
    "itself",
    "durchläufe",
    "hintereinander",
    "redire",
    "übrigen",
    "anything",
    "everything",
    "something",
    "nothing",
    "suites",
    "says",
    "zudem",
    "ebenfalls",
    "alles",
    "dazu",
    "desde",
    "bien",
    "todo",
    "tout",
    "packages",
    "crates",
    "modules",
    "workspace",
    "members",
    "según",
    "tras",
    "siguiendo",
    "actual",
    "actuales",
    "complete",
    "without",
    "reveals",
    "yields",
];
