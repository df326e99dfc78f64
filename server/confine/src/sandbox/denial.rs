//! Telling which failures were the sandbox's doing.
//!
//! Invariants
//! - Only what is certain: the program itself reports "permission denied" for an absolute path, no rule covers that
//!   path, and the server, outside, could have done it. An ordinary failure never looks like a denial.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::Access as Wanted;

use super::observation::{Denial, Ended, Output};
use super::policy::{Access, Policy};

/// How many are told.
const DENIALS_MAX: usize = 8;
/// What programs print for EACCES, EPERM and EROFS.
const REFUSED: &[&[u8]] = &[
    b"ermission denied",
    b"EACCES",
    b"EPERM",
    b"peration not permitted",
    b"PermissionError",
    b"ead-only file system",
    b"EROFS",
];
/// What they print when nothing is there: how a root of its own denies reading.
const MISSING: &[&[u8]] = &[b"o such file or directory", b"ENOENT", b"FileNotFoundError"];

/// Denials that a failed command reported in its output.
pub(super) fn find(policy: &Policy, ended: &Ended, outputs: [&Output; 2]) -> Vec<Denial> {
    if *ended == Ended::Exited(0) {
        return Vec::new();
    }
    let mut found: Vec<Denial> = Vec::new();
    let lines = outputs.iter().flat_map(|output| output.kept.split(|byte| *byte == b'\n'));
    for line in lines {
        let any = |words: &[&[u8]]| words.iter().any(|words| contains(line, words));
        let refused = any(REFUSED);
        let missing = policy.inside.is_some() && any(MISSING);
        if !(refused || missing) {
            continue;
        }
        for denial in paths(line).filter_map(|path| judge(policy, &path, refused)) {
            if found.len() < DENIALS_MAX && !found.contains(&denial) {
                found.push(denial);
            }
        }
    }
    found
}

fn contains(line: &[u8], words: &[u8]) -> bool {
    line.windows(words.len()).any(|part| part == words)
}

/// Absolute paths in a line: from a slash that begins a word to a quote, colon, blank or bracket.
fn paths(line: &[u8]) -> impl Iterator<Item = PathBuf> + '_ {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"'\"`:,;()[]<>|".contains(byte);
    line.split(ends)
        .chain(line.split(|byte| b"'\"`".contains(byte))) // quoted paths may hold blanks
        .filter(|word| word.starts_with(b"/") && word.len() > 1 && word.len() < 4096)
        .map(|word| PathBuf::from(OsStr::from_bytes(word)))
}

fn judge(policy: &Policy, path: &Path, refused: bool) -> Option<Denial> {
    if policy.is_private(path) {
        return None; // what is missing there was never made
    }
    let able = |path: &Path, wanted| rustix::fs::access(path, wanted).is_ok();
    let what = path.display().to_string();
    if !policy.covers(path) && able(path, Wanted::READ_OK) {
        return Some(Denial {
            allow: format!("add {what} to the readable paths in your own configuration if tasks may see it"),
            what,
            rule: "it is not among the places that tasks may read".to_owned(),
        });
    }
    if !refused {
        return None; // missing for everybody
    }
    let writable = path.ancestors().any(|above| policy.rules.get(above) == Some(&Access::Write));
    let target = if path.exists() { path } else { path.parent()? };
    (!writable && able(target, Wanted::WRITE_OK)).then(|| Denial {
        rule: "tasks write only in their copy of the workspace, their home and their temporary directory"
            .to_owned(),
        allow: format!("use a path in the workspace, $TMPDIR or $HOME instead of {what}"),
        what,
    })
}
