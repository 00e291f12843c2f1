"""One thing done to many pictures at once; counts follow in the same transaction."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import SPLITS, Image, Split
from boxwright.services.ledger import Edit, Signature, record
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction

Action = Literal["move", "trash", "restore", "delete", "empty", "unlabeled"]
Looked = Literal["empty", "unlabeled"]
MAX_BULK = 10_000


def chosen(tx: Transaction, project_id: str, ids: Sequence[str]) -> list[Image]:
    """Return the pictures that something is to be done to, locked.

    Raises NotFound where the project is gone or an id is no picture of it, Invalid for too many.
    """
    unique = sorted(set(ids))
    if len(unique) > MAX_BULK:
        raise Invalid(f"at most {MAX_BULK} pictures at once", code="too_many_images")
    tx.projects.get(project_id)
    found = tx.images.some(project_id, unique, lock=True)
    if len(found) != len(unique):
        raise NotFound("some of these pictures are not in this project; nothing was changed")
    return found


def check_split(split: Split | None) -> Split:
    """Return a split that is one. Raises Invalid with code `split_invalid`."""
    if split not in SPLITS:
        raise Invalid(f"a split is one of {', '.join(SPLITS)}", code="split_invalid")
    return split


def _count_in(tx: Transaction, found: Sequence[Image], sign: int) -> None:
    """Add living pictures to the counts of their project and its classes (`sign` 1), or take them out (-1)."""
    if not found:
        return
    tx.projects.count_up(
        found[0].project_id,
        images=sign * len(found),
        labeled=sign * sum(image.state != "unlabeled" for image in found),
        annotations=sign * sum(image.annotations for image in found),
        at=now(),
    )
    tally = tx.classes.tally([image.id for image in found])
    tx.classes.count_up({key: sign * count for key, count in tally.items()})


def recount_split(tx: Transaction, found: Sequence[Image], split: Split) -> None:
    """Bring the counts in line for living pictures that were just moved to a split."""
    if not found:
        return
    tx.projects.count_up(found[0].project_id, at=now())
    more: Counter[tuple[Split, str]] = Counter()
    for old in SPLITS:
        moved = [image.id for image in found if image.split == old != split]
        for (_, class_id), count in tx.classes.tally(moved).items():
            more[(old, class_id)] -= count
            more[(split, class_id)] += count
    tx.classes.count_up(more)


def _move(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    target = check_split(split)
    ids = [image.id for image in found if image.split != target]
    tx.images.update_many(ids, split=target)
    recount_split(tx, [image for image in found if image.deleted_at is None], target)
    return ids


def _trash(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    living = [image for image in found if image.deleted_at is None]
    ids = [image.id for image in living]
    tx.images.update_many(ids, deleted_at=now())
    _count_in(tx, living, -1)
    return ids


def _restore(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    dead = [image for image in found if image.deleted_at is not None]
    if dead:
        taken = tx.images.names(dead[0].project_id)
        for image in dead:
            if taken.setdefault(nfc(image.name), image.id) != image.id:
                message = f"another picture is named {image.name!r} by now; rename it before you restore this one"
                raise Conflict(message, code="name_taken")
    ids = [image.id for image in dead]
    tx.images.update_many(ids, deleted_at=None)
    _count_in(tx, dead, 1)
    return ids


def _delete(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    if any(image.deleted_at is None for image in found):
        raise Conflict("only pictures in the trash can be deleted for good", code="not_in_trash")
    ids = [image.id for image in found]
    tx.images.delete(ids)
    return ids


def set_states(tx: Transaction, found: Sequence[Image], state: Looked, caller: Caller | None) -> list[str]:
    """Say of pictures without annotations whether that is right (`empty`); proposals on them are rejected by that.

    Returns the ids of those it changed. Raises Conflict with code `image_has_annotations`, `image_in_trash`, or
    `labelled_twice` where the caller labels one of them for themselves: that says nothing about the ground truth.
    """
    if state not in ("empty", "unlabeled"):
        raise Conflict("a picture is labelled by its annotations", code="image_has_annotations")
    changing = [image for image in found if image.state != state or (state == "empty" and image.proposals)]
    if any(image.deleted_at is not None for image in changing):
        raise Conflict("the picture is in the trash; restore it first", code="image_in_trash")
    labelled = [image for image in changing if image.annotations]
    if labelled:
        message = f"{labelled[0].name!r} has annotations; only an image without any can be empty or unlabelled"
        if len(labelled) > 1:
            message = f"{len(labelled)} of these images have annotations; leave them out, or delete the annotations"
        raise Conflict(message, code="image_has_annotations", detail={"ids": [image.id for image in labelled[:100]]})
    if not changing:
        return []
    if caller is not None and any(tx.labelers.mine(image.id, caller.id) for image in changing):
        message = "you label this image for yourself; submit it without any object to say that there are none"
        raise Conflict(message, code="labelled_twice")
    set_id = tx.annotations.default_set(changing[0].project_id)
    rejecting = [image for image in changing if state == "empty" and image.proposals]
    before = tx.annotations.of_images([image.id for image in rejecting], set_id)
    edits = [
        Edit(image=image, before=before[image.id], gone=[item.id for item in before[image.id]], empty=True)
        for image in rejecting
    ]
    record(tx, set_id, edits, Signature(change_id=f"empty:{new_id()}", author_id=caller.id if caller else None))
    plain = [image for image in changing if image not in rejecting]
    tx.images.update_many([image.id for image in plain], state=state, todo=int(state != "unlabeled"))
    tx.annotations.bulk_states(set_id, ((image.id, image.revision, state, 0) for image in plain))
    tx.projects.count_up(changing[0].project_id, labeled=len(plain) * (1 if state == "empty" else -1), at=now())
    return [image.id for image in changing]


def _empty(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    return set_states(tx, found, "empty", caller)


def _unlabeled(tx: Transaction, found: list[Image], split: Split | None, caller: Caller | None) -> list[str]:  # noqa: ARG001
    return set_states(tx, found, "unlabeled", caller)


Act = Callable[[Transaction, list[Image], Split | None, Caller | None], list[str]]
ACTIONS: dict[Action, Act] = {
    "move": _move,
    "trash": _trash,
    "restore": _restore,
    "delete": _delete,
    "empty": _empty,
    "unlabeled": _unlabeled,
}
