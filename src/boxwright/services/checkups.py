"""Looks a project through: pictures that show the same, and pictures that are blurred, dark, bright or tiny."""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from boxwright.domain.checkups import Checkup, DuplicateGroup, Flaw, FlawedImage, Looked
from boxwright.domain.dealing import joined
from boxwright.domain.events import Event
from boxwright.domain.jobs import Job
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.requests import CheckupRequest
from boxwright.domain.twins import alike
from boxwright.jobs.kinds import JobKind
from boxwright.ml.tasks.checkup import FOUND
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_PICTURES, _GROUPS = "pictures.jsonl", "groups.json"
_SIDE = 16


class Checkups:
    """Rules about looking a dataset through."""

    def __init__(self, uow: UnitOfWork, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._inputs, self._queue = uow, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="checkup",
            entry="boxwright.ml.tasks.checkup:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def get(self, project_id: str) -> Checkup:
        """Return how far a project has been looked through, and what was found. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.checkups.summary(project_id)

    def duplicates(self, project_id: str, cursor: str | None = None, limit: int = 50) -> Page[DuplicateGroup]:
        """Return groups of pictures that show the same, page by page. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.checkups.duplicates(project_id, cursor, limit)

    def flawed(
        self, project_id: str, flaw: Flaw, value: float | None = None, *, cursor: str | None = None, limit: int = 100
    ) -> Page[FlawedImage]:
        """Return pictures with a flaw, the worst first, as far as `value` or the usual limit. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            edge = tx.checkups.limits(project_id)[flaw] if value is None else value
            return tx.checkups.flawed(project_id, flaw, edge, cursor, limit)

    def submit(self, request: CheckupRequest, caller: Caller) -> Job:
        """Queue a look at the pictures that nobody has looked at yet, or at all with `again`. Raises NotFound."""
        params = {"again": request.again}
        return self._queue.add(new_job("checkup", request.project_id, "Check-up", params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the list of what to look at; a later start finds its own."""
        listed = workdir / _PICTURES
        with self._uow.read() as tx:
            waiting = tx.checkups.waiting(str(job.project_id), again=bool(job.params["again"]))
        part = listed.with_suffix(".tmp")
        with full_disk_is_an_answer(), part.open("w", encoding="utf-8") as out:
            for item, path in self._inputs.located(job, workdir, waiting, lambda item: item[1]):
                out.write(json.dumps({"id": item[0], "path": path}) + "\n")
        part.replace(listed)
        return {"pictures": str(listed), "total": len(waiting)}

    def stage(self, job: Job, _result: Mapping[str, Any], workdir: Path) -> None:
        """Find out which pictures show the same, of those just looked at and of all before."""
        with self._uow.read() as tx:
            known = {key: (bits, grey) for key, bits, grey in tx.checkups.prints(str(job.project_id))}
        known |= {item.image_id: (item.bits, item.grey) for item in _found(workdir) if item.error is None}
        with full_disk_is_an_answer():
            (workdir / _GROUPS).write_text(json.dumps(groups_of(known)))

    @staticmethod
    def adopt(tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Keep what was found."""
        project_id = str(job.project_id)
        tx.checkups.put(project_id, list(_found(workdir)))
        tx.checkups.group(project_id, json.loads((workdir / _GROUPS).read_text()))
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data={"action": "checked"}))
        return {"images": result["images"], "failed": result["failed"]}


def _found(workdir: Path) -> Iterator[Looked]:
    with (workdir / FOUND).open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            grey = base64.b64decode(item.pop("grey", ""))
            yield Looked(image_id=item.pop("id"), grey=grey, **item)


def groups_of(prints: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    """Return the name of its group for each picture that is alike another: the first picture of the group."""
    ids = sorted(prints)
    if not ids:
        return {}
    bits = np.array([prints[key][0] for key in ids], np.uint64)
    grey = np.frombuffer(b"".join(prints[key][1] for key in ids), np.uint8).reshape(len(ids), _SIDE, _SIDE)
    group = joined(len(ids), alike(bits, grey))
    sizes = np.bincount(group)
    first: dict[int, str] = {}
    return {
        key: first.setdefault(number, key) for key, number in zip(ids, group.tolist(), strict=True) if sizes[number] > 1
    }
