//! From a policy to what the zygote must build: the rules, and the new root where there is one.
//!
//! Invariants
//! - A mount's place has no link in it: links of the machine are made again as links, and what they lead to is mounted
//!   where it really is.
//! - What a rule above already shows is not mounted again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::message::{Mount, MountKind, NewRoot, Rule, Setup};
use super::policy::{Access, Inside, Policy};
use super::refusal::Refusal;
use super::wire::Bytes;

/// The most processes that any command of the task may ask for; its own limit is watched.
const PROCESSES_OF_TASK: u64 = 4096;
/// What /dev/shm may hold.
const SHM_BYTES: u64 = 1 << 30;

/// What the zygote of a task must build.
pub(super) fn for_policy(policy: &Policy, landlock_abi: i32, own_network: bool) -> Result<Setup, Refusal> {
    for path in &policy.asked {
        fs::metadata(path).map_err(|error| Refusal::Unreadable { path: path.clone(), error })?;
    }
    let mut readable = policy.rules.clone();
    for path in &policy.asked {
        readable.entry(path.clone()).or_insert(Access::Run);
    }
    let (rules, new_root) = match &policy.inside {
        None => (readable.iter().map(|(path, access)| rule(path, *access)).collect(), None),
        Some(inside) => (rules_inside(policy, inside), Some(new_root(policy, inside, &readable)?)),
    };
    let root = bytes(policy.root.as_os_str());
    Ok(Setup { root, rules, landlock_abi, processes: PROCESSES_OF_TASK, own_network, new_root })
}

fn bytes(text: &OsStr) -> Bytes {
    Bytes(text.as_bytes().to_vec())
}

fn rule(path: &Path, access: Access) -> Rule {
    Rule { path: bytes(path.as_os_str()), access }
}

/// In a root that holds only what may be read, everything in it may be.
fn rules_inside(policy: &Policy, inside: &Inside) -> Vec<Rule> {
    let mut rules = vec![rule(Path::new("/"), Access::Run), rule(Path::new("/dev"), Access::Device)];
    let writable = [policy.root.as_path(), &inside.home, &inside.temporary, Path::new("/dev/shm")];
    rules.extend(writable.map(|path| rule(path, Access::Write)));
    rules
}

fn new_root(
    policy: &Policy,
    inside: &Inside,
    readable: &BTreeMap<PathBuf, Access>,
) -> Result<NewRoot, Refusal> {
    let mut plan = Plan::default();
    plan.add(MountKind::Private, &inside.temporary, &[&policy.temporary]);
    plan.add(MountKind::Private, Path::new("/var/tmp"), &[&policy.temporary]);
    plan.add(MountKind::Private, &inside.home, &[&policy.home]);
    let caches: BTreeSet<&PathBuf> = policy.toolchains.caches.iter().collect();
    add_caches(&mut plan, inside, &caches)?;
    // What is listed within the workspace is in the overlay already, and mounted over it would not be. /sys/fs/cgroup is
    // many mounts, each of which every command would pay for; tools do without.
    let made_otherwise = ["/dev", "/proc", "/sys/fs/cgroup"];
    let shown = readable.iter().filter(|(path, access)| {
        let otherwise = made_otherwise.iter().any(|other| path.starts_with(other));
        !otherwise && **access != Access::Write && !caches.contains(path)
    });
    let resolved: Vec<Resolved> = shown.map(|(path, _)| resolve(path)).collect();
    let real: BTreeSet<&Path> = resolved.iter().map(|resolved| resolved.real.as_path()).collect();
    let covered = |path: &Path| path.ancestors().skip(1).any(|above| real.contains(above));
    let links: BTreeMap<&PathBuf, &PathBuf> = resolved
        .iter()
        .flat_map(|resolved| resolved.links.iter().map(|(link, target)| (link, target)))
        .collect();
    for (link, target) in links.iter().filter(|(link, _)| !covered(link)) {
        plan.add(MountKind::Link, link, &[target]);
    }
    for path in real.iter().filter(|path| !covered(path) && !path.starts_with(&policy.root)) {
        plan.add(if is_small_file(path) { MountKind::Copy } else { MountKind::ReadOnly }, path, &[path]);
    }
    let mut layers = vec![inside.workspace.upper.as_path(), &inside.workspace.work];
    layers.extend(inside.workspace.lowers.iter().map(PathBuf::as_path));
    plan.add(MountKind::Overlay, &policy.root, &layers);
    Ok(NewRoot { at: bytes(inside.new_root.as_os_str()), mounts: plan.mounts, shm_bytes: SHM_BYTES })
}

/// A private writable layer over each cache.
fn add_caches(plan: &mut Plan, inside: &Inside, caches: &BTreeSet<&PathBuf>) -> Result<(), Refusal> {
    let unusable = |error| Refusal::Cache { path: inside.caches.clone(), error };
    for (number, cache) in caches.iter().enumerate() {
        let layers = ["upper", "work"].map(|name| inside.caches.join(number.to_string()).join(name));
        layers.iter().try_for_each(fs::create_dir_all).map_err(unusable)?;
        let [upper, work] = &layers;
        let Resolved { links, real } = resolve(cache);
        for (link, target) in &links {
            plan.add(MountKind::Link, link, &[target]);
        }
        plan.add(MountKind::Cache, &real, &[upper, work, &real]);
    }
    Ok(())
}

/// Small enough to be copied into the new root (its read-only part), and ours to read.
fn is_small_file(path: &Path) -> bool {
    const SMALL_BYTES: u64 = 64 << 10;
    path.starts_with("/etc")
        && fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() <= SMALL_BYTES)
        && fs::File::open(path).is_ok()
}

/// The mounts so far.
#[derive(Default)]
struct Plan {
    mounts: Vec<Mount>,
}

impl Plan {
    fn add(&mut self, kind: MountKind, at: &Path, from: &[&Path]) {
        let from = from.iter().map(|path| bytes(path.as_os_str())).collect();
        self.mounts.push(Mount { kind, at: bytes(at.as_os_str()), from });
    }
}

/// A path without links, and those that lead to it from the one that was asked for.
struct Resolved {
    links: Vec<(PathBuf, PathBuf)>,
    real: PathBuf,
}

/// Follows links, as many as the kernel would.
fn resolve(path: &Path) -> Resolved {
    let mut resolved = Resolved { links: Vec::new(), real: path.to_owned() };
    for _ in 0..40 {
        let Some((link, target, leads_to)) = first_link(&resolved.real) else { break };
        resolved.links.push((link, target));
        resolved.real = leads_to;
    }
    resolved
}

/// The first part of a path that is a link: itself, its target as written, and the path with it followed.
fn first_link(path: &Path) -> Option<(PathBuf, PathBuf, PathBuf)> {
    let mut above = PathBuf::new();
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        let here = above.join(part);
        if let Ok(target) = fs::read_link(&here) {
            let followed = normal(&above.join(&target).join(parts.as_path()));
            return Some((here, target, followed));
        }
        above = here;
    }
    None
}

/// Without `..`: safe, as no part before it is a link.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
