"""Namespaces, mounts, capabilities, and the calls that hand the kernel itself to somebody."""

import ctypes
import os
import struct

from kit import STRANGER, Denied, Unsupported, X86, add, attack, check, child, libc, number, reaches_kernel, syscall
from processes import perf_attributes

NAMESPACES, MOUNTS, KERNEL, POWERS = "namespaces", "mounts", "the kernel", "capabilities"

FLAGS = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "network": 0x40000000, "ipc": 0x8000000, "uts": 0x4000000,
         "cgroup": 0x2000000, "time": 0x80}


def with_user(flag):
    """As an ordinary user the other namespaces need a user namespace at the same time."""
    def run():
        try:
            syscall("unshare", flag)
        except PermissionError:
            syscall("unshare", flag | FLAGS["user"])

    return run


for name, flag in FLAGS.items():
    add(f"unshare_{name}", NAMESPACES, f"unshare: {name}", lambda t, flag=flag: child(with_user(flag)), "self")


def cloned(flag):
    pid = syscall("clone", flag | 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def cloned3(flag):
    arguments = (ctypes.c_uint64 * 11)(flag, 0, 0, 0, 17)
    pid = syscall("clone3", arguments, 88)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


for name in ("user", "pid", "network", "mount"):
    flag = FLAGS[name] | (FLAGS["user"] if name != "user" else 0)
    add(f"clone_{name}", NAMESPACES, f"clone: {name}", lambda t, flag=flag: child(lambda: cloned(flag)), "self")
    add(f"clone3_{name}", NAMESPACES, f"clone3: {name}", lambda t, flag=flag: child(lambda: cloned3(flag)), "self")


@attack(NAMESPACES, "setns: the host's network through /proc", "self")
def setns_proc(t):
    child(lambda: syscall("setns", os.open(f"/proc/{t.witness}/ns/net", os.O_RDONLY), 0))


@attack(NAMESPACES, "setns: everything of another process through a pidfd", "self")
def setns_pidfd(t):
    child(lambda: syscall("setns", os.pidfd_open(t.witness), FLAGS["network"] | FLAGS["mount"]))


def privileged(body):
    """As root directly, as an ordinary user in a user and mount namespace of its own, when that can be had."""
    def run(t):
        def attempt():
            try:
                syscall("unshare", FLAGS["mount"])
            except PermissionError:
                syscall("unshare", FLAGS["mount"] | FLAGS["user"])
            libc.mount(b"none", b"/", None, 0x44000, None)
            body(t)

        def plain():
            body(t)

        try:
            child(attempt)
        except PermissionError:
            child(plain)

    return run


def mounts(name, what):
    def register(body):
        add(name, MOUNTS, what, privileged(body), "self")
        return body

    return register


def mount(source, target, kind, flags, data=None):
    check(libc.mount(source, target, kind, flags, data))


@mounts("mount_tmpfs", "mount: tmpfs")
def mount_tmpfs(t):
    mount(b"none", b"/tmp", b"tmpfs", 0)


@mounts("mount_bind", "mount: bind")
def mount_bind(t):
    mount(t.inside.encode(), b"/mnt", None, 4096)


@mounts("mount_remount", "mount: remount read-write")
def mount_remount(t):
    mount(t.inside.encode(), t.inside.encode(), None, 4096)
    mount(None, t.inside.encode(), None, 32 | 4096)


@mounts("mount_proc", "mount: proc in a new pid namespace")
def mount_proc(t):
    mount(b"proc", b"/proc", b"proc", 0)


@mounts("mount_overlay", "mount: overlay")
def mount_overlay(t):
    mount(b"overlay", b"/mnt", b"overlay", 0, f"lowerdir=/etc:{t.inside}".encode())


@mounts("mount_propagation", "mount: propagation")
def mount_propagation(t):
    mount(None, b"/", None, 0x44000)


@mounts("new_fsopen", "fsopen")
def new_fsopen(t):
    syscall("fsopen", b"tmpfs", 0)


@mounts("new_fsmount", "fsopen, fsconfig and fsmount")
def new_fsmount(t):
    context = syscall("fsopen", b"tmpfs", 0)
    syscall("fsconfig", context, 6, None, None, 0)
    syscall("fsmount", context, 0, 0)


@mounts("new_open_tree", "open_tree: clone")
def new_open_tree(t):
    syscall("open_tree", -100, b"/usr", 1)


@mounts("new_open_tree_attr", "open_tree_attr: clone")
def new_open_tree_attr(t):
    syscall("open_tree_attr", -100, b"/usr", 1, None, 0)


@mounts("new_move_mount", "move_mount")
def new_move_mount(t):
    syscall("move_mount", syscall("open_tree", -100, b"/usr", 1), b"", -100, b"/mnt", 4)


@mounts("new_fspick", "fspick")
def new_fspick(t):
    syscall("fspick", -100, b"/", 0)


@mounts("new_setattr", "mount_setattr")
def new_setattr(t):
    syscall("mount_setattr", -100, b"/", 0x8000, (ctypes.c_uint64 * 4)(0, 0, 0x40000, 0), 32)


@mounts("umount", "umount2: detach /proc")
def umount(t):
    check(libc.umount2(b"/proc", 2))


@mounts("pivot", "pivot_root")
def pivot(t):
    reaches_kernel(lambda: syscall("pivot_root", b".", b"."))


@mounts("chroot", "chroot")
def chroot(t):
    os.chroot(t.inside)


def in_kernel(name, what, call, family=KERNEL):
    add(name, family, what, lambda t: child(lambda: reaches_kernel(lambda: call(t))), "self")


in_kernel("bpf_map", "bpf: make a map", lambda t: syscall("bpf", 0, struct.pack("IIIIIII", 2, 4, 4, 1, 0, 0, 0) + bytes(64), 72))
in_kernel("bpf_load", "bpf: load a program", lambda t: syscall("bpf", 5, bytes(128), 128))
in_kernel("perf_self", "perf_event_open", lambda t: syscall("perf_event_open", perf_attributes(), 0, -1, -1, 0))
in_kernel("perf_system", "perf_event_open on the whole machine", lambda t: syscall("perf_event_open", perf_attributes(), -1, 0, -1, 0))
in_kernel("userfaultfd", "userfaultfd", lambda t: syscall("userfaultfd", 1))
in_kernel("init_module", "init_module", lambda t: syscall("init_module", None, 0, b""))
in_kernel("finit_module", "finit_module", lambda t: syscall("finit_module", -1, b"", 0))
in_kernel("delete_module", "delete_module", lambda t: syscall("delete_module", b"no-such-module", 0x800))
in_kernel("reboot", "reboot (wrong magic)", lambda t: syscall("reboot", 1, 2, 3, None))
in_kernel("swapon", "swapon (no such file)", lambda t: syscall("swapon", b"/no/such/file", 0))
in_kernel("swapoff", "swapoff (no such file)", lambda t: syscall("swapoff", b"/no/such/file"))
in_kernel("kexec_load", "kexec_load (bad flags)", lambda t: syscall("kexec_load", 0, 99, None, 0xFFFF))
in_kernel("kexec_file", "kexec_file_load (bad flags)", lambda t: syscall("kexec_file_load", -1, -1, 0, None, 0xFFFF))
in_kernel("acct", "acct (no such file)", lambda t: syscall("acct", b"/no/such/file"))
in_kernel("quotactl", "quotactl", lambda t: syscall("quotactl", 0x80000700, b"/no/such/device", 0, None))
in_kernel("dmesg", "syslog: the kernel's log", lambda t: syscall("syslog", 3, ctypes.create_string_buffer(4096), 4096))
in_kernel("clock_settime", "clock_settime (bad time)", lambda t: syscall("clock_settime", 0, struct.pack("qq", 1, -1)))
in_kernel("settimeofday", "settimeofday (bad time)", lambda t: syscall("settimeofday", struct.pack("qq", 1, -1), None))
in_kernel("clock_adjtime", "clock_adjtime (nothing changed)", lambda t: syscall("clock_adjtime", 0, ctypes.create_string_buffer(256)))
in_kernel("sethostname", "sethostname (the same name)", lambda t: syscall("sethostname", t.hostname.encode(), len(t.hostname)))
in_kernel("setdomainname", "setdomainname (bad length)", lambda t: syscall("setdomainname", b"x", -1))
in_kernel("iopl", "iopl", lambda t: syscall("iopl", 3))
in_kernel("ioperm", "ioperm", lambda t: syscall("ioperm", 0x80, 1, 1))
in_kernel("modify_ldt", "modify_ldt", lambda t: syscall("modify_ldt", 0, ctypes.create_string_buffer(16), 16))
in_kernel("uselib", "uselib", lambda t: syscall("uselib", b"/no/such/file"))
in_kernel("lookup_dcookie", "lookup_dcookie", lambda t: syscall("lookup_dcookie", 0, None, 0))


@attack(KERNEL, "any call by the 32-bit entry of the kernel (int 0x80, getpid)", "self")
def int80_getpid(t):
    if int80(20, 0, 0, 0) != os.getpid():
        raise Denied("refused")


def int80(call, one, two, three):
    """A system call by `int 0x80`: the registers of i386, from 64-bit code."""
    if not X86:
        raise Unsupported("not x86_64")
    code = (b"\x53\xb8" + struct.pack("I", call) + b"\xbb" + struct.pack("I", one) + b"\xb9" + struct.pack("I", two)
            + b"\xba" + struct.pack("I", three) + b"\xcd\x80\x5b\xc3")
    page = number(9, 0, 4096, 7, 0x22, -1, 0)
    ctypes.memmove(page, code, len(code))
    return ctypes.CFUNCTYPE(ctypes.c_int)(page)()


def status(field):
    with open("/proc/self/status") as lines:
        return next(line.split()[1] for line in lines if line.startswith(field + ":"))


for field, what in (("CapEff", "effective"), ("CapPrm", "permitted"), ("CapBnd", "bounding"), ("CapInh", "inheritable"), ("CapAmb", "ambient")):
    def empty(t, field=field):
        if field == "CapBnd" and os.getuid() != 0:
            raise Unsupported("an ordinary user can neither empty it nor, under no_new_privs, gain by it")
        if int(status(field), 16) == 0:
            raise Denied("empty")

    add(f"caps_{what}", POWERS, f"a {what} capability", empty, "self")


@attack(POWERS, "gaining by a setuid program (no_new_privs off)", "self")
def new_privileges(t):
    if status("NoNewPrivs") == "1":
        raise Denied("no_new_privs is on")


@attack(POWERS, "no system-call filter", "self")
def no_filter(t):
    if status("Seccomp") == "2":
        raise Denied("filtered")


def powers(name, what, body):
    add(name, POWERS, what, lambda t: child(lambda: body(t)), "self")


def raise_limit():
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 4096))
    except ValueError as error:
        raise PermissionError(1, str(error)) from error


def give_away():
    with open("given", "w"):
        pass
    os.chown("given", STRANGER, STRANGER)


powers("setuid", "becoming another user", lambda t: os.setuid(STRANGER if os.getuid() == 0 else 0))
powers("setgid", "becoming another group", lambda t: os.setgid(STRANGER if os.getgid() == 0 else 0))
powers("setgroups", "joining groups", lambda t: os.setgroups([4, 27]))
powers("give_away", "giving a file away", lambda t: give_away())
powers("raise_limit", "raising a hard limit", lambda t: raise_limit())
powers("lower_nice", "a better priority than given", lambda t: os.setpriority(os.PRIO_PROCESS, 0, -5))
powers("realtime", "real-time scheduling", lambda t: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
powers("kill_stranger", "signalling a process of another user", lambda t: os.kill(t.stranger or 1, 0))
powers("bind_low", "a privileged port of the host", lambda t: low_port(t))


def low_port(t):
    import socket

    from kit import foreign_network

    socket.socket().bind(("127.0.0.1", 847))
    if not foreign_network(t):
        raise OSError(13, "in its own network")
