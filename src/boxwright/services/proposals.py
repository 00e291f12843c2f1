"""Proposals of models under review: many at once, or a whole run undone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from boxwright.domain.annotations import Annotation, Delete, LogEntry, Reviewed, RunUndone
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import FINISHED, Job
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.domain.queries import ProposalQuery
from boxwright.services.image_actions import MAX_BULK
from boxwright.services.ledger import Edit, Signature, record
from boxwright.services.overlap import fresh
from boxwright.services.proposing import LABEL, UNDO
from boxwright.storage.job_store import announce
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# Pictures and proposals a transaction: other writers wait for it.
_IMAGES, _PROPOSALS = 100, 2000


class Proposals:
    """Rules about proposals."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def review(
        self, project_id: str, action: Literal["accept", "reject"], query: ProposalQuery, caller: Caller
    ) -> Reviewed:
        """Accept or reject all proposals that match, on living pictures.

        Works in batches, each a transaction of its own, so that others can save meanwhile; asked again after a crash
        it goes on with what is left. Raises NotFound, Invalid (`too_many_images`).
        """
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            _check_images(tx, project_id, query)
            waiting = tx.proposals.waiting(project_id, query)
        signature = Signature(change_id=f"review:{new_id()}", author_id=caller.id)
        proposals = images = 0
        for ids in _batches(waiting):
            with self._uow.write() as tx:
                set_id = tx.annotations.default_set(project_id)
                edits = list(_reviewed(tx, project_id, set_id, ids, action, query, caller))
                record(tx, set_id, edits, signature)
            proposals += sum(len(edit.put) + len(edit.gone) for edit in edits)
            images += len(edits)
        return Reviewed(proposals=proposals, images=images)

    def undo_run(self, job_id: str, caller: Caller) -> RunUndone:
        """Take back an auto-annotation run: its proposals that nobody has reviewed go, those it had replaced return.

        What somebody accepted or changed is a person's work by now and stays. Where a later run has replaced the
        proposals, or somebody has annotated the object, nothing returns. Works in batches as `review` does. Raises
        NotFound, Invalid (`not_a_label_run`), Conflict (`job_busy`).
        """
        with self._uow.read() as tx:
            job = tx.jobs.get(job_id)
            _check_run(job)
            tx.projects.get(str(job.project_id))
            touched = tx.proposals.touched(job_id)
        signature = Signature(change_id=f"{UNDO}{new_id()}", author_id=caller.id, run_id=job_id)
        total = RunUndone(removed=0, restored=0, kept=0, images=0)
        for start in range(0, len(touched), _IMAGES):
            with self._uow.write() as tx:
                done = _undo(tx, job, touched[start : start + _IMAGES], signature)
            total = RunUndone(
                removed=total.removed + done.removed,
                restored=total.restored + done.restored,
                kept=total.kept + done.kept,
                images=total.images + done.images,
            )
        self._note(job_id)
        return total

    def _note(self, job_id: str) -> None:
        """Remember with the job that it was undone, for its pages."""
        with self._uow.write() as tx:
            job = tx.jobs.get(job_id)
            tx.jobs.update(job_id, result={**(job.result or {}), "undone_at": now()})
            announce(tx, job)
            data = {"action": "undone"}
            tx.publish(Event(topic="images", project_id=job.project_id, id=str(job.project_id), data=data))


def _check_images(tx: Transaction, project_id: str, query: ProposalQuery) -> None:
    unique = list(set(query.image_ids or ()))
    if len(unique) > MAX_BULK:
        raise Invalid(f"name at most {MAX_BULK} pictures, or none for all", code="too_many_images")
    if len(tx.images.some(project_id, unique)) != len(unique):
        raise NotFound("some of these pictures are not in this project; nothing was changed")
    if query.class_id is not None and not tx.classes.belonging(project_id, [query.class_id]):
        raise NotFound("there is no such class in this project")
    if query.run_id is not None and tx.projects.owner("job", query.run_id) != project_id:
        raise NotFound("there is no such run in this project")


def _batches(waiting: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """Yield picture ids in batches of bounded size."""
    batch: list[str] = []
    proposals = 0
    for image_id, count in waiting:
        if batch and (len(batch) >= _IMAGES or proposals + count > _PROPOSALS):
            yield batch
            batch, proposals = [], 0
        batch.append(image_id)
        proposals += count
    if batch:
        yield batch


def _matching(query: ProposalQuery) -> Callable[[Annotation], bool]:
    def matches(item: Annotation) -> bool:
        return (
            item.state == "proposal"
            and query.class_id in (None, item.class_id)
            and query.run_id in (None, item.run_id)
            and (query.min_score is None or (item.score is not None and item.score >= query.min_score))
            and (query.max_score is None or (item.score is not None and item.score <= query.max_score))
        )

    return matches


def _reviewed(
    tx: Transaction,
    project_id: str,
    set_id: str,
    ids: Sequence[str],
    action: Literal["accept", "reject"],
    query: ProposalQuery,
    caller: Caller,
) -> Iterator[Edit]:
    matches = _matching(query)
    images = [image for image in tx.images.some(project_id, ids, lock=True) if image.deleted_at is None]
    for image, before in _with_annotations(tx, images, set_id):
        found = [item for item in before if matches(item)]
        if found and action == "accept":
            put = [replace(item, state="accepted", author_id=caller.id) for item in found]
            yield Edit(image=image, before=before, put=put)
        elif found:
            yield Edit(image=image, before=before, gone=[item.id for item in found])


def _with_annotations(
    tx: Transaction, images: Sequence[Image], set_id: str
) -> Iterator[tuple[Image, list[Annotation]]]:
    before = tx.annotations.of_images([image.id for image in images], set_id)
    return ((image, before[image.id]) for image in images)


def _check_run(job: Job) -> None:
    if job.kind != "label" or job.project_id is None:
        raise Invalid("only an auto-annotation run can be undone", code="not_a_label_run")
    if job.state not in FINISHED:
        raise Conflict("the run is still at work; stop it or wait for its end, then undo it", code="job_busy")


def _undo(tx: Transaction, job: Job, ids: Sequence[str], signature: Signature) -> RunUndone:
    project_id = str(job.project_id)
    set_id = tx.annotations.default_set(project_id)
    images = tx.images.some(project_id, ids, lock=True)
    entries = tx.proposals.entries([image.id for image in images], set_id)
    returning = _replaced(tx, project_id, [_last_word(entries[image.id], job.id) for image in images])
    edits, kept = [], 0
    for image, before in _with_annotations(tx, images, set_id):
        mine = [item for item in before if item.run_id == job.id]
        gone = [item.id for item in mine if item.state == "proposal"]
        kept += len(mine) - len(gone)
        put = fresh(returning.get(image.id, ()), before)
        if put or gone:
            edits.append(Edit(image=image, before=before, put=put, gone=gone))
    record(tx, set_id, edits, signature)
    restored = sum(len(edit.put) for edit in edits)
    removed = sum(len(edit.gone) for edit in edits)
    return RunUndone(removed=removed, restored=restored, kept=kept, images=len(edits))


def _last_word(entries: Sequence[LogEntry], run_id: str) -> LogEntry | None:
    """Return what a run did to a picture if no later run that still stands has come after it."""
    standing: list[LogEntry] = []
    for entry in entries:
        if entry.change_id.startswith(LABEL):
            standing.append(entry)
        else:
            standing = [item for item in standing if item.run_id != entry.run_id]
    return standing[-1] if standing and standing[-1].run_id == run_id else None


def _replaced(tx: Transaction, project_id: str, entries: Sequence[LogEntry | None]) -> dict[str, list[Annotation]]:
    """Return the proposals that these changes had replaced, as far as their classes are here still."""
    ids = [c.id for entry in entries if entry is not None for c in entry.changes if isinstance(c, Delete)]
    found = tx.proposals.buried(ids)
    classes = tx.classes.belonging(project_id, {item.class_id for _, item in found})
    returning: dict[str, list[Annotation]] = {}
    for image_id, item in found:
        if item.class_id in classes:
            returning.setdefault(image_id, []).append(item)
    return returning
