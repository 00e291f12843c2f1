"""Figures of a dataset: batch by batch the same as in one piece, each bin against a plain count."""

from __future__ import annotations

import random

from boxwright.domain.projects import SPLITS
from boxwright.domain.statistics import AREAS, CELLS, COUNTS, PIXELS, RATIOS, Histogram, of_split, total
from boxwright.domain.tally import Picture, Row, Tally

CLASSES = [("c", "cat", "#111111"), ("d", "dog", "#222222"), ("e", "emu", "#333333")]
KEYS = [key for key, _, _ in CLASSES]


def made(seed: int) -> tuple[list[Picture], list[Row]]:
    """Pictures and objects; some sizes lie on the very edges of bins, some frames have no height."""
    pick = random.Random(seed)
    pictures = [
        (f"{n:04}", pick.choice(SPLITS), pick.choice(("unlabeled", "labeled", "empty")), pick.choice((100, 1000)), 1000)
        for n in range(60)
    ]
    rows = []
    for name, *_ in pictures:
        for _ in range(pick.choice((0, 1, 2, 5, 12))):
            x0, y0 = pick.uniform(0, 90), pick.uniform(0, 900)
            side = pick.choice((0.0, 8.0, 32.0, 96.0, pick.uniform(0, 80)))
            high = pick.choice((side, side / 2, 0.0, pick.uniform(0, 99)))
            rows.append((name, pick.choice(KEYS[:2]), x0, y0, x0 + side, y0 + high, side * high))
    return pictures, rows


def placed(value: float, edges: tuple[float, ...]) -> int:
    return max(place for place, edge in enumerate(edges) if value >= edge)


def flat(histogram: Histogram) -> dict[tuple[str, int], int]:
    return {(s, place): n for s in SPLITS for place, n in enumerate(getattr(histogram, s)) if n}


def plainly(items: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    return {item: items.count(item) for item in items}


def test_every_bin_has_what_a_plain_count_finds() -> None:
    for seed in range(20):
        pictures, rows = made(seed)
        tally = Tally(KEYS)
        strange = [("gone", "c", 0.0, 0.0, 1.0, 1.0, 1.0), (pictures[0][0], "x", 0.0, 0.0, 1.0, 1.0, 1.0)]
        for start in range(0, len(pictures), 7):
            chunk = pictures[start : start + 7]
            names = {name for name, *_ in chunk}
            tally.add(chunk, [row for row in [*rows, *strange] if row[0] in names or row[0] == "gone"])
        split = {name: of for name, of, *_ in pictures}
        for class_id in (None, *KEYS):
            mine = [row for row in rows if class_id in (None, row[1])]
            found = tally.statistics(CLASSES, class_id)
            assert total(found.objects) == len(mine)
            assert total(found.images) == len(pictures)
            assert flat(found.areas) == plainly([(split[row[0]], placed(row[6], AREAS)) for row in mine])
            shapes = [(row[0], (row[4] - row[2], row[5] - row[3])) for row in mine]
            ratios = [(split[name], placed(w / h, RATIOS)) for name, (w, h) in shapes if w > 0 and h > 0]
            assert flat(found.ratios) == plainly(ratios)
            counts = [sum(row[0] == name for row in mine) for name, *_ in pictures]
            of = [(picture[1], placed(n, COUNTS)) for picture, n in zip(pictures, counts, strict=True)]
            assert flat(found.counts) == plainly(of)
            assert sum(map(sum, found.positions)) == len(mine)
        sizes = [(of, placed(width * height, PIXELS)) for _, of, _, width, height in pictures]
        assert flat(found.pixels) == plainly(sizes)


def test_classes_have_their_objects_and_images() -> None:
    pictures, rows = made(3)
    tally = Tally(KEYS)
    tally.add(pictures, rows)
    found = tally.statistics(CLASSES)
    for item in found.classes:
        mine = [row for row in rows if row[1] == item.class_id]
        assert total(item.objects) == len(mine)
        assert total(item.images) == len({row[0] for row in mine})
        for split in SPLITS:
            names = {name for name, of, *_ in pictures if of == split}
            assert of_split(item.objects, split) == sum(row[0] in names for row in mine)
    assert [item.name for item in found.classes] == ["cat", "dog", "emu"]
    assert total(found.classes[2].objects) == 0


def test_centres_lie_in_the_cells_where_they_are() -> None:
    tally = Tally(["c"])
    picture = ("a", "train", "labeled", 240, 480)
    tally.add([picture], [("a", "c", 0.0, 0.0, 10.0, 10.0, 100.0), ("a", "c", 230.0, 470.0, 250.0, 490.0, 400.0)])
    found = tally.statistics([("c", "cat", "#111111")]).positions
    assert {(y, x) for y in range(CELLS) for x in range(CELLS) if found[y][x]} == {(0, 0), (CELLS - 1, CELLS - 1)}


def test_nothing_is_nothing() -> None:
    tally = Tally([])
    tally.add([], [])
    tally.add([("a", "none", "unlabeled", 10, 10)], [])
    found = tally.statistics([])
    assert (total(found.images), total(found.objects), found.classes) == (1, 0, ())
    assert found.counts.none[0] == 1
