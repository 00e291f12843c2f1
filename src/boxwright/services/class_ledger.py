"""Objects of many pictures that change their class, go, or come back: rows, revisions, log, counts and events.

Unlike `ledger`, which reads and writes whole objects, this moves a million of them within one transaction: objects are
named by their ids, a batch at a time, in every annotation set, and the project is counted once at the end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from boxwright.domain.annotations import Attributes, Delete, Upsert
from boxwright.domain.clock import now
from boxwright.domain.events import Event
from boxwright.domain.projects import Image, ImageState, Split
from boxwright.services.ledger import Signature
from boxwright.storage.repositories.class_objects import Thing
from boxwright.storage.repositories.relabels import relabel_to_json
from boxwright.storage.unit_of_work import Transaction

# Pictures of which open editors are told one by one; of more they are told that many have changed.
_TOLD = 500


@dataclass(frozen=True, slots=True)
class Deed:
    """What becomes of an object: of which class it is then (None: it goes), and its attributes if they change."""

    thing: Thing
    to: str | None
    values: Attributes | None = None

    def more(self) -> int:
        """Return how many annotations more there are then: -1, 0 or 1."""
        if self.thing.proposal or self.thing.dead == (self.to is None):
            return 0
        return 1 if self.thing.dead else -1


class ClassLedger:
    """Writes deeds of one change, batch by batch; `finish` counts and tells."""

    def __init__(self, tx: Transaction, project_id: str, signature: Signature) -> None:
        self._tx, self._project_id, self._signature = tx, project_id, signature
        self._truth = tx.annotations.default_set(project_id)
        self._time = now()
        self._more: Counter[tuple[Split, str]] = Counter()
        self._labeled = self._annotations = 0
        self._events: list[Event] = []
        self._images: set[bytes] = set()
        self.objects = 0

    @property
    def images(self) -> int:
        """How many pictures were touched so far."""
        return len(self._images)

    def write(self, set_id: str, deeds: Sequence[Deed]) -> None:
        """Do what is to be done to objects of one set. All deeds of one picture come together."""
        if not deeds:
            return
        by_image: dict[str, list[Deed]] = defaultdict(list)
        for deed in deeds:
            by_image[deed.thing.image_id].append(deed)
        images = self._tx.images.some(self._project_id, list(by_image), lock=True)
        self._rows(deeds)
        self._settle(set_id, images, by_image)
        self.objects += len(deeds)
        self._images.update(bytes.fromhex(key.replace("-", "")) for key in by_image)

    def _rows(self, deeds: Sequence[Deed]) -> None:
        by_class: dict[str, list[str]] = defaultdict(list)
        for deed in deeds:
            if deed.to is not None:
                by_class[deed.to].append(deed.thing.id)
        for class_id, ids in by_class.items():
            self._tx.class_objects.put(ids, class_id=class_id, deleted_at=None)
        self._tx.class_objects.put([deed.thing.id for deed in deeds if deed.to is None], deleted_at=self._time)
        self._tx.class_objects.put_values({deed.thing.id: deed.values for deed in deeds if deed.values is not None})

    def _settle(self, set_id: str, images: Sequence[Image], deeds: Mapping[str, Sequence[Deed]]) -> None:
        """Bring revisions, states and counts of the pictures in line, and append to their log."""
        truth = set_id == self._truth
        standing = self._tx.class_objects.standing(set_id, [image.id for image in images])
        returned = [deed.thing.id for group in deeds.values() for deed in group if deed.thing.dead]
        whole = self._tx.class_objects.whole(returned)
        rows: list[tuple[str, ImageState, int, int, int, str | None]] = []
        states: list[tuple[str, int, ImageState, int]] = []
        log = []
        for image in images:
            mine = deeds[image.id]
            seen = (image.revision, image.state, image.annotations) if truth else standing.get(image.id, _NOTHING)
            revision, count = seen[0] + 1, seen[2] + sum(deed.more() for deed in mine)
            state = seen[1] if count == seen[2] else ("labeled" if count else "unlabeled")
            states.append((image.id, revision, state, count))
            changes = [*_relabels(mine), *(asdict(Upsert(annotation=whole[d.thing.id])) for d in mine if d.thing.dead)]
            changes += [asdict(Delete(id=deed.thing.id)) for deed in mine if deed.to is None]
            log.append(self._entry(image.id, set_id, revision, changes))
            if truth:
                proposals = image.proposals + sum(_proposals(deed) for deed in mine)
                counts = any(not deed.thing.proposal for deed in mine)
                rows.append((image.id, state, count, proposals, revision, self._time if counts else None))
                self._count(image, mine, state, count)
            self._tell(image.id, set_id, revision, state, count)
        self._tx.class_changes.add_log(self._project_id, log)
        self._tx.annotations.bulk_states(set_id, states)
        self._tx.images.settle(rows)

    def _entry(self, image_id: str, set_id: str, revision: int, changes: list[dict[str, object]]) -> dict[str, object]:
        return {
            "image_id": image_id,
            "set_id": set_id,
            "change_id": self._signature.change_id,
            "revision": revision,
            "author_id": self._signature.author_id,
            "created_at": self._time,
            "changes": changes,
            "run_id": None,
        }

    def _count(self, image: Image, deeds: Iterable[Deed], state: str, count: int) -> None:
        """Remember what the counts of the project and its classes change by; the trash is not among them."""
        if image.deleted_at is not None:
            return
        self._labeled += int(state != "unlabeled") - int(image.state != "unlabeled")
        self._annotations += count - image.annotations
        for deed in deeds:
            if deed.thing.proposal:
                continue
            if not deed.thing.dead:
                self._more[(image.split, deed.thing.class_id)] -= 1
            if deed.to is not None:
                self._more[(image.split, deed.to)] += 1

    def _tell(self, image_id: str, set_id: str, revision: int, state: str, count: int) -> None:
        if len(self._events) > _TOLD:
            return
        data = {"set_id": set_id, "revision": revision, "change_id": self._signature.change_id}
        data |= {"author_id": self._signature.author_id, "state": state, "annotations": count}
        self._events.append(Event(topic="annotations", project_id=self._project_id, id=image_id, data=data))

    def finish(self) -> None:
        """Count, and tell the listeners."""
        self._tx.projects.count_up(
            self._project_id, labeled=self._labeled, annotations=self._annotations, at=self._time
        )
        self._tx.classes.count_up(self._more)
        if len(self._events) <= _TOLD:
            for event in self._events:
                self._tx.publish(event)
        if self.objects:
            data = {"action": "relabeled", "count": self.images}
            self._tx.publish(Event(topic="images", project_id=self._project_id, id=self._project_id, data=data))


_NOTHING: tuple[int, ImageState, int] = (0, "unlabeled", 0)


def _proposals(deed: Deed) -> int:
    """Return how many proposals more there are."""
    if not deed.thing.proposal or deed.thing.dead == (deed.to is None):
        return 0
    return 1 if deed.thing.dead else -1


def _relabels(deeds: Iterable[Deed]) -> list[dict[str, object]]:
    """Return what the log keeps of living objects that get another class."""
    ids: dict[str, list[str]] = defaultdict(list)
    values: dict[str, dict[str, Attributes]] = defaultdict(dict)
    for deed in deeds:
        if deed.to is not None and not deed.thing.dead:
            ids[deed.to].append(deed.thing.id)
            if deed.values is not None:
                values[deed.to][deed.thing.id] = deed.values
    return [relabel_to_json(class_id, found, values[class_id]) for class_id, found in ids.items()]
