//! What a task's commands may touch and see.
//!
//! Invariants
//! - Reads are a list as well: a path that is on no list cannot be opened.
//! - The home directory as such is never on it, nor a directory that holds it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::environment;
use super::limits::TaskLimits;
use super::toolchains::{self, Toolchains};
use crate::shadow::{Lacking, Shadow};

/// What a rule allows below (or on) a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// Read and execute.
    Run,
    /// Read only.
    Read,
    /// Read and write an existing device.
    Device,
    /// Everything that a user can do to files.
    Write,
}

/// What the commands of one task may touch and see.
///
/// System directories, a part of `/etc` and the toolchains found on this machine can be read from the start; the
/// shadow, a private home and a private temporary directory can be written.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The workspace as commands see it.
    pub(crate) root: PathBuf,
    /// Where it really is.
    pub(crate) workspace: PathBuf,
    /// What of it commands do not see.
    pub(crate) lacking: Vec<Lacking>,
    /// The private home directory.
    pub(crate) home: PathBuf,
    /// The private temporary directory.
    pub(crate) temporary: PathBuf,
    /// Everything that can be written, to be measured against the limits.
    pub(crate) writable: Vec<PathBuf>,
    pub(crate) rules: BTreeMap<PathBuf, Access>,
    /// Added by the user: must exist, unlike what we guess.
    pub(crate) asked: Vec<PathBuf>,
    pub(crate) env: BTreeMap<OsString, OsString>,
    pub(crate) limits: TaskLimits,
    pub(crate) toolchains: Toolchains,
    /// Bytes and files that the shadow took before anybody wrote to it.
    pub(crate) base_size: (u64, u64),
    /// What makes a root directory of its own, in the tier that has one.
    pub(crate) inside: Option<Inside>,
}

/// The root directory that commands see, besides what they may read.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    /// An empty directory to build it on.
    pub(crate) new_root: PathBuf,
    /// The workspace: an overlay at its own path.
    pub(crate) workspace: OverlayDirs,
    /// Where commands see their home, and their temporary directory.
    pub(crate) home: PathBuf,
    pub(crate) temporary: PathBuf,
    /// Where the layers over the toolchains' caches go.
    pub(crate) caches: PathBuf,
}

/// The directories of an overlay.
#[derive(Debug, Clone)]
pub(crate) struct OverlayDirs {
    pub(crate) upper: PathBuf,
    pub(crate) work: PathBuf,
    /// Topmost first.
    pub(crate) lowers: Vec<PathBuf>,
}

impl Policy {
    /// The policy for commands that work in `shadow`.
    #[must_use]
    pub fn for_shadow(shadow: &Shadow) -> Self {
        let get = |name: &str| std::env::var_os(name);
        let toolchains = toolchains::find(&get);
        let inside = shadow.inside(get("HOME").map(PathBuf::from));
        let mut policy = Self::bare(shadow.seen_root(), shadow.home(), shadow.temporary());
        if let Some(inside) = &inside {
            policy.env = environment::private(&inside.home, &inside.temporary);
        }
        let home = inside.as_ref().map_or(shadow.home(), |inside| &inside.home);
        policy.rules.extend(shadow.reads().iter().map(|path| (path.clone(), Access::Read)));
        policy.rules.extend(toolchains.rules.iter().cloned());
        policy.env.extend(environment::inherited(&get, &toolchains, shadow));
        policy.env.extend(toolchains.environment(home, inside.is_some()));
        policy.workspace = shadow.workspace().to_owned();
        policy.lacking = shadow.lacks().to_vec();
        policy.writable = shadow.measured();
        policy.toolchains = toolchains;
        policy.base_size = shadow.base_size();
        policy.inside = inside;
        policy
    }

    /// System directories and three places to write, nothing else.
    pub(crate) fn bare(root: &Path, home: &Path, temporary: &Path) -> Self {
        let writable: Vec<PathBuf> = [root, home, temporary].map(Path::to_owned).into();
        let mut rules: BTreeMap<PathBuf, Access> = system();
        rules.extend(writable.iter().map(|path| (path.clone(), Access::Write)));
        Self {
            root: root.to_owned(),
            workspace: root.to_owned(),
            lacking: Vec::new(),
            home: home.to_owned(),
            temporary: temporary.to_owned(),
            writable,
            rules,
            asked: Vec::new(),
            env: environment::private(home, temporary),
            limits: TaskLimits::default(),
            toolchains: Toolchains::default(),
            base_size: (0, 0),
            inside: None,
        }
    }

    /// Lets commands read and execute `path` and what lies below it. It must exist when the task starts.
    #[must_use]
    pub fn may_read(mut self, path: impl Into<PathBuf>) -> Self {
        self.asked.push(path.into());
        self
    }

    /// Sets a variable in every command's environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Sets what all commands of the task may use together.
    #[must_use]
    pub fn limits(mut self, limits: TaskLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether a path lies where commands may do what they like.
    pub(crate) fn is_private(&self, path: &Path) -> bool {
        [&self.root, &self.home, &self.temporary].iter().any(|place| path.starts_with(place))
    }

    /// Whether some rule lets commands read `path`.
    pub(crate) fn covers(&self, path: &Path) -> bool {
        path.ancestors()
            .any(|above| self.rules.contains_key(above) || self.asked.iter().any(|asked| asked == above))
    }
}

/// Programs, libraries and their data.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/run/current-system",
];

/// The part of `/etc` that programs need and that holds no secrets.
const ETC: &[&str] = &[
    "alternatives",
    "bash.bashrc",
    "ca-certificates",
    "ca-certificates.conf",
    "clang",
    "crypto-policies",
    "debian_version",
    "default/locale",
    "dpkg/origins",
    "fonts",
    "gai.conf",
    "gitattributes",
    "gitconfig",
    "group",
    "host.conf",
    "hostname",
    "hosts",
    "inputrc",
    "java",
    "java-8-openjdk",
    "java-11-openjdk",
    "java-17-openjdk",
    "java-21-openjdk",
    "java-25-openjdk",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "locale.alias",
    "locale.conf",
    "localtime",
    "lsb-release",
    "magic",
    "magic.mime",
    "manpath.config",
    "maven",
    "mime.types",
    "netconfig",
    "networks",
    "nsswitch.conf",
    "os-release",
    "passwd",
    "perl",
    "pki/ca-trust",
    "pki/tls/cert.pem",
    "pki/tls/certs",
    "profile",
    "profile.d",
    "protocols",
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "redhat-release",
    "resolv.conf",
    "rpc",
    "services",
    "ssl/cert.pem",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
];

/// What programs ask about the machine. `/proc` shows other processes' names; `docs/security.md` says so.
const MACHINE: &[&str] =
    &["/proc", "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", "/sys/kernel/mm"];

const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

/// Rules for whatever of the system exists.
fn system() -> BTreeMap<PathBuf, Access> {
    let run = SYSTEM.iter().map(|path| (PathBuf::from(path), Access::Run));
    let etc = ETC.iter().map(|name| (Path::new("/etc").join(name), Access::Read));
    let machine = MACHINE.iter().map(|path| (PathBuf::from(path), Access::Read));
    let devices = DEVICES.iter().map(|path| (PathBuf::from(path), Access::Device));
    run.chain(etc).chain(machine).chain(devices).filter(|(path, _)| path.exists()).collect()
}
