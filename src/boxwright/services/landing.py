"""Imported records on their way into the database: classes, new pictures, and those that are here already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from boxwright.domain.annotations import Annotation, Delete, Drawn, LogEntry
from boxwright.domain.clock import now
from boxwright.domain.collecting import seldom_collected
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.exchange import ImageBefore, Policy, Problem
from boxwright.domain.ids import new_id, new_ids
from boxwright.domain.manifest import ImageRecord, ManifestHeader
from boxwright.domain.projects import Image, ImageState, Split
from boxwright.services import checks
from boxwright.services.classes import add_classes
from boxwright.services.drawn import Sized, drawn_parts, is_proposal, reviewed, shape_of, signature
from boxwright.services.metadata import checked_fields
from boxwright.services.tagging import checked_tags
from boxwright.storage.repositories.text import nfc
from boxwright.storage.types import json_text
from boxwright.storage.unit_of_work import Transaction

_BATCH = 500
_PROBLEMS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a person chose, and who it was. `class_map` renames classes of the input; an empty name drops one."""

    project_id: str
    job_id: str
    author_id: str | None
    policy: Policy
    class_map: Mapping[str, str]
    dry_run: bool


@dataclass(slots=True)
class Outcome:
    """What an import changes, or would in a dry run. `class_map` leads from classes of the input to those here."""

    added: int = 0
    updated: int = 0
    skipped: int = 0
    class_map: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    def problem(self, record: ImageRecord, code: str, message: str, *, kept: bool = False) -> None:
        """Report something about a picture."""
        self.problem_count += 1
        if len(self.problems) < _PROBLEMS:
            action: Problem = Problem(
                file=record.name, line=None, code=code, message=message, action="kept" if kept else "skipped"
            )
            self.problems.append(action)


@dataclass(slots=True)
class _Batch:
    """Rows that are written together."""

    images: list[tuple[Image, str | None]] = field(default_factory=list)
    annotations: list[tuple[str, Drawn]] = field(default_factory=list)
    states: list[tuple[str, int, ImageState, int]] = field(default_factory=list)
    log: list[tuple[LogEntry, Sequence[Drawn]]] = field(default_factory=list)
    before: list[tuple[str, ImageBefore | None]] = field(default_factory=list)
    changed: list[dict[str, object]] = field(default_factory=list)
    proposed: list[dict[str, object]] = field(default_factory=list)  # changed in what nobody has reviewed only
    gone: list[str] = field(default_factory=list)


class Landing:
    """Takes the records of one import in, inside one transaction.

    Args:
        tx: the transaction.
        terms: what was chosen.
        header: the import's classes.
        files: format and size in bytes of each stored picture, by SHA-256; empty in a dry run.
    """

    def __init__(
        self, tx: Transaction, terms: Terms, header: ManifestHeader, files: Mapping[str, tuple[str, int]]
    ) -> None:
        self._tx, self._terms, self._files = tx, terms, files
        self.outcome = Outcome()
        self._set_id = tx.annotations.default_set(terms.project_id)
        self._names = tx.images.names(terms.project_id)
        self._seen: set[str] = set()
        # Of the records at hand: their annotations, by the `id` of the record, and ids for them and for their log.
        self._parts: dict[int, list[Sized]] = {}
        self._ids: Iterator[str] = iter(())
        self._log_ids: Iterator[str] = iter(())
        self._time = now()
        self._bases: dict[str, str | None] = {}
        for name, image_id in self._names.items():
            base = name.rpartition("/")[2]
            self._bases[base] = None if base in self._bases else image_id
        self._classes = self._match_classes([item.name for item in header.classes])

    def _match_classes(self, names: Sequence[str]) -> list[str | None]:
        """Return the class id here for each class of the input; None for one that is dropped."""
        wanted = [self._terms.class_map.get(name, name).strip() for name in names]
        self.outcome.class_map = dict(zip(names, wanted, strict=True))
        real = [name for name in wanted if name]
        if self._terms.dry_run:
            ids = {nfc(name): f"new:{name}" for name in real} | self._tx.classes.names(self._terms.project_id)
        else:
            ids = add_classes(self._tx, self._terms.project_id, real)
        return [ids[nfc(name)] if name else None for name in wanted]

    def take(self, records: Iterable[ImageRecord]) -> Outcome:
        """Take all records in; returns what that changed."""
        with seldom_collected():
            return self._take(records)

    def _take(self, records: Iterable[ImageRecord]) -> Outcome:
        iterator = iter(records)
        while chunk := list(islice(iterator, _BATCH)):
            batch, here = _Batch(), []
            parts = drawn_parts(chunk)
            self._parts = dict(zip(map(id, chunk), parts, strict=True))
            # In order: annotations are read back by id, so the input's order stays, and equal inputs train alike.
            self._ids, self._log_ids = iter(new_ids(sum(map(len, parts)))), iter(new_ids(len(chunk)))
            self._time = now()
            for record in chunk:
                image_id = self._find(record)
                if image_id is None:
                    self._add(record, batch)
                elif image_id in self._seen:
                    self.outcome.problem(record, "name_twice", "the import holds another picture of this name")
                    self.outcome.skipped += 1
                else:
                    self._seen.add(image_id)
                    if self._terms.policy == "skip":
                        self.outcome.skipped += 1
                    else:
                        here.append((image_id, record))
            self._update(here, batch)
            self._write(batch)
        return self.outcome

    def _find(self, record: ImageRecord) -> str | None:
        found = self._names.get(nfc(record.name))
        if found is None and not record.sha256:  # annotations alone often know only the file's name, without folders
            found = self._bases.get(nfc(record.name).rpartition("/")[2])
        return found

    def _add(self, record: ImageRecord, batch: _Batch) -> None:
        if not record.sha256:
            message = "its pixels are neither in the import nor in the project; upload the picture, then import again"
            self.outcome.problem(record, "image_missing", message)
            self.outcome.skipped += 1
            return
        try:
            checks.path(record.name)
        except Invalid as error:
            self.outcome.problem(record, error.code, error.message)
            self.outcome.skipped += 1
            return
        image_id = new_id()
        self._names[nfc(record.name)] = image_id
        self._seen.add(image_id)
        self.outcome.added += 1
        if self._terms.dry_run:
            return
        shapes = self._shapes(record)
        kind, size = self._files[record.sha256]
        revision = int(bool(shapes))
        count = reviewed(shapes)
        state: ImageState = "labeled" if count else ("empty" if record.state == "empty" else "unlabeled")
        image = Image(
            id=image_id,
            project_id=self._terms.project_id,
            name=record.name,
            width=record.width,
            height=record.height,
            orientation=record.orientation,
            format=kind,
            bytes=size,
            sha256=record.sha256,
            split=record.split,
            state=state,
            annotations=count,
            proposals=len(shapes) - count,
            revision=revision,
            created_at=now(),
            tags=tuple(checked_tags(record.tags)),
            metadata=self._fields(record, {}),
        )
        batch.images.append((image, record.external_id))
        batch.before.append((image_id, None))
        batch.annotations += [(image_id, item) for item in shapes]
        batch.states.append((image_id, revision, state, count))
        if shapes:
            batch.log.append(self._entry(image_id, revision, shapes, ()))

    def _update(self, here: list[tuple[str, ImageRecord]], batch: _Batch) -> None:
        ids = [image_id for image_id, _ in here]
        # Rows are locked in one order, so that two writers cannot wait for each other; and before their annotations
        # are read, so that a save in between is not missed.
        found = self._tx.images.some(self._terms.project_id, ids, lock=not self._terms.dry_run)
        images = {image.id: image for image in found}
        existing = self._tx.annotations.of_images(ids, self._set_id)
        for image_id, record in here:
            image = images.get(image_id)
            if image is None:
                raise NotFound(f"{record.name} was deleted for good while the import came in; import again")
            if (record.width, record.height) != (image.width, image.height):
                message = (
                    f"{record.width} x {record.height} pixels, but the picture of this name here has "
                    f"{image.width} x {image.height}; its annotations were not taken"
                )
                self.outcome.problem(record, "size_differs", message)
                self.outcome.skipped += 1
                continue
            if record.sha256 and record.sha256 != image.sha256:
                message = "the picture of this name here has other bytes; it stays, only annotations were taken"
                self.outcome.problem(record, "bytes_differ", message, kept=True)
            # Proposals wait for their review as before: they are neither replaced nor taken for annotations.
            standing = [item for item in existing[image_id] if item.state != "proposal"]
            waiting = [item for item in existing[image_id] if item.state == "proposal"]
            changed = self._merge(image, record, standing, waiting, batch)
            self.outcome.updated += changed
            self.outcome.skipped += not changed

    def _merge(
        self, image: Image, record: ImageRecord, existing: list[Annotation], waiting: list[Annotation], batch: _Batch
    ) -> bool:
        replace = self._terms.policy == "replace"
        shapes = self._shapes(record)
        known = set() if replace else {signature(item) for item in existing}
        # What waits already, or shows what somebody has reviewed, is not proposed again.
        known_too = {signature(item) for item in waiting} | known
        if known_too:
            shapes = [item for item in shapes if signature(item) not in (known_too if is_proposal(item) else known)]
        gone = [item.id for item in existing] if replace else []
        count = reviewed(shapes) + len(existing) - len(gone)
        state: ImageState = "labeled" if count else ("empty" if record.state == "empty" else image.state)
        if not count and replace and existing and state == "labeled":
            state = "unlabeled"
        split = record.split if record.split != "none" and (replace or image.split == "none") else image.split
        fields = self._fields(record, image.metadata, over=replace)
        same = (state, split, fields) == (image.state, image.split, dict(image.metadata))
        if not shapes and not gone and same:
            return False
        if self._terms.dry_run:
            return True
        revision = image.revision + int(bool(shapes or gone))
        batch.before.append((image.id, _before(image, split, fields)))
        batch.gone += gone
        new: dict[str, object] = {
            "id": image.id,
            "state": state,
            "todo": int(state != "unlabeled"),
            "split": split,
            "metadata": fields,
            "annotations": count,
            "proposals": len(waiting) + len(shapes) - reviewed(shapes),
            "revision": revision,
        }
        if reviewed(shapes) or gone or not same:
            batch.changed.append(new | {"changed_at": self._time})
        else:
            batch.proposed.append(new)
        batch.annotations += [(image.id, item) for item in shapes]
        batch.states.append((image.id, revision, state, count))
        if shapes or gone:
            batch.log.append(self._entry(image.id, revision, shapes, gone))
        return True

    def _shapes(self, record: ImageRecord) -> list[Drawn]:
        shapes: list[Drawn] = []
        author_id, width, height = self._terms.author_id, record.width, record.height
        for part in self._parts[id(record)]:
            class_id, fields = self._classes[part.class_index], part.fields
            if class_id is None:
                continue
            try:
                shape = shape_of(part, width, height)
            except Invalid as error:
                self.outcome.problem(record, error.code, error.message)
                continue
            if shape is None:
                self.outcome.problem(record, "outside_image", "an annotation lies outside the picture")
                continue
            text, kind, (x0, y0, x1, y1), area = shape
            proposal, attributes = fields.get("proposal", False), fields.get("attributes")
            drawn = Drawn(
                next(self._ids),
                class_id,
                "model" if proposal else "import",
                "proposal" if proposal else "manual",
                self._score(record, fields.get("score")),
                fields.get("z", 0),
                fields.get("crowd", False),
                None,
                fields.get("group_id"),
                author_id,
                None,
                None,
                fields.get("external_id"),
                *(x0, y0, x1, y1),
                area,
                kind,
                text,
                (json_text(attributes) or "{}") if attributes else "{}",
            )
            shapes.append(drawn)
        return shapes

    def _fields(self, record: ImageRecord, here: Mapping[str, str], *, over: bool = False) -> dict[str, str]:
        """Return the fields of a picture with those of the record: what is here stays, unless they go `over` it."""
        if not record.metadata:
            return dict(here)
        try:
            return checked_fields({**here, **record.metadata} if over else {**record.metadata, **here})
        except Invalid as error:
            message = f"its metadata fields are not taken: {error.message}"
            self.outcome.problem(record, "metadata_left", message, kept=True)
            return dict(here)

    def _score(self, record: ImageRecord, score: float | None) -> float | None:
        # The editor refuses such a score, so the annotation could be seen but never be saved again.
        if score is None or 0 <= score <= 1:
            return score
        self.outcome.problem(record, "score_invalid", f"score {score:g} is not from 0 to 1: left out", kept=True)
        return None

    def _entry(
        self, image_id: str, revision: int, put: Sequence[Drawn], gone: Sequence[str]
    ) -> tuple[LogEntry, Sequence[Drawn]]:
        entry = LogEntry(
            id=next(self._log_ids),
            image_id=image_id,
            set_id=self._set_id,
            change_id=change_id_of(self._terms.job_id),
            revision=revision,
            author_id=self._terms.author_id,
            created_at=self._time,
            changes=tuple(Delete(id=key) for key in gone),
        )
        return entry, put

    def _write(self, batch: _Batch) -> None:
        if self._terms.dry_run:
            return
        self._tx.images.bulk_insert(batch.images)
        self._tx.annotations.delete_many(self._set_id, batch.gone)
        self._tx.annotations.bulk_insert(self._terms.project_id, self._set_id, batch.annotations)
        self._tx.images.update_each(batch.changed)
        self._tx.images.update_each(batch.proposed)
        self._tx.images.rate([image.id for image, _ in batch.images if image.proposals])
        self._tx.annotations.bulk_states(self._set_id, batch.states)
        self._tx.annotations.add_drawn_log(self._terms.project_id, batch.log)
        self._tx.import_changes.add(self._terms.job_id, batch.before)


def _before(image: Image, split: Split, fields: Mapping[str, str]) -> ImageBefore:
    changed = {key: image.metadata.get(key, "") for key, text in fields.items() if image.metadata.get(key) != text}
    return ImageBefore(
        split=image.split,
        to_split=split,
        state=image.state,
        revision=image.revision,
        fields=changed,
        to_fields={key: fields[key] for key in changed},
    )


def change_id_of(job_id: str) -> str:
    """Return the change id under which the log has what an import did."""
    return f"import:{job_id}"
