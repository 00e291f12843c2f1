"""Entries of the change log that give objects another class, kept as their ids alone.

A million objects that change their class would else write a million geometries. Whoever reads the log gets what any
other change looks like: the whole object, as the entries before tell it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from boxwright.domain.annotations import Annotation, Attributes, Delete, Upsert

RELABEL = "relabel"


def relabel_to_json(class_id: str, ids: Sequence[str], values: Mapping[str, Attributes]) -> dict[str, Any]:
    """Return what the log keeps of objects that got a class, and some of them other attributes."""
    found = {key: dict(item) for key, item in values.items()}
    return {"op": RELABEL, "class_id": class_id, "ids": list(ids), "attributes": found}


def is_relabel(value: Mapping[str, Any]) -> bool:
    """Tell whether a change in the log is one of these."""
    return bool(value["op"] == RELABEL)


def remember(known: dict[str, Annotation], changes: Iterable[Upsert | Delete]) -> None:
    """Follow changes, so that `known` has every object as it is after them."""
    for change in changes:
        if isinstance(change, Delete):
            known.pop(change.id, None)
        else:
            known[change.annotation.id] = change.annotation


def spelled_out(value: Mapping[str, Any], known: Mapping[str, Annotation]) -> list[Upsert]:
    """Return what the log has meant: whole objects."""
    values = value["attributes"]
    return [
        Upsert(
            annotation=replace(
                known[key], class_id=value["class_id"], attributes=values.get(key, known[key].attributes)
            )
        )
        for key in value["ids"]
        if key in known
    ]
