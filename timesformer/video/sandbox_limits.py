"""What a process that reads a stranger's file gives up before it does, where the system lets it."""

import ctypes
import os
import signal
import sys
from functools import cache

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

MEMORY = 1 << 30  # bytes of address space: 96 frames of a clip and one of 8K fit
SECONDS = 10  # of computing
_FILES = 8  # open at once

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # seccomp.h: SCMP_ACT_ALLOW, and ERRNO with EPERM
# Enough to compute, to have memory, and to read and write what is open already. Nothing opens a
# file or a socket, starts a process or a thread, or signals another.
_CALLS = (
    *("read", "write", "close"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk"),
    *("futex", "sched_yield", "sched_getaffinity", "restart_syscall", "rt_sigreturn"),
    *("clock_gettime", "getrandom", "getrusage", "getpid", "gettid", "exit", "exit_group"),
)


def confine(parent: int) -> dict[str, bool]:
    """Give up what decoding does not need, for good; `parent` is the process to end with.

    Returns which protections are in force. Importing or opening anything later fails.
    """
    held = _limits()
    held["end with the parent"] = end_with(parent)
    held["no new privileges"] = _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    held["system calls"] = _filter_calls()
    return held


def end_with(parent: int) -> bool:
    """Whether the system ends this process as soon as the thread that started it has ended."""
    if sys.platform != "linux":
        return False
    held = _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it had ended before that
        os._exit(1)
    return held


def spent() -> dict[str, float]:
    """Seconds of computing and bytes of memory, at the highest, of this process; {} on Windows."""
    if resource is None:
        return {}
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024
    return {"seconds": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * unit}


def _limits() -> dict[str, bool]:
    """Limits that the system keeps: at the one on computing it ends the process with SIGXCPU."""
    wanted = {
        "memory": ("RLIMIT_AS", MEMORY),
        "computing time": ("RLIMIT_CPU", SECONDS),
        "file size": ("RLIMIT_FSIZE", 0),
        "open files": ("RLIMIT_NOFILE", _FILES),
        "core dumps": ("RLIMIT_CORE", 0),
    }
    return {name: _limit(kind, most) for name, (kind, most) in wanted.items()}


def _limit(kind: str, most: int) -> bool:
    if resource is None or not hasattr(resource, kind):
        return False
    hard = resource.getrlimit(getattr(resource, kind))[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        # At a hard limit on computing the end is SIGKILL, which does not say why.
        room = 1 if kind == "RLIMIT_CPU" and most != hard else 0
        resource.setrlimit(getattr(resource, kind), (most, most + room))
    except (OSError, ValueError):  # macOS refuses a limit of memory
        return False
    return True


def _prctl(option: int, value: int) -> bool:
    return sys.platform == "linux" and ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0


@cache
def call_filter() -> tuple[ctypes.CDLL, ctypes.c_void_p] | None:
    """libseccomp, which knows the numbers of calls on every machine, and a filter of our calls.

    None where the system has no such library. Making it takes milliseconds, so once for many.
    """
    try:
        seccomp = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(_REFUSE))
    for call in _CALLS:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        seccomp.seccomp_rule_add_array(context, _ALLOW, number, 0, None)
    return seccomp, context


def _filter_calls() -> bool:
    """Whether the system refuses all calls but ours from now on."""
    found = call_filter()
    return found is not None and found[0].seccomp_load(found[1]) == 0
