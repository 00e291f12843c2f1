"""The collector of cycles looks seldom while very many objects are made that have none."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 200_000  # new objects between two looks, instead of 700: such a look takes some milliseconds
_lock = threading.Lock()
_inside = 0
_before = gc.get_threshold()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within the block, in all threads, looks are seldom; the memory of cycles is given back a little later."""
    global _inside, _before
    with _lock:
        if not _inside:
            _before = gc.get_threshold()
            gc.set_threshold(_SELDOM, *_before[1:])
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                gc.set_threshold(*_before)
