//! A workspace written as one text: `//- /path` starts a file, `$0` is the cursor (two of them: a selection).
//!
//! ```
//! # use vouchsafe_tests::fixture::Fixture;
//! let fixture = Fixture::parse("\n//- /src/a.rs\nfn a() {$0}\n//- /b.txt\n");
//! assert_eq!(fixture.files[0], ("src/a.rs".to_owned(), "fn a() {}\n".to_owned()));
//! assert_eq!(fixture.cursor.unwrap().start, 8);
//! ```

/// The files of a workspace and where the cursor stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fixture {
    /// Path (relative, `/`-separated) and text of each file, in the order written.
    pub files: Vec<(String, String)>,
    /// Where `$0` stood; without one, the start of the first file.
    pub cursor: Option<Cursor>,
}

/// A selection in one file, in byte offsets of its text. Empty when it is only a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The file.
    pub path: String,
    /// First byte.
    pub start: usize,
    /// Past the last byte.
    pub end: usize,
}

impl Fixture {
    /// Reads a fixture.
    ///
    /// # Panics
    /// If text stands before the first `//- /path`, or if more than two `$0` are written.
    #[must_use]
    pub fn parse(source: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in source.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("//- /") {
                files.push((path.trim_end().to_owned(), String::new()));
            } else if let Some((_, text)) = files.last_mut() {
                text.push_str(line);
            } else {
                assert!(line.trim().is_empty(), "a fixture starts with `//- /path`, not with {line:?}");
            }
        }
        let marks = take_marks(&mut files);
        let cursor = match marks.as_slice() {
            [] => files.first().map(|(path, _)| Cursor { path: path.clone(), start: 0, end: 0 }),
            [(path, at)] => Some(Cursor { path: path.clone(), start: *at, end: *at }),
            [(path, start), (_, end)] => Some(Cursor { path: path.clone(), start: *start, end: *end }),
            more => panic!("a fixture has one cursor or one selection, not {} marks", more.len()),
        };
        Self { files, cursor }
    }
}

fn take_marks(files: &mut [(String, String)]) -> Vec<(String, usize)> {
    let mut marks = Vec::new();
    for (path, text) in files {
        while let Some(at) = text.find("$0") {
            text.replace_range(at..at + 2, "");
            marks.push((path.clone(), at));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_cursor_and_selection() {
        let fixture = Fixture::parse("\n//- /a\none\ntwo\n//- /b/c\nx$0yz$0\n");
        assert_eq!(fixture.files, [("a".into(), "one\ntwo\n".into()), ("b/c".into(), "xyz\n".into())]);
        assert_eq!(fixture.cursor, Some(Cursor { path: "b/c".into(), start: 1, end: 3 }));
    }

    #[test]
    fn without_a_mark_the_cursor_is_at_the_start() {
        let fixture = Fixture::parse("//- /a\none\n");
        assert_eq!(fixture.cursor, Some(Cursor { path: "a".into(), start: 0, end: 0 }));
    }
}
