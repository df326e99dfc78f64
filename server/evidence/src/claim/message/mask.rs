//! The message in lower case with everything blanked that is not prose, byte for byte.

use super::token::Token;

/// Same byte length as `text`: ASCII in lower case, tokens and emphasis blanked, so that cues match prose only.
#[must_use]
pub fn masked(text: &str, tokens: &[Token]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut tokens = tokens.iter().peekable();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        while let Some(token) = tokens.next_if(|t| t.range.start <= at) {
            end = token.range.end;
        }
        if at < end {
            blank(&mut out, c.len_utf8(), '~');
        } else {
            push_lower(&mut out, c);
        }
    }
    out
}

fn push_lower(out: &mut String, c: char) {
    let lower = c.to_lowercase().next().filter(|l| l.len_utf8() == c.len_utf8()).unwrap_or(c);
    match lower {
        '*' | '\n' | '\r' | '\t' => out.push(' '),
        '’' => out.push('’'),
        other => out.push(other),
    }
}

fn blank(out: &mut String, bytes: usize, with: char) {
    out.extend(std::iter::repeat_n(with, bytes));
}
