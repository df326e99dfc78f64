//! Looking for any of several words.

/// Whether a text holds one of the alternatives, separated by `|`.
pub(crate) fn says(text: &str, alternatives: &str) -> bool {
    alternatives.split('|').any(|w| !w.is_empty() && text.contains(w))
}
