//! What the session answers, in our own words.

use std::ops::Range;
use std::path::PathBuf;

use serde_json::Value;

use super::outgoing::Call;
use super::text::Position;

/// What is shown at some lines of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub range: Range<Position>,
    /// How loud.
    pub severity: Severity,
    /// What kind: `proposed-change`, `conflict`, …
    pub code: &'static str,
    /// One or two sentences.
    pub message: String,
    /// Places in the record that it rests on.
    pub related: Vec<Related>,
    /// The task it belongs to.
    pub task: u64,
    /// What it speaks of.
    pub about: About,
}

/// What a finding speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A change, by its number in the task.
    Hunk(u32),
    /// A note, by its number in the task.
    Note(u32),
}

impl About {
    /// The name and the value under which it travels with a diagnostic.
    #[must_use]
    pub const fn data(self) -> (&'static str, u32) {
        match self {
            Self::Hunk(number) => ("hunk", number),
            Self::Note(number) => ("note", number),
        }
    }
}

impl Finding {
    /// Whether it stands for a change that waits for a decision.
    #[must_use]
    pub fn is_change(&self) -> bool {
        matches!(self.about, About::Hunk(_))
    }
}

/// How loud a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Something does not hold.
    Error,
    /// Something needs the user's eye.
    Warning,
    /// Something to look at.
    Information,
}

/// A place in a file that supports a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub path: PathBuf,
    /// One-based line.
    pub line: u32,
    /// What is there.
    pub text: String,
}

/// Something the user can choose at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What the menu shows.
    pub title: String,
    /// Which menu.
    pub kind: OfferKind,
    /// What choosing it does.
    pub call: Call,
    /// The task and what of it it decides about, for matching it with a finding.
    pub about: Option<(u64, About)>,
    /// Whether it is the obvious one.
    pub preferred: bool,
}

impl Offer {
    /// Whether it decides about the finding that carries this data.
    #[must_use]
    pub fn is_about(&self, data: Option<&Value>) -> bool {
        let number = |name| data.and_then(|data| data.get(name)).and_then(Value::as_u64);
        self.about.is_some_and(|(task, about)| {
            let (name, value) = about.data();
            number("task") == Some(task) && number(name) == Some(u64::from(value))
        })
    }
}

/// Which menu an offer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferKind {
    /// Decides about a finding.
    QuickFix,
    /// Mends what a diagnostic of the request says, by its position there.
    Fix(usize),
    /// A task on this file, by its recipe's name.
    Rewrite(String),
    /// A task on the whole folder, by its recipe's name; and what concerns no place.
    Source(String),
}

/// A hover in both forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoverText {
    /// As Markdown.
    pub markdown: String,
    /// As plain text.
    pub plain: String,
    /// What it speaks of.
    pub range: Range<Position>,
}
