"""Exports of a part, of pictures or annotations alone, and files that are fetched in pieces."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from apps import local_client
from boxwright.bootstrap import Application
from boxwright.domain.errors import Invalid, InvalidDataset, NotFound
from boxwright.domain.jobs import Job
from boxwright.domain.requests import ExportRequest, Selection
from importing import Desk
from makers import box, changes
from scenes import coco_zip
from working import do


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    found = Desk(application, tmp_path)
    found.load(coco_zip(tmp_path / "shapes.zip", train=3, val=2, test=1))
    return found


def export(desk: Desk, **options: Any) -> Job:
    request = ExportRequest(project_id=desk.project_id, format="coco", **options)
    return do(desk.app, desk.app.exports.submit(request, desk.caller))


def name_of(job: Job) -> str:
    assert job.result is not None
    files = job.result["files"]
    assert isinstance(files, dict)
    return str(files["export"])


def archive(desk: Desk, job: Job) -> zipfile.ZipFile:
    name = name_of(job)
    return zipfile.ZipFile(io.BytesIO(desk.app.jobs.file(job.id, name).path.read_bytes()))


def documents(desk: Desk, **chosen: Any) -> dict[str, Any]:
    packed = archive(desk, export(desk, selection=Selection(**chosen)))
    names = [name for name in packed.namelist() if name.startswith("annotations/")]
    return {name.partition("instances_")[2][:-5]: json.loads(packed.read(name)) for name in names}


def test_splits_and_states(desk: Desk) -> None:
    assert {name: len(found["images"]) for name, found in documents(desk, splits=("val", "test")).items()} == {
        "val": 2,
        "test": 1,
    }
    with pytest.raises(InvalidDataset, match="no image fits"):
        documents(desk, states=("empty",))
    assert {len(found["images"]) for found in documents(desk, states=("labeled",), splits=("train",)).values()} == {3}


def test_classes_and_only_images_that_have_one(desk: Desk) -> None:
    disc, square = desk.app.classes.list(desk.project_id)
    found = documents(desk, class_ids=(square.id,))
    for document in found.values():
        assert [item["name"] for item in document["categories"]] == ["square"]
        assert {item["category_id"] for item in document["annotations"]} == {document["categories"][0]["id"]}
        assert {item["image_id"] for item in document["annotations"]} == {item["id"] for item in document["images"]}
    both = documents(desk, class_ids=(disc.id, square.id))
    whole = documents(desk)
    count = sum(len(document["annotations"]) for document in whole.values())
    assert sum(len(document["annotations"]) for document in both.values()) == count
    other = desk.app.projects.create(desk.caller, "other").id
    foreign = desk.app.classes.add(other, ["thing"])[0].id
    with pytest.raises(NotFound):
        export(desk, selection=Selection(class_ids=(foreign,)))


def test_who_made_the_annotations(desk: Desk) -> None:
    picture = next(item for item in desk.pictures() if item.split == "train")
    mine = box(desk.app.classes.list(desk.project_id)[0].id, 1, 2, 30, 40)
    desk.app.annotations.apply_changes(picture.id, changes(mine, base=picture.revision), desk.caller)
    imported = documents(desk, sources=("import",))
    assert sum(len(document["images"]) for document in imported.values()) == 6
    (document,) = documents(desk, sources=("manual",)).values()
    assert [item["bbox"] for item in document["annotations"]] == [[1, 2, 29, 38]]
    assert len(document["images"]) == 1
    version = desk.app.versions.create(desk.project_id, "first", desk.caller)
    with pytest.raises(Invalid, match="does not know who"):
        export(desk, version_id=version.id, selection=Selection(sources=("manual",)))
    with pytest.raises(Invalid):
        desk.app.exports.losses(desk.project_id, "voc", version.id, Selection(sources=("manual",)))


def test_a_part_of_a_version_and_its_losses(desk: Desk) -> None:
    version = desk.app.versions.create(desk.project_id, "first", desk.caller)
    job = export(desk, version_id=version.id, selection=Selection(splits=("test",)))
    assert (job.result or {})["images"] == 1
    report = json.loads(archive(desk, job).read("boxwright-report.json"))
    assert (report["content_hash"], report["splits"]) == (None, {"test": 1})
    assert desk.app.exports.losses(desk.project_id, "voc", version.id, Selection(splits=("test",))) == ()


def test_pictures_or_annotations_alone(desk: Desk) -> None:
    job = export(desk, with_annotations=False)
    packed = archive(desk, job)
    assert sorted(packed.namelist()) == [item.name for item in desk.pictures()]
    first = desk.pictures()[0]
    assert packed.read(first.name) == desk.app.images.file(first.id).path.read_bytes()
    assert job.title == "Export shapes as images"
    names = archive(desk, export(desk, with_images=False)).namelist()
    assert not [name for name in names if name.endswith(".jpg")]
    with pytest.raises(Invalid, match="images, annotations or both"):
        export(desk, with_images=False, with_annotations=False)


def test_a_download_goes_on_where_it_broke(desk: Desk, admin: dict[str, str]) -> None:
    job = export(desk)
    name = name_of(job)
    whole = desk.app.jobs.file(job.id, name).path.read_bytes()
    with local_client(desk.app) as client:
        url = f"/api/v1/jobs/{job.id}/files/{name}"
        first = client.get(url, headers=admin)
        rest = client.get(url, headers={**admin, "Range": "bytes=100-", "If-Range": first.headers["etag"]})
        assert (rest.status_code, rest.content) == (206, whole[100:])
        other = client.get(url, headers={**admin, "Range": "bytes=100-", "If-Range": '"another"'})
        assert (other.status_code, other.content) == (200, whole)
        assert client.get(url, headers={**admin, "Range": f"bytes={len(whole) + 5}-"}).status_code == 416
