//! Finding lines in the files of a copy.
//!
//! Invariants
//! - Bounded in hits, in bytes shown, and in time; what was left out is said.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use globset::{Glob, GlobMatcher};
use regex::{Regex, RegexBuilder};
use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{Cancel, Found};
use vouchsafe_evidence::log::SearchHit;

use super::world::World;

/// So many lines are shown at most.
pub(in crate::agent) const HITS_MAX: usize = 100;
/// So many characters of a line are shown.
const LINE_CHARS_MAX: usize = 300;
/// Files above this many bytes are left out.
const FILE_BYTES_MAX: u64 = 2 << 20;
/// A search ends after this time, with what it has.
const TIME_MAX: Duration = Duration::from_secs(20);

/// What a search found.
#[derive(Debug, Default)]
pub(in crate::agent) struct Hits {
    pub(in crate::agent) hits: Vec<SearchHit>,
    /// Why there may be more; `None` when these are all.
    pub(in crate::agent) more: Option<&'static str>,
}

/// What is looked for.
pub(in crate::agent) struct Query {
    pattern: Regex,
    glob: Option<GlobMatcher>,
}

impl Query {
    /// Compiles it.
    ///
    /// # Errors
    /// A sentence for the model.
    pub(in crate::agent) fn new(pattern: &str, literal: bool, glob: Option<&str>) -> Result<Self, String> {
        let source = if literal { regex::escape(pattern) } else { pattern.to_owned() };
        let built = RegexBuilder::new(&source).size_limit(4 << 20).build();
        let pattern = built.map_err(|error| {
            format!(
                "{pattern:?} is not a regular expression: {error}. Set `literal` to look for a plain text"
            )
        })?;
        let glob = glob.filter(|glob| !glob.is_empty()).map(|text| {
            let text = if text.contains('/') {
                text.trim_start_matches("./").to_owned()
            } else {
                format!("**/{text}")
            };
            Glob::new(&text).map(|glob| glob.compile_matcher()).map_err(|error| error.to_string())
        });
        Ok(Self { pattern, glob: glob.transpose()? })
    }

    /// Searches these files, in order.
    pub(in crate::agent) fn run(
        &self,
        files: &BTreeSet<WorkspacePath>,
        below: Option<&WorkspacePath>,
        world: &World<'_>,
        cancel: &Cancel,
    ) -> Hits {
        let until = Instant::now() + TIME_MAX;
        let mut found = Hits::default();
        let wanted = files.iter().filter(|path| {
            below.is_none_or(|below| path.is_within(below))
                && self.glob.as_ref().is_none_or(|glob| glob.is_match(path.as_path()))
        });
        for path in wanted {
            if cancel.is_cancelled() || Instant::now() > until {
                found.more = Some("the search was ended after 20 s: search in a directory");
                break;
            }
            if !matches!(world.find(path), Ok(Some(Found::File { bytes })) if bytes <= FILE_BYTES_MAX) {
                continue;
            }
            let Ok(text) = world.text(path) else { continue };
            if self.lines(path, &text, &mut found) {
                break;
            }
        }
        found
    }

    /// Adds the lines of one file; answers whether there is no room for more.
    fn lines(&self, path: &WorkspacePath, text: &str, found: &mut Hits) -> bool {
        if !self.pattern.is_match(text) {
            return false;
        }
        for (line, text) in (1..).zip(text.lines()).filter(|(_, line)| self.pattern.is_match(line)) {
            if found.hits.len() == HITS_MAX {
                found.more = Some("there are more hits: search more precisely, or in a directory");
                return true;
            }
            let text = match text.char_indices().nth(LINE_CHARS_MAX) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text.to_owned(),
            };
            found.hits.push(SearchHit { path: path.clone(), line, text });
        }
        false
    }
}
