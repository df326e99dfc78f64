//! What an order in a comment asks for: a task of its own, or a word to one that exists.

use super::TaskKind;

/// What an order means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// A new task.
    Task {
        /// Its kind.
        kind: TaskKind,
        /// What the user says about it; empty when the kind says all.
        prompt: String,
    },
    /// `@3 also handle empty input`: a word to task 3.
    Word {
        /// The task.
        task: u64,
        /// The word.
        text: String,
    },
}

impl Order {
    /// Reads an order.
    ///
    /// A kind of task alone (`vouchsafe: explain`) is that task; `KIND: words` is that task with words; what ends in
    /// a question mark is a question; anything else is done as it is written.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if let Some((task, text)) = word(text) {
            return Self::Word { task, text };
        }
        let (first, rest) = text.split_once(':').unwrap_or((text, ""));
        let named = first.trim().to_ascii_lowercase().parse::<TaskKind>();
        match named {
            Ok(TaskKind::Custom | TaskKind::Ask) | Err(()) => {}
            Ok(kind) => return Self::Task { kind, prompt: rest.trim().to_owned() },
        }
        let (kind, prompt) = match named {
            Ok(kind) if !rest.trim().is_empty() => (kind, rest.trim()),
            _ if text.ends_with('?') => (TaskKind::Ask, text),
            _ => (TaskKind::Custom, text),
        };
        Self::Task { kind, prompt: prompt.to_owned() }
    }
}

fn word(text: &str) -> Option<(u64, String)> {
    let rest = text.strip_prefix('@')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (number, said) = rest.split_at_checked(digits)?;
    let said = said.trim_start_matches([':', ',']).trim();
    (!said.is_empty()).then_some(())?;
    Some((number.parse().ok()?, said.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_as_people_write_them() {
        let task = |kind, prompt: &str| Order::Task { kind, prompt: prompt.to_owned() };
        for (text, expected) in [
            ("make this iterative", task(TaskKind::Custom, "make this iterative")),
            ("fix", task(TaskKind::Fix, "")),
            ("Explain", task(TaskKind::Explain, "")),
            ("test: with empty input", task(TaskKind::Test, "with empty input")),
            ("why is this quadratic?", task(TaskKind::Ask, "why is this quadratic?")),
            ("ask: what calls this", task(TaskKind::Ask, "what calls this")),
            ("ask", task(TaskKind::Custom, "ask")),
            ("fix the parser: it loops", task(TaskKind::Custom, "fix the parser: it loops")),
            (
                "@3 also handle empty input",
                Order::Word { task: 3, text: "also handle empty input".to_owned() },
            ),
            ("@12: stop", Order::Word { task: 12, text: "stop".to_owned() }),
            ("@3", task(TaskKind::Custom, "@3")),
            ("@Override it", task(TaskKind::Custom, "@Override it")),
        ] {
            assert_eq!(Order::read(text), expected, "{text}");
        }
    }
}
