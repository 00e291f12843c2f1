"""Who works on which picture, how far it is, and who said so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from boxwright.domain.agreement import Labeler
from boxwright.domain.errors import Conflict, Forbidden
from boxwright.domain.people import Role, at_least
from boxwright.domain.projects import WorkState

WorkAction = Literal["submit", "withdraw", "accept", "return", "reopen", "reset"]
Step = Literal["assign", "start", "submit", "withdraw", "accept", "return", "reopen", "reset"]
OPEN: tuple[WorkState, ...] = ("new", "in_work", "returned")
# Where a step leads, and from where those may take it who do not manage the project.
_LEADS: Mapping[WorkAction, WorkState] = {
    "submit": "submitted",
    "withdraw": "in_work",
    "accept": "accepted",
    "return": "returned",
    "reopen": "submitted",
    "reset": "new",
}
_FROM: Mapping[WorkAction, tuple[WorkState, ...]] = {
    "submit": OPEN,
    "withdraw": ("submitted",),
    "accept": ("submitted",),
    "return": ("submitted", "accepted"),
    "reopen": ("accepted", "returned"),
    "reset": (),
}
_PAST: Mapping[WorkAction, str] = {
    "submit": "submitted",
    "withdraw": "withdrawn",
    "accept": "accepted",
    "return": "returned",
    "reopen": "reopened",
}
_OWN = ("submit", "withdraw")
_WORDS: Mapping[WorkState, str] = {
    "new": "new",
    "in_work": "in work",
    "submitted": "submitted",
    "accepted": "accepted",
    "returned": "returned",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkEntry:
    """One step of a picture: who took it, when, where it led, who the picture was assigned to then."""

    id: str
    step: Step
    state: WorkState
    assignee_id: str | None
    assignee_name: str | None
    author_id: str | None
    author_name: str | None
    note: str
    created_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """How far a picture is. `revision` counts its steps; `log` has the newest ones, the newest first.

    `labelers` are those who label it each for themselves, where it is labelled twice.
    """

    image_id: str
    state: WorkState
    revision: int
    assignee_id: str | None
    assignee_name: str | None
    log: tuple[WorkEntry, ...] = ()
    labelers: tuple[Labeler, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkStep:
    """What one step sends.

    `change_id` is made by the client: sending the same one again returns the state without a second step.
    `base_revision` is the revision of the work that the person saw; when the stored one is newer, the step is refused
    with a Conflict. Left out, the step is taken from whatever state it may be taken from.
    """

    change_id: str
    action: WorkAction
    base_revision: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many pictures one person has got; `user_id` is None for those that belong to nobody now."""

    user_id: str | None
    name: str | None
    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """The answer to an assignment: how many pictures changed hands, and what each person got of all of them."""

    changed: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkCount:
    """Living pictures of one person (or nobody) in one state."""

    assignee_id: str | None
    assignee_name: str | None
    state: WorkState
    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkQueue:
    """What waits in a project: everybody's pictures by state, and what the caller would open next.

    `next_mine` is a picture that the caller works on, those that were returned first; `next_review` one that somebody
    else has submitted, the one that has waited longest first. Both are None where there is none.
    """

    counts: tuple[WorkCount, ...]
    next_mine: str | None
    next_review: str | None


def check_step(action: WorkAction, state: WorkState, role: Role, *, own: bool, free: bool) -> WorkState:
    """Return where a step leads.

    Managers take any. Annotators submit and withdraw their `own` pictures, and may submit one that is `free`; reviewers
    accept and return what others have submitted, and take that back (`reopen`). Raises Forbidden, or Conflict with code
    `work_state`.
    """
    if at_least(role, "manager"):
        return _LEADS[action]
    if action == "reset":
        raise Forbidden("only a manager can set an image back to new")
    if action in _OWN:
        if not (own or (free and action == "submit")):
            raise Forbidden(f"only the person it is assigned to, or a manager, can {action} this image")
    elif not at_least(role, "reviewer"):
        raise Forbidden(f"this needs the role reviewer: ask one to {action} the image")
    elif own:
        raise Forbidden(f"somebody else must {action} this image: it is your own work")
    if state not in _FROM[action]:
        raise Conflict(f"the image is {_WORDS[state]}; it cannot be {_PAST[action]} now", code="work_state")
    return _LEADS[action]
