"""Files and links: reading, writing and asking outside the workspace, by every way a path can be named."""

import ctypes
import errno
import os
import socket
import stat
import time

from kit import STRANGER, Denied, add, attack, check, libc, link_descriptor, number, syscall

READ, WRITE, ASK = "files: reading", "files: writing", "files: asking"
METADATA, ORACLE = "metadata", "oracles"


def slurp(path):
    with open(path, "rb") as file:
        return file.read(4096)


def reads(name, what, path, **more):
    add(name, READ, what, lambda t: slurp(path(t)), "secret", **more)


def up(t):
    """From the working directory to the root by `..` only."""
    return os.path.join(t.inside, *[".."] * 40)


reads("read_beside", "a file beside the workspace", lambda t: t.file)
reads("read_dotdot", "the same by .. from the workspace", lambda t: up(t) + t.file)
reads("read_proc_root", "the same through /proc/self/root", lambda t: "/proc/self/root" + t.file)
reads("read_proc_cwd", "the same through /proc/self/cwd/..", lambda t: "/proc/self/cwd/" + "../" * 40 + t.file)
reads("read_thread_root", "the same through /proc/thread-self/root", lambda t: "/proc/thread-self/root" + t.file)
reads("read_users_link", "through a link that the project already holds", lambda t: "link-out/read_users_link/file.txt",
      )
reads("read_hidden", "a hidden file of the project (.env)", lambda t: ".env")
reads("read_tmp", "a file of somebody in /tmp", lambda t: f"/tmp/{t.token}-read_tmp")
reads("read_var_tmp", "a file of somebody in /var/tmp", lambda t: f"/var/tmp/{t.token}-read_var_tmp")
reads("read_shm", "a file of somebody in /dev/shm", lambda t: f"/dev/shm/{t.token}-read_shm")
reads("read_record", "the server's record", lambda t: t.yard + "/state/vouchsafe/read_record")
reads("read_config", "the user's configuration of the server", lambda t: t.yard + "/config/vouchsafe/read_config")
reads("read_runtime", "the user's runtime directory", lambda t: t.yard + "/run/read_runtime")
reads("read_other_shadow", "the shadow of another task", lambda t: t.other_shadow + "/at/ws/read_other_shadow")
reads("read_lock", "a lock file of another task", lambda t: t.other_lock)

HOME_FILES = {
    "notes.txt": "notes in the home directory", ".ssh/id_ed25519": "an ssh key", ".aws/credentials": "AWS credentials",
    ".netrc": ".netrc", ".git-credentials": "git's stored passwords", ".npmrc": "npm's token",
    ".cargo/credentials.toml": "cargo's token", ".docker/config.json": "docker's login", ".kube/config": "kubectl's keys",
    ".gnupg/private-keys-v1.d/key": "a GnuPG key", ".bash_history": "the shell's history", ".pypirc": "PyPI's token",
    ".config/gh/hosts.yml": "GitHub's token", ".mozilla/firefox/cookies.sqlite": "a browser's cookies",
    ".password-store/a.gpg": "a password store", ".local/share/keyrings/login.keyring": "a desktop keyring",
}
for nth, (path, what) in enumerate(HOME_FILES.items()):
    reads(f"read_home_{nth:02}", f"{what} (~/{path})", lambda t, path=path: f"{t.home}/{path}")


@attack(READ, "the names in a directory beside the workspace", "secret")
def list_beside(t):
    return " ".join(os.listdir(t.dir))


@attack(READ, "the names in the home directory", "secret")
def list_home(t):
    return " ".join(os.listdir(t.home))


@attack(READ, "through a symbolic link made for it", "secret")
def read_symlink(t):
    os.symlink(t.file, "leak")
    return slurp("leak")


@attack(READ, "through a chain of links, the last one relative", "secret")
def read_link_chain(t):
    os.symlink("chain-b", "chain-a")
    os.symlink(os.path.relpath(t.file, os.path.realpath(t.inside)), "chain-b")
    return slurp("chain-a")


@attack(READ, "through a link to its directory", "secret")
def read_directory_link(t):
    os.symlink(t.dir, "leakdir")
    return slurp("leakdir/file.txt")


@attack(READ, "by a hard link into the workspace", "secret")
def read_hard_link(t):
    os.link(t.file, "hard")
    return slurp("hard")


@attack(READ, "by reopening an O_PATH descriptor", "secret")
def read_opath(t):
    return slurp(f"/proc/self/fd/{os.open(t.file, os.O_PATH)}")


@attack(READ, "below an O_PATH descriptor of its directory", "secret")
def read_opath_directory(t):
    return os.read(os.open("file.txt", os.O_RDONLY, dir_fd=os.open(t.dir, os.O_PATH)), 4096)


@attack(READ, "by openat2", "secret")
def read_openat2(t):
    return os.read(syscall("openat2", -100, t.file.encode(), (ctypes.c_uint64 * 3)(0, 0, 0), 24), 4096)


@attack(READ, "by the 32-bit entry of the kernel (int 0x80, open)", "secret")
def read_int80(t):
    from kernel import int80

    path = ctypes.create_string_buffer(t.file.encode())
    low = number(9, 0x20000000, 4096, 3, 0x22 | 0x100000, -1, 0)
    ctypes.memmove(low, path, len(path))
    descriptor = int80(5, low, 0, 0)
    if descriptor < 0:
        raise OSError(-descriptor, os.strerror(-descriptor))
    return os.read(descriptor, 4096)


@attack(READ, "by running it: its text is printed", "secret")
def run_script(t):
    return os.popen(f"{t.dir}/script.sh 2>&1").read()


@attack(READ, "by running it through the dynamic loader", "secret")
def run_loader(t):
    return os.popen(f"/lib64/ld-linux-x86-64.so.2 {t.dir}/echo secret 2>/dev/null && cat {t.dir}/file.txt").read()


@attack(READ, "as the source of a copy (cp --reflink=auto)", "secret")
def read_reflink(t):
    os.system(f"cp --reflink=auto '{t.file}' reflinked 2>/dev/null")
    return slurp("reflinked")


@attack(READ, "as an archive: tar of its directory", "secret")
def read_tar(t):
    return os.popen(f"tar -cO -C '{t.dir}' . 2>/dev/null").read()


@attack(READ, "by including it in a C compilation", "secret")
def read_compiler(t):
    return os.popen(f"printf '#include \"{t.file}\"\\n' | gcc -E - 2>/dev/null").read()


@attack(READ, "by git, as a repository beside (--no-index diff)", "secret")
def read_git(t):
    return os.popen(f"git diff --no-index /dev/null '{t.file}' 2>/dev/null").read()


LOOKED_AT = []  # the keeper notes what these are


def same_as_outside(t, path, descriptor):
    """An empty directory of the same name in a root of one's own is nobody's secret."""
    info = os.fstat(descriptor)
    if t.identities.get(path) != [info.st_dev, info.st_ino]:
        raise Denied("another one than the host's")


def system_file(name, what, path, flags=os.O_RDONLY):
    def run(t):
        same_as_outside(t, path, os.open(path, flags))

    LOOKED_AT.append(path)
    add(name, READ if flags == os.O_RDONLY else WRITE, what, run, "self")


system_file("read_shadow_passwords", "/etc/shadow", "/etc/shadow")
system_file("read_sudoers", "/etc/sudoers.d or ssh host keys", "/etc/ssh")
system_file("read_dpkg", "/var/lib (what is installed)", "/var/lib/dpkg/status")
system_file("read_var_log", "/var/log", "/var/log/dpkg.log")
system_file("list_root_home", "root's home directory", "/root")
system_file("list_home_all", "/home, whose names are its users", "/home")
system_file("list_boot", "/boot", "/boot")
for device in ("vda", "mem", "kmsg", "fuse", "kvm", "loop-control", "net/tun", "console", "vcs", "ttyS0", "vsock", "zram0"):
    system_file(f"device_{device.replace('/', '_').replace('-', '_')}", f"/dev/{device}", f"/dev/{device}")
system_file("device_userfaultfd", "/dev/userfaultfd", "/dev/userfaultfd", os.O_RDWR)
system_file("write_hostname", "/etc/hostname opened for writing", "/etc/hostname", os.O_WRONLY)
system_file("write_passwd", "/etc/passwd opened for writing", "/etc/passwd", os.O_WRONLY)
system_file("write_library", "a system program opened for writing", "/usr/bin/xargs", os.O_WRONLY)
system_file("write_sys", "a switch in /sys opened for writing", "/sys/kernel/mm/transparent_hugepage/enabled", os.O_WRONLY)
system_file("write_uevent", "/sys/kernel/uevent_helper opened for writing", "/sys/kernel/uevent_helper", os.O_WRONLY)
system_file("write_cgroup", "a cgroup's members opened for writing", "/sys/fs/cgroup/pids/cgroup.procs", os.O_WRONLY)
system_file("write_device", "the disk's device opened for writing (O_EXCL)", "/dev/vda", os.O_WRONLY)


def writes(name, what, run, **more):
    add(name, WRITE, what, run, "change", **more)


def append(path):
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, b"planted\n")
    os.close(descriptor)


def create(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def through_link(t):
    os.symlink(t.file, "write-link")
    append("write-link")


def through_hard_link(t):
    os.link(t.file, "write-hard")
    append("write-hard")


def dangling(t):
    os.symlink(t.dir + "/new", "write-dangling")
    os.close(os.open("write-dangling", os.O_WRONLY | os.O_CREAT, 0o600))


def move_out(t):
    create("mine-" + t.name)
    os.rename("mine-" + t.name, t.dir + "/moved")


def old(name):
    """A directory that the project holds; they are renamed with more care than new ones."""
    return "old-" + name


def move_old_out(t):
    os.rename(old("move"), t.dir + "/moved-directory")


def move_old_by_link(t):
    os.symlink(t.dir, "way-" + t.name)
    os.rename(old("link"), "way-" + t.name + "/moved-directory")


def move_directory_in(t):
    os.rename(t.dir + "/empty", "moved-in-directory")


def move_directory_by_descriptor(t):
    os.rename("empty", old("into") + "/stolen", src_dir_fd=os.open(t.dir, os.O_PATH))


def move_swapped(t):
    """The directory is swapped for a link to the outside while its renaming is looked at."""
    import threading

    os.mkdir("swap")
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            try:
                os.rmdir("swap")
                os.symlink(t.dir, "swap")
                os.unlink("swap")
                os.mkdir("swap")
            except OSError:
                pass

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for nth in range(200):
            for source, target in ((old("swap"), "swap/in"), ("swap/in", old("swap")), ("swap/empty", f"stolen-{nth}")):
                try:
                    os.rename(source, target)
                except OSError:
                    pass
    finally:
        stop.set()
        thread.join()


def move_by_magic_link(t):
    """Through links of /proc, which whoever does the renaming would follow as itself."""
    outside = os.open(t.dir, os.O_PATH)
    for way in (f"/proc/self/fd/{outside}", f"/dev/fd/{outside}", f"/proc/thread-self/fd/{outside}"):
        quietly(os.rename, old("magic"), way + "/stolen")
        quietly(os.rename, way + "/empty", "stolen-magic")
    os.fchdir(outside)
    os.rename("empty", t.inside + "/stolen-magic-too")


def move_by_init(t):
    for pid in (1, os.getppid(), os.getpid()):
        for way in (f"/proc/{pid}/root", f"/proc/{pid}/cwd/" + "../" * 40):
            quietly(os.rename, old("init"), way + t.dir + "/stolen")
            quietly(os.rename, way + t.dir + "/empty", f"stolen-init-{pid}")


def move_with_flags(t):
    """NOREPLACE, EXCHANGE, WHITEOUT, all of them, one that does not exist, and bits above the word that the kernel looks at."""
    for flags in (1, 2, 4, 7, 8, 1 << 32, 1 << 32 | 2, 2**64 - 1):
        for source, target in ((t.dir + "/empty", "stolen-flags"), (old("flags"), t.dir + "/stolen"), (t.dir + "/empty", old("flags"))):
            quietly(syscall, "renameat2", -100, source.encode(), -100, target.encode(), flags)


def move_rewritten(t, how):
    """The path, or the directory that it starts from, is changed by another thread while the renaming is looked at."""
    import threading

    inside = os.open(".", os.O_PATH)
    outside = os.open(t.dir, os.O_PATH) if os.path.exists(t.dir) else inside
    base = os.dup(inside)
    name = (old(how) + "-away").encode() if how == "base" else (t.inside + "/" + old(how) + "-away").encode()
    theirs = b"stolen" if how == "base" else (t.dir + "/stolen").encode()
    target = ctypes.create_string_buffer(name, 4096)
    stop = threading.Event()

    def change():
        while not stop.is_set():
            if how == "base":
                os.dup2(outside, base)
                os.dup2(inside, base)
            else:
                ctypes.memmove(target, theirs + b"\0", len(theirs) + 1)
                ctypes.memmove(target, name + b"\0", len(name) + 1)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        until = time.monotonic() + 4
        while time.monotonic() < until and (os.path.exists(old(how)) or os.path.exists(old(how) + "-away")):
            quietly(syscall, "renameat2", inside, old(how).encode(), base, target, 0)
            quietly(os.rename, old(how) + "-away", old(how))
    finally:
        stop.set()
        thread.join()


def quietly(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        pass


def link_out(t):
    create("mine-" + t.name)
    os.link("mine-" + t.name, t.dir + "/linked")


def tmpfile_out(t):
    descriptor = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
    link_descriptor(descriptor, t.dir + "/linked")


def exchange(t):
    create("exchanged")
    syscall("renameat2", -100, b"exchanged", -100, t.file.encode(), 2)


def bind_out(t):
    socket.socket(socket.AF_UNIX).bind(t.dir + "/s")


def set_flags(t):
    import fcntl

    fcntl.ioctl(os.open(t.file, os.O_RDONLY), 0x40086602, (64).to_bytes(8, "little"))  # FS_IOC_SETFLAGS, nodump


def acl(t):
    entries = b"\x02\0\0\0" + b"".join(
        tag.to_bytes(2, "little") + mode.to_bytes(2, "little") + who.to_bytes(4, "little")
        for tag, mode, who in ((1, 6, 2**32 - 1), (2, 6, STRANGER), (4, 0, 2**32 - 1), (16, 6, 2**32 - 1), (32, 0, 2**32 - 1)))
    os.setxattr(t.file, "system.posix_acl_access", entries)


writes("append_beside", "append to a file beside", lambda t: append(t.file))
writes("truncate_beside", "truncate(2)", lambda t: os.truncate(t.file, 0))
writes("truncate_open_beside", "O_TRUNC", lambda t: os.open(t.file, os.O_WRONLY | os.O_TRUNC))
writes("truncate_read_only", "O_RDONLY with O_TRUNC", lambda t: os.open(t.file, os.O_RDONLY | os.O_TRUNC))
writes("create_beside", "create a file", lambda t: create(t.dir + "/new"))
writes("mkdir_beside", "make a directory", lambda t: os.mkdir(t.dir + "/new"))
writes("delete_beside", "delete a file", lambda t: os.unlink(t.file))
writes("rmdir_beside", "delete a directory", lambda t: os.rmdir(t.dir + "/empty"))
writes("rename_beside", "rename a file", lambda t: os.rename(t.file, t.dir + "/renamed"))
writes("move_in", "move a file into the workspace", lambda t: os.rename(t.file, "moved-in"))
writes("move_out", "move a file of the workspace out", move_out)
writes("move_directory_out", "move a directory of the project out", move_old_out)
writes("move_directory_by_link", "move a directory of the project out through a link", move_old_by_link)
writes("move_directory_in", "move a directory into the workspace", move_directory_in)
writes("move_directory_fd", "the same by a descriptor of its directory", move_directory_by_descriptor)
writes("move_directory_swapped", "the same by a directory that becomes a link", move_swapped)
writes("move_directory_magic", "move directories in and out by links of /proc", move_by_magic_link)
writes("move_directory_init", "the same by init's root and directory", move_by_init)
writes("move_directory_flags", "the same with every flag", move_with_flags)
writes("move_directory_path", "a rename whose path changes while it is looked at", lambda t: move_rewritten(t, "path"))
writes("move_directory_base", "a rename whose starting directory changes while it is looked at", lambda t: move_rewritten(t, "base"))
writes("exchange_beside", "exchange with a file of the workspace", exchange)
writes("link_out", "link a file of the workspace out", link_out)
writes("tmpfile_out", "link an unnamed file out", tmpfile_out)
writes("symlink_out", "make a symbolic link", lambda t: os.symlink("/etc/passwd", t.dir + "/link"))
writes("mkfifo_out", "make a FIFO", lambda t: os.mkfifo(t.dir + "/fifo"))
writes("mknod_out", "make a file by mknod", lambda t: os.mknod(t.dir + "/node", stat.S_IFREG | 0o600))
writes("bind_out", "make a socket", bind_out)
writes("append_dotdot", "append by .. from the workspace", lambda t: append(up(t) + t.file))
writes("append_proc_root", "append through /proc/self/root", lambda t: append("/proc/self/root" + t.file))
writes("append_symlink", "append through a symbolic link", through_link)
writes("append_users_link", "append through a link that the project already holds",
       lambda t: append("link-out/append_users_link/file.txt"))
writes("append_hard_link", "append through a hard link", through_hard_link)
writes("create_dangling", "create through a dangling link", dangling)
writes("append_opath", "append by reopening an O_PATH descriptor",
       lambda t: append(f"/proc/self/fd/{os.open(t.file, os.O_PATH)}"))
writes("append_shell", "append by a shell's redirection", lambda t: os.system(f"echo x >> '{t.file}'"))

writes("chmod_beside", "chmod", lambda t: os.chmod(t.file, 0o666), leaves=METADATA)
writes("chmod_setuid", "chmod to setuid", lambda t: os.chmod(t.dir + "/script.sh", 0o4755), leaves=METADATA)
writes("chmod_fd", "chmod through /proc/self/fd of an O_PATH descriptor",
       lambda t: os.chmod(f"/proc/self/fd/{os.open(t.file, os.O_PATH)}", 0o666), leaves=METADATA)
writes("chmod_at2", "fchmodat2", lambda t: syscall("fchmodat2", -100, t.file.encode(), 0o666, 0), leaves=METADATA)
writes("chown_beside", "chown to oneself", lambda t: os.chown(t.file, os.getuid(), os.getgid()), leaves=METADATA)
writes("chown_other", "chown to somebody else", lambda t: os.chown(t.file, STRANGER, STRANGER))
writes("utimes_beside", "utimensat", lambda t: os.utime(t.file, (1, 1)), leaves=METADATA)
writes("setxattr_beside", "setxattr", lambda t: os.setxattr(t.file, "user.planted", b"x"), leaves=METADATA)
writes("removexattr_beside", "removexattr", lambda t: os.removexattr(t.file, "user.told"), leaves=METADATA)
writes("acl_beside", "a POSIX access list", acl, leaves=METADATA)
writes("flags_beside", "inode flags by ioctl", set_flags)
writes("chmod_real_workspace", "chmod in the real workspace by its path",
       lambda t: os.chmod(t.ws + "/plain-a.txt", 0o600), where="ws:plain-a.txt", leaves=METADATA)

for nth, (path, what) in enumerate({
    ".bashrc": "the shell's start file", ".profile": "the login's start file", ".ssh/authorized_keys": "ssh's authorized keys",
    ".cargo/config.toml": "cargo's configuration", ".gitconfig": "git's configuration", ".config/autostart/x.desktop": "a desktop's autostart",
    ".local/bin/ls": "a program on PATH",
}.items()):
    def plant(t, path=path):
        os.makedirs(os.path.dirname(f"{t.home}/{path}"), exist_ok=True)
        with open(f"{t.home}/{path}", "a") as file:
            file.write("planted\n")

    writes(f"plant_home_{nth:02}", f"{what} (~/{path})", plant, where=f"yard:home/{path}")

for name, what, where in (
    ("create_tmp", "a file in /tmp", "/tmp/{token}-create_tmp"),
    ("create_var_tmp", "a file in /var/tmp", "/var/tmp/{token}-create_var_tmp"),
    ("create_shm", "a file in /dev/shm", "/dev/shm/{token}-create_shm"),
    ("create_usr", "a file in /usr/local", "/usr/local/share/{token}-create_usr"),
    ("create_root", "a file in /", "/{token}-create_root"),
    ("create_cgroup", "a cgroup", "/sys/fs/cgroup/pids/{token}-create_cgroup"),
):
    make = os.mkdir if "cgroup" in name else create
    writes(name, what, lambda t, where=where, make=make: make(where.format(token=t.token)), where="abs:" + where)

for name, what, where in (
    ("create_record", "a file in the server's record", "state/vouchsafe/create_record"),
    ("create_config", "the user's configuration of the server", "config/vouchsafe/create_config"),
    ("create_runtime", "a file in the runtime directory", "run/create_runtime"),
    ("create_cache", "a file in the server's cache", "cache/vouchsafe/create_cache"),
    ("create_shadow", "a shadow of one's own making", "cache/vouchsafe/shadows/create_shadow"),
    ("create_in_other_shadow", "a file in the shadow of another task",
     "cache/vouchsafe/shadows/0123456789abcdef/at/ws/create_in_other_shadow"),
):
    writes(name, what, lambda t, where=where: create(f"{t.yard}/{where}"), where="yard:" + where)
writes("unlink_lock", "the lock of another task, which keeps its shadow from being swept",
       lambda t: os.unlink(t.other_lock + "2"), where="yard:cache/vouchsafe/locks/0123456789abcdef2")


def own_directories():
    """The places of this very task that are not for its commands: upper, work and kept."""
    top = os.path.join(os.environ["HOME"], "..")
    found = [os.path.join(top, name) for name in ("kept", "at", "upper", "work", "base", "seed")]
    if any(os.path.exists(path) for path in found):
        found.append(top)  # else it is some directory above a home that stands at its usual place
    with open("/proc/self/mountinfo") as mounts:
        for line in mounts:
            if " overlay " in line:
                options = line.split(" - ", 1)[1].split(" ", 2)[2].split(",")
                found += [o.split("=", 1)[1].strip() for o in options if o.startswith(("upperdir=", "workdir=", "lowerdir="))]
    return found


INSIDE_ONLY = "these places exist only for a confined command"


@attack(READ, "the task's own upper, work and kept directories", "self", control=INSIDE_ONLY)
def list_own_shadow(t):
    opened = []
    for path in own_directories():
        try:
            opened.append(os.listdir(path) and path)
        except OSError:
            pass
    if not any(opened):
        raise Denied("none can be listed")
    return opened


@attack(WRITE, "a file in the task's own upper, work and kept directories", "self", control=INSIDE_ONLY)
def create_in_own_shadow(t):
    for path in own_directories():
        try:
            create(path + "/planted")
            return path
        except OSError:
            pass
    raise Denied("none can be written")


@attack(WRITE, "an overlay attribute forged on a file of the workspace", "self", control=INSIDE_ONLY)
def forge_overlay(t):
    os.mkdir("forged")
    try:
        os.setxattr("forged", "trusted.overlay.redirect", b"/etc")
    except OSError:
        raise Denied("refused")


@attack(WRITE, "a character device in the workspace", "self")
def mknod_device(t):
    os.mknod("device-node", stat.S_IFCHR | 0o600, os.makedev(1, 3))


@attack(WRITE, "a block device in the workspace", "self")
def mknod_block(t):
    os.mknod("block-node", stat.S_IFBLK | 0o600, os.makedev(254, 0))


def asks(name, what, run, by="secret", leaves=ORACLE, **more):
    add(name, ASK, what, run, by, leaves=leaves, **more)


def exists(t):
    """Tells an existing file from a missing one, which is what an oracle does."""
    def ask(path):
        try:
            return os.access(path, os.F_OK)
        except OSError:
            return None

    if not ask(t.file) or ask(t.file + "-missing"):
        raise Denied("no difference")


def opened_or_not(t):
    def ask(path):
        try:
            return os.open(path, os.O_RDONLY)
        except OSError as error:
            return error.errno

    if ask(t.file) == ask(t.file + "-missing"):
        raise Denied("no difference")


def watch(t):
    descriptor = check(libc.inotify_init1(0))
    check(libc.inotify_add_watch(descriptor, t.dir.encode(), 0xFFF))


def fanotify(t):
    descriptor = syscall("fanotify_init", 0x200, 0)
    syscall("fanotify_mark", descriptor, 1, 0x20, -100, t.dir.encode())


def handle(t):
    buffer = (ctypes.c_char * 200)()
    ctypes.memmove(buffer, (128).to_bytes(4, "little"), 4)
    syscall("name_to_handle_at", -100, t.file.encode(), buffer, (ctypes.c_int * 1)(), 0)
    return buffer


def open_handle(t):
    found = handle(t)
    return os.read(syscall("open_by_handle_at", os.open("/", os.O_RDONLY), found, 0), 4096)


def statx(t):
    buffer = (ctypes.c_char * 256)()
    syscall("statx", -100, t.file.encode(), 0, 0x7FF, buffer)
    return "size " + str(int.from_bytes(bytes(buffer)[40:48], "little"))


asks("ask_size", "its size by stat", lambda t: f"size {os.stat(t.file).st_size}")
asks("ask_statx", "its size by statx", statx)
asks("ask_exists", "whether it exists, by access", exists, by="self")
asks("ask_errno", "whether it exists, by the error of open", opened_or_not, by="self")
asks("ask_link", "where a symbolic link leads", lambda t: os.readlink(t.dir + "/link-secret"))
asks("ask_xattr", "an extended attribute", lambda t: os.getxattr(t.file, "user.told"))
asks("ask_chdir", "entering the directory", lambda t: os.chdir(t.dir), by="self")
asks("ask_opath", "an O_PATH descriptor", lambda t: os.close(os.open(t.file, os.O_PATH)), by="self")
asks("ask_statfs", "its file system by statvfs", lambda t: os.statvfs(t.dir) and None, by="self")
asks("ask_inotify", "watching the directory by inotify", watch, by="self")
asks("ask_fanotify", "watching the directory by fanotify", fanotify, by="self", leaves=None)
asks("ask_handle", "its file handle", handle, by="self", leaves=None)
asks("open_handle", "opening it by its handle", open_handle, by="secret", leaves=None)
