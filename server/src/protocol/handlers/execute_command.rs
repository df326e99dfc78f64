//! `workspace/executeCommand`: starts and decides; never waits for what it starts.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types as lsp;

use crate::protocol::from_proto;
use crate::session::{Call, DocumentId, Session};

/// Sent when a request speaks of something that is no longer so.
const CONTENT_MODIFIED: ErrorCode = ErrorCode::ServerError(-32_801);
/// Sent when a task cannot be started; the message says why and what to do.
const NOT_STARTED: ErrorCode = ErrorCode::ServerError(-32_001);

/// How long after what it leads to (an edit, a document to show) a command is answered where that matters: Emacs's
/// lsp-mode waits for the answer, and drops what comes behind it in the same read.
const ANSWER_AFTER: Duration = Duration::from_millis(15);

pub(in crate::protocol) async fn execute_command(
    session: &Session,
    params: lsp::ExecuteCommandParams,
) -> Result<Option<Value>> {
    let call = from_proto::call(params).map_err(|message| error(ErrorCode::InvalidParams, message))?;
    match call {
        Call::Start(start) => {
            let document = document(&start.uri)?;
            let id = session.start(&start, document).await.map_err(|message| error(NOT_STARTED, message))?;
            Ok(Some(json!({ "task": id })))
        }
        Call::StartTask(start) => {
            let document = document(&start.uri)?;
            let id = session.start_task(*start, document).await;
            Ok(Some(json!({ "task": id.map_err(|message| error(NOT_STARTED, message))? })))
        }
        Call::FollowUp(word) => {
            let id = session.follow_up(word).await.map_err(|message| error(NOT_STARTED, message))?;
            Ok(Some(json!({ "task": id })))
        }
        Call::Tasks => Ok(Some(session.tasks_listed())),
        Call::Review(wanted) => Ok(Some(session.changes_listed(wanted.task))),
        Call::Findings(wanted) => Ok(Some(session.notes_listed(wanted.task))),
        Call::Blame(wanted) => Ok(Some(session.blame_listed(document(&wanted.uri)?).await)),
        Call::Trailer(wanted) => {
            let shown = session.trailer(wanted).await;
            shown.map(Some).map_err(|message| error(CONTENT_MODIFIED, message))
        }
        other => {
            let done = session.decide(other).map(|()| None);
            if session.client().loses_after_answer {
                sleep(ANSWER_AFTER).await;
            }
            done.map_err(|message| error(CONTENT_MODIFIED, message))
        }
    }
}

fn document(uri: &str) -> Result<DocumentId> {
    from_proto::document_named(uri)
        .ok_or_else(|| error(ErrorCode::InvalidParams, format!("{uri:?} is not a URI")))
}

fn error(code: ErrorCode, message: String) -> Error {
    Error { code, message: message.into(), data: None }
}
