//! The patch form that OpenAI's models are taught (V4A): parsed here, applied by `locate`.
//!
//! Invariants
//! - What is not understood is an error that names the line; nothing is guessed away.
//! - A patch of several files is parsed whole before anything is done.

/// What a patch does to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FilePatch {
    /// It makes it.
    Add { path: String, text: String },
    /// It removes it.
    Delete { path: String },
    /// It changes it, and may move it.
    Update { path: String, to: Option<String>, hunks: Vec<PatchHunk> },
}

/// A stretch of a file, found by its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::agent) struct PatchHunk {
    /// Lines that stand somewhere before it, outermost first.
    pub(super) headers: Vec<String>,
    /// Its lines.
    pub(super) lines: Vec<PatchLine>,
    /// Whether it stands at the end of the file.
    pub(super) at_end: bool,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::agent) enum PatchLine {
    /// It stays.
    Keep(String),
    /// It goes.
    Remove(String),
    /// It is new.
    Add(String),
}

/// Parses a whole patch.
///
/// # Errors
/// A sentence for the model, with the line's number.
pub(super) fn parse(patch: &str) -> Result<Vec<FilePatch>, String> {
    let lines: Vec<&str> = body(patch);
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (from, next) = (at + 1, section_end(&lines, at + 1));
        let inside = lines.get(from..next).unwrap_or_default();
        if let Some(path) = line.strip_prefix("*** Add File:") {
            files.push(FilePatch::Add { path: name(path, at)?, text: added(inside, from)? });
        } else if let Some(path) = line.strip_prefix("*** Delete File:") {
            files.push(FilePatch::Delete { path: name(path, at)? });
        } else if let Some(path) = line.strip_prefix("*** Update File:") {
            files.push(update(name(path, at)?, inside, from)?);
        } else if !line.trim().is_empty() {
            return Err(format!(
                "line {} of the patch, {line:?}, is not `*** Add File: PATH`, `*** Update File: PATH` or `*** Delete File: PATH`",
                at + 1
            ));
        }
        at = next;
    }
    if files.is_empty() { Err("the patch names no file".to_owned()) } else { Ok(files) }
}

/// The hunks of one file, as the built-in tool of the Responses format gives them.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_hunks(diff: &str) -> Result<Vec<PatchHunk>, String> {
    hunks(&diff.lines().collect::<Vec<_>>(), 0)
}

/// The text of a new file, as that tool gives it: each line with a plus.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_added(diff: &str) -> Result<String, String> {
    added(&diff.lines().collect::<Vec<_>>(), 0)
}

/// The lines between begin and end, without what shells and fences put around them.
fn body(patch: &str) -> Vec<&str> {
    let lines: Vec<&str> = patch.lines().collect();
    let is = |line: &&str, word: &str| line.trim() == word;
    let first = lines.iter().position(|line| is(line, "*** Begin Patch")).map_or(0, |at| at + 1);
    let last = lines.iter().rposition(|line| is(line, "*** End Patch")).unwrap_or(lines.len());
    lines.get(first..last.max(first)).unwrap_or_default().to_vec()
}

/// Where the section that begins before `from` ends.
fn section_end(lines: &[&str], from: usize) -> usize {
    let starts = |line: &&str| {
        ["*** Add File:", "*** Delete File:", "*** Update File:"].iter().any(|word| line.starts_with(word))
    };
    lines.iter().skip(from).position(starts).map_or(lines.len(), |more| from + more)
}

fn name(text: &str, at: usize) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        Err(format!("line {} of the patch names no file", at + 1))
    } else {
        Ok(name.to_owned())
    }
}

fn added(lines: &[&str], from: usize) -> Result<String, String> {
    let mut text = String::new();
    for (nth, line) in lines.iter().enumerate() {
        let line = match line.strip_prefix('+') {
            Some(line) => line,
            None if line.trim().is_empty() => continue,
            None => {
                return Err(format!("line {} of the patch, {line:?}, must begin with `+`", from + nth + 1));
            }
        };
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}

fn update(path: String, lines: &[&str], from: usize) -> Result<FilePatch, String> {
    let mut to = None;
    let mut rest = lines;
    let mut skipped = 0;
    if let Some(target) = lines.first().and_then(|line| line.strip_prefix("*** Move to:")) {
        to = Some(name(target, from)?);
        rest = lines.get(1..).unwrap_or_default();
        skipped = 1;
    }
    let hunks = hunks(rest, from + skipped)?;
    if hunks.is_empty() && to.is_none() {
        return Err(format!("the patch changes nothing in {path}"));
    }
    Ok(FilePatch::Update { path, to, hunks })
}

fn hunks(lines: &[&str], from: usize) -> Result<Vec<PatchHunk>, String> {
    let mut hunks: Vec<PatchHunk> = Vec::new();
    let mut hunk = PatchHunk::default();
    for (nth, line) in lines.iter().enumerate() {
        if let Some(header) = line.strip_prefix("@@") {
            if !hunk.lines.is_empty() {
                hunks.push(std::mem::take(&mut hunk));
            }
            let header = header.trim().trim_end_matches("@@").trim();
            // `@@ -1,3 +1,4 @@` of a usual diff: the numbers are not looked at.
            if !header.is_empty() && !is_numbers(header) {
                hunk.headers.push(header.to_owned());
            }
        } else if line.trim_end() == "*** End of File" {
            hunk.at_end = true;
        } else if !line.starts_with("\\ ") {
            // Left out: `\ No newline at end of file`.
            hunk.lines.push(patch_line(line, from + nth)?);
        }
    }
    // Empty lines between two files are not context.
    while matches!(hunk.lines.last(), Some(PatchLine::Keep(line)) if line.is_empty())
        && lines.last().is_some_and(|line| line.is_empty())
        && hunk.lines.len() > 1
    {
        hunk.lines.pop();
    }
    if !hunk.lines.is_empty() {
        hunks.push(hunk);
    }
    let changes = |hunk: &&PatchHunk| hunk.lines.iter().any(|line| !matches!(line, PatchLine::Keep(_)));
    let all = hunks.iter().filter(changes).cloned().collect();
    Ok(all)
}

fn is_numbers(header: &str) -> bool {
    header.starts_with('-') && header.chars().all(|c| c.is_ascii_digit() || "-+, @".contains(c))
}

fn patch_line(line: &str, at: usize) -> Result<PatchLine, String> {
    let (mark, rest) = match line.chars().next() {
        None => return Ok(PatchLine::Keep(String::new())),
        Some(mark) => (mark, line.get(mark.len_utf8()..).unwrap_or_default()),
    };
    match mark {
        ' ' => Ok(PatchLine::Keep(rest.to_owned())),
        '-' => Ok(PatchLine::Remove(rest.to_owned())),
        '+' => Ok(PatchLine::Add(rest.to_owned())),
        _ => Err(format!(
            "line {} of the patch, {line:?}, must begin with a space (stays), `-` (goes), `+` (new) or `@@`",
            at + 1
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms() {
        let patch = "*** Begin Patch\n*** Add File: a.txt\n+one\n+\n*** Update File: b.rs\n*** Move to: c.rs\n@@ fn f() {\n keep\n-old\n+new\n@@\n+end\n*** End of File\n*** Delete File: d\n*** End Patch";
        let files = parse(patch).unwrap();
        assert_eq!(files[0], FilePatch::Add { path: "a.txt".into(), text: "one\n\n".into() });
        let FilePatch::Update { path, to, hunks } = &files[1] else { panic!("{files:?}") };
        assert_eq!((path.as_str(), to.as_deref(), hunks.len()), ("b.rs", Some("c.rs"), 2));
        assert_eq!(hunks[0].headers, ["fn f() {"]);
        assert!(hunks[1].at_end);
        assert_eq!(files[2], FilePatch::Delete { path: "d".into() });
    }

    #[test]
    fn faults_name_their_line() {
        let said = parse("*** Begin Patch\n*** Update File: a\nno mark\n*** End Patch").unwrap_err();
        assert!(said.starts_with("line 2 of the patch, \"no mark\", must begin"), "{said}");
        assert!(parse("hello").unwrap_err().starts_with("line 1"));
        assert_eq!(parse("").unwrap_err(), "the patch names no file");
        assert!(parse("*** Update File: a\n x\n").unwrap_err().contains("changes nothing"));
    }
}
