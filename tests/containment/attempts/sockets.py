"""Every socket family and every way to reach somebody outside, each heard (or not) by a listener of the keeper."""

import ctypes
import os
import socket
import struct

from kit import Denied, X86, add, attack, foreign_network, number, syscall

NETWORK, UNIX, FAMILIES = "network", "unix sockets", "socket families"
PATHNAME = "sockets"


def says(name, family, what, run, leaves=None, **more):
    add(name, family, what, run, "message", leaves=leaves, **more)


def hello(t, kind, address, protocol=0, family=socket.AF_INET):
    with socket.socket(family, kind, protocol) as s:
        s.settimeout(3)
        s.connect(address)
        s.sendall(t.name.encode())


def to(t, key):
    return ("::1" if key.endswith("6") else "127.0.0.1", t.ports[key])


def non_blocking(t):
    import select

    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(to(t, "tcp4"))
    select.select([], [s], [], 3)
    s.send(t.name.encode())


def fast_open(t, flags=0x20000000):
    with socket.socket() as s:
        s.sendto(t.name.encode(), flags, to(t, "tcp4"))


def fast_open_message(t):
    with socket.socket() as s:
        s.sendmsg([t.name.encode()], [], 0x20000000, to(t, "tcp4"))


def fast_open_option(t):
    with socket.socket() as s:
        s.setsockopt(socket.IPPROTO_TCP, 30, 1)
        s.connect(to(t, "tcp4"))
        s.send(t.name.encode())


def reconnect(t):
    """Connects a socket, dissolves the association with AF_UNSPEC and connects again."""
    with socket.socket() as s:
        s.connect(to(t, "tcp4"))
        ctypes.CDLL(None).connect(s.fileno(), bytes(16), 16)
        s.connect(to(t, "tcp4"))
        s.send(t.name.encode())


def datagram(t, family=socket.AF_INET, key="udp4", connected=False):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        if connected:
            s.connect(to(t, key))
            s.send(t.name.encode())
        else:
            s.sendto(t.name.encode(), to(t, key))


def datagram_message(t):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendmsg([t.name.encode()], [], 0, to(t, "udp4"))


def mapped(t):
    with socket.socket(socket.AF_INET6) as s:
        s.connect(("::ffff:127.0.0.1", t.ports["tcp4"]))
        s.send(t.name.encode())


def shell(t, kind):
    os.system(f"bash -c 'echo {t.name} > /dev/{kind}/127.0.0.1/{t.ports[kind + '4']}' 2>/dev/null")


says("tcp4", NETWORK, "TCP", lambda t: hello(t, socket.SOCK_STREAM, to(t, "tcp4")))
says("tcp6", NETWORK, "TCP over IPv6", lambda t: hello(t, socket.SOCK_STREAM, to(t, "tcp6"), 0, socket.AF_INET6))
says("tcp_mapped", NETWORK, "TCP over an IPv4-mapped address", mapped)
says("tcp_non_blocking", NETWORK, "TCP without blocking", non_blocking)
says("tcp_fast_open", NETWORK, "TCP Fast Open by sendto", fast_open)
says("tcp_fast_open_message", NETWORK, "TCP Fast Open by sendmsg", fast_open_message)
says("tcp_fast_open_option", NETWORK, "TCP Fast Open by option", fast_open_option)
says("tcp_reconnect", NETWORK, "TCP after AF_UNSPEC", reconnect)
says("mptcp", NETWORK, "MPTCP", lambda t: hello(t, socket.SOCK_STREAM, to(t, "tcp4"), 262))
says("mptcp6", NETWORK, "MPTCP over IPv6",
     lambda t: hello(t, socket.SOCK_STREAM, to(t, "tcp6"), 262, socket.AF_INET6))
says("sctp", NETWORK, "SCTP", lambda t: hello(t, socket.SOCK_STREAM, to(t, "tcp4"), 132))
says("udp4", NETWORK, "UDP by sendto", datagram)
says("udp4_connected", NETWORK, "UDP connected", lambda t: datagram(t, connected=True))
says("udp4_message", NETWORK, "UDP by sendmsg", datagram_message)
says("udp6", NETWORK, "UDP over IPv6", lambda t: datagram(t, socket.AF_INET6, "udp6"))
says("shell_tcp", NETWORK, "bash's /dev/tcp", lambda t: shell(t, "tcp"))
says("shell_udp", NETWORK, "bash's /dev/udp", lambda t: shell(t, "udp"))


def serve(t, listen):
    """A server that the keeper, outside, connects to as soon as it can."""
    server = listen(t.ports["serve_" + t.name])
    server.settimeout(2)
    connection, _ = server.accept()
    connection.send(t.name.encode())


def bound(port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


says("serve_bound", NETWORK, "a TCP server reached from outside", lambda t: serve(t, bound))


@attack(NETWORK, "listening without bind on the host's network", "self")
def listen_unbound(t):
    server = socket.socket()
    server.listen()
    if not foreign_network(t):
        raise Denied("in its own network")


def path_message(t, kind, key):
    with socket.socket(socket.AF_UNIX, kind) as s:
        s.connect(t.sockets[key])
        s.send(t.name.encode())


def path_through_link(t):
    os.symlink(t.sockets["stream"], "socket-link")
    with socket.socket(socket.AF_UNIX) as s:
        s.connect("socket-link")
        s.send(t.name.encode())


def path_sendto(t, ancillary=()):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        if ancillary:
            s.sendmsg([t.name.encode()], ancillary, 0, t.sockets["datagram"])
        else:
            s.sendto(t.name.encode(), t.sockets["datagram"])


def abstract(t, kind, key):
    with socket.socket(socket.AF_UNIX, kind) as s:
        s.connect("\0" + t.sockets[key])
        s.send(t.name.encode())


def abstract_sendto(t):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.sendto(t.name.encode(), "\0" + t.sockets["abstract_datagram"])


STREAM, DGRAM, SEQ = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
says("unix_stream", UNIX, "a stream socket with a path", lambda t: path_message(t, STREAM, "stream"), leaves=PATHNAME)
says("unix_datagram", UNIX, "a datagram socket with a path", path_sendto, leaves=PATHNAME)
says("unix_packet", UNIX, "a seqpacket socket with a path", lambda t: path_message(t, SEQ, "packet"), leaves=PATHNAME)
says("unix_message", UNIX, "sendmsg to a path, a descriptor with it", lambda t: path_sendto(
    t, [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 1))]), leaves=PATHNAME)
says("unix_link", UNIX, "through a symbolic link in the workspace", path_through_link, leaves=PATHNAME)
says("unix_home", UNIX, "an agent's socket in the home directory", lambda t: path_message(t, STREAM, "home"), leaves=PATHNAME)
says("unix_runtime", UNIX, "a bus in the runtime directory", lambda t: path_message(t, STREAM, "runtime"), leaves=PATHNAME)
says("abstract_stream", UNIX, "an abstract stream socket", lambda t: abstract(t, STREAM, "abstract"))
says("abstract_packet", UNIX, "an abstract seqpacket socket", lambda t: abstract(t, SEQ, "abstract_packet"))
says("abstract_datagram", UNIX, "an abstract datagram socket", abstract_sendto)
says("abstract_connected", UNIX, "an abstract datagram socket, connected", lambda t: abstract(t, DGRAM, "abstract_datagram"))


def family(name, what, number, kind, protocol=0, own_is_harmless=False):
    def run(t):
        socket.socket(number, kind, protocol).close()
        if own_is_harmless and not foreign_network(t):
            raise Denied("in its own network")

    add("family_" + name, FAMILIES, what, run, "self")


RAW = socket.SOCK_RAW
for name, what, number_, kind, protocol in (
    ("raw", "raw IP", 2, RAW, 1), ("raw6", "raw IPv6", 10, RAW, 58), ("ping", "ICMP by datagram", 2, DGRAM, 1),
    ("udplite", "UDP-Lite", 2, DGRAM, 136), ("dccp", "DCCP", 2, 6, 33), ("route", "netlink: routes", 16, RAW, 0),
    ("uevent", "netlink: devices", 16, RAW, 15), ("audit", "netlink: audit", 16, RAW, 9), ("diag", "netlink: sockets", 16, RAW, 4),
    ("generic", "netlink: generic", 16, RAW, 16), ("connector", "netlink: processes", 16, DGRAM, 11),
):
    family(name, what, number_, kind, protocol, own_is_harmless=True)
for name, what, number_, kind, protocol in (
    ("packet", "packets", 17, RAW, 0x0300), ("packet_datagram", "packets, cooked", 17, DGRAM, 0x0300), ("vsock", "vsock", 40, STREAM, 0),
    ("vsock_datagram", "vsock datagram", 40, DGRAM, 0), ("alg", "the kernel's cryptography", 38, SEQ, 0), ("can", "CAN", 29, RAW, 1),
    ("bluetooth", "Bluetooth", 31, RAW, 1), ("xdp", "XDP", 44, RAW, 0), ("rds", "RDS", 21, SEQ, 0), ("tipc", "TIPC", 30, SEQ, 0),
    ("qrtr", "QRTR", 42, DGRAM, 0), ("kcm", "KCM", 41, DGRAM, 0), ("smc", "SMC", 43, STREAM, 0), ("nfc", "NFC", 39, RAW, 0),
    ("pppox", "PPP", 24, STREAM, 0), ("x25", "X.25", 9, SEQ, 0), ("ax25", "AX.25", 3, DGRAM, 0), ("ieee802154", "802.15.4", 36, RAW, 0),
    ("caif", "CAIF", 37, SEQ, 0), ("key", "IPsec keys", 15, RAW, 2), ("phonet", "Phonet", 35, DGRAM, 0), ("mctp", "MCTP", 45, DGRAM, 0),
    ("appletalk", "AppleTalk", 5, DGRAM, 0),
):
    family(name, what, number_, kind, protocol)


@attack(NETWORK, "io_uring, whose socket calls no filter sees", "self")
def io_uring(t):
    os.close(syscall("io_uring_setup", 4, ctypes.create_string_buffer(256)))


@attack(NETWORK, "io_uring_register", "self")
def io_uring_register(t):
    from kit import reaches_kernel

    reaches_kernel(lambda: syscall("io_uring_register", -1, 8, None, 0))


@attack(NETWORK, "a TCP socket by the 32-bit entry of the kernel (int 0x80)", "self")
def socket_int80(t):
    from kernel import int80

    descriptor = int80(359, 2, 1, 0)
    if descriptor < 0:
        raise OSError(-descriptor, os.strerror(-descriptor))
    if not foreign_network(t):
        raise Denied("in its own network")


@attack(NETWORK, "a TCP socket by socketcall of the 32-bit entry", "self")
def socketcall_int80(t):
    from kernel import int80

    low = number(9, 0x20000000, 4096, 3, 0x22 | 0x100000, -1, 0)
    ctypes.memmove(low, struct.pack("III", 2, 1, 0), 12)
    descriptor = int80(102, 1, low, 0)
    if descriptor < 0:
        raise OSError(-descriptor, os.strerror(-descriptor))
    if not foreign_network(t):
        raise Denied("in its own network")


@attack(NETWORK, "a TCP socket by an x32 call number", "self")
def socket_x32(t):
    if not X86:
        raise Denied("not x86_64")
    number(0x40000000 | 41, 2, 1, 0)
    if not foreign_network(t):
        raise Denied("in its own network")


@attack(NETWORK, "a socket whose family has bits above the int", "self")
def socket_high_bits(t):
    number(41, ctypes.c_ulong(1 << 32 | 2), 1, 0)
    if not foreign_network(t):
        raise Denied("in its own network")


@attack(NETWORK, "socketpair of another family", "self")
def socketpair_inet(t):
    left, _ = socket.socketpair(socket.AF_TIPC if hasattr(socket, "AF_TIPC") else 30, socket.SOCK_SEQPACKET)
    left.close()


@attack(NETWORK, "raising a network interface of the host", "self")
def interface_ioctl(t):
    import fcntl

    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(s, 0x8913, struct.pack("16s16x", b"lo"))
    if not foreign_network(t):
        raise Denied("in its own network")
