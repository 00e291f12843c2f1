"""Short ways to make what tests need many of."""

from __future__ import annotations

from pathlib import Path

from boxwright.domain.annotations import Annotation, ChangeSet, Delete, Upsert
from boxwright.domain.clock import now
from boxwright.domain.geometry import Box
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image, ImageState, Project, Split
from boxwright.services.classes import Classes
from boxwright.services.projects import Projects
from boxwright.storage.unit_of_work import UnitOfWork


def project(uow: UnitOfWork, caller: Caller, name: str = "cells") -> Project:
    return Projects(uow).create(caller, name)


def label(uow: UnitOfWork, project_id: str, name: str = "RBC") -> str:
    return Classes(uow).add(project_id, [name])[0].id


def image_row(
    project_id: str,
    name: str,
    *,
    split: Split = "none",
    state: ImageState = "unlabeled",
    sha256: str = "0" * 64,
    width: int = 100,
    height: int = 80,
) -> Image:
    return Image(
        id=new_id(),
        project_id=project_id,
        name=name,
        width=width,
        height=height,
        orientation=1,
        format="jpeg",
        bytes=10,
        sha256=sha256,
        split=split,
        state=state,
        annotations=0,
        revision=0,
        created_at=now(),
    )


def image(uow: UnitOfWork, project_id: str, name: str = "a.jpg", **options: object) -> Image:
    """Insert a picture without bytes."""
    row = image_row(project_id, name, **options)  # type: ignore[arg-type]
    with uow.write() as tx:
        tx.images.add(row)
        tx.projects.recount(project_id, at=now())
    return row


def box(class_id: str, x0: float = 10, y0: float = 10, x1: float = 30, y1: float = 30, **options: object) -> Annotation:
    return Annotation(
        id=str(options.pop("id", new_id())),
        class_id=class_id,
        geometry=Box(x0=x0, y0=y0, x1=x1, y1=y1),
        **options,  # type: ignore[arg-type]
    )


def changes(*items: Annotation | str, base: int = 0, change_id: str | None = None) -> ChangeSet:
    """A change set: annotations are put, strings are ids to delete."""
    ops = tuple(Delete(id=item) if isinstance(item, str) else Upsert(annotation=item) for item in items)
    return ChangeSet(change_id=change_id or new_id(), base_revision=base, changes=ops)


def picture_file(folder: Path, data: bytes, name: str = "incoming") -> Path:
    path = folder / f"{name}-{new_id()}"
    path.write_bytes(data)
    return path
