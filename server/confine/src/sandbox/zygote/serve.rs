//! The zygote's life after set-up: one command at a time, until the server is gone.

use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::super::message::{End, FromZygote, Run, ToZygote};
use super::super::sys;
use super::super::wire::Bytes;
use super::restrict::World;
use super::tree::{self, Reaping};
use super::{receive, send, spawn};

/// How often the processes of a running command are counted and measured.
const LOOK_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// What ended the wait for a command.
enum Over {
    /// Its own process ended.
    Ended,
    /// The server wants it ended.
    Kill,
    /// The server is gone, or speaks another language.
    ServerGone,
    OutOfMemory(u64),
    TooMany(u32),
}

/// Serves until the server is gone; then everything that was started is gone as well.
pub(super) fn serve(socket: &OwnedFd, world: &World) -> i32 {
    loop {
        match receive(socket) {
            Ok(Some((ToZygote::Run(run), streams))) => {
                if !command(socket, world, &run, streams) {
                    return 0;
                }
            }
            Ok(Some((ToZygote::Kill, _))) => {} // its command had ended just before
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Ok(None) => return 0,
            Ok(Some((ToZygote::Setup(_), _))) | Err(_) => return 5,
        }
    }
}

/// Runs one command to its end; `false` when the server is gone.
fn command(socket: &OwnedFd, world: &World, run: &Run, streams: Vec<OwnedFd>) -> bool {
    let cpu_before = sys::children_cpu_ns();
    let pid = match spawn::spawn(world, run, streams) {
        Ok(pid) => pid,
        Err(why) => {
            Reaping::default().end_all(0, world.signals); // the child that could not become its program
            return send(socket, &FromZygote::NotStarted(Bytes(why.into_bytes()))).is_ok();
        }
    };
    let mut reaping = Reaping::default();
    let over = wait(socket, run, pid, &mut reaping);
    reaping.end_all(pid, world.signals);
    let end = End {
        status: reaping.status.unwrap_or(libc::SIGKILL),
        cpu_ns: sys::children_cpu_ns().saturating_sub(cpu_before),
        max_rss: reaping.max_rss,
        killed: reaping.killed,
        out_of_memory: if let Over::OutOfMemory(bytes) = over { Some(bytes) } else { None },
        too_many: if let Over::TooMany(count) = over { Some(count) } else { None },
    };
    !matches!(over, Over::ServerGone) && send(socket, &FromZygote::Ended(end)).is_ok()
}

fn wait(socket: &OwnedFd, run: &Run, pid: i32, reaping: &mut Reaping) -> Over {
    let ended = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    let Some(ended) = ended else {
        return Over::Kill;
    };
    loop {
        let mut watched = [PollFd::new(socket, PollFlags::IN), PollFd::new(&ended, PollFlags::IN)];
        if rustix::event::poll(&mut watched, Some(&LOOK_EVERY)).is_err() {
            continue; // interrupted
        }
        let [from_server, from_child] = watched.map(|one| !one.revents().is_empty());
        if from_server {
            return match receive(socket) {
                Ok(Some((ToZygote::Kill, _))) => Over::Kill,
                _ => Over::ServerGone,
            };
        }
        if from_child {
            reaping.collect(pid);
            return Over::Ended;
        }
        reaping.collect(pid); // orphans that ended meanwhile
        let held = tree::held();
        if run.memory_bytes.is_some_and(|most| held.resident_bytes > most) {
            return Over::OutOfMemory(held.resident_bytes);
        }
        if held.processes > run.processes {
            return Over::TooMany(held.processes);
        }
    }
}
