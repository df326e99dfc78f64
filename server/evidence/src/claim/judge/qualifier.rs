//! Words of a claim about tests, builds or linters that neither the tables nor the record know.
//!
//! Invariants
//! - A word is known if a cue of the language has it, if it qualifies nothing, or if the record speaks of it.

use std::collections::BTreeSet;

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::kind::Kind;

/// Words of a claim about tests, builds or linters that neither the tables nor the record know.
pub(super) fn qualified(cx: &Context, a: &Assertion, kind: Kind) -> bool {
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
    let unknown: Vec<&str> =
        left_words(&a.masked, &rest).filter(|w| !HARMLESS.contains(&format!(" {w} "))).collect();
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
const HARMLESS: &str = " with without from this that these those they them their there here have been also again \
    still well just both each same after before when while then than above below under over into \
    onto which whose what now locally currently existing current unit own project repository \
    codebase package crate module code change changes edit edits final latest last once twice \
    time times more most result results outcome maven gradle cargo node python rust java ruby \
    javascript typescript total pass comes back remains stays runs reports says shows prints \
    finishes ends finished ended completed reported executed case cases named called covering \
    covers proves confirms remaining rest others other too cleanly happily against version mode \
    flag enabled your mine ours whole entire accordingly afterwards regression added including \
    included plus even only fully command check checks sich auch noch wieder weiterhin damit \
    danach dabei nach über sowie beim zwei bestehenden bestehende vorhandenen projekt paket \
    modul lauf läufe ergebnis beiden beide laufen läuft sind sein haben wurde wurden dann jetzt \
    unverändert anschließend meiner änderung projekts aktuell derzeit lokal avec dans pour aussi \
    encore toujours après avant cette mais leur sont projet paquet modification exécution \
    résultat existants unitaires unitaire également restants ainsi sans ensemble maintenant \
    désormais además también sigue siguen después antes este esta estos estas proyecto paquete \
    cambio ejecución resultado existentes unitarias unitarios otros otras demás resto ahora \
    todavía para sobre about across along among amongst debug itself durchläufe hintereinander \
    redire übrigen anything everything something nothing suites zudem ebenfalls alles dazu desde \
    bien todo tout packages crates modules workspace members según tras siguiendo actual \
    actuales complete reveals yields ";
