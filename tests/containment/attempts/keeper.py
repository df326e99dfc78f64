"""The keeper: whatever stands outside and is attacked, and who says afterwards what really happened to it.

    keeper.py YARD TOKEN

Makes the workspace, the files beside it, victims, listeners and IPC objects, all as the attacked user; writes
YARD/ws/facts.json for the attempts; says `ready`. A line `judge` (or `judge patiently`) is answered with one line of JSON: for each attempt the
secret that only it should know, whether something changed, whether it was heard. End of file ends it.
"""

import compileall
import ctypes
import json
import os
import py_compile
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import attempts  # noqa: fills the table
import files
import project
from kit import STRANGER, TABLE, libc, syscall

YARD, TOKEN = sys.argv[1:3]
WS, TARGETS, HOME = YARD + "/ws", YARD + "/targets", YARD + "/home"
SHADOW = YARD + "/cache/vouchsafe/shadows/0123456789abcdef"
COPIES = (YARD + "/odd ws: ü,", YARD + "/ws-works")  # the attacks spoil the first one where nothing confines them
SECRETS = {name: "secret-" + secrets.token_hex(8) for name, a in TABLE.items() if a.by == "secret"}
HEARD = set()
PROCESSES = []
DIED = {}  # when and how each victim that is dead died
HELD = []
MADE = []  # outside the yard, to be removed


def put(path, text="", mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def lay_out():
    for directory in (WS, TARGETS, HOME, YARD + "/run", YARD + "/state/vouchsafe", SHADOW + "/at/ws", YARD + "/cache/vouchsafe/locks"):
        os.makedirs(directory, exist_ok=True)
    small = ("[limits]\ncommand_wall_s = 8\ncommand_cpu_s = 1\nmemory_mib = 128\nprocesses = 64\nfile_mib = 8\noutput_kept_kib = 16\n"
             "output_stored_mib = 2\nshadow_mib = 32\nshadow_files = 200\n")
    put(YARD + "/config-small/vouchsafe/config.toml", small)
    put(HOME + "/empty-by-the-keeper")
    for letter in "abcdefghi":
        put(f"{WS}/plain-{letter}.txt", "plain\n", 0o644)
    os.symlink(TARGETS, WS + "/link-out")
    for name in ("move", "link", "into", "swap", "magic", "init", "flags", "path", "base", "hooks", "calm", "python", "git", "node", "shell", "flood", "killed"):
        put(f"{WS}/old-{name}/file.txt", "old\n", 0o644)
        put(f"{WS}/old-{name}/deep/er.txt", "older\n", 0o644)
    put(WS + "/.gitignore", ".env\nwork-*\n")
    os.makedirs(WS + "/attempts")
    here = os.path.dirname(os.path.abspath(__file__))
    for name in os.listdir(here):
        if name.endswith(".py"):
            with open(f"{here}/{name}") as file:
                put(f"{WS}/attempts/{name}", file.read(), 0o644)
    # Compiled once, and taken as it is in every copy whatever its times are.
    compileall.compile_dir(WS + "/attempts", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    git = "git init -q . && git add . && git -c user.name=K -c user.email=k@example.org commit -qm first"
    subprocess.run(["sh", "-c", git], cwd=WS, check=True)
    for copy in COPIES:
        subprocess.run(["cp", "-r", WS, copy], check=True)
    # A lock that is held keeps the shadow of "another task" from being swept.
    for name in ("0123456789abcdef", "0123456789abcdef2"):
        lock = open(f"{YARD}/cache/vouchsafe/locks/{name}", "w")
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        HELD.append(lock)


SECRET_PLACES = {
    "read_hidden": WS + "/.env", "read_record": YARD + "/state/vouchsafe/read_record", "read_config": YARD + "/config/vouchsafe/read_config",
    "read_runtime": YARD + "/run/read_runtime", "read_other_shadow": SHADOW + "/at/ws/read_other_shadow",
    "read_lock": YARD + "/cache/vouchsafe/locks/0123456789abcdef", "read_tmp": f"/tmp/{TOKEN}-read_tmp",
    "read_var_tmp": f"/var/tmp/{TOKEN}-read_var_tmp", "read_shm": f"/dev/shm/{TOKEN}-read_shm",
    "posix_shm_read": f"/dev/shm/{TOKEN}-posix_shm_read", "fd_stdin": YARD + "/stdin",
}
for nth, path in enumerate(files.HOME_FILES):
    SECRET_PLACES[f"read_home_{nth:02}"] = f"{HOME}/{path}"


def targets():
    for name, attempt in TABLE.items():
        if attempt.by not in ("secret", "change", "self"):
            continue
        directory, secret = f"{TARGETS}/{name}", SECRETS.get(name, "none")
        size = 1000 + secrets.randbelow(100000)
        put(directory + "/file.txt", secret + "\n")
        put(directory + "/script.sh", f"#!/bin/sh\necho {secret}\n", 0o755)
        os.mkdir(directory + "/empty")
        os.symlink(secret, directory + "/link-secret")
        os.setxattr(directory + "/file.txt", "user.told", secret.encode())
        if name in ("ask_size", "ask_statx"):
            os.truncate(directory + "/file.txt", size)
            SECRETS[name] = f"size {size}"
        if name == "list_beside":
            put(f"{directory}/{secret}")
        if name == "run_loader":
            subprocess.run(["cp", "/bin/echo", directory + "/echo"], check=True)
    put(f"{HOME}/{SECRETS['list_home']}")
    for name, path in SECRET_PLACES.items():
        put(path, SECRETS[name] + "\n")
        if not path.startswith(YARD):
            MADE.append(path)
    put(f"/dev/shm/{TOKEN}-posix_shm_write", "x\n")
    MADE.append(f"/dev/shm/{TOKEN}-posix_shm_write")


WITNESS = """
import ctypes, os, sys
held = ctypes.create_string_buffer(sys.stdin.readline().strip().encode(), 256)
os.dup2(os.open(sys.argv[2], os.O_RDONLY), 7)
print(ctypes.addressof(held), flush=True)
for line in sys.stdin:
    print(held.raw[64:72].hex(), flush=True)
"""


def witness():
    """One process that is looked into: its command line, environment, memory, directory and descriptors hold secrets."""
    shared = "secret-" + secrets.token_hex(8)
    for name in ("proc_mem", "ptrace_attach", "vm_read"):
        SECRETS[name] = shared
    directory = f"{TARGETS}/witness-{SECRETS['proc_cwd']}"
    put(directory + "/file.txt", SECRETS["proc_cwd_file"])
    held = f"{directory}/{SECRETS['proc_fds']}"
    put(held, SECRETS["proc_fd_file"] + SECRETS["pidfd_getfd"])
    environment = {**os.environ, "WITNESS": SECRETS["proc_environ"]}
    process = subprocess.Popen([sys.executable, "-c", WITNESS, SECRETS["proc_cmdline"] + "-witness", held], cwd=directory, env=environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    PROCESSES.append(process)
    print(shared, file=process.stdin, flush=True)
    return process, int(process.stdout.readline())


def victims():
    found = {}
    for name, attempt in TABLE.items():
        if attempt.where == "victim":
            # It waits for the keeper's end, however long the table takes and however the keeper ends.
            # In a session of its own: the scheduler's automatic group is the session's, and an attack on it would be
            # seen at the victims of all attacks, of other runs too.
            process = subprocess.Popen(["cat"], start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            PROCESSES.append(process)
            found[name] = process.pid
    in_background(lambda: look_after(found))
    return found


def look_after(victims):
    """Writes down the end of each: one that ends by itself, or while nobody attacks it, says nothing of its attack."""
    waiting, ends = select.poll(), {}
    for name, pid in victims.items():
        ends[os.pidfd_open(pid)] = name
    for descriptor in ends:
        waiting.register(descriptor, select.POLLIN)
    while ends:
        for descriptor, _ in waiting.poll():
            name = ends.pop(descriptor)
            waiting.unregister(descriptor)
            try:
                end = os.waitid(os.P_PID, victims[name], os.WEXITED | os.WNOWAIT)
            except ChildProcessError:
                return  # the keeper is ending them all
            DIED[name] = {"at": time.monotonic(), "signal": end.si_status if end.si_code != os.CLD_EXITED else 0}


def hear(text):
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for word in text.replace("\r", "\n").split():
        HEARD.add(word)


def in_background(body):
    threading.Thread(target=body, daemon=True).start()


def listen(kind, family, address, give=None):
    s = socket.socket(family, kind)
    s.bind(address)
    HELD.append(s)
    if kind == socket.SOCK_DGRAM:
        def datagrams():
            while True:
                hear(s.recv(4096))

        in_background(datagrams)
        return s
    s.listen(64)
    if family in (socket.AF_INET, socket.AF_INET6) and kind == socket.SOCK_STREAM:
        s.setsockopt(socket.IPPROTO_TCP, 23, 16)  # TCP_FASTOPEN

    def one(connection):
        connection.settimeout(5)
        try:
            if give:
                socket.send_fds(connection, [b"x"], [give])
            hear(connection.recv(4096))
        except OSError:
            pass
        connection.close()

    def accept():
        while True:
            connection, _ = s.accept()
            in_background(lambda: one(connection))

    in_background(accept)
    return s


def listeners():
    stream, datagram, packet = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
    inet, inet6, unix = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX
    ports = {
        "tcp4": listen(stream, inet, ("127.0.0.1", 0)).getsockname()[1], "tcp6": listen(stream, inet6, ("::1", 0)).getsockname()[1],
        "udp4": listen(datagram, inet, ("127.0.0.1", 0)).getsockname()[1], "udp6": listen(datagram, inet6, ("::1", 0)).getsockname()[1],
    }
    given = os.open(f"{TARGETS}/fd_received/file.txt", os.O_RDONLY)
    base = f"{YARD}/run/s"
    sockets = {"stream": base, "datagram": base + "d", "packet": base + "p", "giver": base + "g", "home": HOME + "/.agent",
               "runtime": YARD + "/run/bus", "abstract": TOKEN + "-a", "abstract_packet": TOKEN + "-p", "abstract_datagram": TOKEN + "-d"}
    for key, kind in (("stream", stream), ("datagram", datagram), ("packet", packet), ("home", stream), ("runtime", stream)):
        listen(kind, unix, sockets[key])
    listen(stream, unix, sockets["giver"], given)
    for key, kind in (("abstract", stream), ("abstract_packet", packet), ("abstract_datagram", datagram)):
        listen(kind, unix, "\0" + sockets[key])
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    ports["serve_serve_bound"] = free.getsockname()[1]
    free.close()
    in_background(lambda: visit(ports["serve_serve_bound"]))
    return ports, sockets


def visit(port):
    """Connects to a port from outside as soon as somebody listens there."""
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as s:
                hear(s.recv(100))
        except OSError:
            time.sleep(0.1)


def terminal():
    import termios

    master, slave = os.openpty()
    settings = termios.tcgetattr(slave)
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, settings)
    HELD.append(os.fdopen(slave))

    def read():
        while True:
            hear(os.read(master, 1000))

    in_background(read)
    return os.ttyname(slave)


def ipc():
    libc.shmat.restype = ctypes.c_void_p
    made = {"shm": libc.shmget(0, 4096, 0o1600), "shm_removed": libc.shmget(0, 4096, 0o1600), "sem": libc.semget(0, 1, 0o1600),
            "msg_send": libc.msgget(0, 0o1600), "msg_receive": libc.msgget(0, 0o1600), "key_shm_made": secrets.randbelow(1 << 30) + 1}
    made["address"] = libc.shmat(made["shm"], None, 0)
    ctypes.memmove(made["address"], SECRETS["shm_read"].encode(), len(SECRETS["shm_read"]))
    message = b"\1\0\0\0\0\0\0\0" + SECRETS["msg_receive"].encode()
    libc.msgsnd(made["msg_receive"], message, len(message) - 8, 0)
    queues = {}
    for name in ("mq_send", "mq_receive", "mq_remove"):
        queues[name] = f"{TOKEN}-{name}"
        queue = syscall("mq_open", queues[name].encode(), os.O_CREAT | os.O_RDWR, 0o600, (ctypes.c_long * 8)(0, 4, 8192))
        if name == "mq_receive":
            syscall("mq_timedsend", queue, SECRETS[name].encode(), len(SECRETS[name]), 1, None)
        HELD.append(os.fdopen(queue))
    try:
        key = syscall("add_key", b"user", (SECRETS["proc_keys"]).encode(), SECRETS["key_read"].encode(), len(SECRETS["key_read"]), -4)
        syscall("keyctl", 5, key, 0x3F3F0000)  # whoever has the same user id
    except OSError:
        key = 0
    return made, queues, key


def stranger():
    if os.getuid() != 0:
        return 0
    process = subprocess.Popen(["cat"], user=STRANGER, group=STRANGER, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    PROCESSES.append(process)
    return process.pid


# What is looked at before and after.

def tree(path):
    """Everything about a path that somebody could have changed."""
    try:
        info = os.lstat(path)
    except OSError:
        return None
    seen = [info.st_mode, info.st_uid, info.st_gid, info.st_mtime_ns, info.st_nlink, info.st_size]
    if os.path.islink(path):
        return seen + [os.readlink(path)]
    seen.append({name: os.getxattr(path, name).hex() for name in os.listxattr(path) if not name.startswith("security")})
    if os.path.isdir(path):
        return seen + [{name: tree(f"{path}/{name}") for name in sorted(os.listdir(path))}]
    if os.path.isfile(path):
        seen.append(info.st_ctime_ns)
        with open(path, "rb") as file:
            seen.append(file.read(1 << 16).hex())
    return seen


def process_state(pid):
    seen = []
    for name in ("oom_score_adj", "coredump_filter", "limits", "autogroup", "timerslack_ns"):
        try:
            with open(f"/proc/{pid}/{name}") as file:
                seen.append(file.read())
        except OSError:
            seen.append("?")
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        seen.append("gone" if fields[0] in "ZX" else "stopped" if fields[0] == "T" else "alive")
        seen += [os.getpriority(os.PRIO_PROCESS, pid), sorted(os.sched_getaffinity(pid)), os.sched_getscheduler(pid), syscall("ioprio_get", 1, pid)]
    except OSError:
        seen.append("gone")
    return seen


def marked(name):
    """Living processes of this attempt, by the name that they gave themselves."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                if file.read().startswith(f"{TOKEN}-{name}".encode() + b"\0"):
                    with open(f"/proc/{entry}/stat") as stat:
                        if stat.read().rsplit(")", 1)[1].split()[0] not in "ZX":
                            found.append(int(entry))
        except (OSError, ValueError):
            pass
    return found


def memory():
    print("look", file=FACTS["witness_process"].stdin, flush=True)
    return FACTS["witness_process"].stdout.readline()


def state(name, where):
    sysv = FACTS["sysv"]
    if where is None:
        return tree(f"{TARGETS}/{name}")
    kind, _, rest = where.partition(":")
    if kind in ("ws", "yard"):
        return tree(f"{WS if kind == 'ws' else YARD}/{rest}")
    if kind == "abs":
        path = rest.format(token=TOKEN)
        MADE.append(path)
        return tree(path) if "cgroup" not in path else os.path.exists(path)
    if kind == "grown":
        directory = f"{YARD}/{rest}"
        sizes = (os.path.getsize(os.path.join(top, file)) for top, _, names in os.walk(directory) for file in names)
        return sum(sizes) > 8 << 20
    if where == "alive":
        return bool(marked(name))
    return {
        "victim": lambda: process_state(FACTS["victims"][name]),
        "memory": memory,
        "shm": lambda: ctypes.string_at(sysv["address"] + 256, 8).hex(),
        "shm_removed": lambda: libc.shmctl(sysv["shm_removed"], 2, ctypes.create_string_buffer(256)) == 0,
        "shm_made": lambda: libc.shmget(sysv["key_shm_made"], 0, 0) >= 0,
        "sem": lambda: libc.semctl(sysv["sem"], 0, 12),
        "msg_send": lambda: libc.msgrcv(sysv["msg_send"], ctypes.create_string_buffer(128), 100, ctypes.c_long(0), 0o4000) >= 0,
        "mq_send": lambda: queued(FACTS["queues"]["mq_send"]),
        "mq_remove": lambda: opens(FACTS["queues"]["mq_remove"]),
    }[where]()


def opens(queue):
    try:
        os.close(syscall("mq_open", queue.encode(), os.O_RDONLY, 0, None))
        return True
    except OSError:
        return False


def queued(queue):
    try:
        syscall("mq_timedreceive", syscall("mq_open", queue.encode(), os.O_RDONLY | os.O_NONBLOCK, 0, None),
                ctypes.create_string_buffer(8192), 8192, None, None)
        return True
    except OSError:
        return False


def states():
    return {name: state(name, attempt.where) for name, attempt in TABLE.items() if attempt.by == "change"}


def judge(patience):
    """One answer for everything; what dies at the end of a command is given a moment for it."""
    until = time.monotonic() + patience
    lifetime = [name for name, attempt in TABLE.items() if attempt.where == "alive"]
    while any(marked(name) for name in lifetime) and time.monotonic() < until:
        time.sleep(0.1)
    assert FACTS["witness_process"].poll() is None, "the witness is dead"  # without it no answer means anything
    now = states()
    changed = {name: now[name] != BEFORE[name] for name in now}
    evidence = {name: {"secret": SECRETS.get(name), "changed": changed.get(name, False), "heard": name in HEARD, "died": DIED.get(name)}
                for name in TABLE}
    print(json.dumps(evidence), flush=True)


def clean_up():
    for process in PROCESSES:
        process.kill()
    for name in TABLE:
        for pid in marked(name):
            os.kill(pid, signal.SIGKILL)
    for path in MADE:
        try:
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
        except OSError:
            pass
    sysv = FACTS["sysv"]
    for key in ("shm", "shm_removed"):
        libc.shmctl(sysv[key], 0, None)
    libc.shmctl(libc.shmget(sysv["key_shm_made"], 0, 0), 0, None)
    libc.semctl(sysv["sem"], 0, 0)
    for key in ("msg_send", "msg_receive"):
        libc.msgctl(sysv[key], 0, None)
    for queue in FACTS["queues"].values():
        libc.syscall(ctypes.c_long(241), queue.encode())
    if FACTS["key"]:
        libc.syscall(ctypes.c_long(250), ctypes.c_long(3), ctypes.c_long(FACTS["key"]))


lay_out()
targets()
watched, address = witness()
ports, sockets = listeners()
sysv, queues, key = ipc()
FACTS = {
    "yard": YARD, "ws": WS, "targets": TARGETS, "home": HOME, "token": TOKEN, "victims": victims(), "witness": watched.pid, "address": address,
    "ports": ports, "sockets": sockets, "pty": terminal(), "sysv": sysv, "queues": queues, "key": key, "stranger": stranger(),
    "netns": os.readlink("/proc/self/ns/net"), "pidns": os.readlink("/proc/self/ns/pid"), "hostname": socket.gethostname(),
    "identities": {path: [os.stat(path).st_dev, os.stat(path).st_ino] for path in files.LOOKED_AT if os.path.exists(path)},
    "other_shadow": SHADOW, "other_lock": YARD + "/cache/vouchsafe/locks/0123456789abcdef",
}
put(WS + "/facts.json", json.dumps(FACTS))
for copy in COPIES:
    put(copy + "/facts.json", json.dumps(FACTS))
variables = {f"env_{name.lower()}": name for name in project.VARIABLES}
put(YARD + "/variables.json", json.dumps({variable: SECRETS[name] for name, variable in variables.items()}))
FACTS["witness_process"] = watched
BEFORE = states()
print("ready", flush=True)
try:
    for line in sys.stdin:
        judge(5 if line.split() == ["judge", "patiently"] else 0)
finally:
    clean_up()
