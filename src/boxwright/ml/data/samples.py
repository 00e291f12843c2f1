"""Samples: the pictures of a manifest with their boxes as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boxwright import media
from boxwright.domain.errors import BoxwrightError, InvalidDataset, InvalidImage
from boxwright.domain.geometry import LINES, Bounds, Geometry, clip_box
from boxwright.domain.manifest import ImageRecord, ManifestHeader, read_header, read_records
from boxwright.ml.data.outlines import Outlines, outlines_of

LEARNABLE = ("labeled", "empty")


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and its g objects.

    `boxes` float32 (g, 4) x0 y0 x1 y1 in pixels of the upright picture, clipped to it; `labels` int64 (g,); `crowd`
    bool (g,); `areas` float64 (g,) of the original geometry in square pixels, as COCO counts them; `outlines` of the g
    objects in the same pixels, where they were asked for.
    """

    id: str
    name: str
    path: str | None
    width: int
    height: int
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    crowd: NDArray[np.bool_]
    areas: NDArray[np.float64]
    outlines: Outlines | None = None


def sample_of(record: ImageRecord, *, outlines: bool = False) -> Sample:
    """Return a record as arrays; any geometry becomes its enclosing box, shapes outside the picture are left out.

    Polylines and points have no area to learn: they are left out too. With `outlines`, polygons, ellipses and masks
    also keep their outline; a box never gets one.
    """
    bounds: list[Bounds] = []
    rows: list[tuple[int, bool, float]] = []
    shapes: list[Geometry] = []
    for item in record.annotations:
        box = clip_box(item.geometry.bounds, record.width, record.height)
        if box is not None and item.geometry.type not in LINES:
            bounds.append(box.bounds)
            shapes.append(item.geometry)
            rows.append((item.class_index, item.crowd, box.area if item.geometry.type == "box" else item.geometry.area))
    return Sample(
        id=record.id or record.name,
        name=record.name,
        path=record.path,
        width=record.width,
        height=record.height,
        boxes=np.asarray(bounds, np.float32).reshape(-1, 4),
        labels=np.asarray([row[0] for row in rows], np.int64),
        crowd=np.asarray([row[1] for row in rows], bool),
        areas=np.asarray([row[2] for row in rows], np.float64),
        outlines=outlines_of(shapes, record.width, record.height) if outlines else None,
    )


def read_dataset(
    manifest: Path, splits: Sequence[str], *, outlines: bool = False
) -> tuple[ManifestHeader, list[list[Sample]]]:
    """Return the header and, for each split, its labelled and its verified empty pictures in the manifest's order.

    `outlines` says whether their objects keep them.

    Raises:
        InvalidDataset: the file cannot be read, or an annotation is of a class that the header does not have.
    """
    found: dict[str, list[Sample]] = {split: [] for split in splits}
    try:
        header = read_header(manifest)
        for record in read_records(manifest):
            if record.split in found and record.state in LEARNABLE:
                found[record.split].append(sample_of(record, outlines=outlines))
    except OSError as error:
        raise InvalidDataset(f"{manifest.name}: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidDataset(f"{manifest.name} has a line that cannot be read: {error}") from error
    for sample in (s for part in found.values() for s in part):
        if ((sample.labels < 0) | (sample.labels >= len(header.classes))).any():
            raise InvalidDataset(
                f"{manifest.name}: {sample.name} has an annotation of a class that is not in the header"
            )
    return header, [found[split] for split in splits]


def read_pixels(sample: Sample) -> NDArray[np.uint8]:
    """Decode a sample, upright RGB (height, width, 3). Raises InvalidImage, also for a size not the manifest's."""
    if sample.path is None:
        raise InvalidImage(f"{sample.name}: its pixels are not on this machine")
    try:
        pixels = media.decode_rgb(Path(sample.path))
    except OSError as error:
        raise InvalidImage(f"{sample.name}: {error.strerror or error}") from error
    except BoxwrightError as error:
        raise InvalidImage(f"{sample.name}: {error.message}") from error
    if pixels.shape[:2] != (sample.height, sample.width):
        found = f"{pixels.shape[1]}x{pixels.shape[0]}"
        raise InvalidImage(f"{sample.name}: the picture is {found}, the dataset says {sample.width}x{sample.height}")
    return pixels
