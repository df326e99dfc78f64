//! Which changes of a model's task stand apart: they may be right, and are never accepted together with others.
//!
//! What a user selected is what the task is about. The symbol around it, imports and tests of the same file belong to it;
//! another place of the file does not. A file goes only with a word of the user's, and a test that says less stands apart
//! wherever it is.

use std::ops::Range;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use regex::Regex;
use ropey::Rope;
use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::claim::recorded::{Weakened, is_test_file};

use super::Work;
use crate::policy::{Risky, risky};
use crate::review::{FileChange, Hunk, Proposal, ProposedFile, TextChange, WholeHunk};
use crate::syntax::{Language, Outline, Symbol, is_test_name, outline};
use crate::task::{Asked, AskedPlace, TaskKind};

/// What makes a test file skip tests, in the frameworks of many languages; `weakened` looks at tests one by one.
static SKIPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let of_python =
        r"\bpytest\.skip\(|\bmark\.(skip|skipif|xfail)\b|\bimportorskip\(|\bunittest\.skip|\bskipTest\(";
    let of_others = r"\b(it|test|describe|context)\.(skip|todo)\b|\bx(it|describe|test)\(|#\[ignore|\bt\.Skip\w*\(|@(Ignore|Disabled)\b";
    Regex::new(&format!("{of_python}|{of_others}")).ok()
});

/// How long a text may take to be read.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// Marks what stands apart.
pub(super) fn set_apart(work: &Work, weakened: &[Weakened], proposal: &mut Proposal) {
    let Work::Model(work) = work else { return };
    for file in &mut proposal.files {
        for (hunk, why) in apart(&work.asked, weakened, file) {
            file.apart.entry(hunk).or_insert(why);
        }
    }
}

/// What the added lines of a proposal begin to do.
pub(super) fn risky_lines(proposal: &Proposal) -> impl Iterator<Item = (WorkspacePath, Risky)> {
    proposal.files.iter().flat_map(|file| {
        let path = file.path.to_string();
        let found = match (&file.change, &file.whole) {
            (FileChange::Text(text), _) | (_, Some(WholeHunk { lines: Some(text), .. })) => {
                let added: Vec<_> = placed(text).map(|(_, at)| at).collect();
                risky(&path, &text.before, &text.after, &added)
            }
            _ => Vec::new(),
        };
        found.into_iter().map(|one| (file.path.clone(), one))
    })
}

fn apart(asked: &Asked, weakened: &[Weakened], file: &ProposedFile) -> Vec<(u32, String)> {
    let place = asked.place.as_ref().filter(|place| place.selected && asked.kind != TaskKind::Test);
    let place = place.filter(|place| place.path == file.stands_at);
    let mut found = Vec::new();
    match (&file.change, &file.whole) {
        (FileChange::Text(text), _) => {
            let in_tests = is_test_file(&file.path.to_string());
            let scope = place.map(|place| (place, Scope::new(place, text)));
            for (hunk, at) in placed(text) {
                let outside = scope.as_ref().filter(|(_, scope)| !scope.holds(hunk, &at));
                found.extend(outside.map(|(place, _)| (hunk.id.hunk, outside_of(place))));
                if in_tests && skips(hunk.new.text()) && !skips(hunk.old.text()) {
                    found.push((hunk.id.hunk, format!("it skips tests of {}", file.path)));
                }
                let weak = weakened.iter().find(|test| test.path == file.path && touches(test, &at));
                found.extend(
                    weak.map(|test| (hunk.id.hunk, format!("the test `{}` {}", test.test, test.how))),
                );
            }
        }
        (FileChange::Delete(_), Some(whole)) if !is_named(&asked.prompt, &file.path) => {
            found.push((whole.id.hunk, format!("the task was not told to delete {}", file.path)));
        }
        (_, Some(whole)) => found.extend(place.map(|place| (whole.id.hunk, outside_of(place)))),
        (_, None) => {}
    }
    found
}

fn outside_of(place: &AskedPlace) -> String {
    let Range { start, end } = place.lines;
    format!("it is outside of the selection, lines {}-{end} of {}", start + 1, place.path)
}

/// The hunks with the lines they have in the text after.
fn placed(text: &TextChange) -> impl Iterator<Item = (&Hunk, Range<u32>)> {
    let mut moved = 0_i64;
    text.hunks.iter().map(move |hunk| {
        let (old, new) = (i64::from(hunk.old.len()), i64::from(hunk.new.len()));
        let start = u32::try_from(i64::from(hunk.base.start) + moved).unwrap_or(0);
        moved += new - old;
        (hunk, start..start.saturating_add(hunk.new.len()))
    })
}

fn skips(text: &str) -> bool {
    SKIPS.as_ref().is_some_and(|skips| skips.is_match(text))
}

/// Whether a hunk is at a test; one that is gone may have been anywhere in its file.
fn touches(test: &Weakened, at: &Range<u32>) -> bool {
    test.lines.is_none_or(|lines| at.start < lines.last && at.end.max(at.start + 1) >= lines.first)
}

/// What a task on a selection is about.
struct Scope {
    allowed: Range<u32>,
    /// The same in the text after, if the symbol is still there under its name.
    now: Option<Range<u32>>,
    before: Outline,
    after: Outline,
    selection: Range<u32>,
}

impl Scope {
    fn new(place: &AskedPlace, text: &TextChange) -> Self {
        let deadline = Instant::now() + READ_WITHIN;
        let read = |text: &str| {
            let language = Language::of("", place.path.as_str())?;
            outline(language, &Rope::from_str(text), deadline)
        };
        let (before, after) = (read(&text.before).unwrap_or_default(), read(&text.after).unwrap_or_default());
        let symbol = place.symbol.as_ref().map_or(place.lines.clone(), |symbol| symbol.lines.clone());
        let allowed = above(&text.before, &before, symbol.start)..symbol.end;
        let named = |one: &&Symbol| place.symbol.as_ref().is_some_and(|symbol| symbol.name == one.name);
        let now = after.symbols.iter().find(named).map(|now| now.lines.clone());
        let now = now.map(|now| above(&text.after, &after, now.start)..now.end);
        Self { allowed, now, before, after, selection: place.lines.clone() }
    }

    fn holds(&self, hunk: &Hunk, at: &Range<u32>) -> bool {
        let within = |range: &Range<u32>| range.start <= hunk.base.start && hunk.base.end <= range.end;
        // What is put before or after the symbol is not in it.
        let in_symbol = self.now.as_ref().is_none_or(|now| now.start <= at.start && at.end <= now.end);
        within(&self.allowed) && in_symbol
            || within(&self.selection) && !at_edge(&hunk.base, &self.selection)
            || all_in(&hunk.base, &self.before.imports) && all_in(at, &self.after.imports)
            || all_in(&hunk.base, &tests(&self.before)) && all_in(at, &tests(&self.after))
    }
}

/// Whether this is an insertion before or after some lines.
fn at_edge(base: &Range<u32>, lines: &Range<u32>) -> bool {
    base.is_empty() && (base.start == lines.start || base.start == lines.end)
}

fn tests(outline: &Outline) -> Vec<Range<u32>> {
    let tests = outline.symbols.iter().filter(|symbol| is_test_name(&symbol.name));
    tests.map(|symbol| symbol.lines.clone()).collect()
}

/// Whether each of these lines is in one of those ranges; so none is.
fn all_in(lines: &Range<u32>, ranges: &[Range<u32>]) -> bool {
    lines.clone().all(|line| ranges.iter().any(|range| range.contains(&line)))
}

/// Where a symbol begins with the comments and attributes right above it.
fn above(text: &str, outline: &Outline, first: u32) -> u32 {
    let lines: Vec<&str> = text.lines().take(first as usize).collect();
    let belongs = |line: u32| {
        let text = lines.get(line as usize).map(|line| line.trim_start()).unwrap_or_default();
        outline.comments.iter().any(|range| range.contains(&line))
            || text.starts_with(['@'])
            || text.starts_with("#[")
    };
    (0..first).rev().take_while(|line| belongs(*line)).last().unwrap_or(first)
}

/// Whether the words of the user name a file, or a directory above it.
fn is_named(prompt: &str, path: &WorkspacePath) -> bool {
    let path = path.to_string();
    let name = path.rsplit('/').next().unwrap_or_default();
    let words = prompt.split(|c: char| c.is_whitespace() || "`'\"(),;:<>".contains(c));
    let words = words.map(|word| word.trim_start_matches("./").trim_end_matches(['.', '/', '!', '?']));
    words.filter(|word| !word.is_empty()).any(|word| {
        word == path || word == name || path.strip_prefix(word).is_some_and(|rest| rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::HunkId;

    const BEFORE: &str = "import os\n\n# Adds.\ndef add(a):\n    return a\n\ndef other(b):\n    return b\n\ndef test_add():\n    assert add(1)\n";

    /// The changes that are outside, by number, when the line of `return a` is selected.
    fn outside(after: &str) -> Vec<u32> {
        let place = AskedPlace {
            path: WorkspacePath::parse("a.py").unwrap(),
            lines: 3..5,
            selected: true,
            symbol: Some(crate::task::SymbolAt { name: "add".to_owned(), what: "function", lines: 3..5 }),
            imports: Vec::new(),
            diagnostics: Vec::new(),
            tests: Vec::new(),
        };
        let text = TextChange::new(HunkId { task: 1, hunk: 1 }, BEFORE, after, &|_| Vec::new());
        let scope = Scope::new(&place, &text);
        placed(&text).filter(|(hunk, at)| !scope.holds(hunk, at)).map(|(hunk, _)| hunk.id.hunk).collect()
    }

    #[test]
    fn a_selection_has_its_symbol_imports_and_tests() {
        assert_eq!(outside(&BEFORE.replace("return a", "return a + 1")), [0; 0]);
        assert_eq!(outside(&BEFORE.replace("# Adds.", "# Adds one.")), [0; 0]);
        assert_eq!(outside(&BEFORE.replace("import os", "import os\nimport re")), [0; 0]);
        assert_eq!(outside(&BEFORE.replace("assert add(1)", "assert add(1) == 2")), [0; 0]);
        assert_eq!(outside(&BEFORE.replace("    return a", "    a += 1\n    return a\n    # end")), [0; 0]);
        assert_eq!(outside(&BEFORE.replace("return a", "return a\nALLOW_ALL = True")), [1]);
        assert_eq!(outside(&BEFORE.replace("return b", "return 0")), [1]);
        let both = BEFORE.replace("return a", "return 1").replace("return b", "return 0");
        assert_eq!(outside(&both), [2]);
        assert_eq!(outside(&BEFORE.replace("import os", "import os\nALLOW_ALL = True")), [1]);
        assert_eq!(outside(&(BEFORE.to_owned() + "pwned = True\n")), [1]);
    }

    #[test]
    fn what_skips_tests_is_known() {
        for text in [
            "pytest.skip(allow_module_level=True)",
            "@pytest.mark.skip",
            "it.skip('a')",
            "    #[ignore]",
            "t.Skip()",
        ] {
            assert!(skips(text), "{text}");
        }
        for text in ["skip_blanks(x)", "iter.skip(1)", "assert skipped == 0"] {
            assert!(!skips(text), "{text}");
        }
    }

    #[test]
    fn a_file_is_named_by_its_path_its_name_or_a_directory() {
        let named = |prompt: &str| is_named(prompt, &WorkspacePath::parse("src/old/a.py").unwrap());
        assert!(named("Delete `a.py`.") && named("remove src/old/, please") && named("drop ./src/old/a.py!"));
        assert!(!named("Clean up.") && !named("remove src/ol") && !named("see b.py and old"));
    }
}
