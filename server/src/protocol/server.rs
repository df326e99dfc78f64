//! tower-lsp's trait, method by method, each handed to its handler.
//!
//! Absent on purpose
//! - Logic: the files of `handlers/` are the list of what this server can do.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::{LanguageServer, lsp_types as lsp};

use super::handlers;
use crate::session::Session;

/// The language server.
pub(super) struct VouchsafeServer {
    session: Arc<Session>,
}

impl VouchsafeServer {
    /// A server in front of this session.
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }

    /// `window/workDoneProgress/cancel`, which tower-lsp's trait lacks.
    pub(super) async fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        handlers::cancel_progress(&self.session, &params);
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for VouchsafeServer {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        Ok(handlers::initialize(&self.session, params))
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.session.ready();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.cancel_all();
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        handlers::did_open(&self.session, params);
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        handlers::did_change(&self.session, params);
    }

    async fn did_save(&self, params: lsp::DidSaveTextDocumentParams) {
        handlers::did_save(&self.session, &params);
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        handlers::did_close(&self.session, &params);
    }

    async fn did_rename_files(&self, params: lsp::RenameFilesParams) {
        handlers::did_rename_files(&self.session, &params);
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        self.session.configure(params.settings);
    }

    async fn did_change_watched_files(&self, params: lsp::DidChangeWatchedFilesParams) {
        handlers::did_change_watched_files(&self.session, &params);
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        handlers::did_change_workspace_folders(&self.session, &params);
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        Ok(handlers::hover(&self.session, &params))
    }

    async fn code_action(&self, params: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        Ok(handlers::code_action(&self.session, &params).await)
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        handlers::execute_command(&self.session, params).await
    }
}
