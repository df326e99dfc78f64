//! What a model can do: its tools, the front ends of them, and the operations behind.
//!
//! Invariants
//! - However a call is written, it becomes one of the operations of [`Op`]; there is no other way to act.
//! - A call that cannot be understood or carried out is an answer to the model, never an error of the task.

mod arguments;
mod lines;
mod locate;
mod op;
mod parse;
mod patch;
mod replace;
mod search;
mod specs;
mod tree;
mod world;

pub(super) use op::{Change, Finish, Found, Op};
pub(super) use parse::parse;
pub(super) use search::Query;
pub(super) use specs::{Family, ToolSet, tools};
pub(super) use tree::Tree;
pub(super) use world::{Fault, World};

/// A text after a change that needs its text before.
///
/// # Errors
/// A sentence for the model.
pub(super) fn changed(text: &str, change: &Change) -> Result<String, String> {
    match change {
        Change::Replace { old, new, all, .. } => replace::replace(text, old, new, *all),
        Change::Insert { after, text: new, .. } => replace::insert(text, *after, new),
        Change::Patch { hunks, .. } => locate::apply(text, hunks),
        Change::Write { text: new, .. } => Ok(new.clone()),
        Change::Delete { .. } | Change::Move { .. } => Ok(text.to_owned()),
    }
}
