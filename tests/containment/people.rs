//! As whom the table is tried: the user who runs the tests and, when that is root, an ordinary user made for it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use vouchsafe_tests::process::binary;

use crate::table::Row;

/// The ordinary user's name; it exists only while the table runs.
const ORDINARY: &str = "vouchsafe-table";
/// The system's Python: one that both users can start.
pub(crate) const PYTHON: &str = "/usr/bin/python3";
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// One user.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    /// Another than the user who runs the tests: its user and group id.
    other: Option<u32>,
}

impl Person {
    /// Root and an ordinary user where the tests run as root, else whoever runs them.
    pub(crate) fn all() -> Vec<Self> {
        if !rustix::process::getuid().is_root() {
            return vec![Self { name: "user", other: None }];
        }
        let made = Command::new("useradd").args(["--no-create-home", "--user-group", ORDINARY]).output();
        drop(made.expect("useradd")); // fails when a run that was killed has left it
        let id = Command::new("id").args(["-u", ORDINARY]).output().expect("id");
        let id = String::from_utf8_lossy(&id.stdout).trim().parse().expect("the user that useradd made");
        vec![Self { name: "root", other: None }, Self { name: "user", other: Some(id) }]
    }

    /// Words in front of a command that is to run as this user.
    pub(crate) fn become_it(&self) -> Vec<OsString> {
        let Some(id) = self.other else { return Vec::new() };
        let id = id.to_string();
        ["setpriv", "--reuid", &id, "--regid", &id, "--clear-groups", "--"].map(OsString::from).into()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        if self.other.is_some() {
            drop(Command::new("userdel").arg(ORDINARY).output());
        }
    }
}

/// What all runs share: the program and the attempts, where every user can reach them.
#[derive(Debug)]
pub(crate) struct Laid {
    dir: TempDir,
    /// The program as it was built.
    pub(crate) built: PathBuf,
    /// Every line of the table.
    pub(crate) rows: Vec<Row>,
    yards: AtomicU32,
}

impl Laid {
    pub(crate) fn out() -> Self {
        let dir = tempfile::Builder::new().prefix("containment-").tempdir().expect("a temporary directory");
        open_to_all(dir.path());
        let rows = Vec::new();
        let mut laid = Self { dir, built: binary("vouchsafe"), rows, yards: AtomicU32::new(0) };
        fs::copy(&laid.built, laid.program()).expect("a copy of the program");
        let attempts = laid.attempts();
        fs::create_dir(&attempts).expect("a directory");
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("containment/attempts");
        for entry in fs::read_dir(ours).expect("the attempts").flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "py") {
                fs::copy(entry.path(), attempts.join(entry.file_name())).expect("a copy");
            }
        }
        open_to_all(&attempts);
        laid.rows = listed(&attempts);
        laid
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.dir.path().join("vouchsafe")
    }

    pub(crate) fn attempts(&self) -> PathBuf {
        self.dir.path().join("attempts")
    }

    /// A fresh directory that belongs to `person`, and a word that no other run has.
    pub(crate) fn yard(&self, person: &Person) -> (PathBuf, String) {
        let number = self.yards.fetch_add(1, Ordering::Relaxed);
        let yard = self.dir.path().join(format!("yard-{number}"));
        fs::create_dir(&yard).expect("a directory");
        std::os::unix::fs::chown(&yard, person.other, person.other).expect("root may give a directory away");
        let token = format!("vouchsafe-{}-{number}", std::process::id());
        (yard, token)
    }
}

/// Asks the attempts for their list; on the way they are compiled for everybody.
fn listed(attempts: &Path) -> Vec<Row> {
    let told = Command::new(PYTHON).arg(attempts.join("attempts.py")).arg("list").output();
    let told = told.expect("the system's Python");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let lines = String::from_utf8_lossy(&told.stdout).into_owned();
    lines.lines().map(|line| Row::read(&serde_json::from_str(line).expect("JSON of our own"))).collect()
}

fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("our own directory");
}

/// The environment of a run in `yard`: its own directories, the system's tools and, for whoever runs the tests, cargo.
pub(crate) fn environment(yard: &Path, person: &Person, config: &str) -> Vec<(OsString, OsString)> {
    let own = |name: &str, dir: &str| (OsString::from(name), yard.join(dir).into_os_string());
    let mut path = OsString::from(PATH);
    let mut all = vec![
        own("HOME", "home"),
        own("XDG_CONFIG_HOME", config),
        own("XDG_STATE_HOME", "state"),
        own("XDG_CACHE_HOME", "cache"),
        own("XDG_DATA_HOME", "data"),
        own("XDG_RUNTIME_DIR", "run"),
        ("LANG".into(), "C.UTF-8".into()),
    ];
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    for (name, usual) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let dir = std::env::var_os(name).map_or_else(|| home.join(usual), PathBuf::from);
        if person.other.is_none() && dir.is_dir() {
            if name == "CARGO_HOME" {
                path.push(":");
                path.push(dir.join("bin"));
            }
            all.push((name.into(), dir.into()));
        }
    }
    all.push(("PATH".into(), path));
    all
}
