//! System calls that wait for an answer of ours: the seccomp listener.
//!
//! Invariants
//! - A call goes on into the kernel, which then checks it as if nobody had looked, or it is answered here; when nobody
//!   answers any more, it fails.
#![expect(unsafe_code, reason = "rustix does not wrap the listener; each block says why it is sound")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::sys;

/// Hears of every call for which a filter says so.
pub(crate) struct Listener(OwnedFd);

/// A call that waits.
pub(crate) struct Call {
    id: u64,
    /// The thread that makes it, as we see it.
    pub(crate) thread: u32,
    pub(crate) number: libc::c_long,
    pub(crate) arguments: [u64; 6],
}

impl Listener {
    /// Filters this thread and all that it starts, for good. Needs `no_new_privs`.
    ///
    /// # Errors
    /// `EBUSY` when a filter around us has a listener already; others on kernels before 5.19.
    pub(crate) fn install(program: &[libc::sock_filter]) -> io::Result<Self> {
        let len = u16::try_from(program.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let header = libc::sock_fprog { len, filter: program.as_ptr().cast_mut() };
        let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
        // SAFETY: `header` describes `program`, which outlives the call; the kernel copies and only reads it.
        let made = unsafe {
            libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const header)
        };
        match i32::try_from(made) {
            Ok(descriptor @ 0..) => Ok(Self(sys::own(descriptor))),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The next call; blocks until there is one.
    pub(crate) fn receive(&self) -> io::Result<Call> {
        // SAFETY: all-zero bytes are a valid value, and what the kernel asks for.
        let mut notice: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the pointer is to a live, writable value of the type that this request fills.
        let done =
            unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut notice) };
        if done < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Call {
            id: notice.id,
            thread: notice.pid,
            number: notice.data.nr.into(),
            arguments: notice.data.args,
        })
    }

    /// Whether the caller still waits: then what was read from its memory was its own.
    pub(crate) fn waits(&self, call: &Call) -> bool {
        // SAFETY: the pointer is to a live value of the type that this request reads.
        let done = unsafe {
            libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const call.id)
        };
        done == 0
    }

    /// Lets the kernel do it, with all its checks.
    pub(crate) fn go_on(&self, call: &Call) {
        const CONTINUE: u32 = 1;
        self.send(&libc::seccomp_notif_resp { id: call.id, val: 0, error: 0, flags: CONTINUE });
    }

    /// Tells the caller that it is done, or the error number that it failed with.
    pub(crate) fn answer(&self, call: &Call, done: Result<(), i32>) {
        let error = -done.err().unwrap_or_default();
        self.send(&libc::seccomp_notif_resp { id: call.id, val: 0, error, flags: 0 });
    }

    /// Fails only when the caller was killed meanwhile.
    fn send(&self, response: &libc::seccomp_notif_resp) {
        // SAFETY: the pointer is to a live value of the type that this request reads.
        unsafe {
            libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, std::ptr::from_ref(response))
        };
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
