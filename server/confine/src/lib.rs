//! The private copy in which a task works and the confinement of what it starts.
//!
//! Invariants
//! - A command can only be started through a value that proves confinement on this kernel.
//! - Nothing here writes to the workspace.
//!
//! Absent on purpose
//! - A way to run without confinement; async; LSP.
