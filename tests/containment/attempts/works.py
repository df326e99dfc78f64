"""What developers' tools need: each must work confined as it does outside."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

from kit import Unsupported, link_descriptor, work

NAMESPACES = "namespaces"


def sh(text, tool=None, seconds=55):
    """Runs a line of bash in the current directory; its output, or an exception with the end of it."""
    if tool and not shutil.which(tool):
        raise Unsupported(f"{tool} is not on this machine, or not for this user")
    done = subprocess.run(["bash", "-c", "set -e; " + text], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode:
        raise AssertionError(f"exit {done.returncode}: {told[-200:]}")
    return told


def shell(name, what, text, tool=None, needs=None):
    def run(t):
        os.makedirs("work-" + name)
        os.chdir("work-" + name)
        sh(text, tool)

    run.__name__ = "work_" + name
    work(what, needs)(run)


def own(name, what, needs=None, **more):
    def register(body):
        def run(t):
            os.makedirs("work-" + name)
            os.chdir("work-" + name)
            body(t)

        run.__name__ = "work_" + name
        return work(what, needs, **more)(run)

    return register


def renaming(name):
    """A process that renames a directory of the project there and back, without end."""
    pid = os.fork()
    while pid == 0:
        for source, target in ((name, name + "-away"), (name + "-away", name)):
            try:
                os.rename(source, target)
            except OSError:
                pass
    return pid


def end(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def flooded():
    os.chdir("..")
    pids = [renaming("old-flood/deep") for _ in range(8)]
    time.sleep(0.5)
    os.rename("old-calm", "new-calm")
    end(pids)
    assert os.path.exists("new-calm/deep/er.txt") and not os.path.exists("old-calm")


def killed_renaming():
    os.chdir("..")
    for nth in range(30):
        pid = renaming("old-killed/deep")
        time.sleep(0.001 * (nth % 10))
        end([pid])
    os.rename("old-killed", "new-killed")
    assert os.path.exists("new-killed/file.txt")


shell("write", "writing, appending, truncating", "echo a > f; echo b >> f; : > f; [ -f f ]")
shell("tmpdir", "TMPDIR and mktemp", 'f=$(mktemp); echo x > "$f"; [ -s "$f" ]; d=$(mktemp -d); mv "$f" "$d"')
shell("tmp", "/tmp itself", "echo x > /tmp/work-tmp-$$; rm /tmp/work-tmp-$$", needs=NAMESPACES)
shell("shm", "/dev/shm", "echo x > /dev/shm/work-shm-$$; rm /dev/shm/work-shm-$$", needs=NAMESPACES)
shell("home", "HOME can be written", 'mkdir -p "$HOME/.config/tool"; echo x > "$HOME/.config/tool/f"')
shell("null", "/dev/null, zero, urandom, full", "head -c 9 /dev/zero > f; head -c 9 /dev/urandom >> f; echo > /dev/null; ! echo x > /dev/full")
shell("dev_fd", "/dev/fd and process substitution", "diff <(echo a) <(echo a); echo x | cat /dev/stdin > /dev/null; echo x > /dev/stderr")
shell("links", "symbolic links: inside, dangling, outside", "echo x > a; ln -s a b; cat b; ln -s none c; ln -s /etc/hostname d; readlink c d")
shell("hard_links", "hard links", "echo x > a; ln a b; echo y >> b; cmp a b; [ a -ef b ]")
shell("modes", "modes and times", "echo > a; chmod 750 a; touch -d 2001-01-01 a; [ $(stat -c %a a) = 750 ]; [ $(stat -c %Y a) -lt 999999999 ]")
shell("fifo", "FIFOs", "mkfifo p; (echo through > p) & read line < p; [ $line = through ]")
shell("rename", "renaming files and directories", "mkdir -p d/e; echo > d/f; mv d g; mv g/f g/e/; [ -f g/e/f ]")
shell("rename_old", "renaming a directory of the project: python", "cd ..; python3 -c 'import os; os.rename(\"old-python\", \"new-python\")'; "
      "[ -f new-python/deep/er.txt ]; [ ! -e old-python ]")
own("rename_flood", "the same while eight processes rename without end")(lambda t: flooded())
own("rename_killed", "the same when processes are killed while they rename")(lambda t: killed_renaming())
shell("rename_old_node", "the same: node", "cd ..; node -e 'require(\"fs\").renameSync(\"old-node\", \"new-node\")'; [ -f new-node/deep/er.txt ]", "node")
shell("rename_old_git", "the same: git mv", "cd ..; git mv old-git new-git; [ -f new-git/deep/er.txt ]; git status --short | grep -q new-git", "git")
shell("rename_old_shell", "the same: mv, into a subdirectory and back", "cd ..; mkdir -p new; mv old-shell new/; mv new/old-shell .; [ -f old-shell/file.txt ]")
shell("xattr", "extended attributes", "echo > a; python3 -c 'import os; os.setxattr(\"a\", \"user.x\", b\"1\"); os.getxattr(\"a\", \"user.x\")'")
shell("names", "names that are not UTF-8, with blanks and quotes", "n=$(printf 'b\\377d'); echo x > \"$n\"; echo x > ' a\"b'; [ $(ls | wc -l) = 2 ]")
shell("odd_path", "a path with blank, colon, comma and Unicode", "mkdir 'a b:c,d é'; cd 'a b:c,d é'; echo x > y; [ -f y ]; pwd")
shell("many_files", "2,000 small files", "mkdir m; (cd m; for i in $(seq 2000); do echo $i > f$i; done); [ $(ls m | wc -l) = 2000 ]; rm -r m")
shell("sed", "sed -i", "echo hello > a; sed -i s/hello/bye/ a; grep -q bye a")
shell("tar", "tar and gzip", "mkdir d; echo x > d/f; ln -s f d/l; tar -czf a.tgz d; rm -r d; tar -xzf a.tgz; [ -L d/l ]", "tar")
shell("find", "find, xargs, grep -r, sort", "mkdir -p a/b; echo x > a/b/c; find . -name c | xargs grep -l x | sort")
shell("diff_patch", "diff and cmp", "echo a > x; echo b > y; ! diff -u x y > p; ! cmp x y")
shell("make", "make with parallel jobs", "printf 'all: a b\\na b:\\n\\techo $@ > $@\\n' > Makefile; make -j2; [ -f a ] && [ -f b ]", "make")
shell("gcc", "compiling C and running it", "printf '#include <stdio.h>\\nint main(void){puts(\"hi\");return 0;}' > a.c; gcc a.c -o a; ./a | grep hi", "gcc")
shell("sanitizer", "a program with address and undefined-behaviour sanitizers", "echo 'int main(void){return 0;}' > a.c; "
      "gcc -fsanitize=address,undefined a.c -o a; ./a", "gcc")
shell("cmake", "cmake, make, ctest", "printf 'cmake_minimum_required(VERSION 3.10)\nproject(t C)\nenable_testing()\nadd_executable(m m.c)\nadd_test(m m)\n' > CMakeLists.txt; "
      "echo 'int main(void){return 0;}' > m.c; cmake -S . -B b > log; make -C b -j2 >> log; cd b; ctest", "cmake")
shell("ninja", "cmake with ninja, and again after a change", "printf 'cmake_minimum_required(VERSION 3.10)\nproject(t C)\nadd_executable(m m.c)\n' > CMakeLists.txt; "
      "echo 'int main(void){return 0;}' > m.c; cmake -G Ninja -S . -B b > log; ninja -C b; echo 'int main(void){return 1;}' > m.c; ninja -C b; ! b/m", "ninja")
shell("shared_library", "a shared library of one's own", "echo 'int f(void){return 3;}' > f.c; gcc -shared -fPIC f.c -o libf.so; "
      "echo 'int f(void); int main(void){return f()-3;}' > m.c; gcc m.c -L. -lf -o m; LD_LIBRARY_PATH=. ./m", "gcc")
shell("git_status", "git status, diff, log", "cd ..; git status --short; git diff --stat; git log --oneline | grep -q first", "git")
shell("git_commit", "git add, commit, branch, tag", "git init -q .; git config user.name T; git config user.email t@example.org; echo x > f; "
      "git add f; git commit -qm one; git branch other; git tag t; git log | grep -q one", "git")
shell("git_stash", "git stash, mv, rm, checkout", "git init -q .; git config user.name T; git config user.email t@example.org; echo x > f; git add f; "
      "git commit -qm one; echo y > f; git stash -q; git stash pop -q; git checkout -q f; git mv f g; git commit -qam two; git rm -q g", "git")
shell("git_worktree", "git worktree and clone", "git init -q a; cd a; git config user.name T; git config user.email t@example.org; git commit -q "
      "--allow-empty -m one; git worktree add -q ../b; cd ..; git clone -q a c; git -C b log | grep -q one", "git")
shell("git_submodule", "git submodule add, update, commit within", "git init -q a; cd a; git config user.name T; git config user.email t@example.org; "
      "echo x > f; git add f; git commit -qm one; cd ..; git init -q b; cd b; git config user.name T; git config user.email t@example.org; "
      "git -c protocol.file.allow=always submodule --quiet add ../a a; git commit -qm two; git submodule status; "
      "cd a; echo y >> f; git -c user.name=T -c user.email=t@example.org commit -qam three; cd ..; git diff --submodule | grep -q three", "git")
shell("git_repository", "commit in the project's own repository", "cd ..; echo x > committed-here; git add committed-here; "
      "git -c user.name=T -c user.email=t@example.org commit -qm here; git log | grep -q here", "git")
shell("node", "node: files and processes", "node -e 'const fs=require(\"fs\");fs.writeFileSync(\"a\",\"x\");fs.renameSync(\"a\",\"b\");"
      "require(\"child_process\").execSync(\"cat b\")'", "node")
shell("node_workers", "node: worker threads", "node -e 'const {Worker}=require(\"worker_threads\");new Worker(\"process.exit(0)\",{eval:true})"
      ".on(\"exit\",c=>process.exit(c))'", "node")
shell("npm", "npm run", "echo '{\"name\":\"x\",\"version\":\"1.0.0\",\"scripts\":{\"hi\":\"echo ran > out\"}}' > package.json; npm run -s hi; [ -f out ]", "npm")
shell("java", "java", "java -XX:-UsePerfData -version", "java")
shell("venv", "python: unittest", "printf 'import unittest\\nclass T(unittest.TestCase):\\n  def test(self): pass\\n' > test_x.py; python3 -m unittest -q")
shell("cargo_build", "cargo: build and test offline", "cargo init -q --vcs none --name x .; cargo build -q --offline; cargo test -q --offline", "cargo")
shell("cargo_c", "cargo: a build script that compiles C", "cargo init -q --vcs none --lib --edition 2021 --name x .; echo 'int three(void){return 3;}' > three.c; "
      "printf '%s' 'fn main(){let o=std::env::var(\"OUT_DIR\").unwrap();let r=|c:&str,a:&[&str]|assert!(std::process::Command::new(c).args(a).status().unwrap().success());"
      "r(\"cc\",&[\"-c\",\"three.c\",\"-o\",&format!(\"{o}/t.o\")]);r(\"ar\",&[\"crs\",&format!(\"{o}/libt.a\"),&format!(\"{o}/t.o\")]);"
      "println!(\"cargo:rustc-link-search=native={o}\");println!(\"cargo:rustc-link-lib=static=t\");}' > build.rs; "
      "echo 'extern \"C\" {fn three()->i32;} #[test] fn t(){assert_eq!(unsafe{three()},3)}' > src/lib.rs; cargo test -q --offline", "cargo")
shell("cargo_fix", "cargo fix, which talks to itself over loopback", "cargo init -q --vcs none --name x .; "
      "echo 'pub fn f() { let mut a = 1; print!(\"{}\", a); } fn main() { f() }' > src/main.rs; cargo fix -q --allow-no-vcs --offline; "
      "! grep -q mut src/main.rs", "cargo", needs=NAMESPACES)
shell("jobs", "job control and traps in a shell", "sleep 9 & p=$!; kill $p; wait $p || true; (trap 'echo got > t' USR1; sleep 0.1 & kill -USR1 $BASHPID; wait); [ -f t ]")
shell("ps", "ps sees one's own processes", "sleep 5 & ps -o pid= -p $! | grep -q $!; kill $!", "ps")
shell("timeout", "timeout kills what it started", "! timeout 0.2 sleep 5")
shell("nproc", "asking about the machine", "nproc; free -m || cat /proc/meminfo | head -1; uname -a; df . ; id; cat /etc/os-release; getconf PAGESIZE")
shell("localtime", "time zones, locale, users", "date; locale >/dev/null; getent passwd $(id -u); whoami")
shell("sqlite", "the sqlite3 tool", "sqlite3 x.db 'create table t(a); insert into t values (1); select * from t'", "sqlite3")


@own("sqlite_wal", "SQLite in WAL mode, two connections")
def sqlite_wal(t):
    one = sqlite3.connect("w.db")
    assert one.execute("pragma journal_mode=wal").fetchone()[0] == "wal"
    one.execute("create table t(a)")
    one.commit()
    two = sqlite3.connect("w.db")
    two.execute("insert into t values (1)")
    two.commit()
    assert one.execute("select count(*) from t").fetchone()[0] == 1


@own("mmap", "a shared mapping, between processes")
def mapped(t):
    import mmap

    with open("m", "w+b") as file:
        file.truncate(4096)
        with mmap.mmap(file.fileno(), 0) as memory:
            if os.fork() == 0:
                memory[0:1] = b"c"
                os._exit(0)
            os.wait()
            assert memory[0:1] == b"c"


@own("locks", "flock and POSIX locks")
def locks(t):
    import fcntl

    with open("l", "w") as one, open("l", "w") as two:
        fcntl.flock(one, fcntl.LOCK_EX)
        try:
            fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
            raise AssertionError("locked twice")
        except BlockingIOError:
            pass
        fcntl.lockf(one, fcntl.LOCK_EX)


@own("tmpfile", "an unnamed file (O_TMPFILE), then a name for it")
def tmpfile(t):
    descriptor = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
    os.write(descriptor, b"x")
    link_descriptor(descriptor, "named")
    assert os.path.getsize("named") == 1


@own("inotify", "watching a directory (inotify)")
def inotify(t):
    import ctypes

    libc = ctypes.CDLL(None)
    descriptor = libc.inotify_init1(0)
    assert libc.inotify_add_watch(descriptor, b".", 0x100) >= 0
    open("seen", "w").close()
    assert b"seen" in os.read(descriptor, 4096)


@own("socketpair", "socketpair, descriptors passed over it")
def socketpair(t):
    left, right = socket.socketpair()
    with open("f", "w") as file:
        socket.send_fds(left, [b"x"], [file.fileno()])
    _, descriptors, _, _ = socket.recv_fds(right, 10, 1)
    os.write(descriptors[0], b"y")
    assert os.path.getsize("f") == 1


def talk(family, address):
    server = socket.socket(family)
    server.bind(address)
    server.listen()
    thread = threading.Thread(target=lambda: server.accept()[0].sendall(b"hi"))
    thread.start()
    client = socket.socket(family)
    client.settimeout(10)
    client.connect(server.getsockname())
    assert client.recv(2) == b"hi"
    thread.join()


@own("unix_server", "a server on a socket with a path")
def unix_server(t):
    talk(socket.AF_UNIX, "s")


@own("abstract_server", "a server on an abstract socket")
def abstract_server(t):
    talk(socket.AF_UNIX, f"\0work-{os.getpid()}")


@own("loopback", "a TCP server on loopback and its client", NAMESPACES)
def loopback(t):
    talk(socket.AF_INET, ("127.0.0.1", 0))


@own("loopback6", "the same over IPv6", NAMESPACES)
def loopback6(t):
    talk(socket.AF_INET6, ("::1", 0))


@own("http", "an HTTP server and curl-like client on localhost", NAMESPACES)
def http(t):
    import http.server
    import urllib.request

    server = http.server.HTTPServer(("localhost", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.handle_request).start()
    assert urllib.request.urlopen(f"http://localhost:{server.server_port}/", timeout=10).status == 200


@own("asyncio", "asyncio: subprocesses and thread wake-ups")
def asyncio_(t):
    import asyncio

    async def main():
        process = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        assert out == b"hi\n"
        assert await asyncio.to_thread(lambda: 3) == 3

    asyncio.run(main())


def square(number):
    return number * number


@own("multiprocessing", "multiprocessing: a pool, its queues and semaphores", NAMESPACES)
def multiprocessing_(t):
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(square, range(5)) == [0, 1, 4, 9, 16]


@own("shared_memory", "multiprocessing.shared_memory", NAMESPACES)
def shared_memory(t):
    from multiprocessing import shared_memory as shm

    block = shm.SharedMemory(create=True, size=64)
    block.buf[0] = 1
    block.close()
    block.unlink()


@own("threads", "fifty threads")
def threads(t):
    done = []
    started = [threading.Thread(target=lambda: done.append(1)) for _ in range(50)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert len(done) == 50


@own("pty", "a pseudo-terminal", NAMESPACES)
def pty_(t):
    import pty

    pid, master = pty.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-c", "tty; echo from-the-pty"])
    told = b""
    try:
        while b"from-the-pty" not in told:
            told += os.read(master, 1024)
    except OSError:
        pass
    os.waitpid(pid, 0)
    assert b"from-the-pty" in told, told


@own("debug_self", "reading one's own memory map and descriptors")
def debug_self(t):
    open("/proc/self/maps").close()
    os.listdir("/proc/self/fd")
    open("/proc/self/status").close()
    open("/proc/cpuinfo").close()
    open("/proc/meminfo").close()


@own("semaphore", "System V shared memory of one's own")
def semaphore(t):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.shmget(0, 4096, 0o600)
    assert made >= 0, ctypes.get_errno()
    assert libc.shmctl(made, 0, None) == 0


@work("a workspace whose own path has blank, colon, comma and Unicode", alone="odd")
def work_odd_workspace(t):
    sh("echo x > here; sed -i s/x/y/ here; grep -q y here; git init -q inner; gcc --version > v")
