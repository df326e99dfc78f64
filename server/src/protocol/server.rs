//! tower-lsp's trait, method by method, each handed to its handler.
//!
//! Absent on purpose
//! - Logic: the files of `handlers/` are the list of what this server can do.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{LanguageServer, lsp_types as lsp};

use super::advertised::Advertised;
use super::handlers;
use super::told::Told;
use crate::session::Session;

/// The language server.
pub(super) struct VouchsafeServer {
    session: Arc<Session>,
    advertised: Arc<Advertised>,
    told: Arc<Told>,
}

impl VouchsafeServer {
    /// A server in front of this session.
    pub(super) fn new(session: Arc<Session>, advertised: Arc<Advertised>, told: Arc<Told>) -> Self {
        Self { session, advertised, told }
    }

    /// `workspace/textDocumentContent`, which tower-lsp's trait lacks.
    pub(super) async fn text_document_content(
        &self,
        params: handlers::ContentParams,
    ) -> Result<handlers::Content> {
        handlers::text_document_content(Arc::clone(&self.session), &self.told, params).await
    }

    /// `window/workDoneProgress/cancel`, which tower-lsp's trait lacks.
    pub(super) async fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        handlers::cancel_progress(&self.session, &params);
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for VouchsafeServer {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        Ok(handlers::initialize(&self.session, self.advertised.extras(), params))
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.session.ready();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.shut_down();
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
        handlers::did_close(&self.session, &self.told, &params);
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

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        Ok(handlers::code_lens(&self.session, &self.told, &params))
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReportResult> {
        if self.session.client().pulls_diagnostics {
            Ok(handlers::diagnostic(&self.session, &self.told, &params))
        } else {
            // It was not offered: this client is sent what it would ask for.
            Err(Error::method_not_found())
        }
    }

    async fn code_action(&self, params: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        Ok(handlers::code_action(&self.session, &params).await)
    }

    async fn execute_command(&self, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
        handlers::execute_command(&self.session, params).await
    }
}
