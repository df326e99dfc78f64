//! Files that may hold secrets: masked in every shadow.

use std::ffi::OsStr;
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use vouchsafe_base::WorkspacePath;

use super::plan::ShadowError;
use super::walk;

/// The built-in patterns. Private keys by their usual names, not `id_*`: that would take source files away.
const BUILT_IN: &[&str] = &[
    ".env*",
    "*.pem",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "*.kdbx",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    ".netrc",
    "_netrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
    ".aws/credentials",
    ".aws/config",
    ".azure",
    ".config/gcloud",
    "application_default_credentials.json",
    ".kube/config",
    ".docker/config.json",
    ".ssh",
    ".gnupg",
];

/// Decides what is hidden.
#[derive(Debug)]
pub(super) struct Hidden {
    globs: GlobSet,
    /// Whether the user added any, so that every name must be looked at.
    more: bool,
}

impl Hidden {
    pub(super) fn new(more: &[String]) -> Result<Self, ShadowError> {
        let mut set = GlobSetBuilder::new();
        for glob in BUILT_IN.iter().copied().chain(more.iter().map(String::as_str)) {
            let anywhere = format!("**/{}", glob.trim_start_matches('/').trim_end_matches('/'));
            let bad =
                |error: globset::Error| ShadowError::Glob { glob: glob.to_owned(), why: error.to_string() };
            set.add(GlobBuilder::new(&anywhere).literal_separator(true).build().map_err(bad)?);
        }
        let bad = |error: globset::Error| ShadowError::Glob { glob: String::new(), why: error.to_string() };
        set.build().map(|globs| Self { globs, more: !more.is_empty() }).map_err(bad)
    }

    /// Whether the file or directory itself is hidden. Who walks does not go below a hidden directory.
    pub(super) fn matches(&self, path: &WorkspacePath) -> bool {
        self.globs.is_match(path.as_path())
    }

    /// Everything that is hidden below `root`, a directory standing for all below it. Reads every directory but those
    /// that tools fill: no user keeps secrets in a package cache, and they are most of the files.
    pub(super) fn find(&self, root: &Path) -> Vec<WorkspacePath> {
        let mut found = Vec::new();
        let mut rest = vec![root.to_owned()];
        while let Some(directory) = rest.pop() {
            for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
                let name = entry.file_name();
                let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if self.may_match(name.as_encoded_bytes()) {
                    let path = walk::inside(root, &entry.path()).filter(|path| self.matches(path));
                    if let Some(path) = path {
                        found.push(path);
                        continue;
                    }
                }
                if is_directory
                    && name != ".git"
                    && name != "node_modules"
                    && !is_build_output(&entry.path(), &name)
                {
                    rest.push(entry.path());
                }
            }
        }
        found.sort();
        found
    }

    /// A cheap look at a name, so that most need no pattern.
    fn may_match(&self, name: &[u8]) -> bool {
        const ENDS: &[&[u8]] = &[b".pem", b".kdbx", b".p12", b".pfx", b".jks", b".keystore"];
        const NAMES: &[&[u8]] =
            &[b"credentials", b"config", b"config.json", b"gcloud", b"application_default_credentials.json"];
        self.more
            || matches!(name, [b'.' | b'_', ..] | [b'i', b'd', b'_', ..])
            || ENDS.iter().any(|end| name.ends_with(end))
            || NAMES.contains(&name)
    }

    /// Whether it or a directory above it is hidden.
    pub(super) fn covers(&self, path: &WorkspacePath) -> bool {
        self.matches(path) || path.parent().is_some_and(|above| self.covers(&above))
    }
}

/// Directories that say of themselves that a tool has made them.
fn is_build_output(path: &Path, name: &OsStr) -> bool {
    (name == "target" || name == "__pycache__" || name == ".venv" || name == "venv")
        && (name == "__pycache__" || path.join("CACHEDIR.TAG").exists() || path.join("pyvenv.cfg").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_source_is_not() {
        let hidden = Hidden::new(&["secrets/*.txt".to_owned()]).unwrap();
        let covers = |text: &str| hidden.covers(&WorkspacePath::parse(text).unwrap());
        for path in [
            ".env",
            "a/.env.local",
            "k.pem",
            "deep/id_rsa",
            "id_ed25519.pub",
            ".ssh/config",
            "x/secrets/a.txt",
        ] {
            assert!(covers(path), "{path}");
        }
        let tree = tempfile::tempdir().unwrap();
        let hide = [".env", "k.pem", "deep/id_rsa", "a/.aws/credentials", "x/secrets/a.txt"];
        for name in hide.iter().chain(&["src/id_map.rs", "a/config", "node_modules/x/.env"]) {
            std::fs::create_dir_all(tree.path().join(name).parent().unwrap()).unwrap();
            std::fs::File::create(tree.path().join(name)).unwrap();
        }
        let mut expected = hide.map(|name| WorkspacePath::parse(name).unwrap());
        expected.sort();
        assert_eq!(hidden.find(tree.path()), expected);
        assert_eq!(Hidden::new(&[]).unwrap().find(tree.path()).len(), hide.len() - 1);
        for path in ["src/id_map.rs", "env.rs", "a.pem.rs", "secrets/a.rs", "secrets/b/a.txt", ".aws/readme"]
        {
            assert!(!covers(path), "{path}");
        }
        assert!(matches!(Hidden::new(&["[".to_owned()]), Err(ShadowError::Glob { .. })));
    }
}
