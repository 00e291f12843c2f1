"""Images by what they show: which are alike, and all of them on a plane."""

from dataclasses import dataclass

from boxwright.domain.projects import Image, ImageState, Split

STARTER_NAME = "starter weights of wren-n"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageMap:
    """How many of the `total` images were looked at, and with which model; None where that is the starter network.

    `made_at` is None where nobody has looked yet.
    """

    total: int
    images: int
    model_id: str | None
    model_name: str | None
    made_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MapPoints:
    """Where images lie, as columns: places from -1 to 1, split, state, and the class of most of their objects."""

    ids: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    splits: tuple[Split, ...]
    states: tuple[ImageState, ...]
    classes: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarImage:
    """An image and how much it is like the one that was asked for: a cosine, 1 for the same."""

    image: Image
    similarity: float
