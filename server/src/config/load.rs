//! From the sources to the configuration in force.
//!
//! Order, each over those before it: defaults, the user's file, the editor's settings, the project's file.
//! A single value replaces an earlier one; a list adds to it; scopes narrow each other; a recipe replaces that of its
//! name, key by key.
//!
//! Invariants
//! - A source with an error has no effect, except that what it forbids, where that can be read, is still forbidden.
//! - The project's file comes last and can only tighten; `trust` sees to that before anything of it is used.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::check;
use super::define::Recipes;
use super::document::{Document, KeyPath};
use super::keys::{RecipeKeys, Settings};
use super::paths::{Hidden, Protected, Scope};
use super::problem::{Place, Problem, Severity};
use super::trust::{self, Denied};
use super::values::{check_values, directory};
use super::{Config, Limits, Loaded, Models, Retention, Sources, models};
use crate::recipe::RecipeSource;

/// Puts the sources together. Never fails: what is wrong is reported, and what is in force is always whole.
#[must_use]
pub fn load(sources: &Sources) -> Loaded {
    let mut loading = Loading::new(sources);
    loading.problems.clone_from(&sources.unreadable);
    if let Some((path, text)) = &sources.user {
        loading.add(Document::from_toml(path, text), RecipeSource::User);
    }
    if let Some(settings) = &sources.editor {
        loading.add(Document::from_editor(settings), RecipeSource::User);
    }
    if let Some((path, text)) = &sources.project {
        loading.add(Document::from_toml(path, text), RecipeSource::Project);
    }
    loading.finish()
}

struct Loading<'s> {
    home: Option<&'s Path>,
    /// Where the user's file is or would be.
    file: String,
    /// All that was set so far, recipes and scopes aside. Always deserializes into `settings`.
    merged: Value,
    settings: Settings,
    scopes: Vec<Vec<String>>,
    recipes: Recipes,
    problems: Vec<Problem>,
}

impl<'s> Loading<'s> {
    fn new(sources: &'s Sources) -> Self {
        let file = sources.user.as_ref().map(|(path, _)| path).or(sources.user_file.as_ref());
        let file =
            file.map_or_else(|| "the user's config.toml".to_owned(), |path| path.display().to_string());
        let merged = json!({ "limits": Limits::DEFAULT });
        let (settings, recipes) = (Settings::default(), Recipes::new());
        let home = sources.home.as_deref();
        Self { home, file, merged, settings, scopes: Vec::new(), recipes, problems: Vec::new() }
    }

    fn add(&mut self, (mut document, mut found): (Document, Vec<Problem>), source: RecipeSource) {
        let unknown_or_wrong = check(&mut document);
        // What does not parse is read as best it can be: faults found in that would be about the reading.
        if document.parsed {
            found.extend(unknown_or_wrong);
        }
        if source == RecipeSource::Project {
            let denied = trust::restrict(&mut document.value, self.limits());
            let warn = |denied: Denied| document.at_key(&denied.path, Severity::Warning, denied.message);
            found.extend(denied.into_iter().map(warn));
        }
        let mut recipes = self.recipes.clone();
        let mut meaningless = check_values(&mut document, self.home);
        meaningless.extend(define_recipes(&mut recipes, &document, source));
        if document.parsed {
            found.extend(meaningless);
        }
        if found.iter().any(|problem| problem.severity == Severity::Error) {
            if source == RecipeSource::User {
                self.recipes.reserve(names_of_recipes(&document));
            }
            trust::keep_restrictions(&mut document.value, self.limits());
            say_what_is_ignored(&mut found);
        } else {
            self.recipes = recipes;
        }
        found.extend(self.merge(&document));
        self.problems.extend(found);
    }

    fn limits(&self) -> &Value {
        self.merged.get("limits").unwrap_or(&Value::Null)
    }

    /// Lays what is left of a document over the rest.
    fn merge(&mut self, document: &Document) -> Option<Problem> {
        let mut value = document.value.clone();
        let keys = value.as_object_mut()?;
        keys.shift_remove("recipes");
        let scope = keys.shift_remove("scope");
        let mut merged = self.merged.clone();
        models::make_way(&mut merged, &value);
        overlay(&mut merged, value);
        match Settings::deserialize(&merged) {
            Ok(settings) => (self.merged, self.settings) = (merged, settings),
            Err(error) => {
                let message = format!("these settings cannot be used: {error}");
                return Some(document.at_key(&KeyPath::default(), Severity::Error, message));
            }
        }
        self.scopes.extend(scope.and_then(|scope| scope.get("paths").map(texts)));
        None
    }

    fn finish(self) -> Loaded {
        let Settings { limits, hidden, read, env, protected, models, evidence, verify, review, log, .. } =
            self.settings;
        let directories = read.directories.iter().filter_map(|text| directory(text, self.home).ok());
        let limits = limits.settled();
        let mut recipes = self.recipes.into_offered();
        for recipe in &mut recipes {
            recipe.timeout_s = recipe.timeout_s.map(|seconds| seconds.min(limits.command_wall_s));
        }
        let config = Config {
            limits,
            hidden: Hidden::new(&hidden.globs, hidden.except),
            protected: Protected::new(&protected.globs),
            scope: Scope::new(self.scopes),
            read_directories: directories.collect(),
            env_pass: env.pass,
            models: Models::new(models, self.file, self.home),
            recipes,
            evidence: Retention { days: evidence.days, max_mib: evidence.max_mib },
            redact: evidence.redact,
            verify,
            review,
            log,
        };
        Loaded { config, problems: self.problems }
    }
}

fn names_of_recipes(document: &Document) -> impl Iterator<Item = String> {
    let named = document.value.get("recipes").and_then(Value::as_object);
    named.into_iter().flatten().map(|(name, _)| name.clone())
}

fn define_recipes(recipes: &mut Recipes, document: &Document, source: RecipeSource) -> Vec<Problem> {
    let named = document.value.get("recipes").and_then(Value::as_object);
    let define = |(name, keys): (&String, &Value)| match RecipeKeys::deserialize(keys) {
        Ok(keys) => recipes.define(document, name, keys, source),
        Err(error) => {
            let path = KeyPath::of(&["recipes", name]);
            Some(document.at_key(&path, Severity::Error, format!("`{path}` cannot be used: {error}")))
        }
    };
    named.into_iter().flatten().filter_map(define).collect()
}

/// The first error of a source also says what it means for the rest.
fn say_what_is_ignored(found: &mut [Problem]) {
    if let Some(error) = found.iter_mut().find(|problem| problem.severity == Severity::Error) {
        let whole = match error.place {
            Place::File { .. } => "this file only hides, protects and limits",
            Place::Editor => "the editor's settings only hide, protect and limit",
        };
        error.message.push_str(&format!(" (until this is mended, {whole})"));
    }
}

/// Tables are merged, lists added up, single values replaced.
fn overlay(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                match base.get_mut(&key) {
                    Some(below) => overlay(below, value),
                    None => drop(base.insert(key, value)),
                }
            }
        }
        (Value::Array(base), Value::Array(over)) => {
            for item in over {
                if !base.contains(&item) {
                    base.push(item);
                }
            }
        }
        (base, over) => *base = over,
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
