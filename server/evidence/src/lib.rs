//! What a task did, which line comes from which step, and which claims that supports.
//!
//! Invariants
//! - Pure rules over records: no LSP, no network, no processes.
//!
//! Absent on purpose
//! - Opinions of a model: a verdict follows from the record or is *unverified*.

pub mod claim;
