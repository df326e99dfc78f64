"""Other processes: what /proc tells, descriptors, terminals, signals, tracing, scheduling, and the zygote itself."""

import array
import ctypes
import fcntl
import os
import signal
import socket
import struct
import termios
import time

from files import append, slurp
from kit import Denied, add, attack, check, child, libc, reaches_kernel, syscall

PROC, DESCRIPTORS, TERMINALS = "/proc", "descriptors", "terminals"
SIGNALS, TRACING, SCHEDULING, ZYGOTE = "signals", "tracing", "scheduling", "the zygote"
OTHERS, SCHEDULED, SOCKETS, KERNEL_FILES = "processes", "scheduling", "sockets", "kernel files"


def of_victim(name, what, path, leaves=OTHERS, by="secret"):
    add(name, PROC, what, lambda t: slurp(f"/proc/{t.witness}/{path}"), by, leaves=leaves)


of_victim("proc_cmdline", "another process's command line", "cmdline")
of_victim("proc_comm", "another process's name", "comm", by="self")
of_victim("proc_stat", "another process's state and times", "stat", by="self")
of_victim("proc_status", "another process's status", "status", by="self")
of_victim("proc_environ", "another process's environment", "environ", leaves=None)
of_victim("proc_maps", "another process's memory map", "maps", leaves=None, by="self")
of_victim("proc_smaps", "another process's memory in detail", "smaps_rollup", leaves=None, by="self")
of_victim("proc_auxv", "another process's auxiliary vector", "auxv", leaves=None, by="self")
of_victim("proc_syscall", "another process's system call", "syscall", leaves=None, by="self")
of_victim("proc_stack", "another process's kernel stack", "stack", leaves=None, by="self")
of_victim("proc_io", "another process's input and output counts", "io", leaves=None, by="self")
of_victim("proc_wchan", "what another process waits in", "wchan", by="self")
of_victim("proc_limits", "another process's limits", "limits", by="self")
of_victim("proc_mountinfo", "another process's mounts", "mountinfo", by="self")
of_victim("proc_cgroup", "another process's cgroups", "cgroup", by="self")
of_victim("proc_cwd_file", "a file through another process's working directory", "cwd/file.txt", leaves=None)
of_victim("proc_fd_file", "a file through another process's open descriptor", "fd/7", leaves=None)


@attack(PROC, "a file through another process's root", "secret")
def proc_root_of_other(t):
    return slurp(f"/proc/{t.witness}/root{t.file}")


@attack(PROC, "where another process works (cwd)", "secret")
def proc_cwd(t):
    return os.readlink(f"/proc/{t.witness}/cwd")


@attack(PROC, "the list of another process's descriptors", "secret")
def proc_fds(t):
    return " ".join(os.readlink(f"/proc/{t.witness}/fd/{n}") for n in os.listdir(f"/proc/{t.witness}/fd"))


@attack(PROC, "another process's memory by /proc/PID/mem", "secret")
def proc_mem(t):
    return os.pread(os.open(f"/proc/{t.witness}/mem", os.O_RDONLY), 64, t.address)


@attack(PROC, "another process's memory map files", "self")
def proc_map_files(t):
    os.listdir(f"/proc/{t.witness}/map_files")


@attack(PROC, "the list of processes", "self", leaves=OTHERS)
def proc_list(t):
    if str(t.witness) not in os.listdir("/proc") or b"witness" not in slurp(f"/proc/{t.witness}/cmdline"):
        raise Denied("the witness is not in it")


@attack(PROC, "another process's OOM score, set", "change", where="victim")
def proc_oom(t):
    with open(f"/proc/{t.victim}/oom_score_adj", "w") as file:
        file.write("500")


@attack(PROC, "another process's core dump filter, set", "change", where="victim")
def proc_coredump(t):
    with open(f"/proc/{t.victim}/coredump_filter", "w") as file:
        file.write("0x7f")


@attack(PROC, "another process's timer slack, set", "change", where="victim")
def proc_slack(t):
    with open(f"/proc/{t.victim}/timerslack_ns", "w") as file:
        file.write("70000")


@attack(PROC, "another process's automatic group, set", "change", where="victim")
def proc_autogroup(t):
    with open(f"/proc/{t.victim}/autogroup", "w") as file:
        file.write("7")


@attack(PROC, "another process's memory, written", "change", where="memory")
def proc_mem_write(t):
    os.pwrite(os.open(f"/proc/{t.witness}/mem", os.O_RDWR), b"PLANTED!", t.address + 64)


for name, what, path in (
    ("core_pattern", "the host's core_pattern (never written)", "kernel/core_pattern"),
    ("printk", "a rate limit of the kernel's log", "kernel/printk_ratelimit"),
    ("modprobe", "the program that loads modules", "kernel/modprobe"),
    ("hostname", "the host's name", "kernel/hostname"),
    ("overcommit", "memory overcommit", "vm/overcommit_memory"),
    ("drop_caches", "dropping caches", "vm/drop_caches"),
    ("userns", "the limit of user namespaces", "user/max_user_namespaces"),
    ("file_max", "the limit of open files", "fs/file-max"),
    ("suid_dumpable", "core dumps of setuid programs", "fs/suid_dumpable"),
    ("ip_forward", "IP forwarding", "net/ipv4/ip_forward"),
    ("binfmt", "binary formats", "fs/binfmt_misc/register"),
    ("pid_max", "the largest process id", "kernel/pid_max"),
    ("randomize", "address randomisation", "kernel/randomize_va_space"),
):
    def sysctl(t, path=path):
        os.close(os.open("/proc/sys/" + path, os.O_WRONLY))

    add("sysctl_" + name, PROC, f"/proc/sys/{path}: {what}; opened for writing", sysctl, "self")

for name, path, flags in (
    ("sysrq", "sysrq-trigger", os.O_WRONLY), ("kcore", "kcore", os.O_RDONLY), ("kmsg_proc", "kmsg", os.O_RDONLY),
    ("vmallocinfo", "vmallocinfo", os.O_RDONLY), ("kpageflags", "kpageflags", os.O_RDONLY), ("slabinfo", "slabinfo", os.O_RDONLY),
    ("timer_list", "timer_list", os.O_RDONLY), ("kpagecount", "kpagecount", os.O_RDONLY), ("proc_mtrr", "mtrr", os.O_WRONLY),
    ("irq_affinity", "irq/default_smp_affinity", os.O_WRONLY),
):
    def kernel_file(t, path=path, flags=flags):
        os.close(os.open("/proc/" + path, flags))

    verb = "reading" if flags == os.O_RDONLY else "writing"
    add("proc_" + name.removeprefix("proc_"), PROC, f"/proc/{path} opened for {verb}", kernel_file, "self",
        leaves=KERNEL_FILES if flags == os.O_RDONLY else None)


@attack(PROC, "the host's connections in /proc/net/tcp", "self", leaves=OTHERS)
def proc_net_tcp(t):
    if f":{t.ports['tcp4']:04X} " not in slurp_all("/proc/net/tcp"):
        raise Denied("the host's listener is not in it")


@attack(PROC, "the host's sockets in /proc/net/unix", "self", leaves=OTHERS)
def proc_net_unix(t):
    if t.sockets["stream"] not in slurp_all("/proc/net/unix"):
        raise Denied("the host's socket is not in it")


@attack(PROC, "the host's shared memory in /proc/sysvipc", "self", leaves=OTHERS)
def proc_sysvipc(t):
    lines = [line.split()[1] for line in slurp_all("/proc/sysvipc/shm").splitlines()[1:]]
    if str(t.sysv["shm"]) not in lines:
        raise Denied("the host's segment is not in it")


@attack(PROC, "the user's keys in /proc/keys", "secret", leaves=OTHERS)
def proc_keys(t):
    return slurp_all("/proc/keys")


def slurp_all(path):
    with open(path, errors="replace") as file:
        return file.read()


# What whoever started the server holds open: 7 reads, 8 appends, 9 is a directory, 200 reads.

@attack(DESCRIPTORS, "an inherited file, read", "secret")
def fd_read(t):
    return os.pread(7, 4096, 0)


@attack(DESCRIPTORS, "an inherited file with a high number, read", "secret")
def fd_read_high(t):
    return os.pread(200, 4096, 0)


@attack(DESCRIPTORS, "an inherited file, written", "change")
def fd_write(t):
    os.write(8, b"planted\n")


@attack(DESCRIPTORS, "a file below an inherited directory, read", "secret")
def fd_directory_read(t):
    return os.read(os.open("fd_directory_read/file.txt", os.O_RDONLY, dir_fd=9), 4096)


@attack(DESCRIPTORS, "a file below an inherited directory, deleted", "change")
def fd_directory_delete(t):
    os.unlink("fd_directory_delete/file.txt", dir_fd=9)


@attack(DESCRIPTORS, "chmod below an inherited directory", "change")
def fd_directory_chmod(t):
    os.chmod("fd_directory_chmod/file.txt", 0o666, dir_fd=9)


@attack(DESCRIPTORS, "leaving by fchdir to an inherited directory", "secret")
def fd_chdir(t):
    os.fchdir(9)
    return slurp("fd_chdir/file.txt")


@attack(DESCRIPTORS, "any descriptor above 2", "self")
def fd_any(t):
    found = []
    for descriptor in range(3, 4096):
        try:
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            pass
    found = [f for f in found if "attempts" not in f and f"/proc/{os.getpid()}" not in f]
    if not found:
        raise Denied("none is open")
    return found


@attack(DESCRIPTORS, "the user's standard input", "secret")
def fd_stdin(t):
    return os.read(0, 4096)


@attack(DESCRIPTORS, "an open file received over the keeper's socket (SCM_RIGHTS)", "secret", leaves=SOCKETS)
def fd_received(t):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(t.sockets["giver"])
        _, ancillary, _, _ = s.recvmsg(64, socket.CMSG_SPACE(16))
        rights = array.array("i")
        rights.frombytes(ancillary[0][2][:4])
        return os.pread(rights[0], 4096, 0)


@attack(DESCRIPTORS, "output's other end, reopened for reading", "self", control="standard output is the harness's own")
def fd_reopen_output(t):
    descriptor = os.open("/proc/self/fd/1", os.O_RDWR | os.O_NONBLOCK)
    if not os.path.realpath("/proc/self/fd/1").startswith("/proc"):
        return descriptor
    raise Denied("a pipe of its own")


@attack(TERMINALS, "writing to another terminal", "message")
def pty_write(t):
    os.write(os.open(t.pty, os.O_WRONLY | os.O_NOCTTY), b"pty_write\n")


@attack(TERMINALS, "reading from another terminal", "self")
def pty_read(t):
    os.close(os.open(t.pty, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK))


@attack(TERMINALS, "the list of terminals", "self")
def pty_list(t):
    if os.path.basename(t.pty) not in os.listdir("/dev/pts"):
        raise Denied("the user's is not in it")


def own_terminal(body):
    """With a terminal of its own as controlling one."""
    def run():
        master, slave = os.openpty()
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        body(slave, master)

    return child(run)


@attack(TERMINALS, "TIOCSTI: typing into the terminal", "self")
def tiocsti(t):
    own_terminal(lambda slave, _: fcntl.ioctl(slave, termios.TIOCSTI, b"x"))


@attack(TERMINALS, "TIOCSTI with bits above the command word", "self")
def tiocsti_high(t):
    def push(slave, _):
        check(libc.ioctl(slave, ctypes.c_ulong(termios.TIOCSTI | 1 << 40), b"x"))

    own_terminal(push)


@attack(TERMINALS, "TIOCSETD: another line discipline", "self")
def tiocsetd(t):
    own_terminal(lambda slave, _: fcntl.ioctl(slave, termios.TIOCSETD, struct.pack("i", 2)))


@attack(TERMINALS, "TIOCLINUX: selection of the console", "self")
def tioclinux(t):
    own_terminal(lambda slave, _: reaches_tty(slave))


def reaches_tty(slave):
    # On a pseudo-terminal the kernel answers ENOTTY; only a filter answers EPERM.
    reaches_kernel(lambda: fcntl.ioctl(slave, 0x541C, b"\x02" + bytes(15)))


@attack(TERMINALS, "typing into the terminal of standard input", "self")
def tiocsti_inherited(t):
    for descriptor in (0, 1, 2):
        if os.isatty(descriptor):
            fcntl.ioctl(descriptor, termios.TIOCSTI, b"x")
            return
    raise Denied("no standard stream is a terminal")


@attack(TERMINALS, "/dev/tty of whoever started the server", "self")
def dev_tty(t):
    os.close(os.open("/dev/tty", os.O_RDWR))


# Each has a victim of its own, which the keeper looks at afterwards.

def on_victim(name, family, what, run, leaves=None, **more):
    add(name, family, what, run, "change", where="victim", leaves=leaves, **more)


def sigio(t, how):
    read, write = os.pipe()
    if how == "owner":
        fcntl.fcntl(read, fcntl.F_SETOWN, t.victim)
    elif how == "group":
        fcntl.fcntl(read, fcntl.F_SETOWN, -t.victim)
    else:
        fcntl.fcntl(read, 15, struct.pack("ii", 1, t.victim))
    fcntl.fcntl(read, 10, signal.SIGKILL)
    fcntl.fcntl(read, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(write, b"x")


def info(number):
    return ctypes.create_string_buffer(struct.pack("iii", number, 0, -1) + bytes(116))


on_victim("kill_term", SIGNALS, "kill", lambda t: os.kill(t.victim, signal.SIGTERM))
on_victim("kill_kill", SIGNALS, "kill -9", lambda t: os.kill(t.victim, signal.SIGKILL))
on_victim("kill_stop", SIGNALS, "stopping", lambda t: os.kill(t.victim, signal.SIGSTOP))
on_victim("kill_group", SIGNALS, "its process group", lambda t: os.killpg(t.victim, signal.SIGTERM))
on_victim("kill_thread", SIGNALS, "tgkill", lambda t: syscall("tgkill", t.victim, t.victim, 15))
on_victim("kill_tkill", SIGNALS, "tkill", lambda t: syscall("tkill", t.victim, 15))
on_victim("kill_queue", SIGNALS, "rt_sigqueueinfo", lambda t: syscall("rt_sigqueueinfo", t.victim, 15, info(15)))
on_victim("kill_tqueue", SIGNALS, "rt_tgsigqueueinfo",
          lambda t: syscall("rt_tgsigqueueinfo", t.victim, t.victim, 15, info(15)))
on_victim("kill_pidfd", SIGNALS, "pidfd_send_signal",
          lambda t: syscall("pidfd_send_signal", os.pidfd_open(t.victim), 15, None, 0))
on_victim("kill_pidfd_proc", SIGNALS, "pidfd_send_signal through /proc/PID",
          lambda t: syscall("pidfd_send_signal", os.open(f"/proc/{t.victim}", os.O_RDONLY), 15, None, 0))
on_victim("kill_sigio", SIGNALS, "F_SETOWN with F_SETSIG", lambda t: sigio(t, "owner"))
on_victim("kill_sigio_group", SIGNALS, "F_SETOWN of its group", lambda t: sigio(t, "group"))
on_victim("kill_sigio_ex", SIGNALS, "F_SETOWN_EX", lambda t: sigio(t, "ex"))
on_victim("kill_shell", SIGNALS, "kill(1) from a shell", lambda t: os.system(f"kill -9 {t.victim} 2>/dev/null"))


@attack(SIGNALS, "asking whether a process is there (signal 0)", "self")
def kill_zero(t):
    os.kill(t.witness, 0)


def peek(t, request):
    if libc.ptrace(request, t.witness, None, None) == -1:
        check(-1)
    os.waitpid(t.witness, 0x40000000)
    libc.ptrace.restype = ctypes.c_long
    words = [libc.ptrace(1, t.witness, ctypes.c_void_p(t.address + n), None) for n in range(0, 64, 8)]
    libc.ptrace(17, t.witness, None, None)
    return b"".join(struct.pack("q", word) for word in words)


@attack(TRACING, "ptrace: attach and read memory", "secret")
def ptrace_attach(t):
    return peek(t, 16)


@attack(TRACING, "ptrace: seize", "self")
def ptrace_seize(t):
    check(libc.ptrace(0x4206, t.witness, None, None))


class IoVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def transfer(call, t, buffer, remote):
    mine = IoVec(ctypes.addressof(buffer), len(buffer))
    theirs = IoVec(remote, len(buffer))
    syscall(call, t.witness, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)


@attack(TRACING, "process_vm_readv", "secret")
def vm_read(t):
    buffer = ctypes.create_string_buffer(64)
    transfer("process_vm_readv", t, buffer, t.address)
    return buffer.raw


@attack(TRACING, "process_vm_writev", "change", where="memory")
def vm_write(t):
    transfer("process_vm_writev", t, ctypes.create_string_buffer(b"PLANTED", 8), t.address + 64)


@attack(TRACING, "pidfd_getfd: taking its descriptor", "secret")
def pidfd_getfd(t):
    return os.pread(syscall("pidfd_getfd", os.pidfd_open(t.witness), 7, 0), 4096, 0)


@attack(TRACING, "kcmp", "self")
def kcmp(t):
    syscall("kcmp", os.getpid(), t.witness, 2, 0, 0)


@attack(TRACING, "process_madvise", "self")
def process_madvise(t):
    syscall("process_madvise", os.pidfd_open(t.witness), ctypes.byref(IoVec(t.address & ~4095, 4096)), 1, 20, 0)


@attack(TRACING, "get_robust_list", "self")
def robust_list(t):
    syscall("get_robust_list", t.witness, (ctypes.c_long * 1)(), (ctypes.c_long * 1)())


@attack(TRACING, "performance counters of another process", "self")
def perf_other(t):
    syscall("perf_event_open", perf_attributes(), t.witness, -1, -1, 0)


def perf_attributes():
    attributes = ctypes.create_string_buffer(128)
    struct.pack_into("IIQ", attributes, 0, 1, 128, 1)  # software, task clock
    struct.pack_into("Q", attributes, 40, 0x61)  # disabled, without kernel and hypervisor
    return attributes


@attack(TRACING, "moving its memory pages", "self")
def move_pages(t):
    syscall("move_pages", t.witness, 0, None, None, None, 0)


@attack(TRACING, "migrating its memory pages", "self")
def migrate_pages(t):
    syscall("migrate_pages", t.witness, 64, (ctypes.c_long * 1)(1), (ctypes.c_long * 1)(1))


class Attributes(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("policy", ctypes.c_uint32), ("flags", ctypes.c_uint64), ("nice", ctypes.c_int32),
                ("priority", ctypes.c_uint32), ("runtime", ctypes.c_uint64), ("deadline", ctypes.c_uint64),
                ("period", ctypes.c_uint64)]


on_victim("sched_nice", SCHEDULING, "setpriority", lambda t: os.setpriority(os.PRIO_PROCESS, t.victim, 15))
on_victim("sched_nice_group", SCHEDULING, "setpriority of its group", lambda t: os.setpriority(os.PRIO_PGRP, t.victim, 15))
on_victim("sched_ioprio", SCHEDULING, "ioprio_set", lambda t: syscall("ioprio_set", 1, t.victim, 3 << 13))
on_victim("sched_limits", SCHEDULING, "prlimit", lambda t: __import__("resource").prlimit(t.victim, 7, (5, 5)))
on_victim("sched_affinity", SCHEDULING, "sched_setaffinity", lambda t: os.sched_setaffinity(t.victim, {0}), leaves=SCHEDULED)
on_victim("sched_policy", SCHEDULING, "sched_setscheduler",
          lambda t: os.sched_setscheduler(t.victim, os.SCHED_BATCH, os.sched_param(0)), leaves=SCHEDULED)
on_victim("sched_attr", SCHEDULING, "sched_setattr",
          lambda t: syscall("sched_setattr", t.victim, ctypes.byref(Attributes(48, 5, 0, 0, 0, 0, 0, 0)), 0), leaves=SCHEDULED)


@attack(SCHEDULING, "reading its limits", "self", leaves=SCHEDULED)
def sched_read_limits(t):
    __import__("resource").prlimit(t.witness, 7)


# The zygote, init and the server: the parents of whatever runs confined.

def parents():
    found, pid = [], os.getppid()
    while pid > 0 and len(found) < 8:
        found.append(pid)
        try:
            with open(f"/proc/{pid}/stat") as stat:
                pid = int(stat.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            break
    return found[1:]  # the first is the runner of this table


def on_parents(name, what, attempt, **more):
    def run(t):
        done = []
        for pid in parents():
            try:
                attempt(t, pid)
                done.append(pid)
            except OSError:
                pass
        if not done:
            raise Denied("no parent could be reached")
        return done

    add(name, ZYGOTE, what, run, "self", control="the parents of a confined command exist only there", **more)


on_parents("zygote_environ", "its environment", lambda t, pid: slurp(f"/proc/{pid}/environ"))
on_parents("zygote_mem", "its memory", lambda t, pid: os.close(os.open(f"/proc/{pid}/mem", os.O_RDWR)))
on_parents("zygote_maps", "its memory map", lambda t, pid: slurp(f"/proc/{pid}/maps"))
on_parents("zygote_root", "its root", lambda t, pid: os.listdir(f"/proc/{pid}/root{t.targets}"))
on_parents("zygote_fds", "what its descriptors are", lambda t, pid: os.readlink(f"/proc/{pid}/fd/0"))
on_parents("zygote_ptrace", "ptrace", lambda t, pid: check(libc.ptrace(0x4206, pid, None, None)))
on_parents("zygote_getfd", "pidfd_getfd of its socket", lambda t, pid: syscall("pidfd_getfd", os.pidfd_open(pid), 3, 0))
on_parents("zygote_vm", "process_vm_readv", lambda t, pid: transfer_from(pid))
on_parents("zygote_limits", "prlimit", lambda t, pid: __import__("resource").prlimit(pid, 7, (64, 64)))
on_parents("zygote_oom", "its OOM score", lambda t, pid: append(f"/proc/{pid}/oom_score_adj"))


def transfer_from(pid):
    buffer = ctypes.create_string_buffer(8)
    mine, theirs = IoVec(ctypes.addressof(buffer), 8), IoVec(0x400000, 8)
    syscall("process_vm_readv", pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)


def shoot(number):
    def run(t):
        before = os.getppid()
        for pid in parents() + [1]:
            try:
                os.kill(pid, number)
            except OSError:
                pass
        time.sleep(0.2)  # a signal that was delivered acts at once; what is looked at is who is alive after it
        if os.getppid() == before and all(os.path.exists(f"/proc/{pid}") for pid in parents()):
            raise Denied("all parents live on")

    return run


ONLY_INSIDE = "unconfined it would end the harness"
for name, number in (("kill", signal.SIGKILL), ("stop", signal.SIGSTOP), ("term", signal.SIGTERM), ("segv", signal.SIGSEGV)):
    add(f"zygote_{name}", ZYGOTE, f"SIG{name.upper()} to every parent and to init", shoot(number), "self", control=ONLY_INSIDE)
