//! The system-call filter: our own classic BPF, so that architecture, x32 and arguments are checked as we say.
//!
//! Calls are ranges on the number line, each with a verdict; the program is a balanced search in them, since its cost
//! at install and per call follows the length of the path, not of the program.
//!
//! Absent on purpose
//! - A filter on connect, bind or sendto: it cannot tell families apart and breaks asyncio and multiprocessing.

use std::io;

use super::sys;

mod calls;

use calls::{DENIED, MISSING};

const EPERM: u32 = libc::EPERM.cast_unsigned();
const EACCES: u32 = libc::EACCES.cast_unsigned();
const ENOSYS: u32 = libc::ENOSYS.cast_unsigned();

#[cfg(target_arch = "x86_64")]
const ARCH: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCH: u32 = 0xc000_00b7;

/// Offsets in `struct seccomp_data`, little-endian machines only.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const fn low(argument: u32) -> u32 {
    16 + 8 * argument
}
const fn high(argument: u32) -> u32 {
    low(argument) + 4
}

/// x32 calls carry this bit; native ones stay far below.
const X32: u32 = 0x4000_0000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Allow,
    Fail(u32),
    /// Heard of first, unless it carries our own mark.
    Heard,
    /// Only these families.
    Socket,
    /// No namespace flags.
    Clone,
    /// No pushing of input into terminals.
    Ioctl,
    /// Only on itself: argument 1 (who) must be 0.
    OnlySelfSecond,
    /// Reading limits of anybody, writing only one's own.
    Prlimit,
}

/// What a filter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The commands have a network namespace of their own, where a loopback socket harms nobody.
    pub(crate) own_network: bool,
    /// The commands have a pid namespace of their own, so that there is nobody else to renice.
    pub(crate) own_processes: bool,
    /// Renames are to be heard of, and that a command makes a Landlock domain.
    pub(crate) heard: bool,
}

/// In the last register of a call that is heard of, which the kernel does not look at: it is our own, and not heard of.
/// Whoever else says so is left to the kernel, and so gains nothing.
pub(crate) const UNHEARD: u32 = 0x766f_7563;

fn verdicts(wanted: Wanted) -> Vec<(u32, Verdict)> {
    let number = |call: &libc::c_long| u32::try_from(*call).unwrap_or(u32::MAX);
    let mut all: Vec<(u32, Verdict)> =
        DENIED.iter().map(|call| (number(call), Verdict::Fail(EPERM))).collect();
    all.extend(MISSING.iter().map(|call| (number(call), Verdict::Fail(ENOSYS))));
    all.push((number(&libc::SYS_socket), Verdict::Socket));
    all.push((number(&libc::SYS_clone), Verdict::Clone));
    all.push((number(&libc::SYS_ioctl), Verdict::Ioctl));
    // Calls newer than this list (mseal is 462) are unknown quantities; none is needed by tools of today.
    all.push((467, Verdict::Fail(EPERM))); // open_tree_attr
    // With processes of its own a command still has its init beside it, whose limits are none of its business.
    all.push((number(&libc::SYS_prlimit64), Verdict::Prlimit));
    if wanted.heard {
        #[cfg(target_arch = "x86_64")]
        all.push((number(&libc::SYS_rename), Verdict::Heard));
        let heard = [libc::SYS_renameat, libc::SYS_renameat2, libc::SYS_landlock_restrict_self];
        all.extend(heard.map(|call| (number(&call), Verdict::Heard)));
    }
    if !wanted.own_processes {
        all.push((number(&libc::SYS_setpriority), Verdict::OnlySelfSecond));
        all.push((number(&libc::SYS_ioprio_set), Verdict::OnlySelfSecond));
    }
    all.sort_unstable_by_key(|(call, _)| *call);
    all
}

/// The number line cut into ranges: each begins at its number and reaches to the next.
fn ranges(wanted: Wanted) -> Vec<(u32, Verdict)> {
    let mut line = vec![(0, Verdict::Allow)];
    for (call, verdict) in verdicts(wanted) {
        // Two neighbours: the range of "allow" that was opened after the previous call is empty.
        if line.last().is_some_and(|(start, _)| *start == call) {
            line.pop();
        }
        line.push((call, verdict));
        line.push((call + 1, Verdict::Allow));
    }
    line.push((X32, Verdict::Fail(ENOSYS)));
    line
}

fn op(code: u32, jump_true: u8, jump_false: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: u16::try_from(code).unwrap_or_default(), jt: jump_true, jf: jump_false, k }
}
fn load(offset: u32) -> libc::sock_filter {
    op(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset)
}
fn equal(k: u32, jump_true: u8, jump_false: u8) -> libc::sock_filter {
    op(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, jump_true, jump_false, k)
}
fn any_bit(k: u32, jump_true: u8, jump_false: u8) -> libc::sock_filter {
    op(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, jump_true, jump_false, k)
}
fn answer(k: u32) -> libc::sock_filter {
    op(libc::BPF_RET | libc::BPF_K, 0, 0, k)
}
fn allow() -> libc::sock_filter {
    answer(libc::SECCOMP_RET_ALLOW)
}
fn fail(errno: u32) -> libc::sock_filter {
    answer(libc::SECCOMP_RET_ERRNO | errno)
}

fn leaf(verdict: Verdict, wanted: Wanted) -> Vec<libc::sock_filter> {
    match verdict {
        Verdict::Allow => vec![allow()],
        Verdict::Fail(errno) => vec![fail(errno)],
        Verdict::Heard => {
            vec![load(low(5)), equal(UNHEARD, 0, 1), allow(), answer(libc::SECCOMP_RET_USER_NOTIF)]
        }
        Verdict::Socket if wanted.own_network => vec![
            load(low(0)),
            equal(libc::AF_UNIX.cast_unsigned(), 3, 0),
            equal(libc::AF_INET.cast_unsigned(), 2, 0),
            equal(libc::AF_INET6.cast_unsigned(), 1, 0),
            equal(libc::AF_NETLINK.cast_unsigned(), 0, 1),
            allow(),
            fail(EACCES),
        ],
        Verdict::Socket => {
            vec![load(low(0)), equal(libc::AF_UNIX.cast_unsigned(), 0, 1), allow(), fail(EACCES)]
        }
        Verdict::Clone => vec![load(low(0)), any_bit(NAMESPACES, 0, 1), fail(EPERM), allow()],
        Verdict::Ioctl => vec![
            load(low(1)),
            equal(TIOCSTI, 2, 0),
            equal(TIOCLINUX, 1, 0),
            equal(TIOCSETD, 0, 1),
            fail(EPERM),
            allow(),
        ],
        Verdict::OnlySelfSecond => vec![load(low(1)), equal(0, 1, 0), fail(EPERM), allow()],
        Verdict::Prlimit => vec![
            load(low(0)),
            equal(0, 4, 0),
            load(low(2)),
            equal(0, 0, 3),
            load(high(2)),
            equal(0, 0, 1),
            allow(),
            fail(EPERM),
        ],
    }
}

const TIOCSTI: u32 = 0x5412;
const TIOCLINUX: u32 = 0x541c;
const TIOCSETD: u32 = 0x5423;
/// Every namespace flag that `clone` takes; CLONE_NEWTIME has no bit there.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET)
    .cast_unsigned();

/// A balanced search: the accumulator holds the call's number when it starts.
fn search(ranges: &[(u32, Verdict)], wanted: Wanted) -> Vec<libc::sock_filter> {
    let (left, right) = ranges.split_at(ranges.len() / 2);
    let (Some(_), Some((middle, _))) = (left.first(), right.first()) else {
        return ranges.first().map(|(_, verdict)| leaf(*verdict, wanted)).unwrap_or_default();
    };
    let left = search(left, wanted);
    let greater = libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K;
    let mut program = match u8::try_from(left.len()) {
        Ok(skip) => vec![op(greater, skip, 0, *middle)],
        Err(_) => vec![
            op(greater, 0, 1, *middle),
            op(libc::BPF_JMP | libc::BPF_JA, 0, 0, u32::try_from(left.len()).unwrap_or(u32::MAX)),
        ],
    };
    program.extend(left);
    program.extend(search(right, wanted));
    program
}

/// The whole program.
pub(crate) fn program(wanted: Wanted) -> Vec<libc::sock_filter> {
    let mut program = vec![load(ARCHITECTURE), equal(ARCH, 1, 0), fail(ENOSYS), load(NUMBER)];
    program.extend(search(&ranges(wanted), wanted));
    program
}

/// Filters this thread and all that it starts, for good.
///
/// # Errors
/// What the kernel says; without `no_new_privs` it refuses.
pub(crate) fn install(program: &[libc::sock_filter]) -> io::Result<()> {
    sys::seccomp(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIER_2: Wanted = Wanted { own_network: false, own_processes: false, heard: false };
    const TIER_1: Wanted = Wanted { own_network: true, own_processes: true, heard: true };

    /// Interprets the program as the kernel would.
    fn decide(wanted: Wanted, arch: u32, number: u32, arguments: [u64; 3]) -> u32 {
        let program = program(wanted);
        let mut data = vec![];
        data.extend(number.to_le_bytes());
        data.extend(arch.to_le_bytes());
        data.extend(0u64.to_le_bytes());
        arguments.iter().for_each(|argument| data.extend(argument.to_le_bytes()));
        let (mut at, mut accumulator) = (0usize, 0u32);
        loop {
            let step = program[at];
            at += 1;
            let jump = |taken: bool| usize::from(if taken { step.jt } else { step.jf });
            match u32::from(step.code) {
                code if code == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS => {
                    let offset = step.k as usize;
                    accumulator = u32::from_le_bytes(data[offset..offset + 4].try_into().unwrap());
                }
                code if code == libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K => {
                    at += jump(accumulator == step.k);
                }
                code if code == libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K => {
                    at += jump(accumulator >= step.k);
                }
                code if code == libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K => {
                    at += jump(accumulator & step.k != 0);
                }
                code if code == libc::BPF_JMP | libc::BPF_JA => at += step.k as usize,
                code if code == libc::BPF_RET | libc::BPF_K => return step.k,
                other => panic!("unknown instruction {other}"),
            }
        }
    }

    fn call(wanted: Wanted, number: libc::c_long, arguments: [u64; 3]) -> Result<(), u32> {
        match decide(wanted, ARCH, u32::try_from(number).unwrap(), arguments) {
            libc::SECCOMP_RET_ALLOW => Ok(()),
            other => Err(other & 0xffff),
        }
    }

    #[test]
    fn every_listed_call_fails_and_its_neighbours_do_not() {
        let listed: Vec<u32> = verdicts(TIER_2).iter().map(|(number, _)| *number).collect();
        for (number, verdict) in verdicts(TIER_2) {
            if let Verdict::Fail(errno) = verdict {
                assert_eq!(call(TIER_2, number.into(), [0; 3]), Err(errno), "call {number}");
            }
        }
        for number in (0..500).filter(|number| !listed.contains(number)) {
            assert_eq!(call(TIER_2, number.into(), [0; 3]), Ok(()), "call {number}");
        }
    }

    #[test]
    fn other_architectures_and_x32_numbers_do_not_get_in() {
        assert_eq!(decide(TIER_2, 0x4000_0003, 1, [0; 3]), libc::SECCOMP_RET_ERRNO | ENOSYS);
        for number in [X32, X32 + 59, u32::MAX] {
            assert_eq!(decide(TIER_2, ARCH, number, [0; 3]), libc::SECCOMP_RET_ERRNO | ENOSYS);
        }
    }

    #[test]
    fn families_depend_on_whose_network_it_is() {
        let socket =
            |wanted, family: i32| call(wanted, libc::SYS_socket, [family.unsigned_abs().into(), 1, 0]);
        for (family, tier_1, tier_2) in [
            (libc::AF_UNIX, Ok(()), Ok(())),
            (libc::AF_INET, Ok(()), Err(EACCES)),
            (libc::AF_INET6, Ok(()), Err(EACCES)),
            (libc::AF_NETLINK, Ok(()), Err(EACCES)),
            (libc::AF_VSOCK, Err(EACCES), Err(EACCES)),
            (libc::AF_PACKET, Err(EACCES), Err(EACCES)),
            (libc::AF_ALG, Err(EACCES), Err(EACCES)),
        ] {
            assert_eq!((socket(TIER_1, family), socket(TIER_2, family)), (tier_1, tier_2), "family {family}");
        }
        // The kernel takes the family as an int: the upper half of the register is not looked at, by it or by us.
        assert_eq!(call(TIER_2, libc::SYS_socket, [(1 << 32) | 2, 1, 0]), Err(EACCES));
    }

    #[test]
    fn arguments_decide_where_the_call_itself_is_needed() {
        let threads = u64::from((libc::CLONE_VM | libc::CLONE_THREAD | libc::CLONE_SIGHAND).cast_unsigned());
        assert_eq!(call(TIER_1, libc::SYS_clone, [threads, 0, 0]), Ok(()));
        let user = u64::from(libc::CLONE_NEWUSER.cast_unsigned());
        assert_eq!(call(TIER_1, libc::SYS_clone, [user, 0, 0]), Err(EPERM));
        assert_eq!(call(TIER_1, libc::SYS_ioctl, [0, TIOCSTI.into(), 0]), Err(EPERM));
        assert_eq!(call(TIER_1, libc::SYS_ioctl, [0, (1 << 32) | u64::from(TIOCSTI), 0]), Err(EPERM));
        assert_eq!(call(TIER_1, libc::SYS_ioctl, [0, 0x5401, 0]), Ok(()));
        for tier in [TIER_1, TIER_2] {
            assert_eq!(call(tier, libc::SYS_prlimit64, [7, 3, 1 << 40]), Err(EPERM));
            assert_eq!(call(tier, libc::SYS_prlimit64, [7, 3, 0]), Ok(()));
            assert_eq!(call(tier, libc::SYS_prlimit64, [0, 3, 1 << 40]), Ok(()));
        }
        assert_eq!(call(TIER_2, libc::SYS_setpriority, [0, 7, 1]), Err(EPERM));
        assert_eq!(call(TIER_1, libc::SYS_setpriority, [0, 7, 1]), Ok(()));
    }
}
