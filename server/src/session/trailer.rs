//! The line for a commit that holds a task's changes. No editor lets a server use the clipboard, and nothing commits for
//! the user: the line is shown where it can be copied, and answered to clients that can do more with it.

use serde_json::{Value, json};
use vouchsafe_evidence::export;
use vouchsafe_evidence::log::TaskId;

use super::Session;
use super::look::put;
use super::outgoing::{Level, Outgoing, Trailer};

impl Session {
    /// Shows the commit trailer of a task, of this session or an earlier one, and answers it as `{trailer}`.
    ///
    /// # Errors
    /// One sentence when there is no such task or the record cannot be read.
    pub async fn trailer(&self, wanted: Trailer) -> Result<Value, String> {
        let session = self.itself.upgrade().ok_or("the session has ended")?;
        let shown = tokio::task::spawn_blocking(move || session.trailer_now(wanted)).await;
        shown.unwrap_or_else(|_| Err("the trailer could not be made: see the server's log".to_owned()))
    }

    fn trailer_now(&self, wanted: Trailer) -> Result<Value, String> {
        let store = self.services.store_to_read().map_err(|error| error.to_string())?;
        let task = TaskId::new(wanted.task);
        let found = store.task(task).and_then(|_| store.events(task));
        let trailer = export::trailer(&found.map_err(|error| error.to_string())?);
        if !wanted.quiet {
            self.show_trailer(wanted.task, &trailer);
        }
        Ok(json!({ "trailer": trailer }))
    }

    /// As a file, from which it can be copied in every editor; as a message where files cannot be shown or written.
    fn show_trailer(&self, task: u64, trailer: &str) {
        let path = self.services.dirs.state.join("tasks").join(task.to_string()).join("trailer.txt");
        if self.client().shows_documents && put(&path, &format!("{trailer}\n")).is_ok() {
            self.tell(Outgoing::Show { path, line: Some(1) });
        } else {
            self.tell(Outgoing::Message(Level::Info, trailer.to_owned()));
        }
    }
}
