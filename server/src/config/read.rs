//! Reads the files that hold configuration. The only part of `config` that touches the disk.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::Sources;
use super::problem::{Place, Problem, Severity};

/// The name of a project file, in the root of a workspace.
pub const PROJECT_FILE: &str = ".vouchsafe.toml";

/// The longest configuration file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where the user's file is: below `$XDG_CONFIG_HOME` if that is absolute, else below `~/.config`.
#[must_use]
pub fn user_file(xdg_config_home: Option<&Path>, home: Option<&Path>) -> Option<PathBuf> {
    let xdg = xdg_config_home.filter(|path| path.is_absolute()).map(Path::to_owned);
    let base = xdg.or_else(|| home.map(|home| home.join(".config")))?;
    Some(base.join("vouchsafe").join("config.toml"))
}

impl Sources {
    /// Reads the user's file and that of the workspace. A file that is not there is no problem; one that cannot be
    /// read is one, and [`super::load`] reports it.
    #[must_use]
    pub fn read(
        workspace_root: Option<&Path>,
        xdg_config_home: Option<&Path>,
        home: Option<&Path>,
        editor: Option<serde_json::Value>,
    ) -> Self {
        let mut unreadable = Vec::new();
        let mut file = |path: PathBuf| match read_text(&path) {
            Ok(text) => Some((path, text?)),
            Err(message) => {
                let place = Place::File { path, line: 1, column: 1 };
                unreadable.push(Problem { place, severity: Severity::Error, message });
                None
            }
        };
        let user_file = user_file(xdg_config_home, home);
        let user = user_file.clone().and_then(&mut file);
        let project = workspace_root.map(|root| root.join(PROJECT_FILE)).and_then(&mut file);
        Self { user, editor, project, user_file, home: home.map(Path::to_owned), unreadable }
    }
}

/// The text of a file; `None` if there is no such file.
fn read_text(path: &Path) -> Result<Option<String>, String> {
    let failed = |error: std::io::Error| format!("this file cannot be read ({error}), so it is ignored");
    let meta = match path.metadata() {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(failed(error)),
    };
    if !meta.is_file() {
        return Err("this is not a regular file, so it is ignored".to_owned());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("this file is longer than {FILE_BYTES_MAX} bytes, so it is ignored"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "this file is not UTF-8, so it is ignored".to_owned())?;
    Ok(Some(text))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests' own directories")]
mod tests {
    use super::*;

    #[test]
    fn the_users_file_follows_the_standard() {
        let file = |xdg: Option<&str>, home: Option<&str>| user_file(xdg.map(Path::new), home.map(Path::new));
        assert_eq!(file(Some("/x"), Some("/h")), Some("/x/vouchsafe/config.toml".into()));
        assert_eq!(file(None, Some("/h")), Some("/h/.config/vouchsafe/config.toml".into()));
        assert_eq!(file(Some("relative"), Some("/h")), Some("/h/.config/vouchsafe/config.toml".into()));
        assert_eq!(file(None, None), None);
    }

    #[test]
    fn files_are_read_and_missing_ones_are_no_problem() {
        let yard = tempfile::tempdir().unwrap();
        let root = yard.path().join("root");
        std::fs::create_dir_all(yard.path().join("xdg/vouchsafe")).unwrap();
        std::fs::create_dir_all(&root).unwrap();
        let read = || Sources::read(Some(&root), Some(&yard.path().join("xdg")), None, None);
        let none = read();
        assert!(none.user.is_none() && none.project.is_none() && none.unreadable.is_empty());
        std::fs::write(yard.path().join("xdg/vouchsafe/config.toml"), "log = 'info'").unwrap();
        std::fs::write(root.join(PROJECT_FILE), "[hidden]").unwrap();
        let both = read();
        assert_eq!(both.user.unwrap().1, "log = 'info'");
        assert_eq!(both.project.unwrap().1, "[hidden]");
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        let yard = tempfile::tempdir().unwrap();
        let path = yard.path().join(PROJECT_FILE);
        let problem = || {
            let sources = Sources::read(Some(yard.path()), None, None, None);
            assert!(sources.project.is_none());
            super::super::load(&sources).problems.first().map(|problem| problem.message.clone())
        };
        std::fs::write(&path, b"log = '\xff'").unwrap();
        assert_eq!(problem().as_deref(), Some("this file is not UTF-8, so it is ignored"));
        std::fs::write(&path, vec![b'#'; 1024 * 1024 + 1]).unwrap();
        assert_eq!(problem().as_deref(), Some("this file is longer than 1048576 bytes, so it is ignored"));
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert_eq!(problem().as_deref(), Some("this is not a regular file, so it is ignored"));
    }
}
