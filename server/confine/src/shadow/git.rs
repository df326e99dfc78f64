//! A repository for the shadow: its own index, refs and configuration over the objects of the user's repository.
//!
//! Objects are read through `objects/info/alternates`, so nothing is ever written to the user's repository, and a
//! large history costs nothing. A worktree or submodule, whose `.git` is a file, gets a whole repository of its own.
//!
//! Invariants
//! - Neither a password in a remote's address nor a credential in the configuration reaches the shadow.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::copy;
use crate::sandbox::without_secrets;

/// Never copied: reached through alternates, other worktrees' business, or of no use without the network.
const LEFT_OUT: &[&str] = &[
    "objects",
    "worktrees",
    "modules",
    "lfs",
    "config",
    "config.worktree",
    "commondir",
    "gitdir",
    "fsmonitor--daemon",
    "fsmonitor--daemon.ipc",
];

/// Makes `to` the `.git` directory for the workspace directory whose `.git` is `from` (a directory, a link to one or a
/// file that names one). Returns the object directories that git will read. Nothing is made when `from` is none of it.
pub(super) fn seed(from: &Path, to: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(own) = directory_of(from) else {
        return Ok(Vec::new());
    };
    if !own.join("HEAD").exists() {
        copy::plain(&own, to)?; // not a repository, or none yet
        return Ok(Vec::new());
    }
    let keep_worktree = !fs::symlink_metadata(from)?.is_file();
    seed_directory(&own, to, keep_worktree)
}

/// The git directory that a `.git` stands for.
pub(super) fn directory_of(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return fs::canonicalize(git).ok();
    }
    let text = fs::read_to_string(git).ok()?;
    let named = text.strip_prefix("gitdir:")?.trim();
    fs::canonicalize(git.parent()?.join(named)).ok().filter(|directory| directory.is_dir())
}

fn seed_directory(own: &Path, to: &Path, keep_worktree: bool) -> io::Result<Vec<PathBuf>> {
    let common = fs::read_to_string(own.join("commondir")).ok();
    let common = common.and_then(|text| fs::canonicalize(own.join(text.trim())).ok());
    fs::create_dir_all(to)?;
    let shared = common.as_deref().unwrap_or(own);
    let per_worktree =
        |name: &str| common.is_some() && matches!(name, "index" | "HEAD" | "ORIG_HEAD" | "logs");
    copy_entries(shared, to, &per_worktree)?;
    if common.is_some() {
        copy_entries(own, to, &|_| false)?;
    }
    let config = fs::read_to_string(shared.join("config")).unwrap_or_default();
    write(&to.join("config"), &configuration(&config, keep_worktree))?;
    let mut objects = link_objects(&shared.join("objects"), &to.join("objects"))?;
    modules(&shared.join("modules"), &to.join("modules"), &mut objects)?;
    Ok(objects)
}

fn copy_entries(from: &Path, to: &Path, skip: &dyn Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if !LEFT_OUT.contains(&text.as_ref()) && !skip(&text) && !text.ends_with(".lock") {
            copy::plain(&entry.path(), &to.join(&name))?;
        }
    }
    Ok(())
}

/// Submodules' repositories, at whatever depth their names put them.
fn modules(from: &Path, to: &Path, objects: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(from).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir()) {
        let (below, target) = (entry.path(), to.join(entry.file_name()));
        if below.join("HEAD").is_file() {
            objects.extend(seed_directory(&below, &target, true)?);
        } else {
            modules(&below, &target, objects)?;
        }
    }
    Ok(())
}

fn link_objects(theirs: &Path, ours: &Path) -> io::Result<Vec<PathBuf>> {
    for name in ["info", "pack"] {
        fs::create_dir_all(ours.join(name))?;
    }
    let theirs = fs::canonicalize(theirs)?;
    // Git reads a line that begins with a quote as C-style; a path with a newline cannot be said otherwise.
    let text = theirs.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    write(&ours.join("info/alternates"), &format!("\"{text}\"\n"))?;
    let more = alternates(&theirs);
    Ok(std::iter::once(theirs).chain(more).collect())
}

/// The object directories that `objects` borrows from, and those that they borrow from.
pub(super) fn alternates(objects: &Path) -> Vec<PathBuf> {
    let mut all = vec![objects.to_owned()];
    let mut next = 0;
    while let Some(directory) = all.get(next).cloned() {
        let more = fs::read_to_string(directory.join("info/alternates")).unwrap_or_default();
        let more =
            more.lines().filter_map(|line| fs::canonicalize(directory.join(line.trim_matches('"'))).ok());
        for other in more.collect::<Vec<_>>() {
            if !all.contains(&other) {
                all.push(other);
            }
        }
        next += 1;
    }
    all.split_off(1)
}

/// A configuration without passwords and tokens; the same text when there are none.
pub(super) fn without_credentials(text: &str) -> String {
    let kept = without_secrets(text);
    let clean: String = kept.lines().flat_map(|line| [without_userinfo(line), "\n".to_owned()]).collect();
    if clean.lines().eq(text.lines()) { text.to_owned() } else { clean }
}

/// The user's configuration without secrets and without what would lead out, and with a check that takes a copied
/// file (same size and time, another inode) for unchanged.
fn configuration(text: &str, keep_worktree: bool) -> String {
    let kept: String = without_secrets(text)
        .lines()
        .filter(|line| {
            let key = line.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            key != "fsmonitor" && (keep_worktree || key != "worktree")
        })
        .flat_map(|line| [without_userinfo(line), "\n".to_owned()])
        .collect();
    format!("{kept}[core]\n\tcheckStat = minimal\n\ttrustctime = false\n[gc]\n\tauto = 0\n")
}

/// `https://user:token@host/…` becomes `https://host/…`.
fn without_userinfo(line: &str) -> String {
    let Some((before, after)) = line.split_once("://") else {
        return line.to_owned();
    };
    let (authority, rest) =
        after.split_once('/').map_or((after, None), |(authority, rest)| (authority, Some(rest)));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    rest.map_or_else(|| format!("{before}://{host}"), |rest| format!("{before}://{host}/{rest}"))
}

#[expect(clippy::disallowed_methods, reason = "writes to the shadow's own repository")]
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_carries_no_secret() {
        let text = "[remote \"o\"]\n\turl = https://me:tok@host/x.git\n[http]\n\textraheader = AUTH x\n[core]\n\tworktree = ../w\n";
        let kept = configuration(text, false);
        assert!(kept.contains("url = https://host/x.git"), "{kept}");
        assert!(!kept.contains("tok") && !kept.contains("AUTH") && !kept.contains("worktree"), "{kept}");
        assert!(configuration(text, true).contains("worktree = ../w"));
    }
}
