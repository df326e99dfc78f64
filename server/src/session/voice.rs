//! What a model says and does, as one short line for the progress of its task.
//!
//! Invariants
//! - A line at most every [`BETWEEN`], however fast the model speaks; memory does not grow with what it says.

use std::time::{Duration, Instant};

use crate::model::Delta;

/// The least time between two lines.
const BETWEEN: Duration = Duration::from_millis(250);
/// The longest line, in characters.
const LINE_CHARS_MAX: usize = 100;
/// How much of what it says is kept, in bytes.
const KEPT_BYTES_MAX: usize = 1024;

/// The voice of one task's model.
#[derive(Default)]
pub(super) struct Voice {
    manner: &'static str,
    said: String,
    shown: Option<Instant>,
}

impl Voice {
    /// Hears a piece; answers the line to show now, if it is time for one.
    pub(super) fn hears(&mut self, delta: Delta<'_>) -> Option<String> {
        let (manner, piece) = match delta {
            Delta::Text(piece) => ("says", piece),
            Delta::Reasoning(piece) => ("thinks", piece),
            Delta::Call(tool) => {
                // What it said last is why it calls; it may have come too fast to be shown.
                let why = if self.manner == "says" { self.line() } else { None };
                self.said.clear();
                let tool = visible(tool);
                return Some(why.map_or_else(|| format!("calls {tool}"), |why| format!("{why} ({tool})")));
            }
            Delta::Again(sentence) => {
                self.said.clear();
                return Some(visible(sentence));
            }
        };
        if manner != self.manner {
            self.said.clear();
            self.manner = manner;
        }
        self.said.push_str(piece);
        self.forget();
        if self.shown.is_some_and(|shown| shown.elapsed() < BETWEEN) {
            return None;
        }
        let line = self.line()?;
        self.shown = Some(Instant::now());
        Some(format!("{manner}: {line}"))
    }

    /// Lets go of what is too long ago to be shown.
    fn forget(&mut self) {
        if self.said.len() > KEPT_BYTES_MAX {
            let mut from = self.said.len() - KEPT_BYTES_MAX / 2;
            while !self.said.is_char_boundary(from) {
                from += 1;
            }
            self.said.drain(..from);
        }
    }

    /// The end of the last line with words in it.
    fn line(&self) -> Option<String> {
        let line = self.said.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
        let line = visible(line);
        let count = line.chars().count();
        if count <= LINE_CHARS_MAX {
            return Some(line);
        }
        Some(std::iter::once('…').chain(line.chars().skip(count - LINE_CHARS_MAX)).collect())
    }
}

fn visible(text: &str) -> String {
    vouchsafe_evidence::record::visible(text.lines().next().unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_voice_is_shown_now_and_then() {
        let mut voice = Voice::default();
        assert_eq!(voice.hears(Delta::Text("I look")).as_deref(), Some("says: I look"));
        assert_eq!(voice.hears(Delta::Text(" at it")), None);
        assert_eq!(voice.hears(Delta::Call("read")).as_deref(), Some("I look at it (read)"));
        assert_eq!(voice.hears(Delta::Call("list")).as_deref(), Some("calls list"));
        voice.shown = None;
        assert_eq!(
            voice.hears(Delta::Reasoning("Hm.\n\nIt\u{200b} loops")).as_deref(),
            Some("thinks: It⟨U+200B⟩ loops")
        );
        voice.shown = None;
        let long = "é".repeat(4000);
        let line = voice.hears(Delta::Text(&long)).unwrap();
        assert_eq!(line.chars().count(), "says: …".chars().count() + LINE_CHARS_MAX);
        assert!(voice.said.len() <= KEPT_BYTES_MAX);
    }
}
