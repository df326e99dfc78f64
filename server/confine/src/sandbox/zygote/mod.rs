//! The task's zygote: the server's executable started again, which confines itself and then starts the commands.
//!
//! Invariants
//! - Single-threaded and small, so that starting a command costs the same whatever the server holds in memory.
//! - It lives as long as the server holds the other end of its socket: end of file ends it and everything it started.
//! - It reads nothing that a command writes, except how the command's processes ended.
//! - A command is in a Landlock domain below the zygote's, so that it can neither signal nor trace it.

mod guard;
mod init;
mod moving;
mod namespaces;
mod reach;
mod renames;
mod restrict;
mod serve;
mod spawn;
mod tree;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::message::{FromZygote, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, ToZygote, VERSION};
use super::wire::{Bytes, Wire};
use super::{probe_child, sys};

/// The first argument of a process that is to be a zygote.
pub(crate) const ZYGOTE_ARGUMENT: &str = "--vouchsafe-zygote-1";

/// Must be the first thing in `main` of any binary whose own path is given as launcher: if this process was started
/// as a zygote (or as the probe's child), it serves and never returns; otherwise it returns at once.
pub fn become_zygote_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next() {
        Some(first) if first == ZYGOTE_ARGUMENT => std::process::exit(start()),
        Some(first) if first == probe_child::CHILD_ARGUMENT => {
            std::process::exit(probe_child::attempt(arguments))
        }
        _ => {}
    }
}

/// The largest number of descriptors that come with one request: the memory file and three streams.
const DESCRIPTORS_MAX: usize = 4;

fn start() -> i32 {
    let Ok(socket) = take_socket() else {
        return 2;
    };
    match receive(&socket) {
        Ok(Some(Request { message: ToZygote::Setup(setup), .. })) => match restrict::build(&socket, &setup) {
            Ok(mut world) => {
                if send(&socket, &FromZygote::Ready).is_err() {
                    return 3;
                }
                serve::serve(&socket, &mut world)
            }
            Err(failed) => {
                let errno = failed.error.raw_os_error().unwrap_or_default();
                let step = Bytes(failed.step.into_bytes());
                i32::from(send(&socket, &FromZygote::Failed(step, errno)).is_err()) + 4
            }
        },
        Ok(_) | Err(_) => 2,
    }
}

/// Standard input is the socket: it becomes a private descriptor, and nothing else that was inherited stays open.
fn take_socket() -> io::Result<OwnedFd> {
    let socket = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    // Whatever lies between belongs to whoever started the server, not to us: only number 3 is ours.
    let socket = if std::os::fd::AsRawFd::as_raw_fd(&socket) == 3 {
        socket
    } else {
        let mut third = sys::own(3);
        rustix::io::dup3(&socket, &mut third, rustix::io::DupFlags::CLOEXEC)?;
        drop(socket);
        third
    };
    sys::close_from(4)?;
    let nothing = rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty())?;
    rustix::stdio::dup2_stdin(&nothing)?;
    rustix::stdio::dup2_stdout(&nothing)?;
    rustix::process::setsid().ok(); // fails only when it leads a session already, which is what is wanted
    Ok(socket)
}

/// What the server asks for, with what came along.
struct Request {
    message: ToZygote,
    /// The memory file that holds the message.
    body: OwnedFd,
    /// The command's standard streams.
    streams: Vec<OwnedFd>,
}

/// One request; `None` at end of file.
fn receive(socket: &OwnedFd) -> io::Result<Option<Request>> {
    use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut version = [0u8; 8];
    let got =
        recvmsg(socket, &mut [io::IoSliceMut::new(&mut version)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    if got.bytes == 0 {
        return Ok(None);
    }
    let mut streams = Vec::with_capacity(DESCRIPTORS_MAX);
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            streams.extend(rights);
        }
    }
    let bad = || io::Error::from(io::ErrorKind::InvalidData);
    if version.get(..got.bytes) != Some(&[VERSION]) || streams.is_empty() {
        return Err(bad());
    }
    let body = streams.remove(0);
    let message = ToZygote::decode(&read_body(&body)?).map_err(|_| bad())?;
    Ok(Some(Request { message, body, streams }))
}

/// Sends a request whose message lies in `body`.
pub(super) fn send_request(
    socket: impl AsFd,
    body: BorrowedFd<'_>,
    streams: &[BorrowedFd<'_>],
) -> io::Result<()> {
    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
    let mut descriptors = vec![body];
    descriptors.extend(streams);
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    sendmsg(socket, &[io::IoSlice::new(&[VERSION])], &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// One reply; `None` when there is none to come.
fn answer(socket: &OwnedFd) -> Option<FromZygote> {
    let mut buffer = vec![0; REPLY_BYTES_MAX];
    let got = rustix::net::recv(socket, &mut buffer[..], rustix::net::RecvFlags::empty()).ok()?.0;
    let (version, body) = buffer.get(..got)?.split_first()?;
    (*version == VERSION).then(|| FromZygote::decode(body).ok()).flatten()
}

fn read_body(file: &OwnedFd) -> io::Result<Vec<u8>> {
    let size = usize::try_from(rustix::fs::fstat(file)?.st_size).unwrap_or(usize::MAX);
    if size > REQUEST_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; size];
    let mut read = 0;
    while let Some(rest) = body.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match rustix::io::pread(file, rest, read as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => read += more,
        }
    }
    Ok(body)
}

fn send(socket: &OwnedFd, message: &FromZygote) -> io::Result<()> {
    let mut bytes = vec![VERSION];
    message.put(&mut bytes);
    rustix::net::send(socket, &bytes, rustix::net::SendFlags::NOSIGNAL)?;
    Ok(())
}
