//! What runs inside the sandbox and tries to get out. Exit status 0: it could; [`DENIED`]: the kernel said no.
#![expect(unsafe_code, reason = "raw system calls are what is tried")]

use std::io::{self, Write};
use std::process::ExitCode;

pub(super) const ARGUMENT: &str = "--attack";
/// Asks this binary to be a whole server with one running command, to be killed.
pub(super) const SERVER: &str = "--be-a-server";
pub(super) const DENIED: i32 = 77;

pub(super) fn run_if_asked() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, what, rest @ ..] = arguments.as_slice() else { return None };
    if let ([cache, mark], SERVER) = (rest, first.as_str()) {
        super::again::lose_powers_if_asked();
        super::lifetime::be_a_server(what, cache, mark);
        return Some(ExitCode::SUCCESS);
    }
    if first != ARGUMENT {
        return None;
    }
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    Some(match attack(what, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{what}: {error}");
            ExitCode::from(77)
        }
    })
}

fn attack(what: &str, arguments: &[&str]) -> io::Result<()> {
    let argument = |index: usize| arguments[index];
    let number = |index: usize| arguments[index].parse::<i64>().unwrap();
    match what {
        "read" => std::fs::read(argument(0)).map(drop),
        "list" => std::fs::read_dir(argument(0)).map(drop),
        "write" => std::fs::OpenOptions::new().append(true).create(true).open(argument(0)).map(drop),
        "truncate" => checked(unsafe { libc::truncate(c(argument(0)).as_ptr(), 0) }.into()),
        "remove" => std::fs::remove_file(argument(0)),
        "rename" => std::fs::rename(argument(0), argument(1)),
        "link" => std::fs::hard_link(argument(0), argument(1)),
        "run" => std::process::Command::new(argument(0)).status().map(drop),
        "socket" => checked(
            unsafe {
                let kind = i32::try_from(number(1)).unwrap();
                libc::socket(i32::try_from(number(0)).unwrap(), kind, i32::try_from(number(2)).unwrap())
            }
            .into(),
        ),
        "abstract" => {
            use std::os::linux::net::SocketAddrExt;
            let address = std::os::unix::net::SocketAddr::from_abstract_name(argument(0))?;
            std::os::unix::net::UnixStream::connect_addr(&address).map(drop)
        }
        "io_uring" => {
            let parameters = [0u8; 256];
            checked(unsafe { libc::syscall(libc::SYS_io_uring_setup, 4u32, parameters.as_ptr()) })
        }
        "connect" => {
            let protocol = i32::try_from(number(0)).unwrap();
            let port = u16::try_from(number(1)).unwrap();
            let socket = unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, protocol) };
            checked(socket.into())?;
            let mut address: libc::sockaddr_in = unsafe { std::mem::zeroed() };
            address.sin_family = 2;
            address.sin_port = port.to_be();
            address.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
            let size = u32::try_from(size_of::<libc::sockaddr_in>()).unwrap();
            checked(unsafe { libc::connect(socket, (&raw const address).cast(), size) }.into())
        }
        "kill" => checked(unsafe { libc::kill(i32::try_from(number(0)).unwrap(), 0) }.into()),
        "ptrace" => checked(unsafe { libc::ptrace(libc::PTRACE_SEIZE, number(0), 0, 0) }),
        "environ" => std::fs::read(format!("/proc/{}/environ", argument(0))).map(drop),
        "prlimit" => {
            let limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            let pid = i32::try_from(number(0)).unwrap();
            checked(
                unsafe { libc::prlimit(pid, libc::RLIMIT_CORE, &raw const limit, std::ptr::null_mut()) }
                    .into(),
            )
        }
        "renice" => checked(
            unsafe { libc::setpriority(libc::PRIO_PROCESS, u32::try_from(number(0)).unwrap(), 19) }.into(),
        ),
        "unshare" => checked(unsafe { libc::unshare(libc::CLONE_NEWUSER) }.into()),
        "mount" => checked(
            unsafe {
                libc::mount(c"none".as_ptr(), c("/tmp").as_ptr(), c"tmpfs".as_ptr(), 0, std::ptr::null())
            }
            .into(),
        ),
        "keyring" => checked(unsafe { libc::syscall(libc::SYS_keyctl, 0, -4i64, 1) }),
        "handle" => checked(unsafe { libc::syscall(libc::SYS_open_by_handle_at, -100, 0, 0) }),
        "descriptors" => {
            let open: Vec<i32> =
                (3..1024).filter(|fd| unsafe { libc::fcntl(*fd, libc::F_GETFD) } >= 0).collect();
            if open.is_empty() { Err(io::Error::other("none is open")) } else { Ok(()) }
        }
        "sysctl" => std::fs::OpenOptions::new().write(true).open("/proc/sys/kernel/core_pattern").map(drop),
        "capabilities" => {
            let status = std::fs::read_to_string("/proc/self/status")?;
            let none = |name| {
                status.lines().any(|line: &str| line.starts_with(name) && line.ends_with("0000000000000000"))
            };
            if none("CapEff") && none("CapPrm") && none("CapBnd") {
                Err(io::Error::other("none"))
            } else {
                Ok(())
            }
        }
        "symlink-write" => {
            std::os::unix::fs::symlink(argument(0), argument(1))?;
            std::fs::OpenOptions::new().append(true).open(argument(1)).map(drop)
        }
        "allocate" => {
            let mut held = Vec::new();
            for _ in 0..number(0) {
                held.push(vec![1u8; 1 << 20]);
            }
            println!("{}", held.len());
            loop {
                std::thread::park();
            }
        }
        "allocate_at_once" => {
            let held = vec![1u8; usize::try_from(number(0)).unwrap() << 20];
            println!("{}", std::hint::black_box(&held).len());
            loop {
                std::thread::park();
            }
        }
        "reserve" => {
            let bytes = usize::try_from(number(0)).unwrap() << 20;
            let (access, kind) =
                (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            let kind = kind | libc::MAP_NORESERVE;
            let at = unsafe { libc::mmap(std::ptr::null_mut(), bytes, access, kind, -1, 0) };
            if at == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(()) }
        }
        "print" => {
            let block = vec![b'x'; 1 << 16];
            let mut out = io::stdout().lock();
            (0..number(0) / (1 << 16)).try_for_each(|_| out.write_all(&block))
        }
        other => panic!("unknown attack {other}"),
    }
}

fn c(text: &str) -> std::ffi::CString {
    std::ffi::CString::new(text).unwrap()
}

fn checked(result: i64) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
