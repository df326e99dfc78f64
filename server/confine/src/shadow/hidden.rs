//! Files that may hold secrets: masked in every shadow.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use vouchsafe_base::WorkspacePath;

use super::plan::{HiddenFiles, ShadowError};

/// Decides what is hidden.
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    globs: GlobSet,
    except: GlobSet,
    /// The last parts of the globs: a name that matches none of them needs no further look.
    names: GlobSet,
    files: HiddenFiles,
}

impl Hidden {
    pub(super) fn new(files: &HiddenFiles) -> Result<Self, ShadowError> {
        let last =
            |glob: &String| glob.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let names: Vec<_> = files.globs.iter().map(last).collect();
        Ok(Self {
            globs: set(&files.globs)?,
            except: set(&files.except)?,
            names: set(&names)?,
            files: files.clone(),
        })
    }

    /// Whether the file or directory itself is hidden. Who walks does not go below a hidden directory.
    pub(super) fn matches(&self, path: &WorkspacePath) -> bool {
        self.globs.is_match(path.as_path()) && !self.except.is_match(path.as_path())
    }

    /// What it was made from.
    pub(crate) fn files(&self) -> &HiddenFiles {
        &self.files
    }

    /// A cheap look at a name, so that most need no pattern.
    pub(super) fn may_match(&self, name: &[u8]) -> bool {
        self.names.is_match(Path::new(OsStr::from_bytes(name)))
    }

    /// Whether it or a directory above it is hidden.
    pub(super) fn covers(&self, path: &WorkspacePath) -> bool {
        self.matches(path) || path.parent().is_some_and(|above| self.covers(&above))
    }
}

fn set(globs: &[String]) -> Result<GlobSet, ShadowError> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let bad = |error: globset::Error| ShadowError::Glob { glob: glob.clone(), why: error.to_string() };
        let plain = glob.trim_end_matches('/');
        let anchored = match plain.trim_start_matches('/') {
            inside if inside.contains('/') || plain.starts_with('/') => inside.to_owned(),
            name => format!("**/{name}"),
        };
        let glob = GlobBuilder::new(&anchored).literal_separator(true).case_insensitive(true).build();
        set.add(glob.map_err(bad)?);
    }
    let bad = |error: globset::Error| ShadowError::Glob { glob: String::new(), why: error.to_string() };
    set.build().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(more: &[&str]) -> HiddenFiles {
        let mut files = HiddenFiles::default();
        files.globs.extend(more.iter().map(|glob| (*glob).to_owned()));
        files
    }

    #[test]
    fn secrets_are_hidden_and_source_is_not() {
        let hidden = Hidden::new(&with(&["**/secrets/*.txt"])).unwrap();
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
        for path in ["src/id_map.rs", "env.rs", "a.pem.rs", "secrets/a.rs", "secrets/b/a.txt", ".aws/readme"]
        {
            assert!(!covers(path), "{path}");
        }
        let mut but = with(&["/top.txt", "*.KEY"]);
        but.except.push(".env.example".to_owned());
        let hidden = Hidden::new(&but).unwrap();
        let covers = |text: &str| hidden.covers(&WorkspacePath::parse(text).unwrap());
        assert!(covers("top.txt") && covers("a/b.key") && covers(".env"));
        assert!(!covers("a/top.txt") && !covers("a/.env.example"));
        assert!(hidden.may_match(b"top.txt") && hidden.may_match(b"x.key") && !hidden.may_match(b"main.rs"));
        assert!(matches!(Hidden::new(&with(&["["])), Err(ShadowError::Glob { .. })));
    }
}
