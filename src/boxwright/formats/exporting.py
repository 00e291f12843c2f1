"""The export task: a manifest becomes a ZIP, with a list of what the format could not hold."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from boxwright.domain.collecting import seldom_collected
from boxwright.domain.errors import Cancelled, Invalid, InvalidDataset
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import LINES
from boxwright.domain.manifest import ImageRecord, Written, read_header, read_heads, read_records
from boxwright.domain.ports import TaskContext
from boxwright.formats import registry, report
from boxwright.formats.selecting import select, selection_of
from boxwright.formats.writing import EXPORT_SCHEMA, REPORT_NAME, Dataset, Names, pictures
from boxwright.media.zipstream import Entry, write_zip

LOSSES_NAME = "LOSSES.txt"
_EVERY = 50
_LINES = tuple(b'"type":"%b"}' % kind.encode() for kind in LINES)


class Manifest:
    """The records of a manifest file, read anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[ImageRecord]:
        return read_records(self._path)

    @property
    def heads(self) -> Iterable[ImageRecord]:
        """The records without annotations."""
        return Heads(self._path)


class Heads:
    """The records of a manifest file without annotations, read anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[ImageRecord]:
        return (head for head, _ in read_heads(self._path))


class Areas:
    """Records without what has no area, for formats that have no place for it."""

    def __init__(self, dataset: Dataset) -> None:
        self._records, self.heads = dataset.records, dataset.heads

    def __iter__(self) -> Iterator[ImageRecord]:
        for record in self._records:
            found = record.annotations
            if isinstance(found, Written) and not any(kind in found.text for kind in _LINES):
                yield record
                continue
            kept = tuple(item for item in record.annotations if item.kind not in LINES)
            yield record if len(kept) == len(record.annotations) else replace(record, annotations=kept)


def run_export(params: Mapping[str, object], context: TaskContext) -> dict[str, object]:
    """Write a dataset as a ZIP into the work folder.

    Args:
        params: `manifest` (path), `format`, `with_images` (put the original pictures in), `with_annotations` (without,
            the pictures come alone), `selection` (a part of the manifest), `out` (name of the ZIP).
        context: where to work and report.

    Returns:
        `{"files": {"export": name}, "images": n, "annotations": n, "losses": [Loss, ...]}`.

    Raises:
        InvalidDataset: the manifest is none, nothing of it is chosen, or the format is unknown.
        StorageFull: the disk is full.
        Cancelled: a person stopped it.
    """
    with seldom_collected():
        return _run(params, context)


def _run(params: Mapping[str, object], context: TaskContext) -> dict[str, object]:
    manifest = Path(str(params["manifest"]))
    name = str(params.get("out") or "export.zip")
    if Path(name).name != name:
        raise Invalid(f"{name!r} is not a plain file name", code="name_invalid")
    writer = registry.writer_of(str(params["format"]))
    alone = not params.get("with_annotations", True)
    part = select(read_header(manifest), Manifest(manifest), selection_of(params))
    dataset = Dataset(*part, bool(params.get("with_images", True)))
    stats = report.gather(dataset.header, dataset.records)
    if not stats.images:
        raise InvalidDataset("no image fits what was chosen; choose more", code="export_empty")
    lost = [] if alone else writer.losses(dataset, stats)
    if not dataset.with_images:
        lost = [loss for loss in lost if loss.code != "pixels_missing"]
    dataset = replace(dataset, area_ids=stats.area_ids, splits=stats.splits)
    everything = _all_entries(dataset, str(params["format"]), stats, lost)
    parts = pictures(dataset, Names(), lambda _, name: name) if alone else everything
    write_zip(context.workdir / name, _watched(parts, stats, dataset, context))
    return {
        "files": {"export": name},
        "images": stats.images,
        "annotations": stats.annotations,
        "losses": [asdict(loss) for loss in lost],
    }


def _all_entries(dataset: Dataset, format_name: str, stats: report.Stats, lost: list[Loss]) -> Iterator[Entry]:
    summary = {
        "schema": EXPORT_SCHEMA,
        "name": dataset.header.name,
        "content_hash": dataset.header.content_hash,
        "format": format_name,
        "frame": "upright",
        "images": stats.images,
        "annotations": stats.annotations,
        "splits": dict(sorted(stats.splits.items())),
        "classes": [item.name for item in dataset.header.classes],
        "losses": [asdict(loss) for loss in lost],
    }
    yield Entry(REPORT_NAME, json.dumps(summary, ensure_ascii=False, indent=1).encode())
    yield Entry(LOSSES_NAME, losses_text(format_name, lost).encode())
    writer = registry.writer_of(format_name)
    yield from writer.entries(dataset if writer.lines else replace(dataset, records=Areas(dataset)))


def losses_text(format_name: str, lost: Iterable[Loss]) -> str:
    """Return the list of losses for people."""
    lines = [f"- {loss.message} ({loss.count})" for loss in lost] or ["Nothing: the format holds all of it."]
    head = f"What {format_name} cannot hold of this dataset"
    frame = "Coordinates belong to the upright pictures (EXIF orientation applied)."
    return "\n".join([head, "", *lines, "", frame, ""])


def _watched(parts: Iterable[Entry], stats: report.Stats, dataset: Dataset, context: TaskContext) -> Iterator[Entry]:
    """Pass the entries on, with progress and a look at the stop flag; half a ZIP is none, so stopping cancels."""
    total = max(1, stats.images * (2 if dataset.with_images else 1))
    for number, entry in enumerate(parts):
        if number % _EVERY == 0:
            if context.stopping():
                raise Cancelled("the export was stopped; no file was written")
            context.progress(min(number, total), total, phase="writing")
        yield entry
    context.progress(total, total, phase="writing")
