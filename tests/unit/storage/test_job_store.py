from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from boxwright.domain.errors import Conflict
from boxwright.domain.jobs import Job, JobEvent
from boxwright.domain.people import Caller
from boxwright.services.queue import new_job
from boxwright.storage.job_store import MAX_STARTS, DatabaseJobStore
from boxwright.storage.unit_of_work import Transaction, UnitOfWork
from makers import project
from stores import Heard


def adopt(tx: Transaction, job: Job, result: Mapping[str, object], workdir: Path) -> Mapping[str, object]:
    if "name" in result:
        assert job.project_id is not None
        tx.projects.update(job.project_id, description=str(result["name"]))
    if "break" in result:
        raise ZeroDivisionError
    return {"kept": result.get("name"), "from": workdir.name}


class Desk:
    def __init__(self, uow: UnitOfWork, caller: Caller) -> None:
        self.uow, self.caller = uow, caller
        self.project_id = project(uow, caller).id
        self.store = DatabaseJobStore(uow, lambda _: adopt)

    def add(self, kind: str = "train", **values: object) -> Job:
        job = replace(new_job(kind, self.project_id, kind, {}, self.caller), **values)  # type: ignore[arg-type]
        with self.uow.write() as tx:
            tx.jobs.add(job)
        return job

    def claim(self, *busy: str) -> Job:
        job = self.store.claim(busy)
        assert job is not None
        return job


@pytest.fixture
def desk(uow: UnitOfWork, caller: Caller) -> Desk:
    return Desk(uow, caller)


def test_the_oldest_job_of_a_free_kind_is_claimed_once(desk: Desk, heard: Heard) -> None:
    first, second, third = desk.add(), desk.add(), desk.add("export")
    assert desk.claim().id == first.id
    assert desk.claim("train").id == third.id
    assert desk.claim("export").id == second.id
    assert desk.store.claim([]) is None
    job = desk.store.get(first.id)
    assert (job.state, job.attempt) == ("running", 1)
    assert job.started_at
    assert job.heartbeat_at
    assert heard.topics.count("job") == 3


def test_events_become_rows_and_are_told_after_the_commit(desk: Desk, heard: Heard) -> None:
    job = desk.add()
    desk.claim()
    heard.events.clear()
    progress = {"done": 2.0, "total": 8.0, "phase": "epoch", "seconds_left": 3.5}
    desk.store.apply(
        job.id,
        [
            JobEvent(kind="progress", data=progress | {"done": 1.0}),
            JobEvent(kind="metric", data={"step": 1, "values": {"a": 1.0, "b": 2.0}}),
            JobEvent(kind="metric", data={"step": 1, "values": {"a": 3.0}}),
            JobEvent(kind="log", data={"message": "one", "level": "info"}),
            JobEvent(kind="log", data={"message": "two\x00\ud800", "level": "warning"}),
            JobEvent(kind="progress", data=progress),
            JobEvent(kind="heartbeat", data={}),
            JobEvent(kind="checkpoint", data={"path": "x"}),
        ],
    )
    desk.store.apply(job.id, [JobEvent(kind="log", data={"message": "three", "level": "info"})])
    stored = desk.store.get(job.id)
    assert (stored.done, stored.total, stored.phase, stored.seconds_left) == (2.0, 8.0, "epoch", 3.5)
    with desk.uow.read() as tx:
        assert {(m.step, m.name): m.value for m in tx.jobs.metrics(job.id)} == {(1, "a"): 3.0, (1, "b"): 2.0}
        assert [(line.number, line.message) for line in tx.jobs.log(job.id)] == [
            (1, "one"),
            (2, "two\ufffd?"),
            (3, "three"),
        ]
    assert heard.topics == ["job.metric", "job.log", "job", "job.log"]
    desk.store.finish(job.id, "failed", error="why", code="code")
    desk.store.apply(job.id, [JobEvent(kind="log", data={"message": "late", "level": "info"})])
    with desk.uow.read() as tx:
        assert len(tx.jobs.log(job.id)) == 3


def test_adoption_closes_the_job_in_the_same_transaction(desk: Desk, tmp_path: Path) -> None:
    job = desk.add()
    desk.claim()
    with pytest.raises(ZeroDivisionError):
        desk.store.adopt(job.id, {"name": "half", "break": 1}, tmp_path)
    assert desk.store.get(job.id).state == "running"
    with desk.uow.read() as tx:
        assert tx.projects.get(desk.project_id).description == ""
    desk.store.adopt(job.id, {"name": "whole"}, tmp_path)
    stored = desk.store.get(job.id)
    assert (stored.state, stored.result) == ("succeeded", {"kept": "whole", "from": tmp_path.name})
    with pytest.raises(Conflict):
        desk.store.adopt(job.id, {"name": "twice"}, tmp_path)
    desk.store.finish(job.id, "failed", error="late")
    assert desk.store.get(job.id).state == "succeeded"


def test_what_a_dead_server_left(desk: Desk) -> None:
    jobs = [desk.add(), desk.add(stopping="discard"), desk.add(stopping="keep"), desk.add(attempt=MAX_STARTS - 1)]
    for _ in jobs:
        desk.claim()
    assert desk.store.requeue_abandoned() == [jobs[0].id, jobs[2].id]
    states = [desk.store.get(job.id).state for job in jobs]
    assert states == ["queued", "cancelled", "queued", "failed"]
    assert desk.store.get(jobs[2].id).stopping == "keep"
    assert "resume" in str(desk.store.get(jobs[3].id).error)
    assert desk.claim().attempt == 2


def test_a_clean_stop_does_not_count_as_a_start(desk: Desk) -> None:
    job = desk.add()
    desk.claim()
    desk.store.requeue(job.id)
    assert desk.store.get(job.id).state == "queued"
    assert desk.claim().attempt == 1
