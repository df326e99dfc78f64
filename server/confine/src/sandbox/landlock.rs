//! The Landlock rulesets: one for the zygote itself, one for its commands.
//!
//! Invariants
//! - Every right of the detected ABI is handled and required (`HardRequirement`): the crate's default silently drops
//!   what the kernel lacks.
//! - Every rule's path is opened, or making the ruleset fails.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, Scope,
};

use super::message::Rule;
use super::policy::Access;
use super::sys;

/// The oldest ABI with TCP rules; below it tasks are refused.
pub(crate) const ABI_MIN: i32 = 4;
/// The first ABI with scopes for signals and abstract sockets.
pub(crate) const ABI_SCOPES: i32 = 6;

/// The ABI of the running kernel's Landlock.
pub(crate) fn kernel_abi() -> io::Result<i32> {
    sys::landlock_abi()
}

/// What this crate knows of an ABI; a newer kernel gets the rights of the newest one known.
fn known(abi: i32) -> ABI {
    match abi {
        ..=3 => ABI::Unsupported,
        4 => ABI::V4,
        5 => ABI::V5,
        6 => ABI::V6,
        7 => ABI::V7,
        8 => ABI::V8,
        _ => ABI::V9,
    }
}

/// Why a ruleset could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub(crate) struct RulesetFailed {
    what: String,
    why: String,
}

fn failed(what: impl Into<String>) -> impl FnOnce(&dyn std::error::Error) -> RulesetFailed {
    let what = what.into();
    move |error| RulesetFailed { what, why: error.to_string() }
}

/// A ruleset that keeps signals and abstract sockets inside: the zygote's own, so that `kill(-1)` can only
/// reach its commands, and so that none of them can reach it (each is in a domain below).
pub(crate) fn scopes_only(abi: i32) -> Result<Option<OwnedFd>, RulesetFailed> {
    if abi < ABI_SCOPES {
        return Ok(None);
    }
    // Moving files between directories is denied by every domain that does not allow it, handled or not.
    let root = PathFd::new("/").map_err(|error| failed("rule for /")(&error))?;
    let made = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::Refer)
        .and_then(|ruleset| ruleset.scope(Scope::from_all(known(abi))))
        .and_then(Ruleset::create)
        .and_then(|made| made.add_rule(PathBeneath::new(root, AccessFs::Refer)))
        .map_err(|error| failed("scopes")(&error))?;
    Ok(made.into())
}

/// The ruleset of the commands: files by `rules`, no TCP unless `network`, signals and abstract sockets inside.
pub(crate) fn for_commands(abi: i32, rules: &[Rule], network: bool) -> Result<OwnedFd, RulesetFailed> {
    let known = known(abi);
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(known))
        .map_err(|error| failed("file rights")(&error))?;
    if !network {
        ruleset = ruleset
            .handle_access(AccessNet::from_all(known))
            .map_err(|error| failed("TCP rights")(&error))?;
    }
    if abi >= ABI_SCOPES {
        ruleset = ruleset.scope(Scope::from_all(known)).map_err(|error| failed("scopes")(&error))?;
    }
    let mut made = ruleset.create().map_err(|error| failed("ruleset")(&error))?;
    for rule in rules {
        let path = Path::new(OsStr::from_bytes(&rule.path.0));
        let what = || format!("rule for {}", path.display());
        let opened = PathFd::new(path).map_err(|error| failed(what())(&error))?;
        let rights = rights(rule.access, path.is_dir(), known);
        made = made.add_rule(PathBeneath::new(opened, rights)).map_err(|error| failed(what())(&error))?;
    }
    Option::<OwnedFd>::from(made)
        .ok_or_else(|| RulesetFailed { what: "ruleset".into(), why: "the kernel gave none".into() })
}

/// A rule on a plain file may not name rights of directories: the kernel would take it only in part.
fn rights(access: Access, directory: bool, abi: ABI) -> BitFlags<AccessFs> {
    let wanted = match access {
        Access::Run => AccessFs::from_read(abi),
        Access::Read => AccessFs::from_read(abi) & !AccessFs::Execute,
        Access::Device => AccessFs::from_file(abi) & !(AccessFs::Execute | AccessFs::Truncate),
        Access::Write => AccessFs::from_all(abi) & !AccessFs::MakeBlock & !AccessFs::MakeChar,
    };
    if directory { wanted } else { wanted & AccessFs::from_file(abi) }
}
