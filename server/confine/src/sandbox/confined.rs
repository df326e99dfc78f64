//! The server's end of a task's zygote.
//!
//! Invariants
//! - One command at a time; [`Confined::run`] returns when no process of it is left.
//! - Dropping a [`Confined`] closes the socket, on which the zygote ends everything and itself.

use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};

use super::cancel::Cancel;
use super::command::{Command, Program};
use super::limits::Limits;
use super::message::{FromZygote, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, Rule, Run, Setup, ToZygote, VERSION};
use super::observation::{Observation, Stream};
use super::policy::{Access, Policy};
use super::refusal::{Refusal, RunError};
use super::report::Tier;
use super::running::Running;
use super::wire::{Bytes, Wire};
use super::zygote::ZYGOTE_ARGUMENT;

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
        Tier::LandlockOnly
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
    pub(crate) fn start(launcher: &Path, policy: &Policy, landlock_abi: i32) -> Result<Self, Refusal> {
        let not_started = |why: String| Refusal::Launcher { launcher: launcher.to_owned(), why };
        let setup = setup(policy, landlock_abi)?;
        let zygote = Self::spawn(launcher).map_err(|error| not_started(error.to_string()))?;
        zygote.send(&ToZygote::Setup(setup), &[]).map_err(|error| not_started(error.to_string()))?;
        let mut answer = [PollFd::from_borrowed_fd(zygote.socket(), PollFlags::IN)];
        if rustix::event::poll(&mut answer, Some(&START_MAX)) == Ok(0) {
            return Err(not_started("it did not answer in time".to_owned()));
        }
        match zygote.receive() {
            Ok(Some(FromZygote::Ready)) => Ok(zygote),
            Ok(Some(FromZygote::Failed(step, errno))) => Err(Refusal::Step {
                step: String::from_utf8_lossy(&step.0).into_owned(),
                error: io::Error::from_raw_os_error(errno),
            }),
            Ok(Some(_)) => Err(not_started("it gave an answer to something else".to_owned())),
            Ok(None) => Err(not_started("it ended at once; is it built from this version?".to_owned())),
            Err(error) => Err(not_started(error.to_string())),
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
        let mut descriptors = vec![body.as_fd()];
        descriptors.extend(streams);
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        if !ancillary.push(SendAncillaryMessage::ScmRights(&descriptors)) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        rustix::net::sendmsg(
            self.socket(),
            &[IoSlice::new(&[VERSION])],
            &mut ancillary,
            SendFlags::NOSIGNAL,
        )?;
        Ok(())
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

fn setup(policy: &Policy, landlock_abi: i32) -> Result<Setup, Refusal> {
    let mut rules: Vec<(&Path, Access)> =
        policy.rules.iter().map(|(path, access)| (path.as_path(), *access)).collect();
    for path in &policy.asked {
        std::fs::metadata(path).map_err(|error| Refusal::Unreadable { path: path.clone(), error })?;
        if !rules.iter().any(|(known, _)| known == path) {
            rules.push((path, Access::Run));
        }
    }
    let path = |path: &OsStr| Bytes(path.as_bytes().to_vec());
    Ok(Setup {
        root: path(policy.root.as_os_str()),
        rules: rules
            .iter()
            .map(|(at, access)| Rule { path: path(at.as_os_str()), access: *access })
            .collect(),
        landlock_abi,
        processes: PROCESSES_OF_TASK,
    })
}

/// The most that any command of the task may ask for; its own limit is watched.
const PROCESSES_OF_TASK: u64 = 4096;

/// A duration as poll takes it.
pub(crate) fn timespec(time: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}
