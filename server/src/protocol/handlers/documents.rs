//! `textDocument/did*` and `workspace/didRenameFiles`: the client's texts.
//!
//! Invariants
//! - Nothing here is `async`: the text changes before tower-lsp can reorder anything.

use tower_lsp::lsp_types as lsp;

use crate::protocol::from_proto;
use crate::protocol::told::Told;
use crate::session::{DocumentId, Session};

pub(in crate::protocol) fn did_open(session: &Session, params: lsp::DidOpenTextDocumentParams) {
    let opened = params.text_document;
    let id = from_proto::document(&opened.uri);
    session.open(&id, opened.uri.into(), opened.language_id, opened.version, &opened.text);
}

pub(in crate::protocol) fn did_change(session: &Session, params: lsp::DidChangeTextDocumentParams) {
    let id = from_proto::document(&params.text_document.uri);
    let changes: Vec<_> = params.content_changes.into_iter().map(from_proto::change).collect();
    session.edit(&id, params.text_document.version, &changes);
}

pub(in crate::protocol) fn did_save(session: &Session, params: &lsp::DidSaveTextDocumentParams) {
    session.saved(&from_proto::document(&params.text_document.uri));
}

pub(in crate::protocol) fn did_close(
    session: &Session,
    told: &Told,
    params: &lsp::DidCloseTextDocumentParams,
) {
    let document = from_proto::document(&params.text_document.uri);
    told.forget(&document);
    session.close(&document);
}

pub(in crate::protocol) fn did_rename_files(session: &Session, params: &lsp::RenameFilesParams) {
    for file in &params.files {
        let (from, to) =
            (from_proto::document_named(&file.old_uri), from_proto::document_named(&file.new_uri));
        if let (Some(DocumentId::File(from)), Some(DocumentId::File(to))) = (from, to) {
            session.renamed(&from, &to);
        }
    }
}
