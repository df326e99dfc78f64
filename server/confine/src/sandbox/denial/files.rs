//! Paths that a command may not read or write, or that its copy lacks, where outside they are to be had.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::Access as Wanted;
use vouchsafe_base::WorkspacePath;

use super::super::observation::Denial;
use super::super::policy::{Access, Policy};
use super::{Case, REFUSED, any};
use crate::shadow::{Lack, Lacking};

/// What programs print when nothing is there: how a root of its own denies reading.
const MISSING: &[&[u8]] = &[
    b"o such file",
    b"ENOENT",
    b"FileNotFound",
    b"NoSuchFile",
    b"oes not exist",
    b"doesn't exist",
    b"o such directory",
];
/// The same of something that is named by more than a plain word.
const NOT_FOUND: &[&[u8]] = &[b"ot found", b"annot find"];

pub(super) fn find(case: &Case<'_>) -> Vec<Denial> {
    let mut found = Vec::new();
    for line in case.lines().map(without_speaker) {
        let refused = any(line, REFUSED);
        let missing = any(line, MISSING);
        let not_found = missing || any(line, NOT_FOUND);
        if refused || not_found {
            let lacks = |word: &&[u8]| missing || (not_found && word.iter().any(|byte| b"/.".contains(byte)));
            found.extend(words(line, case.policy).filter(lacks).filter_map(|word| lacking(case, word)));
        }
        if refused || missing {
            found.extend(words(line, case.policy).filter_map(|word| judge(case, word, refused)));
        }
    }
    found
}

/// A message without the path of the program that gives it.
fn without_speaker(line: &[u8]) -> &[u8] {
    let speaker = |at: &usize| {
        let path = line.get(..*at).map(|path| Path::new(OsStr::from_bytes(path)));
        path.is_some_and(|path| path.is_file() && rustix::fs::access(path, Wanted::EXEC_OK).is_ok())
    };
    let colon = line.iter().position(|byte| *byte == b':').filter(speaker);
    colon.and_then(|at| line.get(at..)).unwrap_or(line)
}

/// A program that is there outside and not for the task.
pub(super) fn program(case: &Case<'_>) -> Option<Denial> {
    let asked = Path::new(case.program);
    let many = asked.components().count() > 1;
    let candidates: Vec<PathBuf> = if many {
        vec![outside(case, case.program.as_bytes())?]
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|directory| directory.join(asked)).collect()
    };
    let able = |path: &&PathBuf| rustix::fs::access(*path, Wanted::EXEC_OK).is_ok() && path.is_file();
    let there = candidates.iter().find(able)?;
    unread(case.policy, there)
}

/// Where a path in a message ends, unless it holds such a byte itself.
fn ends(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || b"'\"`:,;()[]<>|=".contains(byte)
}

/// What may be a path: up to a quote, colon, blank or bracket; whatever is quoted; and what begins with the workspace's
/// own path: both may hold blanks and the like.
fn words<'l>(line: &'l [u8], policy: &Policy) -> impl Iterator<Item = &'l [u8]> {
    let quoted = line.split(|byte| b"'\"`".contains(byte)).skip(1).step_by(2);
    let quoted = quoted.filter(|word| word.iter().any(ends));
    let root = policy.root.as_os_str().as_bytes();
    let at = line.windows(root.len()).position(|part| part == root);
    let ours = at.and_then(|at| line.get(at..)).map(|rest| {
        let below = rest.iter().skip(root.len()).position(ends).unwrap_or(rest.len() - root.len());
        rest.get(..root.len() + below).unwrap_or_default()
    });
    line.split(ends).chain(quoted).chain(ours).filter(|word| !word.is_empty() && word.len() < 4096)
}

fn judge(case: &Case<'_>, word: &[u8], refused: bool) -> Option<Denial> {
    let policy = case.policy;
    if !word.starts_with(b"/") && !word.split(|byte| *byte == b'/').any(|part| part == b"..") {
        return None; // in the copy
    }
    let path = &outside(case, word)?;
    if path.components().count() < 2 || policy.is_private(path) {
        return None; // what is missing there was never made
    }
    if (refused || policy.inside.is_some())
        && rustix::fs::access(path, Wanted::READ_OK).is_ok()
        && let Some(denial) = unread(policy, path)
    {
        return Some(denial);
    }
    if !refused {
        return None; // missing for everybody
    }
    unwritten(policy, path)
}

fn unread(policy: &Policy, path: &Path) -> Option<Denial> {
    let what = path.display().to_string();
    (!policy.covers(path) && !policy.is_private(path)).then(|| Denial {
        allow: "add its directory to `read.directories` in your own configuration if tasks may read it"
            .to_owned(),
        what,
        rule: "it is not among the places that tasks may read".to_owned(),
    })
}

fn unwritten(policy: &Policy, path: &Path) -> Option<Denial> {
    let writable = path.ancestors().any(|above| policy.rules.get(above) == Some(&Access::Write));
    let target = if path.exists() { path } else { path.parent()? };
    let what = path.display().to_string();
    (!writable && rustix::fs::access(target, Wanted::WRITE_OK).is_ok()).then(|| Denial {
        rule: "tasks write only in their copy of the workspace, their home and their temporary directory"
            .to_owned(),
        allow: "use a path in the workspace, $TMPDIR or $HOME instead".to_owned(),
        what,
    })
}

/// A file of the workspace that the copy was made without.
fn lacking(case: &Case<'_>, word: &[u8]) -> Option<Denial> {
    let path = absolute(case, word)?;
    let inside = path.strip_prefix(&case.policy.root).ok()?;
    let inside = WorkspacePath::from_relative(inside).ok()?;
    let lacks = |lacking: &&Lacking| inside == lacking.path || inside.is_within(&lacking.path);
    let found = case.policy.lacking.iter().find(lacks)?;
    let workspace = &case.policy.workspace;
    if !workspace.join(inside.as_path()).exists() {
        return None; // nor is it there outside
    }
    let (rule, allow) = match found.why {
        Lack::Hidden => (
            "it may hold secrets, so tasks do not see it",
            format!(
                "name {} under `hidden.except` in your own configuration if tasks may see it",
                found.path
            ),
        ),
        Lack::Ignored => (
            "without namespaces tasks work in a copy, which leaves out what .gitignore names",
            "allow namespaces on this machine (`vouchsafe doctor` says how), or make it in the task"
                .to_owned(),
        ),
        Lack::Special | Lack::TooLarge | Lack::Unreadable => {
            ("the copy was made without it", format!("let the task do without {}", found.path))
        }
    };
    Some(Denial { what: inside.to_string(), rule: rule.to_owned(), allow })
}

/// A path as the command meant it, without `.` and `..`.
fn absolute(case: &Case<'_>, word: &[u8]) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in case.directory.join(OsStr::from_bytes(word)).components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain.is_absolute().then_some(plain)
}

/// The same, where it leads outside: what is beside the copy is meant to be beside the workspace.
fn outside(case: &Case<'_>, word: &[u8]) -> Option<PathBuf> {
    if word.starts_with(b"/") {
        return absolute(case, word);
    }
    let policy = case.policy;
    let below = case.directory.strip_prefix(&policy.root).ok()?;
    let directory = policy.workspace.join(below);
    absolute(&Case { directory, ..*case }, word)
}
