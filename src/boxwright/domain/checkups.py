"""What looking a dataset through finds: images that show the same, and images that are blurred, dark, bright, tiny."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.projects import Image

Flaw = Literal["blurred", "dark", "bright", "tiny", "unreadable"]
FLAWS: tuple[Flaw, ...] = ("blurred", "dark", "bright", "tiny", "unreadable")

# Sharp photographs have a sharpness of hundreds; blurred so that an eye sees it, of ten. Brightness is 0 to 255.
_BLURRED, _DARK, _WHITE, _BRIGHT, _TINY = 30.0, 35.0, 255.0, 225.0, 64.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What an image looks like, measured on a small grey copy.

    `sharpness` is the variance of its Laplacian, `brightness` its mean from 0 to 255, `bits` a difference hash of 64
    bits and `grey` 16 x 16 values, both to find images that show the same. `error` says why it could not be read.
    """

    image_id: str
    sharpness: float = 0.0
    brightness: float = 0.0
    bits: int = 0
    grey: bytes = b""
    error: str | None = None


def usual_limits(sharpness: float, brightness: float) -> dict[Flaw, float]:
    """Return where an image begins to be worth a look, in a project with these medians.

    Where all images are smooth (through a microscope) or dark (fluorescence), what counts is to be twice as much so.
    """
    return {
        "blurred": min(_BLURRED, sharpness / 2),
        "dark": min(_DARK, brightness / 2),
        "bright": max(_BRIGHT, (_WHITE + brightness) / 2),
        "tiny": _TINY,
        "unreadable": 0.0,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class FlawCount:
    """How many images are beyond the usual `limit` of a flaw."""

    flaw: Flaw
    images: int
    limit: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """How far a project has been looked through, and what was found.

    Of `images`, `checked` were looked at; `groups` of images that show the same have `repeated` images more than one
    of each would be.
    """

    images: int
    checked: int
    groups: int
    repeated: int
    flaws: tuple[FlawCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicateGroup:
    """Images that show the same, those with most annotations first; `exact` where all have the same bytes."""

    id: str
    exact: bool
    images: tuple[Image, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlawedImage:
    """An image and how bad it is: its sharpness, brightness or shorter side; `error` says why it was not read."""

    image: Image
    value: float
    error: str | None = None
