"""How a model looks at a picture. Loads no numpy: the command line knows it."""

from dataclasses import dataclass

from boxwright.domain.errors import Invalid

MIN_TILE, MAX_TILE, MAX_OVERLAP = 64, 8192, 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """How a model looks at a picture, beside once at all of it.

    `tile` is the side in pixels (64 to 8192) of square tiles that a larger picture is cut into, 0 for none; `overlap`
    is the part (0 to 0.9) that neighbours share at least; with `mirror` all is also looked at mirrored.

    Raises:
        Invalid: a value outside these.
    """

    tile: int = 0
    overlap: float = 0.2
    mirror: bool = False

    def __post_init__(self) -> None:
        if self.tile and not MIN_TILE <= self.tile <= MAX_TILE:
            raise Invalid(f"tile: {self.tile} is neither 0 (no tiles) nor {MIN_TILE} to {MAX_TILE} pixels")
        if not 0 <= self.overlap <= MAX_OVERLAP:
            raise Invalid(f"overlap: {self.overlap:g} is outside 0 to {MAX_OVERLAP}")

    @property
    def once(self) -> bool:
        """Whether the whole picture is all that is looked at."""
        return not self.tile and not self.mirror
