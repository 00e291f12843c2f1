"""A project is looked through on both databases: what shows the same, what is flawed, and what is left to look at."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from boxwright.bootstrap import Application
from boxwright.domain.errors import Cancelled
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import CheckupRequest
from boxwright.domain.splits import SplitPlan
from boxwright.ml.tasks.checkup import FOUND, run
from learning import Recorder
from makers import picture_file

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def photograph(seed: int, side: int = 200) -> Pixels:
    """Smooth blobs with fine grain on them."""
    random = np.random.default_rng(seed)
    small = random.integers(40, 216, (9, 12, 3), dtype=np.uint8)
    smooth = cv2.resize(small, (side * 4 // 3, side), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.asarray((smooth + random.integers(-25, 25, smooth.shape)).clip(0, 255), np.uint8)


def encoded(pixels: Pixels, quality: int = 90) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(pixels).save(out, "JPEG", quality=quality)
    return out.getvalue()


PICTURES = {
    **{f"good {seed}.jpg": encoded(photograph(seed)) for seed in range(9)},
    "again.jpg": encoded(photograph(0)),
    "pressed.jpg": encoded(photograph(1), 50),
    "smaller.jpg": encoded(cv2.resize(photograph(1), (133, 100), interpolation=cv2.INTER_AREA)),
    "blurred.jpg": encoded(cv2.GaussianBlur(photograph(20), (0, 0), 4)),
    "dark.jpg": encoded(np.asarray(photograph(21) // 10, np.uint8)),
    "bright.jpg": encoded(np.asarray(255 - photograph(22) // 12, np.uint8)),
    "tiny.jpg": encoded(photograph(23, 40)),
}


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture
def project(application: Application, caller: Caller, tmp_path: Path) -> str:
    project = application.projects.create(caller, "cells").id
    for name, data in PICTURES.items():
        application.images.add(project, name, picture_file(tmp_path, data))
    return project


def looked(application: Application, project: str, caller: Caller, workdir: Path, *, again: bool = False) -> Job:
    """Do what the queue does with a check-up."""
    job = application.checkups.submit(CheckupRequest(project_id=project, again=again), caller)
    workdir.mkdir(parents=True)
    params = application.checkups.prepare(job, workdir)
    result = run(json.loads(json.dumps(params)), Recorder(workdir))
    application.checkups.stage(job, result, workdir)
    with application.uow.write() as tx:
        application.checkups.adopt(tx, job, result, workdir)
    return job


def test_what_shows_the_same_and_what_is_flawed(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    before = application.checkups.get(project)
    assert (before.images, before.checked, before.groups) == (16, 0, 0)
    looked(application, project, caller, tmp_path / "a" / "work")
    found = application.checkups.get(project)
    assert (found.images, found.checked, found.groups, found.repeated) == (16, 16, 2, 3)
    groups = {frozenset(image.name for image in one.images): one.exact for one in pages(application, project)}
    assert groups == {
        frozenset({"good 0.jpg", "again.jpg"}): True,
        frozenset({"good 1.jpg", "pressed.jpg", "smaller.jpg"}): False,
    }
    for flaw in ("blurred", "dark", "bright", "tiny"):
        names = [one.image.name for one in application.checkups.flawed(project, flaw).items]
        assert f"{flaw}.jpg" in names
        assert not any(name.startswith("good") for name in names)
        assert len(names) == next(one.images for one in found.flaws if one.flaw == flaw)
    assert [one.image.name for one in application.checkups.flawed(project, "dark").items] == ["dark.jpg"]
    most = application.checkups.flawed(project, "blurred", 1e9, limit=10)
    rest = application.checkups.flawed(project, "blurred", 1e9, cursor=most.next_cursor, limit=10)
    values = [one.value for one in (*most.items, *rest.items)]
    assert (len(values), values) == (16, sorted(values))


def pages(application: Application, project: str) -> list[Any]:
    first = application.checkups.duplicates(project, limit=1)
    assert first.next_cursor is not None
    second = application.checkups.duplicates(project, first.next_cursor, limit=1)
    assert second.next_cursor is None
    return [*first.items, *second.items]


def test_only_new_pictures_are_looked_at_and_join_the_groups(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    looked(application, project, caller, tmp_path / "a" / "work")
    application.images.add(project, "late.jpg", picture_file(tmp_path, encoded(photograph(5), 70)))
    gone = application.images.add(project, "gone.jpg", picture_file(tmp_path, encoded(photograph(30)))).image
    application.blobs.delete(gone.sha256)
    looked(application, project, caller, tmp_path / "b" / "work")
    assert len((tmp_path / "b" / "work" / FOUND).read_text().splitlines()) == 2
    found = application.checkups.get(project)
    assert (found.checked, found.groups, found.repeated) == (18, 3, 4)
    (lost,) = application.checkups.flawed(project, "unreadable").items
    assert (lost.image.name, lost.error) == ("gone.jpg", "its bytes are gone")
    # What is alike stays in one split, and what does not leaks.
    ids = {image.name: image.id for one in application.checkups.duplicates(project).items for image in one.images}
    application.images.bulk(project, [ids["good 5.jpg"]], "move", split="train", caller=caller)
    application.images.bulk(project, [ids["late.jpg"]], "move", split="test", caller=caller)
    (leak, _) = application.splitting.leaks(project).leaks
    assert {image.name for image in leak.examples[0]} == {"good 5.jpg", "late.jpg"}
    application.splitting.make(project, SplitPlan(mend=True), caller)
    assert application.splitting.leaks(project).leaks[0].groups == 0
    # In the trash nothing counts.
    application.images.bulk(project, [ids["late.jpg"], ids["pressed.jpg"]], "trash", caller=caller)
    found = application.checkups.get(project)
    assert (found.images, found.groups, found.repeated) == (16, 2, 2)


def test_a_check_up_goes_on_where_it_was(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    job = application.checkups.submit(CheckupRequest(project_id=project), caller)
    params = application.checkups.prepare(job, tmp_path)
    with pytest.raises(Cancelled):
        run(params, Recorder(tmp_path, stop="pause"))
    whole = run(params, Recorder(tmp_path))
    lines = (tmp_path / FOUND).read_text()
    (tmp_path / FOUND).write_text(lines[: len(lines) // 2])
    assert run(params, Recorder(tmp_path)) == whole == {"images": 16, "failed": 0}
    assert sorted((tmp_path / FOUND).read_text().splitlines()) == sorted(lines.splitlines())
