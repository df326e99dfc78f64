//! Proof that this kernel confines: a real child that must be denied, and must be able to do what it is allowed.
//!
//! The strongest tier whose child behaves is taken; why a stronger one did not is in the report.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use vouchsafe_base::WorkspacePath;

use super::cancel::Cancel;
use super::command::Command;
use super::confined::{Confined, Zygote};
use super::landlock::{self, ABI_MIN, ABI_SCOPES};
use super::limits::Limits;
use super::observation::Ended;
use super::policy::{Access, Policy};
use super::probe_child::{CHILD_ARGUMENT, SIGNALLED, SUCCEEDED, escaped};
use super::refusal::Refusal;
use super::report::{Report, Tier};
use super::yard::Yard;
use super::{setup, suits};
use crate::shadow::{Hidden, Scan};

/// Proof that this kernel really confines: only [`Enforced::probe`] makes one, from a child that was denied.
#[derive(Debug, Clone)]
pub struct Enforced(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    launcher: PathBuf,
    report: Report,
    own_network: bool,
    /// Why a workspace cannot have the stronger tier, by its path; found by trying, once.
    verdicts: Mutex<BTreeMap<PathBuf, Option<String>>>,
    /// What is known of the directories of each workspace.
    scans: Mutex<BTreeMap<PathBuf, Scan>>,
}

impl Enforced {
    /// Starts `launcher` (normally the own executable, whose `main` begins with [`crate::become_zygote_if_asked`]) as
    /// a zygote in a throw-away directory below `cache`, and runs a child there that must be denied and have a twin
    /// that succeeds: with namespaces if they work, else without.
    ///
    /// # Errors
    /// Why nothing can be confined here.
    pub fn probe(launcher: &Path, cache: &Path) -> Result<Self, Refusal> {
        let abi = landlock::kernel_abi().map_err(|error| Refusal::NoLandlock { why: error.to_string() })?;
        if abi < ABI_MIN {
            return Err(Refusal::OldLandlock { found: abi });
        }
        let launcher = fs::canonicalize(launcher)
            .map_err(|error| Refusal::Launcher { launcher: launcher.to_owned(), why: error.to_string() })?;
        let unusable = |error| Refusal::Cache { path: cache.to_owned(), error };
        fs::create_dir_all(cache).map_err(unusable)?;
        let cache = fs::canonicalize(cache).map_err(unusable)?;
        let attempt = |tier, own_network| {
            let yard = Yard::new(&cache).map_err(unusable)?;
            must_be_denied(&launcher, abi, &yard, tier, own_network)
        };
        let (tier, own_network, why_not) = match attempt(Tier::Namespaces, true) {
            Ok(()) => (Tier::Namespaces, true, None),
            Err(refusal) => {
                let own_network = attempt(Tier::LandlockOnly, true).is_ok();
                if !own_network {
                    attempt(Tier::LandlockOnly, false)?;
                }
                (Tier::LandlockOnly, own_network, Some(refusal.to_string()))
            }
        };
        let report = Report::new(abi, tier, own_network, why_not.as_deref());
        Ok(Self(Arc::new(Inner {
            launcher,
            report,
            own_network,
            verdicts: Mutex::default(),
            scans: Mutex::default(),
        })))
    }

    /// What the probe found.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// Starts the zygote of one task. A shadow may have one at a time: two would mount the same upper layer.
    ///
    /// # Errors
    /// Why this task cannot be confined: a readable path that is not there, or a step that failed.
    pub fn confine(&self, policy: Policy) -> Result<Confined, Refusal> {
        start(&self.0.launcher, self.0.report.landlock_abi, self.0.own_network, policy)
    }

    /// Whether a workspace can have the stronger tier, else one sentence why not. `yard` is an empty directory in the
    /// cache for trying it.
    pub(crate) fn namespaces_for(&self, workspace: &Path, yard: &Path) -> Result<(), String> {
        if self.0.report.tier != Tier::Namespaces {
            return Err(self.0.report.why_not_namespaces().unwrap_or_default().to_owned());
        }
        let known = self.verdicts().get(workspace).cloned();
        let verdict = known.unwrap_or_else(|| {
            let verdict = suits::look(workspace).or_else(|| self.try_overlay(workspace, yard));
            self.verdicts().insert(workspace.to_owned(), verdict.clone());
            verdict
        });
        verdict.map_or(Ok(()), Err)
    }

    /// What is hidden in a workspace. Remembered directories make it cheap from the second time on.
    pub(crate) fn scan(&self, workspace: &Path, hidden: &Hidden) -> Vec<WorkspacePath> {
        let mut scans = self.0.scans.lock().unwrap_or_else(PoisonError::into_inner);
        scans.entry(workspace.to_owned()).or_default().find(workspace, hidden)
    }

    /// Mounts everything as for a task, in a throw-away zygote; the sentence why it failed.
    fn try_overlay(&self, workspace: &Path, yard: &Path) -> Option<String> {
        let yard = match Yard::over(workspace, yard) {
            Ok(yard) => yard,
            Err(error) => return Some(format!("the cache cannot hold the layers of an overlay ({error})")),
        };
        let tried = self.confine(yard.policy(Tier::Namespaces));
        tried.err().map(|refusal| format!("this workspace cannot be overlaid: {refusal}"))
    }

    fn verdicts(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Option<String>>> {
        self.0.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start(launcher: &Path, abi: i32, own_network: bool, policy: Policy) -> Result<Confined, Refusal> {
    let seen_home = policy.inside.as_ref().map(|inside| inside.home.as_path());
    let furnished = policy.toolchains.furnish(&policy.home, seen_home);
    furnished.map_err(|error| Refusal::Cache { path: policy.home.clone(), error })?;
    let zygote = Zygote::start(launcher, setup::for_policy(&policy, abi, own_network)?)?;
    Ok(Confined::new(zygote, policy))
}

fn must_be_denied(
    launcher: &Path,
    abi: i32,
    yard: &Yard,
    tier: Tier,
    own_network: bool,
) -> Result<(), Refusal> {
    let not_made = |error| Refusal::Step { step: "listening for the probe's child".to_owned(), error };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(not_made)?;
    let address = listener.local_addr().map_err(not_made)?;
    let mut policy = yard.policy(tier);
    policy.rules.insert(launcher.to_owned(), Access::Run);
    let confined = start(launcher, abi, own_network, policy)?;
    let child = [
        launcher.as_os_str().to_owned(),
        CHILD_ARGUMENT.into(),
        yard.workspace.clone().into(),
        yard.outside.clone().into(),
        std::process::id().to_string().into(),
        address.to_string().into(),
    ];
    let limits = Limits { wall: Duration::from_secs(10), ..Limits::default() };
    let seen = confined
        .run(&Command::argv(child), &limits, &Cancel::default(), &mut |_, _| {})
        .map_err(|error| Refusal::NotEnforced { what: error.to_string() })?;
    let scopes = abi >= ABI_SCOPES || tier == Tier::Namespaces;
    let tolerated = if scopes { 0 } else { SIGNALLED };
    match seen.ended {
        Ended::Exited(status) if status & !tolerated == SUCCEEDED => Ok(()),
        Ended::Exited(status) if status & SUCCEEDED != 0 => {
            Err(Refusal::NotEnforced { what: escaped(status) })
        }
        other => {
            let said = String::from_utf8_lossy(&seen.stdout.kept).into_owned();
            Err(Refusal::NotEnforced {
                what: format!("the probe's child {other} {said}").trim_end().to_owned(),
            })
        }
    }
}
