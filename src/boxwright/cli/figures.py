"""The figures of a project as lines for a person."""

from collections.abc import Sequence

from boxwright.cli.shell import table
from boxwright.domain.projects import SPLITS
from boxwright.domain.statistics import LARGE, SMALL, Histogram, PerSplit, Statistics, of_split, total


def lines(figures: Statistics, minimum: int) -> list[str]:
    """Return splits, classes and sizes; classes with fewer objects than `minimum` are marked."""
    heads = ["", "all", *SPLITS]
    about = [
        ["images", *_cells(figures.images)],
        ["labelled", *_cells(figures.labeled)],
        ["objects", *_cells(figures.objects)],
        ["small objects (below 32 x 32)", *_within(figures.areas, 0, SMALL)],
        ["medium objects", *_within(figures.areas, SMALL, LARGE)],
        ["large objects (96 x 96 and more)", *_within(figures.areas, LARGE, float("inf"))],
    ]
    found = [*table(heads, about), ""]
    if figures.counting:
        found += [f"counted at {figures.counted_at}; the project has changed since and is being counted again", ""]
    if not figures.classes:
        return [*found, "no classes; add some with `boxwright class add`"]
    rows = [
        [item.name, *_cells(item.objects), str(total(item.images)), "few" if total(item.objects) < minimum else ""]
        for item in sorted(figures.classes, key=lambda item: -total(item.objects))
    ]
    few = sum(bool(row[-1]) for row in rows)
    marked = f"{few} of {len(rows)} classes have fewer than {minimum} objects"
    return [*found, *table(["class", "objects", *SPLITS, "images", ""], rows), "", marked]


def _cells(values: PerSplit) -> list[str]:
    return [str(total(values)), *(str(of_split(values, split)) for split in SPLITS)]


def _within(histogram: Histogram, low: float, high: float) -> list[str]:
    """Return how many are in the bins that begin from `low` and before `high`."""
    numbers = [_sum(getattr(histogram, split), histogram.edges, low, high) for split in SPLITS]
    return list(map(str, [sum(numbers), *numbers]))


def _sum(values: Sequence[int], edges: Sequence[float], low: float, high: float) -> int:
    return sum(value for value, edge in zip(values, edges, strict=True) if low <= edge < high)
