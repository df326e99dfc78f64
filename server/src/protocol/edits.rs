//! `workspace/applyEdit`: sending edits, and giving the text time to show them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::Client;
use tower_lsp::lsp_types as lsp;

use super::to_proto;
use crate::session::{ClientEdit, Session};

/// How long after its answer a client's text may take to show an edit; some send changes with a delay.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// Sends an edit, hands on the answer, and gives back the edit's number.
pub(super) async fn apply(client: &Client, session: &Session, edit: ClientEdit) -> u64 {
    let id = edit.id;
    let Some(workspace_edit) = to_proto::workspace_edit(&edit, &session.client()) else {
        session.edit_answered(id, Err("the document's name is not a valid URI".to_owned()));
        return id;
    };
    let params = lsp::ApplyWorkspaceEditParams { label: Some(edit.label), edit: workspace_edit };
    let answer = match client.send_request::<lsp::request::ApplyWorkspaceEdit>(params).await {
        Ok(answer) if answer.applied => Ok(()),
        Ok(answer) => Err(answer.failure_reason.unwrap_or_else(|| "the editor declined it".to_owned())),
        Err(error) => Err(error.message.into_owned()),
    };
    session.edit_answered(id, answer);
    id
}

/// Looks once more after an edit that was answered.
pub(super) async fn overdue(session: &Session, id: u64) {
    tokio::time::sleep(SHOWN_WITHIN).await;
    session.edit_overdue(id);
}

/// Sends edits that open a preview, each after the answer to the one before.
pub(super) async fn one_by_one(
    client: Client,
    session: Arc<Session>,
    mut waiting: UnboundedReceiver<ClientEdit>,
) {
    while let Some(edit) = waiting.recv().await {
        let id = apply(&client, &session, edit).await;
        let session = Arc::clone(&session);
        tokio::spawn(async move { overdue(&session, id).await });
    }
}
