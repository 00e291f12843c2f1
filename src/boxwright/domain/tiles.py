"""Very large pictures in tiles."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiles:
    """How a picture is cut: tiles of `size` pixels, and `levels` of them, each half as large as the one before.

    Level 0 is the picture itself. `ready` says whether all of them are made; until then there is none.
    """

    size: int
    levels: int
    ready: bool
