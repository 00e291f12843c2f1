"""A bound on the memory of a process that runs what is not trusted."""

import os
from contextlib import suppress
from pathlib import Path

# What a process needs beside its bound: decoded pictures, stacks of threads.
_SLACK = 512 << 20


def bound_process(limit: int) -> None:
    """Let this process have `limit` bytes more than it has now, where the system can say so."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + limit + _SLACK
    except (ImportError, OSError, ValueError):
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
