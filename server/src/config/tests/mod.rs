//! Configuration as tables: what is written, what is in force, what is said about it.

mod documented;
mod errors;
mod loosening;
mod merging;
mod models;
mod published;
mod trust;

use serde_json::Value;
use vouchsafe_base::WorkspacePath;

use super::*;

/// What is in force and what was said, for texts of the three sources.
#[derive(Default)]
struct Case<'t> {
    user: Option<&'t str>,
    editor: Option<Value>,
    project: Option<&'t str>,
}

impl Case<'_> {
    fn load(self) -> Loaded {
        let file = |name: &str, text: &str| (PathBuf::from(name), text.to_owned());
        load(&Sources {
            user: self.user.map(|text| file("config.toml", text)),
            editor: self.editor,
            project: self.project.map(|text| file(".vouchsafe.toml", text)),
            user_file: Some("config.toml".into()),
            home: Some("/home/ann".into()),
            unreadable: Vec::new(),
        })
    }
}

fn user(text: &str) -> Loaded {
    Case { user: Some(text), ..Case::default() }.load()
}

fn project(text: &str) -> Loaded {
    Case { project: Some(text), ..Case::default() }.load()
}

fn said(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(ToString::to_string).collect()
}

fn path(text: &str) -> WorkspacePath {
    WorkspacePath::parse(text).unwrap()
}

fn recipe<'l>(loaded: &'l Loaded, name: &str) -> Option<&'l Recipe> {
    loaded.config.recipes.iter().find(|recipe| recipe.name == name)
}
