//! Proof that this kernel confines: a real child that must be denied, and must be able to do what it is allowed.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::cancel::Cancel;
use super::command::Command;
use super::confined::{Confined, Zygote};
use super::landlock::{self, ABI_MIN, ABI_SCOPES};
use super::limits::Limits;
use super::observation::Ended;
use super::policy::{Access, Policy};
use super::refusal::Refusal;
use super::report::{Layer, LayerState, Report, Tier};

/// Proof that this kernel really confines: only [`Enforced::probe`] makes one, from a child that was denied.
#[derive(Debug, Clone)]
pub struct Enforced(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    launcher: PathBuf,
    report: Report,
}

impl Enforced {
    /// Starts `launcher` (normally the own executable, whose `main` begins with [`crate::become_zygote_if_asked`]) as
    /// a zygote in a throw-away directory below `cache`, and runs a child there that must be denied and have a twin
    /// that succeeds.
    ///
    /// # Errors
    /// Why nothing can be confined here.
    pub fn probe(launcher: &Path, cache: &Path) -> Result<Self, Refusal> {
        let abi = landlock::kernel_abi().map_err(|error| Refusal::NoLandlock { why: error.to_string() })?;
        if abi < ABI_MIN {
            return Err(Refusal::OldLandlock { found: abi });
        }
        let launcher = fs::canonicalize(launcher)
            .map_err(|error| Refusal::Launcher { launcher: launcher.to_owned(), why: error.to_string() })?;
        let unusable = |error| Refusal::Cache { path: cache.to_owned(), error };
        fs::create_dir_all(cache).map_err(unusable)?;
        let cache = fs::canonicalize(cache).map_err(unusable)?;
        let yard = Yard::new(&cache).map_err(unusable)?;
        let report = report(abi);
        let enforced = Self(Arc::new(Inner { launcher, report }));
        enforced.must_be_denied(&yard)?;
        Ok(enforced)
    }

    /// What the probe found.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// Starts the zygote of one task.
    ///
    /// # Errors
    /// Why this task cannot be confined: a readable path that is not there, or a step that failed.
    pub fn confine(&self, policy: Policy) -> Result<Confined, Refusal> {
        policy
            .toolchains
            .furnish(&policy.home)
            .map_err(|error| Refusal::Cache { path: policy.home.clone(), error })?;
        let zygote = Zygote::start(&self.0.launcher, &policy, self.0.report.landlock_abi)?;
        Ok(Confined::new(zygote, policy))
    }

    fn must_be_denied(&self, yard: &Yard) -> Result<(), Refusal> {
        let mut policy = Policy::bare(&yard.inside, &yard.inside, &yard.inside);
        policy.rules.insert(self.0.launcher.clone(), Access::Run);
        let confined = self.confine(policy)?;
        let child = [
            self.0.launcher.clone().into_os_string(),
            CHILD_ARGUMENT.into(),
            yard.inside.join("twin").into(),
            yard.outside.join("forbidden").into(),
            yard.outside.join("secret").into(),
            std::process::id().to_string().into(),
        ];
        let limits = Limits { wall: Duration::from_secs(10), ..Limits::default() };
        let seen = confined
            .run(&Command::argv(child), &limits, &Cancel::default(), &mut |_, _| {})
            .map_err(|error| Refusal::NotEnforced { what: error.to_string() })?;
        let signals = if self.0.report.landlock_abi >= ABI_SCOPES { 0 } else { SIGNALLED };
        match seen.ended {
            Ended::Exited(status) if status & !signals == SUCCEEDED => Ok(()),
            Ended::Exited(status) if status & SUCCEEDED != 0 => {
                Err(Refusal::NotEnforced { what: escaped(status) })
            }
            other => Err(Refusal::NotEnforced { what: format!("the probe's child {other}") }),
        }
    }
}

/// A throw-away place: a directory to write in and one beside it.
struct Yard {
    top: PathBuf,
    inside: PathBuf,
    outside: PathBuf,
}

impl Yard {
    #[expect(clippy::disallowed_methods, reason = "the probe's own throw-away directory")]
    fn new(cache: &Path) -> io::Result<Self> {
        let top = cache.join(format!("probe-{}-{:x}", std::process::id(), crate::shadow::random()));
        let yard = Self { inside: top.join("inside"), outside: top.join("outside"), top };
        fs::create_dir_all(&yard.inside)?;
        fs::create_dir_all(&yard.outside)?;
        fs::write(yard.outside.join("secret"), "secret")?;
        Ok(yard)
    }
}

impl Drop for Yard {
    #[expect(clippy::disallowed_methods, reason = "the probe's own throw-away directory")]
    fn drop(&mut self) {
        fs::remove_dir_all(&self.top).ok(); // the next start sweeps what is left
    }
}

/// The first argument of the probe's child.
pub(crate) const CHILD_ARGUMENT: &str = "--vouchsafe-probe-1";

const SUCCEEDED: i32 = 64;
const WROTE: i32 = 1;
const READ: i32 = 2;
const CONNECTED: i32 = 4;
const SIGNALLED: i32 = 8;

/// The probe's child: does one thing that is allowed and four that are not; its exit status says what it could do.
pub(crate) fn attempt(mut arguments: impl Iterator<Item = OsString>) -> i32 {
    let mut path = || arguments.next().map(PathBuf::from).unwrap_or_default();
    let (twin, forbidden, secret, server) = (path(), path(), path(), path());
    let create = |path: &Path| fs::OpenOptions::new().write(true).create_new(true).open(path).is_ok();
    let server = server.to_str().and_then(|pid| pid.parse().ok()).and_then(rustix::process::Pid::from_raw);
    let outcomes = [
        (SUCCEEDED, create(&twin)),
        (WROTE, create(&forbidden)),
        (READ, fs::File::open(secret).is_ok()),
        (CONNECTED, std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_ok()),
        (SIGNALLED, server.is_none_or(|server| rustix::process::test_kill_process(server).is_ok())),
    ];
    outcomes.iter().filter(|(_, could)| *could).map(|(bit, _)| bit).sum()
}

fn escaped(status: i32) -> String {
    let could = [
        (WROTE, "write outside its directory"),
        (READ, "read outside the listed places"),
        (CONNECTED, "open a network socket"),
        (SIGNALLED, "signal the server"),
    ];
    let could: Vec<&str> = could.iter().filter(|(bit, _)| status & bit != 0).map(|(_, what)| *what).collect();
    format!("a confined child could {}", could.join(" and "))
}

fn report(abi: i32) -> Report {
    let scopes = if abi >= ABI_SCOPES {
        LayerState::On
    } else {
        LayerState::Off(format!("Landlock ABI {abi} has no scopes; ABI {ABI_SCOPES} (kernel 6.12) has"))
    };
    let on = |name, closes| Layer { name, state: LayerState::On, closes };
    let mut open = OPEN_WITHOUT_NAMESPACES.to_vec();
    let mut mend = Vec::new();
    if abi < ABI_SCOPES {
        open.push("signals to the user's other processes and their abstract Unix sockets");
        mend.push(
            "boot a kernel of version 6.12 or newer, whose Landlock also keeps signals inside".to_owned(),
        );
    }
    Report {
        kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
        landlock_abi: abi,
        tier: Tier::LandlockOnly,
        layers: vec![
            on("landlock files", "reading, writing and running anything that is not listed"),
            on("landlock network", "TCP, in addition to the system-call filter"),
            Layer {
                name: "landlock scopes",
                state: scopes,
                closes: "signals and abstract Unix sockets of others",
            },
            on(
                "system-call filter",
                "every network family, io_uring, tracing, mounts, namespaces, keyrings, terminals' input",
            ),
            on("descriptors", "files that the server holds open"),
            on("capabilities", "the power of root, where the server has it"),
            Layer {
                name: "namespaces",
                state: LayerState::Off("not used".to_owned()),
                closes: "other processes, System V IPC, names and metadata of files, pathname sockets",
            },
        ],
        open,
        mend,
    }
}

/// What Landlock does not cover, as `docs/security.md` lists it.
const OPEN_WITHOUT_NAMESPACES: &[&str] = &[
    "mode, owner, times and extended attributes of the user's own files can be changed",
    "whether a file exists, and its size and times, can be asked",
    "names and command lines of other processes can be read in /proc",
    "System V shared memory, semaphores and message queues of the user",
    "Unix sockets with a path that the user may connect to",
    "scheduling of the user's other processes",
];
