//! Files that may hold secrets: masked in every shadow.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use vouchsafe_base::WorkspacePath;

use super::plan::ShadowError;

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
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    globs: GlobSet,
    /// What the user added; if anything, every name must be looked at.
    more: Vec<String>,
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
        set.build().map(|globs| Self { globs, more: more.to_vec() }).map_err(bad)
    }

    /// Whether the file or directory itself is hidden. Who walks does not go below a hidden directory.
    pub(super) fn matches(&self, path: &WorkspacePath) -> bool {
        self.globs.is_match(path.as_path())
    }

    /// What the user added.
    pub(crate) fn added(&self) -> &[String] {
        &self.more
    }

    /// A cheap look at a name, so that most need no pattern.
    pub(super) fn may_match(&self, name: &[u8]) -> bool {
        const ENDS: &[&[u8]] = &[b".pem", b".kdbx", b".p12", b".pfx", b".jks", b".keystore"];
        const NAMES: &[&[u8]] =
            &[b"credentials", b"config", b"config.json", b"gcloud", b"application_default_credentials.json"];
        !self.more.is_empty()
            || matches!(name, [b'.' | b'_', ..] | [b'i', b'd', b'_', ..])
            || ENDS.iter().any(|end| name.ends_with(end))
            || NAMES.contains(&name)
    }

    /// Whether it or a directory above it is hidden.
    pub(super) fn covers(&self, path: &WorkspacePath) -> bool {
        self.matches(path) || path.parent().is_some_and(|above| self.covers(&above))
    }
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
        for path in ["src/id_map.rs", "env.rs", "a.pem.rs", "secrets/a.rs", "secrets/b/a.txt", ".aws/readme"]
        {
            assert!(!covers(path), "{path}");
        }
        assert!(matches!(Hidden::new(&["[".to_owned()]), Err(ShadowError::Glob { .. })));
    }
}
