//! The files of a task's copy, as the model's tools see and change them.
//!
//! Invariants
//! - A path of the model's is parsed to a [`WorkspacePath`] and followed link by link, by us: what leads out of the copy is
//!   refused, and what is reached at the end is no link.
//! - Files are written by a confined command, in the same world and within the same limits as every other command. No
//!   process of the task runs meanwhile, so what was looked at is what is written.
//! - Hidden files are neither read nor written.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Cancel, Command, Confined, Ended, Found, Limits, Program, Shadow};

use crate::config::Hidden;

/// How often a link may lead on.
const LINKS_MAX: u32 = 16;
/// A file of more bytes is not shown or edited: it would not fit into a conversation.
pub(in crate::agent) const FILE_BYTES_MAX: u64 = 8 << 20;

/// A task's copy and what runs in it.
pub(in crate::agent) struct World<'a> {
    pub(in crate::agent) shadow: &'a Shadow,
    pub(in crate::agent) confined: &'a Confined,
    pub(in crate::agent) hidden: &'a Hidden,
    pub(in crate::agent) limits: Limits,
}

/// Why a file cannot be used: a sentence for the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::agent) enum Fault {
    /// The path leads out of the workspace.
    #[error("{0:?} is not in the workspace: use paths relative to its root")]
    Outside(String),
    /// It is hidden.
    #[error("{0} is hidden from tasks, as it may hold secrets")]
    Hidden(String),
    /// It is the record of git.
    #[error("{0} belongs to git: change files by tools and use git by commands")]
    Git(String),
    /// Nothing is there.
    #[error("{0} does not exist")]
    Missing(String),
    /// It is no file.
    #[error("{0} is a directory")]
    Directory(String),
    /// It is neither file nor directory.
    #[error("{0} is no regular file")]
    Special(String),
    /// It is no text.
    #[error("{0} is no UTF-8 text ({1} bytes)")]
    NotText(String, usize),
    /// It is too large.
    #[error("{0} has {1} bytes, too many to show or edit whole: use commands on it")]
    TooLarge(String, u64),
    /// The machine says no.
    #[error("{0}")]
    Failed(String),
}

/// A place of the model's: the root of the workspace, or below it.
pub(in crate::agent) type Place = Option<WorkspacePath>;

impl World<'_> {
    /// Parses a path as a model writes it: relative, or absolute below the workspace.
    ///
    /// # Errors
    /// [`Fault::Outside`].
    pub(in crate::agent) fn place(&self, text: &str) -> Result<Place, Fault> {
        let outside = || Fault::Outside(text.to_owned());
        let path = Path::new(text.trim());
        let inside = match path.is_absolute() {
            false => path,
            true => [self.shadow.workspace(), self.shadow.seen_root()]
                .iter()
                .find_map(|root| path.strip_prefix(root).ok())
                .ok_or_else(outside)?,
        };
        let mut parts = PathBuf::new();
        for part in inside.components() {
            match part {
                Component::Normal(part) => parts.push(part),
                Component::CurDir => {}
                Component::ParentDir if parts.pop() => {}
                _ => return Err(outside()),
            }
        }
        if parts.as_os_str().is_empty() {
            return Ok(None);
        }
        WorkspacePath::from_relative(&parts).map(Some).map_err(|_| outside())
    }

    /// The same for a file: what its links lead to, whether or not it exists.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(in crate::agent) fn file(&self, text: &str) -> Result<WorkspacePath, Fault> {
        let place = self.place(text)?.ok_or_else(|| Fault::Directory(text.to_owned()))?;
        let real = self.followed(&place, LINKS_MAX)?;
        self.allowed(&real)?;
        Ok(real)
    }

    fn allowed(&self, path: &WorkspacePath) -> Result<(), Fault> {
        if path.parts().next() == Some(b".git") {
            return Err(Fault::Git(path.to_string()));
        }
        let above = || std::iter::successors(Some(path.clone()), WorkspacePath::parent);
        let masked = || {
            self.shadow.lacks().iter().any(|lacking| {
                lacking.why == vouchsafe_confine::Lack::Hidden && path.is_within(&lacking.path)
            })
        };
        if above().any(|part| self.hidden.rule(&part).is_some()) || masked() {
            return Err(Fault::Hidden(path.to_string()));
        }
        Ok(())
    }

    /// Where a path leads when every link in it is followed.
    fn followed(&self, path: &WorkspacePath, links_left: u32) -> Result<WorkspacePath, Fault> {
        let mut above: Vec<_> = std::iter::successors(Some(path.clone()), WorkspacePath::parent).collect();
        above.reverse();
        for prefix in &above {
            let Some(Found::Symlink { target }) = self.find(prefix)? else { continue };
            let outside = || Fault::Outside(path.to_string());
            let left = links_left.checked_sub(1).ok_or_else(outside)?;
            let target = String::from_utf8(target).map_err(|_| outside())?;
            let base = prefix.parent().map(|parent| parent.as_path().to_owned()).unwrap_or_default();
            let rest = path.as_path().strip_prefix(prefix.as_path()).map_err(|_| outside())?;
            let led = base.join(target).join(rest);
            let led = self.place(led.to_str().ok_or_else(outside)?).map_err(|_| outside())?;
            return self.followed(&led.ok_or_else(|| Fault::Directory(path.to_string()))?, left);
        }
        Ok(path.clone())
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub(in crate::agent) fn find(&self, path: &WorkspacePath) -> Result<Option<Found>, Fault> {
        self.shadow.find(path).map_err(|error| Fault::Failed(error.to_string()))
    }

    /// Whether a path, links and all, is a directory.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(in crate::agent) fn directory(&self, text: &str) -> Result<Option<Place>, Fault> {
        let Some(place) = self.place(text)? else { return Ok(Some(None)) };
        let real = self.followed(&place, LINKS_MAX)?;
        self.allowed(&real)?;
        match self.find(&real)? {
            Some(Found::Directory) => Ok(Some(Some(real))),
            Some(_) => Ok(None),
            None => Err(Fault::Missing(text.to_owned())),
        }
    }

    /// The bytes of a file; `None` when nothing is there.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(in crate::agent) fn bytes(&self, path: &WorkspacePath) -> Result<Option<Vec<u8>>, Fault> {
        match self.find(path)? {
            None => Ok(None),
            Some(Found::Directory) => Err(Fault::Directory(path.to_string())),
            Some(Found::Symlink { .. }) => Err(Fault::Outside(path.to_string())),
            Some(Found::Special) => Err(Fault::Special(path.to_string())),
            Some(Found::File { bytes }) if bytes > FILE_BYTES_MAX => {
                Err(Fault::TooLarge(path.to_string(), bytes))
            }
            Some(Found::File { .. }) => {
                self.shadow.read(path).map_err(|error| Fault::Failed(error.to_string()))
            }
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(in crate::agent) fn text(&self, path: &WorkspacePath) -> Result<String, Fault> {
        let bytes = self.bytes(path)?.ok_or_else(|| Fault::Missing(path.to_string()))?;
        String::from_utf8(bytes).map_err(|bad| Fault::NotText(path.to_string(), bad.as_bytes().len()))
    }

    /// Gives a file this content, making it and the directories above it where needed.
    ///
    /// # Errors
    /// Why it could not be written.
    pub(in crate::agent) fn write(
        &self,
        path: &WorkspacePath,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<(), Fault> {
        const WRITE: &str = r#"case "$1" in */*) mkdir -p -- "${1%/*}" || exit;; esac; cat > "$1""#;
        self.carry_out(WRITE, &[path], bytes, cancel)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// Why it could not be removed.
    pub(in crate::agent) fn remove(&self, path: &WorkspacePath, cancel: &Cancel) -> Result<(), Fault> {
        self.carry_out(r#"rm -f -- "$1""#, &[path], b"", cancel)
    }

    /// Renames a file; nothing may stand at the new name.
    ///
    /// # Errors
    /// Why it could not be renamed.
    pub(in crate::agent) fn rename(
        &self,
        from: &WorkspacePath,
        to: &WorkspacePath,
        cancel: &Cancel,
    ) -> Result<(), Fault> {
        const RENAME: &str = r#"case "$2" in */*) mkdir -p -- "${2%/*}" || exit;; esac; mv -- "$1" "$2""#;
        self.carry_out(RENAME, &[from, to], b"", cancel)
    }

    /// One small shell line of ours. The usual directories come first: a project's own `cat` is not meant.
    fn carry_out(
        &self,
        line: &str,
        paths: &[&WorkspacePath],
        stdin: &[u8],
        cancel: &Cancel,
    ) -> Result<(), Fault> {
        let line = format!("PATH=/usr/bin:/bin:$PATH; {line}");
        let mut argv: Vec<OsString> = ["/bin/sh", "-c", &line, "edit"].map(OsString::from).to_vec();
        argv.extend(paths.iter().map(|path| Path::new(".").join(path.as_path()).into_os_string()));
        let command =
            Command { program: Program::Argv(argv), directory: None, env: Vec::new(), stdin: stdin.to_vec() };
        let mut said = Vec::new();
        let seen =
            self.confined.run(&command, &self.limits, cancel, &mut |_, bytes| said.extend_from_slice(bytes));
        match seen.map(|seen| seen.ended) {
            Ok(Ended::Exited(0)) => Ok(()),
            Ok(Ended::Exited(_)) => {
                let said = String::from_utf8_lossy(&said);
                Err(Fault::Failed(said.trim().trim_start_matches("edit: ").to_owned()))
            }
            Ok(other) => Err(Fault::Failed(format!("it could not be written: it {other}"))),
            Err(error) => Err(Fault::Failed(error.to_string())),
        }
    }
}
