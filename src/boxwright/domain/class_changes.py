"""Classes merged, split and deleted: what is asked for, what it would touch, what was done."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.queries import ImageQuery

ClassDeed = Literal["merge", "split", "delete"]
ClassChangeKind = Literal["merge", "split", "delete", "update", "undo"]
ValueRule = Literal["add", "keep", "drop"]
AttributeFate = Literal["same", "differs", "added", "free", "dropped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassPlan:
    """What is to be done to the objects of some classes.

    `merge` gives all objects of `class_ids` to the class `into_id`, or to the class `name` (made where there is none),
    and takes those classes out of the list. `split` gives some of their objects to it: those of the images that `query`
    finds or that `image_ids` name, as far as what the query asks of objects holds for the object itself; `query`
    without anything else means all. `delete` deletes the classes with all their objects.

    `values` says what becomes of attributes that the class which takes the objects does not define: it gets their
    definitions (`add`), they stay without one (`keep`), or the objects lose them (`drop`).
    """

    kind: ClassDeed
    class_ids: tuple[str, ...]
    into_id: str | None = None
    name: str | None = None
    query: ImageQuery | None = None
    image_ids: tuple[str, ...] | None = None
    values: ValueRule = "add"


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectCounts:
    """Objects by state, and the images that they are on.

    `in_trash` of them are on images in the trash, `aside` in the own sets of people who label images for themselves;
    both are among the others.
    """

    manual: int = 0
    accepted: int = 0
    proposals: int = 0
    images: int = 0
    in_trash: int = 0
    aside: int = 0

    @property
    def objects(self) -> int:
        """All of them."""
        return self.manual + self.accepted + self.proposals


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassTouched:
    """What of one class is touched; `left` objects of it stay."""

    class_id: str
    name: str
    counts: ObjectCounts
    tracks: int
    left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributeChange:
    """What becomes of one attribute that objects have, or that a class defines which goes.

    `same`: the class that takes the objects defines it alike; `differs`: otherwise, and `misfits` values do not fit
    that; `added`: it gets the definition; `free`: values stay without one; `dropped`: they go.
    """

    name: str
    objects: int
    fate: AttributeFate
    misfits: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassPreview:
    """What a plan would do.

    `into` names the class that takes the objects, `into_new` says that it is to be made; it has `into_objects` already.
    It takes over `hotkey` if it has none; the keys `freed` belong to nobody then. `emptied` images would have no object
    left and be unlabelled. `models` models keep predicting under the old names; `views` saved views follow. `digest`
    names exactly these numbers.
    """

    kind: ClassDeed
    classes: tuple[ClassTouched, ...]
    total: ObjectCounts
    tracks: int
    into: str | None
    into_new: bool
    into_objects: int
    attributes: tuple[AttributeChange, ...]
    hotkey: str | None
    freed: tuple[str, ...]
    emptied: int
    models: int
    views: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassChange:
    """A change of classes that can be taken back.

    `names` are those of the classes that changed, `into` that of the class that took their objects; of an `update`
    `fields` says what changed. `objects` were touched on `images` images, and `tracks` in videos. A change that takes
    back the change `undoes` left `kept` objects alone because somebody has worked on them since; classes that came back
    under other names are in `names` with those.
    """

    id: str
    project_id: str
    created_at: str
    created_by: str | None
    kind: ClassChangeKind
    names: tuple[str, ...]
    into: str | None = None
    fields: tuple[str, ...] = ()
    objects: int = 0
    images: int = 0
    tracks: int = 0
    kept: int = 0
    undoes: str | None = None
    undone: bool = False
