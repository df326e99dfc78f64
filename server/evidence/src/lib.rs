//! What a task did, which line comes from which step, and which claims that supports.
//!
//! Invariants
//! - Pure rules over records: no LSP, no network, no processes.
//! - Only `store` and `record` write files, and only below the state directory.
//! - Wherever this crate says *line*, it means a piece that [`lines()`] yields.
//!
//! Absent on purpose
//! - Opinions of a model: a verdict follows from the record or is *unverified*.

pub mod export;
pub mod lines;
pub mod log;
pub mod origin;
pub mod record;
pub mod redact;
pub mod store;

pub use lines::lines;
pub mod claim;
