//! What a shadow cannot do that the workspace itself could.

use std::path::Path;

use super::super::observation::Denial;
use super::{Case, any};

/// Renaming across mounts: the copy, the home and the temporary directory are three.
const ACROSS: &[&[u8]] = &[b"ross-device link", b"EXDEV"];
/// Changing what belongs to somebody who is not mapped.
const STRANGER: &[&[u8]] = &[b"alue too large for defined data type", b"EOVERFLOW"];
const NO_REPOSITORY: &[&[u8]] = &[b"not a git repository"];

pub(super) fn find(case: &Case<'_>) -> Vec<Denial> {
    let says = |words: &[&[u8]]| case.lines().any(|line| any(line, words));
    let mut found = Vec::new();
    if case.policy.inside.is_some() && says(ACROSS) {
        found.push(Denial {
            what: "a rename between two mounts".to_owned(),
            rule: "a task's copy, home and temporary directory are mounts of their own".to_owned(),
            allow: "use `mv`, which copies, or a temporary directory in the workspace".to_owned(),
        });
    }
    if case.policy.inside.is_some() && says(STRANGER) && !rustix::process::geteuid().is_root() {
        found.push(Denial {
            what: "changing a file of another user or group".to_owned(),
            rule: "in a user namespace only one's own user and group exist".to_owned(),
            allow: "give the file to yourself and your main group (`chown`, `chgrp`), outside".to_owned(),
        });
    }
    if says(NO_REPOSITORY)
        && let Some(above) = repository_above(&case.policy.workspace)
    {
        found.push(Denial {
            what: above.join(".git").display().to_string(),
            rule: "the repository lies above the workspace, of which alone a task has a copy".to_owned(),
            allow: format!("open {} as the workspace", above.display()),
        });
    }
    found
}

/// The repository around a workspace that has none of its own.
fn repository_above(workspace: &Path) -> Option<&Path> {
    let has = |directory: &&Path| directory.join(".git").exists();
    workspace.ancestors().find(has).filter(|directory| *directory != workspace)
}
