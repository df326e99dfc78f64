//! One file per method: three moves each, in, ask, out.

mod cancel_progress;
mod code_action;
mod configuration;
mod documents;
mod execute_command;
mod hover;
mod initialize;

pub(super) use cancel_progress::cancel_progress;
pub(super) use code_action::code_action;
pub(super) use configuration::{did_change_watched_files, did_change_workspace_folders};
pub(super) use documents::{did_change, did_close, did_open, did_rename_files, did_save};
pub(super) use execute_command::execute_command;
pub(super) use hover::hover;
pub(super) use initialize::initialize;
