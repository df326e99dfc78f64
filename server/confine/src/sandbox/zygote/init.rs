//! The first process of a command's own pid namespace: it mounts the command's `/proc`, gives up every power, starts
//! the command, reaps, and tells the zygote how the command's own process ended. With it ends everything in there.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::pipe::PipeFlags;
use rustix::process::Signal;

use super::super::message::{End, FromZygote, Run};
use super::super::wire::{Bytes, Wire};
use super::super::{seccomp, sys};
use super::restrict::{self, World};
use super::spawn;
use super::tree::Reaping;

/// An init and the pipe on which it answers.
pub(super) struct Init {
    pub(super) pid: i32,
    answer: OwnedFd,
}

/// Starts an init that runs the command.
pub(super) fn start(world: &mut World, run: &Run, streams: Vec<OwnedFd>) -> Result<Init, String> {
    let (answer, tell) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC).map_err(|error| error.to_string())?;
    match sys::fork_into(libc::CLONE_NEWPID | libc::CLONE_NEWNS) {
        Ok(0) => {
            let message = be_init(world, run, streams);
            let told = std::fs::File::from(tell).write_all(&message.encode());
            sys::exit_now(i32::from(told.is_err()))
        }
        Ok(pid) => Ok(Init { pid, answer }),
        Err(error) => Err(format!("no new process namespace: {error}")),
    }
}

impl Init {
    /// What it said before it ended; `None` when it was killed first.
    pub(super) fn answer(self) -> Option<FromZygote> {
        let mut bytes = Vec::new();
        // All ends for writing are gone with the namespace, so this ends.
        std::fs::File::from(self.answer).take(1 << 16).read_to_end(&mut bytes).ok()?;
        FromZygote::decode(&bytes).ok()
    }
}

fn be_init(world: &mut World, run: &Run, streams: Vec<OwnedFd>) -> FromZygote {
    match prepare(world).and_then(|()| spawn::spawn(world, run, streams)) {
        Ok(pid) => FromZygote::Ended(wait(pid)),
        Err(why) => FromZygote::NotStarted(Bytes(why.into_bytes())),
    }
}

fn prepare(world: &mut World) -> Result<(), String> {
    let failed =
        |what: &str, error: std::io::Error| format!("the sandbox could not be made: {what} failed: {error}");
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| failed("tying to the zygote", error.into()))?;
    world.forget_life_line();
    if zygote_is_gone(world) {
        return Err("the zygote has ended".to_owned());
    }
    super::namespaces::own_proc().map_err(|error| failed("mounting /proc", error))?;
    restrict::drop_capabilities().map_err(|error| failed("dropping capabilities", error))?;
    seccomp::install(&world.filter).map_err(|error| failed("installing the system-call filter", error))
}

/// Whether the zygote ended before the death signal was set: its end of the life line is then closed.
fn zygote_is_gone(world: &World) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut life = [PollFd::new(&world.life_line, PollFlags::IN)];
    rustix::event::poll(&mut life, Some(&now)).is_ok_and(|ready| ready > 0)
}

fn wait(main: i32) -> End {
    let mut reaping = Reaping::default();
    while reaping.status.is_none() {
        if !reaping.collect_one(main) {
            break;
        }
    }
    reaping.collect(main);
    End {
        status: reaping.status.unwrap_or(libc::SIGKILL),
        cpu_ns: 0, // counted by the zygote, with what is still to be killed
        max_rss: reaping.max_rss,
        killed: others(),
        out_of_memory: None,
        too_many: None,
    }
}

/// Processes that are left in this namespace besides this one.
fn others() -> u32 {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    u32::try_from(pids.filter(|pid| *pid != 1).count()).unwrap_or(u32::MAX)
}
