"""The clocks of the queue."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timings:
    """Seconds.

    `silence` without a sign of life ends a child; `backoff` waits before each restart after a crash; after `patience` a
    job fails whose files the store cannot take or give (a locked database, a blob store that is gone).
    """

    flush: float = 0.2
    silence: float = 60.0
    terminate_after: float = 15.0
    kill_after: float = 10.0
    backoff: tuple[float, ...] = (2.0, 10.0)
    store_retry: float = 0.2
    patience: float = 300.0
    store_retry_most: float = 5.0
