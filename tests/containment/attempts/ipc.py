"""System V and POSIX shared memory, queues and semaphores of the user; keyrings."""

import ctypes
import os

from files import append, create, slurp
from kit import add, attack, check, libc, syscall

IPC, KEYS = "IPC", "keyrings"
SYSV = "sysv"


@attack(IPC, "System V shared memory, read", "secret", leaves=SYSV)
def shm_read(t):
    return ctypes.string_at(attach(t), 128)


def attach(t):
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(t.sysv["shm"], None, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        check(-1)
    return address


@attack(IPC, "System V shared memory, written", "change", where="shm", leaves=SYSV)
def shm_write(t):
    ctypes.memmove(attach(t) + 256, b"PLANTED", 7)


@attack(IPC, "System V shared memory, removed", "change", where="shm_removed", leaves=SYSV)
def shm_remove(t):
    check(libc.shmctl(t.sysv["shm_removed"], 0, None))


@attack(IPC, "System V shared memory that outlives the task", "change", where="shm_made", leaves=SYSV)
def shm_make(t):
    check(libc.shmget(t.sysv["key_shm_made"], 4096, 0o1600))


@attack(IPC, "a System V message queue, written", "change", where="msg_send", leaves=SYSV)
def msg_send(t):
    check(
        libc.msgsnd(t.sysv["msg_send"], ctypes.create_string_buffer(b"\1\0\0\0\0\0\0\0msg_send", 24), 8, 0o4000))


@attack(IPC, "a System V message queue, read", "secret", leaves=SYSV)
def msg_receive(t):
    buffer = ctypes.create_string_buffer(128)
    check(libc.msgrcv(t.sysv["msg_receive"], buffer, 100, ctypes.c_long(0), 0o4000))
    return buffer.raw


@attack(IPC, "a System V semaphore, changed", "change", where="sem", leaves=SYSV)
def sem_post(t):
    check(libc.semop(t.sysv["sem"], ctypes.create_string_buffer(b"\0\0\1\0\0\x08", 6), 1))


@attack(IPC, "POSIX shared memory, read", "secret")
def posix_shm_read(t):
    return slurp(f"/dev/shm/{t.token}-posix_shm_read")


add("posix_shm_write", IPC, "POSIX shared memory, written", lambda t: append(f"/dev/shm/{t.token}-posix_shm_write"), "change",
    where="abs:/dev/shm/{token}-posix_shm_write")
add("posix_sem_make", IPC, "a POSIX semaphore that outlives the task", lambda t: create(f"/dev/shm/sem.{t.token}-posix_sem_make"),
    "change", where="abs:/dev/shm/sem.{token}-posix_sem_make")


@attack(IPC, "a POSIX message queue, written", "change", where="mq_send")
def mq_send(t):
    syscall("mq_timedsend", syscall("mq_open", t.queues["mq_send"].encode(), 1, 0, None), b"mq_send", 7, 1, None)


@attack(IPC, "a POSIX message queue, read", "secret")
def mq_receive(t):
    buffer = ctypes.create_string_buffer(8192)
    syscall("mq_timedreceive", syscall("mq_open", t.queues["mq_receive"].encode(), os.O_NONBLOCK, 0, None), buffer, 8192, None, None)
    return buffer.value


@attack(IPC, "a POSIX message queue, removed", "change", where="mq_remove")
def mq_remove(t):
    syscall("mq_unlink", t.queues["mq_remove"].encode())


@attack(KEYS, "a key of the user, read", "secret")
def key_read(t):
    buffer = ctypes.create_string_buffer(200)
    syscall("keyctl", 11, t.key, buffer, 200)
    return buffer.value


@attack(KEYS, "add_key", "self")
def key_add(t):
    syscall("add_key", b"user", b"vouchsafe-table", b"x", 1, -2)


@attack(KEYS, "request_key", "self")
def key_request(t):
    from kit import reaches_kernel

    reaches_kernel(lambda: syscall("request_key", b"user", b"vouchsafe-table-none", None, 0))


@attack(KEYS, "joining a session keyring", "self")
def key_session(t):
    syscall("keyctl", 1, None)


@attack(KEYS, "describing the user's keyring", "self")
def key_describe(t):
    syscall("keyctl", 6, -4, None, 0)
