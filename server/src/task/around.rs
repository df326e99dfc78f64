//! What stands around a place when a task is asked for there.

use std::ops::Range;

use ropey::Rope;
use vouchsafe_base::WorkspacePath;

use super::{AskedPlace, DiagnosticAt, SymbolAt, neighbours};
use crate::syntax::{Language, Outline, Symbol};

/// The most lines of imports that a task is told.
const IMPORTS_MAX: usize = 40;
/// The most diagnostics that a task is told.
const DIAGNOSTICS_MAX: usize = 10;

/// A place as the user sees it.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The file.
    pub path: &'a WorkspacePath,
    /// Its language, if there is a grammar for it.
    pub language: Option<Language>,
    /// Its text.
    pub text: &'a Rope,
    /// The outline of that text.
    pub outline: Option<&'a Outline>,
    /// The lines of the selection, or the line of the cursor; from 0, the end excluded.
    pub lines: Range<u32>,
    /// Whether the user selected them.
    pub selected: bool,
}

impl Place<'_> {
    /// The symbol that the place is about.
    #[must_use]
    pub fn symbol(&self) -> Option<SymbolAt> {
        symbol_around(self.outline?, &self.lines, self.selected)
    }

    /// Everything a task is told about the place. `exists` says whether the workspace has a file.
    #[must_use]
    pub fn asked(
        &self,
        mut diagnostics: Vec<DiagnosticAt>,
        exists: &dyn Fn(&WorkspacePath) -> bool,
    ) -> AskedPlace {
        diagnostics.truncate(DIAGNOSTICS_MAX);
        AskedPlace {
            path: self.path.clone(),
            lines: self.lines.clone(),
            selected: self.selected,
            symbol: self.symbol(),
            imports: self.imports(),
            diagnostics,
            tests: neighbours::tests_of(self.language, self.path, exists),
        }
    }

    fn imports(&self) -> Vec<String> {
        let lines = self.outline.into_iter().flat_map(|outline| outline.imports.iter().cloned().flatten());
        let texts = lines.filter_map(|line| self.text.get_line(line as usize));
        texts.map(|line| line.to_string().trim_end().to_owned()).take(IMPORTS_MAX).collect()
    }
}

/// The symbol that some lines are about: with a selection the one that holds all of it.
#[must_use]
pub fn symbol_around(outline: &Outline, lines: &Range<u32>, selected: bool) -> Option<SymbolAt> {
    let found = if selected {
        let last = lines.end.saturating_sub(1);
        let holds = |one: &&Symbol| one.lines.contains(&lines.start) && one.lines.contains(&last);
        outline.symbols.iter().filter(holds).min_by_key(|one| one.lines.end - one.lines.start)
    } else {
        outline.symbol_at(lines.start)
    };
    found.map(|one| SymbolAt { name: one.name.clone(), what: one.what, lines: one.lines.clone() })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::syntax::outline;

    const TEXT: &str =
        "use std::fmt;\nuse a::{\n    b,\n};\n\n/// Adds.\nfn add() {\n    1;\n}\nfn sub() {}\n";

    fn place(lines: Range<u32>, selected: bool, see: impl Fn(Place<'_>)) {
        let (text, path) = (Rope::from_str(TEXT), WorkspacePath::parse("src/a.rs").unwrap());
        let language = Some(Language::Rust);
        let outline = outline(Language::Rust, &text, Instant::now() + Duration::from_secs(60)).unwrap();
        see(Place { path: &path, language, text: &text, outline: Some(&outline), lines, selected });
    }

    #[test]
    fn a_place_is_told_with_its_symbol_imports_and_tests() {
        place(7..8, false, |place| {
            let asked = place.asked(Vec::new(), &|path| path.as_str() == Some("tests/a.rs"));
            assert_eq!(
                asked.symbol.map(|symbol| (symbol.name, symbol.lines)),
                Some(("add".to_owned(), 6..9))
            );
            assert_eq!(asked.imports, ["use std::fmt;", "use a::{", "    b,", "};"]);
            assert_eq!(asked.tests, [WorkspacePath::parse("tests/a.rs").unwrap()]);
        });
    }

    #[test]
    fn a_selection_is_about_what_holds_all_of_it() {
        let name = |lines, selected, expected: Option<&str>| {
            place(lines, selected, |place| {
                assert_eq!(place.symbol().map(|symbol| symbol.name).as_deref(), expected);
            });
        };
        name(6..9, true, Some("add"));
        name(7..10, true, None);
        name(5..6, false, Some("add"));
        name(4..5, false, None);
    }
}
