"""Annotations of a picture: read, change under a revision check, look back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from boxwright.domain.annotations import Annotation, ChangeSet, Delete, ImageAnnotations, LogEntry, Saved, Upsert
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import is_id, new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image, ImageState
from boxwright.services import reviewing
from boxwright.services.attributes import check_values
from boxwright.services.label_schema import check_change_set, final_changes, fit
from boxwright.storage.repositories.annotations import Place
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Annotations:
    """Rules about annotations."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def get(self, image_id: str, set_id: str | None = None, caller: Caller | None = None) -> ImageAnnotations:
        """Return all annotations of a picture in a set. Raises NotFound.

        By default that is the ground truth; for a caller who labels the picture for themselves it is their own set.
        The set of another person is theirs alone, as if there were none: `Agreements.sets` shows it to reviewers.
        """
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
            return _current(tx, image, _set_of(tx, image, set_id, caller))

    def history(
        self,
        image_id: str,
        cursor: str | None = None,
        limit: int = 50,
        *,
        set_id: str | None = None,
        caller: Caller | None = None,
    ) -> Page[LogEntry]:
        """Return the saved change sets of a picture in a set (see `get`), newest first. Raises NotFound."""
        with self._uow.read() as tx:
            chosen = _set_of(tx, tx.images.get(image_id), set_id, caller)
            return tx.annotations.log_page(image_id, chosen, cursor, limit)

    def revision(
        self, image_id: str, revision: int, set_id: str | None = None, caller: Caller | None = None
    ) -> ImageAnnotations:
        """Return the annotations of a picture as they were at a revision. Raises NotFound where there is none yet."""
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
            chosen = _set_of(tx, image, set_id, caller)
            if not 0 <= revision <= tx.annotations.revision(image_id, chosen):
                raise NotFound(f"the picture has no revision {revision}")
            log = tx.annotations.log_until(image_id, chosen, revision)
        return ImageAnnotations(image_id=image_id, set_id=chosen, revision=revision, annotations=_replayed(log))

    def apply_changes(self, image_id: str, changes: ChangeSet, caller: Caller) -> Saved:
        """Save a change set, all of it or nothing; one that was saved before returns the first answer.

        Raises:
            NotFound: no such picture or set, or it lies in the trash.
            Invalid: with code `class_unknown`, `outside_image`, `geometry_invalid`, `attribute_invalid`,
                `too_many_changes` and the like.
            Conflict: with code `revision_conflict` where somebody saved in between (`detail` holds the newer state as
                `current`), `annotation_elsewhere` where an id belongs to another picture or set.
        """
        check_change_set(changes)
        with self._uow.write() as tx:
            return apply_in(tx, image_id, changes, caller)


def apply_in(tx: Transaction, image_id: str, changes: ChangeSet, caller: Caller) -> Saved:
    """Save a change set as `Annotations.apply_changes` does, within a transaction that does more."""
    image = tx.images.lock(image_id)
    if not tx.annotations.living(image.project_id):
        raise NotFound("the picture's project is in the trash; restore it first")
    set_id = _set_of(tx, image, changes.set_id, caller)
    saved = tx.annotations.logged_revision(image_id, set_id, changes.change_id)
    if saved is not None:
        return Saved(image_id=image_id, set_id=set_id, revision=saved)
    if image.deleted_at is not None:
        raise NotFound("the picture is in the trash; restore it first")
    if not tx.annotations.advance(image_id, set_id, changes.base_revision):
        raise _conflict(_current(tx, image, set_id))
    return _save(tx, image, set_id, changes, caller)


def _replayed(log: Sequence[LogEntry]) -> tuple[Annotation, ...]:
    """Return what a picture has after these changes, in drawing order."""
    found: dict[str, Annotation] = {}
    for entry in log:
        for change in entry.changes:
            if isinstance(change, Delete):
                found.pop(change.id, None)
            else:
                found[change.annotation.id] = change.annotation
    return tuple(sorted(found.values(), key=lambda item: (item.z, item.id)))


def _set_of(tx: Transaction, image: Image, set_id: str | None, caller: Caller | None = None) -> str:
    if set_id is None:
        own = tx.labelers.mine(image.id, caller.id) if caller is not None else None
        if own is not None:
            return own
        return tx.annotations.default_set(image.project_id)
    owner = tx.annotations.set_owner(set_id) if is_id(set_id) else None
    me = None if caller is None else caller.id
    if owner is None or owner[0] != image.project_id or owner[1] not in (None, me):
        raise NotFound("there is no such annotation set in this project")
    return set_id


def _current(tx: Transaction, image: Image, set_id: str) -> ImageAnnotations:
    return ImageAnnotations(
        image_id=image.id,
        set_id=set_id,
        revision=tx.annotations.revision(image.id, set_id),
        annotations=tx.annotations.of_image(image.id, set_id),
    )


def _conflict(current: ImageAnnotations) -> Conflict:
    message = f"the picture was changed meanwhile and is now at revision {current.revision}"
    return Conflict(message, code="revision_conflict", detail={"current": asdict(current)})


def _save(tx: Transaction, image: Image, set_id: str, changes: ChangeSet, caller: Caller) -> Saved:
    put, gone = final_changes(changes.changes)
    put = _checked(tx, image, [fit(item, image, caller.id) for item in put])
    check_values(tx, image, set_id, put)
    before = _places(tx, image, set_id, [item.id for item in put] + gone)
    put = [replace(item, run_id=before[item.id].run_id if item.id in before else None) for item in put]
    time = now()
    tx.annotations.upsert(image.project_id, image.id, set_id, put, at=time)
    tx.annotations.delete(image.id, set_id, gone)
    revision = changes.base_revision + 1
    entry = LogEntry(
        id=new_id(),
        image_id=image.id,
        set_id=set_id,
        change_id=changes.change_id,
        revision=revision,
        author_id=caller.id,
        created_at=time,
        changes=(*(Upsert(annotation=item) for item in put), *(Delete(id=key) for key in gone)),
    )
    tx.annotations.add_log(image.project_id, [entry])
    state, count, proposals = _count(tx, image, set_id, revision, _more(before, put))
    data = {"set_id": set_id, "revision": revision, "change_id": changes.change_id, "author_id": caller.id}
    data |= {"state": state, "annotations": count, "proposals": proposals}
    tx.publish(Event(topic="annotations", project_id=image.project_id, id=image.id, data=data))
    reviewing.begin(tx, image, caller)
    return Saved(image_id=image.id, set_id=set_id, revision=revision)


def _checked(tx: Transaction, image: Image, put: Sequence[Annotation]) -> list[Annotation]:
    """Return them with classes and models of the picture's project. Raises Invalid.

    What comes late for a class that was merged (drawn offline, brought back from the history) is of the one it went to.
    """
    wanted = {item.class_id for item in put}
    unknown = wanted - tx.classes.held(image.project_id, wanted)
    if unknown:
        heirs = tx.classes.heirs(image.project_id, unknown)
        put = [replace(item, class_id=heirs.get(item.class_id, item.class_id)) for item in put]
        unknown -= set(heirs)
        if heirs:  # also who sent it looks again
            tx.publish(Event(topic="image", project_id=image.project_id, id=image.id, data={"action": "relabeled"}))
    if unknown:
        message = f"class {min(unknown)[:60]!r} is not one of this project"
        raise Invalid(message, code="class_unknown", detail={"class_ids": sorted(unknown)[:20]})
    for model_id in {item.model_id for item in put if item.model_id is not None}:
        if tx.projects.owner("model", model_id) != image.project_id:
            raise Invalid(f"model {model_id[:60]!r} is not one of this project", code="model_unknown")
    return [*put]


def _places(tx: Transaction, image: Image, set_id: str, ids: Sequence[str]) -> dict[str, Place]:
    """Return what is stored under these ids, all of it on this picture and in this set."""
    places = tx.annotations.places(ids)
    for identifier, place in places.items():
        if (place.image_id, place.set_id) != (image.id, set_id):
            message = f"annotation {identifier} belongs to another picture or set; a new shape needs a new id"
            raise Conflict(message, code="annotation_elsewhere")
    return places


def _more(before: Mapping[str, Place], put: Sequence[Annotation]) -> Counter[str]:
    """Return how many annotations more (or fewer) of each class there are after a save."""
    more = Counter(item.class_id for item in put if item.state != "proposal")
    more.subtract(place.class_id for place in before.values() if place.counts)
    return more


def _count(
    tx: Transaction, image: Image, set_id: str, revision: int, more: Mapping[str, int]
) -> tuple[ImageState, int, int]:
    """Bring state and counts in line; those of the ground truth also stand on the picture and on its project."""
    count, proposals = tx.annotations.count(image.id, set_id)
    default = set_id == tx.annotations.default_set(image.project_id)
    kept: ImageState = "empty" if default and image.state == "empty" else "unlabeled"
    state: ImageState = "labeled" if count else kept
    tx.annotations.set_state(image.id, set_id, state, count)
    if default:
        # A class of which there are as many as before is among `more` as well; those of proposals are not.
        tx.images.save(image, state, (count, proposals), revision, changed=bool(more))
        done = int(state != "unlabeled") - int(image.state != "unlabeled")
        tx.projects.count_up(image.project_id, labeled=done, annotations=count - image.annotations, at=now())
        tx.classes.count_up({(image.split, class_id): n for class_id, n in more.items()})
    return state, count, proposals
