"""One decision about many suspicions: counted first, done in one transaction, taken back as one."""

from dataclasses import replace
from datetime import UTC, datetime

from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.suspicions import DecidedMany, DoubtState, SuspicionQuery, Verdict
from boxwright.services.deciding import accept, reopen
from boxwright.storage.repositories.suspicions import Found
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# Each one accepted is a save of its own, and others wait for the last of them.
_MOST_ACCEPTED, _MOST_DISMISSED = 2_000, 50_000
_SETTLED: tuple[DoubtState, DoubtState] = ("dismissed", "accepted")


class DecidingMany:
    """Decisions about all open suspicions that a query finds."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def count(self, project_id: str, query: SuspicionQuery, verdict: Verdict) -> DecidedMany:
        """Return what a decision would settle; nothing changes. Raises NotFound, Invalid (`kind_missing`)."""
        with self._uow.read() as tx:
            able, left = _able(tx, project_id, query, verdict)
        return DecidedMany(decision=verdict, count=len(able), left=left, at=None)

    def decide(
        self, project_id: str, query: SuspicionQuery, verdict: Verdict, caller: Caller, expected: int | None = None
    ) -> DecidedMany:
        """Accept or dismiss all of them; where `expected` is given, no other number.

        Raises NotFound, Invalid (`kind_missing`, `too_many_suspicions`), Conflict (`suspicions_outdated`).
        """
        with self._uow.write() as tx:
            able, left = _able(tx, project_id, query, verdict)
            if expected is not None and expected != len(able):
                message = f"there are {len(able)} of them by now, not {expected}; look at the number, then do it again"
                raise Conflict(message, code="suspicions_outdated")
            most = _MOST_ACCEPTED if verdict == "accept" else _MOST_DISMISSED
            if len(able) > most:
                message = f"{len(able)} suspicions; at most {most} at once: narrow them down by score, class or split"
                raise Invalid(message, code="too_many_suspicions")
            if not able:
                return DecidedMany(decision=verdict, count=0, left=left, at=None)
            at, stale = _moment(), 0
            if verdict == "accept":
                stale = _accept_all(tx, project_id, able, caller, at)
            else:
                tx.suspicions.decide_many([one.id for one in able], "dismissed", by=caller.id, at=at)
            done = len(able) - stale
            return DecidedMany(decision=verdict, count=done, left=left + stale, at=at if done else None)

    def reopen(self, project_id: str, at: str, caller: Caller) -> DecidedMany:
        """Take a decision about many back; labels that were changed since stay, and those that cannot come back now.

        Raises NotFound, Conflict (`undone_already`).
        """
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            dismissed, accepted = (tx.suspicions.decided_at(project_id, at, state) for state in _SETTLED)
            if not dismissed and not accepted:
                message = "nothing is left of this decision; it was taken back, or the labels were checked again"
                raise Conflict(message, code="undone_already")
            tx.suspicions.decide_many(dismissed, "open", by=None, at=None)
            kept = 0
            for suspicion_id in accepted:
                try:
                    reopen(tx, tx.suspicions.get(suspicion_id), caller)
                except (Conflict, NotFound):  # changed since, in the trash, or of a class that was deleted
                    kept += 1
            return DecidedMany(decision="reopen", count=len(dismissed) + len(accepted) - kept, left=kept, at=None)


def _able(tx: Transaction, project_id: str, query: SuspicionQuery, verdict: Verdict) -> tuple[list[Found], int]:
    """Return those that it can be done to, and how many others the query finds."""
    if verdict == "accept" and query.kind is None:
        message = "say which kind is to be accepted: missing, spurious, class or box"
        raise Invalid(message, code="kind_missing")
    tx.projects.get(project_id)
    found = tx.suspicions.found(project_id, replace(query, state="open"))
    able = [one for one in found if one.fixable or verdict == "dismiss"]
    return able, len(found) - len(able)


def _accept_all(tx: Transaction, project_id: str, able: list[Found], caller: Caller, at: str) -> int:
    """Accept the surest first; returns how many stay: their label was changed by one before them, or cannot change."""
    tx.images.some(project_id, sorted({one.image_id for one in able}), lock=True)
    stale = 0
    for one in able:
        if not tx.suspicions.is_fresh(one.id):
            stale += 1
            continue
        try:
            accept(tx, tx.suspicions.get(one.id).suspicion, caller, at)
        except (Conflict, NotFound):  # its class was deleted, or the picture went to the trash a moment ago
            stale += 1
    return stale


def _moment() -> str:
    """Return the time so fine that it is a name: no two decisions share it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
