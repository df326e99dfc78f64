//! Makes text safe to look at: nothing in it acts, nothing in it hides.

use std::borrow::Cow;

/// One line without escape sequences, with every control character and every invisible character shown as a mark.
/// A tab stays; a line end (`\n`, `\r\n`) at the end is dropped. Bytes that are not UTF-8 are shown as `⟨xFF⟩`.
#[must_use]
pub fn visible(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut out = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        push_visible(&mut out, &without_escapes(chunk.valid()));
        for byte in chunk.invalid() {
            out.push_str(&format!("⟨x{byte:02X}⟩"));
        }
    }
    out
}

fn push_visible(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => out.push('\t'),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
            '\u{7f}' => out.push('␡'),
            _ if hides(c) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            _ => out.push(c),
        }
    }
}

/// Whether a character is invisible, or changes where others appear.
#[must_use]
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Drops terminal control sequences: CSI, OSC and other strings up to their end on this line, two-character escapes.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('\u{1b}') {
        out.push_str(plain);
        rest = match escape_len(after) {
            Some(len) => after.get(len..).unwrap_or_default(),
            None => {
                out.push('\u{1b}');
                after
            }
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// How many bytes after the escape character belong to it; `None` if it is not a whole sequence.
fn escape_len(after: &str) -> Option<usize> {
    let bytes = after.as_bytes();
    match bytes.first()? {
        b'[' => {
            let end = bytes.iter().skip(1).position(|byte| (0x40..=0x7e).contains(byte))?;
            let inner = bytes.get(1..=end).unwrap_or_default();
            inner.iter().all(|byte| (0x20..=0x3f).contains(byte)).then_some(end + 2)
        }
        b']' | b'P' | b'X' | b'^' | b'_' => {
            let bell = after.find('\u{7}').map(|at| at + 1);
            let string_end = after.find("\u{1b}\\").map(|at| at + 2);
            [bell, string_end].into_iter().flatten().min()
        }
        b'(' | b')' | b'*' | b'+' | b'#' | b'%' | b' ' => {
            bytes.get(1).filter(|byte| byte.is_ascii()).map(|_| 2)
        }
        0x30..=0x7e => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_go_and_tricks_show() {
        let shown = |text: &str| visible(text.as_bytes());
        assert_eq!(shown("\x1b[1;31merror\x1b[0m: no\r\n"), "error: no");
        assert_eq!(shown("\x1b]8;;https://evil\x1b\\click\x1b]8;;\x07 me"), "click me");
        assert_eq!(shown("a\u{202e}b\u{200b}c\u{e0041}"), "a⟨U+202E⟩b⟨U+200B⟩c⟨U+E0041⟩");
        assert_eq!(shown("10%\r20%\u{8}\0\tend"), "10%␍20%␈␀\tend");
        assert_eq!(shown("\x1b]0;never ends"), "␛]0;never ends");
        assert_eq!(visible(b"caf\xe9 \xf0\x9f"), "caf⟨xE9⟩ ⟨xF0⟩⟨x9F⟩");
        assert_eq!(shown("日本語 ✔\u{fe0f} é"), "日本語 ✔\u{fe0f} é");
    }

    proptest! {
        #[test]
        fn nothing_acts_any_more(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let shown = visible(&bytes);
            prop_assert!(shown.chars().all(|c| c == '\t' || !(c.is_control() || hides(c))), "{:?}", shown);
        }
    }
}
