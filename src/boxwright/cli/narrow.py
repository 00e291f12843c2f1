"""The options that narrow a list of images, as the library of the pages does."""

import functools
import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.options import Source, Split
from boxwright.cli.refs import find_class, find_user, find_version, find_video
from boxwright.domain.queries import ImageQuery

if TYPE_CHECKING:
    from boxwright.client import Client


class Order(StrEnum):
    """The orders of the library."""

    UNLABELED_FIRST = "unlabeled_first"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"
    LAST_CHANGED = "last_changed"
    MOST_OBJECTS = "most_objects"
    FEWEST_OBJECTS = "fewest_objects"
    LEAST_SURE = "least_sure"
    LARGEST = "largest"
    SMALLEST = "smallest"


class Objects(StrEnum):
    """Which objects a filter of objects speaks of."""

    ANNOTATIONS = "annotations"
    PROPOSALS = "proposals"
    BOTH = "both"


class Comments(StrEnum):
    """Whether people have said something."""

    ANY = "any"
    OPEN = "open"
    NONE = "none"


class Work(StrEnum):
    """How far the work on an image is."""

    OPEN = "open"
    NEW = "new"
    IN_WORK = "in_work"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


def _option(kind: Any, text: str, *names: str, **more: Any) -> Any:
    return Annotated[kind, typer.Option(*names, help=text, **more)]


def _share(text: str) -> Any:
    return _option(float | None, text, min=0, max=1)


def _number(text: str, kind: type = float) -> Any:
    return _option(kind | None, text, min=0)


_PAIR = {"metavar": "NAME[=VALUE]"}
_DATE = {"metavar": "DATE"}
OPTIONS: dict[str, tuple[Any, Any]] = {
    "split": (_option(Split | None, "Only this split."), None),
    "state": (_option(str | None, "Only: unlabeled, labeled, empty, or proposals to review."), None),
    "name": (_option(str | None, "Part of the name."), None),
    "class_": (
        _option(list[str] | None, "Only with this class; repeat it for any of several.", "--class", metavar="CLASS"),
        None,
    ),
    "objects": (_option(Objects | None, "Which objects the options of objects speak of."), None),
    "source": (_option(Source | None, "With an object from there."), None),
    "min_score": (_share("With an object whose score is at least this, 0 to 1."), None),
    "max_score": (_share("With an object whose score is at most this."), None),
    "min_area": (_number("With an object of at least so many pixels."), None),
    "max_area": (_number("With an object of at most so many pixels."), None),
    "min_share": (_share("With an object that fills at least this share of the image, 0 to 1."), None),
    "max_share": (_share("With an object that fills at most this share of the image."), None),
    "min_ratio": (_number("With an object at least so many times as wide as high."), None),
    "max_ratio": (_number("With an object at most so many times as wide as high."), None),
    "attribute": (_option(str | None, "With an object that has this attribute, or this value.", **_PAIR), None),
    "min_objects": (_number("At least so many objects.", int), None),
    "max_objects": (_number("At most so many objects.", int), None),
    "min_pixels": (_number("Of at least so many pixels.", int), None),
    "max_pixels": (_number("Of at most so many pixels.", int), None),
    "tag": (_option(list[str] | None, "With this tag; repeat it for all of several."), None),
    "metadata": (_option(str | None, "With this metadata field, or this value of it.", **_PAIR), None),
    "added_from": (_option(str | None, "Added on this day (UTC) or later.", **_DATE), None),
    "added_to": (_option(str | None, "Added on this day (UTC) or earlier.", **_DATE), None),
    "changed_since": (_option(str | None, "Changed or added since this version.", metavar="VERSION"), None),
    "comments": (_option(Comments | None, "With comments, with open ones, or without."), None),
    "video": (_option(str | None, "Frames of this video, of any, or of none.", metavar="VIDEO"), None),
    "assignee": (_option(str | None, "Whose: a user, me or nobody.", metavar="USER"), None),
    "work": (_option(Work | None, "How far the work is; open is all that is not submitted or accepted."), None),
    "order": (_option(Order, "What comes first."), Order.UNLABELED_FIRST),
}
_STATES = (None, "unlabeled", "labeled", "empty", "proposals")


def options(handler: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options that narrow; they come as `**narrow`, for `query`."""

    @functools.wraps(handler)
    def run(*arguments: Any, **values: Any) -> None:
        handler(*arguments, **values)

    signature = inspect.signature(handler)
    own = [item for item in signature.parameters.values() if item.kind is not inspect.Parameter.VAR_KEYWORD]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in OPTIONS.items()
    ]
    run.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
    return run


def query(client: "Client", project_id: str, *, trash: bool = False, **given: Any) -> ImageQuery:
    """Return the filter that was typed. Raises NotFound for what nothing is called."""
    if given["state"] not in _STATES:
        wrong_use(f"--state {given['state']!r} should be unlabeled, labeled, empty or proposals")
    values: dict[str, Any] = {key: value.value if isinstance(value, StrEnum) else value for key, value in given.items()}
    classes, tags = values.pop("class_") or (), values.pop("tag") or ()
    for key in ("attribute", "metadata"):
        values |= _pair(key, values[key])
    if values["assignee"] not in (None, "me", "nobody"):
        values["assignee"] = find_user(client, values["assignee"]).id
    if values["changed_since"] is not None:
        values["changed_since"] = find_version(client, project_id, values["changed_since"]).id
    if values["video"] not in (None, "any", "none"):
        values["video"] = find_video(client, project_id, values["video"]).id
    ids = tuple(find_class(client, project_id, name).id for name in classes)
    return ImageQuery(class_ids=ids, tags=tuple(tags), trash=trash, **values)


def _pair(key: str, text: str | None) -> dict[str, str | None]:
    """Read NAME or NAME=VALUE."""
    if text is None:
        return {}
    name, equals, value = text.partition("=")
    if not name:
        wrong_use(f"--{key} {text!r} should be NAME or NAME=VALUE")
    return {key: name, f"{key}_value": value if equals else None}
