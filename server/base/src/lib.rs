//! The few words that every part shares: a path inside a workspace and the digest of some bytes.
//!
//! Invariants
//! - Nothing here touches the file system, a process or the network.
//! - A value that exists is valid: both types can only be made by parsing or hashing.
//!
//! Absent on purpose
//! - Absolute paths: who owns a root joins it there, and only there.

mod digest;
mod path;

pub use digest::Digest;
pub use path::{PathError, WorkspacePath};
