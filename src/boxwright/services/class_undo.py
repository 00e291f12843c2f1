"""Changes of classes taken back: what somebody has worked on since stays."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from boxwright.domain.attributes import to_json
from boxwright.domain.class_changes import ClassChange
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import LabelClass
from boxwright.domain.queries import query_from_json, query_to_json
from boxwright.services.class_ledger import ClassLedger, Deed
from boxwright.services.class_tracks import return_tracks
from boxwright.services.classes import free_hotkey, free_name, place
from boxwright.services.ledger import Signature
from boxwright.storage.repositories.class_changes import Move
from boxwright.storage.repositories.class_objects import Thing
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction


def take_back(tx: Transaction, change_id: str, caller: Caller) -> ClassChange:
    """Take a change back, inside a transaction. Raises NotFound, Invalid, Conflict."""
    change = tx.class_changes.get(change_id)
    tx.projects.get(change.project_id)
    if change.kind == "undo":
        raise Invalid("this has taken a change back; do that change again instead", code="not_undoable")
    if change.undone:
        raise Conflict("this change was taken back already", code="undone_already")
    back = ClassChange(
        id=new_id(),
        project_id=change.project_id,
        created_at=now(),
        created_by=caller.id,
        kind="undo",
        names=change.names,
        into=change.into,
        fields=change.fields,
        undoes=change.id,
    )
    tx.class_changes.add(back)
    memory = tx.class_changes.memory(change_id)
    done = _undo_update(tx, back, memory) if change.kind == "update" else _Undoing(tx, change, back, memory).run()
    tx.class_changes.finish(done, {})
    detail = {"name": ", ".join(done.names)[:200], "count": done.objects}
    tx.audit.add(caller, f"class.undo_{change.kind}", project_id=change.project_id, subject=change.id, detail=detail)
    return done


def _undo_update(tx: Transaction, back: ClassChange, memory: Mapping[str, Any]) -> ClassChange:
    """Give a class back what was changed about it; what is another value by now stays."""
    class_id, before, after = memory["class_id"], memory["before"], memory["after"]
    if not tx.classes.belonging(back.project_id, [class_id]):
        raise NotFound(f"the class {back.names[0]!r} is gone; take back what became of it first")
    label = tx.classes.get(class_id)
    others = [item for item in tx.classes.list(back.project_id) if item.id != class_id]
    present = _present(label)
    ours = [key for key in after if present[key] == after[key]]
    values = {key: before[key] for key in ours if key != "position"}
    if "name" in values:
        free_name(str(values["name"]), others)
    if values.get("hotkey"):
        free_hotkey(str(values["hotkey"]), others)
    if values:
        tx.classes.update(class_id, **values)
    if "position" in ours:
        place(tx, label, int(before["position"]))
    _tell(tx, back.project_id, [class_id])
    return replace(back, fields=tuple(ours), kept=len(after) - len(ours))


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Objects of one batch: what is to be done, and how many are left alone."""

    deeds: list[Deed]
    kept: int


class _Undoing:
    """Takes back one merge, split or deletion."""

    def __init__(self, tx: Transaction, change: ClassChange, back: ClassChange, memory: Mapping[str, Any]) -> None:
        self._tx, self._change, self._back, self._memory = tx, change, back, memory
        self._project_id = change.project_id
        self._into_id: str | None = memory["into_id"]
        self._signature = Signature(change_id=f"undo:{back.id}", author_id=back.created_by)
        self._ledger = ClassLedger(tx, self._project_id, self._signature)

    def run(self) -> ClassChange:
        """Do it."""
        tx = self._tx
        self._impoverish()
        names = self._revive() if self._change.kind != "split" else self._change.names
        here = tx.classes.belonging(self._project_id, self._memory["classes"])
        kept = sum(self._return(set_id, here) for set_id in tx.class_objects.sets(self._project_id))
        former = self._memory.get("tracks", {})
        tracks, others = return_tracks(tx, former, self._into_id, here.__contains__, self._signature)
        self._ledger.finish()
        self._forget_made()
        self._views()
        _tell(tx, self._project_id, [*self._memory["classes"], *([self._into_id] if self._into_id else [])])
        return replace(
            self._back,
            names=tuple(names),
            objects=self._ledger.objects,
            images=self._ledger.images,
            tracks=tracks,
            kept=kept + others,
        )

    def _impoverish(self) -> None:
        """Take from the class what it got with the objects, unless somebody has changed that since."""
        enriched: dict[str, dict[str, Any]] | None = self._memory.get("enriched")
        if enriched is None or self._into_id is None:
            return
        before, after = enriched["before"], enriched["after"]
        for label in self._tx.classes.find(self._project_id, [self._into_id]).values():
            present = _present(label)
            values = {key: before[key] for key in after if present[key] == after[key]}
            if values:
                self._tx.classes.update(label.id, **values)

    def _revive(self) -> list[str]:
        """Put the classes back into the list, in their places; returns their names. A name or key may be taken."""
        tx = self._tx
        dead = tx.classes.find(self._project_id, self._memory["classes"])
        names = []
        for class_id in self._memory["classes"]:
            label, others = dead[class_id], tx.classes.list(self._project_id)
            if any(item.id == class_id for item in others):
                names.append(label.name)
                continue
            name = _another(label.name, {nfc(item.name) for item in others})
            hotkey = label.hotkey if label.hotkey not in {item.hotkey for item in others} else None
            tx.classes.update(class_id, name=name, hotkey=hotkey)
            tx.classes.revive(self._project_id, [class_id])
            place(tx, label, _position(self._memory["order"], class_id, others))
            names.append(name)
        return names

    def _return(self, set_id: str, here: set[str]) -> int:
        """Give the objects of a set their class back, batch by batch; returns how many stay as they are."""
        kept, after = 0, ""
        while moves := self._tx.class_changes.moves(self._change.id, set_id, after):
            found = self._sorted(set_id, moves, here)
            self._ledger.write(set_id, found.deeds)
            kept += found.kept
            after = moves[-1][0]
        return kept

    def _sorted(self, set_id: str, moves: Sequence[Move], here: set[str]) -> _Sorted:
        former = {key: class_id for _, _, classes, _ in moves for class_id, keys in classes.items() for key in keys}
        lost = {key: values for _, _, _, taken in moves for key, values in taken.items()}
        deeds = []
        for thing in self._tx.class_objects.things(set_id, list(former)):
            if former[thing.id] in here and self._is_as_left(thing, former[thing.id]):
                values = {**lost[thing.id], **(thing.attributes or {})} if thing.id in lost else None
                deeds.append(Deed(thing, former[thing.id], values))
        return _Sorted(deeds, len(former) - len(deeds))

    def _is_as_left(self, thing: Thing, former: str) -> bool:
        if self._into_id is None:
            return thing.dead and thing.class_id == former
        return not thing.dead and thing.class_id == self._into_id

    def _forget_made(self) -> None:
        """Delete the class that was made for the objects, where it has none now."""
        if self._memory.get("made") and self._into_id is not None:
            self._tx.classes.close([self._into_id])
            if not self._tx.classes.used(self._into_id):
                self._tx.classes.delete(self._into_id)
                for first in self._tx.classes.list(self._project_id)[:1]:
                    place(self._tx, first, 0)  # so that the others close up

    def _views(self) -> None:
        views = {view.id: view for view in self._tx.views.of_project(self._project_id)}
        for one in self._memory.get("views", ()):
            view = views.get(one["id"])
            if view is not None and query_to_json(view.query) == query_to_json(query_from_json(one["after"])):
                self._tx.views.put(replace(view, query=query_from_json(one["before"])))
                self._tx.publish(Event(topic="view", project_id=self._project_id, id=view.id))


def _present(label: LabelClass) -> dict[str, Any]:
    """Return a class as it is remembered, which is as JSON: lists are lists."""
    found: dict[str, Any] = json.loads(json.dumps({**asdict(label), "attributes": to_json(label.attributes)}))
    return found


def _another(name: str, taken: set[str]) -> str:
    """Return the name, with a number where it is taken."""
    number = 2
    found = name
    while nfc(found) in taken:
        found = f"{name[:190]} {number}"
        number += 1
    return found


def _position(order: Sequence[str], class_id: str, others: Sequence[LabelClass]) -> int:
    """Return the place of a class among others: behind the one that it stood behind before."""
    before = set(order[: order.index(class_id)]) if class_id in order else set()
    return max((number + 1 for number, item in enumerate(others) if item.id in before), default=0)


def _tell(tx: Transaction, project_id: str, class_ids: Sequence[str]) -> None:
    for class_id in class_ids:
        tx.publish(Event(topic="class", project_id=project_id, id=class_id, data={"action": "updated"}))
