//! The hermetic home of one test: a workspace, HOME and the XDG directories, all in one temporary directory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;
use vouchsafe_base::Digest;

use crate::fixture::Fixture;

/// The directories of one test; removed when dropped.
#[derive(Debug)]
pub struct Yard {
    dir: TempDir,
    before: Mutex<Snapshot>,
}

/// What every path below a directory is: enough to see any write.
pub type Snapshot = BTreeMap<String, String>;

impl Yard {
    /// Lays the fixture's files out.
    #[must_use]
    pub fn new(fixture: &Fixture) -> Self {
        let dir = tempfile::Builder::new().prefix("yard-").tempdir().expect("a temporary directory");
        let yard = Self { dir, before: Mutex::default() };
        for name in ["ws", "home", "config", "state", "cache", "data", "run"] {
            fs::create_dir(yard.dir.path().join(name)).expect("a directory in the yard");
        }
        for (path, text) in &fixture.files {
            put(&yard.workspace().join(path), text.as_bytes());
        }
        yard
    }

    /// The whole yard.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> PathBuf {
        self.dir.path().join("ws")
    }

    /// Where the server keeps its record.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// Where the server keeps shadows.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.dir.path().join("cache")
    }

    /// The user's configuration file.
    #[must_use]
    pub fn user_config(&self) -> PathBuf {
        self.dir.path().join("config/vouchsafe/config.toml")
    }

    /// The environment of the server: the yard's own directories, the system's tools, and nothing of the user's
    /// but where the Rust toolchain is.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let own = |name: &str, dir: &str| (name.into(), self.dir.path().join(dir).into());
        let mut all: Vec<(OsString, OsString)> = vec![
            own("HOME", "home"),
            own("XDG_CONFIG_HOME", "config"),
            own("XDG_STATE_HOME", "state"),
            own("XDG_CACHE_HOME", "cache"),
            own("XDG_DATA_HOME", "data"),
            own("XDG_RUNTIME_DIR", "run"),
            ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
            ("LANG".into(), "C.UTF-8".into()),
            ("TZ".into(), "UTC".into()),
            ("NO_COLOR".into(), "1".into()),
        ];
        let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        for (name, usual) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let dir = std::env::var_os(name).map_or_else(|| home.join(usual), PathBuf::from);
            if dir.is_dir() {
                all.push((name.into(), dir.into()));
            }
        }
        all
    }

    /// Takes the workspace as it is now for unchanged.
    pub fn mark(&self) {
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = snapshot(&self.workspace());
    }

    /// `unchanged`, or what changed in the workspace on disk since the last mark.
    #[must_use]
    pub fn disk(&self) -> String {
        let now = snapshot(&self.workspace());
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = before.keys().filter(|path| !now.contains_key(*path)).map(|path| format!("-{path}"));
        let came = now.iter().filter(|(path, what)| before.get(*path) != Some(what));
        let came =
            came.map(|(path, _)| format!("{}{path}", if before.contains_key(path) { '~' } else { '+' }));
        let all: Vec<String> = gone.chain(came).collect();
        if all.is_empty() { "unchanged".to_owned() } else { format!("changed: {}", all.join(" ")) }
    }

    /// Files, links and mounts that a task left in the cache directory. Empty directories and locks are no shadow.
    #[must_use]
    pub fn left_in_cache(&self) -> Vec<String> {
        let left = snapshot(&self.cache()).into_iter();
        let left = left.filter(|(path, what)| !what.starts_with("dir") && !path.ends_with(".lock"));
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let root = self.dir.path().to_string_lossy().into_owned();
        let mounted = mounts.lines().filter(|line| line.contains(&root)).map(|line| format!("mount {line}"));
        left.map(|(path, _)| path).chain(mounted).collect()
    }
}

/// Writes a file and the directories above it.
pub fn put(file: &Path, bytes: &[u8]) {
    fs::create_dir_all(file.parent().expect("a file in a directory")).expect("a directory");
    fs::write(file, bytes).unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
}

/// Everything below `root`.
#[must_use]
pub fn snapshot(root: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    let mut left = vec![root.to_owned()];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            found.insert(name, describe(&path, &metadata));
            if metadata.is_dir() {
                left.push(path);
            }
        }
    }
    found
}

fn describe(path: &Path, metadata: &Metadata) -> String {
    let mode = metadata.mode();
    if metadata.is_dir() {
        format!("dir {mode:o}")
    } else if metadata.is_symlink() {
        format!("link {:?}", fs::read_link(path).ok())
    } else if metadata.is_file() {
        let digest = fs::read(path).map(|bytes| Digest::of(&bytes).to_string());
        let touched = (metadata.mtime(), metadata.mtime_nsec());
        format!("file {mode:o} {touched:?} {}", digest.unwrap_or_else(|error| error.to_string()))
    } else {
        format!("other {mode:o}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_write_is_seen() {
        let yard = Yard::new(&Fixture::parse("//- /a\nx\n//- /d/b\ny\n"));
        yard.mark();
        assert_eq!(yard.disk(), "unchanged");
        put(&yard.workspace().join("d/c"), b"new");
        put(&yard.workspace().join("a"), b"x\n"); // the same bytes: still a write
        fs::remove_file(yard.workspace().join("d/b")).unwrap();
        assert_eq!(yard.disk(), "changed: -d/b ~a +d/c");
        yard.mark();
        assert_eq!(yard.disk(), "unchanged");
    }

    #[test]
    fn a_shadow_left_behind_is_seen() {
        let yard = Yard::new(&Fixture::default());
        fs::create_dir_all(yard.cache().join("vouchsafe/shadows")).unwrap();
        assert_eq!(yard.left_in_cache(), Vec::<String>::new());
        put(&yard.cache().join("vouchsafe/shadows/1/a.rs"), b"");
        assert_eq!(yard.left_in_cache(), ["vouchsafe/shadows/1/a.rs"]);
    }
}
