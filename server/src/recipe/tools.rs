//! Which programs are installed, found by looking, never by running.
//!
//! Invariants
//! - The project's own tool directories come before PATH, as `npm run` and an activated virtual environment do it.
//! - An answer is looked up once and kept until [`Tools::refresh`].
//! - Relative and empty parts of PATH are skipped: they would name something in the workspace.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Directories of the workspace that hold the project's own tools, first one first.
pub(super) const LOCAL_BINS: &[&str] = &["node_modules/.bin", ".venv/bin", "venv/bin", "vendor/bin"];

/// Where to look for programs.
#[derive(Debug, Clone, Default)]
pub struct ToolPlaces {
    /// The root of the workspace.
    pub root: PathBuf,
    /// The value of PATH.
    pub path: OsString,
    /// Where rustup keeps its toolchains (`~/.rustup/toolchains`), if it is used.
    pub rustup_toolchains: Option<PathBuf>,
}

impl ToolPlaces {
    /// The places of this process's environment.
    #[must_use]
    pub fn from_env(root: &Path) -> Self {
        let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
        let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".rustup"));
        Self {
            root: root.to_owned(),
            path: std::env::var_os("PATH").unwrap_or_default(),
            rustup_toolchains: rustup.or_else(home).map(|home| home.join("toolchains")),
        }
    }
}

/// The programs of one workspace. Shared by all who ask; asking twice is one look-up in a map.
#[derive(Debug, Default)]
pub struct Tools {
    places: ToolPlaces,
    found: Mutex<HashMap<String, Option<PathBuf>>>,
}

impl Tools {
    /// Tools to be looked for in `places`. Nothing is looked up yet.
    #[must_use]
    pub fn new(places: ToolPlaces) -> Self {
        Self { places, found: Mutex::default() }
    }

    /// Where the program is; `None` when it is not installed. `name` is a plain name, not a path.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.get(name) {
            return known.clone();
        }
        let place = self.look(name);
        found.insert(name.to_owned(), place.clone());
        place
    }

    /// Whether the program is installed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether the program is one of the project's own, which shows that the project uses it.
    #[must_use]
    pub fn is_local(&self, name: &str) -> bool {
        self.find(name).is_some_and(|place| place.starts_with(&self.places.root))
    }

    /// Forgets what was found: something may have been installed since.
    pub fn refresh(&self) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn look(&self, name: &str) -> Option<PathBuf> {
        if name.is_empty() || name.contains('/') {
            return None;
        }
        let local = LOCAL_BINS.iter().map(|below| self.places.root.join(below));
        let global = std::env::split_paths(&self.places.path).filter(|entry| entry.is_absolute());
        local
            .chain(global)
            .map(|directory| directory.join(name))
            .find(|file| is_program(file) && (!is_rustup_proxy(file) || self.some_toolchain_has(name)))
    }

    /// rustup puts a proxy for `cargo-clippy` and others in PATH whether or not a toolchain has it.
    fn some_toolchain_has(&self, name: &str) -> bool {
        let toolchains = self.places.rustup_toolchains.as_deref().and_then(|all| all.read_dir().ok());
        toolchains.is_none_or(|all| all.flatten().any(|one| is_program(&one.path().join("bin").join(name))))
    }
}

fn is_rustup_proxy(file: &Path) -> bool {
    let Some(beside) = file.parent().map(|directory| directory.join("rustup")) else { return false };
    file.file_name() != beside.file_name() && same_file(file, &beside)
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| path.metadata().ok().map(|meta| (meta.dev(), meta.ino()));
    identity(one).is_some_and(|id| identity(other) == Some(id))
}

#[cfg(not(unix))]
fn same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().is_some_and(|path| other.canonicalize().ok() == Some(path))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::tests::Yard;

    #[test]
    fn the_projects_own_tool_comes_first() {
        let yard = Yard::new();
        yard.program("bin/eslint");
        assert!(yard.tools().find("eslint").unwrap().ends_with("bin/eslint"));
        assert!(!yard.tools().is_local("eslint"));
        yard.program("project/node_modules/.bin/eslint");
        assert!(yard.tools().find("eslint").unwrap().ends_with("node_modules/.bin/eslint"));
        assert!(yard.tools().is_local("eslint"));
    }

    #[test]
    fn what_cannot_be_run_is_not_a_tool() {
        let yard = Yard::new();
        yard.file("bin/ruff", "");
        yard.file("bin/black/x", "");
        assert_eq!(yard.tools().find("ruff"), None);
        assert_eq!(yard.tools().find("black"), None);
        assert_eq!(yard.tools().find(""), None);
        yard.program("bin/ruff");
        assert!(yard.tools().has("ruff"));
        assert_eq!(yard.tools().find("../bin/ruff"), None);
    }

    #[test]
    fn an_answer_is_kept_until_refreshed() {
        let yard = Yard::new();
        let tools = yard.tools();
        assert!(!tools.has("ruff"));
        yard.program("bin/ruff");
        assert!(!tools.has("ruff"));
        tools.refresh();
        assert!(tools.has("ruff"));
    }

    #[test]
    fn relative_parts_of_path_are_skipped() {
        let yard = Yard::new();
        let mut places = yard.places();
        places.path = "::.:tests:..".into();
        assert_eq!(Tools::new(places).find("sh"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_rustup_proxy_counts_only_if_a_toolchain_has_the_tool() {
        let yard = Yard::new();
        yard.program("bin/rustup");
        std::os::unix::fs::symlink("rustup", yard.path("bin/cargo-clippy")).unwrap();
        yard.program("rustup/toolchains/stable/bin/cargo");
        assert!(!yard.tools().has("cargo-clippy"));
        yard.program("rustup/toolchains/stable/bin/cargo-clippy");
        assert!(yard.tools().has("cargo-clippy"));
        assert!(yard.tools().has("rustup"));
    }
}
