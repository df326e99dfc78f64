//! The one way in which this crate splits a text into lines.
//!
//! Invariants
//! - Lines keep their terminators, so joining them gives the text back: `"a\nb"` is `"a\n"`, `"b"`.
//! - `""` has no line; `"a"` and `"a\n"` have one. Only `\n` ends a line (`\r\n` ends with it; a lone `\r` does not).
//! - A *gap* is a place between lines: gap `0` is before the first line, gap `n` after the last of `n` lines.

/// The lines of `text`, each with its terminator.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

/// How many lines `text` has.
#[must_use]
pub fn count(text: &str) -> u32 {
    count_bytes(text.as_bytes())
}

/// How many lines `bytes` have, by the same rule.
#[must_use]
pub fn count_bytes(bytes: &[u8]) -> u32 {
    let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
    let open = usize::from(!bytes.is_empty() && bytes.last() != Some(&b'\n'));
    u32::try_from(ends + open).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terminators_stay() {
        let split = |text| lines(text).collect::<Vec<_>>();
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split("a"), ["a"]);
        assert_eq!(split("a\n"), ["a\n"]);
        assert_eq!(split("a\r\n\nb\rc"), ["a\r\n", "\n", "b\rc"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a\r\n]{0,20}") {
            prop_assert_eq!(lines(&text).collect::<String>(), text.clone());
            prop_assert_eq!(lines(&text).count(), count(&text) as usize);
        }
    }
}
