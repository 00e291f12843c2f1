"""Deals the pictures of a project out to train, val and test: shown before it is done, and taken back as one step."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from boxwright.domain.clock import now
from boxwright.domain.dealing import Deck, Ints, deal, grouped
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import SPLITS, Image, LabelClass
from boxwright.domain.splits import ClassShare, LeakReport, SplitChange, SplitNumbers, SplitPlan, SplitPreview, Together
from boxwright.services.image_actions import recount_split
from boxwright.storage.repositories.splits import Dealt, Move
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_LISTED = 20
_PLACE = {split: number for number, split in enumerate(SPLITS)}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dealt:
    """What a plan makes of the pictures: splits before and after as numbers, by picture."""

    pictures: Sequence[Dealt]
    deck: Deck
    after: Ints
    classes: tuple[LabelClass, ...]

    def moves(self) -> list[Move]:
        """Return what changes, by picture id."""
        changed = np.flatnonzero(self.after != self.deck.split).tolist()
        found = [(self.pictures[n].id, self.pictures[n].split, SPLITS[self.after[n]]) for n in changed]
        return sorted(found)

    def digest(self) -> str:
        """Return a name of this result: what moves from where to where."""
        return hashlib.sha256(repr(self.moves()).encode()).hexdigest()


class Splitting:
    """Rules about splits of whole projects."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def preview(self, project_id: str, plan: SplitPlan) -> SplitPreview:
        """Return what a plan would do; nothing changes. Raises NotFound, Invalid (`split_invalid`)."""
        with self._uow.read() as tx:
            return _told(_dealt(tx, project_id, plan))

    def make(self, project_id: str, plan: SplitPlan, caller: Caller, digest: str | None = None) -> SplitChange:
        """Deal the pictures out, all or none. With the `digest` of a preview nothing else than that is done.

        Raises NotFound, Invalid (`split_invalid`), Conflict (`plan_outdated`) where the pictures are others by now.
        """
        with self._uow.read() as tx:
            dealt = _dealt(tx, project_id, plan)
        if digest is not None and digest != dealt.digest():
            raise _outdated()
        change = _change(project_id, caller, plan=plan)
        with self._uow.write() as tx:
            return _move(tx, change, dealt.moves(), caller, whole=True)

    def undo(self, change_id: str, caller: Caller) -> SplitChange:
        """Take a change back, as one more change; what somebody has moved since stays. Raises NotFound."""
        with self._uow.write() as tx:
            change = tx.splits.get(change_id)
            tx.projects.get(change.project_id)
            back = [(key, after, before) for key, before, after in tx.splits.moves(change_id)]
            return _move(tx, _change(change.project_id, caller, undoes=change_id), back, caller, whole=False)

    def history(self, project_id: str) -> tuple[SplitChange, ...]:
        """Return the last changes, newest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.splits.newest(project_id, _LISTED)

    def leaks(self, project_id: str) -> LeakReport:
        """Return what lies in several splits at once. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return LeakReport(leaks=(tx.splits.leaks(project_id, "duplicates"), tx.splits.leaks(project_id, "video")))


def _outdated() -> Conflict:
    message = "the images have changed since this was looked at; look at the preview again, then apply it"
    return Conflict(message, code="plan_outdated")


def _change(
    project_id: str, caller: Caller, *, plan: SplitPlan | None = None, undoes: str | None = None
) -> SplitChange:
    return SplitChange(
        id=new_id(),
        project_id=project_id,
        created_at=now(),
        created_by=caller.id,
        moved=0,
        plan=plan,
        undoes=undoes,
    )


def _move(tx: Transaction, change: SplitChange, moves: list[Move], caller: Caller, *, whole: bool) -> SplitChange:
    """Move pictures, note it and tell of it; those that are elsewhere by now stay, or all do where it is `whole`."""
    project_id = change.project_id
    tx.projects.get(project_id)
    found = {image.id: image for image in tx.images.some(project_id, [key for key, _, _ in moves], lock=True)}
    there = [move for move in moves if (image := found.get(move[0])) is not None and image.split == move[1]]
    if whole and (len(there) < len(moves) or any(image.deleted_at is not None for image in found.values())):
        raise _outdated()
    for target in SPLITS:
        group = [found[key] for key, _, after in there if after == target]
        tx.images.update_many([image.id for image in group], split=target)
        living: list[Image] = [image for image in group if image.deleted_at is None]
        recount_split(tx, living, target)
    done = replace(change, moved=len(there))
    tx.splits.add(done, there)
    if there:
        tx.audit.add(caller, "images.split", project_id=project_id, detail={"count": len(there)})
        data = {"action": "move", "count": len(there)}
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
    return done


def _dealt(tx: Transaction, project_id: str, plan: SplitPlan) -> _Dealt:
    weights = (plan.train, plan.val, plan.test)
    if min(weights) < 0 or not 0 < sum(weights) < float("inf"):
        raise Invalid("the ratio needs numbers from 0 on, and one that is more than 0", code="split_invalid")
    tx.projects.get(project_id)
    pictures, classes = tx.splits.pictures(project_id), tx.classes.list(project_id)
    deck = _deck(tx, project_id, plan, pictures, classes)
    after = deck.split.copy()
    mine = np.array([item.labeled or not plan.labeled_only for item in pictures], bool)
    after[mine] = deal(
        _some(deck, mine), weights, dealing=plan.deal, mend=plan.mend, stratify=plan.stratify, seed=plan.seed
    )
    return _Dealt(pictures=pictures, deck=deck, after=after, classes=classes)


def _deck(
    tx: Transaction, project_id: str, plan: SplitPlan, pictures: Sequence[Dealt], classes: Sequence[LabelClass]
) -> Deck:
    number = {item.id: place for place, item in enumerate(pictures)}
    rank = {item.id: place for place, item in enumerate(classes)}
    set_id = tx.annotations.default_set(project_id)
    seen = [(number[a], rank[b], n) for a, b, n in tx.splits.objects(project_id, set_id) if b in rank and a in number]
    table = np.array(sorted(seen), np.int64).reshape(len(seen), 3)
    imports = tx.splits.imports(project_id) if "import" in plan.together else {}
    readers: dict[Together, Callable[[Dealt], object]] = {
        "folder": lambda item: item.name.rpartition("/")[0] or None,
        "video": lambda item: item.video_id,
        "duplicates": lambda item: item.sha256,
        "import": lambda item: imports.get(item.id),
    }
    # The same bytes, and what was found to show the same.
    alike = [[item.alike for item in pictures]] if "duplicates" in plan.together else []
    keys = alike + [[readers[name](item) for item in pictures] for name in plan.together]
    keys += [[item.metadata.get(name) for item in pictures] for name in plan.metadata]
    return Deck(
        split=np.array([_PLACE[item.split] for item in pictures], np.int64),
        group=grouped(len(pictures), keys),
        picture=table[:, 0],
        label=table[:, 1],
        objects=table[:, 2],
        labels=len(classes),
    )


def _some(deck: Deck, mine: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Deck:
    """Return the deck of some of the pictures."""
    place = np.cumsum(mine) - 1
    rows = mine[deck.picture]
    return Deck(
        split=deck.split[mine],
        group=np.unique(deck.group[mine], return_inverse=True)[1],
        picture=place[deck.picture[rows]],
        label=deck.label[rows],
        objects=deck.objects[rows],
        labels=deck.labels,
    )


def _told(dealt: _Dealt) -> SplitPreview:
    deck, before, after = dealt.deck, dealt.deck.split, dealt.after
    sizes = np.bincount(deck.group) if len(deck.group) else np.zeros(0, np.int64)
    dealt_out = after < _PLACE["none"]
    places = np.unique(deck.group[dealt_out] * len(SPLITS) + after[dealt_out]) // len(SPLITS)
    rows = zip(
        dealt.classes,
        _by_class(deck, before),
        _by_class(deck, after),
        strict=True,
    )
    classes = tuple(
        ClassShare(class_id=one.id, name=one.name, before=_numbers(a), after=_numbers(b)) for one, a, b in rows
    )
    return SplitPreview(
        moved=int((before != after).sum()),
        images_before=_numbers(np.bincount(before, minlength=len(SPLITS))),
        images_after=_numbers(np.bincount(after, minlength=len(SPLITS))),
        objects_before=_numbers(_by_class(deck, before).sum(0)),
        objects_after=_numbers(_by_class(deck, after).sum(0)),
        classes=classes,
        groups=int((sizes > 1).sum()),
        largest=int(sizes.max(initial=0)),
        torn=int((np.bincount(places) > 1).sum()),
        digest=dealt.digest(),
    )


def _by_class(deck: Deck, split: Ints) -> Ints:
    """Objects by class and split, shape (labels, 4)."""
    flat = deck.label * len(SPLITS) + split[deck.picture]
    counts = np.bincount(flat, weights=deck.objects, minlength=deck.labels * len(SPLITS))
    return counts.astype(np.int64).reshape(deck.labels, len(SPLITS))


def _numbers(counts: Ints) -> SplitNumbers:
    return SplitNumbers(**{split: int(counts[place]) for split, place in _PLACE.items()})
