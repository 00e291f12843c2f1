"""Installations filled with everything, their backups, and what is in them: every row, every file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from apps import suspect
from boxwright import bootstrap
from boxwright.domain.annotations import ChangeSet, Delete, Upsert
from boxwright.domain.architectures import StartingWeights
from boxwright.domain.backups import RestoreReport
from boxwright.domain.checkups import Looked
from boxwright.domain.class_changes import ClassPlan
from boxwright.domain.clock import now
from boxwright.domain.comments import NewComment
from boxwright.domain.exchange import ImageBefore
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.originals import Original
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery
from boxwright.domain.splits import SplitPlan
from boxwright.domain.tracks import TrackChanges, TrackDelete
from boxwright.domain.variants import Variant
from boxwright.domain.workflow import WorkStep
from boxwright.services.access import Access
from boxwright.services.backups import LEFT_OUT
from boxwright.services.queue import new_job
from boxwright.settings import Settings
from boxwright.storage.engine import open_engine
from boxwright.storage.location import Location
from boxwright.storage.repositories.variants import StoredVariant
from boxwright.storage.tables import metadata
from filming import add_video, changes, key, track
from makers import box
from showroom import furnish

# These say which installation it is, or belong to a running server.
OWN = {"installation", "storage", "one_time_token"}


@dataclass(frozen=True)
class Filled:
    """What tests come back to."""

    ids: dict[str, str]
    token: str
    unfinished: tuple[str, ...]


def fill(settings: Settings) -> Filled:
    """Fill an installation: every table that travels has rows, with the odd values that only a few have."""
    ids = furnish(settings.data, database=settings.database, storage=settings.storage)
    app = bootstrap.build(settings)
    try:
        caller = Access(app.uow).ensure_local_user()
        token = app.tokens.create(caller, "old token").token
        app.access.open_session(app.access.one_time_token())
        app.uploads.create(caller, "half.zip", 10)
        app.accounts.update(caller, _user(app, "viewer"), name="Zoë_Ünal")
        _annotate(app, ids, caller)
        _review(app, ids, caller)
        _split(app, ids, caller)
        _merge(app, ids, caller)
        _look(app, ids)
        _doubt(app, ids, caller)
        _map(app, ids)
        _weights(app, ids["model"])
        _film(app, ids["project"], caller)
        jobs = _jobs(app, ids["project"], caller)
    finally:
        app.close()
    return Filled(ids, token, tuple(job.id for job in jobs))


def _user(app: bootstrap.Application, name: str) -> str:
    return next(user.id for user in app.accounts.page().items if user.name == name)


def _annotate(app: bootstrap.Application, ids: dict[str, str], caller: Caller) -> None:
    """Leave the trace of an odd annotation that was made and deleted, odd texts, an image in the trash."""
    with app.uow.read() as tx:
        image, label = tx.images.get(ids["image"]), tx.classes.list(ids["project"])[0]
        others = [item.id for item, _ in tx.images.all_living(ids["project"]) if item.id != image.id]
    odd = box(label.id, 0.1 + 0.2, 5e-324, 1 / 3 + 20, 30.000000000000004, attributes={"note": "a\tb\n\u2028 ✓"})
    revision = image.revision
    for change in (Upsert(annotation=odd), Delete(id=odd.id), Upsert(annotation=box(label.id))):
        changes = ChangeSet(change_id=new_id(), base_revision=revision, changes=(change,))
        revision = app.annotations.apply_changes(image.id, changes, caller).revision
    app.tags.change(ids["project"], others, add=["night ✓", 'a "b"'])
    app.images.bulk(ids["project"], others[:1], "trash", caller=caller)


def _review(app: bootstrap.Application, ids: dict[str, str], caller: Caller) -> None:
    """Give images to somebody, comment on one, submit it and send it back."""
    said = NewComment(id=new_id(), text="a ✓\nb", x=0.1 + 0.2, y=1 / 3, annotation_id=new_id())
    app.comments.update(app.comments.add(ids["image"], said, caller).id, caller, resolved=True)
    app.views.create(ids["project"], "doubtful ✓", ImageQuery(tags=("night ✓",), max_score=0.1 + 0.2), caller)
    app.agreements.assign_twice(ids["project"], [_user(app, "annotator"), _user(app, "reviewer")], caller)
    app.work.assign(ids["project"], [_user(app, "annotator")], caller)
    for action, note in (("submit", ""), ("return", "the left ✓ edge")):
        app.work.take(ids["image"], WorkStep(change_id=new_id(), action=action, note=note), caller, "manager")  # type: ignore[arg-type]


def _split(app: bootstrap.Application, ids: dict[str, str], caller: Caller) -> None:
    """Deal all images out anew, and take it back."""
    plan = SplitPlan(train=0.1 + 0.2, val=1 / 3, test=5e-324, metadata=("batch ✓",), deal="all")
    app.splitting.undo(app.splitting.make(ids["project"], plan, caller).id, caller)


def _merge(app: bootstrap.Application, ids: dict[str, str], caller: Caller) -> None:
    """Give the objects of a class to a new one, and take it back; another class is merged for good."""
    first = app.classes.list(ids["project"])[0]
    plan = ClassPlan(kind="merge", class_ids=(first.id,), name="merged ✓", values="drop")
    app.class_changes.undo(app.class_changes.make(ids["project"], plan, caller).id, caller)
    (spare,) = app.classes.add(ids["project"], ["spare ✓"])
    app.class_changes.make(ids["project"], ClassPlan(kind="merge", class_ids=(spare.id,), into_id=first.id), caller)


def _look(app: bootstrap.Application, ids: dict[str, str]) -> None:
    """What an image looks like, and which one it is like."""
    seen = Looked(image_id=ids["image"], sharpness=0.1 + 0.2, brightness=1 / 3, bits=2**64 - 1, grey=bytes(range(256)))
    with app.uow.write() as tx:
        tx.checkups.put(ids["project"], [seen])
        tx.checkups.group(ids["project"], {ids["image"]: ids["image"]})
        tx.originals.add([Original(sha256="ab" * 32, address="s3://bucket/a.jpg", bytes=7, etag="x")])


def _doubt(app: bootstrap.Application, ids: dict[str, str], caller: Caller) -> None:
    """A label that is likely wrong, and one that a person has put right."""
    label = app.classes.list(ids["project"])[0].id
    app.deciding.decide(suspect(app, ids["project"], ids["image"], label, ids["model"]), "accept", caller)
    suspect(app, ids["project"], ids["image"], label, ids["model"])


def _map(app: bootstrap.Application, ids: dict[str, str]) -> None:
    """A look at the images by a model; the file of vectors goes along, so that nobody has to look again."""
    with app.uow.write() as tx:
        made_up = tx.image_maps.get(ids["project"])
        assert made_up is not None
        tx.image_maps.put(ids["project"], replace(made_up, model_id=ids["model"], model_name="odd ✓"))


def _film(app: bootstrap.Application, project: str, caller: Caller) -> None:
    """A video with a track that was changed, and one in the trash."""
    label = app.classes.list(project)[0].id
    video = add_video(app, project, frames=12, name="street ✓.mp4")
    one = track(label, key(0, 0.1 + 0.2, attributes={"note": "a ✓"}), key(9, 1 / 3, outside=True), external_id="7")
    app.tracks.apply(video, changes(one, track(label)), caller)
    gone = TrackChanges(change_id=new_id(), base_revision=1, changes=(TrackDelete(id=one.id),))
    app.tracks.apply(video, gone, caller)
    app.videos.trash(add_video(app, project, frames=2, name="thrown away.mp4"), caller)


def _weights(app: bootstrap.Application, model: str) -> None:
    """A model in fewer bits, which predicts, one that could not be made, and weights to start from."""
    variants = (
        StoredVariant(
            variant=Variant(precision="int8", bytes=4, milliseconds=0.1), onnx_sha256=app.blobs.put_bytes(b"int8")
        ),
        StoredVariant(variant=Variant(precision="fp16", bytes=None, error="too small a number"), onnx_sha256=None),
    )
    start = StartingWeights(
        id=new_id(),
        name="start ✓",
        model_type="d_fine",
        task="detect",
        architecture="dfine-n",
        source="upload",
        licence="Apache-2.0",
        sha256=app.blobs.put_bytes(b"start"),
        bytes=5,
        created_at=now(),
    )
    with app.uow.write() as tx:
        tx.variants.replace(model, variants, split="test", job_id=new_id(), created_at=now())
        tx.variants.serve(model, "int8")
        tx.starting_weights.add(start)


def _jobs(app: bootstrap.Application, project: str, caller: Caller) -> list[Job]:
    """One job that waits and one that runs."""
    made = [new_job("export", project, title, {"out": "x.zip"}, caller) for title in ("waits", "runs")]
    with app.uow.write() as tx:
        images = [image.id for image, _ in tx.images.all_living(project)]
        for job in made:
            tx.jobs.add(job)
        fields = {"fields": {"title": ""}, "to_fields": {"title": "x"}}
        former = ImageBefore(split="none", to_split="train", state="empty", revision=0, **fields)
        tx.import_changes.add(made[0].id, [(image, former if number else None) for number, image in enumerate(images)])
        tx.jobs.update(made[1].id, state="running", attempt=1)
    return made


def saved(settings: Settings, target: Path) -> Path:
    """Make a backup within this process."""
    app = bootstrap.build(settings)
    try:
        answer = app.backups.make(Access(app.uow).ensure_local_user())
        target.touch(0o600)
        with target.open("wb") as out:
            for chunk in answer.chunks:
                out.write(chunk)
    finally:
        app.close()
    assert target.stat().st_size == answer.size, "the size was known before"
    return target


@dataclass(frozen=True)
class Copy:
    """An archive to be restored."""

    archive: Path

    def restore(self, settings: Settings) -> RestoreReport:
        told: list[tuple[float, float]] = []
        report = bootstrap.restore(settings, self.archive, lambda done, total, words: told.append((done, total)))
        assert told[-1][0] == told[-1][1] or told[-1][1] - told[-1][0] <= 4096
        return report


@dataclass(frozen=True)
class Contents:
    """Every row by table, every file by hash."""

    tables: dict[str, list[tuple[Any, ...]]]
    files: dict[str, bytes]
    installation: str


def contents(settings: Settings) -> Contents:
    """Read an installation behind Boxwright's back; raw values, not what columns make of them."""
    engine = open_engine(settings.database_url)
    tables = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [
                sa.type_coerce(item, sa.Text) if isinstance(item.type, sa.types.TypeDecorator) else item
                for item in table.c
            ]
            tables[table.name] = sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
    engine.dispose()
    blobs = Location(settings.storage, settings.blob_folder).blobs(settings.blob_cache_folder, 1 << 30)
    files = {sha256: blobs.get_bytes(sha256) for sha256 in blobs.all()}
    return Contents(tables, files, dict(tables["meta"])["installation"])


def compare(before: Contents, after: Contents, *, interrupted: Collection[str]) -> None:
    """See that all that travels is the same, to the last bit."""
    assert after.files == before.files
    for name in before.tables:
        if name in LEFT_OUT:
            assert not interrupted or not after.tables[name], name
            continue
        old, new = before.tables[name], after.tables[name]
        if name == "meta":
            old, new = ([row for row in rows if row[0] not in OWN] for rows in (old, new))
        if name == "jobs":
            assert {row[0] for row in new} == {row[0] for row in old}
            states = {row[0]: row[3] for row in new}
            assert all(states[job] == "failed" for job in interrupted)
            old, new = ([row for row in rows if row[0] not in interrupted] for rows in (old, new))
        if name == "audit_log":
            new = [row for row in new if row[5] != "backup.restore"]
        assert repr(new) == repr(old), name
