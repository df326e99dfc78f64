//! A second small process beside a zygote whose commands are its own children: should the zygote be killed, it ends
//! everything that the zygote had started, wherever that has hidden.
//!
//! Invariants
//! - It is in a Landlock domain above the zygote's own, so that one signal of its reaches the zygote and all commands and
//!   nobody else, and no signal of theirs reaches it.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};

use super::super::sys::{self, SignalsStayInside};

/// Kills are repeated, for a machine so busy that a process had been taken off its list for a moment.
const ROUNDS: u32 = 3;

/// Starts it. `life_line` hangs up when the zygote, which keeps `held_open`, is gone.
pub(super) fn start(life_line: &OwnedFd, proof: SignalsStayInside) -> io::Result<()> {
    if sys::fork_silently()? == 0 {
        let watched = watch(life_line);
        if watched.is_ok() {
            (0..ROUNDS).for_each(|_| sys::kill_all_reachable(proof));
        }
        sys::exit_now(i32::from(watched.is_err()))
    }
    Ok(())
}

/// Until the zygote is gone. Keeps nothing open but the life line, least of all the zygote's socket.
fn watch(life_line: &OwnedFd) -> io::Result<()> {
    rustix::stdio::dup2_stdin(life_line)?;
    debug_assert!(life_line.as_raw_fd() > 2);
    sys::close_from(3)?;
    let life_line = rustix::stdio::stdin();
    loop {
        let mut gone = [PollFd::from_borrowed_fd(life_line, PollFlags::IN)];
        match rustix::event::poll(&mut gone, None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
