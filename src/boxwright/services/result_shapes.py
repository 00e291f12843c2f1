"""The shape of one detection as COCO and YOLO write it: its outline where it has one, else its box."""

from collections.abc import Iterable

from boxwright.domain import raster, rle
from boxwright.domain.detections import DetectionRow
from boxwright.domain.geometry import Box, Point


def coco_shape(row: DetectionRow, width: int, height: int) -> dict[str, object]:
    """Return `bbox` and `area`, and `segmentation` for an outline.

    A shape with holes is written as run lengths, because COCO's polygons have none.
    """
    x0, y0, x1, y1 = row.box
    box = {"bbox": [round(value, 3) for value in (x0, y0, x1 - x0, y1 - y0)]}
    if row.mask is None:
        return {**box, "area": round((x1 - x0) * (y1 - y0), 3)}
    if any(_turned(ring) for ring in row.mask.rings):
        counts = raster.runs(row.mask, width, height)
        return {
            **box,
            "area": rle.area_of_counts(counts),
            "segmentation": {"size": [height, width], "counts": rle.to_text(counts)},
        }
    rings = [[value for point in ring for value in point] for ring in row.mask.rings]
    return {**box, "area": round(row.mask.area, 3), "segmentation": rings}


def _turned(ring: tuple[Point, ...]) -> bool:
    """Tell whether a ring runs the other way round, as holes do."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) < 0


def yolo_lines(rows: Iterable[DetectionRow], width: int, height: int) -> str:
    """Return the lines of one picture: class, box and score, or class and polygon.

    Where one detection has an outline all lines are polygons, because readers take a file as one or the other; a score
    behind a polygon would be taken for half a point.
    """
    rows = list(rows)
    write = _box_values if all(row.mask is None for row in rows) else _ring_values
    lines = ((row.class_id, write(row, width, height)) for row in rows)
    return "".join(f"{number} " + " ".join(f"{value:.6f}" for value in values) + "\n" for number, values in lines)


def _box_values(row: DetectionRow, width: int, height: int) -> list[float]:
    x0, y0, x1, y1 = row.box
    return [(x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height, row.score]


def _ring_values(row: DetectionRow, width: int, height: int) -> list[float]:
    x0, y0, x1, y1 = row.box
    shape = row.mask or Box(x0=x0, y0=y0, x1=x1, y1=y1)
    from boxwright.formats.yolo_write import ring_of  # formats load when they are wanted

    return [value for x, y in ring_of(shape) for value in (x / width, y / height)]
