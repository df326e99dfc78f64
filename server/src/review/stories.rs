//! How a review goes, told step by step.

use ropey::Rope;

use super::*;

const BASE: &str = "one\ntwo\nthree\nfour\nfive\n";

/// Two insertions that the user brought to one gap by deleting the line between them.
fn at_one_gap(first: &str, second: &str) -> Story {
    let mut story = Story::new(&[&format!("one\n{first}two\n{second}three\nfour\nfive\n")]);
    story.types("one\nthree\nfour\nfive\n");
    assert_eq!(story.files[0].hunks().map(|view| view.at).collect::<Vec<_>>(), [Some(1..1), Some(1..1)]);
    story
}

struct Story {
    text: Rope,
    files: Vec<ReviewedFile>,
}

impl Story {
    /// A task for each proposed text. Line n of a proposed text was made by step 100 + n.
    fn new(proposed: &[&str]) -> Self {
        let text = Rope::from_str(BASE);
        let file = |(proposed, task): (&&str, u64)| {
            let change = TextChange::new(HunkId { task, hunk: 1 }, BASE, proposed, &|place| match place {
                Place::Line(line) => vec![100 + line],
                Place::Gap(_) => vec![1],
            });
            ReviewedFile::new(&change, &text)
        };
        Self { files: proposed.iter().zip(1..).map(file).collect(), text }
    }

    /// The user makes the text this one.
    fn types(&mut self, text: &str) {
        let after = Rope::from_str(text);
        for file in &mut self.files {
            file.edited(0..line_count(&self.text), line_count(&after), &after, Author::User);
        }
        self.text = after;
    }

    fn applies(&mut self, task: usize, edits: &[LineEdit]) {
        self.text = LineEdit::apply(edits, &self.text);
        for (nth, file) in self.files.iter_mut().enumerate() {
            if nth == task {
                assert!(file.applied(edits, &self.text));
            } else {
                file.spliced(&LineEdit::splices(edits), &self.text, Author::Task);
            }
        }
    }

    fn accepts_all(&mut self, task: usize) {
        let edits = self.files[task].accept(&Selection::All);
        self.applies(task, &edits);
    }

    fn states(&self, task: usize) -> Vec<State> {
        self.files[task].hunks().map(|view| view.state).collect()
    }

    /// For each line of the text the steps it cites.
    fn cites(&self, task: usize) -> Vec<Vec<u32>> {
        let origin = |line| self.files[task].origin(line).map_or(&[][..], |(_, cites)| cites);
        (0..line_count(&self.text)).map(|line| origin(line).iter().map(|cite| cite.step).collect()).collect()
    }
}

fn id(task: u64, hunk: u32) -> HunkId {
    HunkId { task, hunk }
}

#[test]
fn an_accepted_hunk_follows_edits_undo_and_redo() {
    let accepted = "one\nTWO\nTWO AND A HALF\nthree\nfour\nfive\n";
    let mut story = Story::new(&[accepted]);
    story.accepts_all(0);
    assert_eq!(story.states(0), [State::Accepted]);
    assert_eq!(story.cites(0), [vec![], vec![101], vec![102], vec![], vec![], vec![]]);

    story.types("zero\none\nTWO\nTWO AND MORE\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Edited]);
    assert_eq!(
        story.cites(0),
        [vec![], vec![], vec![101], vec![], vec![], vec![], vec![]],
        "what I type is mine"
    );

    story.types("zero\none\nTWO\nTWO AND A HALF\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Accepted]);
    assert_eq!(story.cites(0)[3], [102]);

    story.types("zero\none\ntwo\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Pending], "undone");
    story.types("zero\none\nTWO\nTWO AND A HALF\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Accepted], "redone");
}

#[test]
fn the_same_typed_by_hand_is_accepted() {
    let mut story = Story::new(&["one\nTWO\nthree\nfour\n"]);
    story.types("one\nTW\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Conflicted, State::Pending]);
    story.types("one\nTWO\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Accepted, State::Pending]);
    story.types("one\nTWO\nthree\nfour\n");
    assert_eq!(story.states(0), [State::Accepted, State::Accepted], "a line deleted by hand");
}

#[test]
fn a_conflict_ends_by_undo_mine_or_theirs() {
    let conflicted = || {
        let mut story = Story::new(&["one\nTWO\nthree\nfour\nfive\n"]);
        story.types("one\ntoo\nthree\nfour\nfive\n");
        assert_eq!(story.files[0].open(), (1, 1));
        assert_eq!(story.files[0].accept(&Selection::All), []);
        story
    };
    let mut story = conflicted();
    story.types(BASE);
    assert_eq!(story.states(0), [State::Pending]);

    let mut story = conflicted();
    assert_eq!(story.files[0].reject(id(1, 1)), [id(1, 1)]);
    assert_eq!((story.states(0), story.files[0].open()), (vec![State::Rejected], (0, 0)));

    let mut story = conflicted();
    assert_eq!(story.files[0].resolve(id(1, 1), Resolution::Both), None, "a line was replaced, not inserted");
    let edit = story.files[0].resolve(id(1, 1), Resolution::Theirs).unwrap();
    assert_eq!((edit.old_text.as_str(), edit.new_text.as_str()), ("too\n", "TWO\n"));
    story.applies(0, &[edit]);
    assert_eq!(story.states(0), [State::Accepted]);
    assert_eq!(story.cites(0)[1], [101]);
}

#[test]
fn two_insertions_at_one_gap_can_both_stay() {
    let mut story = Story::new(&["one\ntask\ntwo\nthree\nfour\nfive\n"]);
    story.types("one\nuser\ntwo\nthree\nfour\nfive\n");
    let edit = story.files[0].resolve(id(1, 1), Resolution::Both).unwrap();
    story.applies(0, &[edit]);
    assert_eq!(story.text, "one\nuser\ntask\ntwo\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Accepted]);
    assert_eq!(story.cites(0)[..3], [vec![], vec![], vec![101]]);
}

#[test]
fn one_edit_over_two_hunks_is_one_conflict() {
    let mut story = Story::new(&["one\nTWO\nthree\nFOUR\nfive\n"]);
    story.types("one\nmine\nfive\n");
    assert_eq!(story.states(0), [State::Conflicted, State::Conflicted]);
    assert_eq!(story.files[0].together(id(1, 2)), [id(1, 1), id(1, 2)]);
    let edit = story.files[0].resolve(id(1, 2), Resolution::Theirs).unwrap();
    story.applies(0, &[edit]);
    assert_eq!(story.text, "one\nTWO\nthree\nFOUR\nfive\n");
    assert_eq!(story.states(0), [State::Accepted, State::Accepted]);
}

#[test]
fn tasks_meet_in_one_file() {
    let mut story = Story::new(&[
        "one\nTWO\nthree\nFOUR\nfive\n",
        "one\nTWO\nthree\nvier\nfive\n",
        "ONE\ntwo\nthree\nfour\nFIVE\n",
    ]);
    story.accepts_all(0);
    assert_eq!(story.states(1), [State::Superseded, State::Conflicted]);
    assert_eq!(story.states(2), [State::Pending, State::Pending]);
    assert!(story.cites(1).iter().all(Vec::is_empty), "the lines are the first task's");
    let conflict = story.files[1].conflict(id(2, 2)).unwrap();
    assert_eq!(conflict.reason, "An accepted change of another task stands on these lines.");
    assert_eq!((&*conflict.base, &*conflict.mine, &*conflict.theirs), ("four\n", "FOUR\n", "vier\n"));

    story.accepts_all(2);
    assert_eq!(story.text, "ONE\nTWO\nthree\nFOUR\nFIVE\n");
    story.types("ONE\ntwo\nthree\nfour\nFIVE\n");
    assert_eq!(story.states(0), [State::Pending, State::Pending]);
    assert_eq!(story.states(1), [State::Pending, State::Pending]);
}

#[test]
fn a_client_that_applies_something_else_is_followed() {
    let mut story = Story::new(&["one\nTWO\nthree\nFOUR\nfive\n"]);
    let edits = story.files[0].accept(&Selection::All);
    let formatted = Rope::from_str("one\nTWO\nthree\nfour;\nfive\n");
    assert!(!story.files[0].applied(&edits, &formatted));
    assert_eq!(story.states(0), [State::Accepted, State::Conflicted]);
}

#[test]
fn selected_hunks_and_lines_of_hunks() {
    let mut story = Story::new(&["zero\none\nTWO\nthree\nfour\nfive\nsix\n"]);
    let at =
        |story: &Story, line| story.files[0].at_line(line).map(|view| view.hunk.id.hunk).collect::<Vec<_>>();
    assert_eq!(
        [at(&story, 0), at(&story, 1), at(&story, 2), at(&story, 4)],
        [vec![1], vec![2], vec![], vec![3]]
    );
    let edits = story.files[0].accept(&Selection::Hunks(vec![id(1, 3), id(1, 1), id(9, 9)]));
    story.applies(0, &edits);
    assert_eq!(story.text, "zero\none\ntwo\nthree\nfour\nfive\nsix\n");
    assert_eq!(story.states(0), [State::Accepted, State::Pending, State::Accepted]);
    assert_eq!(story.files[0].reject(id(1, 1)), [], "it no longer waits");
    assert_eq!(story.files[0].reject_all(), [id(1, 2)]);
    assert_eq!(
        story.files[0].origins().map(|(line, id, _)| (line, id.hunk)).collect::<Vec<_>>(),
        [(0, 1), (6, 3)]
    );
}

#[test]
fn undo_is_seen_in_a_client_that_tells_a_difference() {
    // The lines grew at their end; a client that compares texts from the start may say they grew elsewhere.
    let change = TextChange::new(id(1, 1), "a\n}\n", "a\n}\na\n}\n", &|_| vec![1]);
    let (before, after) = (Rope::from_str("a\n}\n"), Rope::from_str("a\n}\na\n}\n"));
    for lines in [0..2, 1..3, 2..4] {
        let mut file = ReviewedFile::new(&change, &before);
        let edits = file.accept(&Selection::All);
        assert!(file.applied(&edits, &after));
        file.edited(lines, 0, &before, Author::User);
        assert_eq!(file.open(), (1, 0));
    }
}

#[test]
fn a_review_is_taken_up_after_a_restart() {
    let mut story = Story::new(&["one\nTWO\nMORE\nthree\nFOUR\nfive\nsix\n"]);
    let edits = story.files[0].accept(&Selection::Hunks(vec![id(1, 1)]));
    story.applies(0, &edits);
    story.files[0].reject(id(1, 3));
    story.types("zero\none\nTWO\nmine\nthree\nfour\nfive\n");
    let before = story.files[0].hunks().map(|view| (view.hunk.id, view.state, view.at)).collect::<Vec<_>>();
    assert_eq!(story.states(0), [State::Edited, State::Pending, State::Rejected]);

    let change = TextChange::new(id(1, 1), BASE, "one\nTWO\nMORE\nthree\nFOUR\nfive\nsix\n", &|_| vec![7]);
    let known = |id: HunkId| story.files[0].hunk(id).unwrap().state;
    let resumed = ReviewedFile::resumed(&change, &story.text, known);
    let after = resumed.hunks().map(|view| (view.hunk.id, view.state, view.at)).collect::<Vec<_>>();
    assert_eq!(after, before);
    assert_eq!(resumed.origin(2).map(|(id, _)| id), Some(id(1, 1)));
    assert_eq!(resumed.origin(3), None, "the user's line");
}

#[test]
fn neighbours_at_one_gap_are_torn_together() {
    let mut story = at_one_gap("A\n", "\n");
    story.types("one\rthree\nfour\nfive\n");
    // Only the second would run into the lone carriage return, but its region now covers the first.
    assert_eq!(story.states(0), [State::Conflicted, State::Conflicted]);
    assert_eq!(story.files[0].together(id(1, 1)), [id(1, 1), id(1, 2)]);
    story.types("one\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Pending, State::Pending]);
}

#[test]
fn a_hunk_that_would_run_into_an_accepted_one_is_held_back() {
    let mut story = at_one_gap("A\r", "\n");
    let edits = story.files[0].accept(&Selection::All);
    assert_eq!(edits.iter().map(|edit| edit.hunk).collect::<Vec<_>>(), [id(1, 1)]);
    story.applies(0, &edits);
    assert_eq!(story.text, "one\nA\rthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Accepted, State::Conflicted]);
}

#[test]
fn a_conflict_undone_in_pieces_is_settled() {
    let mut story = Story::new(&["one\ntwo\nTHREE\nfour\nfive\n"]);
    for text in ["one\ntwo\nfive\n", "one\nfive\n", "one\nFIVE\n", "one\ntwo\nFIVE\n"] {
        story.types(text);
        assert_eq!(story.states(0), [State::Conflicted], "{text:?}");
    }
    story.types("one\ntwo\nthree\nfour\nFIVE\n");
    assert_eq!(story.states(0), [State::Pending]);
    assert_eq!(story.files[0].hunk(id(1, 1)).unwrap().at, Some(2..3));
}

#[test]
fn a_hunk_held_back_is_free_when_its_neighbour_makes_room() {
    let mut story = at_one_gap("A\r", "\n");
    let edits = story.files[0].accept(&Selection::All);
    story.applies(0, &edits);
    story.types("one\nA\nthree\nfour\nfive\n");
    assert_eq!(story.states(0), [State::Edited, State::Pending]);
}

#[test]
fn conflicts_at_one_gap_do_not_reach_over_each_other() {
    let mut story = Story::new(&["one\nTWO\nthree\nFOUR\nfive\n"]);
    for text in ["one\nthree\nfour\nfive\n", "one\nthree\nfive\n", "one\nfive\n"] {
        story.types(text);
    }
    // The first could find its lines again, but only in lines that stand behind the second.
    story.types("one\ntwo\nV\n");
    let places = story.files[0].hunks().map(|view| (view.state, view.at)).collect::<Vec<_>>();
    assert_eq!(places, [(State::Conflicted, Some(1..1)), (State::Conflicted, Some(1..1))]);
}
