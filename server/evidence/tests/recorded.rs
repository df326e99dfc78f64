//! Claims of recorded tasks: the sentence, the reason, the place.
#![cfg(test)] // always true here; tells clippy that helpers are test code as well

mod support;

use support::{path, started};
use vouchsafe_base::Digest;
use vouchsafe_evidence::claim::recorded::{ChangedText, Texts, claims, weakened};
use vouchsafe_evidence::log::{
    ClaimChecked, CommandRan, EditOp, Event, Exit, FileEdit, LineSpan, OutputRef, Seq, Verdict,
};
use vouchsafe_evidence::store::{Options, Store};

fn command(store: &Store, line: &str, code: i32, output: &str) -> Event {
    let to = |bytes: &[u8]| OutputRef::to(store.put_blob(bytes).unwrap(), bytes, bytes.len() as u64);
    Event::Command(CommandRan {
        command: line.into(),
        directory: ".".into(),
        exit: Exit::Code { code },
        stdout: to(output.as_bytes()),
        stderr: to(b""),
        duration_ms: 10,
        cpu_ms: 10,
        max_rss_bytes: 1 << 20,
        changed: Vec::new(),
        denials: Vec::new(),
        because: None,
    })
}

fn edit(file: &str) -> Event {
    Event::FileEdit(FileEdit {
        path: path(file),
        op: EditOp::Modify,
        to: None,
        before: None,
        after: None,
        tool: "edit".into(),
        call: None,
        because: None,
    })
}

/// What the checker says of `message` after the given events and one change of `slug.py`.
fn checked(events: &dyn Fn(&Store) -> Vec<Event>, message: &str) -> Vec<ClaimChecked> {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), Options::default()).unwrap();
    let task = store.begin(&started("Fix slugify")).unwrap();
    for event in events(&store) {
        store.append(task, &event).unwrap();
    }
    let test = "from slug import slugify\n\ndef test_basic():\n    assert slugify(\"A b\") == \"a-b\"\n";
    let texts = Texts {
        changed: vec![ChangedText {
            path: path("slug.py"),
            renamed_from: None,
            exists: [true, true],
            texts: [
                Some("def slugify(s):\n    return s.lower()\n".into()),
                Some("import re\n\ndef slugify(s):\n    return re.sub(\" +\", \"-\", s.lower())\n".into()),
            ],
        }],
        others: [(path("test_slug.py"), test.to_owned())].into(),
        complete: true,
    };
    let blobs = |digest: Digest| store.blob(digest).unwrap();
    claims(&store.events(task).unwrap(), &texts, message, &blobs)
}

const PASSED: &str = "collected 1 item\n\ntest_slug.py .    [100%]\n\n==== 1 passed in 0.01s ====\n";
const FAILED: &str = "collected 1 item\n\ntest_slug.py F    [100%]\n\nFAILED test_slug.py::test_basic - assert\n==== 1 failed in 0.01s ====\n";

#[test]
fn a_fresh_pass_is_verified_by_its_step() {
    let found = checked(
        &|store| {
            vec![command(store, "pytest", 1, FAILED), edit("slug.py"), command(store, "pytest", 0, PASSED)]
        },
        "All tests pass.",
    );
    let [claim] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((claim.verdict, claim.kind.as_str()), (Verdict::Verified, "TestsPassed"));
    assert_eq!(claim.evidence.last(), Some(&Seq::new(4)));
    assert_eq!(claim.because, "The last run after the last change passed: step 4, `pytest`");
}

#[test]
fn a_run_before_the_last_edit_is_named_as_such() {
    let found =
        checked(&|store| vec![command(store, "pytest", 0, PASSED), edit("slug.py")], "All tests pass.");
    let [claim] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((claim.verdict, claim.code.as_str()), (Verdict::Unverified, "stale"));
    assert_eq!(claim.because, "No run after the last edit of slug.py; the run before it: step 2, `pytest`");
}

#[test]
fn what_was_said_to_be_run_and_was_not_is_contradicted() {
    let found = checked(&|_| vec![edit("slug.py")], "I ran the tests and they pass.");
    assert!(!found.is_empty());
    assert!(found.iter().all(|claim| claim.verdict != Verdict::Verified), "{found:#?}");
    assert!(found.iter().any(|claim| claim.verdict == Verdict::Contradicted), "{found:#?}");
}

#[test]
fn a_claim_stands_at_the_symbol_it_names() {
    let found = checked(&|_| vec![edit("slug.py")], "`slugify` no longer keeps spaces.");
    let subject = found.first().unwrap().subject.clone().unwrap();
    assert_eq!(subject.path, Some(path("slug.py")));
    assert_eq!(subject.lines, Some(LineSpan { first: 3, last: 4 }));
    assert_eq!(subject.symbol.as_deref(), Some("slugify"));
}

#[test]
fn an_output_that_is_not_kept_any_more_decides_no_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), Options::default()).unwrap();
    let task = store.begin(&started("Fix slugify")).unwrap();
    store.append(task, &command(&store, "pytest", 0, PASSED)).unwrap();
    let events = store.events(task).unwrap();
    let found = claims(&events, &Texts::default(), "All 1 tests pass.", &|_| None);
    assert!(found.iter().all(|claim| claim.verdict != Verdict::Verified), "{found:#?}");
}

#[test]
fn of_two_tests_with_one_name_the_untouched_one_is_not_weakened() {
    let text = |value: &str| {
        format!(
            "#[cfg(unix)]\n#[test]\nfn error() {{\n    assert_eq!(1, one());\n}}\n\n#[cfg(windows)]\n#[test]\nfn error() {{\n    assert_eq!({value}, two());\n}}\n"
        )
    };
    let texts = |after: &str| Texts {
        changed: vec![ChangedText {
            path: path("src/config.rs"),
            renamed_from: None,
            exists: [true, true],
            texts: [Some(text("2")), Some(after.to_owned())],
        }],
        ..Texts::default()
    };
    let same = text("2") + "\nfn more() {}\n";
    assert_eq!(weakened(&texts(&same)), []);
    assert_eq!(weakened(&texts(&text("3"))).len(), 1, "the twin that was changed is found");
}
