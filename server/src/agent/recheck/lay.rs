//! Lays a task's changes over a fresh copy, by confined commands: whatever a change is, it cannot reach out of the copy.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Cancel, Command, Confined, Ended, Limits, Program};

use crate::review::{Change, Entry};

/// Puts what standard input holds at a path, with a mode.
const WRITE: &str = r#"mkdir -p -- "$(dirname -- "$1")" && rm -rf -- "$1" && cat > "$1" && chmod "$2" "$1""#;
/// Puts a symbolic link at a path.
const LINK: &str = r#"mkdir -p -- "$(dirname -- "$1")" && rm -rf -- "$1" && ln -s -- "$2" "$1""#;
/// Takes away what is at a path.
const REMOVE: &str = r#"rm -rf -- "$1""#;
/// Makes a directory.
const DIRECTORY: &str = r#"mkdir -p -- "$1""#;

/// Makes a copy have what a change left.
///
/// # Errors
/// One sentence for the user.
pub(in crate::agent) fn lay(
    confined: &Confined,
    limits: &Limits,
    cancel: &Cancel,
    change: &Change,
) -> Result<(), String> {
    let run = |script: &str, path: &WorkspacePath, more: Option<OsString>, stdin: &[u8]| {
        let of_path = OsString::from_vec([b"./", path.as_bytes()].concat());
        let words = ["sh", "-c", script, "sh"].map(OsString::from).into_iter().chain([of_path]).chain(more);
        let command = Command {
            program: Program::Argv(words.collect()),
            directory: None,
            env: Vec::new(),
            stdin: stdin.to_vec(),
        };
        match confined.run(&command, limits, cancel, &mut |_, _| {}) {
            Ok(seen) if seen.ended == Ended::Exited(0) => Ok(()),
            Ok(seen) => {
                let said = String::from_utf8_lossy(&seen.stderr.kept).trim().to_owned();
                Err(format!("the task's change of {path} could not be laid into the copy: {said}"))
            }
            Err(error) => Err(error.to_string()),
        }
    };
    if let Some(from) = &change.renamed_from {
        run(REMOVE, from, None, &[])?;
    }
    match &change.after {
        None => run(REMOVE, &change.path, None, &[]),
        Some(Entry::Directory) => run(DIRECTORY, &change.path, None, &[]),
        Some(Entry::Symlink { target }) => {
            run(LINK, &change.path, Some(OsString::from_vec(target.to_vec())), &[])
        }
        Some(Entry::File { bytes, mode }) => {
            let mode = format!("{:o}", mode & 0o777);
            run(WRITE, &change.path, Some(mode.into()), bytes)
        }
    }
}
