//! Directories that were there before the task are renamed, and what does it for a command does no more than that.

use libtest_mimic::Trial;

use super::tools::git;
use super::yard::{Task, Yard, said, test};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("directories_of_the_base_are_renamed", directories_of_the_base_are_renamed),
        test("what_cannot_be_moved_stays_as_it_was", what_cannot_be_moved_stays_as_it_was),
        test("a_sandbox_within_binds_renames_too", a_sandbox_within_binds_renames_too),
        test("flags_keep_their_meaning", flags_keep_their_meaning),
    ]
}

/// An overlay refuses it, and few programs cope.
fn directories_of_the_base_are_renamed() {
    let yard = Yard::new();
    for (name, text) in [("d/e/f", "1\n"), ("d/g", "2\n"), ("full/x", "3\n"), ("link/y", "4\n")] {
        yard.write(name, text.as_bytes());
    }
    std::os::unix::fs::symlink("e/f", yard.workspace().join("d/to-f")).unwrap();
    git(&yard.workspace(), &["init", "-q"]);
    git(&yard.workspace(), &["add", "."]);
    git(&yard.workspace(), &["commit", "-qm", "first"]);
    let task = yard.task();
    assert_eq!(
        task.does("chmod 750 d; git mv d n; cat n/to-f n/g; stat -c %a n; test -e d || echo gone"),
        "1\n2\n750\ngone\n"
    );
    task.does(
        "mkdir empty; python3 -c 'import os; os.rename(\"n\", \"empty\")'; test ! -e n && cat empty/e/f",
    );
    let rename =
        |from: &str, to: &str| format!("python3 -c 'import os; os.rename(\"{from}\", \"{to}\")' 2>&1");
    assert!(said(&task.shell(&rename("empty", "full"))).contains("not empty"));
    assert!(said(&task.shell(&rename("full", "full/inside"))).contains("Invalid argument"));
    assert!(said(&task.shell(&rename("full", "a.txt"))).contains("Not a directory"));
    assert!(said(&task.shell(&rename("none", "other"))).contains("No such file"));
    task.does("cd link && python3 -c 'import os; os.rename(\"../full\", \"under\")' && cat under/x");
    let changes = task.shadow.changes().unwrap();
    let told: Vec<String> = changes
        .iter()
        .map(|change| format!("{:?} {}", change.renamed_from.as_ref().map(ToString::to_string), change.path))
        .collect();
    let wanted = [("d/e/f", "empty/e/f"), ("d/g", "empty/g"), ("full/x", "link/under/x")];
    for (from, to) in wanted {
        assert!(told.contains(&format!("Some({from:?}) {to}")), "{told:?}");
    }
    // What lies outside the overlay is the kernel's business alone.
    let outside =
        task.shell("mkdir $TMPDIR/t && mv -T $TMPDIR/t $TMPDIR/u && test -d $TMPDIR/u && echo moved");
    assert_eq!(said(&outside), "moved\n");
}

fn python(task: &Task, script: &str) -> String {
    let seen = task.run(&vouchsafe_confine::Command::argv(["python3", "-c", script]));
    assert!(seen.succeeded(), "{}", said(&seen));
    said(&seen)
}

fn yard() -> Yard {
    let yard = Yard::new();
    yard.write("d/e/f", b"1\n");
    yard.write("other/g", b"2\n");
    yard
}

/// Deeper than what is copied; where the kernel does it there is no bound. One of both, and all of it.
fn what_cannot_be_moved_stays_as_it_was() {
    let task = yard().task();
    let script = r#"
import os
top = os.getcwd()
os.chdir("d/e")
for _ in range(400):
    os.mkdir("x"); os.chdir("x")
open("end", "w").close()
os.chdir(top)
try:
    os.rename("d", "n"); here, gone = "n", "d"
except OSError as error:
    assert error.errno == 18, error
    here, gone = "d", "n"
assert not os.path.lexists(gone), gone
os.chdir(here + "/e")
assert open("f").read() == "1\n"
for _ in range(400):
    os.chdir("x")
print(os.listdir())
"#;
    assert_eq!(python(&task, script), "['end']\n");
}

/// A command that gave up the right to make and remove directories has not got it back through its init.
fn a_sandbox_within_binds_renames_too() {
    let enter = r#"
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
rights = struct.pack("Q", 1 << 4 | 1 << 7)
ruleset = libc.syscall(444, rights, ctypes.c_size_t(8), 0)
assert ruleset >= 0 and libc.prctl(38, 1, 0, 0, 0) == 0
"#;
    let rename = r#"
try:
    os.rename("d", "n"); print("renamed")
except OSError as error:
    assert os.path.exists("d/e/f") and not os.path.lexists("n")
    print("refused")
"#;
    assert_eq!(python(&yard().task(), &format!("{enter}{rename}")), "renamed\n");
    let restrict = "assert libc.syscall(446, ruleset, 0) == 0";
    assert_eq!(python(&yard().task(), &format!("{enter}{restrict}{rename}")), "refused\n");
}

fn flags_keep_their_meaning() {
    let script = r#"
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def rename(source, target, flags):
    done = libc.renameat2(-100, source, -100, target, ctypes.c_uint(flags))
    return errno.errorcode[ctypes.get_errno()] if done else "done"
os.mkdir("empty")
assert rename(b"d", b"empty", 1) == "EEXIST" and os.path.exists("d/e/f")
assert rename(b"d", b"n", 8) == "EINVAL" and os.path.exists("d/e/f")
exchanged = rename(b"d", b"other", 2)
assert exchanged in ("done", "EXDEV"), exchanged
assert os.path.exists("other/e/f") == (exchanged == "done") and os.path.exists("d/g") == (exchanged == "done")
assert rename(b"other", b"n", 1) == "done" and not os.path.exists("other")
"#;
    python(&yard().task(), script);
}
