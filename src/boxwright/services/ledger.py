"""Changes to the annotations of many pictures at once: rows, revisions, log, counts and events in one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from boxwright.domain.annotations import Annotation, Delete, LogEntry, Upsert
from boxwright.domain.clock import now
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.projects import Image, ImageState, Split
from boxwright.storage.unit_of_work import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """Who changes, under which change id, and for which auto-annotation run, if any."""

    change_id: str
    author_id: str | None
    run_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What changes on one picture, whose row the transaction holds: `before` are all annotations that it has.

    `empty` says that there is nothing to annotate on it, once the change is made.
    """

    image: Image
    before: Sequence[Annotation]
    put: Sequence[Annotation] = ()
    gone: Sequence[str] = ()
    empty: bool = False

    def counts(self) -> bool:
        """Tell whether anything but proposals changes."""
        changed = {item.id for item in self.put} | set(self.gone)
        touched = [*self.put, *(item for item in self.before if item.id in changed)]
        return any(item.state != "proposal" for item in touched)

    def after(self) -> list[Annotation]:
        """Return all annotations that the picture has then."""
        changed = {item.id for item in self.put} | set(self.gone)
        return [item for item in self.before if item.id not in changed] + list(self.put)


def record(tx: Transaction, set_id: str, edits: Sequence[Edit], signature: Signature) -> None:
    """Write changes to pictures of one project in its ground truth."""
    if not edits:
        return
    project_id, time = edits[0].image.project_id, now()
    tx.annotations.put_many(project_id, set_id, [(e.image.id, item) for e in edits for item in e.put], at=time)
    tx.annotations.delete_many(set_id, [key for edit in edits for key in edit.gone])
    tx.annotations.add_log(project_id, [_entry(edit, set_id, signature, time) for edit in edits])
    rows = [_settled(edit) for edit in edits]
    changed = [edit.counts() or row[1] != edit.image.state for edit, row in zip(edits, rows, strict=True)]
    tx.images.settle((*row, time if own else None) for row, own in zip(rows, changed, strict=True))
    tx.annotations.bulk_states(set_id, ((key, revision, state, n) for key, state, n, _, revision in rows))
    _count_up(tx, project_id, list(zip(edits, rows, strict=True)), time)
    for key, state, annotations, proposals, revision in rows:
        data = {"set_id": set_id, "revision": revision, "change_id": signature.change_id}
        data |= {"author_id": signature.author_id, "state": state, "annotations": annotations, "proposals": proposals}
        tx.publish(Event(topic="annotations", project_id=project_id, id=key, data=data))


def _entry(edit: Edit, set_id: str, signature: Signature, time: str) -> LogEntry:
    return LogEntry(
        id=new_id(),
        image_id=edit.image.id,
        set_id=set_id,
        change_id=signature.change_id,
        revision=edit.image.revision + 1,
        author_id=signature.author_id,
        created_at=time,
        changes=(*(Upsert(annotation=item) for item in edit.put), *(Delete(id=key) for key in edit.gone)),
        run_id=signature.run_id,
    )


_Row = tuple[str, ImageState, int, int, int]


def _settled(edit: Edit) -> _Row:
    """Return id, state, annotations, proposals and revision of a picture after a change."""
    after = edit.after()
    proposals = sum(item.state == "proposal" for item in after)
    count = len(after) - proposals
    kept: ImageState = "empty" if edit.empty or edit.image.state == "empty" else "unlabeled"
    return edit.image.id, "labeled" if count else kept, count, proposals, edit.image.revision + 1


def _count_up(tx: Transaction, project_id: str, changed: Sequence[tuple[Edit, _Row]], time: str) -> None:
    """Bring the counts of the project and its classes in line; pictures in the trash are not among them."""
    labeled = annotations = 0
    more: Counter[tuple[Split, str]] = Counter()
    for edit, (_, state, count, _, _) in changed:
        if edit.image.deleted_at is not None:
            continue
        labeled += int(state != "unlabeled") - int(edit.image.state != "unlabeled")
        annotations += count - edit.image.annotations
        more.update((edit.image.split, item.class_id) for item in edit.after() if item.state != "proposal")
        more.subtract((edit.image.split, item.class_id) for item in edit.before if item.state != "proposal")
    tx.projects.count_up(project_id, labeled=labeled, annotations=annotations, at=time)
    tx.classes.count_up(more)
