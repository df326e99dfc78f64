//! `git apply` takes the patches that the review writes, and makes the trees they were written for.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
#![expect(clippy::disallowed_methods, reason = "the test owns its directories and runs git itself")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use vouchsafe::review::{Change, Entry, git_patch};
use vouchsafe_base::WorkspacePath;

type Tree = BTreeMap<WorkspacePath, Entry>;

fn path(bytes: &[u8]) -> WorkspacePath {
    WorkspacePath::from_bytes(bytes).unwrap()
}

fn file(bytes: &[u8]) -> Entry {
    Entry::File { bytes: bytes.into(), mode: 0o644 }
}

fn program(bytes: &[u8]) -> Entry {
    Entry::File { bytes: bytes.into(), mode: 0o755 }
}

fn link(target: &[u8]) -> Entry {
    Entry::Symlink { target: target.into() }
}

fn lay(tree: &Tree, root: &Path) {
    for (path, entry) in tree {
        let at = root.join(path.as_path());
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        match entry {
            Entry::File { bytes, mode } => {
                fs::write(&at, bytes).unwrap();
                fs::set_permissions(&at, fs::Permissions::from_mode(*mode)).unwrap();
            }
            Entry::Symlink { target } => symlink(std::ffi::OsStr::from_bytes(target), &at).unwrap(),
            Entry::Directory => fs::create_dir_all(&at).unwrap(),
        }
    }
}

fn read(root: &Path, below: &Path, tree: &mut Tree) {
    for found in fs::read_dir(below).unwrap() {
        let at = found.unwrap().path();
        let kind = fs::symlink_metadata(&at).unwrap();
        let name = WorkspacePath::from_relative(at.strip_prefix(root).unwrap()).unwrap();
        if kind.is_dir() {
            read(root, &at, tree);
        } else if kind.is_symlink() {
            tree.insert(name, link(fs::read_link(&at).unwrap().as_os_str().as_bytes()));
        } else {
            let executable = kind.permissions().mode() & 0o100 != 0;
            let bytes = fs::read(&at).unwrap();
            tree.insert(name, if executable { program(&bytes) } else { file(&bytes) });
        }
    }
}

/// Runs `git apply`, away from any repository and any configuration.
fn apply(patch: &[u8], root: &Path, reverse: bool) -> Result<(), String> {
    let mut git = Command::new("git");
    git.arg("apply").args(reverse.then_some("-R")).arg("--whitespace=nowarn").current_dir(root);
    git.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("GIT_CONFIG_NOSYSTEM", "1");
    git.env("HOME", root).env("GIT_CEILING_DIRECTORIES", root.parent().unwrap());
    let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    git.stdin.take().unwrap().write_all(patch).unwrap();
    let done = git.wait_with_output().unwrap();
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

/// The patch leads from `before` to `after` and, in reverse, back.
fn leads(before: &Tree, after: &Tree, changes: &[Change]) -> Result<(), String> {
    let yard = tempfile::tempdir().unwrap();
    lay(before, yard.path());
    let patch = git_patch(changes);
    let shown = String::from_utf8_lossy(&patch.bytes).into_owned();
    if patch.bytes.is_empty() {
        return if before == after { Ok(()) } else { Err("the patch is empty".to_owned()) };
    }
    for (reverse, wanted) in [(false, after), (true, before)] {
        apply(&patch.bytes, yard.path(), reverse)
            .map_err(|error| format!("reverse {reverse}: {error}\n{shown}"))?;
        let mut found = Tree::new();
        read(yard.path(), yard.path(), &mut found);
        // In reverse git forgets the mode and the kind of what the patch deletes; so it does with its own patches.
        let same = if reverse { contents(&found) == contents(wanted) } else { found == *wanted };
        if !same {
            return Err(format!("reverse {reverse}: found {found:?}\nwanted {wanted:?}\n{shown}"));
        }
    }
    Ok(())
}

fn contents(tree: &Tree) -> BTreeMap<&WorkspacePath, &[u8]> {
    fn bytes(entry: &Entry) -> &[u8] {
        match entry {
            Entry::File { bytes, .. } | Entry::Symlink { target: bytes } => bytes,
            Entry::Directory => &[],
        }
    }
    tree.iter().map(|(path, entry)| (path, bytes(entry))).collect()
}

/// The changes that lead from one tree to the other; `renamed` maps new paths to old ones.
fn changes(before: &Tree, after: &Tree, renamed: &BTreeMap<WorkspacePath, WorkspacePath>) -> Vec<Change> {
    let moved = |path: &WorkspacePath| renamed.values().any(|from| from == path);
    let mut out = Vec::new();
    for path in before.keys().filter(|path| !after.contains_key(path) && !moved(path)) {
        out.push(Change {
            path: path.clone(),
            before: before.get(path).cloned(),
            after: None,
            renamed_from: None,
        });
    }
    for (path, entry) in after {
        let from = renamed.get(path);
        let old = if from.is_none() && moved(path) { None } else { before.get(from.unwrap_or(path)) };
        out.push(Change {
            path: path.clone(),
            before: old.cloned(),
            after: Some(entry.clone()),
            renamed_from: from.cloned(),
        });
    }
    out.into_iter().filter(|change| change.before != change.after || change.renamed_from.is_some()).collect()
}

type Entries<'a> = &'a [(&'a [u8], Entry)];

fn check(before: Entries<'_>, after: Entries<'_>, renamed: &[(&[u8], &[u8])]) {
    let tree = |entries: Entries<'_>| entries.iter().map(|(at, entry)| (path(at), entry.clone())).collect();
    let (before, after): (Tree, Tree) = (tree(before), tree(after));
    let renamed = renamed.iter().map(|(to, from)| (path(to), path(from))).collect();
    leads(&before, &after, &changes(&before, &after, &renamed)).unwrap();
}

#[test]
fn text_with_every_kind_of_line_end() {
    check(
        &[(b"a", file(b"1\n2\n3\n4\n5\n6\n7\n8\n9\n")), (b"b", file(b"x\r\ny\r\n")), (b"c", file(b"end"))],
        &[
            (b"a", file(b"1\nII\n3\n4\n5\n6\n7\n8\n9\nten")),
            (b"b", file(b"x\r\nY\n")),
            (b"c", file(b"end\n")),
        ],
        &[],
    );
    check(&[(b"a", file(b"a\rb\rc"))], &[(b"a", file(b"a\rB\rc\n"))], &[]);
    check(&[(b"a", file(b"\xef\xbb\xbfx\n"))], &[(b"a", file(b"x\n"))], &[]);
    check(&[(b"a", file(b"caf\xe9\n"))], &[(b"a", file(b"caf\xc3\xa9\n"))], &[]);
}

#[test]
fn files_come_and_go_even_empty_ones() {
    check(&[(b"old", file(b""))], &[(b"new", file(b""))], &[]);
    check(&[(b"old", file(b"x\n"))], &[(b"deep/er/new", program(b"#!/bin/sh\n"))], &[]);
    check(&[(b"a", file(b""))], &[(b"a", file(b"now\n"))], &[]);
    check(&[(b"a", file(b"then\n"))], &[(b"a", file(b""))], &[]);
}

#[test]
fn renames_with_and_without_edits() {
    let (old, new) = (b"1\n2\n3\n4\n5\n".as_slice(), b"1\n2\nIII\n4\n5\n".as_slice());
    check(&[(b"a", file(old))], &[(b"d/b", file(old))], &[(b"d/b", b"a")]);
    check(&[(b"a b", file(old))], &[(b"c d", program(new))], &[(b"c d", b"a b")]);
    check(&[(b"a", file(b"\0one"))], &[(b"b", file(b"\0two"))], &[(b"b", b"a")]);
    let (a, b) = (file(b"A\n"), file(b"B\n"));
    check(&[(b"a", a.clone()), (b"b", b.clone())], &[(b"a", b), (b"b", a)], &[(b"a", b"b"), (b"b", b"a")]);
}

#[test]
fn modes_links_and_kinds() {
    check(&[(b"a", file(b"x\n"))], &[(b"a", program(b"x\n"))], &[]);
    check(&[(b"a", program(b"\0x"))], &[(b"a", file(b"\0y"))], &[]);
    check(&[(b"a", link(b"here"))], &[(b"a", link(b"../there")), (b"b", link(b"a"))], &[]);
    check(&[(b"a", link(b"here"))], &[(b"a", file(b"text\n"))], &[]);
    check(&[(b"a", file(b"text\n"))], &[(b"a", link(b"here"))], &[]);
    check(&[(b"a", file(b"text\n"))], &[(b"a/b", file(b"below\n"))], &[]);
    check(&[(b"a/b", file(b"below\n"))], &[(b"a", file(b"text\n"))], &[]);
}

#[test]
fn odd_names() {
    let names: [&[u8]; 10] = [
        b"caf\xe9",
        "日本".as_bytes(),
        b"a\tb",
        b"q\"q",
        b"back\\slash",
        b"with space",
        b" lead",
        b"trail ",
        b"x b/x",
        b"new\nline",
    ];
    for name in names {
        check(&[(name, file(b"x\n"))], &[(name, file(b"y\n"))], &[]);
        check(&[(name, file(b"x\n"))], &[(name, program(b"x\n"))], &[]);
        check(&[], &[(name, file(b""))], &[]);
        check(&[(name, file(b"x\n"))], &[(b"plain", file(b"x\n"))], &[(b"plain", name)]);
        check(&[(b"plain", file(b"x\n"))], &[(name, file(b"x\n"))], &[(name, b"plain")]);
    }
}

#[test]
fn what_git_cannot_say_is_named() {
    let change = |before: Option<Entry>, after: Option<Entry>| Change {
        path: path(b"a"),
        before,
        after,
        renamed_from: None,
    };
    assert_eq!(git_patch(&[change(None, Some(Entry::Directory))]).left_out.len(), 1);
    let private = Entry::File { bytes: b"x"[..].into(), mode: 0o600 };
    let patch = git_patch(&[change(Some(file(b"x")), Some(private))]);
    assert_eq!((patch.bytes.len(), patch.left_out.len()), (0, 1));
    assert_eq!(git_patch(&[change(Some(file(b"x")), Some(program(b"x")))]).left_out, []);
}

fn entry() -> impl Strategy<Value = Entry> {
    let text = proptest::collection::vec("[ab]{0,2}(\n|\r\n|\r)", 0..12).prop_map(|lines| lines.concat());
    let text = (text, "z?").prop_map(|(lines, last)| (lines + &last).into_bytes());
    let bytes = prop_oneof![3 => text, 1 => proptest::collection::vec(any::<u8>(), 0..200)].boxed();
    prop_oneof![
        5 => bytes.clone().prop_map(|bytes| file(&bytes)),
        2 => bytes.prop_map(|bytes| program(&bytes)),
        1 => "[a-c/]{1,6}".prop_map(|target| link(target.as_bytes())),
    ]
}

/// Directories and files have names of their own here: one in the place of the other is tested above.
fn tree() -> impl Strategy<Value = Tree> {
    let name = prop_oneof!["[abc]", "d[12]/[ab]", "[ab] [ab\"\\\\]", "[aé\t]{1,3}"];
    let path = name.prop_map(|name| path(name.as_bytes()));
    proptest::collection::btree_map(path, entry(), 0..6)
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("VOUCHSAFE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok());
    // Each case starts git three times.
    ProptestConfig {
        cases: cases.unwrap_or(60).min(2_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_tree_becomes_any_other(before in tree(), after in tree(), renames in any::<bool>()) {
        let gone = before.keys().filter(|path| !after.contains_key(path));
        let come = after.keys().filter(|path| !before.contains_key(path));
        let is_link = |tree: &Tree, path: &WorkspacePath| matches!(tree.get(path), Some(Entry::Symlink { .. }));
        let pairs = come.zip(gone).filter(|(to, from)| renames && is_link(&after, to) == is_link(&before, from));
        let renamed = pairs.map(|(to, from)| (to.clone(), from.clone())).collect();
        let outcome = leads(&before, &after, &changes(&before, &after, &renamed));
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }
}
