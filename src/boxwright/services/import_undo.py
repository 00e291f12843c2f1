"""A whole import taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from boxwright.domain.annotations import Delete, LogEntry, RunUndone, Upsert
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.events import Event
from boxwright.domain.exchange import ImageBefore
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import FINISHED, Job
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.services.image_actions import ACTIONS, recount_split, set_states
from boxwright.services.landing import change_id_of
from boxwright.services.ledger import Edit, Signature, record
from boxwright.services.overlap import fresh
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

IMPORTS = ("import", "sample")
_IMAGES = 200  # a transaction: other writers wait for it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    """What is known of some pictures of an import, by picture id."""

    before: Mapping[str, ImageBefore | None]
    entries: Mapping[str, LogEntry]
    later: Mapping[str, Sequence[LogEntry]]
    spoken_of: set[str]

    def new(self, image: Image) -> bool:
        """Tell whether the import brought the picture."""
        return self.before[image.id] is None

    def untouched(self, image: Image) -> bool:
        """Tell whether nobody has worked on the picture since."""
        return not self.later[image.id] and image.work_state == "new" and image.id not in self.spoken_of


class ImportUndo:
    """Takes imports back."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def undo(self, job_id: str, caller: Caller) -> RunUndone:
        """Take back an import: new pictures go to the trash, what changed on others is as it was before.

        What somebody has worked on since is a person's work by now and stays: a new picture with everything on it, or
        the single annotation on an older one. Classes stay. Works in batches, each a transaction of its own; asked
        again after a crash it goes on with what is left. Raises NotFound, Invalid (`not_undoable`), Conflict
        (`job_busy`).
        """
        with self._uow.read() as tx:
            job = tx.jobs.get(job_id)
            _check(job)
            tx.projects.get(str(job.project_id))
            ids = tx.import_changes.all(job_id)
        signature = Signature(change_id=f"undo:{new_id()}", author_id=caller.id)
        total = RunUndone(removed=0, restored=0, kept=0, images=0)
        for start in range(0, len(ids), _IMAGES):
            with self._uow.write() as tx:
                total = _sum(total, _undo(tx, job, ids[start : start + _IMAGES], signature))
        self._note(job)
        return total

    def _note(self, job: Job) -> None:
        with self._uow.write() as tx:
            tx.jobs.update(job.id, result={**(job.result or {}), "undone_at": now()})
            announce(tx, job)
            data = {"action": "undone"}
            tx.publish(Event(topic="images", project_id=job.project_id, id=str(job.project_id), data=data))
            tx.publish(Event(topic="project", project_id=job.project_id, id=str(job.project_id)))


def _check(job: Job) -> None:
    if job.kind not in IMPORTS or job.project_id is None or job.params.get("dry_run"):
        raise Invalid("only imports and auto-annotation runs can be undone", code="not_undoable")
    if job.state not in FINISHED:
        raise Conflict("the import is still at work; stop it or wait for its end, then undo it", code="job_busy")


def _sum(total: RunUndone, more: RunUndone) -> RunUndone:
    names = ("removed", "restored", "kept", "images", "trashed", "kept_images")
    return RunUndone(**{name: getattr(total, name) + getattr(more, name) for name in names})


def _undo(tx: Transaction, job: Job, ids: Sequence[str], signature: Signature) -> RunUndone:
    project_id = str(job.project_id)
    set_id = tx.annotations.default_set(project_id)
    images = [image for image in tx.images.some(project_id, ids, lock=True) if image.deleted_at is None]
    facts = _facts(tx, job, images, set_id)
    fallen = [image for image in images if facts.new(image) and facts.untouched(image)]
    ACTIONS["trash"](tx, fallen, None, None)
    older = [image for image in images if not facts.new(image)]
    done = _put_back(tx, set_id, older, facts, signature)
    kept = sum(facts.new(image) for image in images) - len(fallen)
    return replace(done, trashed=len(fallen), kept_images=kept)


def _facts(tx: Transaction, job: Job, images: Sequence[Image], set_id: str) -> _Facts:
    ids = [image.id for image in images]
    entries = tx.import_changes.entries(change_id_of(job.id), ids, set_id)
    before = tx.import_changes.before(job.id, ids)
    # An import without annotations leaves no entry: whatever the log of a new picture has came later.
    former = {key: 0 if item is None else item.revision for key, item in before.items()}
    revisions = former | {key: entry.revision for key, entry in entries.items()}
    return _Facts(
        before=before,
        entries=entries,
        later=tx.import_changes.later(revisions, set_id),
        spoken_of=tx.import_changes.spoken_of(ids),
    )


def _put_back(tx: Transaction, set_id: str, images: Sequence[Image], facts: _Facts, signature: Signature) -> RunUndone:
    """Undo what the import changed on pictures that were here before."""
    edits, kept = [], 0
    present = tx.annotations.of_images([image.id for image in images], set_id)
    lost = [item.id for image in images for item in _deleted(facts.entries.get(image.id))]
    buried = tx.import_changes.buried(lost)
    classes = tx.classes.belonging(images[0].project_id, {item.class_id for item in buried.values()}) if images else ()
    for image in images:
        entry, existing = facts.entries.get(image.id), present[image.id]
        touched = {_id_of(change) for later in facts.later[image.id] for change in later.changes}
        mine = {change.annotation.id for change in (entry.changes if entry else ()) if isinstance(change, Upsert)}
        gone = [item.id for item in existing if item.id in mine - touched]
        kept += sum(item.id in mine & touched for item in existing)
        back = [buried[c.id] for c in _deleted(entry) if c.id in buried and buried[c.id].class_id in classes]
        left = [item for item in existing if item.id not in gone]
        put = fresh([item for item in back if item.id not in touched], left)
        if put or gone:
            former = facts.before[image.id]
            empty = former is not None and former.state == "empty"
            edits.append(Edit(image=image, before=existing, put=put, gone=gone, empty=empty))
    record(tx, set_id, edits, signature)
    _splits_and_states(tx, images, {edit.image.id for edit in edits}, facts)
    restored = sum(len(edit.put) for edit in edits)
    removed = sum(len(edit.gone) for edit in edits)
    return RunUndone(removed=removed, restored=restored, kept=kept, images=len(edits))


def _splits_and_states(tx: Transaction, images: Sequence[Image], edited: set[str], facts: _Facts) -> None:
    for image in images:
        before = facts.before[image.id]
        if before is None:
            continue
        if image.split == before.to_split != before.split:
            tx.images.update_many([image.id], split=before.split)
            recount_split(tx, [image], before.split)
        mine = {key: text for key, text in before.fields.items() if image.metadata.get(key) == before.to_fields[key]}
        if mine:  # what somebody has written since stays
            fields = {**image.metadata, **mine}
            tx.images.update(image.id, metadata={key: text for key, text in fields.items() if text})
        if image.id not in edited and image.state == "empty" and before.state == "unlabeled":
            set_states(tx, [image], "unlabeled", None)


def _deleted(entry: LogEntry | None) -> list[Delete]:
    return [change for change in (entry.changes if entry else ()) if isinstance(change, Delete)]


def _id_of(change: Upsert | Delete) -> str:
    return change.id if isinstance(change, Delete) else change.annotation.id
