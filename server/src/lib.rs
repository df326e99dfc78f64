//! One request walks down this list and its answer walks out at the bottom.
//! A module may use those below it, never those above; `tests/tidy.rs` checks it.

pub mod agent;
pub mod apply;
pub mod cli;
pub mod config;
pub mod diff;
pub mod model;
pub mod policy;
pub mod protocol;
pub mod recipe;
pub mod review;
pub mod session;
pub mod syntax;
pub mod task;
pub mod uri;
