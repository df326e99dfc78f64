//! The copy of the workspace in which one task works.
//!
//! Invariants
//! - Nothing is ever written to the workspace, nor to the repository beside it.
//! - The base is what the task saw at its start, never what lies in the workspace now.
//! - A directory below the cache belongs to the process that holds its lock; without a holder it is swept.
//!
//! Absent on purpose
//! - Applying anything: accepting is the editor's edit.

mod change;
mod plan;

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod base;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod changes;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod copied;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod copy;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod file;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod find;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod git;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod handle;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod hidden;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod ignores;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod index;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod layered;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod mapped;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod overlaid;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod place;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod rename;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod scan;
#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
mod unsupported;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub(crate) mod usage;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod walk;

pub use change::{Change, Entry};
pub use plan::{Found, HiddenFiles, Lack, Lacking, ShadowError, ShadowLimits, ShadowPlan, Swept};

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub use handle::Shadow;
#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
pub use unsupported::Shadow;
#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
pub(crate) use {
    hidden::Hidden,
    place::{random, remove_tree},
    scan::Scan,
};
