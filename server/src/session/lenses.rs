//! What stands above a line that has a change waiting: the decisions about it, for clients that show code lenses.
//!
//! Invariants
//! - The same decisions as the code actions of that line, so that who sees no lenses lacks nothing.

use std::collections::BTreeMap;

use super::answers::Finding;
use super::outgoing::{Call, Pick};
use super::text::Position;

/// One decision above a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// Where the line begins.
    pub at: Position,
    /// What it says.
    pub title: String,
    /// What choosing it does.
    pub call: Call,
}

impl Lens {
    /// The decisions about the changes among some findings, in order.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Vec<Self> {
        let changes = || findings.iter().filter(|finding| finding.is_change());
        let mut on_line = BTreeMap::new();
        changes().for_each(|finding| *on_line.entry(finding.range.start.line).or_insert(0) += 1);
        let of_one = |finding: &Finding| {
            let (_, number) = finding.about.data();
            let at = Position { line: finding.range.start.line, column: 0 };
            let pick = Pick { task: finding.task, hunk: Some(number), uri: None };
            // Several changes at one line would read alike without their numbers.
            let alone = on_line.get(&at.line).is_none_or(|count| *count == 1);
            let name = if alone { String::new() } else { format!(" {}.{}", finding.task, number) };
            let [accept, reject] =
                if finding.code == "conflict" { ["Take theirs", "Keep mine"] } else { ["Accept", "Reject"] };
            let calls = [
                (accept, Call::Accept(pick.clone())),
                (reject, Call::Reject(pick.clone())),
                ("Compare", Call::Compare(pick)),
            ];
            calls.map(|(title, call)| Self { at, title: format!("{title}{name}"), call })
        };
        changes().flat_map(of_one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::{About, Severity};
    use super::*;

    fn finding(line: u32, code: &'static str, hunk: u32) -> Finding {
        let at = |column| Position { line, column };
        Finding {
            range: at(2)..at(5),
            severity: Severity::Information,
            code,
            message: String::new(),
            related: Vec::new(),
            task: 3,
            about: if code == "something-else" { About::Note(hunk) } else { About::Hunk(hunk) },
        }
    }

    #[test]
    fn each_change_has_its_decisions_above_its_line() {
        let lenses = Lens::of(&[
            finding(1, "proposed-change", 1),
            finding(4, "conflict", 2),
            finding(4, "proposed-change", 3),
            finding(5, "something-else", 4),
        ]);
        let shown: Vec<_> = lenses.iter().map(|lens| (lens.at.line, lens.title.as_str())).collect();
        assert_eq!(
            shown,
            [
                (1, "Accept"),
                (1, "Reject"),
                (1, "Compare"),
                (4, "Take theirs 3.2"),
                (4, "Keep mine 3.2"),
                (4, "Compare 3.2"),
                (4, "Accept 3.3"),
                (4, "Reject 3.3"),
                (4, "Compare 3.3"),
            ]
        );
    }
}
