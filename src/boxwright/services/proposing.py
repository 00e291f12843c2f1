"""Detections of a run on their way into the ground truth, as proposals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from boxwright.domain.annotations import Annotation, Delete
from boxwright.domain.clipping import clip
from boxwright.domain.geometry import Geometry, clip_box
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.manifest import geometry_from_json
from boxwright.domain.projects import Image
from boxwright.services.classes import add_classes
from boxwright.services.ledger import Edit, Signature, record
from boxwright.services.overlap import fresh
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction

LABEL, UNDO = "label:", "undo:"


class Choice(Protocol):
    """What a person chose for the run."""

    model_id: str
    threshold: float
    thresholds: Mapping[str, float]
    create_classes: bool

    def take(self, image: Image) -> bool:
        """Tell whether the run is for this picture, as it is now."""

    def target(self, name: str) -> str:
        """Return the name that a class of the model has here; empty for one that is dropped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the task found on one picture."""

    image_id: str
    rows: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, line: str) -> "Found | None":
        """Read a line of the task's `detections.jsonl`; None for a picture that could not be read."""
        value = json.loads(line)
        return None if value.get("error") is not None else cls(image_id=value["id"], rows=value["detections"])


@dataclass(kw_only=True, slots=True)
class Tally:
    """What a run did.

    It made `proposals` on `proposal_images` pictures in place of the `replaced` ones of earlier runs. Detections were
    `left_out` where they show what is annotated already, and pictures `skipped` that are no longer for the run.
    """

    proposals: int = 0
    proposal_images: int = 0
    replaced: int = 0
    left_out: int = 0
    skipped: int = 0
    classes_created: int = 0


class Proposer:
    """Lands the detections of one run.

    What a run changes on a picture is one change set, so a run that is repeated after a crash passes over pictures
    that have it.
    """

    def __init__(self, job: Job, choice: Choice) -> None:
        assert job.project_id is not None
        self._project_id, self._job, self._choice = job.project_id, job, choice
        self._signature = Signature(change_id=f"{LABEL}{job.id}", author_id=job.created_by, run_id=job.id)
        self.tally = Tally()

    def land(self, tx: Transaction, batch: Sequence[Found]) -> None:
        """Write the proposals for some pictures, as the pictures are now."""
        tx.projects.get(self._project_id)
        set_id = tx.annotations.default_set(self._project_id)
        ids = [item.image_id for item in batch]
        images = {image.id: image for image in tx.images.some(self._project_id, ids, lock=True)}
        before = tx.annotations.of_images(ids, set_id)
        done = self._done(tx, ids, set_id)
        classes = self._classes(tx, batch)
        edits = []
        for item in batch:
            image = images.get(item.image_id)
            wanted = [] if image is None else self._proposals(item, image, classes)
            if item.image_id in done:
                made, replaced = done[item.image_id]
                self._count(made, replaced, len(wanted) - made)
            elif image is None or not self._choice.take(image):
                self.tally.skipped += 1
            else:
                put = fresh(wanted, before[image.id])
                gone = [old.id for old in before[image.id] if old.state == "proposal"]
                self._count(len(put), len(gone), len(wanted) - len(put))
                if put or gone:
                    edits.append(Edit(image=image, before=before[image.id], put=put, gone=gone))
        record(tx, set_id, edits, self._signature)

    def _count(self, made: int, replaced: int, left_out: int) -> None:
        self.tally.proposals += made
        self.tally.proposal_images += bool(made)
        self.tally.replaced += replaced
        self.tally.left_out += left_out

    def _done(self, tx: Transaction, ids: Sequence[str], set_id: str) -> dict[str, tuple[int, int]]:
        """Return, for pictures that have this run's change set, how many proposals it made and how many it replaced."""
        found = {}
        for image_id, entries in tx.proposals.entries(ids, set_id).items():
            for entry in entries:
                if entry.change_id == self._signature.change_id:
                    replaced = sum(isinstance(change, Delete) for change in entry.changes)
                    found[image_id] = len(entry.changes) - replaced, replaced
        return found

    def _sure(self, row: Mapping[str, Any]) -> bool:
        return bool(row["score"] >= self._choice.thresholds.get(row["class"], self._choice.threshold))

    def _classes(self, tx: Transaction, batch: Sequence[Found]) -> dict[str, str]:
        """Return class of the model -> class id here; one that is missing and may be created is, once it is found."""
        here = tx.classes.names(self._project_id)
        names = {row["class"] for item in batch for row in item.rows if self._sure(row)}
        wanted = {name: target for name in sorted(names) if (target := self._choice.target(name))}
        if self._choice.create_classes:
            all_of_them = add_classes(tx, self._project_id, list(wanted.values()))
            self.tally.classes_created += len(all_of_them) - len(here)
            here = all_of_them
        return {name: here[nfc(target)] for name, target in wanted.items() if nfc(target) in here}

    def _proposals(self, item: Found, image: Image, classes: Mapping[str, str]) -> list[Annotation]:
        proposals = []
        # In order: annotations are read back by id, so the model's order stays, the surest first.
        ids = iter(sorted(new_id() for _ in item.rows))
        for row in item.rows:
            shape = _shape(row, image)
            if shape is None or row["class"] not in classes or not self._sure(row):
                continue
            proposals.append(
                Annotation(
                    id=next(ids),
                    class_id=classes[row["class"]],
                    geometry=shape,
                    source="model",
                    state="proposal",
                    score=row["score"],
                    author_id=self._job.created_by,
                    model_id=self._choice.model_id,
                    run_id=self._job.id,
                )
            )
        return proposals


def _shape(row: Mapping[str, Any], image: Image) -> Geometry | None:
    """Return the outline of a detection where it has one, else its box; None for what is outside the picture."""
    mask = row.get("mask")
    outline = None if mask is None else clip(geometry_from_json(mask), image.width, image.height)
    return outline or clip_box(tuple(row["box"]), image.width, image.height)
