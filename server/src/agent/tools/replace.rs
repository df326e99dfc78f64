//! Exact replacement in a text, as most models are taught it.
//!
//! Invariants
//! - A text is replaced where it stands once, or everywhere when that is asked for; never at a guessed place.
//! - What is wrong is said with the lines that would help.

use similar::TextDiff;

use super::lines::Lines;

/// A text that looks less alike than this is not worth showing.
const ALIKE_MIN: f32 = 0.5;
/// A file of more lines than this is not searched for what looks alike.
const ALIKE_LINES_MAX: usize = 20_000;

/// `text` with `old` replaced by `new`.
///
/// # Errors
/// A sentence for the model.
pub(super) fn replace(text: &str, old: &str, new: &str, all: bool) -> Result<String, String> {
    if old.is_empty() {
        return Err("`old` is empty: give the text to replace, or create the file".to_owned());
    }
    if old == new {
        return Err("`old` and `new` are the same: nothing would change".to_owned());
    }
    // Models write `\n`; a file with `\r\n` keeps its ends.
    let windows = || (old.replace('\n', "\r\n"), new.replace('\n', "\r\n"));
    let (old, new) = match text.contains(old) {
        false if Lines::of(text).usual_end == "\r\n" && !old.contains('\r') => windows(),
        _ => (old.to_owned(), new.to_owned()),
    };
    let found: Vec<usize> = text.match_indices(&old).map(|(at, _)| line_of(text, at)).collect();
    match found.as_slice() {
        [] => Err(format!("the text is not in the file. {}", nearest(text, &old))),
        [_] => Ok(text.replacen(&old, &new, 1)),
        _ if all => Ok(text.replace(&old, &new)),
        several => {
            let lines: Vec<String> = several.iter().take(10).map(ToString::to_string).collect();
            Err(format!(
                "the text stands {} times in the file (lines {}): give more of its surroundings, or set `all`",
                several.len(),
                lines.join(", ")
            ))
        }
    }
}

/// `text` with `new` inserted after line `after`, from 1; 0 for the beginning.
///
/// # Errors
/// A sentence for the model.
pub(super) fn insert(text: &str, after: usize, new: &str) -> Result<String, String> {
    use super::lines::{New, Stretch};
    let lines = Lines::of(text);
    if after > lines.len() {
        return Err(format!(
            "the file has {} lines: nothing can be inserted after line {after}",
            lines.len()
        ));
    }
    let new = new.strip_suffix('\n').unwrap_or(new);
    let new = new.split('\n').map(|line| New::Line(line.trim_end_matches('\r').to_owned())).collect();
    Ok(lines.with(&[Stretch { from: after, to: after, new }]))
}

/// The one-based line of a byte.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// What in the file looks most like the text, for a model that remembered it wrongly.
fn nearest(text: &str, old: &str) -> String {
    let again = "Read the file again and copy the text as it is.";
    let (lines, wanted) = (Lines::of(text), Lines::of(old));
    let first = wanted.iter().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if lines.len() > ALIKE_LINES_MAX || first.is_empty() {
        return again.to_owned();
    }
    let alike = |at: usize| {
        let there: Vec<&str> = (at..at + wanted.len()).map(|at| lines.line(at)).collect();
        (TextDiff::from_lines(there.join("\n").as_str(), old).ratio(), at)
    };
    let candidates = (0..lines.len()).filter(|at| {
        let line = lines.line(*at).trim();
        line == first || (!line.is_empty() && (line.contains(first) || first.contains(line)))
    });
    let best = candidates.take(200).map(alike).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    match best {
        Some((ratio, at)) if ratio >= ALIKE_MIN || wanted.len() == 1 => {
            let end = (at + wanted.len()).min(lines.len());
            let shown: Vec<String> =
                (at..end).take(20).map(|at| format!("{}\t{}", at + 1, lines.line(at))).collect();
            format!("What looks most like it:\n{}", shown.join("\n"))
        }
        _ => again.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_or_not_at_all() {
        assert_eq!(replace("a b a", "b", "c", false).unwrap(), "a c a");
        assert_eq!(replace("a b a", "a", "c", true).unwrap(), "c b c");
        assert_eq!(
            replace("x\na\na\n", "a", "c", false).unwrap_err(),
            "the text stands 2 times in the file (lines 2, 3): give more of its surroundings, or set `all`"
        );
        assert!(replace("a", "", "c", false).is_err() && replace("a", "a", "a", false).is_err());
    }

    #[test]
    fn windows_line_ends_stay() {
        assert_eq!(replace("a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", false).unwrap(), "x\r\ny\r\nz\r\nc\r\n");
    }

    #[test]
    fn what_looks_alike_is_shown() {
        let text = "fn a() {\n    let x  = 1;\n    x\n}\n";
        let said = replace(text, "    let x = 1;\n    x\n", "", false).unwrap_err();
        assert!(said.starts_with("the text is not in the file."), "{said}");
        let said = replace(text, "    x\n  }\n", "", false).unwrap_err();
        assert!(said.contains("3\t    x\n4\t}"), "{said}");
    }

    #[test]
    fn lines_are_inserted() {
        assert_eq!(insert("a\nb\n", 1, "x\ny\n").unwrap(), "a\nx\ny\nb\n");
        assert_eq!(insert("a\nb", 0, "x").unwrap(), "x\na\nb");
        assert!(insert("a\n", 2, "x").is_err());
    }
}
