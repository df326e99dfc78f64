"""Runs a command under a filter that refuses new namespaces, as Docker's default one does: the machine of the weaker tier."""

import ctypes
import os
import platform
import struct
import sys

assert platform.machine() == "x86_64", "the numbers below are those of x86_64"
UNSHARE, CLONE, CLONE3 = 272, 56, 435
NAMESPACES = 0x7E020000  # every CLONE_NEW* that fits into clone's flags
EPERM, ENOSYS = 0x00050001, 0x00050026


def op(code, k, true=0, false=0):
    return struct.pack("HBBI", code, true, false, k)


PROGRAM = b"".join([
    op(0x20, 0),  # the call's number
    op(0x15, UNSHARE, 4, 0),
    op(0x15, CLONE3, 4, 0),
    op(0x15, CLONE, 0, 4),
    op(0x20, 16),  # its flags
    op(0x45, NAMESPACES, 0, 2),
    op(0x06, EPERM),
    op(0x06, ENOSYS),
    op(0x06, 0x7FFF0000),
])
libc = ctypes.CDLL(None, use_errno=True)
program = ctypes.create_string_buffer(PROGRAM, len(PROGRAM))
assert libc.prctl(38, 1, 0, 0, 0) == 0  # no_new_privs
header = struct.pack("HxxxxxxQ", len(PROGRAM) // 8, ctypes.addressof(program))
assert libc.prctl(22, 2, ctypes.create_string_buffer(header, 16), 0, 0) == 0, ctypes.get_errno()
os.execvp(sys.argv[1], sys.argv[1:])
