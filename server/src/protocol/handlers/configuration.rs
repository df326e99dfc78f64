//! Notifications that change what the session knows about its workspace: folders and watched files.

use tower_lsp::lsp_types as lsp;

use crate::protocol::from_proto;
use crate::session::{DocumentId, Session};

pub(in crate::protocol) fn did_change_watched_files(
    session: &Session,
    params: &lsp::DidChangeWatchedFilesParams,
) {
    for change in &params.changes {
        session.changed_on_disk(&from_proto::document(&change.uri));
    }
}

pub(in crate::protocol) fn did_change_workspace_folders(
    session: &Session,
    params: &lsp::DidChangeWorkspaceFoldersParams,
) {
    for folder in &params.event.removed {
        if let DocumentId::File(path) = from_proto::document(&folder.uri) {
            session.remove_folder(&path);
        }
    }
    for folder in &params.event.added {
        if let DocumentId::File(path) = from_proto::document(&folder.uri) {
            session.add_folder(path);
        }
    }
}
