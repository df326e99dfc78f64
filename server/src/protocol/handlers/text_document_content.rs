//! `workspace/textDocumentContent`, which `lsp-types` 0.94 lacks: a document of our own scheme.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::protocol::told::{Asked, Told};
use crate::session::Session;

/// The parameters.
#[derive(Debug, Deserialize)]
pub(in crate::protocol) struct Params {
    uri: String,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(in crate::protocol) struct Content {
    text: String,
}

pub(in crate::protocol) async fn text_document_content(
    session: Arc<Session>,
    told: &Told,
    params: Params,
) -> Result<Content> {
    let (asked, of) = (params.uri.clone(), Arc::clone(&session));
    // A record is read from disk, and the difference of two texts grows with them.
    let found = tokio::task::spawn_blocking(move || of.content(&asked)).await;
    let found = found.unwrap_or_else(|_| Err("the text could not be made: see the server's log".to_owned()));
    let (document, text) = found.map_err(|sentence| Error {
        code: ErrorCode::InvalidParams,
        message: sentence.into(),
        data: None,
    })?;
    if let Some((document, findings)) =
        document.and_then(|id| session.findings(&id).map(|(_, _, findings)| (id, findings)))
    {
        told.answered(&document, Asked::Content(params.uri), &findings);
    }
    Ok(Content { text })
}
