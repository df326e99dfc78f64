//! From the keys of `[recipes.NAME]` to a recipe.
//!
//! Invariants
//! - A project defines no recipe whose name the user has used: what the user runs by that name stays the user's.
//! - A recipe is taken whole or not at all.

use std::collections::BTreeSet;

use super::document::{Document, KeyPath};
use super::keys::{RecipeKeys, WhenKeys};
use super::problem::{Problem, Severity};
use crate::recipe::{Recipe, RecipeCommand, RecipeScope, RecipeSource, When, built_in, nearest};

/// The longest name and title, in characters.
const NAME_CHARS_MAX: usize = 64;
const TITLE_CHARS_MAX: usize = 120;

/// The recipes as more and more sources have their say.
#[derive(Debug, Clone)]
pub(super) struct Recipes {
    offered: Vec<Recipe>,
    /// Names the user has used, switched off ones included.
    users: BTreeSet<String>,
}

/// What is wrong with a recipe: the key below it, and why.
type Fault = (KeyPath, String);

impl Recipes {
    pub(super) fn new() -> Self {
        Self { offered: built_in(), users: BTreeSet::new() }
    }

    pub(super) fn into_offered(self) -> Vec<Recipe> {
        self.offered
    }

    /// Keeps names for the user although nothing is defined by them.
    pub(super) fn reserve(&mut self, names: impl IntoIterator<Item = String>) {
        self.users.extend(names);
    }

    /// Adds or changes one recipe; what is wrong with it is returned and nothing of it is used.
    pub(super) fn define(
        &mut self,
        document: &Document,
        name: &str,
        keys: RecipeKeys,
        source: RecipeSource,
    ) -> Option<Problem> {
        let path = KeyPath::of(&["recipes", name]);
        if source == RecipeSource::Project && self.users.contains(name) {
            let message =
                format!("`{path}` is a recipe of the user's own, so that of the project is ignored");
            return Some(document.at_key(&path, Severity::Warning, message));
        }
        match self.defined(&path, name, keys, source) {
            Ok(recipe) => {
                self.put(name, recipe);
                if source == RecipeSource::User {
                    self.users.insert(name.to_owned());
                }
                None
            }
            Err((path, message)) => Some(document.at_value(&path, Severity::Error, message)),
        }
    }

    /// Puts a recipe in the place of that of its name; `None` takes that away.
    fn put(&mut self, name: &str, recipe: Option<Recipe>) {
        let place = self.offered.iter().position(|known| known.name == name);
        match (place.and_then(|at| self.offered.get_mut(at)), recipe) {
            (Some(known), Some(recipe)) => *known = recipe,
            (None, Some(recipe)) => self.offered.push(recipe),
            (_, None) => self.offered.retain(|known| known.name != name),
        }
    }

    /// The recipe these keys make; `None` for one that is switched off.
    fn defined(
        &self,
        path: &KeyPath,
        name: &str,
        keys: RecipeKeys,
        source: RecipeSource,
    ) -> Result<Option<Recipe>, Fault> {
        if !is_name(name) {
            let rule = format!("letters, digits, `-`, `_` and `.`, at most {NAME_CHARS_MAX}");
            return Err((path.clone(), format!("{name:?} is not a name for a recipe: use {rule}")));
        }
        let known = self.offered.iter().find(|known| known.name == name);
        let off = keys.enabled == Some(false);
        let recipe = match (known, keys.run.is_some()) {
            (Some(known), _) => changed(known.clone(), path, keys)?,
            (None, true) => changed(blank(name), path, keys)?,
            (None, false) if off && self.users.contains(name) => return Ok(None),
            (None, false) => return Err((path.clone(), self.no_run(path, name))),
        };
        Ok((!off).then_some(Recipe { source, ..recipe }))
    }

    fn no_run(&self, path: &KeyPath, name: &str) -> String {
        let near = nearest(name, self.offered.iter().map(|recipe| recipe.name.as_str()));
        let hint = near.map(|near| format!(", or did you mean the recipe `{near}`?")).unwrap_or_default();
        format!("`{path}` has no `run`: add the commands it runs{hint}")
    }
}

fn blank(name: &str) -> Recipe {
    Recipe {
        name: name.to_owned(),
        title: format!("Run {name}"),
        run: Vec::new(),
        check: Vec::new(),
        when: When::default(),
        scope: RecipeScope::Workspace,
        env: std::collections::BTreeMap::new(),
        timeout_s: None,
        tools: Vec::new(),
        source: RecipeSource::User,
    }
}

/// The recipe with the keys that are set. New commands need other programs, work on other things, and what was
/// claimed of the old ones does not hold for them.
fn changed(mut recipe: Recipe, path: &KeyPath, keys: RecipeKeys) -> Result<Recipe, Fault> {
    if let Some(title) = keys.title {
        recipe.title = sound_title(&path.then("title"), title)?;
    }
    if let Some(lines) = keys.run {
        recipe.run = commands(&path.then("run"), &lines)?;
        recipe.check = Vec::new();
        recipe.tools = Vec::new();
        let for_file = recipe.run.iter().any(RecipeCommand::names_file);
        recipe.scope = if for_file { RecipeScope::File } else { RecipeScope::Workspace };
        if recipe.run.is_empty() {
            return Err((path.then("run"), format!("`{path}.run` is empty: add the commands it runs")));
        }
    }
    if let Some(lines) = keys.check {
        recipe.check = commands(&path.then("check"), &lines)?;
    }
    if let Some(when) = keys.when {
        recipe.when = parse_when(&path.then("when"), &when)?;
    }
    if let Some(env) = keys.env {
        for (name, value) in &env {
            sound_variable(&path.then("env").then(name), name, value)?;
        }
        recipe.env = env;
    }
    recipe.scope = keys.scope.unwrap_or(recipe.scope);
    recipe.timeout_s = keys.timeout_s.or(recipe.timeout_s);
    Ok(recipe)
}

fn commands(path: &KeyPath, lines: &[String]) -> Result<Vec<RecipeCommand>, Fault> {
    let parse = |(at, line): (usize, &String)| {
        RecipeCommand::parse(line).map_err(|error| (path.then(&at.to_string()), format!("`{path}`: {error}")))
    };
    lines.iter().enumerate().map(parse).collect()
}

fn parse_when(path: &KeyPath, when: &WhenKeys) -> Result<When, Fault> {
    When::parse(&when.files, &when.languages, &when.globs)
        .map_err(|error| (path.clone(), format!("`{path}`: {error}")))
}

/// A title is shown in menus, beside ours: it may not look like more than one line, or read backwards.
fn sound_title(path: &KeyPath, title: String) -> Result<String, Fault> {
    let count = title.chars().count();
    if title.trim().is_empty() || count > TITLE_CHARS_MAX {
        return Err((
            path.clone(),
            format!("`{path}` must have 1 to {TITLE_CHARS_MAX} characters, not {count}"),
        ));
    }
    if let Some(odd) = title.chars().find(|c| c.is_control() || is_invisible(*c)) {
        let message =
            format!("`{path}` holds the invisible character U+{:04X}: leave it out", u32::from(odd));
        return Err((path.clone(), message));
    }
    Ok(title)
}

/// Bidirectional controls, zero-width characters, line separators and tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{00ad}' | '\u{061c}' | '\u{e0000}'..='\u{e007f}')
}

fn sound_variable(path: &KeyPath, name: &str, value: &str) -> Result<(), Fault> {
    if !is_variable(name) {
        return Err((path.clone(), format!("{name:?} is not a name of an environment variable")));
    }
    if value.contains('\0') {
        return Err((path.clone(), format!("`{path}` holds a NUL byte")));
    }
    Ok(())
}

/// Whether a text is a name the environment can hold: letters, digits and `_`, not a digit first.
pub(super) fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= NAME_CHARS_MAX
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
