"""What a job reads: brought to this machine before its task starts."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from operator import length_hint
from pathlib import Path
from typing import Any, TypeVar

from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Cancelled, NotFound
from boxwright.domain.jobs import Job
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.models import Model
from boxwright.domain.ports import BlobStore
from boxwright.services.model_memory import model_memory
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import UnitOfWork

T = TypeVar("T")
_THREADS, _CHUNK = 8, 64
_MANY = 500
_FOLDER = "inputs"


class Inputs:
    """Files that tasks read.

    Where blobs lie in the data folder, tasks read them in place. What comes from an object store is put into the folder
    `inputs` of the job: no limit of the cache takes a picture from a training under way, and the end of the job does.
    """

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, memory: int | None = None) -> None:
        self._uow, self._blobs = uow, blobs
        self._memory = model_memory() if memory is None else memory

    def fetch(self, workdir: Path, sha256: str) -> str:
        """Return where a task in `workdir` finds one file. Raises NotFound."""
        return str(self._blobs.fetch(sha256, workdir.parent / _FOLDER))

    def model(self, workdir: Path, model: Model, sha256: str) -> dict[str, object]:
        """Return what a task needs to run a model: where it lies, its card, and how much memory a foreign one has."""
        found: dict[str, object] = {"model": self.fetch(workdir, sha256), "card": card_to_json(model.card)}
        memory = self.memory_of(model)
        return found if memory is None else {**found, "memory": memory}

    def memory_of(self, model: Model) -> int | None:
        """Return how many bytes running a model may take; None for one that was trained here."""
        return None if model.job_id is not None else self._memory

    def locator(self, job: Job, workdir: Path) -> Callable[[Iterable[ImageRecord]], Iterator[ImageRecord]]:
        """Return a function that gives records the paths of their pictures, None where the bytes are gone."""

        def locate(records: Iterable[ImageRecord]) -> Iterator[ImageRecord]:
            for record, path in self.located(job, workdir, records, lambda item: item.sha256):
                yield replace(record, path=path)

        return locate

    def presumed(self, records: Iterable[ImageRecord]) -> Iterator[ImageRecord]:
        """Give records a path that says only whether the bytes should be there, for tasks that do not read them."""
        waiting = iter(records)
        while chunk := list(islice(waiting, _MANY)):
            known = self._blobs.presumed({record.sha256 for record in chunk})
            for record in chunk:
                yield replace(record, path=record.name if record.sha256 in known else None)

    def located(
        self, job: Job, workdir: Path, items: Iterable[T], digest: Callable[[T], str]
    ) -> Iterator[tuple[T, str | None]]:
        """Yield each item with the path of its bytes, None where they are gone. Raises Cancelled.

        Whoever waits is told the time left where `items` say how many they are: by a length, or by a hint of one.
        """
        waiting, done, started = iter(items), 0, time.monotonic()
        told, total = started, -1

        def bring(item: T) -> tuple[T, str | None]:
            try:
                return item, self.fetch(workdir, digest(item))
            except NotFound:
                return item, None

        with ThreadPoolExecutor(_THREADS, thread_name_prefix="inputs") as pool:
            while chunk := list(islice(waiting, _CHUNK)):
                yield from pool.map(bring, chunk)
                done += len(chunk)
                if time.monotonic() - told > 1:
                    told = time.monotonic()
                    total = length_hint(items) if total < 0 else total
                    self._tell(job, done, total, told - started)

    def _tell(self, job: Job, done: int, total: int, seconds: float) -> None:
        """Say how far it is; `total` is 0 where nobody knows how many there are."""
        known = total >= done
        left = seconds / done * (total - done) if known else None
        values: dict[str, Any] = {
            "phase": "fetching",
            "done": done,
            "total": total if known else 0,
            "seconds_left": left,
        }
        with self._uow.write() as tx:
            if tx.jobs.get(job.id).stopping == "discard":
                raise Cancelled("the job was stopped while its files were fetched")
            tx.jobs.update(job.id, **values, heartbeat_at=now())
            announce(tx, tx.jobs.get(job.id))
