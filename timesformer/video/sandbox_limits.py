"""Resource limits and a system call filter for a process that reads a stranger's video.

Each protection is applied where the system supports it.
"""

import ctypes
import os
import signal
import sys
from functools import cache

from .limits import SandboxLimits

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

_MAX_OPEN_FILES = 8  # the three pipes, and a margin: decoding opens no file

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # seccomp.h: SCMP_ACT_ALLOW, and ERRNO with EPERM
# Enough to compute, to allocate memory, and to read and write open files. No call opens a file or
# a socket, starts a process or a thread, or signals another process.
_ALLOWED_CALLS = (
    *("read", "write", "close"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk"),
    *("futex", "sched_yield", "sched_getaffinity", "restart_syscall", "rt_sigreturn"),
    *("clock_gettime", "getrandom", "getrusage", "getpid", "gettid", "exit", "exit_group"),
)


def enter_sandbox(parent: int, limits: SandboxLimits) -> dict[str, bool]:
    """Restrict this process permanently to decoding; return each protection, True if in force.

    The process ends with the process `parent`. Later imports fail, and so does opening a file.
    """
    return {
        **_set_limits(limits),
        "end with the parent": end_with_parent(parent),
        "no new privileges": _prctl(_PR_SET_NO_NEW_PRIVS, 1),
        "system calls": _filter_system_calls(),
    }


def end_with_parent(parent: int) -> bool:
    """Let the system end this process with the thread that started it; True if it will."""
    if sys.platform != "linux":
        return False
    is_set = _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the call
        os._exit(1)
    return is_set


def resource_usage() -> tuple[float, float]:
    """Return CPU seconds and peak memory in bytes of this process; zeros on Windows."""
    if resource is None:
        return 0.0, 0.0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, float(usage.ru_maxrss * unit)


def _set_limits(limits: SandboxLimits) -> dict[str, bool]:
    values = {
        "memory": ("RLIMIT_AS", limits.max_memory_bytes),
        "computing time": ("RLIMIT_CPU", limits.max_cpu_seconds),
        "file size": ("RLIMIT_FSIZE", 0),
        "open files": ("RLIMIT_NOFILE", _MAX_OPEN_FILES),
        "core dumps": ("RLIMIT_CORE", 0),
    }
    return {name: _set_limit(kind, value) for name, (kind, value) in values.items()}


def _set_limit(kind: str, value: int) -> bool:
    if resource is None or not hasattr(resource, kind):
        return False
    hard = resource.getrlimit(getattr(resource, kind))[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        # At a soft CPU limit the system sends SIGXCPU; at a hard one SIGKILL, which has no reason.
        margin = 1 if kind == "RLIMIT_CPU" and value != hard else 0
        resource.setrlimit(getattr(resource, kind), (value, value + margin))
    except (OSError, ValueError):  # macOS refuses a limit on memory
        return False
    return True


def _prctl(option: int, value: int) -> bool:
    return sys.platform == "linux" and ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0


@cache
def system_call_filter() -> tuple[ctypes.CDLL, ctypes.c_void_p] | None:
    """Return libseccomp and a filter of _ALLOWED_CALLS, or None without this library.

    To build the filter takes milliseconds, so the copies of a process share one.
    """
    try:
        seccomp = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(_REFUSE))
    for call in _ALLOWED_CALLS:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        seccomp.seccomp_rule_add_array(context, _ALLOW, number, 0, None)
    return seccomp, context


def _filter_system_calls() -> bool:
    loaded = system_call_filter()
    if loaded is None:
        return False
    seccomp, context = loaded
    return bool(seccomp.seccomp_load(context) == 0)
