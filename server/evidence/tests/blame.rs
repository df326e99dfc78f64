//! Accepted lines through a life of edits, against an oracle that knows each line by its text.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use support::path;
use vouchsafe_evidence::log::{Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation, Origins};
use vouchsafe_evidence::store::Store;

/// What happens to the document. Places are taken modulo its length.
#[derive(Debug, Clone)]
enum Act {
    /// A task inserts lines and the user accepts them.
    Accept { at: usize, lines: usize },
    /// The user types new lines.
    Type { at: usize, lines: usize },
    /// The user changes a line.
    Rewrite { at: usize },
    /// The user deletes lines; the next `Undo` brings them back.
    Delete { at: usize, lines: usize },
    /// The last edit of the user is taken back.
    Undo,
    /// Cut and paste, in two edits.
    Move { from: usize, lines: usize, to: usize },
    /// Another program inserts, deletes and moves, and the file is read again.
    Elsewhere { at: usize, gone: usize, from: usize, to: usize },
    /// Saved, and the editor started again.
    Restart,
    /// A branch without the file's last half, and back.
    Branch,
}

fn act() -> impl Strategy<Value = Act> {
    let n = || 0usize..50;
    prop_oneof![
        3 => (n(), 1usize..4).prop_map(|(at, lines)| Act::Accept { at, lines }),
        2 => (n(), 1usize..4).prop_map(|(at, lines)| Act::Type { at, lines }),
        2 => n().prop_map(|at| Act::Rewrite { at }),
        2 => (n(), 1usize..4).prop_map(|(at, lines)| Act::Delete { at, lines }),
        2 => Just(Act::Undo),
        1 => (n(), 1usize..4, n()).prop_map(|(from, lines, to)| Act::Move { from, lines, to }),
        1 => (n(), 0usize..3, n(), n()).prop_map(|(at, gone, from, to)| Act::Elsewhere { at, gone, from, to }),
        1 => Just(Act::Restart),
        1 => Just(Act::Branch),
    ]
}

struct Document {
    lines: Vec<String>,
    blame: Blame,
    store: Store,
    undo: Option<(Vec<String>, Vec<String>)>,
    /// Text of an accepted line to its task: no two lines have the same text.
    accepted: BTreeMap<String, u64>,
    fresh: u32,
    tasks: u64,
}

impl Document {
    fn new(dir: &std::path::Path) -> Self {
        let mut document = Self {
            lines: Vec::new(),
            blame: Blame::new(0),
            store: Store::open(dir).unwrap(),
            undo: None,
            accepted: BTreeMap::new(),
            fresh: 0,
            tasks: 0,
        };
        document.lines = document.fresh(6);
        document.blame = Blame::new(6);
        document
    }

    fn fresh(&mut self, lines: usize) -> Vec<String> {
        (0..lines)
            .map(|_| {
                self.fresh += 1;
                format!("some words {}\n", self.fresh)
            })
            .collect()
    }

    fn text(&self) -> String {
        self.lines.concat()
    }

    /// The editor's edit: whole lines for whole lines.
    fn edit(&mut self, at: usize, gone: usize, came: &[String]) {
        let old: Vec<String> = self.lines.splice(at..at + gone, came.iter().cloned()).collect();
        self.blame.edit(u32::try_from(at).unwrap(), &old.concat(), &came.concat());
    }

    fn accept(&mut self, at: usize, lines: usize) {
        let before = self.text();
        let new = self.fresh(lines);
        self.lines.splice(at..at, new.iter().cloned());
        let mut origins = Origins::base(u32::try_from(self.lines.len() - lines).unwrap());
        origins.step(&before, &self.text(), Seq::new(2));
        self.tasks += 1;
        let (at, count) = (u32::try_from(at).unwrap(), u32::try_from(lines).unwrap());
        self.blame.accept(at..at, TaskId::new(self.tasks), &origins, at..at + count);
        self.accepted.extend(new.into_iter().map(|line| (line, self.tasks)));
    }

    fn remember(&self) {
        self.store.remember("/w", &path("a.rs"), &self.text(), &self.blame).unwrap();
    }

    fn recall(&mut self) {
        self.blame = self.store.recall("/w", &path("a.rs"), &self.text()).unwrap().unwrap().blame;
    }

    fn act(&mut self, act: &Act) {
        let len = self.lines.len();
        let kept = self.lines.clone();
        match *act {
            Act::Accept { at, lines } => self.accept(at % (len + 1), lines),
            Act::Type { at, lines } => {
                let new = self.fresh(lines);
                self.edit(at % (len + 1), 0, &new);
            }
            Act::Rewrite { at } if len > 0 => {
                let new = self.fresh(1);
                self.edit(at % len, 1, &new);
            }
            Act::Delete { at, lines } if len > 0 => {
                self.edit(at % len, lines.min(len - at % len), &[]);
            }
            Act::Undo => {
                if let Some((before, after)) = self.undo.take()
                    && after == self.lines
                {
                    self.edit(0, after.len(), &before);
                }
                return;
            }
            Act::Move { from, lines, to } if len > 0 => {
                let from = from % len;
                let cut: Vec<String> = self.lines[from..(from + lines).min(len)].to_vec();
                self.edit(from, cut.len(), &[]);
                self.edit(to % (self.lines.len() + 1), 0, &cut);
            }
            Act::Elsewhere { at, gone, from, to } if len > 0 => {
                let before = self.text();
                let at = at % len;
                self.lines.drain(at..(at + gone).min(len));
                if !self.lines.is_empty() {
                    let moved = self.lines.remove(from % self.lines.len());
                    self.lines.insert(to % (self.lines.len() + 1), moved);
                }
                let new = self.fresh(1);
                self.lines.splice(at.min(self.lines.len())..at.min(self.lines.len()), new);
                self.blame.reanchor(&before, &self.text());
            }
            Act::Restart => {
                self.remember();
                self.recall();
            }
            Act::Branch => {
                self.remember();
                self.lines.truncate(len / 2);
                self.recall();
                self.remember();
                self.lines.clone_from(&kept);
                self.recall();
            }
            _ => {}
        }
        let edited =
            matches!(act, Act::Type { .. } | Act::Rewrite { .. } | Act::Delete { .. } | Act::Move { .. });
        self.undo = edited.then(|| (kept, self.lines.clone()));
    }

    /// A line is cited if and only if its text is one that was accepted, and then by that task.
    fn check(&self) {
        assert_eq!(self.blame.lines() as usize, self.lines.len());
        for (n, line) in (0..).zip(&self.lines) {
            let expected = self
                .accepted
                .get(line)
                .map(|task| Citation { task: TaskId::new(*task), steps: vec![Seq::new(2)] });
            assert_eq!(self.blame.lookup(n), expected.as_ref(), "line {n}: {line}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_line_is_cited_exactly_while_it_is_what_was_accepted(acts in proptest::collection::vec(act(), 1..30)) {
        let dir = tempfile::tempdir().unwrap();
        let mut document = Document::new(dir.path());
        for act in &acts {
            document.act(act);
            document.check();
        }
    }
}
