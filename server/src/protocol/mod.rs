//! The only speaker of LSP.
//!
//! Invariants
//! - No handler waits for an agent, a process, a model or the client.
//! - A document notification changes the text before its handler's first `.await`; tower-lsp would reorder it after.
//! - Only `outbox` sends to the client, with its parts `findings` and `edits`; only `from_proto` and `to_proto` know LSP's types and ours.

mod advertised;
mod capabilities;
mod edits;
mod findings;
mod framing;
mod from_proto;
mod handlers;
mod outbox;
mod serve;
mod server;
mod to_proto;
mod told;

pub use capabilities::COMMANDS;
pub use serve::serve;
