//! One request walks down this list and its answer walks out at the bottom.
//! A module may use those below it, never those above; `tests/tidy.rs` checks it.

pub mod config;
pub mod recipe;
pub mod review;
