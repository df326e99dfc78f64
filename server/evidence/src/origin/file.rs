//! The origins of one file, whatever it is: lines of a text, or the whole of something else.

use serde::{Deserialize, Serialize};

use super::Origins;
use crate::log::Seq;

/// Which steps made a file. A rename keeps them: the caller files them under the new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileOrigins {
    /// UTF-8 text, line by line.
    Lines(Origins),
    /// Bytes that are not UTF-8, a link, a mode: the steps that changed any of it, in order.
    Whole(Vec<Seq>),
}

impl FileOrigins {
    /// A file as it was before the first step; `None` if it did not exist.
    #[must_use]
    pub fn base(content: Option<&[u8]>) -> Self {
        match std::str::from_utf8(content.unwrap_or_default()) {
            Ok(text) => Self::Lines(Origins::base(crate::lines::count(text))),
            Err(_) => Self::Whole(Vec::new()),
        }
    }

    /// The step took the content from `before` to `after`; `None` where the file does not exist.
    pub fn step(&mut self, before: Option<&[u8]>, after: Option<&[u8]>, step: Seq) {
        let text =
            |content: Option<&[u8]>| std::str::from_utf8(content.unwrap_or_default()).map(str::to_owned);
        match (&mut *self, text(before), text(after)) {
            (Self::Lines(origins), Ok(before), Ok(after)) => origins.step(&before, &after, step),
            _ => self.touch(step),
        }
    }

    /// The step changed something about the file that is no text: its bytes, its mode, what it is.
    pub fn touch(&mut self, step: Seq) {
        let mut steps = self.steps();
        if !steps.contains(&step) {
            steps.push(step);
        }
        *self = Self::Whole(steps);
    }

    /// Every step the file cites, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Seq> {
        match self {
            Self::Lines(origins) => origins.steps(),
            Self::Whole(steps) => steps.clone(),
        }
    }
}
