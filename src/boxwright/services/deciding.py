"""What a person says to a suspicion: right, wrong, or taken back."""

from dataclasses import replace

from boxwright.domain.annotations import Annotation, ChangeSet, Delete, Upsert
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.suspicions import Decided, Decision, DoubtState, Suspicion
from boxwright.services.annotations import apply_in
from boxwright.storage.repositories.suspicions import Stored
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_KEPT = "the label was changed since it was looked at; open the image in the editor, or check the labels again"
_CLASSLESS = "the class that the label would have was deleted; take that back, or check the labels again"


class Deciding:
    """Decisions about suspicions; accepting one changes the annotation as the person's own save."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def decide(self, suspicion_id: str, decision: Decision, caller: Caller) -> Decided:
        """Accept or dismiss a suspicion, or take back what was said.

        Raises NotFound, Invalid (`suspicion_coarse`), Conflict (`suspicion_decided`, `suspicion_stale`).
        """
        with self._uow.write() as tx:
            tx.images.lock(tx.suspicions.get(suspicion_id).suspicion.image.id)
            stored = tx.suspicions.get(suspicion_id)
            if decision == "reopen":
                reopen(tx, stored, caller)
                state: DoubtState = "open"
            else:
                state = "accepted" if decision == "accept" else "dismissed"
                _check_open(tx, stored.suspicion)
                if decision == "accept":
                    accept(tx, stored.suspicion, caller)
                else:
                    tx.suspicions.decide(suspicion_id, "dismissed", by=caller.id, at=now())
            image_id = stored.suspicion.image.id
            revision = tx.annotations.revision(image_id, tx.annotations.default_set(stored.suspicion.image.project_id))
        return Decided(id=suspicion_id, state=state, revision=revision)


def _check_open(tx: Transaction, item: Suspicion) -> None:
    if item.state != "open":
        raise Conflict(f"this suspicion was {item.state} already", code="suspicion_decided")
    if not tx.suspicions.is_fresh(item.id):
        raise Conflict(_KEPT, code="suspicion_stale")


def accept(tx: Transaction, item: Suspicion, caller: Caller, at: str | None = None) -> None:
    """Do to the label what the model suggests, as a save of the caller. Raises Invalid."""
    if not item.fixable:
        message = "the model has only a box for this outline; correct it in the editor"
        raise Invalid(message, code="suspicion_coarse")
    before, after = item.label, _mended(item)
    after = _apply(tx, item, before, after, caller)
    tx.suspicions.decide(item.id, "accepted", by=caller.id, at=at or now(), before=before, after=after)


def _mended(item: Suspicion) -> Annotation | None:
    """Return the annotation as the model would have it; None where there should be none."""
    if item.kind == "spurious":
        return None
    if item.label is None:
        assert item.suggestion is not None
        return Annotation(
            id=new_id(),
            class_id=item.class_id,
            geometry=item.suggestion,
            source="model",
            state="accepted",
            score=item.confidence,
            model_id=item.model_id,
        )
    if item.kind == "class":
        assert item.other_id is not None
        return replace(item.label, class_id=item.other_id)
    assert item.suggestion is not None
    return replace(item.label, geometry=item.suggestion)


def _apply(
    tx: Transaction, item: Suspicion, before: Annotation | None, after: Annotation | None, caller: Caller
) -> Annotation | None:
    """Put `after` in the place of `before`, and return it as it was stored.

    Raises NotFound for a picture in the trash, Conflict where the class is gone; nothing is written then.
    """
    set_id = tx.annotations.default_set(item.image.project_id)
    change: Upsert | Delete
    if after is None:
        assert before is not None
        change = Delete(id=before.id)
    else:
        _check_class(tx, item.image.project_id, after.class_id)
        change = Upsert(annotation=after)
    base = tx.annotations.revision(item.image.id, set_id)
    apply_in(
        tx, item.image.id, ChangeSet(change_id=new_id(), base_revision=base, changes=(change,), set_id=set_id), caller
    )
    if after is None:
        return None
    return next(one for one in tx.annotations.of_image(item.image.id, set_id) if one.id == after.id)


def _check_class(tx: Transaction, project_id: str, class_id: str) -> None:
    """Raise Conflict where a class is gone and was not merged into another."""
    if not tx.classes.held(project_id, {class_id}) and not tx.classes.heirs(project_id, {class_id}):
        raise Conflict(_CLASSLESS, code="suspicion_stale")


def reopen(tx: Transaction, stored: Stored, caller: Caller) -> None:
    """Take back what was said, and what accepting has changed. Raises Conflict, NotFound."""
    item = stored.suspicion
    if item.state == "open":
        raise Conflict("nobody has decided about this suspicion yet", code="suspicion_decided")
    if item.state == "accepted":
        _take_back(tx, stored, caller)
    tx.suspicions.decide(item.id, "open", by=None, at=None)


def _take_back(tx: Transaction, stored: Stored, caller: Caller) -> None:
    """Undo what accepting has changed, as long as nobody has changed it since."""
    before, after, item = stored.before, stored.after, stored.suspicion
    known = before or after
    assert known is not None
    set_id = tx.annotations.default_set(item.image.project_id)
    here = next((one for one in tx.annotations.of_image(item.image.id, set_id) if one.id == known.id), None)
    if here != after:
        raise Conflict(_KEPT, code="suspicion_stale")
    _apply(tx, item, after, before, caller)
    if before is not None:
        tx.suspicions.renew(item.id, tx.suspicions.times([before.id])[before.id])
