//! The end of a session: everything that may not be left over, checked in every test.
//!
//! - `shutdown` is answered, then nothing more is asked; after `exit` the process ends by itself with code 0.
//! - No process that descends from the server, or works in the yard, is alive; no shadow is left in the cache.
//! - No message failed the strict checker; no answer, token or request was out of place; no scripted choice is unused.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::Editor;
use crate::process::{self, Process};

/// How long what the server started may take to be gone after it.
const GRACE: Duration = Duration::from_secs(5);

impl Editor {
    /// Kills the server outright (SIGKILL), as a crash does; gives the yard back for a look or another start.
    #[must_use]
    pub fn kill(mut self) -> Arc<crate::yard::Yard> {
        self.crash()
    }

    /// As [`Self::kill`], with a last look at what the user has seen: all that was sent is taken in.
    pub fn crash(&mut self) -> Arc<crate::yard::Yard> {
        let id = i32::try_from(self.wire.id()).ok().and_then(rustix::process::Pid::from_raw);
        let id = id.unwrap_or_else(|| self.fail("the server has no process id"));
        rustix::process::kill_process(id, rustix::process::Signal::KILL)
            .expect("a process of ours can be killed");
        self.wait_for_output_to_end();
        self.shutting_down = true;
        Arc::clone(&self.yard)
    }

    fn wait_for_output_to_end(&mut self) {
        let deadline = std::time::Instant::now() + self.patience;
        while !self.output_ended {
            match self.wire.receive(deadline) {
                Some(incoming) => self.handle(incoming),
                None => self.fail("the server's output did not end"),
            }
        }
    }

    fn end(&mut self) {
        let server = i32::try_from(self.wire.id()).unwrap_or_default();
        let family = process::descendants(server);
        if let Err(error) = self.request("shutdown", Value::Null) {
            self.problem(&format!("shutdown was refused: {error}"));
        }
        self.shutting_down = true;
        self.notify("exit", Value::Null);
        self.wait_for_output_to_end();
        match self.wire.ended(self.patience) {
            None => self.problem("the server did not end after exit"),
            Some(status) if status.code() != Some(0) => {
                self.problem(&format!("after shutdown and exit: {status}"));
            }
            Some(_) => {}
        }
        self.note_leftovers(&family);
        for method in self.asked.values().cloned().collect::<Vec<_>>() {
            self.problem(&format!("a request was never answered: {method}"));
        }
        self.note_told_twice();
        for choice in std::mem::take(&mut self.script.choices) {
            self.problem(&format!("nobody offered the scripted choice {choice:?}"));
        }
    }

    fn note_leftovers(&mut self, family: &[Process]) {
        let outliving = process::survivors(family, GRACE);
        for left in &outliving {
            self.problem(&format!("a process outlives the server: {} ({})", left.command, left.id));
        }
        if Arc::strong_count(&self.yard) > 1 {
            return; // another server still works here
        }
        let mut working = process::touching(self.yard.root());
        working.retain(|process| !outliving.contains(process));
        for left in process::survivors(&working, GRACE) {
            self.problem(&format!("a process still works in the yard: {} ({})", left.command, left.id));
        }
        for left in self.yard.left_in_cache() {
            self.problem(&format!("left in the cache directory: {left}"));
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if thread::panicking() || self.shutting_down {
            return;
        }
        self.end();
        if !self.problems.is_empty() {
            self.fail(&format!("the session was not clean:\n- {}", self.problems.join("\n- ")));
        }
    }
}
