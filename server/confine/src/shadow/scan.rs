//! Finding what is hidden in a workspace, again and again, at the cost of one look at each directory.
//!
//! A directory whose times have not changed since it was read still has the same entries, so only the others are read
//! again. The first scan of a server's life reads all of them.
//!
//! Invariants
//! - A directory that changed so shortly before it was read that its time could hide a later change is read again.
//!
//! Absent on purpose
//! - Directories that tools fill: no user keeps secrets in a package cache, and they are most of the files.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::SystemTime;

use vouchsafe_base::WorkspacePath;

use super::hidden::Hidden;
use super::walk;

/// Nanoseconds within which two changes may carry the same time, with room to spare.
const SAME_TIME: i128 = 50_000_000;

/// What is known of the directories of one workspace.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// By path, as plain bytes: comparing paths part by part would cost as much as asking the kernel.
    directories: HashMap<OsString, Directory>,
    patterns: Vec<String>,
}

#[derive(Debug)]
struct Directory {
    changed: (i128, i128),
    /// Read long enough after its last change.
    settled: bool,
    children: Vec<OsString>,
    hidden: Vec<WorkspacePath>,
}

impl Scan {
    /// Everything hidden below `root`, sorted; a directory stands for all below it.
    pub(crate) fn find(&mut self, root: &Path, hidden: &Hidden) -> Vec<WorkspacePath> {
        if self.patterns != hidden.added() {
            *self = Self { directories: HashMap::new(), patterns: hidden.added().to_vec() };
        }
        let mut known = std::mem::take(&mut self.directories);
        let mut times = look_ahead(&known);
        let mut found = Vec::new();
        let mut rest = vec![root.as_os_str().to_owned()];
        while let Some(path) = rest.pop() {
            let Some(changed) = times.remove(&path).or_else(|| last_change(Path::new(&path))) else {
                continue;
            };
            let directory = known
                .remove(&path)
                .filter(|directory| directory.settled && directory.changed == changed)
                .unwrap_or_else(|| read(root, Path::new(&path), changed, hidden));
            rest.extend(directory.children.iter().map(|name| Path::new(&path).join(name).into_os_string()));
            found.extend(directory.hidden.iter().cloned());
            self.directories.insert(path, directory);
        }
        found.sort();
        found
    }
}

/// The times of directories that are likely still there, looked at by two threads.
fn look_ahead(known: &HashMap<OsString, Directory>) -> HashMap<OsString, (i128, i128)> {
    const WORTH_A_THREAD: usize = 500;
    let paths: Vec<&OsString> = known.keys().collect();
    let look = |paths: &[&OsString]| -> Vec<(OsString, (i128, i128))> {
        let one = |path: &&OsString| Some(((*path).clone(), last_change(Path::new(path))?));
        paths.iter().filter_map(one).collect()
    };
    if paths.len() < WORTH_A_THREAD {
        return look(&paths).into_iter().collect();
    }
    let (ours, theirs) = paths.split_at(paths.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| look(theirs));
        let mut times = look(ours);
        times.extend(other.join().unwrap_or_default()); // what is missing is looked at later
        times.into_iter().collect()
    })
}

/// When a directory's entries or its own looks changed last; `None` when it is gone.
fn last_change(path: &Path) -> Option<(i128, i128)> {
    let meta = fs::symlink_metadata(path).ok()?;
    Some((time(meta.mtime(), meta.mtime_nsec()), time(meta.ctime(), meta.ctime_nsec())))
}

fn time(seconds: i64, nanos: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanos)
}

fn read(root: &Path, path: &Path, changed: (i128, i128), hidden: &Hidden) -> Directory {
    let now =
        SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| i128::try_from(age.as_nanos()).unwrap_or(i128::MAX));
    let settled = changed.0.max(changed.1) + SAME_TIME < now;
    let mut directory = Directory { changed, settled, children: Vec::new(), hidden: Vec::new() };
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if hidden.may_match(name.as_encoded_bytes()) {
            let below = walk::inside(root, &entry.path()).filter(|below| hidden.matches(below));
            if let Some(below) = below {
                directory.hidden.push(below);
                continue;
            }
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_filled_by_tools(path, &name) {
            directory.children.push(name);
        }
    }
    directory.children.shrink_to_fit();
    directory
}

/// Repositories, package directories, and what says of itself that a tool has made it.
fn is_filled_by_tools(above: &Path, name: &OsStr) -> bool {
    match name.as_encoded_bytes() {
        b".git" | b"node_modules" | b"__pycache__" => true,
        b"target" | b".venv" | b"venv" => {
            let at = above.join(name);
            at.join("CACHEDIR.TAG").exists() || at.join("pyvenv.cfg").exists()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<WorkspacePath> {
        names.iter().map(|name| WorkspacePath::parse(name).unwrap()).collect()
    }

    #[test]
    fn what_is_hidden_is_found_again_and_what_was_added_as_well() {
        let tree = tempfile::tempdir().unwrap();
        let plant = |name: &str| {
            fs::create_dir_all(tree.path().join(name).parent().unwrap()).unwrap();
            fs::File::create(tree.path().join(name)).unwrap();
        };
        for name in [
            ".env",
            "k.pem",
            "deep/er/id_rsa",
            "a/.aws/credentials",
            "src/id_map.rs",
            "a/config",
            "node_modules/x/.env",
            "target/CACHEDIR.TAG",
            "target/.env",
            ".ssh/config",
        ] {
            plant(name);
        }
        let hidden = Hidden::new(&[]).unwrap();
        let mut scan = Scan::default();
        let first = paths(&[".env", ".ssh", "a/.aws/credentials", "deep/er/id_rsa", "k.pem"]);
        assert_eq!(scan.find(tree.path(), &hidden), first);
        assert_eq!(scan.find(tree.path(), &hidden), first);
        plant("deep/.env.local");
        plant("new/dir/x.pem");
        let second = paths(&[
            ".env",
            ".ssh",
            "a/.aws/credentials",
            "deep/.env.local",
            "deep/er/id_rsa",
            "k.pem",
            "new/dir/x.pem",
        ]);
        assert_eq!(scan.find(tree.path(), &hidden), second);
        let more = Hidden::new(&["src/*.rs".to_owned()]).unwrap();
        assert!(scan.find(tree.path(), &more).contains(&WorkspacePath::parse("src/id_map.rs").unwrap()));
        assert_eq!(scan.find(tree.path(), &hidden), second);
    }
}
