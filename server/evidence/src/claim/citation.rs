//! Citations in a message: `【F:src/a.rs†L3-L9】` names lines of a file, `【4†L1-L20】` lines of a step's output.
//!
//! Invariants
//! - A citation that does not resolve, or whose lines do not exist, supports nothing: its claim is not verified.
//! - A citation that resolves is no proof either; the verdict comes from the rules.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::case::{Case, Event};

/// What a citation points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file of the final workspace.
    File(String),
    /// A step of the log, by its position.
    Step(u64),
    /// Something that is neither.
    Unknown(String),
}

/// One citation of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Where it is in the message, in bytes.
    pub range: Range<usize>,
    /// What it points to.
    pub source: Source,
    /// First and last line, from 1; none if it names no lines.
    pub lines: Option<(usize, usize)>,
    /// Whether the source is there and has those lines.
    pub resolves: bool,
}

static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"【(F:)?([^†】\n]{1,200})†(?:L([0-9]{1,7})(?:-L([0-9]{1,7}))?)?[^】\n]{0,40}】").ok()
});

/// The citations of a case's message, in order.
#[must_use]
pub fn citations(case: &Case) -> Vec<Citation> {
    let Some(pattern) = PATTERN.as_ref() else { return Vec::new() };
    let read = |found: regex::Captures| {
        let range = found.get(0)?.range();
        let name = found.get(2)?.as_str();
        let number = |group: usize| found.get(group).and_then(|m| m.as_str().parse::<usize>().ok());
        let lines = number(3).map(|first| (first, number(4).unwrap_or(first)));
        let source = source(case, found.get(1).is_some(), name);
        let resolves = length(case, &source).is_some_and(|count| fits(lines, count));
        Some(Citation { range, source, lines, resolves })
    };
    pattern.captures_iter(&case.final_message).filter_map(read).collect()
}

fn source(case: &Case, file: bool, name: &str) -> Source {
    if file || case.workspace.after.contains_key(name) {
        return Source::File(name.to_owned());
    }
    name.parse::<u64>().map_or_else(|_| Source::Unknown(name.to_owned()), Source::Step)
}

/// How many lines a source has; none if it is not there.
fn length(case: &Case, source: &Source) -> Option<usize> {
    match source {
        Source::File(path) => {
            case.workspace.after.get(path.trim_start_matches("./")).map(|t| t.lines().count())
        }
        Source::Step(seq) => case.events.iter().find(|e| e.seq() == *seq).map(|e| match e {
            Event::Command(command) => command.output().trim_end().lines().count(),
            Event::Search(search) => search.hits.len(),
            Event::FileRead(read) => case
                .workspace
                .after
                .get(&read.path)
                .or(case.workspace.before.get(&read.path))
                .map_or(0, |t| t.lines().count()),
            _ => 0,
        }),
        Source::Unknown(_) => None,
    }
}

fn fits(lines: Option<(usize, usize)>, count: usize) -> bool {
    lines.is_none_or(|(first, last)| first >= 1 && first <= last && last <= count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::case::Command;

    fn case(message: &str) -> Case {
        let mut case = Case { final_message: message.to_owned(), ..Case::default() };
        case.workspace.after.insert("src/a.rs".to_owned(), "one\ntwo\nthree\n".to_owned());
        case.events.push(Event::Command(Command {
            seq: 4,
            stdout: "ok\nok\n".to_owned(),
            ..Command::default()
        }));
        case
    }

    fn resolved(message: &str) -> Vec<bool> {
        citations(&case(message)).into_iter().map(|c| c.resolves).collect()
    }

    #[test]
    fn lines_must_exist() {
        assert_eq!(
            resolved("x【F:src/a.rs†L1-L3】 y【F:src/a.rs†L3-L4】 z【F:src/b.rs†L1】"),
            [true, false, false]
        );
        assert_eq!(
            resolved("【4†L1-L2】【4†L3】【9†L1】【F:src/a.rs†L3-L1】【F:src/a.rs†L0】"),
            [true, false, false, false, false]
        );
    }

    #[test]
    fn other_brackets_are_no_citations() {
        assert!(resolved("【note】 and [1]").is_empty());
        assert_eq!(resolved("【chunk-7†L1】"), [false]);
    }
}
