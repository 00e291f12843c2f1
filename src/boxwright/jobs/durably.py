"""Patience with a store that is locked, full or away."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from boxwright.domain.errors import BoxwrightError, Unavailable
from boxwright.jobs.timings import Timings

log = logging.getLogger(__name__)
T = TypeVar("T")
FAULTS_IN_A_ROW = 10


class Closing(Exception):
    """The server shuts down."""


def durably(action: Callable[[], T], closing: threading.Event, timings: Timings, patience: float) -> T:
    """Do something in the store, again and again while it is unavailable, for `patience` seconds.

    An unexpected error is tried again ten times: the store may be in the middle of a restart.

    Raises:
        Closing: the server shuts down meanwhile.
        Unavailable: the patience is over.
        BoxwrightError: any other expected error, at once.
    """
    delay, faults, deadline = timings.store_retry, 0, time.monotonic() + patience
    while True:
        try:
            return action()
        except Unavailable as error:
            if time.monotonic() >= deadline:
                raise
            log.warning("waiting for the store: %s", error)
        except BoxwrightError:
            raise
        except Exception:
            faults += 1
            if faults >= FAULTS_IN_A_ROW:
                raise
            log.exception("unexpected error of the store")
        if closing.wait(delay):
            raise Closing
        delay = min(delay * 2, timings.store_retry_most)
