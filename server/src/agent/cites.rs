//! Citations in the agent's words: `src/a.rs:L3-L7`, `src/a.rs:3` and `【F:src/a.rs†L3-L7】`.
//!
//! Invariants
//! - A citation is checked against the copy as it is at the end: file, lines, digest. One that does not hold is kept and says why.
//! - That a place exists does not mean that it shows what is said of it.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::LineSpan;

use super::answer::CitedPlace;

/// So many citations are looked at.
const CITES_MAX: usize = 200;

static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let codex = r"【F:(?P<file>[^†】\n]+)†L(?P<first>\d+)(?:-L?(?P<last>\d+))?】";
    let plain =
        r"(?P<path>[\w@+-][\w@+./-]*|\.[\w@+-][\w@+./-]*):(?P<l>L?)(?P<from>\d+)(?:[-–]L?(?P<to>\d+))?";
    Regex::new(&format!("{codex}|{plain}")).ok()
});

/// What the copy has at a path that the agent wrote: the real path and its bytes.
pub(super) type Lookup<'l> = dyn Fn(&str) -> Option<(WorkspacePath, Vec<u8>)> + 'l;

/// The places that a text cites, each once, in order.
pub(super) fn cited(text: &str, lookup: &Lookup<'_>) -> Vec<CitedPlace> {
    let Some(forms) = FORMS.as_ref() else { return Vec::new() };
    let mut found: Vec<CitedPlace> = Vec::new();
    for captures in forms.captures_iter(text).take(CITES_MAX) {
        let place = place(&captures, lookup);
        found.extend(place.filter(|place| !found.contains(place)));
    }
    found
}

fn place(captures: &Captures<'_>, lookup: &Lookup<'_>) -> Option<CitedPlace> {
    let group = |name| captures.name(name).map(|found| found.as_str());
    let path = group("file").or_else(|| group("path"))?;
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    let first = number(group("first").or_else(|| group("from")))?;
    let last = number(group("last").or_else(|| group("to"))).unwrap_or(first);
    let is_meant = group("file").is_some() || group("l") == Some("L");
    match lookup(path) {
        // `localhost:8080` is no citation; `src/a.rs:L3` is meant as one even if there is no such file.
        None if !is_meant => None,
        None => WorkspacePath::parse(path).ok().map(|path| checked(path, None, first, last)),
        Some((path, bytes)) => Some(checked(path, Some(&bytes), first, last)),
    }
}

/// A place with what is wrong with it, if anything is.
pub(super) fn checked(path: WorkspacePath, bytes: Option<&[u8]>, first: u32, last: u32) -> CitedPlace {
    let count = bytes.map(vouchsafe_evidence::lines::count_bytes);
    let fault = match count {
        None => Some(format!("there is no file {path}")),
        Some(_) if first == 0 || last < first => Some(format!("{first}-{last} are no lines")),
        Some(count) if last > count => Some(format!("{path} has {count} lines")),
        Some(_) => None,
    };
    CitedPlace { path, lines: Some(LineSpan { first, last }), digest: bytes.map(Digest::of), fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_ranges_and_what_is_none() {
        let lookup = |path: &str| {
            let known = ["src/a.rs", "Makefile", ".github/ci.yml"].contains(&path);
            known.then(|| (WorkspacePath::parse(path).unwrap(), b"1\n2\n3\n".to_vec()))
        };
        let text = "See src/a.rs:L1-L2, (Makefile:3) and 【F:.github/ci.yml†L2】, not src/a.rs:L2-L9, gone.py:L4, \
                    localhost:8080, 12:30 or src/a.rs:L1-L2 again.";
        let shown: Vec<_> = cited(text, &lookup)
            .iter()
            .map(|place| {
                let lines = place.lines.unwrap();
                format!(
                    "{}:{}-{} {}",
                    place.path,
                    lines.first,
                    lines.last,
                    place.fault.as_deref().unwrap_or("ok")
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "src/a.rs:1-2 ok",
                "Makefile:3-3 ok",
                ".github/ci.yml:2-2 ok",
                "src/a.rs:2-9 src/a.rs has 3 lines",
                "gone.py:4-4 there is no file gone.py",
            ]
        );
    }
}
