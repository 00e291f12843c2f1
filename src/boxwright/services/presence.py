"""Who has which picture open. Known in memory only: after a restart each open page tells it anew."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict

from boxwright.domain.errors import Invalid
from boxwright.domain.events import Event
from boxwright.domain.people import Caller
from boxwright.domain.ports import EventSink
from boxwright.domain.presence import Present

# Pages tell that they are still there every 20 seconds; one that died is forgotten after this.
LIFE = 50.0
_MOST = 200


class Presence:
    """Counts windows by picture and person; thread-safe."""

    def __init__(self, sink: EventSink, clock: Callable[[], float] = time.monotonic) -> None:
        self._sink, self._clock = sink, clock
        self._lock = threading.Lock()
        # picture -> (person, window) -> name, until when.
        self._here: dict[str, dict[tuple[str, str], tuple[str, float]]] = {}

    def enter(self, project_id: str | None, image_id: str, tab: str, caller: Caller) -> tuple[Present, ...]:
        """Say that a window shows a picture, still or from now on; returns who else and who does."""
        if not 1 <= len(tab) <= 100:
            raise Invalid("a window is named by 1 to 100 characters", code="tab_invalid")
        with self._lock:
            before = self._people(image_id)
            windows = self._here.setdefault(image_id, {})
            if len(windows) < _MOST or (caller.id, tab) in windows:
                windows[(caller.id, tab)] = (caller.name, self._clock() + LIFE)
            return self._told(project_id, image_id, before)

    def leave(self, project_id: str | None, image_id: str, tab: str, caller: Caller) -> None:
        """Say that a window shows the picture no more; no error where it never did."""
        with self._lock:
            before = self._people(image_id)
            self._here.get(image_id, {}).pop((caller.id, tab), None)
            self._told(project_id, image_id, before)

    def _told(self, project_id: str | None, image_id: str, before: Iterable[Present]) -> tuple[Present, ...]:
        """Forget who has gone without a word, and tell everybody where that changes who is here."""
        self._sweep()
        now = self._people(image_id)
        if {one.user_id for one in now} != {one.user_id for one in before}:
            data = {"people": [asdict(one) for one in now]}
            self._sink.publish([Event(topic="presence", project_id=project_id, id=image_id, data=data)])
        return now

    def _sweep(self) -> None:
        time_now = self._clock()
        for image_id, windows in list(self._here.items()):
            for key in [key for key, (_, until) in windows.items() if until < time_now]:
                del windows[key]
            if not windows:
                del self._here[image_id]

    def _people(self, image_id: str) -> tuple[Present, ...]:
        found: dict[str, Present] = {}
        for (user_id, _), (name, _) in self._here.get(image_id, {}).items():
            tabs = found[user_id].tabs if user_id in found else 0
            found[user_id] = Present(user_id=user_id, name=name, tabs=tabs + 1)
        return tuple(sorted(found.values(), key=lambda one: one.name))
