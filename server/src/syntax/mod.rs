//! What stands where in a source text: symbols, imports, comments, what is not written yet, and orders in comments.
//!
//! Invariants
//! - Reading a text is bounded in size, time and result; past a bound the answer is `None` or shorter, never late.
//! - Nothing here is done for a change of a text: whoever wants an outline asks for it, off the session's thread.
//!
//! Absent on purpose
//! - Types, references, resolving: that is what other language servers are for.

mod bare;
mod comment;
mod gap;
mod language;
mod name;
mod outline;
mod table;
#[cfg(test)]
mod tests;

pub use bare::{Bare, bare, is_test_name};
pub use comment::{Instruction, instruction_on};
pub use language::Language;
pub use outline::{Gap, Missing, Outline, Symbol, outline};
