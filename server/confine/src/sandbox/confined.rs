//! The server's end of a task's zygote.
//!
//! Invariants
//! - One command at a time; [`Confined::run`] returns when no process of it is left.
//! - Dropping a [`Confined`] closes the socket, on which the zygote ends everything and itself.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType};

use super::cancel::Cancel;
use super::command::{Command, Program};
use super::limits::Limits;
use super::maps;
use super::message::{FromZygote, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, Run, Setup, ToZygote, VERSION};
use super::observation::{Observation, Stream};
use super::policy::Policy;
use super::refusal::{Refusal, RunError};
use super::report::Tier;
use super::running::Running;
use super::wire::{Bytes, Wire};
use super::zygote::{ZYGOTE_ARGUMENT, send_request};

/// A task's sandbox: its zygote and what it may touch.
#[derive(Debug)]
pub struct Confined {
    zygote: Mutex<Zygote>,
    policy: Policy,
}

impl Confined {
    pub(crate) fn new(zygote: Zygote, policy: Policy) -> Self {
        Self { zygote: Mutex::new(zygote), policy }
    }

    /// How strongly this task is confined.
    #[must_use]
    pub fn tier(&self) -> Tier {
        if self.policy.inside.is_some() { Tier::Namespaces } else { Tier::LandlockOnly }
    }

    /// The process id of the zygote.
    #[must_use]
    pub fn zygote_id(&self) -> u32 {
        self.zygote.lock().unwrap_or_else(PoisonError::into_inner).child.id()
    }

    /// Runs one command and blocks until its whole process tree has ended. `sink` sees all output as it arrives, also
    /// what is not kept. A second call from another thread waits for the first.
    ///
    /// # Errors
    /// When it could not be run at all; a command that fails or is stopped is an [`Observation`].
    pub fn run(
        &self,
        command: &Command,
        limits: &Limits,
        cancel: &Cancel,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Observation, RunError> {
        let run = self.request(command, limits)?;
        let zygote = self.zygote.lock().unwrap_or_else(PoisonError::into_inner);
        let running = Running::start(&zygote, run, command, limits, cancel, &self.policy)?;
        running.finish(sink)
    }

    fn request(&self, command: &Command, limits: &Limits) -> Result<Run, RunError> {
        let argv = match &command.program {
            Program::Argv(argv) => argv.iter().map(bytes).collect(),
            Program::Shell(text) => {
                vec![Bytes(shell().into()), Bytes(b"-c".to_vec()), Bytes(text.clone().into_bytes())]
            }
        };
        let mut env = self.policy.env.clone();
        env.extend(command.env.iter().cloned());
        let variable =
            |(name, value): (OsString, OsString)| Bytes([name.as_bytes(), b"=", value.as_bytes()].concat());
        let run = Run {
            argv,
            env: env.into_iter().map(variable).collect(),
            directory: Bytes(
                command.directory.as_ref().map(|path| path.as_bytes().to_vec()).unwrap_or_default(),
            ),
            cpu_seconds: limits.cpu.map(|time| time.as_secs() + u64::from(time.subsec_nanos() > 0)),
            file_bytes: limits.file_bytes,
            memory_bytes: limits.memory_bytes,
            processes: limits.processes,
        };
        let has_nul = |all: &[Bytes]| all.iter().any(|one| one.0.contains(&0));
        match &run.argv[..] {
            [] => Err(RunError::Malformed("it names no program")),
            _ if has_nul(&run.argv) || has_nul(&run.env) => {
                Err(RunError::Malformed("an argument or variable holds a NUL byte"))
            }
            _ => Ok(run),
        }
    }
}

fn bytes(text: &OsString) -> Bytes {
    Bytes(text.as_bytes().to_vec())
}

fn shell() -> &'static str {
    if Path::new("/bin/bash").exists() { "/bin/bash" } else { "/bin/sh" }
}

/// The zygote's process and our end of its socket.
#[derive(Debug)]
pub(crate) struct Zygote {
    child: Child,
    socket: OwnedFd,
}

/// How long a zygote may take to confine itself, on a machine that is very busy.
const START_MAX: Timespec = Timespec { tv_sec: 30, tv_nsec: 0 };

impl Zygote {
    /// Starts the launcher as a zygote and waits until it says that everything holds.
    pub(crate) fn start(launcher: &Path, setup: Setup) -> Result<Self, Refusal> {
        let not_started = |why: String| Refusal::Launcher { launcher: launcher.to_owned(), why };
        let system = |error: io::Error| not_started(error.to_string());
        let zygote = Self::spawn(launcher).map_err(system)?;
        zygote.send(&ToZygote::Setup(setup), &[]).map_err(system)?;
        loop {
            let mut answer = [PollFd::from_borrowed_fd(zygote.socket(), PollFlags::IN)];
            if rustix::event::poll(&mut answer, Some(&START_MAX)) == Ok(0) {
                return Err(not_started("it did not answer in time".to_owned()));
            }
            match zygote.receive().map_err(system)? {
                Some(FromZygote::Ready) => return Ok(zygote),
                Some(FromZygote::Unshared) => {
                    maps::write(zygote.child.id()).map_err(|error| Refusal::Step {
                        step: "writing the user and group maps of a new user namespace".to_owned(),
                        error,
                    })?;
                    zygote.send(&ToZygote::Mapped, &[]).map_err(system)?;
                }
                Some(FromZygote::Failed(step, errno)) => {
                    return Err(Refusal::Step {
                        step: String::from_utf8_lossy(&step.0).into_owned(),
                        error: io::Error::from_raw_os_error(errno),
                    });
                }
                Some(_) => return Err(not_started("it gave an answer to something else".to_owned())),
                None => {
                    return Err(not_started("it ended at once; is it built from this version?".to_owned()));
                }
            }
        }
    }

    /// By `posix_spawn`: no `pre_exec`, which would fork all of the server's memory.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that starts a process: the launcher, which confines itself"
    )]
    fn spawn(launcher: &Path) -> io::Result<Self> {
        let (ours, theirs) =
            rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        let child = std::process::Command::new(launcher)
            .arg(ZYGOTE_ARGUMENT)
            .env_clear()
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { child, socket: ours })
    }

    pub(crate) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Sends a request, its body in a memory file, with the descriptors that belong to it.
    pub(crate) fn send(&self, message: &ToZygote, streams: &[BorrowedFd<'_>]) -> io::Result<()> {
        let encoded = message.encode();
        if encoded.len() > REQUEST_BYTES_MAX {
            return Err(io::ErrorKind::ArgumentListTooLong.into());
        }
        let body = rustix::fs::memfd_create("vouchsafe-request", rustix::fs::MemfdFlags::CLOEXEC)?;
        let mut rest = encoded.as_slice();
        while !rest.is_empty() {
            let written = rustix::io::write(&body, rest)?;
            rest = rest.get(written..).unwrap_or_default();
        }
        send_request(self.socket(), body.as_fd(), streams)
    }

    /// One reply; `None` when the zygote is gone.
    pub(crate) fn receive(&self) -> io::Result<Option<FromZygote>> {
        let mut buffer = vec![0; REPLY_BYTES_MAX];
        let got = loop {
            match rustix::net::recv(self.socket(), &mut buffer[..], RecvFlags::empty()) {
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::CONNRESET) => return Ok(None),
                other => break other?.0,
            }
        };
        match buffer.get(..got).and_then(<[u8]>::split_first) {
            None => Ok(None),
            Some((&VERSION, body)) => FromZygote::decode(body)
                .map(Some)
                .map_err(|bad| io::Error::new(io::ErrorKind::InvalidData, bad)),
            Some(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // It ends on the end of file; waiting reaps it. Both fail only when it is gone already.
        rustix::net::shutdown(&self.socket, rustix::net::Shutdown::Both).ok();
        self.child.wait().ok();
    }
}

/// A duration as poll takes it.
pub(crate) fn timespec(time: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}
