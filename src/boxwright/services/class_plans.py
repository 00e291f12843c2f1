"""What a plan for classes means here and now, and what it would touch."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from boxwright.domain.attributes import AttributeDefinition, misfit, of_class
from boxwright.domain.class_changes import (
    AttributeChange,
    AttributeFate,
    ClassPlan,
    ClassPreview,
    ClassTouched,
    ObjectCounts,
)
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.paging import MAX_LIMIT
from boxwright.domain.projects import LabelClass
from boxwright.domain.views import SavedView
from boxwright.services import checks
from boxwright.services.image_actions import MAX_BULK
from boxwright.storage.repositories.class_objects import Pick, Seen
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction

Definitions = dict[str, AttributeDefinition]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """A plan whose classes are found: `into` takes the objects of `sources`; where it is None, `name` is to be made."""

    plan: ClassPlan
    project_id: str
    sources: tuple[LabelClass, ...]
    into: LabelClass | None
    name: str | None
    defined: Definitions
    offered: Definitions

    @property
    def pick(self) -> Pick:
        """The objects that are meant."""
        return Pick(
            project_id=self.project_id,
            class_ids=tuple(item.id for item in self.sources),
            query=self.plan.query,
            image_ids=self.plan.image_ids,
        )

    @property
    def hotkey(self) -> str | None:
        """The key that the class which takes all objects gets, if it has none."""
        if self.plan.kind != "merge" or (self.into is not None and self.into.hotkey):
            return None
        return next((item.hotkey for item in self.sources if item.hotkey), None)

    @property
    def added(self) -> tuple[AttributeDefinition, ...]:
        """The definitions that it gets."""
        if self.plan.values != "add" or self.plan.kind == "delete":
            return ()
        return tuple(item for name, item in self.offered.items() if name not in self.defined)


def meant(tx: Transaction, project_id: str, plan: ClassPlan) -> Meant:
    """Find the classes of a plan. Raises NotFound, Invalid (`plan_invalid`)."""
    tx.projects.get(project_id)
    _check(plan)
    classes = {item.id: item for item in tx.classes.list(project_id)}
    missing = next((key for key in (*plan.class_ids, plan.into_id) if key is not None and key not in classes), None)
    if missing is not None:
        raise NotFound("one of these classes is not in this project any more; nothing was changed")
    name = None if plan.name is None else checks.name(plan.name, "the class name")
    into = classes[plan.into_id] if plan.into_id is not None else None
    if name is not None:
        into = next((item for item in classes.values() if nfc(item.name) == nfc(name)), None)
    sources = tuple(item for key, item in classes.items() if key in set(plan.class_ids) and item != into)
    if not sources:
        raise _invalid(f"{into.name!r} cannot go into itself; name another class" if into else "name a class")
    shared, own = tx.classes.attributes(project_id)
    offered: Definitions = {}
    for item in sources:
        offered = {one.name: one for one in own.get(item.id, ())} | offered
    return Meant(
        plan=plan,
        project_id=project_id,
        sources=sources,
        into=into,
        name=None if into else name,
        defined=of_class(own.get(into.id, ()) if into else (), shared),
        offered=offered,
    )


def _check(plan: ClassPlan) -> None:
    targets = (plan.into_id is not None) + (plan.name is not None)
    if plan.kind == "delete" and targets:
        raise _invalid("classes that are deleted go into no other; merge them instead")
    if plan.kind != "delete" and targets != 1:
        raise _invalid("name one class that takes the objects: into_id, or name")
    narrowed = plan.query is not None or plan.image_ids is not None
    if plan.kind == "split" and not narrowed:
        raise _invalid("say which objects: a filter, or images")
    if plan.kind != "split" and narrowed:
        raise _invalid(f"a {plan.kind} is of all objects of a class; only a split takes a filter")
    if len(plan.image_ids or ()) > MAX_BULK:
        raise Invalid(f"name at most {MAX_BULK} images, or use a filter", code="too_many_images")
    if plan.query is not None and plan.query.trash:
        raise _invalid("a split is of images in the library, not of those in the trash")


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="plan_invalid")


def preview(tx: Transaction, found: Meant) -> ClassPreview:
    """Count what a plan would touch."""
    truth = tx.annotations.default_set(found.project_id)
    seen = tx.class_objects.seen(found.pick, truth)
    images, of_class_images = tx.class_objects.images(found.pick)
    tracks = {} if found.plan.kind == "split" else tx.tracks.of_classes(found.pick.class_ids)
    names = {nfc(item.name) for item in found.sources}
    whole = found.plan.kind != "split"
    told = ClassPreview(
        kind=found.plan.kind,
        classes=tuple(
            _touched(tx, item, seen, of_class_images.get(item.id, 0), tracks.get(item.id, 0), whole=whole)
            for item in found.sources
        ),
        total=_counts(seen, images),
        tracks=sum(tracks.values()),
        into=found.into.name if found.into else found.name,
        into_new=found.name is not None,
        into_objects=tx.class_objects.total(found.into.id) if found.into else 0,
        attributes=_attributes(tx, found),
        hotkey=found.hotkey,
        freed=tuple(item.hotkey for item in found.sources if whole and item.hotkey not in (None, found.hotkey)),
        emptied=tx.class_objects.emptied(found.pick, truth) if found.plan.kind == "delete" else 0,
        models=_models(tx, found.project_id, names) if whole else 0,
        views=len(views_of(tx, found)),
        digest="",
    )
    return replace(told, digest=hashlib.sha256(repr(told).encode()).hexdigest())


def _touched(
    tx: Transaction, item: LabelClass, seen: Sequence[Seen], images: int, tracks: int, *, whole: bool
) -> ClassTouched:
    counts = _counts([one for one in seen if one.class_id == item.id], images)
    left = 0 if whole else tx.class_objects.total(item.id) - counts.objects
    return ClassTouched(class_id=item.id, name=item.name, counts=counts, tracks=tracks, left=left)


def _counts(seen: Iterable[Seen], images: int) -> ObjectCounts:
    found: Counter[str] = Counter()
    for one in seen:
        found["proposals" if one.state == "proposal" else one.state] += one.objects
        found["in_trash"] += one.objects * one.trash
        found["aside"] += one.objects * (not one.truth)
    return ObjectCounts(images=images, **found)


def _attributes(tx: Transaction, found: Meant) -> tuple[AttributeChange, ...]:
    """Say what becomes of the attributes of the objects, by name."""
    if found.plan.kind == "delete":
        return ()
    objects: Counter[str] = Counter()
    misfits: Counter[str] = Counter()
    for values, count in tx.class_objects.values(found.pick):
        for name, value in values.items():
            objects[name] += count
            definition = found.defined.get(name)
            misfits[name] += count * (definition is not None and misfit(definition, value) is not None)
    return tuple(
        AttributeChange(name=name, objects=objects[name], misfits=misfits[name], fate=_fate(found, name))
        for name in sorted({*objects, *found.offered})
    )


def _fate(found: Meant, name: str) -> AttributeFate:
    if name in found.defined:
        return "same" if found.offered.get(name, found.defined[name]) == found.defined[name] else "differs"
    if found.plan.values == "drop":
        return "dropped"
    return "added" if found.plan.values == "add" and name in found.offered else "free"


def kept_values(found: Meant, values: Mapping[str, str | float | bool | None]) -> dict[str, str | float | bool | None]:
    """Return the attributes of an object that the class which takes it defines."""
    return {name: value for name, value in values.items() if name in found.defined}


def _models(tx: Transaction, project_id: str, names: set[str]) -> int:
    """Count the models that know one of these names."""
    count, cursor = 0, None
    while True:
        page = tx.models.page(project_id, cursor, MAX_LIMIT)
        count += sum(any(nfc(one.name) in names for one in model.card.classes) for model in page.items)
        cursor = page.next_cursor
        if cursor is None:
            return count


def views_of(tx: Transaction, found: Meant) -> list[SavedView]:
    """Return the saved views that look for a class which goes into another one."""
    if found.plan.kind != "merge":
        return []
    gone = {item.id for item in found.sources}
    return [
        view
        for view in tx.views.of_project(found.project_id)
        if gone.intersection((view.query.class_id, *view.query.class_ids))
    ]
