"""Every subject of the client against a real server process."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import boxwright
from boxwright.client import Client
from boxwright.domain.annotations import Annotation, ChangeSet, Delete, Upsert
from boxwright.domain.attributes import AttributeDefinition
from boxwright.domain.class_changes import ClassPlan
from boxwright.domain.errors import Conflict, Invalid, InvalidImage, InvalidModel, NotFound, Unauthenticated
from boxwright.domain.geometry import Box, Polygon
from boxwright.domain.ids import new_id
from boxwright.domain.projects import Image, Project
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import CheckupRequest, EmbedRequest, ExportRequest, ImportRequest, LabelCheckRequest
from boxwright.domain.splits import SplitPlan
from boxwright.domain.suspicions import SuspicionQuery
from live import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    started = LiveServer(tmp_path_factory.mktemp("client") / "data").start()
    yield started
    started.stop()


@pytest.fixture
def sdk(server: LiveServer) -> Iterator[Client]:
    with boxwright.Client(server.address["url"], server.address["token"]) as client:
        yield client


@pytest.fixture
def project(sdk: Client, request: pytest.FixtureRequest) -> Project:
    return sdk.projects.create(str(request.node.name), "made by a test")


def draw(folder: Path, name: str, seed: int = 0) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 255, (30, 40, 3), np.uint8)
    Pillow.fromarray(pixels).save(folder / name)
    return folder / name


@pytest.fixture
def image(sdk: Client, project: Project, tmp_path: Path) -> Image:
    return sdk.images.upload(project.id, draw(tmp_path, "a.png"), split="train").image


def test_server_and_caller(sdk: Client, server: LiveServer) -> None:
    assert sdk.health().version == boxwright.__version__
    assert sdk.me().admin
    system = sdk.system()
    assert 0 < system.disk_free <= system.disk_total
    assert sdk.sign_in_link().startswith(f"{server.address['url']}/#token=")
    with Client(server.address["url"], "wrong") as nobody, pytest.raises(Unauthenticated):
        nobody.me()


def test_projects(sdk: Client, project: Project) -> None:
    with pytest.raises(Conflict):
        sdk.projects.create(project.name)
    changed = sdk.projects.update(project.id, description="new")
    assert (changed.name, changed.description) == (project.name, "new")
    assert sdk.projects.get(project.id) == changed
    seen = AttributeDefinition(name="seen", kind="checkbox", default=False)
    assert sdk.projects.update(project.id, attributes=[seen]).attributes == (seen,)
    age = AttributeDefinition(name="age", kind="number", minimum=0, default=7.5)
    (label,) = sdk.classes.add(project.id, ["cat"])
    assert sdk.classes.update(label.id, attributes=[age]).attributes == (age,)
    assert sdk.classes.list(project.id)[0].attributes == (age,)
    with pytest.raises(Invalid) as caught:
        sdk.projects.delete(project.id, "something else")
    assert caught.value.code == "confirmation_mismatch"
    sdk.projects.delete(project.id, project.name)
    assert project.id not in {item.id for item in sdk.projects.all()}
    assert project.id in {item.id for item in sdk.projects.all(trash=True)}
    assert sdk.projects.restore(project.id).deleted_at is None
    with pytest.raises(NotFound):
        sdk.projects.get(new_id())


def test_images(sdk: Client, project: Project, image: Image, tmp_path: Path) -> None:
    assert (image.width, image.height, image.split, image.name) == (40, 30, "train", "a.png")
    twin = sdk.images.upload(project.id, tmp_path / "a.png", name="deep/b.png")
    assert twin.duplicate_of == image.id
    (tmp_path / "c.png").write_bytes(b"no picture")
    with pytest.raises(InvalidImage):
        sdk.images.upload(project.id, tmp_path / "c.png")
    with pytest.raises(Conflict) as caught:
        sdk.images.upload(project.id, draw(tmp_path, "other.png", 1), name="a.png")
    assert caught.value.code == "name_taken"

    changed = sdk.images.update(twin.image.id, tags=["x"], metadata={"k": "v"})
    assert (changed.tags, changed.metadata) == (("x",), {"k": "v"})
    assert sdk.images.tag(project.id, [image.id, twin.image.id], add=["night"], remove=["day"]) == 2
    assert [(one.tag, one.images) for one in sdk.images.tags(project.id)] == [("night", 2), ("x", 1)]
    assert len(list(sdk.images.all(project.id, ImageQuery(tag="night")))) == 2
    assert list(sdk.images.all(project.id, ImageQuery(tag="Night"))) == []
    both = ImageQuery(tags=("night", "x"), metadata="k", metadata_value="v", added_from="2026-01-01", order="largest")
    assert [item.id for item in sdk.images.all(project.id, both)] == [twin.image.id]
    assert sdk.images.neighbours(twin.image.id, both).total == 1
    assert list(sdk.images.all(project.id, ImageQuery(class_ids=("a", "b"), objects="both", min_share=0.1))) == []
    assert sdk.images.bulk(project.id, [image.id, twin.image.id], "move", "val") == 2
    assert {item.split for item in sdk.images.all(project.id)} == {"val"}
    order = ImageQuery(order="name")
    place = sdk.images.neighbours(image.id, order)
    assert (place.previous_id, place.next_id, place.position, place.total) == (None, twin.image.id, 1, 2)
    assert sdk.images.bulk(project.id, [twin.image.id], "trash") == 1
    assert [item.id for item in sdk.images.all(project.id, ImageQuery(trash=True))] == [twin.image.id]

    original = sdk.images.download(image.id, tmp_path / "back.png")
    assert original.read_bytes() == (tmp_path / "a.png").read_bytes()
    with Pillow.open(sdk.images.thumbnail(image.id, tmp_path / "small", 160)) as small:
        assert max(small.size) <= 160
    with Pillow.open(sdk.images.view(image.id, tmp_path / "view")) as view:
        assert view.size == (40, 30)
    counts = sdk.projects.counts(project.id)
    assert {item.split: item.images for item in counts.splits}["val"] == 1
    assert counts.trash == 1


def test_annotations(sdk: Client, project: Project, image: Image) -> None:
    thing, other = sdk.classes.add(project.id, ["thing", "other"])
    assert sdk.classes.update(other.id, hotkey="o", hidden=True).hidden
    box = Annotation(id=new_id(), class_id=thing.id, geometry=Box(x0=1, y0=2, x1=10, y1=12), attributes={"a": 1.0})
    shape = Polygon(rings=(((1.0, 1.0), (9.0, 1.0), (9.0, 9.0)),))
    ring = Annotation(id=new_id(), class_id=thing.id, geometry=shape)
    changes = ChangeSet(change_id=new_id(), base_revision=0, changes=(Upsert(annotation=box), Upsert(annotation=ring)))
    saved = sdk.annotations.apply(image.id, changes)
    assert sdk.annotations.apply(image.id, changes) == saved
    held = sdk.annotations.get(image.id)
    assert held.revision == saved.revision
    assert {item.id: item.geometry for item in held.annotations} == {box.id: box.geometry, ring.id: shape}

    late = ChangeSet(change_id=new_id(), base_revision=0, changes=(Delete(id=box.id),))
    with pytest.raises(Conflict) as caught:
        sdk.annotations.apply(image.id, late)
    assert caught.value.code == "revision_conflict"
    assert isinstance(caught.value.detail["current"], dict)
    now = ChangeSet(change_id=new_id(), base_revision=saved.revision, changes=(Delete(id=box.id),))
    assert sdk.annotations.apply(image.id, now).revision == saved.revision + 1
    assert [entry.change_id for entry in sdk.annotations.history(image.id)] == [now.change_id, changes.change_id]
    with pytest.raises(Conflict) as used:
        sdk.classes.delete(thing.id)
    assert used.value.code == "class_in_use"
    sdk.classes.delete(other.id)
    assert [item.annotations for item in sdk.classes.list(project.id)] == [1]

    version = sdk.versions.create(project.id, "first")
    assert sdk.versions.create(project.id).id == version.id
    assert sdk.versions.get(version.id) == version
    assert [item.id for item in sdk.versions.all(project.id)] == [version.id]
    assert isinstance(sdk.jobs.export_losses(project.id, "yolo", version.id), tuple)


def test_uploads_and_jobs(sdk: Client, project: Project, image: Image, tmp_path: Path) -> None:
    job = sdk.jobs.start(ExportRequest(project_id=project.id, format="coco"))
    done = sdk.jobs.wait(job.id)
    assert (done.state, done.error) == ("succeeded", None)
    assert done.result is not None
    name = str(done.result["files"]["export"])  # type: ignore[index]
    archive = sdk.jobs.download(job.id, name, tmp_path / "out.zip")
    assert [item.id for item in sdk.jobs.all(project.id, kind="export")] == [job.id]
    assert sdk.jobs.get(job.id) == done
    assert isinstance(sdk.jobs.log(job.id), tuple)
    assert sdk.jobs.metrics(job.id) == ()

    begun = sdk.uploads.create("out.zip", archive.stat().st_size)
    sdk.uploads.append(begun.id, 0, archive.read_bytes()[:10])
    with pytest.raises(Conflict) as early:
        sdk.models.import_upload(project.id, begun.id)
    assert early.value.code == "upload_incomplete"
    with pytest.raises(Conflict) as gap:
        sdk.uploads.append(begun.id, 20, b"x")
    assert gap.value.code == "offset_mismatch"
    upload = sdk.uploads.send(archive, upload=sdk.uploads.get(begun.id), chunk=100)
    with pytest.raises(InvalidModel):
        sdk.models.import_upload(project.id, upload.id)
    again = sdk.uploads.send(archive)
    report = sdk.jobs.wait(sdk.jobs.start(ImportRequest(project_id=project.id, upload_id=again.id, dry_run=True)).id)
    assert report.state == "succeeded"
    sdk.uploads.delete(again.id)
    with pytest.raises(NotFound):
        sdk.uploads.get(again.id)


def test_models_and_runs_of_nothing(sdk: Client, project: Project, tmp_path: Path) -> None:
    assert list(sdk.models.all(project.id)) == []
    assert list(sdk.runs.all(project.id)) == []
    assert "epochs" in {item.name for item in sdk.models.training_parameters()}
    assert [item.task for item in sdk.models.training_tasks(project.id)] == ["detect", "segment"]
    gone = new_id()
    for call in (sdk.models.get, sdk.models.evaluation, sdk.runs.get, sdk.runs.delete):
        with pytest.raises(NotFound):
            call(gone)
    with pytest.raises(NotFound):
        sdk.models.predict(gone, b"picture")
    with pytest.raises(NotFound):
        sdk.runs.create(project.id, gone)


def test_views(sdk: Client, project: Project) -> None:
    query = ImageQuery(tags=("night",), min_score=0.5, objects="both", order="oldest")
    view = sdk.views.create(project.id, "dark", query)
    assert sdk.views.update(view.id, name="darker").query == query
    assert sdk.views.list(project.id)[0].name == "darker"
    with pytest.raises(Conflict):
        sdk.views.create(project.id, "darker", ImageQuery())
    sdk.views.delete(view.id)
    assert sdk.views.list(project.id) == ()


def test_changes_of_classes(sdk: Client, project: Project) -> None:
    first, second = sdk.classes.add(project.id, ["first", "second"])
    plan = ClassPlan(kind="merge", class_ids=(first.id,), into_id=second.id)
    seen = sdk.classes.preview(project.id, plan)
    made = sdk.classes.change(project.id, plan, seen.digest)
    assert (seen.into, made.names, made.objects) == ("second", ("first",), 0)
    assert sdk.classes.undo(made.id).undoes == made.id
    assert [change.undone for change in sdk.classes.changes(project.id)] == [False, True]
    part = ClassPlan(kind="split", class_ids=(first.id,), name="third", query=ImageQuery(tags=("x",)), values="drop")
    assert sdk.classes.preview(project.id, part).into_new


def test_splits(sdk: Client, project: Project, tmp_path: Path) -> None:
    for seed in range(4):
        sdk.images.upload(project.id, draw(tmp_path, f"{seed}.png", seed))
    plan = SplitPlan(train=3, val=1, test=0)
    seen = sdk.splits.preview(project.id, plan)
    made = sdk.splits.make(project.id, plan, seen.digest)
    assert (seen.moved, made.moved, made.plan) == (4, 4, plan)
    with pytest.raises(Conflict) as caught:
        sdk.splits.make(project.id, plan, seen.digest)
    assert caught.value.code == "plan_outdated"
    assert sdk.splits.undo(made.id).moved == 4
    assert [change.undone for change in sdk.splits.history(project.id)] == [False, True]
    assert [leak.groups for leak in sdk.splits.leaks(project.id).leaks] == [0, 0]


def test_checkups(sdk: Client, project: Project, tmp_path: Path) -> None:
    for seed, name in ((1, "a.png"), (1, "b.png"), (2, "c.png")):
        sdk.images.upload(project.id, draw(tmp_path, name, seed))
    assert sdk.jobs.wait(sdk.jobs.start(CheckupRequest(project_id=project.id)).id).state == "succeeded"
    found = sdk.checkups.get(project.id)
    assert (found.images, found.checked, found.groups, found.repeated) == (3, 3, 1, 1)
    (group,) = sdk.checkups.duplicates(project.id)
    assert (group.exact, [image.name for image in group.images]) == (True, ["a.png", "b.png"])
    assert [one.value for one in sdk.checkups.flaws(project.id, "tiny")] == [30, 30, 30]
    assert list(sdk.checkups.flaws(project.id, "tiny", 30)) == []


def test_similar_images(sdk: Client, project: Project, tmp_path: Path) -> None:
    files = [draw(tmp_path, f"{seed}.png", seed) for seed in range(5)]
    images = [sdk.images.upload(project.id, file).image for file in files]
    assert sdk.similar.map(project.id).made_at is None
    with pytest.raises(Invalid, match="nobody has looked"):
        sdk.similar.to(images[0].id)
    assert sdk.jobs.wait(sdk.jobs.start(EmbedRequest(project_id=project.id)).id).state == "succeeded"
    assert (sdk.similar.map(project.id).images, sdk.similar.points(project.id).total) == (5, 5)
    assert len(sdk.similar.to(images[0].id, 3)) == 3
    for picture in (files[2], files[2].read_bytes()):
        assert sdk.similar.to_picture(project.id, picture, 1)[0].image.id == images[2].id
    asked = [images[1].id, new_id(), images[0].id]
    assert [image.id for image in sdk.similar.images(project.id, asked)] == [images[1].id, images[0].id]


def test_suspicions(server: LiveServer, sdk: Client, project: Project) -> None:
    assert sdk.suspicions.check(project.id).checked_at is None
    assert list(sdk.suspicions.list(project.id, SuspicionQuery(kind="class"))) == []
    with pytest.raises(NotFound):
        sdk.suspicions.decide(new_id(), "accept")
    seen = sdk.suspicions.decide_many(project.id, "dismiss", SuspicionQuery(max_score=0.5), dry_run=True)
    assert (seen.decision, seen.count, seen.left, seen.at) == ("dismiss", 0, 0, None)
    with pytest.raises(Invalid, match="say which kind"):
        sdk.suspicions.decide_many(project.id, "accept")
    with pytest.raises(Conflict, match="nothing is left of this decision"):
        sdk.suspicions.reopen_many(project.id, "2026-11-28T10:00:00.000001Z")
    with pytest.raises(Invalid, match="no model yet"):
        sdk.jobs.start(LabelCheckRequest(project_id=project.id))


def test_versions_are_compared_and_brought_back(sdk: Client, project: Project, image: Image) -> None:
    version = sdk.versions.create(project.id, "first")
    sdk.images.bulk(project.id, [image.id], "trash")
    found = sdk.versions.compare(version.id)
    assert [(one.name, one.change) for one in found.examples] == [("a.png", "removed")]
    assert sdk.versions.compare(version.id, version.id).examples == ()
    done = sdk.versions.restore(version.id)
    assert (done.back, done.before_id) == (1, None)
    assert sdk.images.get(image.id).deleted_at is None
