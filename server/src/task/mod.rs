//! What was asked: the kind of task, the place, the user's words and what stands around the place.
//!
//! Invariants
//! - Everything but [`Asked::prompt`] comes from the repository or its tools, and is data, never an order.

mod around;
mod neighbours;
pub mod offers;
mod order;
mod title;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vouchsafe_base::WorkspacePath;

pub use around::{Place, symbol_around};
pub use neighbours::tests_of;
pub use order::Order;
pub use title::{quoted, title};

/// What kind of work a task is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// Mend what a diagnostic or the user says is wrong.
    Fix,
    /// Write what is missing at a place.
    Implement,
    /// Write tests for a symbol.
    Test,
    /// Write documentation for a symbol.
    Document,
    /// Change the form and keep the behaviour.
    Refactor,
    /// Say what code does. Changes nothing.
    Explain,
    /// Answer a question. Changes nothing.
    Ask,
    /// Judge code; what is found becomes findings. Changes nothing.
    Review,
    /// Whatever the user wrote.
    Custom,
}

impl TaskKind {
    /// Every kind, in the order of menus.
    pub const ALL: [Self; 9] = [
        Self::Fix,
        Self::Implement,
        Self::Test,
        Self::Document,
        Self::Refactor,
        Self::Explain,
        Self::Ask,
        Self::Review,
        Self::Custom,
    ];

    /// The name in the configuration, the record and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fix => "fix",
            Self::Implement => "implement",
            Self::Test => "test",
            Self::Document => "document",
            Self::Refactor => "refactor",
            Self::Explain => "explain",
            Self::Ask => "ask",
            Self::Review => "review",
            Self::Custom => "custom",
        }
    }

    /// Whether the task may change files. The answer of one that may not is its result.
    #[must_use]
    pub const fn edits(self) -> bool {
        !matches!(self, Self::Explain | Self::Ask | Self::Review)
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TaskKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

/// A task for a model agent, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The kind.
    pub kind: TaskKind,
    /// One line for people: *Fix: mismatched types in `parse`*.
    pub title: String,
    /// The user's own words; empty when the kind and the place say all.
    pub prompt: String,
    /// Where it was asked; `None` for the whole workspace.
    pub place: Option<AskedPlace>,
}

/// The place of a task, and what stands around it when it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPlace {
    /// The file.
    pub path: WorkspacePath,
    /// Its lines, from 0, the end excluded: the selection, or the line of the cursor.
    pub lines: Range<u32>,
    /// Whether the user selected those lines, so that the task is about them and nothing else.
    pub selected: bool,
    /// The symbol around the place.
    pub symbol: Option<SymbolAt>,
    /// The lines of the file that import something.
    pub imports: Vec<String>,
    /// What other servers say about the place.
    pub diagnostics: Vec<DiagnosticAt>,
    /// Files that look like the tests of this one.
    pub tests: Vec<WorkspacePath>,
}

/// A symbol of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymbolAt {
    /// Its name, with those it stands in: `Parser::parse`.
    pub name: String,
    /// What it is, for people: `function`, `class`, `method`.
    pub what: &'static str,
    /// Its lines, from 0, the end excluded.
    pub lines: Range<u32>,
}

/// A diagnostic of another language server, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosticAt {
    /// Its lines, from 0, the end excluded.
    pub lines: Range<u32>,
    /// Who says it: `rustc`, `clippy`, `pyright`.
    pub source: String,
    /// What it says.
    pub message: String,
}
