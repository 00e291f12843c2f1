"""A process that works on a queue and nothing else; a test kills it. Arguments: database URL, jobs folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from boxwright.jobs.kinds import JobKind
from boxwright.jobs.runners.local import LocalRunner
from boxwright.jobs.scheduler import Scheduler
from boxwright.jobs.timings import Timings
from boxwright.storage.engine import open_engine
from boxwright.storage.job_store import DatabaseJobStore
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Deaf:
    def publish(self, events: object) -> None: ...


def scheduler(url: str, folder: Path) -> Scheduler:
    kind: JobKind[Transaction] = JobKind(
        name="count",
        entry="jobtasks.work:count",
        prepare=lambda job, _: job.params,
        adopt=lambda _tx, _job, result, _workdir: result,
    )
    store = DatabaseJobStore(UnitOfWork(open_engine(url), Deaf()), lambda _: kind.adopt)
    runner = LocalRunner(packages=("jobtasks",))
    return Scheduler(store, runner, {"count": kind}, folder, timings=Timings(flush=0.05))


if __name__ == "__main__":
    scheduler(sys.argv[1], Path(sys.argv[2])).start()
    time.sleep(600)
