//! Does a stretch of text have a predicate of its own? By the cues of its language, and by the endings of its verbs.
//!
//! Invariants
//! - Endings only help to find where clauses are; they never say what a clause claims.

use std::ops::Range;

use super::Message;
use crate::claim::lexicon::{Cue, Language, Lexicon};

/// Cues that only a predicate carries.
const PREDICATES: &[Cue] = &[
    Cue::AllGreen,
    Cue::Untouched,
    Cue::Unused,
    Cue::Unable,
    Cue::NotDone,
    Cue::NoDependency,
    Cue::Preexisting,
    Cue::Complete,
];

/// Cues that in inflected languages are carried by verb forms.
const INFLECTED: &[Cue] = &[
    Cue::Pass,
    Cue::Fail,
    Cue::Remove,
    Cue::Fix,
    Cue::NoLonger,
    Cue::Run,
    Cue::Read,
    Cue::Rename,
    Cue::Vcs,
    Cue::Observe,
];

const GERMAN_NO_VERB: &[&str] = &[
    "mit",
    "nicht",
    "sonst",
    "erst",
    "fast",
    "selbst",
    "jetzt",
    "dort",
    "weit",
    "gut",
    "seit",
    "statt",
    "laut",
    "insgesamt",
    "direkt",
    "komplett",
    "zuerst",
    "zunächst",
    "zuletzt",
    "bisweilen",
    "heute",
    "alte",
    "letzte",
    "nächste",
    "gesamte",
    "komplette",
    "erste",
    "zweite",
    "dritte",
    "vierte",
    "rechte",
    "bitte",
    "exakt",
    "korrekt",
    "bekannte",
    "leicht",
    "meist",
    "samt",
    "solist",
    "hinten",
    "unten",
    "mitten",
    "ersten",
    "letzten",
    "meisten",
    "nächsten",
    "alten",
    "gesamten",
    "kompletten",
    "zweiten",
    "dritten",
    "sämtliche",
    "test",
    "tests",
    "commit",
];

const FRENCH_NO_VERB: &[&str] = &[
    "petit",
    "commit",
    "unit",
    "bit",
    "exit",
    "souvent",
    "comment",
    "argument",
    "fragment",
    "élément",
    "composant",
    "développement",
    "client",
    "agent",
    "document",
    "environnement",
    "changement",
    "traitement",
    "évènement",
    "moment",
    "segment",
    "parent",
    "absent",
    "différent",
    "récent",
    "présent",
    "clé",
    "côté",
    "qualité",
    "entité",
    "propriété",
    "compatibilité",
    "totalité",
    "intégralité",
    "fait",
    "lisibilité",
    "entrée",
    "année",
    "durée",
];

const SPANISH_NO_VERB: &[&str] = &[
    "versión",
    "función",
    "opción",
    "sección",
    "configuración",
    "documentación",
    "excepción",
    "expresión",
    "condición",
    "validación",
    "implementación",
    "café",
    "qué",
    "además",
    "orden",
    "imagen",
    "estado",
    "lado",
    "resultado",
    "método",
    "entrada",
    "salida",
    "llamada",
    "llamado",
    "contenido",
    "pedido",
    "cada",
    "nada",
    "todavía",
    "batería",
    "librería",
    "medida",
    "comunidad",
];

/// Whether a range of the message holds a predicate.
#[must_use]
pub fn is_predicative(message: &Message, range: &Range<usize>, lexicon: &Lexicon) -> bool {
    let masked = message.masked_slice(range);
    let any = |cues: &[Cue]| cues.iter().any(|c| lexicon.has(*c, masked));
    if lexicon.has(Cue::Verb, masked) || any(PREDICATES) {
        return true;
    }
    let words = masked.split_whitespace().count();
    match message.language {
        Language::De | Language::Fr | Language::Es => {
            words >= 2 && (any(INFLECTED) || ends_like_a_verb(message.slice(range), message.language))
        }
        Language::Zh | Language::Ja => any(INFLECTED),
        Language::En => words >= 2 && third_person(masked) && !names_a_noun(masked, lexicon),
        Language::Other => false,
    }
}

/// "that cures …", "it snaps …": a pronoun and a verb in the third person.
fn third_person(masked: &str) -> bool {
    let mut words = masked.split_whitespace();
    let first = words.next().unwrap_or_default();
    let mut second = words.next().unwrap_or_default();
    if ["also", "still", "now", "then", "just", "always"].contains(&second) {
        second = words.next().unwrap_or_default();
    }
    let pronoun = ["it", "that", "this", "which", "everything", "nothing", "he", "she", "each"]
        .contains(&first)
        || first.chars().all(|c| c == '~') && !first.is_empty();
    let plural = ["they", "these", "those", "both", "we", "i", "you"].contains(&first);
    let verb = second.len() > 3 && second.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    pronoun && verb && (second.ends_with('s') || second.ends_with("ed")) && !second.ends_with("ss")
        || plural && verb && second.ends_with("ed")
}

/// "`Format` functions": the word after a name is what the name is.
fn names_a_noun(masked: &str, lexicon: &Lexicon) -> bool {
    let mut words = masked.split_whitespace();
    let named = words.next().is_some_and(|w| w.starts_with('~'));
    let noun = words.next().is_some_and(|w| {
        [Cue::Symbol, Cue::File, Cue::Part, Cue::Test, Cue::Count, Cue::Dependency]
            .iter()
            .any(|c| lexicon.has(*c, w))
    });
    named && (noun || words.next().is_none())
}

fn ends_like_a_verb(text: &str, language: Language) -> bool {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '`' | '_' | '’' | '\'')));
    words
        .filter(|w| w.chars().count() >= 4 && w.starts_with(char::is_lowercase))
        .any(|w| is_verb(w, language))
}

fn is_verb(word: &str, language: Language) -> bool {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|s| word.ends_with(s));
    match language {
        Language::De => ends(&["t", "te", "ten"]) && !GERMAN_NO_VERB.contains(&word),
        Language::Fr => {
            ends(&["ait", "aient", "é", "ée", "és", "ées", "ent", "it", "oit", "end"])
                && !word.ends_with("ment")
                && !FRENCH_NO_VERB.contains(&word)
        }
        Language::Es => {
            ends(&[
                "ó", "é", "aba", "aban", "ía", "ían", "aron", "ieron", "ado", "ada", "ados", "adas", "ido",
                "ida",
            ]) && !SPANISH_NO_VERB.contains(&word)
        }
        _ => false,
    }
}
