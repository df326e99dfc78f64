//! `window/workDoneProgress/cancel`: the user presses the client's own cancel button.

use tower_lsp::lsp_types as lsp;

use crate::protocol::outbox;
use crate::session::Session;

pub(in crate::protocol) fn cancel_progress(session: &Session, params: &lsp::WorkDoneProgressCancelParams) {
    if let Some(task) = outbox::task_of(&params.token) {
        // A token of a task that is gone has nothing left to cancel.
        drop(session.cancel(task));
    }
}
