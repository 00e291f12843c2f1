"""Whoever waits for pictures from far away is told how long."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from boxwright.domain.manifest import ImageRecord, ManifestHeader, write_manifest
from boxwright.domain.people import Caller
from boxwright.services import inputs as module
from boxwright.services.inputs import Inputs
from boxwright.services.queue import enqueue, new_job
from boxwright.services.versions import Versions
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.unit_of_work import UnitOfWork
from makers import project


def record(number: int) -> ImageRecord:
    split = "test" if number % 3 == 0 else "train"
    name = f"{number}.jpg"
    return ImageRecord(id=name, name=name, width=9, height=9, annotations=(), split=split, sha256=f"{number:064x}")


@pytest.mark.parametrize("splits", [None, ("train",)])
def test_the_time_left_is_told_while_files_are_fetched(
    uow: UnitOfWork,
    caller: Caller,
    blobs: ObjectBlobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    splits: tuple[str, ...] | None,
) -> None:
    clock = iter(range(0, 10_000, 32))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    job = new_job("train", project(uow, caller).id, "", {}, caller)
    with uow.write() as tx:
        enqueue(tx, job)
    told: list[tuple[float, float, float | None]] = []
    whole = Inputs._tell

    def tell(self: Inputs, *how: object) -> None:
        whole(self, *how)  # type: ignore[arg-type]
        with uow.read() as tx:
            row = tx.jobs.get(job.id)
        assert row.phase == "fetching"
        told.append((row.done, row.total, row.seconds_left))

    monkeypatch.setattr(Inputs, "_tell", tell)
    records = [record(number) for number in range(192)]
    path = tmp_path / "manifest.jsonl"
    write_manifest(path, ManifestHeader(name="m", classes=()), records)
    locate = Inputs(uow, blobs).locator(job, tmp_path / "work")
    Versions._localize(path, tmp_path / "out.jsonl", locate, splits)  # type: ignore[arg-type]
    total = 192 if splits is None else 128
    assert [(done, all_) for done, all_, _ in told] == [(done, total) for done in range(64, total + 1, 64)]
    assert told[0][2] > 0  # type: ignore[operator]
    assert told[-1][2] == 0


def test_nothing_is_promised_where_nobody_knows_how_many(
    uow: UnitOfWork, caller: Caller, blobs: ObjectBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 32))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    job = new_job("train", project(uow, caller).id, "", {}, caller)
    with uow.write() as tx:
        enqueue(tx, job)
    unknown: Iterable[str] = (f"{number:064x}" for number in range(64))
    found = list(Inputs(uow, blobs).located(job, tmp_path / "work", unknown, str))
    assert len(found) == 64
    with uow.read() as tx:
        row = tx.jobs.get(job.id)
    assert (row.phase, row.done, row.total, row.seconds_left) == ("fetching", 64, 0, None)
