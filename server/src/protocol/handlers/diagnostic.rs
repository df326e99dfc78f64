//! `textDocument/diagnostic`: the findings of an open document, for a client that asks for them.
//!
//! Invariants
//! - A document that is not open has none here: those are published, and nothing is told twice.
//! - The result's id names its content, so the same id means the same findings, also after a restart.

use tower_lsp::lsp_types as lsp;
use vouchsafe_base::Digest;

use crate::protocol::told::{Asked, Told};
use crate::protocol::{from_proto, to_proto};
use crate::session::Session;

pub(in crate::protocol) fn diagnostic(
    session: &Session,
    told: &Told,
    params: &lsp::DocumentDiagnosticParams,
) -> lsp::DocumentDiagnosticReportResult {
    let document = from_proto::document(&params.text_document.uri);
    let findings = session.findings(&document).filter(|_| session.is_open(&document));
    let findings = findings.map(|(_, _, findings)| findings).unwrap_or_default();
    told.answered(&document, Asked::Diagnostics, &findings);
    let client = session.client();
    let items: Vec<_> = findings.iter().map(|finding| to_proto::diagnostic(finding, &client)).collect();
    let id = result_id(&items);
    lsp::DocumentDiagnosticReportResult::Report(if params.previous_result_id.as_ref() == Some(&id) {
        lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    })
}

fn result_id(items: &[lsp::Diagnostic]) -> String {
    // Diagnostics are plain data: they can always be written. If not, the answer is a full one.
    Digest::of(&serde_json::to_vec(items).unwrap_or_default()).to_string()
}
