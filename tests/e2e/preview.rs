//! The editor's own preview, for those who want it, and only where it asks.

use vouchsafe_tests::{Editor, Profile};

use crate::SHOUT;

const WANTED: &str = "[review]\npreview = true\n";

fn proposed(profile: Profile, config: &str) -> Editor {
    let mut editor = Editor::open(SHOUT).profile(profile).user_config(config).start();
    editor.choose("Shout");
    editor.wait_for_proposal();
    editor
}

#[test]
fn what_is_ticked_is_accepted_and_the_rest_waits() {
    for profile in [Profile::VsCode, Profile::Neovim012] {
        let mut editor = proposed(profile, WANTED);
        editor.will_tick(1);
        editor.choose_on("a.txt", 1, "Accept all of task");
        editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nwörld 😀 end\n");
        editor.wait_for("the other change to be left", |editor| editor.proposed() == 1);
        assert_eq!(editor.previews(), 1);
        // One change is edited at once, also while the preview is not settled.
        editor.choose_on("a.txt", 6, "Accept this change");
        editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
        assert_eq!(editor.previews(), 1);
        assert!(!editor.says("did not make the edit"), "{profile:?}");
    }
}

#[test]
fn all_that_is_ticked_is_accepted() {
    let mut editor = proposed(Profile::VsCode, WANTED);
    editor.will_tick(2);
    editor.choose_on("a.txt", 1, "Accept all of task");
    editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
    editor.wait_for("nothing to be left", |editor| editor.proposed() == 0);
}

#[test]
fn nothing_ticked_is_nothing_accepted() {
    let mut editor = proposed(Profile::VsCode, WANTED);
    editor.choose_on("a.txt", 1, "Accept all of task");
    editor.wait_for_message("nothing was accepted, the change still waits");
    assert_eq!(editor.text("a.txt"), "hello\n1\n2\n3\n4\nwörld 😀 end\n");
    assert_eq!(editor.proposed(), 2);
}

#[test]
fn where_nobody_would_be_asked_and_where_nobody_wants_it_the_edit_is_plain() {
    let without = [Profile::Neovim011, Profile::Helix, Profile::Eglot, Profile::Kakoune];
    let wanted = without.map(|profile| (profile, WANTED));
    for (profile, config) in wanted.into_iter().chain([(Profile::VsCode, ""), (Profile::Neovim012, "")]) {
        let mut editor = proposed(profile, config);
        editor.accept_all("a.txt", 1);
        editor.wait_for_text("a.txt", "HELLO\n1\n2\n3\n4\nWöRLD 😀 END\n");
        assert_eq!(editor.previews(), 0, "{profile:?}");
    }
}
