//! A text as lines with their ends, so that an edit keeps the ends that a file has.

/// A text taken apart. Joining gives the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines<'t> {
    /// Each line without its end, and the end: `\n`, `\r\n`, or nothing for an open last line.
    all: Vec<(&'t str, &'t str)>,
    /// The end that most lines have.
    pub(super) usual_end: &'static str,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let all: Vec<_> = text.split_inclusive('\n').map(split_end).collect();
        let windows = all.iter().filter(|(_, end)| *end == "\r\n").count();
        let usual_end = if windows * 2 > all.len() { "\r\n" } else { "\n" };
        Self { all, usual_end }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The line at `at`, from 0, without its end; empty past the last.
    pub(super) fn line(&self, at: usize) -> &'t str {
        self.all.get(at).map_or("", |(line, _)| line)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'t str> {
        self.all.iter().map(|(line, _)| *line)
    }

    /// The text with each of these stretches replaced. They are in order and do not overlap; new lines get the usual end.
    /// The last line of the text stays open if it was, unless lines come after it.
    pub(super) fn with(&self, stretches: &[Stretch]) -> String {
        let mut out: Vec<(String, &str)> = Vec::new();
        let mut at = 0;
        for stretch in stretches {
            out.extend(self.copied(at..stretch.from));
            out.extend(stretch.new.iter().map(|line| match line {
                New::Kept(at) => {
                    self.all.get(*at).map_or((String::new(), ""), |(line, end)| ((*line).to_owned(), *end))
                }
                New::Line(line) => (line.clone(), self.usual_end),
            }));
            at = stretch.to;
        }
        out.extend(self.copied(at..self.len()));
        let open = self.all.last().is_some_and(|(_, end)| end.is_empty());
        let last = out.len().saturating_sub(1);
        let text = out.into_iter().enumerate().map(|(nth, (line, end))| match end {
            "" if nth < last => line + self.usual_end,
            _ if nth == last && open => line,
            end => line + end,
        });
        text.collect()
    }

    fn copied(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (String, &'t str)> {
        self.all.get(range).unwrap_or_default().iter().map(|(line, end)| ((*line).to_owned(), *end))
    }
}

/// Lines `from..to` become `new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) new: Vec<New>,
}

/// A line of the new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum New {
    /// The line that stood there, end and all.
    Kept(usize),
    /// A new one, without its end.
    Line(String),
}

fn split_end(line: &str) -> (&str, &str) {
    let end = if line.ends_with("\r\n") { 2 } else { usize::from(line.ends_with('\n')) };
    line.split_at(line.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept() {
        let insert = |text: &str, at| {
            Lines::of(text).with(&[Stretch { from: at, to: at, new: vec![New::Line("x".to_owned())] }])
        };
        assert_eq!(insert("a\r\nb\r\n", 1), "a\r\nx\r\nb\r\n");
        assert_eq!(insert("a\nb", 2), "a\nb\nx");
        assert_eq!(insert("a\nb", 0), "x\na\nb");
        assert_eq!(insert("", 0), "x\n");
        let cut = Lines::of("a\nb").with(&[Stretch { from: 1, to: 2, new: Vec::new() }]);
        assert_eq!(cut, "a", "still without an end");
    }
}
