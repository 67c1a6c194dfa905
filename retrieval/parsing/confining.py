"""Take away from this process what a parser has no use for: memory without end, and the network.

The network is closed on Linux on x86-64 and ARM; elsewhere the limits of POSIX hold and it stays open.
Knows nothing of files or formats."""

import ctypes
import errno
import math
import platform
import resource
import signal
import socket
import sys

from retrieval.limits import Limits

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
# Of the 32-bit interface that x86-64 kernels may offer beside their own: its calls have other numbers.
_X32 = 0x40000000
_IO_URING_SETUP = 425  # a ring can open sockets without the call
# AUDIT_ARCH of linux/audit.h; the numbers of socket(2); and of connect, sendto, sendmsg and sendmmsg.
_MACHINES = {
    "x86_64": (0xC000003E, 41, (42, 44, 46, 307)),
    "aarch64": (0xC00000B7, 198, (203, 206, 211, 269)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def confine(limits: Limits) -> None:
    """Bound this process and whatever it starts, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.unpacked_bytes, limits.unpacked_bytes))
    # A core dump would leave the text of a document behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _close_network()


def start_clocks(limits: Limits) -> None:
    """Give this process its seconds for one file. Linux ends it when they are used up, whatever it is doing; the
    parent does too, so this only matters once the parent is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(usage.ru_utime + usage.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    restart_clock(limits)


def restart_clock(limits: Limits) -> None:
    """A slow step is done: the wall clock begins again."""
    # Later than the parent, which can say why.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + 10)


def stop_clock() -> None:
    """Waiting for the next file is not working."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _close_network() -> None:
    """Refuse network sockets, and to reach anybody through local ones, from here on (seccomp, filter mode).

    A local socket itself may be made: LibreOffice, which converts old files, does not start without. No right is
    needed for this, and there is no way back; children inherit it."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return
    architecture, socket_call, reaching = _MACHINES[platform.machine()]
    forbidden = [_IO_URING_SETUP, *reaching]
    # The last two of the steps allow and deny; jumps count from the step after their own.
    steps = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_EQUAL, 0, len(forbidden) + 6, architecture),
        _Instruction(_LOAD, 0, 0, _NUMBER),
        _Instruction(_AT_LEAST, len(forbidden) + 4, 0, _X32),
        *(_Instruction(_EQUAL, len(forbidden) + 3 - at, 0, number) for at, number in enumerate(forbidden)),
        _Instruction(_EQUAL, 0, 2, socket_call),
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _Instruction(_EQUAL, 0, 1, socket.AF_UNIX),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _DENY),
    ]
    program = _Program(len(steps), (_Instruction * len(steps))(*steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
