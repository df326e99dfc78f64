//! The last gate: a verified claim is taken back to unverified if part of its wording was not accounted for.
//!
//! Invariants
//! - Never turns a verdict into verified or contradicted.
//! - A negation, a quantifier, a comparison, another machine or an unknown qualifier that no rule has read opens a verdict.

use std::collections::BTreeSet;

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Kind, Ruling, Verdict};
use crate::claim::lexicon::Cue;

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
    Cue::Untouched,
    Cue::NoDependency,
    Cue::NoNetwork,
    Cue::Unused,
    Cue::Complete,
    Cue::Fix,
    Cue::Remove,
    Cue::Stable,
    Cue::Preexisting,
    Cue::Unable,
    Cue::NotDone,
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
        || qualified(cx, a, kind);
    if open { Ruling::unverified(Code::NoEvidence, &ruling.evidence) } else { ruling }
}

fn left_negation(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    if !POSITIVE.contains(&kind) {
        return false;
    }
    let rest = cx.lexicon.without(READ_NEGATIONS, &a.masked);
    let rest = if rest == a.masked { rest } else { rest.replace("ne ", "   ").replace("n’", "    ").replace("n'", "  ") };
    let only = says(&rest, "not only|any longer|found no|nicht nur|non seulement|no solo|not just|だけでなく|不仅|non-zero|not yet");
    cx.lexicon.has(Cue::Not, &rest) && !only && !is_detail(&rest)
}

/// A negation in a relative clause or after the object tells a detail rather than the opposite.
fn is_detail(rest: &str) -> bool {
    let opens = [" that ", " which ", " for ", " when ", " if ", " so ", " der ", " die ", " das ", " qui ", " que ", " para ", " pour "];
    let negation = ["not ", " no ", "nicht", "kein", " pas", "ne ", "n’", "n'", "sans", "sin ", "without", "none", "never", "nothing"];
    let at = |words: &[&str]| words.iter().filter_map(|w| rest.find(w)).min();
    matches!((at(&opens), at(&negation)), (Some(open), Some(no)) if open < no)
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
        Kind::TestsPassed | Kind::ChangeCount | Kind::PerformanceImproved | Kind::TestAdded | Kind::TestsFailed
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
    unknown.iter().any(|w| !known.contains(*w) && !known.iter().any(|k| k.len() >= 4 && (k.starts_with(w) || w.starts_with(k.as_str()))))
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
    "with", "without", "from", "this", "that", "these", "those", "they", "them", "their", "there", "here", "have", "been",
    "also", "again", "still", "well", "just", "both", "each", "same", "after", "before", "when", "while", "then", "than",
    "above", "below", "under", "over", "into", "onto", "which", "whose", "what", "now", "locally", "currently",
    "existing", "current", "unit", "own", "project", "repository", "codebase", "package", "crate", "module", "code",
    "change", "changes", "edit", "edits", "final", "latest", "last", "once", "twice", "time", "times", "more", "most",
    "result", "results", "outcome", "maven", "gradle", "cargo", "node", "python", "rust", "java", "ruby", "javascript",
    "typescript", "total", "pass", "comes", "back", "remains", "stays", "runs", "reports", "says", "shows", "prints",
    "finishes", "ends", "finished", "ended", "completed", "reported", "executed", "case", "cases", "named", "called",
    "covering", "covers", "proves", "confirms", "remaining", "rest", "others", "other", "too", "cleanly", "happily",
    "against", "version", "mode", "flag", "enabled", "your", "mine", "ours", "whole", "entire", "accordingly", "afterwards",
    "regression", "added", "including", "included", "plus", "even", "only", "fully", "command", "check", "checks",
    "sich", "auch", "noch", "wieder", "weiterhin", "damit", "danach", "dabei", "nach", "über", "sowie", "beim", "zwei",
    "bestehenden", "bestehende", "vorhandenen", "projekt", "paket", "modul", "lauf", "läufe", "ergebnis", "beiden", "beide",
    "laufen", "läuft", "sind", "sein", "haben", "wurde", "wurden", "dann", "jetzt", "unverändert", "anschließend", "meiner",
    "änderung", "projekts", "aktuell", "derzeit", "lokal", "avec", "dans", "pour", "aussi", "encore", "toujours", "après",
    "avant", "cette", "mais", "leur", "sont", "projet", "paquet", "modification", "exécution", "résultat", "existants",
    "unitaires", "unitaire", "également", "restants", "ainsi", "sans", "ensemble", "maintenant", "désormais", "además",
    "también", "sigue", "siguen", "después", "antes", "este", "esta", "estos", "estas", "proyecto", "paquete", "cambio",
    "ejecución", "resultado", "existentes", "unitarias", "unitarios", "otros", "otras", "demás", "resto", "ahora", "todavía",
    "para", "sobre", "about", "across", "along", "debug", "itself", "durchläufe", "hintereinander", "redire", "übrigen", "anything", "everything", "something", "nothing", "suites", "says", "zudem", "ebenfalls", "alles", "dazu", "desde", "bien", "todo", "tout", "packages", "crates", "modules", "workspace", "members", "según", "tras", "siguiendo", "actual", "actuales", "complete", "without", "reveals", "yields",
];
