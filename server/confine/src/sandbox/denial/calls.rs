//! System calls that the filter refuses and powers that a task lost, where outside they are to be had.

use super::super::observation::Denial;
use super::{Case, any, has_word, message};

/// Calls that belong together.
struct Group {
    /// Words that name them in a message.
    words: &'static [&'static str],
    what: &'static str,
    rule: &'static str,
    /// Whether the server could do it.
    outside: fn() -> bool,
}

const GROUPS: &[Group] = &[
    Group {
        words: &[
            "ptrace",
            "PTRACE_TRACEME",
            "PTRACE_ATTACH",
            "PTRACE_SEIZE",
            "process_vm_readv",
            "process_vm_writev",
        ],
        what: "tracing another process (ptrace)",
        rule: "the system-call filter of tasks has no debuggers",
        outside: || number("/proc/sys/kernel/yama/ptrace_scope").is_none_or(|scope| scope < 2),
    },
    Group {
        words: &[
            "unshare",
            "setns",
            "CLONE_NEWUSER",
            "CLONE_NEWNS",
            "CLONE_NEWPID",
            "namespace",
            "namespaces",
            "bwrap",
        ],
        what: "making a namespace (unshare, setns, clone)",
        rule: "the system-call filter of tasks has no sandboxes within the sandbox",
        outside: || {
            is_root()
                || (number("/proc/sys/user/max_user_namespaces").is_some_and(|most| most > 0)
                    && number("/proc/sys/kernel/unprivileged_userns_clone") != Some(0)
                    && number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") != Some(1))
        },
    },
    Group {
        words: &["io_uring", "io_uring_setup", "io_uring_queue_init"],
        what: "io_uring",
        rule: "the system-call filter of tasks cannot look into it",
        outside: || number("/proc/sys/kernel/io_uring_disabled") == Some(0),
    },
    Group {
        words: &["perf_event_open", "perf_event"],
        what: "performance counters (perf_event_open)",
        rule: "the system-call filter of tasks refuses it",
        outside: || {
            is_root() || number("/proc/sys/kernel/perf_event_paranoid").is_some_and(|level| level <= 2)
        },
    },
    Group {
        words: &["keyctl", "add_key", "request_key"],
        what: "the kernel's keys (keyctl)",
        rule: "they are the user's, and the system-call filter of tasks refuses it",
        outside: || true,
    },
    Group {
        words: &["mq_open", "mq_unlink", "mq_send", "mq_receive"],
        what: "POSIX message queues (mq_open)",
        rule: "the system-call filter of tasks refuses it",
        outside: || true,
    },
    Group {
        words: &["AF_VSOCK", "AF_ALG", "AF_BLUETOOTH", "AF_TIPC", "AF_RDS", "AF_XDP", "AF_CAN", "AF_KCM"],
        what: "a socket of a rare family",
        rule: "the system-call filter of tasks lets through Unix sockets and those of the internet only",
        outside: || true,
    },
    Group {
        words: &["open_by_handle_at", "name_to_handle_at"],
        what: "file handles (open_by_handle_at)",
        rule: "they lead past every rule for paths",
        outside: is_root,
    },
    Group {
        words: &["mount", "umount", "pivot_root", "chroot", "losetup", "fuse", "fusermount"],
        what: "mounting",
        rule: "the system-call filter of tasks refuses it",
        outside: is_root,
    },
    Group {
        words: &[
            "AF_PACKET",
            "SOCK_RAW",
            "iptables",
            "nft",
            "tcpdump",
            "RTNETLINK",
            "bpf",
            "userfaultfd",
            "fanotify",
        ],
        what: "a call for which root is needed",
        rule: "a task has none of root's powers",
        outside: is_root,
    },
    Group {
        words: &[
            "chown",
            "lchown",
            "fchown",
            "chgrp",
            "ownership",
            "mknod",
            "mkdev",
            "setuid",
            "setgid",
            "setgroups",
            "seteuid",
            "setegid",
            "setresuid",
            "setresgid",
            "initgroups",
            "sethostname",
            "settimeofday",
            "sysctl",
            "dmesg",
        ],
        what: "a call for which root is needed",
        rule: "a task has none of root's powers",
        outside: is_root,
    },
];

/// What programs print when a call is refused or seems to be unknown.
const NOT_ALLOWED: &[&[u8]] = &[
    b"peration not permitted",
    b"EPERM",
    b"ermission denied",
    b"EACCES",
    b"unction not implemented",
    b"ENOSYS",
    b"must be superuser",
];

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn number(path: &str) -> Option<i64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

pub(super) fn find(case: &Case<'_>) -> Vec<Denial> {
    let lines: Vec<&[u8]> = case.lines().collect();
    let mut found = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| any(line, NOT_ALLOWED)) {
        let message = message(case, &lines, at);
        let named = |word: &&str| message.iter().any(|line| has_word(line, word.as_bytes()));
        let group = GROUPS.iter().find(|group| group.words.iter().any(named));
        if let Some(group) = group.filter(|group| (group.outside)()) {
            found.push(Denial {
                what: group.what.to_owned(),
                rule: group.rule.to_owned(),
                allow: "nothing allows it: run that outside".to_owned(),
            });
        }
    }
    found
}
