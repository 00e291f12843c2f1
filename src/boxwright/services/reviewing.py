"""Pictures are given to people, worked on, submitted, and accepted or returned."""

from collections.abc import Sequence

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import is_id, new_id
from boxwright.domain.people import Caller, Role, at_least
from boxwright.domain.projects import Image, WorkState
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import Assigned, Share, Step, Work, WorkEntry, WorkQueue, WorkStep, check_step
from boxwright.services import checks
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MAX_ASSIGNED = 100_000
MAX_PEOPLE = 100
_NOTE = 2000


class Reviewing:
    """Rules about assignments and reviews."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def get(self, image_id: str) -> Work:
        """Return how far a picture is, with its newest steps. Raises NotFound."""
        with self._uow.read() as tx:
            return _work(tx, tx.images.get(image_id))

    def queue(self, project_id: str, caller: Caller, *, but: str | None = None) -> WorkQueue:
        """Return what waits in a project, and what the caller would open next other than the picture `but`."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return WorkQueue(
                counts=tx.work.counts(project_id),
                next_mine=tx.work.next_mine(project_id, caller.id, but=but),
                next_review=tx.work.next_review(project_id, caller.id, but=but),
            )

    def take(self, image_id: str, step: WorkStep, caller: Caller, role: Role) -> Work:
        """Take a step; one that was taken before is not taken twice.

        Raises:
            NotFound: no such picture, or it lies in the trash.
            Invalid: with code `note_missing` where something is returned without a word, `change_invalid`.
            Forbidden: the role does not suffice, or it is somebody else's work.
            Conflict: with code `work_conflict` where somebody took a step in between (`detail` holds the newer state as
                `current`), `work_state` where this step does not follow on the state.
        """
        note = checks.text(step.note, "the note", _NOTE).strip()
        if step.action == "return" and not note:
            raise Invalid("say in a line why the image is returned", code="note_missing")
        if not 1 <= len(step.change_id) <= 100:
            raise Invalid("the change id must have 1 to 100 characters", code="change_invalid")
        with self._uow.write() as tx:
            image = tx.images.lock(image_id)
            tx.projects.get(image.project_id)
            if tx.work.known(image_id, step.change_id):
                return _work(tx, image)
            if image.deleted_at is not None:
                raise NotFound("the picture is in the trash; restore it first")
            if step.base_revision not in (None, image.work_revision):
                raise _stale(tx, image)
            labels = tx.labelers.mine(image_id, caller.id) is not None
            if labels and step.action in ("submit", "withdraw"):
                return _own_part(tx, image, step, caller, note)
            own, free = labels or image.assignee_id == caller.id, image.assignee_id is None
            state = check_step(step.action, image.work_state, role, own=own, free=free)
            assignee = caller.id if free and step.action == "submit" else image.assignee_id
            _step(tx, image, step.action, state, assignee, caller, note=note, change_id=step.change_id)
            if step.action not in ("submit", "withdraw"):
                detail = {"name": image.name, "note": note} if note else {"name": image.name}
                action = f"work.{step.action}"
                tx.audit.add(caller, action, project_id=image.project_id, subject=image_id, detail=detail)
            return _work(tx, tx.images.get(image_id))

    def assign(
        self,
        project_id: str,
        user_ids: Sequence[str],
        caller: Caller,
        *,
        image_ids: Sequence[str] | None = None,
        query: ImageQuery | None = None,
    ) -> Assigned:
        """Give pictures to one person, spread them evenly over several, or take them from everybody (no `user_ids`).

        They are those of `image_ids`, else all that match `query`. Spread out, each person gets pictures that follow
        each other by name, for neighbours are often alike. Raises NotFound where an id is no picture of the project,
        Invalid with code `assignee_invalid`, `too_many_images`.
        """
        people = list(dict.fromkeys(user_ids))
        if len(people) > MAX_PEOPLE:
            raise Invalid(f"at most {MAX_PEOPLE} people at once", code="assignee_invalid")
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            names = [assignee_name(tx, project_id, user_id) for user_id in people]
            found = chosen(tx, project_id, image_ids, query or ImageQuery())
            shares = _spread(found, people) if people else [(None, found)]
            changed = sum(_give(tx, mine, user_id, caller) for user_id, mine in shares)
            if changed:
                detail = {"count": changed, "name": ", ".join(names)}
                tx.audit.add(caller, "work.assign" if people else "work.unassign", project_id=project_id, detail=detail)
                data = {"action": "assign", "count": changed}
                tx.publish(Event(topic="work", project_id=project_id, id=project_id, data=data))
        named = dict(zip(people, names, strict=True))
        told = (Share(user_id=key, name=named.get(key or ""), images=len(mine)) for key, mine in shares)
        return Assigned(changed=changed, shares=tuple(told))


def begin(tx: Transaction, image: Image, caller: Caller) -> None:
    """The person whom a picture is assigned to has changed it: it is in work from now on."""
    if image.assignee_id == caller.id and image.work_state in ("new", "returned"):
        _step(tx, image, "start", "in_work", caller.id, caller)


def _own_part(tx: Transaction, image: Image, step: WorkStep, caller: Caller, note: str) -> Work:
    """One of those who label a picture for themselves has done so; when all have, it waits for a reviewer."""
    if image.work_state == "accepted":
        raise Conflict(f"the image is accepted; nobody can {step.action} it now", code="work_state")
    submits = step.action == "submit"
    tx.labelers.submit(image.id, caller.id, now() if submits else None)
    done = submits and all(who.submitted for who in tx.labelers.of_image(image.id))
    state: WorkState = "submitted" if done else "in_work"
    _step(tx, image, step.action, state, image.assignee_id, caller, note=note, change_id=step.change_id)
    return _work(tx, tx.images.get(image.id))


def _step(
    tx: Transaction,
    image: Image,
    step: Step,
    state: WorkState,
    assignee_id: str | None,
    caller: Caller,
    *,
    note: str = "",
    change_id: str | None = None,
) -> None:
    entry = _entry(step, state, assignee_id, caller, note)
    tx.work.take_step(image, entry, change_id or entry.id)
    data = {"state": state, "assignee_id": assignee_id, "revision": image.work_revision + 1, "author_id": caller.id}
    tx.publish(Event(topic="work", project_id=image.project_id, id=image.id, data=data))


def _entry(step: Step, state: WorkState, assignee_id: str | None, caller: Caller, note: str = "") -> WorkEntry:
    return WorkEntry(
        id=new_id(),
        step=step,
        state=state,
        assignee_id=assignee_id,
        assignee_name=None,
        author_id=caller.id,
        author_name=caller.name,
        note=note,
        created_at=now(),
    )


def _work(tx: Transaction, image: Image) -> Work:
    return Work(
        image_id=image.id,
        state=image.work_state,
        revision=image.work_revision,
        assignee_id=image.assignee_id,
        assignee_name=tx.work.name_of(image.assignee_id),
        log=tx.work.log(image.id),
        labelers=tx.labelers.of_image(image.id),
    )


def _stale(tx: Transaction, image: Image) -> Conflict:
    log = tx.work.log(image.id, 1)
    who = f"{log[0].author_name or 'somebody'}: " if log else ""
    state = image.work_state.replace("_", " ")
    current = {"state": image.work_state, "revision": image.work_revision, "assignee_id": image.assignee_id}
    message = f"the image was changed meanwhile ({who}{state}); look again"
    return Conflict(message, code="work_conflict", detail={"current": current})


def assignee_name(tx: Transaction, project_id: str, user_id: str) -> str:
    """Return the name of somebody who may annotate here. Raises Invalid."""
    user = tx.people.account(user_id) if is_id(user_id) else None
    role = None if user is None else ("manager" if user.admin else tx.people.role(user.id, project_id))
    if user is None or role is None:
        raise Invalid("images can only be assigned to members of the project", code="assignee_invalid")
    if user.disabled_at is not None:
        raise Invalid(f"{user.name} is disabled and cannot be given images", code="assignee_invalid")
    if not at_least(role, "annotator"):
        raise Invalid(f"{user.name} only looks on here; annotating needs the role annotator", code="assignee_invalid")
    return user.name


def chosen(tx: Transaction, project_id: str, ids: Sequence[str] | None, query: ImageQuery) -> list[Image]:
    """Return the pictures in question by name; nobody else changes them before the end of this transaction."""
    wanted = list(dict.fromkeys(ids)) if ids is not None else None
    if wanted is None:
        wanted = tx.work.ids(tx.images.select(project_id, query), MAX_ASSIGNED + 1)
    if len(wanted) > MAX_ASSIGNED:
        raise Invalid(f"at most {MAX_ASSIGNED} images at once; narrow the list down", code="too_many_images")
    found = tx.images.some(project_id, wanted, lock=True)
    if len(found) != len(wanted):
        raise NotFound("some of these images are not in this project; nothing was changed")
    return sorted(found, key=lambda image: (image.name, image.id))


def _spread(found: Sequence[Image], people: Sequence[str]) -> list[tuple[str | None, list[Image]]]:
    """Cut a list into parts of nearly the same length, one a person."""
    size, more = divmod(len(found), len(people))
    shares: list[tuple[str | None, list[Image]]] = []
    start = 0
    for place, user_id in enumerate(people):
        end = start + size + (place < more)
        shares.append((user_id, list(found[start:end])))
        start = end
    return shares


def _give(tx: Transaction, found: Sequence[Image], user_id: str | None, caller: Caller) -> int:
    changing = [image for image in found if image.assignee_id != user_id]
    if not changing:
        return 0
    tx.work.give([image.id for image in changing], user_id)
    entries = [(image.id, _entry("assign", image.work_state, user_id, caller)) for image in changing]
    tx.work.add(changing[0].project_id, f"assign:{new_id()}", entries)
    return len(changing)
