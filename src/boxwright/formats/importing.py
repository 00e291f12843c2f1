"""The import task: an archive becomes manifest lines and a report; nothing is written to the database here."""

import hashlib
import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from boxwright.domain.collecting import seldom_collected
from boxwright.domain.errors import Cancelled, Invalid, InvalidDataset
from boxwright.domain.exchange import Frame, ImportReport
from boxwright.domain.manifest import ImageRecord, ManifestClass, ManifestHeader, proposals_of, record_line
from boxwright.domain.ports import TaskContext
from boxwright.domain.projects import CLASS_COLORS, SPLITS, Split
from boxwright.formats import registry
from boxwright.formats.beside import Beside
from boxwright.formats.problems import Where
from boxwright.formats.reading import Reading
from boxwright.formats.source import Source
from boxwright.formats.writing import EXPORT_SCHEMA, REPORT_NAME
from boxwright.media.archives import Member, is_archive, safe_extract
from boxwright.media.files import disk_guard, replacing

RECORDS = "records.jsonl"
ORIGINS = "origins.jsonl"
REPORT = "report.json"
_EVERY = 20  # pictures between two looks at the clock and at the stop flag


@dataclass(frozen=True, slots=True)
class _Choices:
    archive: Path
    name: str
    format: str
    frame: Frame
    default_split: Split | None
    predictions: bool
    dry_run: bool
    origins: bool


def run_import(params: Mapping[str, object], context: TaskContext) -> dict[str, object]:
    """Read a dataset into `records.jsonl` (a manifest whose paths are relative to the work folder).

    Args:
        params: `archive` (ZIP, TAR or one annotation file), `format` ("auto" or a name), `default_split` (for pictures
            whose split the dataset does not say), `frame` ("upright" or "raw": the picture the coordinates belong to),
            `predictions` (take what models said as proposals), `dry_run` (keep no pictures) and, optional, `name` (what
            the archive was called) and `origins` (say in `origins.jsonl` which file of the archive a picture was).
        context: where to work and report.

    Returns:
        `{"report": ImportReport, "files": {"records": "records.jsonl"}}`.

    Raises:
        InvalidDataset: nothing in the input can be read.
        TooLarge: the archive is over a limit.
        StorageFull: the disk is full.
        Cancelled: a person stopped it.
    """
    choices = _choices(params)
    files, scratch = context.workdir / "files", context.workdir / "scratch"
    for folder in (files, scratch):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    keep = False
    try:
        report = _import(choices, files, scratch, context)
        keep = not choices.dry_run
    finally:
        # At once, and not at the next start: on a full disk nobody could write down why it failed.
        shutil.rmtree(scratch, ignore_errors=True)
        if not keep:
            shutil.rmtree(files, ignore_errors=True)
    with replacing(context.workdir / REPORT) as out:
        out.write(json.dumps(asdict(report), ensure_ascii=False).encode())
    return {"report": asdict(report), "files": {"records": RECORDS}}


def _import(choices: _Choices, files: Path, scratch: Path, context: TaskContext) -> ImportReport:
    source = _unpack(choices, files, context)
    written_as = _own_export(source)
    name = choices.format
    if name == "auto":
        name = written_as if written_as in registry.READABLE else registry.detect(source)
    reading = Reading(source, scratch, frame=choices.frame, default_split=choices.default_split)
    reading.own_export, reading.predictions = bool(written_as), choices.predictions
    if reading.own_export:
        before = registry.WRITERS[name].before if name in registry.WRITERS else "(images|JPEGImages)/"
        source.is_export(before)
        reading.split_folders = before == registry.SPLIT_FOLDERS
    if reading.frame == "raw" and reading.own_export:
        reading.frame = "upright"
        reading.problems.note("this is an export of Boxwright, whose coordinates are always of the upright picture")
    with disk_guard(), seldom_collected():
        return _write(reading, name, choices, context)


def _choices(params: Mapping[str, object]) -> _Choices:
    archive = Path(str(params["archive"]))
    split = next((known for known in SPLITS if known == params.get("default_split")), None)
    if params.get("default_split") and split is None:
        raise Invalid(f"unknown split {params['default_split']!r}: use {', '.join(SPLITS)}", code="split_unknown")
    return _Choices(
        archive=archive,
        name=str(params.get("name") or archive.name),
        format=str(params.get("format") or "auto"),
        frame="raw" if params.get("frame") == "raw" else "upright",
        default_split=split,
        predictions=bool(params.get("predictions")),
        dry_run=bool(params.get("dry_run")),
        origins=bool(params.get("origins")),
    )


def _unpack(choices: _Choices, files: Path, context: TaskContext) -> Source:
    if not choices.archive.is_file():
        raise InvalidDataset("the uploaded file is gone: upload it again", code="upload_missing")
    if choices.archive.stat().st_size == 0:
        raise InvalidDataset("the uploaded file is empty (0 bytes)", code="archive_empty")
    if not is_archive(choices.archive):
        return Source([Member(_file_name(choices), choices.archive)])

    def tick(done: int, total: int) -> None:
        _check_stop(context)
        context.progress(done, total or done, phase="unpacking")

    members = safe_extract(choices.archive, files, tick=_sometimes(tick))
    if not members:
        raise InvalidDataset("the archive holds no files", code="archive_empty")
    return Source(members)


def _own_export(source: Source) -> str:
    """The format as which we wrote this archive, if it says so about itself; else an empty string."""
    name = f"{source.wrapper}{REPORT_NAME}"
    if not source.has(name) or source.path(name).stat().st_size > 1 << 20:
        return ""
    try:
        value = json.loads(source.text(name))
    except (ValueError, RecursionError):
        return ""
    ours = isinstance(value, dict) and value.get("schema") == EXPORT_SCHEMA
    return str(value.get("format") or "?") if ours else ""


def _file_name(choices: _Choices) -> str:
    """The name of a single file; uploads may come without one, then the first byte tells what it is."""
    base = choices.name.replace("\\", "/").rpartition("/")[2]
    if Path(base).suffix:
        return base
    with choices.archive.open("rb") as stream:
        first = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return base + {b"{": ".json", b"[": ".json", b"<": ".xml"}.get(first, ".csv")


def _sometimes(tick: Callable[[int, int], None]) -> Callable[[int, int], None]:
    count = 0

    def seldom(done: int, total: int) -> None:
        nonlocal count
        count += 1
        if count % _EVERY == 1:
            tick(done, total)

    return seldom


def _check_stop(context: TaskContext) -> None:
    """An import is whole or not at all, so "keep what you have" is no choice either."""
    if context.stopping():
        raise Cancelled("the import was stopped; nothing was imported")


def _write(reading: Reading, name: str, choices: _Choices, context: TaskContext) -> ImportReport:
    """Write the records behind a header that is known only at the end; return the report."""
    reader = registry.reader_of(name)
    body = reading.scratch / "body.jsonl"
    splits: Counter[str] = Counter()
    annotations = proposals = 0
    total = max(1, len(reading.source.images))

    def all_records() -> Iterator[ImageRecord]:
        yield from reader.read(reading)
        yield from reading.rest(expected=name == "images" or reading.own_export)

    seen = _Duplicates(reading)
    with ExitStack() as stack:
        out, beside = (
            stack.enter_context(body.open("wb")),
            stack.enter_context(closing(Beside(reading))),
        )
        place = context.workdir / ORIGINS
        origins = stack.enter_context(place.open("w", encoding="utf-8")) if choices.origins else None
        for number, record in enumerate(all_records()):
            if number % _EVERY == 0:
                _check_stop(context)
                context.progress(min(number, total), total, phase="reading")
            finished = _finish(beside.joined(record), reading, choices, context.workdir)
            seen.check(finished)
            if origins is not None and finished.path:
                origins.write(json.dumps([finished.sha256, record.path]) + "\n")
            out.write(record_line(finished))
            splits[finished.split] += 1
            suggested = proposals_of(finished.annotations)
            annotations += len(finished.annotations) - suggested
            proposals += suggested
    if not splits:
        raise InvalidDataset(f"nothing that can be read as {name} was found", code="dataset_empty")
    with replacing(context.workdir / RECORDS) as target:
        target.write(json.dumps(asdict(_header(reading, choices.name)), ensure_ascii=False).encode() + b"\n")
        with body.open("rb") as stream:
            shutil.copyfileobj(stream, target)
    context.progress(total, total, phase="reading")
    return ImportReport(
        format=name,
        images=splits.total(),
        annotations=annotations,
        proposals=proposals,
        classes=reading.classes.names,
        splits={split: splits[split] for split in SPLITS if splits[split]},
        problems=tuple(reading.problems.items),
        problem_count=reading.problems.count,
        notes=tuple(reading.problems.notes),
        dry_run=choices.dry_run,
    )


def _header(reading: Reading, name: str) -> ManifestHeader:
    classes = tuple(
        ManifestClass(id=external, name=own, color=CLASS_COLORS[number % len(CLASS_COLORS)])
        for number, (own, external) in enumerate(reading.classes.items())
    )
    return ManifestHeader(name=name, classes=classes)


def _finish(record: ImageRecord, reading: Reading, choices: _Choices, workdir: Path) -> ImageRecord:
    """Add the hash of the bytes and where they lie."""
    if record.path is None:
        return record
    path = reading.source.path(record.path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    kept = None if choices.dry_run or not path.is_relative_to(workdir) else path.relative_to(workdir).as_posix()
    return replace(record, sha256=sha256, path=kept)


class _Duplicates:
    """Reports pictures of equal bytes, above all those in different splits."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._seen: dict[bytes, tuple[str, str]] = {}

    def check(self, record: ImageRecord) -> None:
        if not record.sha256:
            return
        name = unicodedata.normalize("NFC", record.name)
        other, split = self._seen.setdefault(bytes.fromhex(record.sha256)[:16], (name, record.split))
        if other == name:
            return
        leak = split != record.split and "none" not in (split, record.split)
        code = "same_picture_in_two_splits" if leak else "same_picture"
        message = f"has the same bytes as {other!r}" + (f", which is in {split}, not {record.split}" if leak else "")
        self._reading.problems.add(Where(record.name), code, message, "kept")
