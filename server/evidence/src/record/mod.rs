//! A task as a page that people read: what was asked, each step with its output, the diff, the claims, the end.
//!
//! Invariants
//! - Append-only: more events add lines below; the lines of what is there never move. So a link to a line stays true.
//! - What the task wrote or said can neither end its block nor hide: it stands in fences longer than any it contains,
//!   without escape sequences, with control characters and invisible Unicode shown as marks.
//! - Line numbers of the page count from 1, as editors do.
//!
//! Absent on purpose
//! - Rendering the agent's Markdown: it could load images or imitate our own words.
//! - A second rendering after blobs were retired: the file that was written before says more.

mod blobs;
mod page;
mod steps;
mod visible;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use vouchsafe_base::Digest;

pub use blobs::{Blobs, Ends};
pub use visible::{hides, visible};
pub use write::{record_path, write_record};

use crate::log::{Seq, TaskId};
use crate::store::Recorded;
use page::Page;

/// Output longer than this is shown in part: so many lines from its start …
pub const OUTPUT_HEAD_LINES: u32 = 1_500;
/// … and so many from its end.
pub const OUTPUT_TAIL_LINES: u32 = 1_500;
/// A line longer than this is cut; so many characters of it are shown.
pub const LINE_CHARS_MAX: usize = 2_000;

/// A rendered page, and where things stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// The page.
    pub markdown: String,
    /// Where each step stands.
    pub lines: BTreeMap<Seq, StepLines>,
}

/// Where a step stands in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepLines {
    /// The line of its heading.
    pub heading: u32,
    /// The lines of its output, from the first shown line of standard output to the last of standard error; half open.
    pub output: Option<Range<u32>>,
    /// Which lines of standard output stand where.
    pub stdout: Vec<Shown>,
    /// Which lines of standard error stand where.
    pub stderr: Vec<Shown>,
}

/// A stretch of an output that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its first line in the output, from 1.
    pub first: u32,
    /// How many lines.
    pub lines: u32,
    /// The line of the page at which that first line stands.
    pub at: u32,
}

impl StepLines {
    /// The line of the page at which a line of standard output stands (counted from 1), if it is shown.
    #[must_use]
    pub fn of_stdout(&self, line: u32) -> Option<u32> {
        find(&self.stdout, line)
    }

    /// The same for standard error.
    #[must_use]
    pub fn of_stderr(&self, line: u32) -> Option<u32> {
        find(&self.stderr, line)
    }
}

fn find(shown: &[Shown], line: u32) -> Option<u32> {
    let stretch = shown.iter().find(|part| (part.first..part.first + part.lines).contains(&line))?;
    Some(stretch.at + line - stretch.first)
}

/// Renders a task. `blobs` gives stored bytes, whole. `diff` is shown just before the task's end, unless a proposal among the
/// events brought its own.
#[must_use]
pub fn render(
    task: TaskId,
    events: &[Recorded],
    blobs: &dyn Fn(Digest) -> Option<Vec<u8>>,
    diff: Option<&str>,
) -> Record {
    render_from(task, events, &blobs, diff)
}

/// As [`render`], from a source that can give the ends of a long output without the middle, such as the store.
#[must_use]
pub fn render_from(task: TaskId, events: &[Recorded], blobs: &dyn Blobs, diff: Option<&str>) -> Record {
    let mut page = Page::default();
    let mut context = steps::Context { task, blobs, diff };
    let lines = events
        .iter()
        .map(|recorded| (recorded.seq, steps::step(&mut page, recorded, &mut context)))
        .collect();
    if let Some(diff) = context.diff {
        steps::diff(&mut page, diff);
    }
    Record { markdown: page.into_text(), lines }
}
