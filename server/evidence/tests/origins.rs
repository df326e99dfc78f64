//! Origins against an oracle that knows what was done, because it did it.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

use proptest::prelude::*;
use vouchsafe_evidence::log::{Seq, TaskId};
use vouchsafe_evidence::origin::{Blame, Citation, FileOrigins, Origins};

fn seqs(numbers: &[u32]) -> Vec<Seq> {
    numbers.iter().map(|n| Seq::new(*n)).collect()
}

fn all_lines(origins: &Origins) -> Vec<Vec<u32>> {
    (0..origins.lines()).map(|line| origins.of_line(line).iter().map(|seq| seq.get()).collect()).collect()
}

/// What a step does at one place, after passing over some lines.
#[derive(Debug, Clone)]
enum Op {
    Insert(usize),
    Delete(usize),
    Replace(usize, usize),
    Reindent(usize),
    /// Re-indents lines and deletes those that follow.
    Tidy(usize, usize),
    Split,
    Join,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        (1usize..4).prop_map(Op::Insert),
        (1usize..4).prop_map(Op::Delete),
        ((1usize..4), (1usize..4)).prop_map(|(old, new)| Op::Replace(old, new)),
        (1usize..4).prop_map(Op::Reindent),
        ((1usize..3), (1usize..3)).prop_map(|(kept, gone)| Op::Tidy(kept, gone)),
        Just(Op::Split),
        Just(Op::Join),
    ]
}

#[derive(Debug, Clone)]
struct Line {
    text: String,
    steps: Vec<u32>,
}

/// The text as the oracle has it: marks stand before the line of the same index; one more at the end.
#[derive(Debug, Clone)]
struct Oracle {
    lines: Vec<Line>,
    marks: Vec<Vec<u32>>,
    fresh: u32,
}

fn merge(into: &mut Vec<u32>, steps: &[u32]) {
    into.extend(steps);
    into.sort_unstable();
    into.dedup();
}

impl Oracle {
    fn new(lines: usize) -> Self {
        let mut oracle = Self { lines: Vec::new(), marks: vec![Vec::new(); lines + 1], fresh: 0 };
        for _ in 0..lines {
            let line = oracle.fresh_line(&[]);
            oracle.lines.push(line);
        }
        oracle
    }

    /// Words that occur nowhere else.
    fn fresh_line(&mut self, steps: &[u32]) -> Line {
        self.fresh += 1;
        let n = self.fresh;
        Line { text: format!("alpha{n}, beta{n} gamma{n}\n"), steps: steps.to_vec() }
    }

    fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// Takes out `count` lines at `at`; a line stays untouched between two places of one step.
    fn delete(&mut self, at: usize, count: usize, step: u32) {
        self.lines.drain(at..at + count);
        let swallowed: Vec<Vec<u32>> = self.marks.drain(at + 1..at + count).collect();
        swallowed.iter().for_each(|mark| merge(&mut self.marks[at], mark));
        if self.lines.len() + 1 < self.marks.len() {
            let last = self.marks.remove(at + 1);
            merge(&mut self.marks[at], &last);
        }
        merge(&mut self.marks[at], &[step]);
    }

    fn insert(&mut self, at: usize, count: usize, step: u32) {
        for n in 0..count {
            let line = self.fresh_line(&[step]);
            self.lines.insert(at + n, line);
            self.marks.insert(at + 1 + n, Vec::new());
        }
    }

    fn apply(&mut self, at: usize, op: &Op, step: u32) -> usize {
        let left = self.lines.len() - at;
        match *op {
            Op::Insert(count) => {
                self.insert(at, count, step);
                count
            }
            Op::Delete(count) if left >= count => {
                self.delete(at, count, step);
                0
            }
            Op::Replace(old, new) if left >= old => {
                // The gap behind what went stays behind what came.
                let behind = std::mem::take(&mut self.marks[at + old]);
                self.delete(at, old, step);
                self.insert(at, new, step);
                merge(&mut self.marks[at + new], &behind);
                new
            }
            Op::Reindent(count) if left >= count => {
                for line in &mut self.lines[at..at + count] {
                    line.text = format!("  {}", line.text);
                    merge(&mut line.steps, &[step]);
                }
                count
            }
            Op::Tidy(kept, gone) if left >= kept + gone => {
                self.apply(at, &Op::Reindent(kept), step);
                // The gap behind what went is another one than the gap in front of it: both stand there now.
                self.delete(at + kept, gone, step);
                kept
            }
            Op::Split if left >= 1 && self.lines[at].text.contains(", ") => {
                let mut first = self.lines[at].clone();
                merge(&mut first.steps, &[step]);
                let (head, tail) = first.text.split_once(", ").unwrap();
                let second = Line { text: format!("    {tail}"), steps: first.steps.clone() };
                let head = format!("{head},\n");
                self.lines[at] = Line { text: head, steps: first.steps.clone() };
                self.lines.insert(at + 1, second);
                self.marks.insert(at + 1, Vec::new());
                2
            }
            Op::Join if left >= 2 && self.marks[at + 1].is_empty() => {
                let second = self.lines.remove(at + 1);
                self.marks.remove(at + 1);
                let first = &mut self.lines[at];
                first.text = format!("{} {}", first.text.trim_end(), second.text.trim_start());
                merge(&mut first.steps, &second.steps);
                merge(&mut first.steps, &[step]);
                1
            }
            _ => 0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn the_origin_of_every_line_and_gap_is_what_the_oracle_says(
        size in 0usize..12,
        steps in proptest::collection::vec(proptest::collection::vec((1usize..5, op()), 1..4), 1..8),
    ) {
        let mut oracle = Oracle::new(size);
        let mut origins = Origins::base(u32::try_from(size).unwrap());
        for (n, ops) in steps.iter().enumerate() {
            let step = u32::try_from(n + 2).unwrap();
            let before = oracle.text();
            let mut at = 0;
            for (n, (skip, op)) in ops.iter().enumerate() {
                at += if n == 0 { skip - 1 } else { *skip };
                if at <= oracle.lines.len() {
                    at += oracle.apply(at, op, step);
                }
            }
            let after = oracle.text();
            origins.step(&before, &after, Seq::new(step));
            prop_assert_eq!(origins.lines() as usize, oracle.lines.len());
            let expected: Vec<Vec<u32>> = oracle.lines.iter().map(|line| line.steps.clone()).collect();
            prop_assert_eq!(all_lines(&origins), expected, "step {} from\n{}to\n{}", step, before, after);
            for (gap, mark) in oracle.marks.iter().enumerate() {
                let gap = u32::try_from(gap).unwrap();
                prop_assert_eq!(origins.of_gap(gap), seqs(mark), "gap {} after step {} from\n{}to\n{}", gap, step, before, after);
            }
        }
        let json = serde_json::to_string(&origins).unwrap();
        prop_assert_eq!(serde_json::from_str::<Origins>(&json).unwrap(), origins);
    }

    /// Texts of few different lines, where diffs are ambiguous: a hunk of the whole change still cites something.
    #[test]
    fn a_changed_region_always_cites(texts in proptest::collection::vec("([ab}]\n){0,6}", 2..6)) {
        let mut origins = Origins::base(u32::try_from(vouchsafe_evidence::lines(&texts[0]).count()).unwrap());
        for (n, pair) in texts.windows(2).enumerate() {
            origins.step(&pair[0], &pair[1], Seq::new(u32::try_from(n + 2).unwrap()));
        }
        let last = texts.last().unwrap();
        prop_assert_eq!(origins.lines() as usize, vouchsafe_evidence::lines(last).count());
        if &texts[0] != last {
            for line in 0..=origins.lines() {
                prop_assert!(!origins.citations(line..line).is_empty());
                prop_assert!(!origins.citations(line..origins.lines()).is_empty());
            }
        }
    }
}

#[test]
fn a_moved_block_cites_its_author_and_the_mover() {
    let base = "one();\ntwo();\nthree();\nfour();\nfive();\n";
    let written = "fn helper() {\n    work();\n}\none();\ntwo();\nthree();\nfour();\nfive();\n";
    let moved = "one();\ntwo();\nthree();\nfour();\nfive();\nfn helper() {\n    work();\n}\n";
    let mut origins = Origins::base(5);
    origins.step(base, written, Seq::new(2));
    assert_eq!(all_lines(&origins), [vec![2], vec![2], vec![2], vec![], vec![], vec![], vec![], vec![]]);
    origins.step(written, moved, Seq::new(3));
    assert_eq!(all_lines(&origins)[5..], [vec![2, 3], vec![2, 3], vec![2, 3]]);
    assert_eq!(origins.of_gap(0), seqs(&[3]));
}

#[test]
fn a_formatter_after_the_author_cites_both() {
    let base = "fn a() {}\n";
    let written = "fn a() {}\nfn b(x:i32,y:i32)->i32{let z=x+y;z*2}\n";
    let formatted = "fn a() {}\nfn b(x: i32, y: i32) -> i32 {\n    let z = x + y;\n    z * 2\n}\n";
    let mut origins = Origins::base(1);
    origins.step(base, written, Seq::new(2));
    origins.step(written, formatted, Seq::new(3));
    assert_eq!(all_lines(&origins)[..4], [vec![], vec![2, 3], vec![2, 3], vec![2, 3]]);
    assert_eq!(origins.citations(1..5), seqs(&[2, 3]));
}

#[test]
fn deletions_and_the_users_own_edits() {
    let mut origins = Origins::base(4);
    origins.step("a1\nb1\nc1\nd1\n", "a1\nd1\n", Seq::new(2));
    assert_eq!(origins.citations(1..1), seqs(&[2]));
    origins.splice(0..0, 3);
    assert_eq!(origins.of_gap(4), seqs(&[2]));
    origins.splice(4..5, 1);
    assert_eq!((origins.lines(), origins.citations(4..4)), (5, seqs(&[2])));
}

#[test]
fn origins_can_be_taken_over_from_another_file() {
    let mut source = Origins::base(1);
    source.step("x1\n", "x1\ny1\nz1\n", Seq::new(4));
    let mut target = Origins::base(2);
    target.insert_from(1..1, &source, 1..3);
    assert_eq!(all_lines(&target), [vec![], vec![4], vec![4], vec![]]);
}

#[test]
fn what_is_no_text_is_cited_as_a_whole() {
    let mut file = FileOrigins::base(Some(b"text\n"));
    file.step(Some(b"text\n"), Some(b"text\nmore\n"), Seq::new(2));
    assert!(matches!(&file, FileOrigins::Lines(origins) if origins.lines() == 2));
    file.step(Some(b"text\nmore\n"), Some(b"\xff\xfe"), Seq::new(3));
    assert_eq!(file, FileOrigins::Whole(seqs(&[2, 3])));
    let mut new = FileOrigins::base(None);
    new.step(None, Some(b"a\nb"), Seq::new(2));
    assert_eq!(new.steps(), seqs(&[2]));
}

#[test]
fn damaged_origins_are_refused() {
    for json in [
        r#"{"sets":[[]],"runs":[[3,1]]}"#,
        r#"{"sets":[[1]],"runs":[]}"#,
        r#"{"sets":[[],[1]],"runs":[[3,1]],"gaps":[[4,1]]}"#,
        r#"{"sets":[[],[1]],"runs":[[4294967295,1],[1,0]]}"#,
    ] {
        assert!(serde_json::from_str::<Origins>(json).is_err(), "{json}");
    }
}

fn cited(task: u64, steps: &[u32]) -> Citation {
    Citation { task: TaskId::new(task), steps: seqs(steps) }
}

fn marks(blame: &Blame) -> String {
    (0..blame.lines()).map(|line| blame.lookup(line).map_or(".".into(), |c| c.task.to_string())).collect()
}

#[test]
fn accepted_lines_are_followed() {
    let mut origins = Origins::base(2);
    origins.step("a\nz\n", "a\nfirst line\n}\nz\n", Seq::new(2));
    let mut blame = Blame::new(2);
    blame.accept(1..1, TaskId::new(7), &origins, 1..3);
    assert_eq!((marks(&blame).as_str(), blame.lookup(1)), (".77.", Some(&cited(7, &[2]))));
    // Typing Enter at the end of a line changes no line.
    blame.edit(1, "first line\n", "first line\n\n");
    assert_eq!(marks(&blame), ".7.7.");
    // Typing in a line makes it the user's; undo gives it back.
    blame.edit(1, "first line\n", "first line!\n");
    assert_eq!(marks(&blame), "...7.");
    blame.edit(1, "first line!\n", "first line\n");
    assert_eq!(marks(&blame), ".7.7.");
    // Cut and paste.
    blame.edit(1, "first line\n\n}\n", "");
    assert_eq!(marks(&blame), "..");
    blame.edit(2, "", "first line\n\n}\n");
    assert_eq!(marks(&blame), "..7.7");
    blame.edit(0, "", "first line\n\n}\n");
    assert_eq!(marks(&blame), ".....7.7", "a second copy is the user's");
}

#[test]
fn edits_by_another_program() {
    let mut blame = Blame::new(5);
    blame.cite(1..3, &cited(3, &[2]));
    let old = "top one\nagent one\nagent two\nlow one\nlow two\n";
    let mut moved = blame.clone();
    moved.reanchor(old, "top one\nlow one\nlow two\nlow three\nagent one\nagent two\n");
    assert_eq!(marks(&moved), "....33");
    let mut rewritten = blame.clone();
    rewritten.reanchor(old, "top one\n  agent one\nagent two\nlow one\nlow two\n");
    assert_eq!(marks(&rewritten), "..3..");
    let json = serde_json::to_string(&blame).unwrap();
    assert_eq!(serde_json::from_str::<Blame>(&json).unwrap(), blame);
}
