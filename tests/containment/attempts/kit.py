"""What every attempt stands on: the table, raw system calls, and what the keeper told about its victims.

Nothing here judges. An attempt says what it saw; the keeper, outside, says what really happened; the test compares.
"""

import ctypes
import errno
import json
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
X86 = platform.machine() == "x86_64"

STRANGER = os.getuid() + 12345  # somebody else's user and group id

TABLE = {}


class Attempt:
    """One line of the table."""

    def __init__(self, name, family, what, run, by, where=None, leaves=None, alone=None, control=None):
        self.name, self.family, self.what, self.run = name, family, what, run
        # How it is judged: `secret` (it told what only the keeper knows), `change` (the keeper sees a difference at
        # `where`), `message` (the keeper was reached), `self` (its own word), `work` (must work), `end` (by how
        # the whole command ends).
        self.by, self.where = by, where
        # The line of the weaker tier's list that admits it (attack), or the reason why it needs namespaces (work).
        self.leaves = leaves
        self.alone = alone  # the group it is run in; None: with all the others
        self.control = control  # why it is not run unconfined

    def row(self):
        keys = ("name", "family", "what", "by", "leaves", "alone", "control")
        return {key: getattr(self, key) for key in keys}


def add(name, family, what, run, by, **more):
    assert name not in TABLE, name
    TABLE[name] = Attempt(name, family, what, run, by, **more)


def attack(family, what, by, **more):
    def register(run):
        add(run.__name__, family, what, run, by, **more)
        return run

    return register


def work(what, needs=None, **more):
    def register(run):
        # In a command of their own, without the secret variables that would mislead tools.
        add(run.__name__, "must work", what, run, "work", leaves=needs, **{"alone": "works", **more})
        return run

    return register


class Target:
    """What one attempt is given."""

    def __init__(self, name, facts):
        self.name, self.facts = name, facts
        self.dir = os.path.join(facts["targets"], name)
        self.file = os.path.join(self.dir, "file.txt")
        self.victim = facts["victims"].get(name, 0)

    def __getattr__(self, key):
        return self.facts[key]


def foreign_network(t):
    """Whether this is the host's network: a socket in a network namespace of one's own reaches nobody."""
    return os.readlink("/proc/self/ns/net") == t.netns


class Denied(Exception):
    """The attempt ran and did not get through, without an error number."""


class Unsupported(Exception):
    """This machine has not got what the attempt needs."""


def check(result):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(name, *args):
    """A raw system call by name; raises OSError."""
    if not X86:
        raise Unsupported("system calls are numbered for x86_64 here")
    return number(NUMBERS[name], *args)


def number(call, *args):
    ctypes.set_errno(0)
    wrapped = [a if isinstance(a, (bytes, type(None))) or hasattr(a, "_length_") or hasattr(a, "_fields_")
               else ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return check(libc.syscall(ctypes.c_long(call), *wrapped))


def link_descriptor(descriptor, path):
    """Gives an unnamed file a name (linkat with AT_SYMLINK_FOLLOW, which os.link does not pass on)."""
    check(libc.linkat(-100, f"/proc/self/fd/{descriptor}".encode(), -100, path.encode(), 0x400))


def reaches_kernel(call):
    """For calls whose real use would harm: any refusal but the three of a filter or a missing right is `allowed`."""
    try:
        call()
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            raise
        return errno.errorcode.get(error.errno, "?")
    return "done"


def child(body):
    """Runs `body` in a forked child; its exception number or None, so that its damage ends with it."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            body()
            os.write(write, json.dumps([0, ""]).encode())
        except OSError as error:
            os.write(write, json.dumps([error.errno or errno.EIO, str(error)]).encode())
        except BaseException as error:  # noqa: told to the parent
            os.write(write, json.dumps([errno.EIO, repr(error)]).encode())
        finally:
            os._exit(0)
    os.close(write)
    told = os.read(read, 4096)
    os.close(read)
    os.waitpid(pid, 0)
    code, text = json.loads(told) if told else (errno.EIO, "the child died")
    if code:
        raise OSError(code, text)


NUMBERS = {
    "mmap": 9, "ioctl": 16, "shmget": 29, "shmat": 30, "shmctl": 31, "socket": 41, "clone": 56, "semget": 64, "semop": 65, "semctl": 66,
    "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "ptrace": 101, "syslog": 103, "rt_sigqueueinfo": 129,
    "mknod": 133, "uselib": 134, "sched_setparam": 142, "sched_setscheduler": 144, "vhangup": 153,
    "modify_ldt": 154, "pivot_root": 155, "_sysctl": 156, "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166,
    "swapon": 167, "swapoff": 168, "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
    "init_module": 175, "delete_module": 176, "quotactl": 179, "tkill": 200, "lookup_dcookie": 212, "clock_settime": 227,
    "tgkill": 234, "mq_open": 240, "mq_unlink": 241, "mq_timedsend": 242, "mq_timedreceive": 243, "kexec_load": 246,
    "add_key": 248, "request_key": 249, "keyctl": 250, "ioprio_set": 251, "ioprio_get": 252, "inotify_init": 253,
    "migrate_pages": 256, "unshare": 272, "get_robust_list": 274, "move_pages": 279, "rt_tgsigqueueinfo": 297,
    "perf_event_open": 298, "fanotify_init": 300, "fanotify_mark": 301, "prlimit64": 302, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311,
    "kcmp": 312, "finit_module": 313, "sched_setattr": 314, "renameat2": 316, "kexec_file_load": 320, "bpf": 321,
    "userfaultfd": 323, "statx": 332, "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426,
    "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "pidfd_open": 434, "clone3": 435, "openat2": 437, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "process_mrelease": 448, "fchmodat2": 452, "statmount": 457,
    "listmount": 458, "setxattrat": 463, "open_tree_attr": 467, "file_setattr": 469,
}
