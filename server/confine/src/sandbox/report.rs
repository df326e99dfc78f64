//! What holds on this machine, for `doctor`, records and the user.

use serde::Serialize;

/// How strongly a task is confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Own user, mount, pid, net, ipc and uts namespaces, a new root, the shadow at the workspace's own path,
    /// Landlock and seccomp inside.
    Namespaces,
    /// Landlock and seccomp only; the shadow is a copy at another path.
    LandlockOnly,
}

/// The state of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerState {
    /// In force, shown by a child that was denied.
    On,
    /// Not in force; the sentence says why.
    Off(String),
}

/// One layer of the confinement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// Its name.
    pub name: &'static str,
    /// Whether it is in force.
    pub state: LayerState,
    /// What it closes.
    pub closes: &'static str,
}

/// What the probe found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The kernel's release.
    pub kernel: String,
    /// The ABI of its Landlock.
    pub landlock_abi: i32,
    /// The best tier that works here; a workspace may still need the other one.
    pub tier: Tier,
    /// Each layer.
    pub layers: Vec<Layer>,
    /// What stays open in this tier.
    pub open: Vec<&'static str>,
    /// What the user could do to close it.
    pub mend: Vec<String>,
}
