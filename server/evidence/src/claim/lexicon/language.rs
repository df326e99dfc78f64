//! Which language a message is written in, and where its tables are.

use super::{Table, de, en, es, fr, ja, zh};

/// A language with a table, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Chinese.
    Zh,
    /// A language without a table.
    Other,
}

const DE: &str = " der die das und ist nicht ich wurde wurden habe ein eine im mit auf für alle sind den dem nur keine jetzt es noch aber ";
const FR: &str = " le la les et est un une des du pas dans pour je il sont avec sur ont été tous toutes mais ai ne que de au ce ";
const ES: &str =
    " el la los las y es un una en no se que con para por todas todos he son ahora pero del al ha de sin lo ";
const EN: &str =
    " the and is a to of in it i with for no all that not was now are by on an be has have this ";
const FOREIGN: &str =
    " não uma foram os mais também są nie jest het een zijn niet och inte är med che il sono gli della ";

impl Language {
    /// The languages with a table.
    pub const KNOWN: &'static [Self] = &[Self::En, Self::Ja, Self::De, Self::Fr, Self::Es, Self::Zh];

    /// Tells the language of masked text: by script, then by its commonest words.
    #[must_use]
    pub fn of(masked: &str) -> Self {
        let count = |low: char, high: char| masked.chars().filter(|c| (low..=high).contains(c)).count();
        let (kana, han) = (count('\u{3041}', '\u{30ff}'), count('\u{4e00}', '\u{9fff}'));
        let letters = masked.chars().filter(|c| c.is_alphabetic()).count().max(1);
        if kana > 0 && (kana + han) * 5 >= letters {
            return Self::Ja;
        }
        if han * 5 >= letters {
            return Self::Zh;
        }
        let latin =
            masked.chars().filter(|c| c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(c)).count();
        if latin * 2 < letters {
            return Self::Other;
        }
        Self::latin(masked)
    }

    fn latin(masked: &str) -> Self {
        let words = || masked.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
        let score = |list: &str| words().filter(|w| list.contains(&format!(" {w} "))).count();
        let scores = [
            (Self::En, score(EN)),
            (Self::De, score(DE)),
            (Self::Fr, score(FR)),
            (Self::Es, score(ES)),
            (Self::Other, 2 * score(FOREIGN)),
        ];
        let best = scores.iter().map(|(_, s)| *s).max().unwrap_or(0);
        let mut leading = scores.iter().filter(|(_, s)| *s == best).map(|(l, _)| *l);
        match (leading.next(), leading.next()) {
            (Some(only), None) if best > 0 => only,
            _ => Self::by_cues(masked),
        }
    }

    /// Too few common words to tell: the language whose cues match most, marked letters deciding a draw.
    fn by_cues(masked: &str) -> Self {
        let marked = Self::by_letters(masked);
        let score =
            |l: &Self| 2 * super::Lexicon::of(*l).map_or(0, |x| x.score(masked)) + usize::from(*l == marked);
        let latin = [Self::En, Self::De, Self::Fr, Self::Es];
        latin.iter().rev().max_by_key(|l| score(l)).copied().unwrap_or(Self::En)
    }

    fn by_letters(masked: &str) -> Self {
        if masked.contains(['ß', 'ä', 'ö', 'ü']) {
            Self::De
        } else if masked.contains(['ñ', '¿', '¡', 'ó']) {
            Self::Es
        } else if masked.contains(['é', 'è', 'ç', 'ê', 'à']) {
            Self::Fr
        } else {
            Self::En
        }
    }

    /// The table of cues.
    #[must_use]
    pub fn table(self) -> Table {
        match self {
            Self::En => en::TABLE,
            Self::Ja => ja::TABLE,
            Self::De => de::TABLE,
            Self::Fr => fr::TABLE,
            Self::Es => es::TABLE,
            Self::Zh => zh::TABLE,
            Self::Other => &[],
        }
    }

    /// Delimiters between clauses; the first group is the delimiter itself.
    #[must_use]
    pub fn split_pattern(self) -> &'static str {
        match self {
            Self::En => en::SPLIT,
            Self::Ja => ja::SPLIT,
            Self::De => de::SPLIT,
            Self::Fr => fr::SPLIT,
            Self::Es => es::SPLIT,
            Self::Zh => zh::SPLIT,
            Self::Other => "(;)",
        }
    }

    /// Number words with their values.
    #[must_use]
    pub fn number_words(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::En => en::NUMBERS,
            Self::Ja => ja::NUMBERS,
            Self::De => de::NUMBERS,
            Self::Fr => fr::NUMBERS,
            Self::Es => es::NUMBERS,
            Self::Zh => zh::NUMBERS,
            Self::Other => &[],
        }
    }

    /// Whether words are separated by blanks.
    #[must_use]
    pub fn is_spaced(self) -> bool {
        !matches!(self, Self::Ja | Self::Zh)
    }
}
