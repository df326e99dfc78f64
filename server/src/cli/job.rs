//! A job from the command line: which workspace, which directory in it, which rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use vouchsafe_base::WorkspacePath;

use super::OutputArgs;
use super::exit::Failure;
use super::output::{Paint, note};
use crate::agent::Dirs;
use crate::config::{self, Config, Loaded, Sources};

/// Where a command line acts.
pub(super) struct Here {
    /// The workspace, absolute and without symbolic links.
    pub(super) workspace: PathBuf,
    /// The current directory, below it; `None` for the workspace itself.
    pub(super) directory: Option<WorkspacePath>,
    /// The configuration in force.
    pub(super) config: Arc<Config>,
}

impl Here {
    /// Finds the workspace: the one named, else the Git repository around the current directory, else that
    /// directory itself.
    pub(super) fn find(args: &OutputArgs, dirs: &Dirs) -> Result<Self, Failure> {
        let current = std::env::current_dir()?.canonicalize()?;
        let workspace = match &args.root {
            Some(root) => root.canonicalize().map_err(|error| {
                Failure::Usage(format!("--root {}: {error}: name a directory that exists", root.display()))
            })?,
            None => repository(&current, dirs.home.as_deref()).unwrap_or_else(|| current.clone()),
        };
        let directory = current.strip_prefix(&workspace).ok().filter(|below| !below.as_os_str().is_empty());
        let directory = directory.and_then(|below| WorkspacePath::from_relative(below).ok());
        let (config_home, home) = (dirs.config_home.as_deref(), dirs.home.as_deref());
        let Loaded { config, problems } =
            config::load(&Sources::read(Some(&workspace), config_home, home, None));
        for problem in problems {
            note(&format!("{}: {problem}", Paint::stderr().bold("vouchsafe")));
        }
        Ok(Self { workspace, directory, config: Arc::new(config) })
    }

    /// A file named on the command line, as a path of the workspace.
    pub(super) fn file(&self, named: &Path) -> Result<WorkspacePath, Failure> {
        let absolute = std::env::current_dir()?.join(named);
        let absolute = match (absolute.parent().map(Path::canonicalize), absolute.file_name()) {
            (Some(Ok(parent)), Some(name)) => parent.join(name),
            _ => absolute,
        };
        let inside = absolute.strip_prefix(&self.workspace).ok();
        inside.and_then(|below| WorkspacePath::from_relative(below).ok()).ok_or_else(|| {
            let workspace = self.workspace.display();
            Failure::Usage(format!("{} is not in the workspace {workspace}", named.display()))
        })
    }
}

/// The directory with `.git` at or above `from`, but never the home directory: people keep their settings in a
/// repository there, and a task must not get a copy of everything.
fn repository(from: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let home = home.and_then(|home| home.canonicalize().ok());
    from.ancestors()
        .take_while(|directory| Some(*directory) != home.as_deref())
        .find(|directory| directory.join(".git").exists())
        .map(Path::to_owned)
}
