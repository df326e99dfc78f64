//! What a task is called: one line that says what was asked, where.

use super::{AskedPlace, TaskKind};

/// The longest quoted text in a title, in characters.
const QUOTE_CHARS_MAX: usize = 60;

/// The title of a task: the user's words if there are any, else what its kind means at the place.
#[must_use]
pub fn title(kind: TaskKind, prompt: &str, place: Option<&AskedPlace>) -> String {
    let subject = place.map_or_else(|| "this project".to_owned(), subject);
    if !prompt.is_empty() {
        return match kind {
            TaskKind::Custom | TaskKind::Ask => quoted(prompt),
            other => format!("{} {subject}: {}", verb(other), quoted(prompt)),
        };
    }
    let said = place.and_then(|place| place.diagnostics.first());
    match said.filter(|_| kind == TaskKind::Fix) {
        Some(said) => format!("Fix \"{}\"", quoted(&said.message)),
        None => format!("{} {subject}", verb(kind)),
    }
}

const fn verb(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Fix => "Fix",
        TaskKind::Implement => "Implement",
        TaskKind::Test => "Write tests for",
        TaskKind::Document => "Document",
        TaskKind::Refactor => "Refactor",
        TaskKind::Explain => "Explain",
        TaskKind::Ask => "Answer about",
        TaskKind::Review => "Review",
        TaskKind::Custom => "Work on",
    }
}

/// `` `parse` ``, `lines 3-9 of src/a.rs` or `src/a.rs`
fn subject(place: &AskedPlace) -> String {
    match (&place.symbol, place.selected) {
        (Some(symbol), false) => format!("`{}`", quoted(&symbol.name)),
        (_, true) if place.lines.len() == 1 => format!("line {} of {}", place.lines.start + 1, place.path),
        (_, true) => format!("lines {}-{} of {}", place.lines.start + 1, place.lines.end, place.path),
        (None, false) => place.path.to_string(),
    }
}

/// The first line of a text, with nothing hidden in it, shortened for a menu.
#[must_use]
pub fn quoted(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let line = vouchsafe_evidence::record::visible(line.as_bytes());
    match line.char_indices().nth(QUOTE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use vouchsafe_base::WorkspacePath;

    use super::*;
    use crate::task::{DiagnosticAt, SymbolAt};

    fn place(lines: Range<u32>, selected: bool) -> AskedPlace {
        AskedPlace {
            path: WorkspacePath::parse("src/a.rs").unwrap(),
            lines,
            selected,
            symbol: Some(SymbolAt { name: "parse".to_owned(), what: "function", lines: 2..9 }),
            imports: Vec::new(),
            diagnostics: Vec::new(),
            tests: Vec::new(),
        }
    }

    #[test]
    fn a_title_says_what_and_where() {
        let at_symbol = place(3..4, false);
        assert_eq!(title(TaskKind::Test, "", Some(&at_symbol)), "Write tests for `parse`");
        assert_eq!(title(TaskKind::Review, "", Some(&place(2..5, true))), "Review lines 3-5 of src/a.rs");
        assert_eq!(
            title(TaskKind::Explain, "", Some(&AskedPlace { symbol: None, ..at_symbol.clone() })),
            "Explain src/a.rs"
        );
        assert_eq!(title(TaskKind::Custom, "make it\niterative", Some(&at_symbol)), "make it");
        assert_eq!(
            title(TaskKind::Test, "with tabs", Some(&at_symbol)),
            "Write tests for `parse`: with tabs"
        );
        let said =
            DiagnosticAt { lines: 3..4, source: String::new(), message: "mismatched\ntypes".to_owned() };
        let said = AskedPlace { diagnostics: vec![said], ..at_symbol };
        assert_eq!(title(TaskKind::Fix, "", Some(&said)), "Fix \"mismatched\"");
        assert_eq!(title(TaskKind::Custom, "", None), "Work on this project");
    }
}
