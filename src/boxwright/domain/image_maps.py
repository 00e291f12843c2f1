"""Images by what they show: which are alike, and all of them on a plane."""

from dataclasses import dataclass

from boxwright.domain.projects import Image, ImageState, Split

STARTER_NAME = "wren-n with starter weights"
STARTER_NETWORK = "wren-n-1"
"""What vectors of the network with starter weights are kept under; another network has another name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageMap:
    """How many of the `total` images were looked at, and with which model; no id where that is the starter network.

    `made_at` is None where nobody has looked yet. `next_model_id` and `next_model_name` say who would look now.
    """

    total: int
    images: int
    model_id: str | None
    model_name: str | None
    made_at: str | None
    next_model_id: str | None
    next_model_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MapPoints:
    """Where images lie, as columns: places from -1 to 1, split, state, and the class of most of their objects.

    `classes` are numbers of `class_ids`, -1 for an image without objects. Of more than a screen can show, these are as
    many as it can, of `total`.
    """

    total: int
    ids: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    splits: tuple[Split, ...]
    states: tuple[ImageState, ...]
    classes: tuple[int, ...]
    class_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarImage:
    """An image and how much it is like the one that was asked for: a cosine, 1 for the same."""

    image: Image
    similarity: float
