"""How much memory a model that was not trained here may use: checked, in a job, and when it answers over HTTP."""

import os

_MEGABYTE = 1 << 20
_MOST, _LEAST = 8 << 30, 2 << 30


def model_memory(megabytes: int = 0) -> int:
    """Return the bytes of a setting; 0 is half of the machine's memory, at least 2 and at most 8 GB."""
    if megabytes:
        return megabytes * _MEGABYTE
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return _MOST
    return min(_MOST, max(_LEAST, whole // 2))
