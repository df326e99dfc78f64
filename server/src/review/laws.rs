//! Random users and tasks against the laws that the review must never break.
//!
//! `VOUCHSAFE_PROPERTY_CASES` sets how many cases run, each of up to 24 operations; the ordinary number is small.

use proptest::prelude::*;
use proptest::test_runner::Config;
use ropey::Rope;

use super::lines::{Lines, fits, slice};
use super::spot::Standing;
use super::*;
use random::{operation, start, told};

mod random;

/// What can happen while a review is open. Numbers are reduced to what exists when they are used.
#[derive(Debug, Clone)]
enum Operation {
    /// Replaces characters by text; a `#` becomes a character that stands nowhere else.
    Type {
        start: usize,
        removed: usize,
        text: String,
        told: Told,
    },
    /// The text goes back to an earlier one.
    Undo {
        back: usize,
        told: Told,
    },
    Accept {
        task: usize,
        nth: usize,
    },
    AcceptAll {
        task: usize,
    },
    Reject {
        task: usize,
        nth: usize,
    },
    Resolve {
        task: usize,
        nth: usize,
        how: Resolution,
    },
}

/// How the client tells a change.
#[derive(Debug, Clone, Copy)]
enum Told {
    Whole,
    Range,
    Splices,
}

struct World {
    text: Rope,
    history: Vec<Rope>,
    files: Vec<ReviewedFile>,
    typed: usize,
}

impl World {
    fn tell(&mut self, after: Rope, told: Told) {
        let before = self.text.clone();
        for file in &mut self.files {
            match told {
                Told::Whole => file.edited(0..line_count(&before), line_count(&after), &after, Author::User),
                Told::Splices => file.spliced(&splices(&before, &after), &after, Author::User),
                Told::Range => {
                    let Splice { lines, with } = splice_of(&before, &after, &differing(&before, &after));
                    file.edited(lines, with.end - with.start, &after, Author::User);
                }
            }
        }
        self.history.push(before);
        self.text = after;
    }

    fn apply(&mut self, task: usize, edits: &[LineEdit]) {
        let after = LineEdit::apply(edits, &self.text);
        for (nth, file) in self.files.iter_mut().enumerate() {
            if nth == task {
                assert!(file.applied(edits, &after));
            } else {
                file.spliced(&LineEdit::splices(edits), &after, Author::Task);
            }
        }
        self.history.push(std::mem::replace(&mut self.text, after));
    }

    fn id(&self, task: usize, nth: usize) -> Option<HunkId> {
        let ids = self.files[task].hunks().map(|view| view.hunk.id).collect::<Vec<_>>();
        (!ids.is_empty()).then(|| ids[nth % ids.len()])
    }

    fn run(&mut self, operation: &Operation) {
        let tasks = self.files.len();
        match operation {
            Operation::Type { start, removed, text, told } => {
                let start = start % (self.text.len_chars() + 1);
                let end = (start + removed).min(self.text.len_chars());
                self.typed += 1;
                let mut after = self.text.clone();
                after.remove(start..end);
                after.insert(start, &text.replace('#', &token(self.typed).to_string()));
                self.tell(after, *told);
            }
            Operation::Undo { back, told } => {
                let known = self.history.len();
                if let Some(earlier) = known.checked_sub(1 + back % known.max(1)) {
                    self.tell(self.history[earlier].clone(), *told);
                }
            }
            Operation::Accept { task, nth } => {
                let task = task % tasks;
                if let Some(id) = self.id(task, *nth) {
                    self.apply(task, &self.files[task].accept(&Selection::Hunks(vec![id])));
                }
            }
            Operation::AcceptAll { task } => {
                self.apply(task % tasks, &self.files[task % tasks].accept(&Selection::All));
            }
            Operation::Reject { task, nth } => {
                if let Some(id) = self.id(task % tasks, *nth) {
                    self.files[task % tasks].reject(id);
                }
            }
            Operation::Resolve { task, nth, how } => {
                let task = task % tasks;
                let edit = self.id(task, *nth).and_then(|id| self.files[task].resolve(id, *how));
                if let Some(edit) = edit {
                    self.apply(task, std::slice::from_ref(&edit));
                    let state = self.files[task].hunk(edit.hunk).unwrap().state;
                    assert!(matches!(state, State::Accepted | State::Edited), "{state:?}");
                }
            }
        }
    }

    /// The server starts again.
    fn resume(&mut self, base: &str, proposed: &[String]) {
        for ((file, proposed), task) in self.files.iter_mut().zip(proposed).zip(1..) {
            let change = TextChange::new(HunkId { task, hunk: 1 }, base, proposed, &|_| vec![1]);
            let known = |id| file.hunk(id).map_or(State::Rejected, |view| view.state);
            *file = ReviewedFile::resumed(&change, &self.text, known);
        }
    }

    fn laws(&self) {
        for file in &self.files {
            assert_eq!(file.text(), &self.text);
            places(file);
            contents(file);
            rejecting_keeps_the_text(file);
            accepting_loses_nothing(file);
        }
    }
}

/// The characters of `before` that a client would send as replaced.
fn differing(before: &Rope, after: &Rope) -> std::ops::Range<usize> {
    let prefix = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let room = before.len_chars().min(after.len_chars()) - prefix;
    fn reversed(text: &Rope) -> ropey::iter::Chars<'_> {
        text.chars_at(text.len_chars()).reversed()
    }
    let suffix = reversed(before).zip(reversed(after)).take(room).take_while(|(a, b)| a == b).count();
    prefix..before.len_chars() - suffix
}

/// Live hunks are in order, do not overlap and lie in the text.
fn places(file: &ReviewedFile) {
    let mut end = 0;
    for spot in &file.spots {
        assert!(end <= spot.at.start && spot.at.start <= spot.at.end, "overlap at {:?}", spot.at);
        assert_eq!(spot.marks.len(), (spot.at.end - spot.at.start) as usize);
        end = spot.at.end;
    }
    assert!(end <= line_count(file.text()));
}

/// A calm hunk's lines are one of its sides; a conflict tells the text that is there.
fn contents(file: &ReviewedFile) {
    for view in file.hunks() {
        let there = view.at.clone().map(|at| Lines::of_rope(file.text(), at));
        match view.state {
            State::Pending => {
                assert_eq!(there.as_ref(), Some(&view.hunk.old));
                assert!(fits(file.text(), &view.at.unwrap(), &view.hunk.new));
            }
            State::Accepted => {
                assert_eq!(there.as_ref(), Some(&view.hunk.new));
                let at = view.at.unwrap();
                assert!(
                    at.clone().all(|line| file.origin(line).is_some_and(|origin| origin.0 == view.hunk.id))
                );
            }
            State::Conflicted => {
                let conflict = file.conflict(view.hunk.id).unwrap();
                assert_eq!(conflict.mine, there.unwrap().text());
                let settled = conflict.mine == conflict.base || conflict.mine == conflict.theirs;
                assert!(!settled || glued(file, view.hunk.id), "{conflict:?}");
            }
            State::Edited | State::Rejected | State::Superseded => {}
        }
    }
}

/// Whether a conflict's lines would not be lines of their own: the texts may be the same, yet not their lines.
fn glued(file: &ReviewedFile, id: HunkId) -> bool {
    let spot =
        file.spots.iter().find(|spot| spot.parts.iter().any(|part| file.hunks[part.hunk].id == id)).unwrap();
    let (base, theirs) = (spot.anchor(&file.hunks), spot.proposed(&file.hunks).0);
    let split = |lines: &Lines| Lines::of(lines.text()) == *lines;
    !split(&base)
        || !split(&theirs)
        || !fits(&file.text, &spot.at, &theirs)
        || !fits(&file.text, &spot.at, &base)
}

fn rejecting_keeps_the_text(file: &ReviewedFile) {
    let mut file = file.clone();
    let before = file.text().clone();
    file.reject_all();
    assert_eq!(file.text(), &before);
    assert_eq!(file.open(), (0, 0));
    assert_eq!(file.accept(&Selection::All), []);
}

fn accepting_loses_nothing(file: &ReviewedFile) {
    let mut file = file.clone();
    let edits = file.accept(&Selection::All);
    for edit in &edits {
        let (view, at) = (file.hunk(edit.hunk).unwrap(), edit.lines.clone());
        assert_eq!(slice(file.text(), at), edit.old_text.as_str());
        assert_eq!(edit.old_text, view.hunk.old.text());
    }
    let after = LineEdit::apply(&edits, file.text());
    assert_eq!(tokens(&after), tokens(file.text()), "a line that the user typed is gone");
    assert!(file.applied(&edits, &after));
    for edit in &edits {
        assert_eq!(file.hunk(edit.hunk).unwrap().state, State::Accepted);
    }
    places(&file);
}

/// A character that only the user types, and only once.
fn token(nth: usize) -> char {
    char::from_u32(0xe000 + u32::try_from(nth).unwrap()).unwrap()
}

/// What the user typed and is still there.
fn tokens(text: &Rope) -> Vec<char> {
    let mut tokens = text.chars().filter(|c| ('\u{e000}'..'\u{f8ff}').contains(c)).collect::<Vec<_>>();
    tokens.sort();
    tokens
}

fn reviewed(task: u64, base: &str, proposed: &str, current: &Rope) -> ReviewedFile {
    let change = TextChange::new(HunkId { task, hunk: 1 }, base, proposed, &|_| vec![1]);
    ReviewedFile::new(&change, current)
}

fn cases() -> Config {
    let cases = std::env::var("VOUCHSAFE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: cases.unwrap_or(200), failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_breaks_the_laws(
        (base, proposed, current) in start(),
        operations in proptest::collection::vec(operation(), 0..24),
    ) {
        let text = Rope::from_str(&current);
        let files = proposed.iter().zip(1..).map(|(proposed, task)| reviewed(task, &base, proposed, &text));
        let mut world = World { files: files.collect(), history: Vec::new(), text, typed: 0 };
        world.laws();
        for operation in &operations {
            world.run(operation);
            world.laws();
        }
        world.resume(&base, &proposed);
        world.laws();
    }

    #[test]
    fn accepting_all_of_an_untouched_text_gives_the_proposal((base, proposed, _) in start()) {
        let text = Rope::from_str(&base);
        let file = reviewed(1, &base, &proposed[0], &text);
        prop_assert_eq!(LineEdit::apply(&file.accept(&Selection::All), &text).to_string(), proposed[0].clone());
    }

    /// Whatever one edit did, taking it back brings every waiting hunk back, however the client tells it.
    #[test]
    fn an_edit_taken_back_leaves_no_trace(
        (base, proposed, _) in start(),
        start in 0usize..40, removed in 0usize..9, typed in "[abcx]{0,2}\r?\n?[ab]?\n?", there in told(), back in told(),
    ) {
        let text = Rope::from_str(&base);
        let file = reviewed(1, &base, &proposed[0], &text);
        let mut world = World { files: vec![file], history: Vec::new(), text, typed: 0 };
        let states = |world: &World| world.files[0].hunks().map(|view| (view.state, view.at)).collect::<Vec<_>>();
        let before = states(&world);
        world.run(&Operation::Type { start, removed, text: typed, told: there });
        world.run(&Operation::Undo { back: 0, told: back });
        prop_assert_eq!(states(&world), before);
    }

    /// Undo and redo of an accept are seen as such, however the client tells them.
    #[test]
    fn accepting_can_be_undone_and_redone((base, proposed, _) in start(), there in told(), back in told()) {
        let text = Rope::from_str(&base);
        let file = reviewed(1, &base, &proposed[0], &text);
        let mut world = World { files: vec![file], history: Vec::new(), text, typed: 0 };
        world.run(&Operation::AcceptAll { task: 0 });
        world.run(&Operation::Undo { back: 0, told: there });
        prop_assert!(world.files[0].hunks().all(|view| view.state == State::Pending));
        world.run(&Operation::Undo { back: 0, told: back });
        prop_assert!(world.files[0].hunks().all(|view| view.state == State::Accepted));
    }

    /// An account of an edit that cannot be is not believed: the texts are compared.
    #[test]
    fn an_impossible_account_of_an_edit_is_put_aside(
        (base, proposed, current) in start(), lines in 0u32..12, count in 0u32..12, with in 0u32..12,
    ) {
        let (before, after) = (Rope::from_str(&base), Rope::from_str(&current));
        let mut told = reviewed(1, &base, &proposed[0], &before);
        let possible = lines + count <= line_count(&before)
            && line_count(&before) + with == line_count(&after) + count;
        // One line too many makes a possible account impossible.
        let with = with + u32::from(possible);
        told.edited(lines..lines + count, with, &after, Author::User);
        places(&told);
        contents(&told);
        let mut compared = reviewed(1, &base, &proposed[0], &before);
        compared.spliced(&splices(&before, &after), &after, Author::User);
        let states = |file: &ReviewedFile| file.hunks().map(|view| (view.state, view.at)).collect::<Vec<_>>();
        prop_assert_eq!(states(&told), states(&compared));
    }

    /// A possible but wrong account can mislead, but never makes an edit that replaces what the user typed.
    #[test]
    fn a_wrong_account_of_an_edit_replaces_nothing(
        (base, proposed, current) in start(), lines in 0u32..9, count in 0u32..9,
    ) {
        let after = Rope::from_str(&current);
        let mut file = reviewed(1, &base, &proposed[0], &Rope::from_str(&base));
        let with = (line_count(&after) + count).saturating_sub(line_count(&Rope::from_str(&base)));
        file.edited(lines..lines + count, with, &after, Author::User);
        places(&file);
        for edit in file.accept(&Selection::All) {
            prop_assert_eq!(slice(&after, edit.lines.clone()).to_string(), edit.old_text);
        }
    }

    /// Edits that keep a line away from every hunk merge without a conflict, and both sides are in the result.
    #[test]
    fn distant_edits_merge(roles in proptest::collection::vec(0u8..4, 1..12), crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let (mut base, mut mine, mut theirs, mut both) = (String::new(), String::new(), String::new(), String::new());
        for (nth, role) in roles.iter().enumerate() {
            let old = format!("line {nth}{end}");
            let user = if *role == 1 { format!("user {nth}{end}") } else { old.clone() };
            let task = match role { 2 => format!("task {nth}{end}"), 3 => String::new(), _ => old.clone() };
            let merged = if *role == 1 { &user } else { &task };
            let apart = format!("apart {nth}{end}");
            base += &(old.clone() + &apart);
            mine += &(user.clone() + &apart);
            theirs += &(task.clone() + &apart);
            both += &(merged.clone() + &apart);
        }
        let text = Rope::from_str(&mine);
        let file = reviewed(1, &base, &theirs, &text);
        prop_assert!(file.hunks().all(|view| view.state == State::Pending));
        prop_assert_eq!(LineEdit::apply(&file.accept(&Selection::All), &text).to_string(), both);
    }
}

#[test]
fn the_sides_of_a_hunk_are_told_apart() {
    let file = reviewed(1, "a\n", "b\n", &Rope::from_str("a\n"));
    let standing = file.spots.iter().flat_map(|spot| &spot.parts).map(|part| part.standing);
    assert_eq!(standing.collect::<Vec<_>>(), [Standing::Pending]);
}
