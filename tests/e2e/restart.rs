//! What outlives the server: the citations of accepted lines.

use vouchsafe_tests::Editor;

use crate::SHOUT;

/// Hovers until the memory of the store has arrived, which it does soon after the document was opened.
fn hover_until_cited(editor: &mut Editor, path: &str, line: usize) -> String {
    (0..2_000).map(|_| editor.hover(path, line)).find(|hover| !hover.is_empty()).unwrap_or_default()
}

#[test]
fn accepted_lines_keep_their_citation_while_the_user_types_after_a_restart() {
    let mut first = Editor::open(SHOUT).start();
    first.choose("Shout");
    first.wait_for_proposal();
    first.accept("a.txt", 1);
    first.save("a.txt");
    let next = Editor::open("").beside(&first);
    drop(first);

    let mut editor = next.start();
    editor.open_file("a.txt");
    let hover = hover_until_cited(&mut editor, "a.txt", 1);
    assert!(
        hover.contains("Shout") && hover.contains("exit code 0") && hover.contains("record.md#L"),
        "{hover}"
    );
    assert!(editor.hover("a.txt", 6).contains("proposed"), "a change that was never accepted still waits");

    editor.type_at("a.txt", "HELLO", "new\n");
    assert_eq!(editor.hover("a.txt", 1), "", "the user's line is the user's");
    assert!(editor.hover("a.txt", 2).contains("Shout"), "the accepted line moved down");
    editor.replace("a.txt", "HELLO", "mine");
    assert_eq!(editor.hover("a.txt", 2), "", "a line that the user rewrote is the user's");
    editor.undo("a.txt");
    assert!(editor.hover("a.txt", 2).contains("Shout"), "and the task's again when that is undone");
}

#[test]
fn another_program_may_have_changed_the_file_meanwhile() {
    let mut first = Editor::open(SHOUT).start();
    first.choose("Shout");
    first.wait_for_proposal();
    first.accept("a.txt", 6);
    first.save("a.txt");
    let next = Editor::open("").beside(&first);
    let text = first.text("a.txt");
    drop(first);

    let mut editor = next.start();
    editor.outside("a.txt", Some(&format!("from elsewhere\n{text}")));
    editor.open_file("a.txt");
    let hover = hover_until_cited(&mut editor, "a.txt", 7);
    assert!(hover.contains("Shout"), "{hover}");
    assert_eq!(editor.hover("a.txt", 1), "");
}
