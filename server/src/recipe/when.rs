//! Where a recipe is offered: what the root must hold and which documents it is for.

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use vouchsafe_base::WorkspacePath;

use super::{RootFacts, Tools};

/// Where a recipe is offered. The parts must all hold; an empty part always holds.
#[derive(Debug, Clone, Default)]
pub struct When {
    markers: Vec<Marker>,
    languages: Vec<String>,
    globs: Arc<GlobSet>,
}

/// A sign in the root of a workspace that its project uses a tool.
#[derive(Debug, Clone)]
pub enum Marker {
    /// A file or directory in the root whose name matches.
    Entry(GlobMatcher),
    /// A package that package.json names.
    NodePackage(&'static str),
    /// A `[tool.NAME]` table in pyproject.toml.
    PythonTool(&'static str),
    /// A program in one of the project's own tool directories.
    LocalTool(&'static str),
}

/// Why a glob of `when` is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// The glob does not parse.
    #[error("{glob:?} is not a glob: {reason}")]
    Glob {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A marker lies below the root.
    #[error("{0:?} must name something directly in the workspace root: leave out the `/`")]
    BelowRoot(String),
}

impl When {
    /// Offered where an entry of the root matches one of `files`, for documents whose language is one of
    /// `languages` or whose path matches one of `globs`.
    ///
    /// # Errors
    /// See [`WhenError`].
    pub fn parse(files: &[String], languages: &[String], globs: &[String]) -> Result<Self, WhenError> {
        let markers = files.iter().map(|file| Marker::entry(file)).collect::<Result<_, _>>()?;
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(parse_glob(&anywhere(glob))?);
        }
        let globs = Arc::new(set.build().map_err(|error| bad_glob("", &error))?);
        Ok(Self { markers, languages: languages.to_vec(), globs })
    }

    /// The same, with more signs any one of which is enough.
    #[must_use]
    pub(super) fn or_markers(mut self, markers: impl IntoIterator<Item = Marker>) -> Self {
        self.markers.extend(markers);
        self
    }

    /// Whether the project shows one of the signs, or none is asked for.
    pub(super) fn fits_root(&self, facts: &RootFacts, tools: &Tools) -> bool {
        self.markers.is_empty() || self.markers.iter().any(|marker| marker.shows(facts, tools))
    }

    /// Whether it is for documents such as this one.
    pub(super) fn fits_document(&self, path: &WorkspacePath, language: &str) -> bool {
        self.any_document()
            || self.languages.iter().any(|known| known == language)
            || self.globs.is_match(path.as_path())
    }

    /// Whether it names no kind of document.
    pub(super) fn any_document(&self) -> bool {
        self.languages.is_empty() && self.globs.is_empty()
    }
}

impl Marker {
    fn entry(file: &str) -> Result<Self, WhenError> {
        if file.contains('/') {
            return Err(WhenError::BelowRoot(file.to_owned()));
        }
        Ok(Self::Entry(parse_glob(file)?.compile_matcher()))
    }

    fn shows(&self, facts: &RootFacts, tools: &Tools) -> bool {
        match self {
            Self::Entry(glob) => facts.has_entry(glob),
            Self::NodePackage(name) => facts.has_node_package(name),
            Self::PythonTool(name) => facts.has_python_tool(name),
            Self::LocalTool(name) => tools.is_local(name),
        }
    }
}

/// A glob without `/` matches in every directory.
fn anywhere(glob: &str) -> String {
    if glob.contains('/') { glob.to_owned() } else { format!("**/{glob}") }
}

fn parse_glob(glob: &str) -> Result<globset::Glob, WhenError> {
    GlobBuilder::new(glob).literal_separator(true).build().map_err(|error| bad_glob(glob, &error))
}

fn bad_glob(glob: &str, error: &globset::Error) -> WhenError {
    WhenError::Glob { glob: glob.to_owned(), reason: error.kind().to_string() }
}
