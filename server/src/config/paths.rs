//! Globs over paths of the workspace: what is hidden, what is protected, what a task may change.
//!
//! A glob is read as in .gitignore: without a `/` inside it matches at any depth, with one from the root; a directory
//! stands for all that lies in it. `*` does not cross a `/`, `**` does.
//!
//! Invariants
//! - What hides or protects ignores case, so that no file system can be fooled by `.ENV`; the scope does not.
//! - Several scopes narrow each other: a path must be in each.

use std::borrow::Cow;

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};
use vouchsafe_base::WorkspacePath;

use super::built_in_paths;

/// Why a text is not a glob over paths of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// Nothing is in it.
    #[error("a glob is empty")]
    Empty,
    /// It leads out of the workspace.
    #[error("{0:?} leads out of the workspace: leave out `..` and `~`")]
    Outside(String),
    /// It asks for the opposite, as .gitignore could.
    #[error("{0:?} begins with `!`, which has no meaning here")]
    Negated(String),
    /// It is longer than any name it could be for.
    #[error("a glob may have at most {GLOB_BYTES_MAX} bytes, not {0}")]
    Long(usize),
    /// It does not parse.
    #[error("{glob:?} is not a glob: {reason}")]
    Syntax {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Globs, any one of which is enough.
#[derive(Debug, Clone)]
pub struct PathRules {
    globs: Vec<String>,
    case: Case,
    /// One for each [`CHUNK`] of the globs.
    sets: Vec<GlobSet>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Matters,
    /// ASCII letters match whatever their case. Globs and paths are lowered before they meet: `globset` looks names
    /// up in a table only where case matters to it.
    Ignored,
}

/// Globs compiled together. With [`GLOB_BYTES_MAX`] it keeps each set far below the size `globset` refuses.
const CHUNK: usize = 128;

/// The longest glob, in bytes.
const GLOB_BYTES_MAX: usize = 256;

impl PathRules {
    /// The globs as they were written.
    #[must_use]
    pub fn globs(&self) -> &[String] {
        &self.globs
    }

    /// A glob that matches the path or a directory it lies in, the outermost first.
    #[must_use]
    pub fn matching(&self, path: &WorkspacePath) -> Option<&str> {
        if self.globs.is_empty() {
            return None;
        }
        let bytes = match self.case {
            Case::Matters => Cow::Borrowed(path.as_bytes()),
            Case::Ignored => Cow::Owned(path.as_bytes().to_ascii_lowercase()),
        };
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        ends.chain([bytes.len()]).find_map(|end| self.matching_itself(bytes.get(..end)?))
    }

    fn matching_itself(&self, path: &[u8]) -> Option<&str> {
        let path = Candidate::from_bytes(path);
        self.sets.iter().zip(self.globs.chunks(CHUNK)).find_map(|(set, globs)| {
            let first = set.matches_candidate(&path).into_iter().min()?;
            globs.get(first).map(String::as_str)
        })
    }

    fn parse(globs: Vec<String>, case: Case) -> Result<Self, GlobError> {
        let sets = globs.chunks(CHUNK).map(|globs| compile_set(globs, case)).collect::<Result<_, _>>()?;
        Ok(Self { globs, case, sets })
    }

    /// What no path matches.
    fn nothing() -> Self {
        Self { globs: Vec::new(), case: Case::Matters, sets: Vec::new() }
    }
}

/// Whether a text is a glob, without keeping it.
pub(super) fn check_glob(glob: &str) -> Result<(), GlobError> {
    PathRules::parse(vec![glob.to_owned()], Case::Ignored).map(|_| ())
}

/// The files that a task cannot see.
#[derive(Debug, Clone)]
pub struct Hidden {
    /// `None` only if globs that were checked one by one cannot be compiled together; then all is hidden.
    rules: Option<PathRules>,
    except: PathRules,
}

impl Hidden {
    pub(super) fn new(globs: &[String], except: Vec<String>) -> Self {
        let rules = PathRules::parse(with_built_in(built_in_paths::HIDDEN, globs), Case::Ignored).ok();
        let built_in = built_in_paths::NOT_HIDDEN.iter().map(|glob| (*glob).to_owned());
        let except = PathRules::parse(built_in.chain(except).collect(), Case::Matters)
            .unwrap_or_else(|_| PathRules::nothing());
        Self { rules, except }
    }

    /// The glob that hides the path; `None` if a task may see it.
    #[must_use]
    pub fn rule(&self, path: &WorkspacePath) -> Option<&str> {
        matching_or_all(self.rules.as_ref(), path).filter(|_| self.except.matching(path).is_none())
    }

    /// The globs that hide, built-in ones first.
    #[must_use]
    pub fn globs(&self) -> &[String] {
        self.rules.as_ref().map_or(&[], PathRules::globs)
    }

    /// The globs of what is not hidden all the same.
    #[must_use]
    pub fn except(&self) -> &[String] {
        self.except.globs()
    }
}

/// The files whose changes must be accepted one by one.
#[derive(Debug, Clone)]
pub struct Protected {
    /// `None` as in [`Hidden`]; then all is protected.
    rules: Option<PathRules>,
}

impl Protected {
    pub(super) fn new(globs: &[String]) -> Self {
        let rules = PathRules::parse(with_built_in(built_in_paths::PROTECTED, globs), Case::Ignored).ok();
        Self { rules }
    }

    /// The glob that protects the path, if one does.
    #[must_use]
    pub fn rule(&self, path: &WorkspacePath) -> Option<&str> {
        matching_or_all(self.rules.as_ref(), path)
    }

    /// The globs, built-in ones first.
    #[must_use]
    pub fn globs(&self) -> &[String] {
        self.rules.as_ref().map_or(&[], PathRules::globs)
    }
}

fn matching_or_all<'r>(rules: Option<&'r PathRules>, path: &WorkspacePath) -> Option<&'r str> {
    rules.map_or(Some("**"), |rules| rules.matching(path))
}

/// The files a task may change. A change elsewhere is marked, and is in no *accept all*.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    layers: Vec<PathRules>,
}

impl Scope {
    /// A path must match a glob of each layer. A layer without globs narrows nothing; one that cannot be compiled
    /// allows nothing.
    pub(super) fn new(layers: impl IntoIterator<Item = Vec<String>>) -> Self {
        let layers = layers.into_iter().filter(|globs| !globs.is_empty());
        let compile = |globs| PathRules::parse(globs, Case::Matters).unwrap_or_else(|_| PathRules::nothing());
        Self { layers: layers.map(compile).collect() }
    }

    /// Whether a task may change the path.
    #[must_use]
    pub fn allows(&self, path: &WorkspacePath) -> bool {
        self.layers.iter().all(|layer| layer.matching(path).is_some())
    }

    /// The lists of globs, in each of which a path must be; empty if all files may be changed.
    pub fn layers(&self) -> impl Iterator<Item = &[String]> {
        self.layers.iter().map(PathRules::globs)
    }
}

fn compile_set(globs: &[String], case: Case) -> Result<GlobSet, GlobError> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let pattern = pattern(glob)?;
        let pattern = if case == Case::Ignored { pattern.to_ascii_lowercase() } else { pattern };
        let compiled = GlobBuilder::new(&pattern).literal_separator(true).backslash_escape(true).build();
        set.add(compiled.map_err(|error| syntax(glob, &error))?);
    }
    set.build().map_err(|error| syntax(&globs.join(" "), &error))
}

fn with_built_in(built_in: &[&str], more: &[String]) -> Vec<String> {
    built_in.iter().map(|glob| (*glob).to_owned()).chain(more.iter().cloned()).collect()
}

/// The glob as `globset` knows it.
fn pattern(glob: &str) -> Result<String, GlobError> {
    if glob.len() > GLOB_BYTES_MAX {
        return Err(GlobError::Long(glob.len()));
    }
    if glob.starts_with('!') {
        return Err(GlobError::Negated(glob.to_owned()));
    }
    let bare = glob.strip_suffix('/').unwrap_or(glob);
    let anchored = bare.contains('/');
    let bare = bare.strip_prefix("./").or_else(|| bare.strip_prefix('/')).unwrap_or(bare);
    if bare.is_empty() {
        return Err(GlobError::Empty);
    }
    if bare.starts_with('~') || bare.split('/').any(|part| part == "..") {
        return Err(GlobError::Outside(glob.to_owned()));
    }
    Ok(if anchored { bare.to_owned() } else { format!("**/{bare}") })
}

fn syntax(glob: &str, error: &globset::Error) -> GlobError {
    GlobError::Syntax { glob: glob.to_owned(), reason: error.kind().to_string() }
}
