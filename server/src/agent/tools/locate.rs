//! Finds where the hunks of a patch belong, by their text, and applies them.
//!
//! Invariants
//! - Hunks are found in order, each behind the one before. One that fits at two places is an error, not a guess.
//! - Lines that stay are the file's own, also where the patch wrote their blanks differently.

use super::lines::{Lines, New, Stretch};
use super::patch::{PatchHunk, PatchLine};

/// `text` after all `hunks`.
///
/// # Errors
/// A sentence for the model: which hunk does not fit, and what stands where it was looked for.
pub(super) fn apply(text: &str, hunks: &[PatchHunk]) -> Result<String, String> {
    let lines = Lines::of(text);
    let mut from = 0;
    let mut stretches = Vec::with_capacity(hunks.len());
    for (nth, hunk) in hunks.iter().enumerate() {
        let stretch = place(&lines, hunk, from).map_err(|why| format!("hunk {}: {why}", nth + 1))?;
        from = stretch.to;
        stretches.push(stretch);
    }
    Ok(lines.with(&stretches))
}

fn place(lines: &Lines<'_>, hunk: &PatchHunk, from: usize) -> Result<Stretch, String> {
    let mut start = from;
    for header in &hunk.headers {
        let at = (start..lines.len()).find(|at| same(lines.line(*at), header));
        let at =
            at.or_else(|| (start..lines.len()).find(|at| lines.line(*at).trim().contains(header.trim())));
        start = at.map(|at| at + 1).ok_or_else(|| {
            format!("no line after line {start} reads {header:?}; leave the `@@` header empty if you are not sure of it")
        })?;
    }
    let old: Vec<&str> = hunk.lines.iter().filter_map(standing).collect();
    let at = match old.is_empty() {
        true if hunk.at_end || hunk.headers.is_empty() => lines.len(),
        true => start,
        false => find(lines, &old, hunk, start)?,
    };
    let mut there = at;
    let new = hunk.lines.iter().filter_map(|line| match line {
        PatchLine::Add(line) => Some(New::Line(line.clone())),
        PatchLine::Keep(_) => {
            there += 1;
            Some(New::Kept(there - 1))
        }
        PatchLine::Remove(_) => {
            there += 1;
            None
        }
    });
    let new = new.collect();
    Ok(Stretch { from: at, to: at + old.len(), new })
}

/// The line as it stands in the file, if it does.
fn standing(line: &PatchLine) -> Option<&str> {
    match line {
        PatchLine::Keep(line) | PatchLine::Remove(line) => Some(line),
        PatchLine::Add(_) => None,
    }
}

/// How alike two lines must be, the strictest first.
const ALIKE: [fn(&str, &str) -> bool; 4] = [
    |a, b| a == b,
    |a, b| a.trim_end() == b.trim_end(),
    |a, b| a.trim() == b.trim(),
    |a, b| typed(a.trim()) == typed(b.trim()),
];

fn same(a: &str, b: &str) -> bool {
    a.trim() == b.trim()
}

/// Typographic quotes, dashes and blanks as a keyboard has them.
fn typed(line: &str) -> String {
    let typed = |c| match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        other => other,
    };
    line.chars().map(typed).collect()
}

fn find(lines: &Lines<'_>, old: &[&str], hunk: &PatchHunk, start: usize) -> Result<usize, String> {
    let last = lines.len().checked_sub(old.len());
    for alike in ALIKE {
        let fits = |at: &usize| old.iter().enumerate().all(|(nth, line)| alike(lines.line(at + nth), line));
        if let Some(last) = last.filter(|last| hunk.at_end && *last >= start && fits(last)) {
            return Ok(last);
        }
        let found: Vec<usize> = last.map_or(0..0, |last| start..last + 1).filter(fits).take(2).collect();
        match found.as_slice() {
            [] => {}
            // A header says which of several it is: the first behind it.
            [at] | [at, ..] if found.len() == 1 || !hunk.headers.is_empty() => return Ok(*at),
            [first, second, ..] => {
                return Err(format!(
                    "its lines fit at line {} and at line {}: add more lines around them, or a `@@` header such as the line of the function",
                    first + 1,
                    second + 1
                ));
            }
            [_] => {}
        }
    }
    Err(missing(lines, old, start))
}

fn missing(lines: &Lines<'_>, old: &[&str], start: usize) -> String {
    let first = old.iter().find(|line| !line.trim().is_empty()).copied().unwrap_or_default();
    let at = (start..lines.len()).find(|at| same(lines.line(*at), first));
    let hint = match at {
        Some(at) => {
            let end = (at + old.len() + 1).min(lines.len());
            let shown: Vec<String> =
                (at..end).take(12).map(|at| format!("{}\t{}", at + 1, lines.line(at))).collect();
            format!("the file reads there:\n{}", shown.join("\n"))
        }
        None if (0..start.min(lines.len())).any(|at| same(lines.line(at), first)) => {
            "they stand before the hunk before it: hunks must be in the order of the file".to_owned()
        }
        None => "read the file again: its lines are not as the patch has them".to_owned(),
    };
    format!("its lines, from {first:?} on, are not in the file: {hint}")
}

#[cfg(test)]
mod tests {
    use super::super::patch::parse_hunks;
    use super::*;

    fn patched(text: &str, diff: &str) -> Result<String, String> {
        apply(text, &parse_hunks(diff).unwrap())
    }

    const TEXT: &str = "fn a() {\n    one();\n}\n\nfn b() {\n    one();\n}\n";

    #[test]
    fn by_context_and_header() {
        assert_eq!(
            patched(TEXT, "@@ fn b() {\n-    one();\n+    two();\n }\n").unwrap(),
            TEXT.replacen("fn b() {\n    one", "fn b() {\n    two", 1)
        );
        let both = "@@\n fn a() {\n-    one();\n+    two();\n@@\n fn b() {\n-    one();\n";
        assert_eq!(patched(TEXT, both).unwrap(), "fn a() {\n    two();\n}\n\nfn b() {\n}\n");
        assert_eq!(patched(TEXT, "@@\n+// end\n*** End of File\n").unwrap(), format!("{TEXT}// end\n"));
    }

    #[test]
    fn two_places_are_no_place() {
        let said = patched(TEXT, "@@\n-    one();\n+    two();\n").unwrap_err();
        assert!(said.starts_with("hunk 1: its lines fit at line 2 and at line 6"), "{said}");
    }

    #[test]
    fn blanks_and_quotes_may_differ_and_stay_the_files() {
        assert_eq!(patched("\tx  \n\ty\n", "@@\n x\n-y\n+z\n").unwrap(), "\tx  \nz\n");
        assert_eq!(
            patched("say \u{201c}hi\u{201d}\nb\n", "@@\n say \"hi\"\n-b\n").unwrap(),
            "say \u{201c}hi\u{201d}\n"
        );
        assert_eq!(patched("a\r\nb\r\n", "@@\n a\n-b\n+c\n+d\n").unwrap(), "a\r\nc\r\nd\r\n");
    }

    #[test]
    fn what_is_missing_is_shown() {
        let said = patched(TEXT, "@@\n fn b() {\n-    three();\n").unwrap_err();
        assert!(said.contains("5\tfn b() {\n6\t    one();"), "{said}");
        let order = "@@\n fn b() {\n-    one();\n@@\n fn a() {\n-    one();\n";
        assert!(patched(TEXT, order).unwrap_err().contains("in the order of the file"));
        assert!(
            patched(TEXT, "@@ fn c() {\n-    one();\n").unwrap_err().contains("no line after line 0 reads")
        );
    }
}
