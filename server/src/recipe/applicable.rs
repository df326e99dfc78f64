//! Which recipes to offer at a place, and which one a name means.
//!
//! Invariant: cheap enough for every code action. Reads the facts and cached look-ups, allocates the answer.

use std::cmp::Reverse;

use vouchsafe_base::WorkspacePath;

use super::{Recipe, RecipeError, RecipeScope, RecipeSource, RootFacts, Tools};

/// How alike two names must be (0 to 1) for one to be suggested for the other.
const NEAR: f64 = 0.8;

/// The recipes to offer, most relevant first: those for this file before those for the whole workspace, those for
/// this kind of document before those for any, the user's own before built-in ones before the project's.
///
/// `document` is the current file with its LSP language id; without one only recipes that need no file are given.
/// A built-in recipe whose program is missing is left out; one that the user named is offered, and
/// [`Recipe::ready`] says what is missing.
#[must_use]
pub fn applicable<'r>(
    recipes: &'r [Recipe],
    tools: &Tools,
    facts: &RootFacts,
    document: Option<(&WorkspacePath, &str)>,
) -> Vec<&'r Recipe> {
    let fits = |recipe: &&Recipe| {
        let document_fits = match document {
            Some((path, language)) => recipe.when.fits_document(path, language),
            None => !recipe.needs_file(),
        };
        document_fits && recipe.when.fits_root(facts, tools) && is_usable(recipe, tools)
    };
    let mut fitting: Vec<&Recipe> = recipes.iter().filter(fits).collect();
    fitting.sort_by_key(|recipe| {
        (Reverse(recipe.scope == RecipeScope::File), recipe.when.any_document(), recipe.source)
    });
    fitting
}

fn is_usable(recipe: &Recipe, tools: &Tools) -> bool {
    recipe.source == RecipeSource::User || recipe.tools.iter().all(|tool| tools.has(tool))
}

/// The recipe of this name.
///
/// # Errors
/// [`RecipeError::Unknown`] with the nearest name.
pub fn find<'r>(recipes: &'r [Recipe], name: &str) -> Result<&'r Recipe, RecipeError> {
    recipes.iter().find(|recipe| recipe.name == name).ok_or_else(|| {
        let names = recipes.iter().map(|recipe| recipe.name.as_str());
        RecipeError::Unknown { name: name.to_owned(), nearest: nearest(name, names).map(str::to_owned) }
    })
}

/// The name most like `wanted`, if any is alike enough to be what was meant.
pub(crate) fn nearest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let likeness = |name: &str| strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase());
    let scored = names.into_iter().map(|name| (likeness(name), name));
    let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best.0 >= NEAR).then_some(best.1)
}
