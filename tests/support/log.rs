//! Every message of one session, in the strict checker's format: `--> {json}` from the server, `<-- {json}` to it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// Who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Server to client, `-->`.
    ByServer,
    /// Client to server, `<--`.
    ByClient,
}

impl Sent {
    /// The arrow that starts a line of the log.
    #[must_use]
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::ByServer => "-->",
            Self::ByClient => "<--",
        }
    }
}

/// The log; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

/// How many of the last lines a failure prints, and how many characters of each.
const LINES_SHOWN: usize = 120;
const CHARACTERS_SHOWN: usize = 600;

impl Log {
    /// Appends one message.
    pub fn message(&self, sent: Sent, message: &Value) {
        self.line(format!("{} {message}", sent.arrow()));
    }

    /// Appends a remark, which the strict checker skips.
    pub fn remark(&self, what: &str) {
        self.line(format!("### {what}"));
    }

    fn line(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// The whole log, one message per line.
    #[must_use]
    pub fn whole(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n") + "\n"
    }

    /// The last messages, long ones shortened, for a failure.
    #[must_use]
    pub fn tail(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = lines.len().saturating_sub(LINES_SHOWN);
        let mut text = format!("the last {} of {} messages:\n", lines.len() - skipped, lines.len());
        for line in lines.iter().skip(skipped) {
            let short: String = line.chars().take(CHARACTERS_SHOWN).collect();
            let dots = if short.len() < line.len() { " …" } else { "" };
            writeln!(text, "{short}{dots}").expect("writing to a string");
        }
        text
    }

    /// Writes the whole log to a file for a later look; says where, or why not.
    #[must_use]
    pub fn keep(&self, file: &Path) -> String {
        match std::fs::write(file, self.whole()) {
            Ok(()) => format!("whole log: {}", file.display()),
            Err(error) => format!("the log could not be kept in {}: {error}", file.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_in_the_checkers_format_and_a_short_tail() {
        let log = Log::default();
        log.message(Sent::ByClient, &json!({"id": 1}));
        log.message(Sent::ByServer, &json!({"id": 1, "result": "x".repeat(900)}));
        assert!(log.whole().starts_with("<-- {\"id\":1}\n--> {\"id\":1,"));
        assert!(log.tail().lines().all(|line| line.chars().count() < 620));
    }
}
