//! Whether a delimiter stands between two clauses or inside one.

use crate::claim::lexicon::{Cue, Lexicon};
use crate::claim::words::says;

/// A delimiter with what stands around it, masked.
pub(super) struct Cut<'t> {
    /// From the last border to the delimiter.
    pub(super) left: &'t str,
    /// From the delimiter to the next one.
    pub(super) near: &'t str,
    /// From the delimiter to the end.
    pub(super) right: &'t str,
    /// The delimiter without blanks.
    pub(super) delimiter: &'t str,
    /// The words of the language.
    pub(super) lexicon: &'t Lexicon,
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

impl Cut<'_> {
    fn has(&self, cue: Cue, text: &str) -> bool {
        self.lexicon.has(cue, text)
    }

    /// Whether a new clause begins here; `predicates` tells that both sides have one.
    pub(super) fn is_clause_border(&self, predicates: bool) -> bool {
        let labelled = |text: &str| {
            text.trim_start()
                .split_once(": ")
                .is_some_and(|(head, _)| (1..=2).contains(&words(head)) && head.is_ascii())
        };
        let headed = self.delimiter == ":" && words(self.left) <= 2 && self.left.is_ascii();
        let item = self.delimiter == "," && labelled(self.right) && self.left.contains(':');
        if headed || item {
            return item;
        }
        self.begins_clause(predicates) && !self.belongs_together()
    }

    fn begins_clause(&self, predicates: bool) -> bool {
        let (left, near, delimiter) = (self.left, self.near, self.delimiter);
        let both = (self.has(Cue::Verb, left) || self.has(Cue::Subject, left))
            && (self.has(Cue::Verb, near) || self.has(Cue::Opens, near.trim_start()));
        let listed =
            self.has(Cue::Read, left) && opens_universal(near) && delimiter.contains(char::is_alphabetic);
        let refused = delimiter == "or" && self.has(Cue::Not, left) && words(near) > 1;
        let reported = delimiter == ":"
            && (self.has(Cue::Run, left) || self.has(Cue::Exited, left) && words(near) <= 3)
            && near.chars().any(|c| c.is_ascii_digit());
        let strong = matches!(delimiter, ";" | ":" | "—" | "–" | "\u{ff1b}" | "\u{ff1a}");
        let apart = strong
            && words(near) >= 3
            && near.contains(char::is_alphabetic)
            && self.has(Cue::Verb, left)
            && (delimiter == ";"
                || near.contains('~') && !near.trim_start().starts_with('~')
                || self.has(Cue::AllGreen, left)
                || self.has(Cue::Verb, near));
        let named = delimiter == ";" && left.contains('~') && near.contains('~') && words(near) >= 3;
        let excluded = near.trim_start().starts_with("not ~");
        (both || predicates) && !is_fragment(left, near)
            || listed
            || refused
            || reported
            || delimiter == "by"
            || apart
            || named
            || excluded
    }

    /// Contrasts, appositions, tallies and asides that one claim is made of.
    fn belongs_together(&self) -> bool {
        let (left, near, delimiter) = (self.left, self.near, self.delimiter);
        let opens = near.trim_start();
        let comma = delimiter == ",";
        let subject_only = delimiter == ":" && !self.has(Cue::Verb, left);
        let digit = |t: &str| t.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let none = ["no ", "zero ", "keine ", "aucun", "ning"].iter().any(|w| opens.starts_with(w)) && comma;
        let counted = (digit(near) || none)
            && left.trim_end().ends_with(char::is_alphabetic)
            && left.chars().any(|c| c.is_ascii_digit());
        let bare = near.is_ascii() && words(near) < 2 && matches!(delimiter, "and" | "or");
        let last = left.rsplit(',').next().unwrap_or_default().trim();
        let apposed = comma && left.contains(',') && !last.is_empty() && last.chars().all(|c| c == '~');
        let outcome = comma
            && self.lexicon.find(Cue::NoFail, opens).is_some_and(|m| m.start == 0)
            && words(near) <= 3
            && self.has(Cue::Test, left);
        let prepositions = ["with ", "without ", "mit ", "ohne ", "avec ", "sans ", "con ", "sin "];
        let aside = prepositions.iter().any(|w| opens.starts_with(w)) && words(near) <= 4;
        let counted = counted || left.trim_end().ends_with(" of");
        let tally = |t: &str| words(t) <= 3 && digit(t);
        let tallied = tally(left) && tally(near);
        self.is_contrast() || subject_only || counted || bare || apposed || outcome || aside || tallied
    }

    /// "… used to fail and passes now".
    fn is_contrast(&self) -> bool {
        let (left, near) = (self.left, self.near);
        let failed = |text: &str| {
            self.has(Cue::Fail, text)
                && (self.has(Cue::Past, text)
                    || self.has(Cue::Preexisting, text)
                    || says(text, " before| used to|fallaba|échouait|failing|fehlschlug|之前"))
        };
        let later = self.right.get(near.len()..).unwrap_or_default();
        (self.has(Cue::Past, left) || failed(left))
            && self.right.trim_start().starts_with("pass")
            && !left.contains("my change")
            || failed(near) && self.has(Cue::Pass, later) && self.delimiter == ","
            || failed(left)
                && self.has(Cue::Pass, near)
                && words(near) <= 3
                && says(left, ", que |, qui |, which |, das |, der |, die ")
    }
}

/// "…, all passing", "…, none skipped": details of what was counted before.
fn is_fragment(left: &str, near: &str) -> bool {
    let counted = left.rsplit([':', ',']).next().is_some_and(|l| l.split_whitespace().count() <= 3);
    let words: Vec<&str> = near.split_whitespace().collect();
    let quantity = ["all", "none", "both", "each", "alle", "tous", "toutes", "todos", "todas"];
    counted
        && words.len() == 2
        && words.first().is_some_and(|w| quantity.contains(w))
        && words.last().is_some_and(|w| w.ends_with("ing") || w.ends_with("green"))
}

/// "… and every caller": a second object that is a claim of its own.
fn opens_universal(text: &str) -> bool {
    let text = text.trim_start();
    ["every ", "all ", "each ", "alle ", "jede", "tous ", "toutes ", "todos ", "todas "]
        .iter()
        .any(|w| text.starts_with(w))
}
