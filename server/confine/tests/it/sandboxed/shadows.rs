//! Making, reading and dropping a shadow.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use libtest_mimic::Trial;
use vouchsafe_confine::{Lack, Shadow, ShadowError, ShadowLimits, Tier};

use super::yard::{Task, Yard, enforced, path, test, tier};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("the_copy_is_faithful", the_copy_is_faithful),
        test("what_the_copy_lacks_is_told", what_the_copy_lacks_is_told),
        test("unsaved_buffers_are_what_commands_see", unsaved_buffers_are_what_commands_see),
        test("the_base_outlives_edits_or_says_so", the_base_outlives_edits_or_says_so),
        test("reading_follows_no_link", reading_follows_no_link),
        test("paths_in_output_are_mapped_back", paths_in_output_are_mapped_back),
        test("dropping_leaves_nothing", dropping_leaves_nothing),
        test("what_cannot_be_made_says_why", what_cannot_be_made_says_why),
    ]
}

fn the_copy_is_faithful() {
    let yard = Yard::new();
    yard.write("run.sh", b"#!/bin/sh\n");
    fs::set_permissions(yard.workspace().join("run.sh"), fs::Permissions::from_mode(0o4755)).unwrap();
    yard.write("dir/deep/file", b"\xef\xbb\xbfcrlf\r\n");
    fs::create_dir(yard.workspace().join("empty")).unwrap();
    std::os::unix::fs::symlink("a.txt", yard.workspace().join("link")).unwrap();
    fs::write(yard.workspace().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "odd").unwrap();
    let old = rustix::fs::Timespec { tv_sec: 1_000_000, tv_nsec: 7 };
    let times = rustix::fs::Timestamps { last_access: old, last_modification: old };
    let file = fs::File::open(yard.workspace().join("a.txt")).unwrap();
    rustix::fs::futimens(&file, &times).unwrap();
    let task = yard.task();
    let times = task.does("stat -c '%Y %y' a.txt");
    assert!(times.starts_with("1000000 ") && times.contains(".000000007"), "{times}");
    // An overlay shows the bit, and is mounted so that it means nothing.
    let mode = if tier() == Tier::Namespaces { "4755" } else { "755" };
    assert_eq!(task.does("stat -c %a run.sh").trim(), mode);
    assert_eq!(task.does("cat dir/deep/file"), "\u{feff}crlf\r\n");
    assert_eq!(task.does("readlink link; test -d empty && ls | wc -l"), "a.txt\n6\n");
    assert_eq!(task.shadow.seen_root().file_name(), yard.workspace().file_name());
    assert_eq!(task.shadow.changes().unwrap(), []);
}

fn what_the_copy_lacks_is_told() {
    let yard = Yard::new();
    yard.write(".gitignore", b"target/\n*.log\n");
    for name in ["target/x", "a.log", "sub/.env", "key.pem", "huge", "sub/ok"] {
        yard.write(name, b"0123456789");
    }
    fs::write(yard.workspace().join("huge"), vec![0; 2000]).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(yard.workspace().join("sock")).unwrap();
    let mut plan = yard.plan();
    plan.limits = ShadowLimits { file_bytes_max: 1000, ..ShadowLimits::default() };
    plan.hidden = vec!["ok".into()];
    let shadow = Shadow::make(enforced(), plan).unwrap();
    let lacks: Vec<(String, Lack)> =
        shadow.lacks().iter().map(|lack| (lack.path.to_string(), lack.why)).collect();
    if tier() == Tier::Namespaces {
        let hidden = [("key.pem", Lack::Hidden), ("sub/.env", Lack::Hidden), ("sub/ok", Lack::Hidden)];
        assert_eq!(lacks, hidden.map(|(path, why)| (path.to_owned(), why)));
        assert_eq!(shadow.read(&path("sub/.env")).unwrap(), None);
        assert_eq!(shadow.base(&path("sub/.env")).unwrap(), None);
        assert_eq!(Task::new(shadow).does("ls -A"), ".gitignore\na.log\na.txt\nhuge\nsock\nsub\ntarget\n");
        return;
    }
    let expected = [
        ("a.log", Lack::Ignored),
        ("huge", Lack::TooLarge),
        ("key.pem", Lack::Hidden),
        ("sock", Lack::Special),
        ("sub/.env", Lack::Hidden),
        ("sub/ok", Lack::Hidden),
        ("target", Lack::Ignored),
    ];
    assert_eq!(lacks, expected.map(|(path, why)| (path.to_owned(), why)));
    assert_eq!(shadow.changes().unwrap(), [], "what is lacking was not deleted");
}

fn unsaved_buffers_are_what_commands_see() {
    let yard = Yard::new();
    yard.write(".env", b"KEY=1");
    let mut plan = yard.plan();
    plan.seeds = vec![
        (path("a.txt"), b"unsaved\n".to_vec()),
        (path("new/dir/b.txt"), b"never saved\n".to_vec()),
        (path(".env"), b"KEY=2".to_vec()),
    ];
    let task = super::yard::Task::new(Shadow::make(enforced(), plan).unwrap());
    assert_eq!(task.does("cat a.txt new/dir/b.txt; ls -A"), "unsaved\nnever saved\na.txt\nnew\n");
    assert_eq!(task.shadow.changes().unwrap(), []);
    task.does("echo more >> a.txt");
    assert_eq!(task.shadow.changes().unwrap().len(), 1);
    assert_eq!(task.shadow.base(&path("a.txt")).unwrap().unwrap(), b"unsaved\n");
    assert_eq!(task.shadow.read(&path("a.txt")).unwrap().unwrap(), b"unsaved\nmore\n");
    assert_eq!(fs::read(yard.workspace().join("a.txt")).unwrap(), b"one\n");
}

fn the_base_outlives_edits_or_says_so() {
    let yard = Yard::new();
    yard.write("seen.txt", b"seen\n");
    yard.write("lost.txt", b"lost\n");
    let task = yard.task();
    task.does("echo x >> seen.txt");
    assert_eq!(task.shadow.changes().unwrap().len(), 1);
    yard.write("seen.txt", b"edited by the user\n");
    yard.write("lost.txt", b"edited by the user\n");
    assert_eq!(task.shadow.base(&path("seen.txt")).unwrap().unwrap(), b"seen\n");
    assert!(matches!(task.shadow.base(&path("lost.txt")), Err(ShadowError::BaseGone { .. })));
    assert_eq!(task.shadow.base(&path("a.txt")).unwrap().unwrap(), b"one\n");
    assert_eq!(task.shadow.base(&path("never")).unwrap(), None);
    task.does("echo x >> lost.txt");
    assert_eq!(task.shadow.changes().unwrap().len(), 2, "the digest of the base is known even so");
}

fn reading_follows_no_link() {
    let yard = Yard::new();
    let task = yard.task();
    task.does(&format!("ln -s {} out && ln -s {} file", yard.top().display(), yard.secret().display()));
    assert_eq!(task.shadow.read(&path("out/secret")).unwrap(), None);
    assert_eq!(task.shadow.read(&path("file")).unwrap().unwrap(), yard.secret().as_os_str().as_bytes());
    task.does("mkfifo fifo");
    assert_eq!(task.shadow.read(&path("fifo")).unwrap(), None, "and does not block");
    task.does("chmod 000 a.txt");
    assert_eq!(task.shadow.read(&path("a.txt")).unwrap().unwrap(), b"one\n");
}

fn paths_in_output_are_mapped_back() {
    let yard = Yard::new();
    let task = yard.task();
    let said = task.does("pwd; echo a; pwd");
    let workspace = fs::canonicalize(yard.workspace()).unwrap();
    let workspace = workspace.display();
    assert_eq!(task.shadow.map_back(said.as_bytes()), format!("{workspace}\na\n{workspace}\n").as_bytes());
    assert!(matches!(task.shadow.map_back(b"nothing"), std::borrow::Cow::Borrowed(b"nothing")));
}

fn dropping_leaves_nothing() {
    let yard = Yard::new();
    let task = yard.task();
    task.does("mkdir -p x/y && touch x/y/z && chmod 000 x/y x && chmod 555 .");
    let super::yard::Task { confined, shadow, .. } = task;
    drop(confined);
    shadow.drop_now().unwrap();
    for place in ["shadows", "locks"] {
        assert_eq!(fs::read_dir(yard.cache().join(place)).unwrap().count(), 0, "{place}");
    }
    drop(yard.shadow());
    assert_eq!(fs::read_dir(yard.cache().join("shadows")).unwrap().count(), 0);
    assert_eq!(Shadow::sweep(&yard.top().join("never")).unwrap(), vouchsafe_confine::Swept::default());
}

fn what_cannot_be_made_says_why() {
    let yard = Yard::new();
    let refused = |change: &dyn Fn(&mut vouchsafe_confine::ShadowPlan)| {
        let mut plan = yard.plan();
        change(&mut plan);
        Shadow::make(enforced(), plan).unwrap_err().to_string()
    };
    let told = refused(&|plan| plan.workspace = yard.top().join("gone"));
    assert!(told.contains("gone") && told.contains("cannot be read"), "{told}");
    let told = refused(&|plan| plan.cache = yard.workspace().join("cache"));
    assert!(told.contains("lies inside the workspace"), "{told}");
    let told = refused(&|plan| plan.cache = yard.secret().join("x"));
    assert!(told.contains("cannot be used"), "{told}");
    if tier() == Tier::LandlockOnly {
        let told = refused(&|plan| plan.limits.files_max = 0);
        assert!(told.contains("too large"), "{told}");
    }
    let told = refused(&|plan| plan.hidden = vec!["[".into()]);
    assert!(told.contains("malformed"), "{told}");
    let left = fs::read_dir(yard.cache().join("shadows")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left of a failed one");
}
