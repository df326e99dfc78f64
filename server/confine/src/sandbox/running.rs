//! One running command, seen from the server: output, time, cancel, and the end.
//!
//! Invariants
//! - Nothing here waits for a time: it sleeps in one poll on everything that can happen.
//! - After the zygote's word that all processes have ended, only what already lies in the pipes is read.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::pipe::PipeFlags;

use super::cancel::Cancel;
use super::command::{Command, Program};
use super::confined::{Zygote, timespec};
use super::denial;
use super::kept::Kept;
use super::limits::Limits;
use super::message::{End, FromZygote, Run, ToZygote, Unreached};
use super::observation::{Denial, Ended, Observation, Output, Stopped, Stream};
use super::policy::Policy;
use super::refusal::RunError;
use crate::shadow::usage;

/// Bytes read at once: what a pipe holds.
const PIPE_BYTES: usize = 64 << 10;
/// How often the shadow's size is looked at; less often when looking takes long.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How the zygote answered.
enum Answer {
    Ended(End),
    NotStarted(String),
}

/// A command on its way.
pub(super) struct Running<'a> {
    zygote: &'a Zygote,
    limits: &'a Limits,
    cancel: &'a Cancel,
    policy: &'a Policy,
    command: &'a Command,
    started: Instant,
    outputs: [(Stream, Option<OwnedFd>, Kept); 2],
    input: Option<(OwnedFd, &'a [u8])>,
    printed: u64,
    stopped: Option<Stopped>,
    look_at: Instant,
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?)
}

/// Only our end: the other one must block, as programs expect.
fn nonblocking(end: OwnedFd) -> io::Result<OwnedFd> {
    rustix::fs::fcntl_setfl(&end, rustix::fs::OFlags::NONBLOCK)?;
    Ok(end)
}

impl<'a> Running<'a> {
    pub(super) fn start(
        zygote: &'a Zygote,
        run: Run,
        command: &'a Command,
        limits: &'a Limits,
        cancel: &'a Cancel,
        policy: &'a Policy,
    ) -> Result<Self, RunError> {
        let started = Instant::now();
        let (out, out_theirs) = pipe()?;
        let (err, err_theirs) = pipe()?;
        let (input, in_theirs) = if command.stdin.is_empty() {
            let null = rustix::fs::open(
                "/dev/null",
                rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC,
                rustix::fs::Mode::empty(),
            );
            (None, null.map_err(io::Error::from)?)
        } else {
            let (theirs, ours) = pipe()?;
            (Some((nonblocking(ours)?, command.stdin.as_slice())), theirs)
        };
        zygote
            .send(&ToZygote::Run(run), &[in_theirs.as_fd(), out_theirs.as_fd(), err_theirs.as_fd()])
            .map_err(not_sent)?;
        let kept = || Kept::new(limits.output_bytes_kept);
        Ok(Self {
            zygote,
            limits,
            cancel,
            policy,
            command,
            started,
            outputs: [
                (Stream::Stdout, Some(nonblocking(out)?), kept()),
                (Stream::Stderr, Some(nonblocking(err)?), kept()),
            ],
            input,
            printed: 0,
            stopped: None,
            look_at: started + LOOK_EVERY,
        })
    }

    /// Until no process is left and everything printed has been read.
    pub(super) fn finish(mut self, sink: &mut dyn FnMut(Stream, &[u8])) -> Result<Observation, RunError> {
        let answer = loop {
            if self.wait()? {
                let answer = self.zygote.receive().map_err(RunError::System)?;
                break answer
                    .ok_or_else(|| RunError::ZygoteGone { why: "it closed its socket".to_owned() })?;
            }
            self.read(sink)?;
            self.write();
            self.check_limits()?;
        };
        self.read(sink)?;
        match answer {
            FromZygote::Ended(end) => Ok(self.observation(Answer::Ended(end))),
            FromZygote::NotStarted(why) => {
                Ok(self.observation(Answer::NotStarted(String::from_utf8_lossy(&why.0).into_owned())))
            }
            FromZygote::Ready | FromZygote::Unshared | FromZygote::Failed(..) => {
                Err(RunError::ZygoteGone { why: "it gave an answer to something else".to_owned() })
            }
        }
    }

    /// Sleeps until something happens; `true` when the zygote has answered.
    fn wait(&self) -> io::Result<bool> {
        let mut watched = vec![PollFd::from_borrowed_fd(self.zygote.socket(), PollFlags::IN)];
        watched.extend(
            self.outputs
                .iter()
                .filter_map(|(_, end, _)| end.as_ref())
                .map(|end| PollFd::new(end, PollFlags::IN)),
        );
        watched.extend(self.input.as_ref().map(|(end, _)| PollFd::new(end, PollFlags::OUT)));
        let now = Instant::now();
        let mut until = now + LOOK_EVERY;
        if self.stopped.is_none() {
            until = self.look_at;
            watched.extend(self.cancel.descriptor().map(|end| PollFd::from_borrowed_fd(end, PollFlags::IN)));
            until = until.min(self.started + self.limits.wall);
        }
        match rustix::event::poll(&mut watched, Some(&timespec(until.saturating_duration_since(now)))) {
            Ok(_) => Ok(watched.first().is_some_and(|zygote| !zygote.revents().is_empty())),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Everything that lies in the pipes now.
    fn read(&mut self, sink: &mut dyn FnMut(Stream, &[u8])) -> io::Result<()> {
        let mut buffer = vec![0; PIPE_BYTES];
        for (stream, end, kept) in &mut self.outputs {
            // Not forever: a stream that is fed faster than it is read must not keep us from the limits.
            for _ in 0..16 {
                let Some(open) = end.as_ref() else { break };
                match rustix::io::read(open, &mut buffer) {
                    Ok(0) => *end = None,
                    Ok(count) => {
                        let bytes = buffer.get(..count).unwrap_or_default();
                        self.printed = self.printed.saturating_add(count as u64);
                        kept.push(bytes);
                        sink(*stream, bytes);
                    }
                    Err(rustix::io::Errno::AGAIN) => break,
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Feeds standard input; a command that does not want it loses nothing.
    fn write(&mut self) {
        let Some((end, rest)) = &mut self.input else { return };
        match rustix::io::write(&*end, rest) {
            Ok(count) => *rest = rest.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return,
            Err(_) => *rest = &[],
        }
        if rest.is_empty() {
            self.input = None;
        }
    }

    fn check_limits(&mut self) -> Result<(), RunError> {
        if self.stopped.is_some() {
            return Ok(());
        }
        let wall = self.limits.wall;
        let stopped = if self.cancel.is_cancelled() {
            Some(Stopped::Cancelled)
        } else if self.started.elapsed() >= wall {
            Some(Stopped::OutOfTime { limit_ms: u64::try_from(wall.as_millis()).unwrap_or(u64::MAX) })
        } else if self.printed > self.limits.output_bytes_max {
            Some(Stopped::OutputLimit { limit_bytes: self.limits.output_bytes_max })
        } else {
            self.look_at_shadow()
        };
        if let Some(stopped) = stopped {
            self.stopped = Some(stopped);
            self.zygote.send(&ToZygote::Kill, &[]).map_err(not_sent)?;
        }
        Ok(())
    }

    fn look_at_shadow(&mut self) -> Option<Stopped> {
        let before = Instant::now();
        if before < self.look_at {
            return None;
        }
        let stopped = usage::over(self.policy);
        let took = before.elapsed();
        self.look_at = Instant::now() + LOOK_EVERY.max(took * 20);
        stopped
    }

    fn observation(self, answer: Answer) -> Observation {
        let [stdout, stderr] = self.outputs.map(|(_, _, kept)| kept.finish());
        let shell = matches!(self.command.program, Program::Shell(_));
        let (ended, cpu, max_rss_bytes, killed, unreached) = match answer {
            Answer::NotStarted(why) => (Ended::NotStarted(why), 0, 0, 0, None),
            Answer::Ended(end) => {
                let ended = match self.stopped {
                    Some(stopped) => Ended::Stopped(stopped),
                    None => ended(&end, self.limits, shell),
                };
                (ended, end.cpu_ns, end.max_rss, end.killed, end.unreached)
            }
        };
        let denials = denials(self.policy, self.command, &ended, [&stdout, &stderr], unreached.as_ref());
        Observation {
            ended,
            duration: self.started.elapsed(),
            cpu: Duration::from_nanos(cpu),
            max_rss_bytes,
            stdout,
            stderr,
            denials,
            killed,
        }
    }
}

fn denials(
    policy: &Policy,
    command: &Command,
    ended: &Ended,
    outputs: [&Output; 2],
    unreached: Option<&Unreached>,
) -> Vec<Denial> {
    let (program, asked) = match &command.program {
        Program::Argv(argv) => (
            argv.first().map(OsString::as_os_str).unwrap_or_default(),
            argv.iter().flat_map(|one| [one.as_bytes(), b" "]).flatten().copied().collect(),
        ),
        Program::Shell(text) => (OsStr::new(""), text.clone().into_bytes()),
    };
    let below = command.directory.as_ref().map(|path| path.as_path().to_owned()).unwrap_or_default();
    denial::find(&denial::Case {
        policy,
        directory: policy.root.join(below),
        asked: &asked,
        program,
        ended,
        outputs,
        reach: unreached
            .map(|counted| denial::Reach { no_route: counted.no_route, no_port: counted.no_port }),
    })
}

fn not_sent(error: io::Error) -> RunError {
    match error.kind() {
        io::ErrorKind::ArgumentListTooLong => RunError::TooLong {
            max: super::message::REQUEST_BYTES_MAX,
            bytes: super::message::REQUEST_BYTES_MAX + 1,
        },
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
            RunError::ZygoteGone { why: error.to_string() }
        }
        _ => RunError::System(error),
    }
}

/// Reads the wait status, and the limits that the kernel enforces by a signal. A shell reports its child's signal as
/// 128 + number.
fn ended(end: &End, limits: &Limits, shell: bool) -> Ended {
    // What one process held for a moment between two looks counts as well.
    let used = end.out_of_memory.or((Some(end.max_rss) > limits.memory_bytes).then_some(end.max_rss));
    if let (Some(used_bytes), Some(limit_bytes)) = (used, limits.memory_bytes) {
        return Ended::Stopped(Stopped::OutOfMemory { limit_bytes, used_bytes });
    }
    if let Some(count) = end.too_many {
        return Ended::Stopped(Stopped::TooManyProcesses { limit: limits.processes, count });
    }
    let signal = if libc::WIFSIGNALED(end.status) {
        libc::WTERMSIG(end.status)
    } else if shell && libc::WEXITSTATUS(end.status) > 128 {
        libc::WEXITSTATUS(end.status) - 128
    } else {
        0
    };
    match (signal, limits.cpu) {
        (libc::SIGXFSZ, _) => Ended::Stopped(Stopped::FileTooLarge { limit_bytes: limits.file_bytes }),
        (libc::SIGXCPU, Some(cpu)) => {
            Ended::Stopped(Stopped::OutOfCpu { limit_ms: u64::try_from(cpu.as_millis()).unwrap_or(u64::MAX) })
        }
        _ if libc::WIFSIGNALED(end.status) => Ended::Signalled(signal),
        _ => Ended::Exited(libc::WEXITSTATUS(end.status)),
    }
}
