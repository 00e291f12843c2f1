"""Detections held against annotations: what becomes a suspicion."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from boxwright.domain.annotations import Annotation
from boxwright.domain.doubting import Doubt, Judge, Marked, Spotted
from boxwright.domain.geometry import Bounds, iou
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import geometry_from_json
from boxwright.domain.models import ModelCard, class_scores
from boxwright.storage.repositories.suspicions import NewSuspicion
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction

_AREAS = ("box", "rotated_box", "polygon", "mask", "ellipse")
# Below this a disagreement is not worth anybody's time.
_FLOOR = 0.2
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class _Case:
    """A doubt with its image, the label and the detection that it is about."""

    image_id: str
    doubt: Doubt
    label: Annotation | None
    changed_at: str | None
    row: Mapping[str, Any] | None


class Doubter:
    """Looks at all images of a check, batch by batch; `looked` are their ids, `seen` how many of them were learned."""

    def __init__(self, card: ModelCard, here: Mapping[str, str], learned: Collection[str] | None) -> None:
        """Take the model's card, the project's classes by compared name, and the images that the model learned from."""
        self._table = self.table(card, here)
        self._back = {class_id: index for index, class_id in self._table.items()}
        self._judge, self._learned = Judge(class_scores(card)), learned
        self._cases: list[_Case] = []
        self.looked: list[str] = []

    @staticmethod
    def table(card: ModelCard, here: Mapping[str, str]) -> dict[int, str]:
        """Return class of the model -> class of the project, of the same id or name, for those that are here."""
        ids = set(here.values())
        named = {
            index: item.id if item.id in ids else here.get(nfc(item.name)) for index, item in enumerate(card.classes)
        }
        return {index: class_id for index, class_id in named.items() if class_id is not None}

    @property
    def seen(self) -> int | None:
        """How many of the images the model learned from; None where that is not known."""
        return None if self._learned is None else len(set(self.looked) & set(self._learned))

    def look(self, tx: Transaction, project_id: str, batch: Sequence[Mapping[str, Any]]) -> None:
        """Hold what was found on some images against their annotations."""
        living = {image.id for image in tx.images.some(project_id, [item["id"] for item in batch])}
        ids = [item["id"] for item in batch if item["id"] in living]
        labels = tx.annotations.of_images(ids, tx.annotations.default_set(project_id))
        times = tx.suspicions.times([one.id for found in labels.values() for one in found])
        for item in batch:
            if item["id"] not in living:
                continue
            self.looked.append(item["id"])
            marks = [one for one in labels[item["id"]] if one.state != "proposal" and one.geometry.type in _AREAS]
            rows = [row for row in item["detections"] if row["class_id"] in self._table]
            for doubt in self._judge.look(self._marked(marks), _spotted(rows)):
                label = None if doubt.mark is None else marks[doubt.mark]
                row = None if doubt.find is None else rows[doubt.find]
                self._cases.append(_Case(item["id"], doubt, label, times.get(label.id) if label else None, row))

    def _marked(self, marks: Sequence[Annotation]) -> Marked:
        return Marked(
            np.array([item.geometry.bounds for item in marks], np.float64).reshape(-1, 4),
            np.array([self._back.get(item.class_id, -1) for item in marks], np.int64),
            np.array([item.crowd for item in marks], bool),
        )

    def kept(self, dismissed: Sequence[NewSuspicion]) -> list[NewSuspicion]:
        """Return what is likely enough, but for what a person has dismissed already."""
        known = defaultdict(list)
        for item in dismissed:
            known[item.image_id].append(item)
        scored = ((case, self._judge.score(case.doubt)) for case in self._cases)
        found = (self._new(case, score) for case, score in scored if score >= _FLOOR)
        return [item for item in found if not any(_same(item, old) for old in known[item.image_id])]

    def _new(self, case: _Case, score: float) -> NewSuspicion:
        model_class = self._table[case.doubt.class_id]
        own = model_class if case.label is None else case.label.class_id
        return NewSuspicion(
            id=new_id(),
            image_id=case.image_id,
            kind=case.doubt.kind,
            score=round(score, 4),
            confidence=case.doubt.confidence,
            iou=round(case.doubt.iou, 4),
            class_id=own,
            other_id=model_class if own != model_class else None,
            annotation_id=None if case.label is None else case.label.id,
            annotation_at=case.changed_at,
            suggestion=None if case.row is None else _shape(case.row, case.label),
            seen=None if self._learned is None else case.image_id in self._learned,
        )


def _spotted(rows: Sequence[Mapping[str, Any]]) -> Spotted:
    return Spotted(
        np.array([row["box"] for row in rows], np.float64).reshape(-1, 4),
        np.array([row["class_id"] for row in rows], np.int64),
        np.array([row["score"] for row in rows], np.float64),
    )


def _shape(row: Mapping[str, Any], label: Annotation | None) -> dict[str, object]:
    """Return the outline of a detection where it has one and the label is none of a box, else its box."""
    if row.get("mask") is not None and (label is None or label.geometry.type != "box"):
        return dict(row["mask"])
    x0, y0, x1, y1 = row["box"]
    return {"type": "box", "x0": x0, "y0": y0, "x1": x1, "y1": y1}


def _bounds(value: Mapping[str, object]) -> Bounds:
    return geometry_from_json(dict(value)).bounds


def _same(item: NewSuspicion, old: NewSuspicion) -> bool:
    """Tell whether a person has dismissed this: of the label as it is now, or of an object at this place."""
    if (item.kind, item.annotation_id, item.class_id) != (old.kind, old.annotation_id, old.class_id):
        return False
    if item.annotation_id is not None:
        return item.annotation_at == old.annotation_at and item.other_id == old.other_id
    if item.suggestion is None or old.suggestion is None:
        return False
    return iou(_bounds(item.suggestion), _bounds(old.suggestion)) >= _SAME


def to_json(item: NewSuspicion) -> dict[str, Any]:
    """Return a suspicion as a file between two steps of the job holds it."""
    return asdict(item)


def from_json(value: Mapping[str, Any]) -> NewSuspicion:
    """Read what `to_json` wrote."""
    return NewSuspicion(**value)
