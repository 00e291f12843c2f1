"""The figures of a project. Counting reads all of it, so what was counted is kept until something changes."""

import threading
from collections import OrderedDict

from boxwright.domain.errors import NotFound
from boxwright.domain.statistics import Statistics
from boxwright.domain.tally import Tally
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# When the project changed last, and its classes: what was counted holds as long as both do.
State = tuple[str, tuple[str, ...]]
_KEPT = 8  # projects; of a thousand classes each takes about 7 MB


class Figures:
    """Counts a project when it is asked about and has changed since."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._lock = threading.Lock()
        self._counting: dict[str, threading.Lock] = {}
        self._known: OrderedDict[str, tuple[State, Tally]] = OrderedDict()

    def get(self, project_id: str, class_id: str | None = None) -> Statistics:
        """Return the figures of all objects, or of those of a class. Raises NotFound."""
        with self._lock:
            mine = self._counting.setdefault(project_id, threading.Lock())
        with mine, self._uow.read() as tx:  # who asks meanwhile waits for the same answer
            project = tx.projects.get(project_id)
            classes = [(item.id, item.name, item.color) for item in tx.classes.list(project_id)]
            ids = tuple(key for key, _, _ in classes)
            if class_id is not None and class_id not in ids:
                raise NotFound("there is no such class in this project")
            tally = self._tally(tx, project_id, (project.updated_at, ids))
        return tally.statistics(classes, class_id)

    def _tally(self, tx: Transaction, project_id: str, state: State) -> Tally:
        with self._lock:
            known = self._known.get(project_id)
            if known is not None and known[0] == state:
                self._known.move_to_end(project_id)
                return known[1]
        tally = Tally(state[1])
        for pictures, rows in tx.statistics.batches(project_id, tx.annotations.default_set(project_id)):
            tally.add(pictures, rows)
        with self._lock:
            self._known[project_id] = state, tally
            self._known.move_to_end(project_id)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return tally
