"""What a dataset looks like in figures: classes, sizes, shapes and places of objects, sizes of images, by split."""

from dataclasses import dataclass

from boxwright.domain.projects import SPLITS, Split

# Where the bins of the histograms begin; the last one has no end. 32 and 96 squared are COCO's small and large.
AREAS = tuple(float(side * side) for side in (0, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024))
SMALL, LARGE = 32.0**2, 96.0**2
RATIOS = (0.0, 0.125, 0.25, 0.5, 0.7, 0.9, 1.1, 1.5, 2.0, 4.0, 8.0)
COUNTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 11.0, 21.0, 51.0, 101.0, 201.0)
PIXELS = (0.0, 1e5, 2.5e5, 5e5, 1e6, 2e6, 4e6, 8e6, 1.6e7, 3.2e7)
CELLS = 24  # of the map of places, in each direction


@dataclass(frozen=True, kw_only=True, slots=True)
class PerSplit:
    """A number for each split."""

    train: int
    val: int
    test: int
    none: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Histogram:
    """How many are in each bin, by split. A bin begins at its edge and ends before the next; the last has no end."""

    edges: tuple[float, ...]
    train: tuple[int, ...]
    val: tuple[int, ...]
    test: tuple[int, ...]
    none: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassStatistics:
    """A class: its objects, and the images that have any."""

    class_id: str
    name: str
    color: str
    objects: PerSplit
    images: PerSplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """The figures of a project, without proposals and without what lies in the trash.

    With `class_id` all but `images`, `labeled`, `classes` and `pixels` speak of the objects of this class alone.
    `areas` are pixels, `ratios` width by height of the frame, `counts` objects of an image, `pixels` those of images.
    `positions` count centres on a grid over the image, `cells` in each direction, rows from the top.

    Of a large project these may be the figures of a while ago, `counted_at`, or none yet (null); `counting` says that
    newer ones are on their way: ask again.
    """

    class_id: str | None
    images: PerSplit
    labeled: PerSplit
    objects: PerSplit
    classes: tuple[ClassStatistics, ...]
    areas: Histogram
    ratios: Histogram
    counts: Histogram
    pixels: Histogram
    cells: int
    positions: tuple[tuple[int, ...], ...]
    counted_at: str | None = None
    counting: bool = False


def per_split(values: "list[int]") -> PerSplit:
    """Return numbers in the order of `SPLITS`."""
    return PerSplit(**dict(zip(SPLITS, values, strict=True)))


def of_split(values: PerSplit, split: Split) -> int:
    """Return the number of one split."""
    return int(getattr(values, split))


def total(values: PerSplit) -> int:
    """Return the sum of all splits."""
    return values.train + values.val + values.test + values.none
