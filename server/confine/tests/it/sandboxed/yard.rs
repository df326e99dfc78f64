//! A workspace, a cache and a secret beside them, made for one test.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use libtest_mimic::Trial;
use tempfile::TempDir;
use vouchsafe_base::WorkspacePath;
use vouchsafe_confine::{
    Cancel, Command, Confined, Ended, Enforced, Limits, Observation, Policy, Shadow, ShadowLimits,
    ShadowPlan, Stream, Tier,
};

pub(super) fn test(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub(super) fn exe() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// Proof for all tests of this process; its cache is left to the system's temporary directory.
pub(super) fn enforced() -> &'static Enforced {
    static ENFORCED: OnceLock<(TempDir, Enforced)> = OnceLock::new();
    let (_, enforced) = ENFORCED.get_or_init(|| {
        let cache = tempfile::tempdir().unwrap();
        let enforced = Enforced::probe(&exe(), cache.path()).expect("this kernel must confine");
        (cache, enforced)
    });
    enforced
}

pub(super) struct Yard {
    top: Arc<TempDir>,
}

pub(super) fn path(text: &str) -> WorkspacePath {
    WorkspacePath::parse(text).unwrap()
}

impl Yard {
    pub(super) fn new() -> Self {
        let yard = Self { top: Arc::new(tempfile::Builder::new().prefix("yard").tempdir().unwrap()) };
        fs::create_dir_all(yard.workspace()).unwrap();
        yard.write("a.txt", b"one\n");
        fs::write(yard.secret(), "secret").unwrap();
        yard
    }

    pub(super) fn top(&self) -> &Path {
        self.top.path()
    }

    pub(super) fn workspace(&self) -> PathBuf {
        self.top.path().join("work space")
    }

    pub(super) fn cache(&self) -> PathBuf {
        self.top.path().join("cache")
    }

    /// A file that the user could read and write, beside the workspace.
    pub(super) fn secret(&self) -> PathBuf {
        self.top.path().join("secret")
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) {
        let at = self.workspace().join(name);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, bytes).unwrap();
    }

    pub(super) fn plan(&self) -> ShadowPlan {
        ShadowPlan {
            workspace: self.workspace(),
            cache: self.cache(),
            seeds: Vec::new(),
            hidden: Vec::new(),
            limits: ShadowLimits::default(),
        }
    }

    pub(super) fn shadow(&self) -> Shadow {
        Shadow::make(enforced(), self.plan()).unwrap()
    }

    pub(super) fn task(&self) -> Task {
        let mut task = Task::new(self.shadow());
        task.yard = Some(Arc::clone(&self.top));
        task
    }
}

/// A shadow with its sandbox.
pub(super) struct Task {
    pub(super) confined: Confined,
    pub(super) shadow: Shadow,
    /// Keeps the yard while the task is used. Last, so that it goes last.
    pub(super) yard: Option<Arc<TempDir>>,
}

impl Task {
    pub(super) fn new(shadow: Shadow) -> Self {
        let confined = enforced().confine(Policy::for_shadow(&shadow).may_read(exe())).unwrap();
        Self { confined, shadow, yard: None }
    }

    pub(super) fn run(&self, command: &Command) -> Observation {
        self.run_with(command, &Limits::default())
    }

    pub(super) fn run_with(&self, command: &Command, limits: &Limits) -> Observation {
        self.confined.run(command, limits, &Cancel::default(), &mut |_: Stream, _: &[u8]| {}).unwrap()
    }

    pub(super) fn shell(&self, text: &str) -> Observation {
        self.run(&Command::shell(text))
    }

    /// Runs a shell text that must succeed.
    pub(super) fn does(&self, text: &str) -> String {
        let seen = self.shell(text);
        assert_eq!(seen.ended, Ended::Exited(0), "{text}: {}", said(&seen));
        String::from_utf8_lossy(&seen.stdout.kept).into_owned()
    }

    /// What the attacker could do inside.
    pub(super) fn attack(&self, what: &[&str]) -> Attack {
        let mut argv: Vec<OsString> = vec![exe().into(), super::attacker::ARGUMENT.into()];
        argv.extend(what.iter().map(OsString::from));
        let seen = self.run(&Command::argv(argv));
        match seen.ended {
            Ended::Exited(0) => Attack::Did,
            Ended::Exited(super::attacker::DENIED) => Attack::Denied(said(&seen)),
            ref other => panic!("{what:?}: {other}: {}", said(&seen)),
        }
    }
}

/// How an attack went.
#[derive(Debug, PartialEq)]
pub(super) enum Attack {
    Did,
    Denied(String),
}

impl Attack {
    pub(super) fn was_denied(&self) -> bool {
        matches!(self, Self::Denied(_))
    }
}

/// The same attack outside: the twin that must succeed, or the denial would prove nothing.
pub(super) fn attack_unconfined(what: &[&str]) -> bool {
    let status =
        std::process::Command::new(exe()).arg(super::attacker::ARGUMENT).args(what).status().unwrap();
    status.success()
}

pub(super) fn said(seen: &Observation) -> String {
    format!("{}{}", String::from_utf8_lossy(&seen.stdout.kept), String::from_utf8_lossy(&seen.stderr.kept))
}

/// A process outside the sandbox, ended on drop.
pub(super) struct Outsider(std::process::Child);

impl Outsider {
    pub(super) fn new() -> Self {
        Self(std::process::Command::new("sleep").arg("1000").spawn().unwrap())
    }

    pub(super) fn id(&self) -> String {
        self.0.id().to_string()
    }

    pub(super) fn lives(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }
}

impl Drop for Outsider {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

pub(super) fn alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim_start().starts_with('Z'))
}

/// The tier that this run of the tests must have.
pub(super) fn tier() -> Tier {
    let tier = if super::again::denied().is_some() { Tier::LandlockOnly } else { Tier::Namespaces };
    assert_eq!(enforced().report().tier, tier, "{:?}", enforced().report());
    tier
}

/// Whether commands have a network of their own.
pub(super) fn own_network() -> bool {
    super::again::denied().as_deref() != Some("unshare")
}

/// Whether a process whose command line holds `mark` is alive anywhere.
pub(super) fn marked_alive(mark: &str) -> bool {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().into_string().ok());
    pids.filter(|pid| pid.parse::<u32>().is_ok_and(|pid| pid != std::process::id()))
        .filter(|pid| {
            fs::read_to_string(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| line.starts_with("sleep") && line.contains(mark))
        })
        .any(|pid| alive(&pid))
}

/// A number of seconds to sleep that no other process sleeps.
pub(super) fn mark() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("1000.{}{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
