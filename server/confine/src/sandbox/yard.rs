//! A throw-away place for a probe: something like a workspace, and a directory beside it that is out of bounds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::policy::{Inside, OverlayDirs, Policy};
use super::report::Tier;

/// The place. Removed on drop.
#[derive(Debug)]
pub(super) struct Yard {
    top: PathBuf,
    pub(super) workspace: PathBuf,
    pub(super) outside: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "the probe's own throw-away directory")]
impl Yard {
    /// With a little workspace of its own: one directory with a file, to be removed.
    pub(super) fn new(cache: &Path) -> io::Result<Self> {
        let top = cache.join(format!("probe-{}-{:x}", std::process::id(), crate::shadow::random()));
        let workspace = top.join("workspace");
        fs::create_dir_all(workspace.join("old"))?;
        fs::write(workspace.join("old/file"), "old")?;
        Self::furnished(top, workspace)
    }

    /// Over a real workspace, which is only mounted.
    pub(super) fn over(workspace: &Path, below: &Path) -> io::Result<Self> {
        Self::furnished(below.join("probe"), workspace.to_owned())
    }

    fn furnished(top: PathBuf, workspace: PathBuf) -> io::Result<Self> {
        let yard = Self { outside: top.join("outside"), top, workspace };
        for name in ["outside", "home", "tmp", "upper", "work", "root", "caches"] {
            fs::create_dir_all(yard.top.join(name))?;
        }
        fs::write(yard.outside.join("secret"), "secret")?;
        Ok(yard)
    }

    /// The policy for a child that works here.
    pub(super) fn policy(&self, tier: Tier) -> Policy {
        let at = |name: &str| self.top.join(name);
        let mut policy = Policy::bare(&self.workspace, &at("home"), &at("tmp"));
        if tier == Tier::Namespaces {
            let layers =
                OverlayDirs { upper: at("upper"), work: at("work"), lowers: vec![self.workspace.clone()] };
            policy.inside = Some(Inside {
                new_root: at("root"),
                workspace: layers,
                home: "/tmp/home".into(),
                temporary: "/tmp".into(),
                caches: at("caches"),
            });
        }
        policy
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        crate::shadow::remove_tree(&self.top).ok(); // the next start sweeps what is left
    }
}
