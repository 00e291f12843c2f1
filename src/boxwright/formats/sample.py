"""The sample as a dataset: rendered pictures with splits, into a job's work folder or as a COCO folder."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast, get_args

import cv2
import numpy as np

from boxwright.domain import rle
from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.exchange import ImportReport
from boxwright.domain.geometry import Box, Geometry, Mask, Polygon, ring_area
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest
from boxwright.domain.outlines import outline
from boxwright.domain.ports import TaskContext
from boxwright.domain.projects import CLASS_COLORS, SPLITS, Split
from boxwright.domain.requests import SAMPLE_IMAGES, SAMPLE_NAME, SampleShapes
from boxwright.formats import registry
from boxwright.formats.importing import RECORDS
from boxwright.formats.writing import Dataset
from boxwright.media import encode_jpeg
from boxwright.media.files import disk_guard, replacing
from boxwright.media.sample import CLASSES, HEIGHT, WIDTH, Piece, render

# Of 19 pictures 12 are for training, 3 each for validation and test; 1 is left for people to label.
_PARTS: Mapping[Split, int] = {"train": 12, "val": 3, "test": 3, "none": 1}
_QUALITY = 90
_TOLERANCE, _CRUMB = 1.1, 6.0  # pixels, square pixels
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many pictures to render from which seed, and what to put around the things on them."""

    images: int = SAMPLE_IMAGES
    seed: int = 0
    shapes: SampleShapes = "box"

    def split_of(self, number: int) -> Split:
        """Return the split of picture `number`, counted from 0."""
        whole, end = sum(_PARTS.values()), 0
        for split, part in _PARTS.items():
            end += part
            if number < round(self.images * end / whole):
                return split
        return "none"


def run_sample(params: Mapping[str, object], context: TaskContext) -> dict[str, object]:
    """Render the sample into the work folder, in the shape of an import.

    Args:
        params: `images`, `seed`, `shapes`.
        context: where to work and report.

    Returns:
        `{"report": ImportReport, "files": {"records": "records.jsonl"}}`; paths are relative to the work folder.

    Raises:
        Invalid: unknown shapes.
        StorageFull: the disk is full.
        Cancelled: a person stopped it.
    """
    plan = Plan(int(str(params["images"])), int(str(params["seed"])), _shapes(params["shapes"]))
    counts: Counter[str] = Counter()

    def tick(done: int, total: int) -> None:
        if context.stopping():
            raise Cancelled("the sample was stopped; nothing was added")
        context.progress(done, total, phase="rendering")

    def told() -> Iterator[ImageRecord]:
        for record in rendered(plan, context.workdir / "files", tick):
            counts[record.split] += 1
            counts["annotations"] += len(record.annotations)
            yield record

    with disk_guard():
        write_manifest(context.workdir / RECORDS, header(), told())
    report = ImportReport(
        format="sample",
        images=plan.images,
        annotations=counts["annotations"],
        classes=CLASSES,
        splits={split: counts[split] for split in SPLITS if counts[split]},
        problems=(),
        problem_count=0,
    )
    return {"report": asdict(report), "files": {"records": RECORDS}}


def _shapes(value: object) -> SampleShapes:
    if value not in get_args(SampleShapes):
        raise Invalid(f"shapes {value!r}: use {', '.join(get_args(SampleShapes))}", code="shapes_unknown")
    return cast("SampleShapes", value)


def write_folder(plan: Plan, folder: Path, tick: Tick) -> Mapping[str, int]:
    """Write the sample as COCO, `images/` and `annotations/`, into a folder; return what was written.

    The pictures without split are unlabelled and stand in `annotations/instances.json`.
    """
    with disk_guard():
        records = list(rendered(plan, folder / "images", tick))
        for entry in registry.writer_of("coco").entries(Dataset(header(), records, with_images=False)):
            target = folder / entry.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as out:
                out.writelines(cast("Iterator[bytes]", entry.content))
    counts = Counter[str](record.split for record in records)
    return {
        "images": len(records),
        "annotations": sum(len(record.annotations) for record in records),
        **{split: counts[split] for split in SPLITS},
    }


def header() -> ManifestHeader:
    """Return the head of the sample's manifest."""
    classes = tuple(
        ManifestClass(id=str(number + 1), name=name, color=CLASS_COLORS[number % len(CLASS_COLORS)])
        for number, name in enumerate(CLASSES)
    )
    return ManifestHeader(name=SAMPLE_NAME, classes=classes)


def rendered(plan: Plan, folder: Path, tick: Tick) -> Iterator[ImageRecord]:
    """Render all pictures as `table_001.jpg` ... into a folder and yield their records in order.

    `tick` is told how many are done, of how many. Paths in the records begin with the folder's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tick(0, plan.images)
    workers = max(1, min(4, os.cpu_count() or 1))
    with ThreadPoolExecutor(workers, thread_name_prefix="render") as pool:
        waiting: list[Future[ImageRecord]] = []
        try:
            # A few ahead of the reader, not all: finished pictures hold masks.
            for number in range(plan.images + 2 * workers):
                if number < plan.images:
                    waiting.append(pool.submit(_picture, plan, number, folder))
                if number >= 2 * workers:
                    yield waiting.pop(0).result()
                    tick(number - 2 * workers + 1, plan.images)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _picture(plan: Plan, number: int, folder: Path) -> ImageRecord:
    picture = render(plan.seed, number)
    data = encode_jpeg(picture.pixels, _QUALITY)
    digits = max(3, len(str(plan.images)))
    name = f"table_{number + 1:0{digits}d}.jpg"
    (folder / name).write_bytes(data)
    split = plan.split_of(number)
    labelled = split != "none"
    items = [Labelled(class_index=piece.label, geometry=_geometry(piece, plan.shapes)) for piece in picture.pieces]
    return ImageRecord(
        id=name,
        name=name,
        width=WIDTH,
        height=HEIGHT,
        annotations=tuple(items) if labelled else (),
        split=split,
        state="labeled" if labelled else "unlabeled",
        sha256=hashlib.sha256(data).hexdigest(),
        path=f"{folder.name}/{name}",
    )


def _geometry(piece: Piece, shapes: SampleShapes) -> Geometry:
    if shapes == "box":
        x0, y0, x1, y1 = piece.box
        return Box(x0=x0, y0=y0, x1=x1, y1=y1)
    mask = Mask(width=WIDTH, height=HEIGHT, counts=rle.encode(piece.mask))
    return mask if shapes == "mask" else _polygon(mask)


def _polygon(mask: Mask) -> Polygon:
    """Return few points that stay close to the border of a mask, as a person would set them."""
    rings = [
        tuple((float(x), float(y)) for x, y in cv2.approxPolyDP(np.array(ring, np.float32), _TOLERANCE, True)[:, 0])
        for ring in outline(mask)
    ]
    # Crumbs of a few pixels, left between two things that lie on a third, become lines.
    return Polygon(rings=tuple(ring for ring in rings if len(ring) > 2 and ring_area(ring) >= _CRUMB))
