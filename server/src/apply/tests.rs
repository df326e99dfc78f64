//! Each refusal has a twin that succeeds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

struct Yard(tempfile::TempDir);

impl Yard {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    #[expect(clippy::disallowed_methods, reason = "a test's own directory")]
    fn file(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.0.path().join(path)).ok()
    }

    fn write(&self, path: &str, before: Option<&Entry>, after: Option<&Entry>) -> Result<(), ApplyError> {
        write(self.0.path(), &WorkspacePath::parse(path).unwrap(), before, after)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn file(text: &str, mode: u32) -> Entry {
    Entry::File { bytes: text.as_bytes().into(), mode }
}

#[test]
fn a_file_is_replaced_only_if_it_is_what_the_task_saw() {
    let yard = Yard::new();
    yard.file("a", "one");
    let change = |before| yard.write("a", Some(&file(before, 0o644)), Some(&file("two", 0o755)));
    assert!(matches!(change("other"), Err(ApplyError::Changed { .. })));
    assert_eq!(yard.text("a").as_deref(), Some("one"));
    change("one").unwrap();
    assert_eq!(yard.text("a").as_deref(), Some("two"));
    assert_eq!(fs::metadata(yard.0.path().join("a")).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(yard.names(), ["a"]);
}

#[test]
fn a_new_file_gets_its_directories_and_replaces_nothing() {
    let yard = Yard::new();
    yard.write("x/y/new", None, Some(&file("n", 0o644))).unwrap();
    assert_eq!(yard.text("x/y/new").as_deref(), Some("n"));
    let again = yard.write("x/y/new", None, Some(&file("m", 0o644)));
    assert!(matches!(again, Err(ApplyError::Changed { .. })));
    assert_eq!(yard.text("x/y/new").as_deref(), Some("n"));
}

#[test]
fn no_link_is_followed() {
    let (yard, outside) = (Yard::new(), Yard::new());
    outside.file("real", "real");
    symlink(outside.0.path(), yard.0.path().join("link")).unwrap();
    symlink(outside.0.path().join("real"), yard.0.path().join("leaf")).unwrap();
    let below = yard.write("link/new", None, Some(&file("n", 0o644)));
    assert!(matches!(below, Err(ApplyError::Link { .. })), "{below:?}");
    let leaf = yard.write("leaf", Some(&file("real", 0o644)), Some(&file("n", 0o644)));
    assert!(matches!(leaf, Err(ApplyError::Changed { .. })), "{leaf:?}");
    assert_eq!(outside.names(), ["real"]);
    assert_eq!(outside.text("real").as_deref(), Some("real"));
    yard.write("beside", None, Some(&file("n", 0o644))).unwrap();
}

#[test]
fn links_directories_and_deletions() {
    let yard = Yard::new();
    let link = Entry::Symlink { target: b"a".as_slice().into() };
    yard.write("l", None, Some(&link)).unwrap();
    assert_eq!(fs::read_link(yard.0.path().join("l")).unwrap().to_str(), Some("a"));
    yard.write("l", Some(&link), None).unwrap();
    yard.write("d", None, Some(&Entry::Directory)).unwrap();
    yard.write("d", Some(&Entry::Directory), Some(&file("f", 0o644))).unwrap();
    assert_eq!(yard.text("d").as_deref(), Some("f"));
    yard.write("d", Some(&file("f", 0o644)), None).unwrap();
    assert_eq!(yard.names(), [""; 0]);
}
