"""Caps on the process that reads a stranger's file: memory and time, by the operating system."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/statm")


def limit_this_process(growth_bytes: int, cpu_seconds: int) -> None:
    """Keep this process from growing by more than so much, and from computing longer.

    On systems without such limits (Windows) nothing happens; whoever started the process still waits no
    longer than he says.

    Args:
        growth_bytes: on top of what the process takes up now.
        cpu_seconds: on top of what it has used.
    """
    if sys.platform == "win32":
        return
    import resource  # not on every system

    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu_seconds + 1)
    _lower(resource.RLIMIT_CORE, 0)
    size = _address_space()
    if size:
        _lower(resource.RLIMIT_AS, size + growth_bytes)


def _lower(kind: int, limit: int) -> None:
    import resource  # as above

    _soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _address_space() -> int:
    """Bytes of address space taken now; 0 where the system does not tell."""
    try:
        import resource  # as above

        return int(_STATUS.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0
