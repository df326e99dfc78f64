//! One file per method: three moves each, in, ask, out.

mod cancel_progress;
mod code_action;
mod code_lens;
mod configuration;
mod diagnostic;
mod documents;
mod execute_command;
mod hover;
mod initialize;
mod text_document_content;

pub(super) use cancel_progress::cancel_progress;
pub(super) use code_action::code_action;
pub(super) use code_lens::code_lens;
pub(super) use configuration::{did_change_watched_files, did_change_workspace_folders};
pub(super) use diagnostic::diagnostic;
pub(super) use documents::{did_change, did_close, did_open, did_rename_files, did_save};
pub(super) use execute_command::execute_command;
pub(super) use hover::hover;
pub(super) use initialize::initialize;
pub(super) use text_document_content::{Content, Params as ContentParams, text_document_content};
