"""What a hand says of one object, and the outline that is found for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Bounds, Mask, Point, Polygon, clip_box

MAX_CLICKS = 64
AssistShape = Literal["polygon", "mask"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A box around an object, clicks on it, clicks beside it, in pixels of the upright picture.

    `view` is what the person saw while clicking: an object is sought in it where there is no box.
    """

    box: Bounds | None = None
    inside: Sequence[Point] = ()
    outside: Sequence[Point] = ()
    view: Bounds | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assistant:
    """Whether there are networks for outlines, and which; `message` says what is wrong.

    `model` names the model of the project that is used; None where the files in the folder `assist` of the data folder
    are, or none.
    """

    network: Literal["none", "ready", "broken"]
    message: str
    model: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """Whether a picture is ready for clicks by a network; otherwise it is being made so, where there is one."""

    ready: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlined:
    """The outline of the object that was meant, None where nothing stands out."""

    geometry: Polygon | Mask | None
    method: Literal["colours", "network"] = "colours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """A place that looks like a box of the same picture, with a score from 0 to 1."""

    box: Bounds
    score: float


def checked(prompt: Prompt, width: int, height: int) -> Prompt:
    """Return a prompt cut off at the borders of its picture. Raises Invalid where it says nothing about the picture."""
    clicks = [*prompt.inside, *prompt.outside]
    if prompt.box is None and not prompt.inside:
        raise Invalid("say where the object is: by a box around it or a click on it", code="prompt_invalid")
    if len(clicks) > MAX_CLICKS:
        raise Invalid(f"at most {MAX_CLICKS} clicks at once", code="prompt_invalid")
    for x, y in clicks:
        if not (0 <= x < width and 0 <= y < height):
            message = f"the click at {x:g}, {y:g} is not on the picture of {width} x {height} pixels"
            raise Invalid(message, code="prompt_invalid")
    return Prompt(
        box=None if prompt.box is None else _within(prompt.box, "box", width, height),
        inside=tuple(prompt.inside),
        outside=tuple(prompt.outside),
        view=None if prompt.view is None else _within(prompt.view, "view", width, height),
    )


def checked_box(box: Bounds, width: int, height: int) -> Bounds:
    """Return a box cut off at the borders of its picture. Raises Invalid where nothing is left."""
    return _within(box, "box", width, height)


def _within(bounds: Bounds, what: str, width: int, height: int) -> Bounds:
    box = clip_box(bounds, width, height) if all(map(math.isfinite, bounds)) else None
    if box is None:
        numbers = ", ".join(f"{value:g}" for value in bounds)
        message = f"the {what} {numbers} has no area on the picture of {width} x {height} pixels"
        raise Invalid(message, code="prompt_invalid")
    return box.bounds
