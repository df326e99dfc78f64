//! Workspace folders and the configuration in force in each.
//!
//! Invariants
//! - A folder is replaced as a whole when its configuration changes: who holds one sees one consistent state.
//! - Files are read outside of the session's lock.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use vouchsafe_base::WorkspacePath;

use super::Session;
use super::document::DocumentId;
use super::outgoing::{Level, Outgoing};
use crate::agent::Dirs;
use crate::config::{self, Loaded, Severity, Sources};
use crate::recipe::{RootFacts, ToolPlaces, Tools};
use crate::task::TaskKind;

/// A workspace folder.
pub(super) struct Folder {
    /// Absolute, as the client names it.
    pub(super) path: PathBuf,
    /// The same without symbolic links: the name under which it is copied and recorded.
    pub(super) real: PathBuf,
    /// The configuration in force here, with what is wrong with it.
    pub(super) loaded: Loaded,
    /// The programs that are installed.
    pub(super) tools: Tools,
    /// What the project uses.
    pub(super) facts: RootFacts,
    stamps: [Option<SystemTime>; 2],
}

impl Folder {
    fn read(path: PathBuf, dirs: &Dirs, settings: Option<serde_json::Value>) -> Self {
        let stamps = stamps(&path, dirs);
        let (config_home, home) = (dirs.config_home.as_deref(), dirs.home.as_deref());
        let loaded = config::load(&Sources::read(Some(&path), config_home, home, settings));
        let tools = Tools::new(ToolPlaces::from_env(&path));
        let facts = RootFacts::read(&path);
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        Self { path, real, loaded, tools, facts, stamps }
    }

    /// Whether a model is configured for tasks of this kind.
    pub(super) fn has_model(&self, kind: TaskKind) -> bool {
        self.loaded.config.model_for(kind).is_ok()
    }

    /// A file of this folder.
    pub(super) fn inside(&self, document: &DocumentId) -> Option<WorkspacePath> {
        let below = document.path()?.strip_prefix(&self.path).ok()?;
        WorkspacePath::from_relative(below).ok()
    }
}

/// When the configuration files of a folder were last changed.
fn stamps(folder: &Path, dirs: &Dirs) -> [Option<SystemTime>; 2] {
    let user = config::user_file(dirs.config_home.as_deref(), dirs.home.as_deref());
    [Some(folder.join(config::PROJECT_FILE)), user]
        .map(|path| path.and_then(|path| path.metadata().ok()?.modified().ok()))
}

impl Session {
    /// The user opened a folder.
    pub fn add_folder(&self, path: PathBuf) {
        let settings = self.state().settings.clone();
        let folder = Arc::new(Folder::read(path, &self.services.dirs, settings));
        let mut state = self.state();
        state.folders.retain(|known| known.path != folder.path);
        state.folders.push(folder);
        // The innermost folder answers for a file that lies in two.
        state.folders.sort_by_key(|folder| std::cmp::Reverse(folder.path.as_os_str().len()));
    }

    /// The user closed a folder. Its tasks go on; their proposals stay until decided.
    pub fn remove_folder(&self, path: &Path) {
        self.state().folders.retain(|folder| folder.path != path);
    }

    /// The editor's settings changed.
    pub fn configure(&self, settings: serde_json::Value) {
        self.state().settings = Some(settings);
        self.reload();
        self.report_configuration();
    }

    /// Reads every folder's configuration again.
    pub(super) fn reload(&self) {
        let paths: Vec<_> = self.state().folders.iter().map(|folder| folder.path.clone()).collect();
        for path in paths {
            self.add_folder(path);
        }
    }

    /// The folder a document lies in, with the configuration as it is on disk now.
    pub(super) fn folder_of(&self, document: &DocumentId) -> Option<Arc<Folder>> {
        let folder = self.known_folder_of(document)?;
        if stamps(&folder.path, &self.services.dirs) == folder.stamps {
            return Some(folder);
        }
        self.add_folder(folder.path.clone());
        self.report_configuration();
        self.known_folder_of(document)
    }

    pub(super) fn known_folder_of(&self, document: &DocumentId) -> Option<Arc<Folder>> {
        let path = document.path()?;
        self.state().folders.iter().find(|folder| path.starts_with(&folder.path)).map(Arc::clone)
    }

    /// Tells the user what is wrong with the configuration, each sentence once.
    pub(super) fn report_configuration(&self) {
        let mut state = self.state();
        let problems: Vec<_> =
            state.folders.iter().flat_map(|folder| folder.loaded.problems.clone()).collect();
        let fresh: Vec<_> = problems
            .iter()
            .filter(|problem| !state.reported.contains(&problem.to_string()))
            .cloned()
            .collect();
        state.reported = problems.iter().map(ToString::to_string).collect();
        drop(state);
        for problem in fresh {
            let level = match problem.severity {
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
            };
            self.tell(Outgoing::Message(level, format!("Vouchsafe: {problem}")));
        }
    }
}
