//! Where state, cache and configuration live, by the XDG base directory rules.

use std::ffi::OsString;
use std::path::PathBuf;

/// The directories of one user; none is made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirs {
    /// The record: `$XDG_STATE_HOME/vouchsafe`.
    pub state: PathBuf,
    /// Shadows of running tasks: `$XDG_CACHE_HOME/vouchsafe`.
    pub cache: PathBuf,
    /// `$XDG_CONFIG_HOME`, when it is set to an absolute path.
    pub config_home: Option<PathBuf>,
    /// The home directory.
    pub home: Option<PathBuf>,
}

impl Dirs {
    /// From the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::from(|name| std::env::var_os(name))
    }

    /// From any environment. Relative values are ignored, as the specification has it.
    #[must_use]
    pub fn from(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let of = |name, below: &str| {
            let base = absolute(name).or_else(|| Some(home.as_ref()?.join(below)));
            base.unwrap_or_else(|| std::env::temp_dir().join(below)).join("vouchsafe")
        };
        Self {
            state: of("XDG_STATE_HOME", ".local/state"),
            cache: of("XDG_CACHE_HOME", ".cache"),
            config_home: absolute("XDG_CONFIG_HOME"),
            home,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_values_are_ignored() {
        let dirs = Dirs::from(|name| match name {
            "HOME" => Some("/h".into()),
            "XDG_CACHE_HOME" => Some("/c".into()),
            "XDG_STATE_HOME" | "XDG_CONFIG_HOME" => Some("relative".into()),
            _ => None,
        });
        assert_eq!(dirs.cache, PathBuf::from("/c/vouchsafe"));
        assert_eq!(dirs.state, PathBuf::from("/h/.local/state/vouchsafe"));
        assert_eq!(dirs.config_home, None);
    }
}
