"""Runs attempts by name and prints one line of JSON for each; lists the table.

    attempts.py list                          every line of the table
    attempts.py run FACTS GROUP KIND          all attempts of a group; KIND is `control` or `confined`
"""

import errno
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import files  # noqa: registers its attempts
import ipc  # noqa
import kernel  # noqa
import limits  # noqa
import processes  # noqa
import project  # noqa
import sockets  # noqa
import works  # noqa
from kit import TABLE, Denied, Target, Unsupported

SECONDS_EACH = 60


def told(attempt, target):
    """What one attempt says of itself."""
    good, bad = ("works", "broken") if attempt.by == "work" else ("allowed", "denied")
    try:
        read = attempt.run(target)
        return good, "", read
    except Unsupported as error:
        return "unsupported", str(error), None
    except Denied as error:
        return bad, str(error), None
    except OSError as error:
        name = errno.errorcode.get(error.errno, type(error).__name__)
        return bad, name + (f" {error}" if attempt.by == "work" else ""), None
    except Exception as error:  # an attempt that breaks did not get through; the control shows whether it can
        return bad, f"{type(error).__name__}: {error}", None


def one(attempt, facts):
    target, began = Target(attempt.name, facts), time.monotonic()
    word, detail, read = told(attempt, target)
    if isinstance(read, bytes):
        read = read.decode("utf-8", "replace")
    line = {"name": attempt.name, "word": word, "detail": detail[:300], "read": str(read or "")[:4000],
            "began": began, "ended": time.monotonic()}
    sys.stdout.flush()
    os.write(1, ("\nRESULT " + json.dumps(line) + "\n").encode())


def run(attempt, facts):
    """In a child of its own, so that whatever it breaks is broken for itself only."""
    if attempt.by == "end":
        return one(attempt, facts)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS_EACH)
        try:
            one(attempt, facts)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        word = "broken" if attempt.by == "work" else "silent" if number == signal.SIGALRM else "denied"
        line = {"name": attempt.name, "word": word, "detail": f"ended by signal {number}", "read": "", "began": began,
                "ended": time.monotonic()}
        os.write(1, ("\nRESULT " + json.dumps(line) + "\n").encode())


def main():
    if sys.argv[1] == "list":
        for attempt in TABLE.values():
            print(json.dumps(attempt.row()))
        return
    facts_file, group, kind = sys.argv[2:]
    with open(facts_file) as file:
        facts = json.load(file)
    facts["inside"] = os.getcwd()
    namespaces = "own" if os.readlink("/proc/self/ns/pid") != facts["pidns"] else "shared"
    os.write(1, f"\nNAMESPACES {namespaces}\n".encode())
    for attempt in TABLE.values():
        if (attempt.alone or "all") == group and not (kind == "control" and attempt.control):
            run(attempt, facts)
    os.write(1, f"\nDONE {time.monotonic()}\n".encode())


if __name__ == "__main__":
    main()
