"""Resources and lifetime: each alone in its own command, since it ends it."""

import os
import signal
import subprocess
import sys
import time

from kit import Denied, add, attack

RESOURCES, LIFETIME = "resources", "lifetime"
MIB = 1 << 20

# The limits in force for these (`small_limits` of the keeper) are far below what is tried here, and what is tried is
# little enough to be done unconfined.


def limit(name, what, run):
    add(name, RESOURCES, what, run, "end", alone="limit_" + name)


def children(count, body):
    pids = []
    try:
        for _ in range(count):
            pid = os.fork()
            if pid == 0:
                body()
                os._exit(0)
            pids.append(pid)
        time.sleep(1)  # alive together, all of them, for a moment
        alive = sum(os.waitpid(pid, os.WNOHANG)[0] == 0 for pid in pids)
        if alive < count:
            raise Denied(f"{alive} of {count} were left alive")
    finally:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass


def touch_memory(mib):
    held = bytearray(mib * MIB)
    held[::4096] = b"x" * len(held[::4096])
    return held


def hold_memory():
    held = touch_memory(48)
    time.sleep(20)
    return held


def write_file(path, mib):
    with open(path, "wb") as file:
        for _ in range(mib):
            file.write(b"\0x" * (MIB // 2))  # binary: what is measured is the limit, not the review of a text


def fill(count, mib):
    for nth in range(count):
        write_file(f"fill-{nth}", mib)
    time.sleep(4)  # what is written is measured from time to time


def many_files(count):
    os.mkdir("many")
    for nth in range(count):
        open(f"many/{nth}", "w").close()
    time.sleep(4)


def spin(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def fill_memory_files(directory):
    path = f"{directory}/vouchsafe-fill-{os.getpid()}"
    try:
        write_file(path, 256)
        time.sleep(0.5)
    finally:
        if os.path.exists(path):
            os.unlink(path)


limit("processes", "200 processes at a time (64 allowed)", lambda t: children(200, lambda: time.sleep(20)))
limit("threads", "200 threads at a time (64 allowed)", lambda t: threads(200))
limit("memory", "512 MiB in one process (128 allowed)", lambda t: touch_memory(512) and None)
limit("memory_spread", "8 × 48 MiB in processes (128 allowed)", lambda t: children(8, hold_memory))
limit("file_size", "a file of 64 MiB (8 allowed)", lambda t: write_file("big", 64))
limit("sparse_file", "a sparse file of 1 GiB (8 MiB allowed)", lambda t: os.truncate(os.open("sparse", os.O_RDWR | os.O_CREAT), 1 << 30))
limit("disk", "18 files of 4 MiB (32 MiB allowed)", lambda t: fill(18, 4))
limit("disk_home", "the same in the home directory", lambda t: (os.chdir(os.environ["HOME"]), fill(18, 4))[1])
limit("disk_tmp", "the same in the temporary directory", lambda t: (os.chdir(os.environ.get("TMPDIR", "/tmp")), fill(18, 4))[1])
limit("files", "1000 files (200 allowed)", lambda t: many_files(1000))
limit("shm", "256 MiB in /dev/shm (128 MiB of memory allowed)", lambda t: fill_memory_files("/dev/shm"))
limit("tmp", "256 MiB in /tmp (32 MiB of disk allowed)", lambda t: fill_memory_files("/tmp"))
limit("cpu", "3 s of processor time (1 allowed)", lambda t: spin(3))
limit("wall", "14 s (8 allowed)", lambda t: time.sleep(14))
limit("core", "a core dump of the user's", lambda t: core_limit())


def core_limit():
    import resource

    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        raise Denied("none is written")


def threads(count):
    import threading

    stop = threading.Event()
    started = [threading.Thread(target=stop.wait, daemon=True) for _ in range(count)]
    for thread in started:
        thread.start()
    time.sleep(1)
    stop.set()


@attack(RESOURCES, "64 MiB of output, all of it stored (2 MiB allowed)", "change", where="grown:state", alone="limit_output")
def output(t):
    block = "x" * 1023 + "\n"
    try:
        with open(t.yard + "/state/vouchsafe/grown", "w") as file:  # what the control does instead of a server
            for _ in range(16 * 1024):
                file.write(block)
    except OSError:
        pass
    for _ in range(64 * 1024):
        sys.stdout.write(block)


# Daemons: nothing may be left when the command is over.

def daemon(t, *, session=True, double=True, deaf=False):
    if os.fork():
        return
    if session:
        os.setsid()
    if double and os.fork():
        os._exit(0)
    if deaf:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
    stay(t)


def stay(t, environment=None):
    """Becomes what the keeper looks for, holding nothing of whoever started it."""
    quiet = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    signal.alarm(0)
    os.execve("/bin/sleep", [f"{t.token}-{t.name}", "600"], os.environ if environment is None else environment)


def life(name, what, run, alone="life"):
    add(name, LIFETIME, what, run, "change", where="alive", alone=alone)


def by_shell(text):
    return lambda t: subprocess.run(["bash", "-c", text.format(name=f"{t.token}-{t.name}")], check=False)


def rabbit(t):
    """Always a new process: each forks the next and ends."""
    if os.fork():
        return
    os.setsid()
    for _ in range(300):
        if os.fork():
            os._exit(0)
        time.sleep(0.001)
    stay(t)


def cleared(t):
    """Without a trace of the task in its environment, and working elsewhere."""
    if os.fork():
        return
    os.setsid()
    os.chdir("/")
    stay(t, {})


def reaper(t):
    import ctypes

    if os.fork():
        return
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    os.setsid()
    daemon(t)
    stay(t)


life("daemon_plain", "a background process", lambda t: daemon(t, session=False, double=False))
life("daemon_session", "setsid", lambda t: daemon(t, double=False))
life("daemon_double", "setsid and a double fork", daemon)
life("daemon_deaf", "one that ignores signals", lambda t: daemon(t, deaf=True))
life("daemon_cleared", "one without environment, working in /", cleared)
life("daemon_reaper", "one that adopts its orphans", reaper)
life("daemon_rabbit", "one that forks all the time", rabbit)
life("daemon_nohup", "nohup", by_shell("nohup bash -c 'exec -a {name} sleep 600' >/dev/null 2>&1 &"))
life("daemon_setsid", "setsid(1)", by_shell("setsid bash -c 'exec -a {name} sleep 600' >/dev/null 2>&1 &"))
life("daemon_disown", "disown", by_shell("bash -c 'exec -a {name} sleep 600' >/dev/null 2>&1 & disown"))
life("daemon_stopped", "one that is stopped", by_shell("bash -c 'exec -a {name} sleep 600' >/dev/null 2>&1 & sleep 0.3; kill -STOP $!"))


def killed(t):
    daemon(t)
    daemon(t, session=False, double=False)
    time.sleep(0.3)  # they have become what the keeper looks for
    runner = os.getppid()
    os.write(1, b"\nKILL ME\n")
    while os.getppid() == runner:  # unconfined it is the runner that dies, and nothing of this shall stay either
        time.sleep(0.05)


for name, what in (("kill_9", "kill -9 of the server while a command runs"), ("kill_15", "the same by SIGTERM"),
                   ("kill_2", "the same by Ctrl-C"), ("kill_1", "the same by a hang-up")):
    life(name, what, killed, alone=name)
