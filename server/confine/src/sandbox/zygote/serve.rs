//! The zygote's life after set-up: one command at a time, until the server is gone.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open};

use super::super::confined::timespec;
use super::super::message::{End, FromZygote, Run, ToZygote};
use super::super::sys;
use super::super::wire::Bytes;
use super::init::{self, Init};
use super::reach::Reach;
use super::restrict::World;
use super::tree::{self, Reaping};
use super::{Request, answer, receive, send, spawn};

/// How often the processes of a running command are counted and measured: more often at its start and when it holds
/// much, and never so often that looking takes more than a twentieth of the time.
const LOOK_SOON: Duration = Duration::from_millis(10);
const LOOK_LATE: Duration = Duration::from_millis(100);
const LOOK_SHARE: u32 = 20;

/// What ended the wait for a command.
enum Over {
    /// Its own process ended, or its init answered.
    Ended,
    /// The server wants it ended.
    Kill,
    /// The server is gone, or speaks another language.
    ServerGone,
    OutOfMemory(u64),
    TooMany(u32),
}

/// Serves until the server is gone; then everything that was started is gone as well.
pub(super) fn serve(socket: &OwnedFd, world: &mut World) -> i32 {
    let mut ready: Option<Init> = None;
    let mut reach = world.own_network.then(Reach::new);
    let mut answered = false;
    loop {
        if world.own_processes && ready.is_none() {
            ready = init::make(world, socket).ok(); // if it failed, the command that needs it tries again and tells
        }
        if std::mem::take(&mut answered) {
            reach.iter_mut().for_each(Reach::settle);
        }
        match receive(socket) {
            Ok(Some(request)) => match &request.message {
                ToZygote::Run(run) => {
                    let run = run.clone();
                    let ended = if world.own_processes {
                        by_init(socket, world, &run, request, ready.take())
                    } else {
                        by_itself(socket, world, &run, request.streams)
                    };
                    match ended.map(|answer| told_of(reach.as_ref(), answer)) {
                        Some(answer) if send(socket, &answer).is_ok() => {}
                        _ => return 0,
                    }
                    answered = true;
                }
                ToZygote::Kill => {} // its command had ended just before
                ToZygote::Setup(_) | ToZygote::Mapped => return 5,
            },
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Ok(None) => return 0,
            Err(_) => return 5,
        }
    }
}

/// Adds to a failed command's end whom it did not reach.
fn told_of(reach: Option<&Reach>, mut answer: FromZygote) -> FromZygote {
    if let (Some(reach), FromZygote::Ended(end)) = (reach, &mut answer)
        && end.status != 0
    {
        end.unreached = Some(reach.since());
    }
    answer
}

/// Runs a command as a child of the zygote; `None` when the server is gone.
fn by_itself(socket: &OwnedFd, world: &World, run: &Run, streams: Vec<OwnedFd>) -> Option<FromZygote> {
    let cpu_before = sys::children_cpu_ns();
    let mut reaping = Reaping::default();
    let pid = match spawn::spawn(world, run, streams) {
        Ok(pid) => pid,
        Err(why) => {
            reaping.end_all(0, world.signals); // the child that could not become its program
            return Some(FromZygote::NotStarted(Bytes(why.into_bytes())));
        }
    };
    let ended = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    let guard = u32::from(world.signals.is_some());
    let over = ended.map_or(Over::Kill, |ended| wait(socket, run, &ended, guard, &mut reaping, pid));
    reaping.collect(pid);
    reaping.end_all(pid, world.signals);
    told(&over, reaping.end(sys::children_cpu_ns().saturating_sub(cpu_before)))
}

/// Runs a command in a namespace of its own; `None` when the server is gone.
fn by_init(
    socket: &OwnedFd,
    world: &mut World,
    run: &Run,
    request: Request,
    ready: Option<Init>,
) -> Option<FromZygote> {
    let mut reaping = Reaping::default();
    reaping.collect(0); // inits of commands before
    let asked = ready.filter(|init| init.ask(&request).is_ok()).map(Ok).unwrap_or_else(|| {
        let init = init::make(world, socket)?; // the one that was ready was killed by somebody
        init.ask(&request).map(|()| init)
    });
    let init = match asked {
        Ok(init) => init,
        Err(error) => {
            let why = format!("no new process namespace: {error}");
            return Some(FromZygote::NotStarted(Bytes(why.into_bytes())));
        }
    };
    drop(request); // its streams are the command's alone now
    let over = wait(socket, run, &init.channel, 1, &mut reaping, 0);
    let said = if matches!(over, Over::Ended) { answer(&init.channel) } else { None };
    match said {
        Some(answer) => Some(answer),
        None => {
            // With it the kernel ends everything in its namespace; when it is reaped, that is done.
            if let Some(pid) = Pid::from_raw(init.pid) {
                rustix::process::kill_process(pid, Signal::KILL).ok();
            }
            let cpu_before = sys::children_cpu_ns();
            while reaping.collect_one(init.pid) && reaping.status.is_none() {}
            told(&over, reaping.end(sys::children_cpu_ns().saturating_sub(cpu_before)))
        }
    }
}

fn told(over: &Over, end: End) -> Option<FromZygote> {
    match over {
        Over::ServerGone => None,
        Over::Ended | Over::Kill => Some(FromZygote::Ended(end)),
        Over::OutOfMemory(bytes) => Some(FromZygote::Ended(End { out_of_memory: Some(*bytes), ..end })),
        Over::TooMany(count) => Some(FromZygote::Ended(End { too_many: Some(*count), ..end })),
    }
}

/// Until `done` is readable or something else ends it. `helpers` of the processes below are not the command's own.
fn wait(socket: &OwnedFd, run: &Run, done: &OwnedFd, helpers: u32, reaping: &mut Reaping, main: i32) -> Over {
    let mut every = LOOK_SOON;
    loop {
        let mut watched = [PollFd::new(socket, PollFlags::IN), PollFd::new(done, PollFlags::IN)];
        if rustix::event::poll(&mut watched, Some(&timespec(every))).is_err() {
            continue; // interrupted
        }
        let [from_server, from_child] = watched.map(|one| !one.revents().is_empty());
        if from_child {
            return Over::Ended;
        }
        if from_server {
            return match receive(socket) {
                Ok(Some(Request { message: ToZygote::Kill, .. })) => Over::Kill,
                _ => Over::ServerGone,
            };
        }
        reaping.collect(main); // orphans that ended meanwhile
        let before = Instant::now();
        let held = tree::held();
        let close = run.memory_bytes.is_some_and(|most| held.resident_bytes > most / 4);
        every = if close { LOOK_SOON } else { LOOK_LATE.min(every * 2) }.max(before.elapsed() * LOOK_SHARE);
        if run.memory_bytes.is_some_and(|most| held.resident_bytes > most) {
            return Over::OutOfMemory(held.resident_bytes);
        }
        let processes = held.processes.saturating_sub(helpers);
        if processes > run.processes {
            return Over::TooMany(processes);
        }
    }
}
