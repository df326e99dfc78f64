//! The client's own text of a document, with positions in the negotiated encoding.
//!
//! Invariants
//! - Written independently of the server (a list of lines, no rope), so that one mistake is not made on both sides.
//! - A line keeps its terminator; lines end as the specification says: `\n`, `\r\n` or `\r`.

use serde_json::{Value, json};

/// What a `character` of a position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the default of the protocol.
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The name in `positionEncodings`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// The encoding with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Utf8, Self::Utf16, Self::Utf32].into_iter().find(|encoding| encoding.name() == name)
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        }
    }
}

/// A place in a text: line and byte in that line. Ordered as the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 0.
    pub line: usize,
    /// Byte in the line.
    pub byte: usize,
}

/// A text as a list of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Never empty; the last one has no terminator (and may be empty).
    lines: Vec<String>,
}

impl Text {
    /// Splits a text into its lines.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut lines = split(text);
        if lines.last().is_none_or(|last| terminator(last) > 0) {
            lines.push(String::new());
        }
        Self { lines }
    }

    /// The lines, with their terminators.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The whole text.
    #[must_use]
    pub fn whole(&self) -> String {
        self.lines.concat()
    }

    /// The place after the first `offset` bytes.
    ///
    /// # Panics
    /// If the text is shorter.
    #[must_use]
    pub fn at(&self, offset: usize) -> Place {
        let mut left = offset;
        for (line, content) in self.lines.iter().enumerate() {
            if left < content.len() || line + 1 == self.lines.len() {
                assert!(left <= content.len(), "byte {offset} is past the end of the text");
                return Place { line, byte: left };
            }
            left -= content.len();
        }
        unreachable!("a text has at least one line")
    }

    /// The place where `needle` first begins.
    #[must_use]
    pub fn find(&self, needle: &str) -> Option<Place> {
        self.whole().find(needle).map(|offset| self.at(offset))
    }

    /// The end of the text.
    #[must_use]
    pub fn end(&self) -> Place {
        let line = self.lines.len() - 1;
        Place { line, byte: self.lines[line].len() }
    }

    /// A place as an LSP position.
    #[must_use]
    pub fn position(&self, place: Place, encoding: Encoding) -> Value {
        let before = &self.lines[place.line][..place.byte];
        json!({ "line": place.line, "character": encoding.units(before) })
    }

    /// A range as an LSP range.
    #[must_use]
    pub fn range(&self, start: Place, end: Place, encoding: Encoding) -> Value {
        json!({ "start": self.position(start, encoding), "end": self.position(end, encoding) })
    }

    /// An LSP position as a place. Past the end of a line means its end, as the specification says.
    ///
    /// # Errors
    /// One sentence when the line does not exist or the position is inside a character.
    pub fn place(&self, position: &Value, encoding: Encoding) -> Result<Place, String> {
        let number = |name: &str| position[name].as_u64().and_then(|n| usize::try_from(n).ok());
        let (Some(line), Some(character)) = (number("line"), number("character")) else {
            return Err(format!("not a position: {position}"));
        };
        let Some(content) = self.lines.get(line) else {
            return Err(format!("line {line} does not exist: the text has {} lines", self.lines.len()));
        };
        let content = &content[..content.len() - terminator(content)];
        let mut units = 0;
        for (byte, c) in content.char_indices() {
            if units == character {
                return Ok(Place { line, byte });
            }
            units += encoding.units(c.encode_utf8(&mut [0; 4]));
            if units > character {
                return Err(format!("{position} is inside the character {c:?}"));
            }
        }
        Ok(Place { line, byte: content.len() })
    }

    /// Replaces what is between two places; returns what was there and where the new text ends.
    pub fn splice(&mut self, start: Place, end: Place, new: &str) -> (String, Place) {
        let removed = self.between(start, end);
        // A line feed put after a lone carriage return makes one terminator of the two.
        let first = if start.byte == 0 { start.line.saturating_sub(1) } else { start.line };
        let mut joined = self.lines[first..start.line].concat();
        joined.push_str(&self.lines[start.line][..start.byte]);
        joined.push_str(new);
        let until = joined.len();
        joined.push_str(&self.lines[end.line][end.byte..]);
        let is_end = end.line + 1 == self.lines.len();
        let mut fresh = split(&joined);
        if fresh.is_empty() || is_end && fresh.last().is_some_and(|last| terminator(last) > 0) {
            fresh.push(String::new());
        }
        let mut at = Place { line: first, byte: until };
        while at.byte >= fresh[at.line - first].len() && at.line - first + 1 < fresh.len() {
            at.byte -= fresh[at.line - first].len();
            at.line += 1;
        }
        if at.byte == fresh[at.line - first].len() && !is_end {
            at = Place { line: at.line + 1, byte: 0 };
        }
        self.lines.splice(first..=end.line, fresh);
        (removed, at)
    }

    fn between(&self, start: Place, end: Place) -> String {
        assert!(start <= end, "{start:?} is after {end:?}");
        if start.line == end.line {
            return self.lines[start.line][start.byte..end.byte].to_owned();
        }
        let mut text = self.lines[start.line][start.byte..].to_owned();
        text.push_str(&self.lines[start.line + 1..end.line].concat());
        text.push_str(&self.lines[end.line][..end.byte]);
        text
    }
}

/// Length of the terminator of a line, in bytes.
fn terminator(line: &str) -> usize {
    if line.ends_with("\r\n") { 2 } else { usize::from(line.ends_with(['\n', '\r'])) }
}

fn split(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let length = at + if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        lines.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn piece() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("a"), Just("é"), Just("😀")],
            0..8,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn splicing_is_replacing_in_the_whole_text(
            start in piece(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), piece()), 1..12)
        ) {
            let mut plain = start.clone();
            let mut text = Text::new(&start);
            for (from, to, new) in edits {
                // Places inside a `\r\n` do not exist for an editor.
                let ok = |at: &usize| plain.is_char_boundary(*at) && !(plain[..*at].ends_with('\r') && plain[*at..].starts_with('\n'));
                let places: Vec<usize> = (0..=plain.len()).filter(ok).collect();
                let (a, b) = (*from.get(&places), *to.get(&places));
                let (a, b) = (a.min(b), a.max(b));
                let (start, end) = (text.at(a), text.at(b));
                let (removed, after) = text.splice(start, end, &new);
                prop_assert_eq!(&removed, &plain[a..b]);
                plain.replace_range(a..b, &new);
                prop_assert_eq!(text.whole(), plain.clone());
                prop_assert_eq!(&text, &Text::new(&plain));
                prop_assert_eq!(after, text.at(a + new.len()));
            }
        }

        #[test]
        fn a_position_means_the_same_place_in_each_encoding(source in piece()) {
            let text = Text::new(&source);
            for (at, _) in source.char_indices().filter(|(_, c)| !"\r\n".contains(*c)) {
                let place = text.at(at);
                for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                    prop_assert_eq!(text.place(&text.position(place, encoding), encoding), Ok(place));
                }
            }
        }
    }

    #[test]
    fn positions_that_do_not_exist() {
        let text = Text::new("a😀\n");
        let place = |line: u32, character: u32| {
            text.place(&json!({"line": line, "character": character}), Encoding::Utf16)
        };
        assert_eq!(place(0, 99), Ok(Place { line: 0, byte: 5 }));
        assert_eq!(place(1, 0), Ok(Place { line: 1, byte: 0 }));
        assert!(place(0, 2).unwrap_err().contains("inside the character"));
        assert!(place(2, 0).unwrap_err().contains("does not exist"));
    }
}
