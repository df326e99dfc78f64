//! What a claim is about: a file or a symbol that its words name.

use vouchsafe_base::WorkspacePath;

use crate::claim::case::Case;
use crate::claim::source;
use crate::log::{LineSpan, Subject};

/// The file, and the lines of the symbol in it, that a quote names in its own words; changed files first.
pub(super) fn of(case: &Case, quote: &str) -> Option<Subject> {
    let words: Vec<&str> = named(quote).collect();
    let file = words.iter().find_map(|word| file(case, word));
    let symbol = words.iter().find_map(|word| symbol(case, word, file.as_deref()));
    match (symbol, file) {
        (Some((path, name, lines)), _) => {
            Some(Subject { path: parsed(&path), lines: Some(lines), symbol: Some(name) })
        }
        (None, Some(path)) => Some(Subject { path: parsed(&path), lines: None, symbol: None }),
        (None, None) => None,
    }
}

fn parsed(path: &str) -> Option<WorkspacePath> {
    WorkspacePath::from_shown(path).ok()
}

/// Code spans first, then bare words that look like a path.
fn named(quote: &str) -> impl Iterator<Item = &str> {
    let spans = quote.split('`').skip(1).step_by(2);
    let bare = quote
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '_' | '.')))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.contains(['/', '.']) && word.len() > 2);
    spans.chain(bare)
}

fn file(case: &Case, word: &str) -> Option<String> {
    let word = word.trim_start_matches("./").split([':', '#']).next().unwrap_or_default();
    if word.is_empty() {
        return None;
    }
    let tail = format!("/{word}");
    let fits = |path: &&String| path.as_str() == word || path.ends_with(&tail);
    let changed = case.changed_files.iter().map(|file| &file.path);
    changed.chain(case.workspace.after.keys()).find(fits).cloned()
}

/// The file, the name and the lines of a definition that a word names.
fn symbol(case: &Case, word: &str, within: Option<&str>) -> Option<(String, String, LineSpan)> {
    let name = word.split(['(', '<', '!']).next()?.rsplit(['.', ':']).next()?.trim();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let changed = case.changed_files.iter().map(|file| file.path.as_str());
    within.into_iter().chain(changed).find_map(|path| {
        let text = case.workspace.after.get(path)?;
        let outline = source::outline(path, text);
        let (_, range) = outline.definitions.iter().find(|(defined, _)| defined == name)?;
        let line = |at: usize| {
            let before = text.get(..at).unwrap_or_default().matches('\n').count();
            u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
        };
        let last = line(range.end.saturating_sub(1).max(range.start));
        Some((path.to_owned(), name.to_owned(), LineSpan { first: line(range.start), last }))
    })
}

/// Where a test stands in the text after.
pub(super) fn lines_of_test(case: &Case, path: &str, name: &str) -> Option<LineSpan> {
    let text = case.workspace.after.get(path)?;
    let test = source::tests(path, text).into_iter().find(|test| test.name == name)?;
    let at = text.find(&test.text)?;
    let first = text.get(..at)?.matches('\n').count() + 1;
    let last = first + test.text.trim_end().matches('\n').count();
    Some(LineSpan { first: u32::try_from(first).ok()?, last: u32::try_from(last).ok()? })
}
