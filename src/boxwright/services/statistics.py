"""The figures of a project. Counting reads all of it, so what was counted is kept until something changes.

A large project takes longer than a person waits: it is counted beside the requests, and meanwhile the figures of the
last time are shown, with their time.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from boxwright.domain.clock import now
from boxwright.domain.errors import BoxwrightError, NotFound
from boxwright.domain.statistics import Statistics
from boxwright.domain.tally import Tally
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# When the project changed last, and its classes: what was counted holds as long as both do.
State = tuple[str, tuple[str, ...]]
_KEPT = 8  # projects; of a thousand classes each takes about 7 MB
LARGE = 300_000  # objects of a project that is never counted while somebody waits
_LONG = 1.0  # seconds after which counting a project is never waited for again
# What took long is not counted anew before so many times as long are over: who works on a project changes it all along.
_REST = 5


@dataclass(frozen=True, slots=True)
class _Counted:
    state: State
    tally: Tally
    at: str
    seconds: float
    ended: float


class Figures:
    """Counts a project when it is asked about and has changed since."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._lock = threading.Lock()
        self._counting: dict[str, threading.Lock] = {}
        self._known: OrderedDict[str, _Counted] = OrderedDict()
        self._at_work: set[str] = set()

    def get(self, project_id: str, class_id: str | None = None) -> Statistics:
        """Return the figures of all objects, or of those of a class. Raises NotFound."""
        with self._uow.read() as tx:
            project = tx.projects.get(project_id)
            classes = [(item.id, item.name, item.color) for item in tx.classes.list(project_id)]
        ids = tuple(key for key, _, _ in classes)
        if class_id is not None and class_id not in ids:
            raise NotFound("there is no such class in this project")
        known = self._last(project_id)
        if known is not None and known.state == (project.updated_at, ids):
            return replace(known.tally.statistics(classes, class_id), counted_at=known.at)
        if project.annotations < LARGE if known is None else known.seconds < _LONG:
            known = self._count(project_id)
            return replace(known.tally.statistics(classes, class_id), counted_at=known.at)
        if known is None or not (class_id is None or class_id in known.state[1]):
            self._begin(project_id)
            return replace(Tally(ids).statistics(classes, class_id), counting=True)
        tired = time.monotonic() < known.ended + _REST * known.seconds
        if not tired:
            self._begin(project_id)
        return replace(known.tally.statistics(classes, class_id), counted_at=known.at, counting=not tired)

    def _last(self, project_id: str) -> _Counted | None:
        with self._lock:
            return self._known.get(project_id)

    def _begin(self, project_id: str) -> None:
        """Count beside the requests, once at a time."""
        with self._lock:
            if project_id in self._at_work:
                return
            self._at_work.add(project_id)
        threading.Thread(target=self._beside, args=(project_id,), name="figures", daemon=True).start()

    def _beside(self, project_id: str) -> None:
        try:
            self._count(project_id)
        except BoxwrightError:
            pass  # the project is gone, or the server ends; whoever asks again is told so
        finally:
            with self._lock:
                self._at_work.discard(project_id)

    def _count(self, project_id: str) -> _Counted:
        with self._lock:
            mine = self._counting.setdefault(project_id, threading.Lock())
        with mine, self._uow.read() as tx:  # who asks meanwhile waits for the same answer
            project = tx.projects.get(project_id)
            state = project.updated_at, tuple(item.id for item in tx.classes.list(project_id))
            known = self._last(project_id)
            if known is None or known.state != state:
                known = self._counted(tx, project_id, state)
        with self._lock:
            self._known[project_id] = known
            self._known.move_to_end(project_id)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known

    @staticmethod
    def _counted(tx: Transaction, project_id: str, state: State) -> _Counted:
        begin, at, tally = time.monotonic(), now(), Tally(state[1])
        for pictures, rows in tx.statistics.batches(project_id, tx.annotations.default_set(project_id)):
            tally.add(pictures, rows)
        end = time.monotonic()
        return _Counted(state, tally, at, end - begin, end)
