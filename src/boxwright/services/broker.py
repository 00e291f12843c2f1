"""Committed changes on their way to listeners: a short memory, so that a listener that lost its line can catch up."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from boxwright.domain.events import Event

Listener = Callable[["Numbered"], None]


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event with the id under which a listener may ask for what followed it."""

    id: str
    event: Event
    number: int
    at: float


class Broker:
    """An EventSink that numbers events and hands them to subscribers; thread-safe.

    Ids are `<start of this server>-<number>`: after a restart, or once the memory has moved on, an id is unknown and
    the listener must fetch everything anew.
    """

    def __init__(self, memory: int = 2000, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._epoch = secrets.token_hex(6)
        self._number = 0
        self._recent: deque[Numbered] = deque(maxlen=memory)
        self._listeners: set[Listener] = set()

    def publish(self, events: Iterable[Event]) -> None:
        """Number and hand out events. Listeners must not block; one whose event loop has closed is dropped."""
        with self._lock:
            for event in events:
                self._number += 1
                numbered = Numbered(self._id(self._number), event, self._number, self._clock())
                self._recent.append(numbered)
                for listener in tuple(self._listeners):
                    try:
                        listener(numbered)
                    except RuntimeError:
                        self._listeners.discard(listener)

    def subscribe(self, listener: Listener, after: str | None = None, age: float = 0.0) -> str | None:
        """Add a listener and replay what came after the id `after`, or else within the last `age` seconds.

        Returns the id that the listener starts from, None where not all of that is known any more.
        """
        with self._lock:
            self._listeners.add(listener)
            number = self._since(age) if after is None else self._number_of(after)
            oldest = self._recent[0].number if self._recent else 1
            if number is None or number + 1 < oldest:
                return None
            for item in self._recent:
                if item.number > number:
                    listener(item)
            return self._id(number)

    def _id(self, number: int) -> str:
        return f"{self._epoch}-{number}"

    def _number_of(self, identifier: str) -> int | None:
        epoch, _, number = identifier.partition("-")
        known = epoch == self._epoch and number.isdigit() and int(number) <= self._number
        return int(number) if known else None

    def _since(self, age: float) -> int | None:
        """The number of the last event that is older; None for who was there before this server."""
        if age == 0:
            return self._number
        begin = self._clock() - age
        if begin < self._started:
            return None
        return next((item.number for item in reversed(self._recent) if item.at < begin), 0)

    def unsubscribe(self, listener: Listener) -> None:
        """Remove a listener."""
        with self._lock:
            self._listeners.discard(listener)
