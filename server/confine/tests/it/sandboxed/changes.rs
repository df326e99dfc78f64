//! The table of changes.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use libtest_mimic::Trial;
use vouchsafe_confine::{Change, Entry};

use super::yard::{Task, Yard, path, test};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("each_kind_of_change", each_kind_of_change),
        test("files_and_directories_take_each_others_place", files_and_directories_take_each_others_place),
        test("renames_are_paired", renames_are_paired),
        test("what_is_no_change", what_is_no_change),
        test("names_and_contents_that_are_no_text", names_and_contents_that_are_no_text),
        test("ignored_and_hidden_paths", ignored_and_hidden_paths),
        test("base_and_copy_agree_with_every_change", base_and_copy_agree_with_every_change),
    ]
}

fn what(entry: Option<&Entry>) -> String {
    match entry {
        None => "-".to_owned(),
        Some(Entry::File { bytes, mode, .. }) => format!("file {bytes} {mode:o}"),
        Some(Entry::Symlink { target }) => format!("link {}", String::from_utf8_lossy(target)),
        Some(Entry::Directory { .. }) => "dir".to_owned(),
    }
}

fn line(change: &Change) -> String {
    let from = change.renamed_from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
    format!("{}: {} > {}{from}", change.path, what(change.before.as_ref()), what(change.after.as_ref()))
}

fn changed(task: &Task) -> Vec<String> {
    task.shadow.changes().unwrap().iter().map(line).collect()
}

/// Runs a text in the shadow of a workspace with a few files; the changes it makes.
fn after(text: &str) -> Vec<String> {
    let yard = Yard::new();
    for (name, bytes) in
        [("b.txt", "two\n"), ("d/x", "x\n"), ("d/y", "yy\n"), ("d/e/z", "zzz\n"), ("keep", "k")]
    {
        yard.write(name, bytes.as_bytes());
    }
    fs::create_dir(yard.workspace().join("empty")).unwrap();
    std::os::unix::fs::symlink("a.txt", yard.workspace().join("link")).unwrap();
    let task = yard.task();
    task.does(&format!("umask 022; {text}"));
    changed(&task)
}

fn each_kind_of_change() {
    assert_eq!(after("echo more >> a.txt"), ["a.txt: file 4 644 > file 9 644"]);
    assert_eq!(
        after("echo new > n && mkdir -p p/q && echo q > p/q/r"),
        ["n: - > file 4 644", "p/q/r: - > file 2 644"]
    );
    assert_eq!(after("rm a.txt"), ["a.txt: file 4 644 > -"]);
    assert_eq!(after("rm -r d"), ["d/e/z: file 4 644 > -", "d/x: file 2 644 > -", "d/y: file 3 644 > -"]);
    assert_eq!(after("chmod +x a.txt"), ["a.txt: file 4 644 > file 4 755"]);
    assert_eq!(after("chmod 6755 a.txt"), ["a.txt: file 4 644 > file 4 755"]);
    assert_eq!(after("ln -sf b.txt link"), ["link: link a.txt > link b.txt"]);
    assert_eq!(after("ln -s nowhere s; rm link"), ["link: link a.txt > -", "s: - > link nowhere"]);
    assert_eq!(after("mkdir -p m/n; rmdir empty"), ["empty: dir > -", "m/n: - > dir"]);
    assert_eq!(after("sed -i s/one/ONE/ a.txt"), ["a.txt: file 4 644 > file 4 644"]);
}

fn files_and_directories_take_each_others_place() {
    assert_eq!(
        after("rm -r d && echo f > d"),
        ["d: dir > file 2 644", "d/e/z: file 4 644 > -", "d/x: file 2 644 > -", "d/y: file 3 644 > -"]
    );
    assert_eq!(
        after("rm a.txt && mkdir a.txt && echo i > a.txt/in"),
        ["a.txt: file 4 644 > dir", "a.txt/in: - > file 2 644"]
    );
    assert_eq!(after("rm link && echo l > link"), ["link: link a.txt > file 2 644"]);
    assert_eq!(after("rm a.txt && ln -s b.txt a.txt"), ["a.txt: file 4 644 > link b.txt"]);
    assert_eq!(
        after("rm -r d && mkdir d && echo x > d/x"),
        ["d/e/z: file 4 644 > -", "d/y: file 3 644 > -"],
        "made again: what is the same is no change"
    );
}

fn renames_are_paired() {
    assert_eq!(after("mv a.txt c.txt"), ["c.txt: file 4 644 > file 4 644 from a.txt"]);
    assert_eq!(
        after("mv d moved"),
        [
            "moved/e/z: file 4 644 > file 4 644 from d/e/z",
            "moved/x: file 2 644 > file 2 644 from d/x",
            "moved/y: file 3 644 > file 3 644 from d/y"
        ]
    );
    assert_eq!(
        after("mv a.txt c.txt && echo x >> c.txt"),
        ["a.txt: file 4 644 > -", "c.txt: - > file 6 644"]
    );
    assert_eq!(after("mv a.txt b.txt"), ["a.txt: file 4 644 > -", "b.txt: file 4 644 > file 4 644"]);
    assert_eq!(
        after("cp a.txt 1; cp a.txt 2; rm a.txt"),
        ["1: file 4 644 > file 4 644 from a.txt", "2: - > file 4 644"]
    );
}

fn what_is_no_change() {
    for nothing in [
        "touch a.txt d/x",
        "cp a.txt t && mv t a.txt",
        "echo x > a.txt; echo one > a.txt",
        "mkfifo f; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'",
        "chmod 700 d",
        "echo x > n; rm n",
        "chmod 000 a.txt; chmod 644 a.txt",
    ] {
        assert_eq!(after(nothing), [""; 0], "{nothing}");
    }
    assert_eq!(after("chmod 000 d a.txt"), ["a.txt: file 4 644 > file 4 0"], "unreadable is not deleted");
}

fn names_and_contents_that_are_no_text() {
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9 \n:,\"x");
    let yard = Yard::new();
    fs::write(yard.workspace().join(odd), b"\0\xff").unwrap();
    let task = yard.task();
    task.does("for f in caf*; do printf '\\r\\n\\0' >> \"$f\"; done");
    let changes = task.shadow.changes().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].path.as_bytes(), odd.as_bytes());
    assert_eq!(task.shadow.read(&changes[0].path).unwrap().unwrap(), b"\0\xff\r\n\0");
    assert_eq!(task.shadow.base(&changes[0].path).unwrap().unwrap(), b"\0\xff");
}

fn ignored_and_hidden_paths() {
    let yard = Yard::new();
    yard.write(".gitignore", b"out/\n");
    yard.write("out/old", b"");
    yard.write(".env", b"KEY=1");
    fs::create_dir(yard.workspace().join(".git")).unwrap();
    let task = yard.task();
    task.does("mkdir -p out && touch out/a out/b && echo x > .git/x && test ! -e .env");
    assert_eq!(changed(&task), [""; 0]);
    assert_eq!(task.shadow.ignored_written().unwrap(), 2);
    task.does("echo KEY=3 > .env");
    assert_eq!(changed(&task), [".env: - > file 6 644"]);
    task.does("echo a.txt >> .gitignore; echo x >> a.txt; rm .env");
    assert_eq!(
        changed(&task),
        [".gitignore: file 5 644 > file 11 644", "a.txt: file 4 644 > file 6 644"],
        "ignoring a file of the base does not hide its change"
    );
}

fn base_and_copy_agree_with_every_change() {
    let yard = Yard::new();
    for number in 0..40 {
        yard.write(&format!("f{number}"), format!("{number}\n").as_bytes());
    }
    let task = yard.task();
    task.does("for i in $(seq 0 3 39); do echo x >> f$i; done; for i in $(seq 1 3 39); do rm f$i; done; for i in $(seq 2 6 39); do mv f$i g$i; done");
    for change in task.shadow.changes().unwrap() {
        let digest = |entry: &Option<Entry>| match entry {
            Some(Entry::File { digest, .. }) => Some(*digest),
            _ => None,
        };
        let old = change.renamed_from.as_ref().unwrap_or(&change.path);
        let of = |bytes: Option<Vec<u8>>| bytes.map(|bytes| vouchsafe_base::Digest::of(&bytes));
        assert_eq!(of(task.shadow.base(old).unwrap()), digest(&change.before), "{}", change.path);
        assert_eq!(of(task.shadow.read(&change.path).unwrap()), digest(&change.after), "{}", change.path);
    }
    assert_eq!(task.shadow.read(&path("f0")).unwrap().unwrap(), b"0\nx\n");
}
