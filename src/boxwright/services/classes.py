"""Label classes: names, colours, hotkeys and their order."""

import re
from collections.abc import Sequence
from dataclasses import asdict

from boxwright.domain.attributes import AttributeDefinition, to_json
from boxwright.domain.class_changes import ClassChange, ClassChangeKind
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import CLASS_COLORS, LabelClass
from boxwright.services import checks
from boxwright.services.attributes import checked
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MAX_CLASSES = 10_000
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_DIGITS = "123456789"
_NOTED = ("name", "color", "hotkey", "position", "hidden", "attributes")


def add_classes(tx: Transaction, project_id: str, names: Sequence[str], color: str | None = None) -> dict[str, str]:
    """Add the classes that are missing, inside a transaction; returns compared name (NFC) -> id of every class.

    New classes take the next colours and, among the first nine, the free digits as hotkeys. Raises Invalid.
    """
    ids = tx.classes.names(project_id)
    wanted = {nfc(checked): checked for checked in (checks.name(item, "the class name") for item in names)}
    missing = [(key, item) for key, item in wanted.items() if key not in ids]
    if not missing:
        return ids
    if len(ids) + len(missing) > MAX_CLASSES:
        raise Invalid(f"a project holds at most {MAX_CLASSES} classes", code="too_many_classes")
    old = tx.classes.list(project_id)
    free = [digit for digit in _DIGITS[len(old) :] if digit not in {item.hotkey for item in old}]
    start = max((item.position for item in old), default=-1) + 1
    new = [
        LabelClass(
            id=new_id(),
            project_id=project_id,
            name=item,
            color=color or CLASS_COLORS[(len(old) + number) % len(CLASS_COLORS)],
            hotkey=free[number] if number < len(free) else None,
            position=start + number,
        )
        for number, (_, item) in enumerate(missing)
    ]
    tx.classes.add(new)
    for label in new:
        tx.publish(Event(topic="class", project_id=project_id, id=label.id, data={"action": "created"}))
    return ids | {nfc(label.name): label.id for label in new}


class Classes:
    """Rules about classes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, project_id: str) -> tuple[LabelClass, ...]:
        """Return the classes in their order. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.classes.list(project_id)

    def add(self, project_id: str, names: Sequence[str], color: str | None = None) -> tuple[LabelClass, ...]:
        """Add classes and return them in the order asked for; those that exist are returned, not doubled.

        Raises NotFound, Invalid.
        """
        _check_color(color)
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            ids = add_classes(tx, project_id, names, color)
            found = {item.id: item for item in tx.classes.list(project_id)}
        keys = dict.fromkeys(nfc(item.strip()) for item in names)
        return tuple(found[ids[key]] for key in keys)

    def update(
        self,
        class_id: str,
        caller: Caller | None = None,
        *,
        name: str | None = None,
        color: str | None = None,
        hotkey: str | None = None,
        position: int | None = None,
        hidden: bool | None = None,
        attributes: Sequence[AttributeDefinition] | None = None,
    ) -> LabelClass:
        """Change what is not None; an empty hotkey removes it, a position moves the class there in the list.

        `attributes` take the place of all those that the class had; what objects have of them stays. What changes is
        noted, so that `ClassChanges.undo` can take it back.

        Raises NotFound, Invalid, Conflict (`name_taken`, `hotkey_taken`).
        """
        _check_color(color)
        with self._uow.write() as tx:
            label = tx.classes.get(class_id)
            tx.projects.get(label.project_id)
            others = [item for item in tx.classes.list(label.project_id) if item.id != class_id]
            values: dict[str, object] = {"color": color, "hidden": hidden}
            if name is not None:
                values["name"] = free_name(name, others)
            values = {key: value for key, value in values.items() if value is not None}
            if hotkey is not None:
                values["hotkey"] = free_hotkey(hotkey, others)
            if attributes is not None:
                values["attributes"] = to_json(checked(attributes))
            if values:
                tx.classes.update(class_id, **values)
            if position is not None:
                place(tx, label, position)
            changed = tx.classes.get(class_id)
            _note_update(tx, label, changed, caller)
            tx.publish(Event(topic="class", project_id=label.project_id, id=class_id, data={"action": "updated"}))
            return changed

    def delete(self, class_id: str, caller: Caller | None = None) -> None:
        """Delete a class that nothing uses. Raises NotFound, Conflict (`class_in_use`).

        `ClassChanges` deletes one with all its objects.
        """
        with self._uow.write() as tx:
            label = tx.classes.get(class_id)
            used = tx.classes.used(class_id)
            if used:
                message = (
                    f"{used} annotations or tracks use the class {label.name!r}; merge it into another one, or delete "
                    "it with all its objects"
                )
                raise Conflict(message, code="class_in_use", detail={"annotations": used})
            order = [item.id for item in tx.classes.list(label.project_id)]
            tx.classes.delete(class_id)
            _note(tx, label, "delete", (), {"classes": [class_id], "into_id": None, "order": order}, caller)
            tx.publish(Event(topic="class", project_id=label.project_id, id=class_id, data={"action": "deleted"}))


def _check_color(color: str | None) -> None:
    if color is not None and not _COLOR.fullmatch(color):
        raise Invalid(f"a colour is written #RRGGBB, not {color[:20]!r}", code="color_invalid")


def free_name(name: str, others: Sequence[LabelClass]) -> str:
    """Return a name that no other class has. Raises Conflict, which names the one that has it."""
    checked = checks.name(name, "the class name")
    owner = next((item for item in others if nfc(item.name) == nfc(checked)), None)
    if owner is not None:
        message = f"there is a class named {checked!r} already; merge the two, or choose another name"
        raise Conflict(message, code="name_taken", detail={"class_id": owner.id})
    return checked


def free_hotkey(hotkey: str, others: Sequence[LabelClass]) -> str | None:
    """Return a key that no other class has, or None for none. Raises Conflict."""
    if not hotkey.strip():
        return None
    checked = checks.name(hotkey, "the hotkey", 20)
    taken = next((item.name for item in others if item.hotkey == checked), None)
    if taken is not None:
        raise Conflict(f"the hotkey {checked!r} belongs to the class {taken!r}", code="hotkey_taken")
    return checked


def place(tx: Transaction, label: LabelClass, position: int) -> None:
    """Move a class to a place in the list, from 0. Raises Invalid."""
    if position < 0:
        raise Invalid("the position of a class counts from 0", code="position_invalid")
    others = [item for item in tx.classes.list(label.project_id) if item.id != label.id]
    order = (*others[:position], label, *others[position:])
    for number, item in enumerate(order):
        if item.position != number:
            tx.classes.update(item.id, position=number)


def _note_update(tx: Transaction, before: LabelClass, after: LabelClass, caller: Caller | None) -> None:
    old, new = ({**asdict(item), "attributes": to_json(item.attributes)} for item in (before, after))
    fields = tuple(name for name in _NOTED if old[name] != new[name])
    if fields:
        memory = {"before": {name: old[name] for name in fields}, "after": {name: new[name] for name in fields}}
        _note(tx, before, "update", fields, {"class_id": before.id, **memory}, caller)


def _note(
    tx: Transaction,
    label: LabelClass,
    kind: ClassChangeKind,
    fields: tuple[str, ...],
    memory: dict[str, object],
    caller: Caller | None,
) -> None:
    change = ClassChange(
        id=new_id(),
        project_id=label.project_id,
        created_at=now(),
        created_by=None if caller is None else caller.id,
        kind=kind,
        names=(label.name,),
        fields=fields,
    )
    tx.class_changes.add(change)
    tx.class_changes.finish(change, memory)
