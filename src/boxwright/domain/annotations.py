"""Annotations, and the change sets that alter them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from boxwright.domain.geometry import Geometry
from boxwright.domain.projects import Source

State = Literal["manual", "proposal", "accepted"]
Attributes = Mapping[str, str | float | bool | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """A shape with a class on one picture, in one annotation set.

    One with the state `proposal` is what a model suggests; it counts as an annotation once somebody accepts it.
    `run_id` is the auto-annotation job that proposed it; the server keeps it, whatever a client sends.
    """

    id: str
    class_id: str
    geometry: Geometry
    source: Source = "manual"
    state: State = "manual"
    score: float | None = None
    z: int = 0
    crowd: bool = False
    attributes: Attributes = field(default_factory=dict)
    track_id: str | None = None
    group_id: str | None = None
    author_id: str | None = None
    model_id: str | None = None
    external_id: str | None = None
    run_id: str | None = None


class Drawn(NamedTuple):
    """A new annotation as the database has it: its geometry and attributes are JSON already.

    Fields of the same name are those of `Annotation`.
    """

    id: str
    class_id: str
    source: Source
    state: State
    score: float | None
    z: int
    crowd: bool
    track_id: str | None
    group_id: str | None
    author_id: str | None
    model_id: str | None
    run_id: str | None
    external_id: str | None
    x0: float
    y0: float
    x1: float
    y1: float
    area: float
    type: str
    geometry: str
    attributes: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Upsert:
    """Create the annotation, or put it in the place of the one with the same id."""

    annotation: Annotation
    op: Literal["upsert"] = "upsert"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delete:
    """Remove the annotation with this id; removing what is gone already is no error."""

    id: str
    op: Literal["delete"] = "delete"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSet:
    """What one save sends.

    `change_id` is made by the client: sending the same one again returns the first answer. `base_revision` is the
    revision the client saw; when the stored one is newer the whole set is refused with a Conflict.
    """

    change_id: str
    base_revision: int
    changes: tuple[Upsert | Delete, ...]
    set_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageAnnotations:
    """All annotations of one picture in one annotation set, at one revision."""

    image_id: str
    set_id: str
    revision: int
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """The answer to a ChangeSet: the revision it made."""

    image_id: str
    set_id: str
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """One saved ChangeSet of a picture, as the append-only log keeps it.

    `run_id` names the auto-annotation job where the change was its work, or its undoing. `author_name` is filled in
    where the log is read.
    """

    id: str
    image_id: str
    set_id: str
    change_id: str
    revision: int
    author_id: str | None
    created_at: str
    changes: tuple[Upsert | Delete, ...]
    run_id: str | None = None
    author_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """The answer to a review of many proposals: how many were accepted or rejected, on how many pictures."""

    proposals: int
    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RunUndone:
    """The answer to the undoing of an auto-annotation run, or of an import.

    `removed` proposals of the run are gone, `restored` ones that it had replaced are back, and `kept` ones stay because
    somebody accepted or changed them, on `images` pictures; likewise the annotations that an import put on pictures
    which were here before. Of the pictures that an import brought, `trashed` are in the trash and `kept_images` stay
    because somebody has worked on them.
    """

    removed: int
    restored: int
    kept: int
    images: int
    trashed: int = 0
    kept_images: int = 0
