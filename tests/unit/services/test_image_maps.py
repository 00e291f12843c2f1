"""A project is looked at on both databases: what is alike, where it lies, and what is left to look at."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from apps import add_model
from boxwright.bootstrap import Application
from boxwright.domain.errors import Invalid, InvalidImage, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.requests import EmbedRequest
from boxwright.ml.selection.features import starter
from makers import box, changes, picture_file
from mapping import look_at_images


def encoded(kind: str, seed: int) -> bytes:
    """A picture of stripes or of blobs."""
    random = np.random.default_rng(seed)
    if kind == "stripes":
        row = np.sin(np.arange(160) / random.uniform(3, 5)) * 100 + 128
        pixels = np.repeat(np.repeat(row[None, :, None], 120, 0), 3, 2)
    else:
        small = random.integers(0, 255, (4, 5, 3), np.uint8)
        pixels = cv2.resize(small, (160, 120), interpolation=cv2.INTER_CUBIC)
    out = io.BytesIO()
    Pillow.fromarray(np.asarray(pixels, np.float64).clip(0, 255).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


@pytest.fixture
def project(application: Application, caller: Caller, tmp_path: Path) -> str:
    project = application.projects.create(caller, "cells").id
    for kind in ("stripes", "blobs"):
        for seed in range(5):
            application.images.add(project, f"{kind} {seed}.png", picture_file(tmp_path, encoded(kind, seed)))
    return project


def named(application: Application, project: str) -> dict[str, str]:
    with application.uow.read() as tx:
        return {image.name: image.id for image, _ in tx.images.all_living(project)}


def test_what_is_alike_is_found_and_lies_together(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    before = application.image_maps.get(project)
    assert (before.total, before.images, before.made_at) == (10, 0, None)
    assert (before.next_model_id, before.next_model_name) == (None, "wren-n with starter weights")
    assert application.similar.points(project).ids == ()
    ids = named(application, project)
    label = application.classes.add(project, ["blob"])[0].id
    application.annotations.apply_changes(ids["blobs 0.png"], changes(box(label)), caller)
    done = look_at_images(application, project, caller, tmp_path)
    assert (done["images"], done["looked"], done["failed"]) == (10, 10, 0)
    found = application.image_maps.get(project)
    assert (found.images, found.model_id, found.model_name) == (10, None, "wren-n with starter weights")
    for name, key in ids.items():
        alike = application.similar.like(key, 4)
        assert {one.image.name.split()[0] for one in alike} == {name.split()[0]}
        scores = [one.similarity for one in alike]
        assert scores == sorted(scores, reverse=True)
        assert -1 <= scores[-1] <= scores[0] <= 1
    points = application.similar.points(project)
    assert sorted(points.ids) == sorted(ids.values())
    assert points.total == 10
    assert points.class_ids == (label,)
    assert [points.ids[row] for row, number in enumerate(points.classes) if number == 0] == [ids["blobs 0.png"]]
    at = dict(zip(points.ids, zip(points.x, points.y, strict=True), strict=True))
    assert all(-1 <= value <= 1 for place in at.values() for value in place)
    first, *_, last = application.similar.like_picture(project, encoded("blobs", 2), 10)
    assert (first.image.name, first.similarity) == ("blobs 2.png", pytest.approx(1, abs=2e-3))
    assert last.image.name.startswith("stripes")
    with pytest.raises(InvalidImage):
        application.similar.like_picture(project, b"no picture", 3)
    picked = application.similar.some(project, [ids["blobs 1.png"], new_id(), ids["stripes 1.png"]])
    assert [image.name for image in picked] == ["blobs 1.png", "stripes 1.png"]
    with application.uow.read() as tx:
        stored = tx.image_maps.get(project)
        assert stored is not None
        assert stored.sha256 in set(tx.references.named()), "the sweep of blobs leaves it alone"


def test_only_new_images_are_looked_at(application: Application, project: str, caller: Caller, tmp_path: Path) -> None:
    look_at_images(application, project, caller, tmp_path)
    late = application.images.add(project, "late.png", picture_file(tmp_path, encoded("blobs", 9))).image.id
    gone = application.images.add(project, "gone.png", picture_file(tmp_path, encoded("blobs", 10))).image
    application.blobs.delete(gone.sha256)
    with pytest.raises(Invalid, match="added after the last look"):
        application.similar.like(late, 3)
    ids = named(application, project)
    application.images.bulk(project, [ids["blobs 0.png"]], "trash", caller=caller)
    assert application.similar.points(project).total == 9
    assert ids["blobs 0.png"] not in {one.image.id for one in application.similar.like(ids["blobs 1.png"], 50)}
    done = look_at_images(application, project, caller, tmp_path)
    assert (done["images"], done["looked"], done["failed"]) == (10, 1, 1)
    assert {one.image.name.split()[0] for one in application.similar.like(late, 4)} == {"blobs"}
    assert look_at_images(application, project, caller, tmp_path, again=True)["looked"] == 10


def test_vectors_of_another_network_are_not_mixed(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    look_at_images(application, project, caller, tmp_path)
    with application.uow.write() as tx:
        stored = tx.image_maps.get(project)
        assert stored is not None
        values = {name: getattr(stored, name) for name in type(stored).__slots__}
        tx.image_maps.put(project, type(stored)(**{**values, "network": "ab" * 32, "model_id": new_id()}))
    ids = named(application, project)
    assert len(application.similar.like(ids["blobs 1.png"], 50)) == 9, "what was seen can be compared all the same"
    with pytest.raises(Invalid, match="was deleted; look again"):
        application.similar.like_picture(project, encoded("blobs", 2), 3)
    assert look_at_images(application, project, caller, tmp_path)["looked"] == 10


def short_of(data: bytes) -> dict[str, bytes | None]:
    return {
        "cut short": data[: len(data) // 2],
        "without its head": data[4096:],
        "empty": b"",
        "another JSON": b"[]".ljust(len(data)),
        "more than there is": b'{"n": 1000000000, "d": 256, "k": 128}'.ljust(len(data)),
        "fewer than none": b'{"n": -1, "d": 256, "k": 128}'.ljust(len(data)),
        "lost": None,
    }


def test_a_damaged_file_is_said_and_made_anew(
    application: Application, project: str, caller: Caller, tmp_path: Path
) -> None:
    look_at_images(application, project, caller, tmp_path)
    key = named(application, project)["blobs 1.png"]
    with application.uow.read() as tx:
        stored = tx.image_maps.get(project)
    assert stored is not None
    whole = application.blobs.local_path(stored.sha256).read_bytes()
    for what, data in short_of(whole).items():
        file = tmp_path / "harmed"
        file.write_bytes(data or b"")
        values = {name: getattr(stored, name) for name in type(stored).__slots__}
        harmed = application.blobs.put_file(file) if data is not None else "ab" * 32
        with application.uow.write() as tx:
            tx.image_maps.put(project, type(stored)(**{**values, "sha256": harmed}))
        for refused in (
            lambda: application.similar.like(key, 3),
            lambda: application.similar.points(project),
            lambda: application.similar.like_picture(project, encoded("blobs", 1), 3),
        ):
            with pytest.raises(Invalid, match="lost or damaged; look at the images again") as error:
                refused()
            assert error.value.code == "map_damaged", what
    assert look_at_images(application, project, caller, tmp_path)["looked"] == 10
    assert len(application.similar.like(key, 50)) == 9


def test_a_damaged_network_in_the_cache_is_made_anew(tmp_path: Path) -> None:
    cut, grey = tmp_path / "cut.onnx", np.full((60, 80, 3), 90, np.uint8)
    before = starter(cut).of(grey)
    cut.write_bytes(cut.read_bytes()[:5000])
    assert np.array_equal(starter(cut).of(grey), before)


def test_refusals(application: Application, project: str, caller: Caller) -> None:
    ids = named(application, project)
    for refused in (
        lambda: application.similar.like(ids["blobs 0.png"], 3),
        lambda: application.similar.like_picture(project, encoded("blobs", 1), 3),
    ):
        with pytest.raises(Invalid, match="nobody has looked at the images of this project yet"):
            refused()
    bare = application.projects.create(caller, "bare").id
    with pytest.raises(Invalid, match="no images yet"):
        application.image_maps.submit(EmbedRequest(project_id=bare), caller)
    with pytest.raises(NotFound):
        application.image_maps.submit(
            EmbedRequest(project_id=project, model_id=add_model(application, bare)[0]), caller
        )
