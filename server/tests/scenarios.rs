//! One folder, one hard case of merging a task's work with what the user did meanwhile.
//!
//! `base` is what the task saw, `proposed` what it left, `user` what the user has. The user's edits are played twice,
//! before the review starts and during it, and both must come to the same. `moved.txt` names files that the user
//! renamed, as an editor tells them. `VOUCHSAFE_BLESS=1` writes `expected.txt` anew: read the diff before keeping it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test owns its folders and writes expectations when asked to"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ropey::Rope;
use vouchsafe::review::SplitLines as _;
use vouchsafe::review::{
    Author, Change, Changed, Entry, FileChange, LineEdit, Proposal, ProposedFile, ReviewedFile, Selection,
    State, TextChange, line_count, render,
};
use vouchsafe_base::WorkspacePath;

type Tree = BTreeMap<WorkspacePath, Entry>;

/// A test for each named folder, and one that no folder is without a test.
macro_rules! scenarios {
    ($($name:ident = $folder:literal;)*) => {
        $(#[test] fn $name() { play($folder); })*

        #[test]
        fn every_folder_is_played() {
            let named = [$($folder),*].map(str::to_owned);
            let mut found = fs::read_dir(root()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().into_string().unwrap()).collect::<Vec<_>>();
            found.sort();
            assert_eq!(found, named);
        }
    };
}

scenarios! {
    untouched = "001_untouched";
    user_edits_elsewhere = "002_user_edits_elsewhere";
    same_line = "003_same_line";
    user_made_the_same_change = "004_user_made_the_same_change";
    both_insert_at_one_gap = "005_both_insert_at_one_gap";
    insertion_beside_an_edited_line = "006_insertion_beside_an_edited_line";
    adjacent_hunks = "007_adjacent_hunks";
    edit_over_two_hunks = "008_edit_over_two_hunks";
    crlf = "009_crlf";
    line_ends_rewritten = "010_line_ends_rewritten";
    final_newline_added = "011_final_newline_added";
    final_newline_removed_where_the_user_goes_on = "012_final_newline_removed_where_the_user_goes_on";
    no_final_newline_and_both_go_on = "013_no_final_newline_and_both_go_on";
    mark_that_the_editor_hides = "014_mark_that_the_editor_hides";
    mark_removed_by_the_task = "015_mark_removed_by_the_task";
    empty_file_filled_by_both = "016_empty_file_filled_by_both";
    whole_file_rewritten = "017_whole_file_rewritten";
    lines_deleted_by_the_user = "018_lines_deleted_by_the_user";
    all_deleted_by_the_user = "019_all_deleted_by_the_user";
    file_made_by_both = "020_file_made_by_both";
    deleted_by_the_task_edited_by_the_user = "021_deleted_by_the_task_edited_by_the_user";
    renamed_by_the_user = "022_renamed_by_the_user";
    gone_meanwhile = "023_gone_meanwhile";
    not_utf8 = "024_not_utf8";
    lines_moved_by_the_user = "025_lines_moved_by_the_user";
    repeated_lines = "026_repeated_lines";
    lone_carriage_returns = "027_lone_carriage_returns";
    same_change_and_more = "028_same_change_and_more";
    half_of_the_change = "029_half_of_the_change";
    new_file_and_the_line_that_names_it = "030_new_file_and_the_line_that_names_it";
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn play(folder: &str) {
    let folder = root().join(folder);
    let [base, proposed, user] = ["base", "proposed", "user"].map(|side| tree(&folder.join(side)));
    let moved = moves(&folder);
    let changes = changes(&base, &proposed);
    let proposal = Proposal::new(1, "Scenario".to_owned(), changes.into_iter().map(changed).collect());
    let mut shown = String::new();
    for file in &proposal.files {
        let stands_at = moved.get(&file.stands_at).unwrap_or(&file.stands_at);
        let here = user.get(moved.get(&file.path).unwrap_or(&file.path));
        show(&mut shown, file, here, user.get(stands_at));
    }
    for (id, _) in proposal.hunks() {
        for needed in proposal.needs(id) {
            writeln!(shown, "{id} needs {needed}").unwrap();
        }
    }
    compare(&folder.join("expected.txt"), &shown);
}

fn show(out: &mut String, file: &ProposedFile, here: Option<&Entry>, there: Option<&Entry>) {
    writeln!(out, "== {}", render::sentence(file)).unwrap();
    match (&file.change, there.and_then(Entry::text)) {
        (FileChange::Text(change), Some(text)) => show_text(out, change, text),
        _ => writeln!(out, "{:?}", file.standing(here, there)).unwrap(),
    }
}

fn show_text(out: &mut String, change: &TextChange, user: &str) {
    let user = Rope::from_str(user);
    let early = ReviewedFile::new(change, &user);
    let late = typed_during_review(change, &user);
    let states = |file: &ReviewedFile| {
        file.hunks().map(|view| (view.hunk.id, view.at, view.state)).collect::<Vec<_>>()
    };
    assert_eq!(states(&early), states(&late), "early and late edits come to the same");
    for view in early.hunks() {
        let at = view.at.as_ref().map_or("nowhere".to_owned(), |at| format!("at {}..{}", at.start, at.end));
        writeln!(out, "{} {:?} {at}", view.hunk.id, view.state).unwrap();
        if matches!(view.state, State::Pending | State::Conflicted) {
            out.push_str(&render::plain(&early, view.hunk.id).unwrap());
        }
    }
    let edits = early.accept(&Selection::All);
    let accepted = LineEdit::apply(&edits, &user).to_string();
    writeln!(out, "-- all accepted").unwrap();
    for line in accepted.split_lines() {
        writeln!(out, "{line:?}").unwrap();
    }
}

/// The same review when the user edits after it started. An editor that hides the byte order mark hides it always.
fn typed_during_review(change: &TextChange, user: &Rope) -> ReviewedFile {
    let hidden = user.get_char(0) != Some('\u{feff}');
    let before = if hidden { change.before.trim_start_matches('\u{feff}') } else { &change.before };
    let before = Rope::from_str(before);
    let mut file = ReviewedFile::new(change, &before);
    file.edited(0..line_count(&before), line_count(user), user, Author::User);
    file
}

fn compare(expected: &Path, shown: &str) {
    assert!(!shown.is_empty(), "a scenario shows something");
    if std::env::var_os("VOUCHSAFE_BLESS").is_some() {
        fs::write(expected, shown).unwrap();
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    if wanted != shown {
        panic!("{} differs. Wanted:\n{wanted}\nShown:\n{shown}", expected.display());
    }
}

fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut left = vec![root.to_owned()];
    while let Some(folder) = left.pop() {
        for found in fs::read_dir(folder).unwrap() {
            let at = found.unwrap().path();
            if at.is_dir() {
                left.push(at);
            } else if at.file_name().unwrap() != ".keep" {
                let path = WorkspacePath::from_relative(at.strip_prefix(root).unwrap()).unwrap();
                tree.insert(path, Entry::File { bytes: fs::read(&at).unwrap().into(), mode: 0o644 });
            }
        }
    }
    tree
}

fn moves(folder: &Path) -> BTreeMap<WorkspacePath, WorkspacePath> {
    let text = fs::read_to_string(folder.join("moved.txt")).unwrap_or_default();
    let path = |text| WorkspacePath::parse(text).unwrap();
    text.lines().filter_map(|line| line.split_once(' ')).map(|(from, to)| (path(from), path(to))).collect()
}

fn changes(base: &Tree, proposed: &Tree) -> Vec<Change> {
    let mut paths = base.keys().chain(proposed.keys()).cloned().collect::<Vec<_>>();
    paths.sort();
    paths.dedup();
    let change = |path: WorkspacePath| Change {
        before: base.get(&path).cloned(),
        after: proposed.get(&path).cloned(),
        path,
        renamed_from: None,
    };
    paths.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

fn changed(change: Change) -> Changed<'static> {
    Changed { change, protected: None, steps: vec![1], origins: &|_| vec![1] }
}
