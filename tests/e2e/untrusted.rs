//! The client's answer to an edit proves nothing, in any editor: the text does.

use vouchsafe_tests::{Editor, Profile};

use crate::SHOUT;

const MADE: &str = "HELLO\n1\n2\n3\n4\nwörld 😀 end\n";

/// At the same time: the server gives a text some seconds to show an edit that is said to be made.
fn in_all(play: impl Fn(Profile) + Sync) {
    std::thread::scope(|scope| {
        let each = Profile::ALL.map(|profile| {
            scope.spawn({
                let play = &play;
                move || play(profile)
            })
        });
        each.into_iter().for_each(|one| one.join().expect("it failed above"));
    });
}

#[test]
fn an_edit_that_was_declined_is_not_accepted_although_the_client_says_it_was_made() {
    in_all(|profile| {
        let opening = Editor::open(SHOUT).profile(profile);
        let mut editor = opening.quirks(|quirks| quirks.says_applied_when_declined = true).start();
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.will_decline_edit();
        editor.choose_on("a.txt", 1, "Accept this change");
        editor.wait_for_message("nothing was accepted, the change still waits");
        assert_eq!(editor.proposed(), 2, "{profile:?}");
        // The twin: asked again, it is made and accepted.
        editor.accept("a.txt", 1);
        editor.wait_for_text("a.txt", MADE);
    });
}

#[test]
fn an_edit_that_was_made_is_accepted_although_the_client_says_it_was_not() {
    in_all(|profile| {
        let opening = Editor::open(SHOUT).profile(profile);
        let mut editor = opening.quirks(|quirks| quirks.denies_what_it_applied = true).start();
        editor.choose("Shout");
        editor.wait_for_proposal();
        editor.accept("a.txt", 1);
        editor.wait_for_text("a.txt", MADE);
        editor.wait_for("the other change to be left", |editor| editor.proposed() == 1);
        let hover = editor.hover("a.txt", 1);
        assert!(hover.contains("accepted"), "{profile:?}: {hover}");
    });
}
