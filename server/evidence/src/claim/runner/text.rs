//! Reading runner output: escapes, numbers, lines.

/// Output without ANSI escapes and carriage returns.
#[must_use]
pub fn plain(output: &str) -> String {
    let mut out = String::with_capacity(output.len());
    let mut rest = output;
    while let Some(at) = rest.find(['\u{1b}', '\r']) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = skip_escape(rest.get(at..).unwrap_or_default());
    }
    out.push_str(rest);
    out
}

fn skip_escape(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('\r') {
        return rest;
    }
    let rest = text.strip_prefix('\u{1b}').unwrap_or(text);
    let Some(body) = rest.strip_prefix('[') else { return rest };
    let end = body.find(|c: char| !matches!(c, '0'..='9' | ';' | '?' | ':' | ' '));
    let after = end.and_then(|e| body.get(e..)).unwrap_or_default();
    let mut chars = after.chars();
    match chars.next() {
        Some(c) if c.is_ascii_alphabetic() => chars.as_str(),
        _ => after,
    }
}

/// The number right before a word: `count("1 failed, 2 passed", "passed")` is 2.
pub(crate) fn count(line: &str, word: &str) -> Option<u64> {
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|l| l.find(word)) {
        let at = from + at;
        let before = line.get(..at)?.trim_end();
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let glued =
            line.get(at + word.len()..).and_then(|a| a.chars().next()).is_some_and(char::is_alphabetic);
        if digits > 0 && !glued {
            return before.get(before.len() - digits..)?.parse().ok();
        }
        from = at + word.len();
    }
    None
}

/// The number right after a word: `after("Tests: 5, Failures: 1", "Failures:")` is 1.
pub(super) fn after(line: &str, word: &str) -> Option<u64> {
    let rest = line.get(line.find(word)? + word.len()..)?.trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..digits)?.parse().ok()
}

/// The first word of a text.
pub(super) fn word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
