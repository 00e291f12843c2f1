"""kill -9 of a whole server in the middle of jobs: nothing acknowledged is lost, and the next server ends them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import boxwright
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.services.queue import new_job
from boxwright.storage.unit_of_work import UnitOfWork
from makers import project

HERE = Path(__file__).parent
TASKS = HERE.parent / "unit" / "jobs" / "tasks"
STEPS = 150


class Server:
    """`queue_server.py` in a process."""

    def __init__(self, url: str, folder: Path) -> None:
        home = str(Path(boxwright.__file__).parent.parent)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([home, str(TASKS)])}
        command = [sys.executable, str(HERE / "queue_server.py"), url, str(folder)]
        self.process = subprocess.Popen(command, env=environment)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for server in started:
        server.kill()


def wait(uow: UnitOfWork, job_id: str, steps: int = 0, state: str = "") -> Job:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        with uow.read() as tx:
            job, count = tx.jobs.get(job_id), len(tx.jobs.metrics(job_id))
        if (not state or job.state == state) and count >= steps:
            return job
        time.sleep(0.02)
    raise AssertionError(f"{job}, {count} steps")


def test_the_next_server_goes_on_where_the_killed_one_was(
    uow: UnitOfWork, caller: Caller, database_url: str, tmp_path: Path, servers: list[Server]
) -> None:
    folder = tmp_path / "jobs"
    project_id = project(uow, caller).id
    job = new_job("count", project_id, "count", {"to": STEPS, "sleep": 0.02}, caller)
    with uow.write() as tx:
        tx.jobs.add(job)
    for round_ in (1, 2):
        servers.append(Server(database_url, folder))
        wait(uow, job.id, steps=20 * round_)
        servers[-1].kill()
        with uow.read() as tx:
            acknowledged = {(item.step, item.value) for item in tx.jobs.metrics(job.id)}
        assert wait(uow, job.id).state == "running"
    servers.append(Server(database_url, folder))
    done = wait(uow, job.id, state="succeeded")
    assert done.attempt == 3
    assert done.result == {"n": STEPS, "starts": 3}
    with uow.read() as tx:
        final = {(item.step, item.value) for item in tx.jobs.metrics(job.id)}
        messages = [line.message for line in tx.jobs.log(job.id)]
    assert acknowledged <= final
    assert messages == ["counted"]
    assert {step for step, _ in final} == set(range(1, STEPS + 1))
    # The folder goes after the result is committed, so that a kill in between loses nothing.
    until = time.monotonic() + 30
    while (folder / job.id / "work").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
