//! What a shadow is made from, what it lacks, and what can go wrong.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use vouchsafe_base::WorkspacePath;

/// The built-in patterns. Private keys by their usual names, not `id_*`: that would take source files away.
const BUILT_IN: &[&str] = &[
    ".env*",
    "*.pem",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "*.kdbx",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    ".netrc",
    "_netrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
    "**/.aws/credentials",
    "**/.aws/config",
    ".azure",
    "**/.config/gcloud",
    "application_default_credentials.json",
    "**/.kube/config",
    "**/.docker/config.json",
    ".ssh",
    ".gnupg",
];

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A regular file.
    File {
        /// Its size.
        bytes: u64,
    },
    /// A symbolic link.
    Symlink {
        /// Where it points, as it is written.
        target: Vec<u8>,
    },
    /// A directory.
    Directory,
    /// Anything else.
    Special,
}

/// Which files to hide. Read as in `.gitignore`: a glob without a `/` inside matches a name at any depth, one with it a
/// path from the root; case is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenFiles {
    /// The globs of what is hidden.
    pub globs: Vec<String>,
    /// The globs of what is not, all the same.
    pub except: Vec<String>,
}

impl Default for HiddenFiles {
    /// What usually holds secrets.
    fn default() -> Self {
        Self { globs: BUILT_IN.iter().map(|glob| (*glob).to_owned()).collect(), except: Vec::new() }
    }
}

/// What to make a shadow from.
#[derive(Debug, Clone)]
pub struct ShadowPlan {
    /// The workspace, absolute.
    pub workspace: PathBuf,
    /// The directory that holds all shadows; it must not lie inside the workspace.
    pub cache: PathBuf,
    /// Unsaved editor buffers, laid over the copy.
    pub seeds: Vec<(WorkspacePath, Vec<u8>)>,
    /// Files that the task must not see.
    pub hidden: HiddenFiles,
    /// What a copy may take.
    pub limits: ShadowLimits,
}

/// What a copy may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShadowLimits {
    /// Bytes of all files together.
    pub bytes_max: u64,
    /// Files, links and directories together.
    pub files_max: u64,
    /// Bytes of one file; a larger one is left out, and listed as lacking.
    pub file_bytes_max: u64,
}

impl Default for ShadowLimits {
    fn default() -> Self {
        Self { bytes_max: 8 << 30, files_max: 1_000_000, file_bytes_max: 1 << 30 }
    }
}

/// Why something is not in the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// `.gitignore` or the like names it.
    Ignored,
    /// It may hold secrets.
    Hidden,
    /// A socket, fifo or device.
    Special,
    /// Larger than [`ShadowLimits::file_bytes_max`].
    TooLarge,
    /// It could not be read.
    Unreadable,
}

/// Something that the workspace has and the copy has not. A directory stands for all below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// What.
    pub path: WorkspacePath,
    /// Why.
    pub why: Lack,
}

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Shadows of tasks whose server is gone.
    pub shadows: u32,
    /// Their processes that were still alive.
    pub processes: u32,
}

/// What can go wrong with a shadow.
#[derive(Debug, thiserror::Error)]
pub enum ShadowError {
    /// The workspace is not a directory that can be read.
    #[error("the workspace {} cannot be read ({error})", path.display())]
    Workspace {
        /// The workspace.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The cache cannot be used.
    #[error("the cache directory {} cannot be used ({error}): make it writable or configure another one", path.display())]
    Cache {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The cache lies inside the workspace.
    #[error("the cache directory {} lies inside the workspace: configure one outside", path.display())]
    CacheInside {
        /// The directory.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the disk of {} is full: free some space there or configure another cache directory", path.display())]
    DiskFull {
        /// Where it was written.
        path: PathBuf,
    },
    /// The workspace is too large to copy.
    #[error(
        "the workspace is too large to copy: more than {limit_bytes} bytes or {limit_files} files that are not ignored; \
         ignore generated files or raise the limits"
    )]
    TooLarge {
        /// Bytes allowed.
        limit_bytes: u64,
        /// Files allowed.
        limit_files: u64,
    },
    /// A glob of the configuration is malformed.
    #[error("the hidden-file pattern {glob:?} is malformed: {why}")]
    Glob {
        /// The pattern.
        glob: String,
        /// Why.
        why: String,
    },
    /// A file of the copy cannot be read.
    #[error("{path} cannot be read in the shadow ({error})")]
    Unreadable {
        /// The file.
        path: WorkspacePath,
        /// What the system said.
        error: io::Error,
    },
    /// The base of a file is not known any more.
    #[error("{path} was changed in the workspace after the task began, and what it held before is not known")]
    BaseGone {
        /// The file.
        path: WorkspacePath,
    },
    /// Something else failed.
    #[error("{what} failed ({error})")]
    System {
        /// What was done.
        what: String,
        /// What the system said.
        error: io::Error,
    },
}
