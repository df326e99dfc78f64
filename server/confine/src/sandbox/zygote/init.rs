//! The first process of a command's own pid namespace.
//!
//! It is made ahead, while nobody waits: it mounts the command's `/proc`, gives up every power and then waits for one
//! request. It starts the command, reaps, ends what is left, says how the command's own process ended, and ends.
//!
//! Invariants
//! - When it answers, nothing but itself is left in the namespace; when it is killed, the kernel ends all the rest.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use rustix::process::Signal;

use super::super::listener::Listener;
use super::super::message::{End, FromZygote, ToZygote};
use super::super::sys::SignalsStayInside;
use super::super::wire::Bytes;
use super::super::{seccomp, sys};
use super::renames::Renames;
use super::restrict::{self, World};
use super::tree::Reaping;
use super::{Request, receive, send, send_request, spawn};

/// An init that waits for its command, or runs it.
pub(super) struct Init {
    pub(super) pid: i32,
    pub(super) channel: OwnedFd,
}

/// Makes an init. `server` is the zygote's own socket, which a copy of the zygote has no business with.
pub(super) fn make(world: &mut World, server: &OwnedFd) -> io::Result<Init> {
    let (ours, theirs) =
        rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    match sys::fork_into(libc::CLONE_NEWPID | libc::CLONE_NEWNS)? {
        0 => {
            drop(sys::own(server.as_raw_fd())); // the number, in this copy of the zygote; the zygote keeps its own
            drop(ours);
            be_init(world, &theirs);
            sys::exit_now(0)
        }
        pid => Ok(Init { pid, channel: ours }),
    }
}

impl Init {
    /// Hands a request over.
    pub(super) fn ask(&self, request: &Request) -> io::Result<()> {
        let streams: Vec<_> = request.streams.iter().map(AsFd::as_fd).collect();
        send_request(&self.channel, request.body.as_fd(), &streams)
    }
}

fn be_init(world: &mut World, channel: &OwnedFd) {
    let prepared = prepare(world);
    let Ok(Some(Request { message: ToZygote::Run(run), streams, .. })) = receive(channel) else {
        return;
    };
    let started = prepared.and_then(|prepared| Ok((spawn::spawn(world, &run, streams)?, prepared)));
    let answer = match started {
        Ok((pid, prepared)) => FromZygote::Ended(wait(pid, &prepared)),
        Err(why) => FromZygote::NotStarted(Bytes(why.into_bytes())),
    };
    send(channel, &answer).ok(); // fails only when the zygote is gone, and then nobody listens
}

/// What an init has when it is ready.
struct Prepared {
    proof: SignalsStayInside,
    children: OwnedFd,
    /// Where the kernel has a listener for us; without one directories of the base cannot be renamed.
    renames: Option<Renames>,
}

fn prepare(world: &mut World) -> Result<Prepared, String> {
    let failed =
        |what: &str, error: io::Error| format!("the sandbox could not be made: {what} failed: {error}");
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| failed("tying to the zygote", error.into()))?;
    world.forget_life_line();
    if zygote_is_gone(world) {
        return Err("the zygote has ended".to_owned());
    }
    super::namespaces::own_proc().map_err(|error| failed("mounting /proc", error))?;
    restrict::drop_capabilities().map_err(|error| failed("dropping capabilities", error))?;
    let renames =
        Listener::install(&world.heard).ok().map(|listener| Renames::new(listener, &world.root)).transpose();
    let renames = renames.map_err(|error| failed("looking at the workspace", error))?;
    if renames.is_none() {
        seccomp::install(&world.filter)
            .map_err(|error| failed("installing the system-call filter", error))?;
    }
    let children = sys::children_ended().map_err(|error| failed("waiting for children", error))?;
    let proof = SignalsStayInside::as_first_process()
        .ok_or_else(|| "the command has no process namespace of its own".to_owned())?;
    Ok(Prepared { proof, children, renames })
}

/// Whether the zygote ended before the death signal was set: its end of the life line is then closed.
fn zygote_is_gone(world: &World) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut life = [PollFd::new(&world.life_line, PollFlags::IN)];
    rustix::event::poll(&mut life, Some(&now)).is_ok_and(|ready| ready > 0)
}

fn wait(main: i32, prepared: &Prepared) -> End {
    let mut reaping = Reaping::default();
    while reaping.collect(main) && reaping.status.is_none() {
        let mut watched = vec![PollFd::new(&prepared.children, PollFlags::IN)];
        watched.extend(prepared.renames.iter().map(|renames| PollFd::new(renames.listener(), PollFlags::IN)));
        if rustix::event::poll(&mut watched, None).is_err() {
            continue; // interrupted
        }
        let heard = watched.get(1).is_some_and(|one| one.revents().contains(PollFlags::IN));
        let mut signal = [0; 128];
        rustix::io::read(&prepared.children, &mut signal).ok(); // emptied; children are reaped whatever it said
        if let Some(renames) = prepared.renames.as_ref().filter(|_| heard) {
            renames.one();
        }
    }
    reaping.end_all(main, Some(prepared.proof));
    reaping.end(sys::children_cpu_ns())
}
