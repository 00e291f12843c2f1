"""The report of an import as files to download: for programs, and for people."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from boxwright.domain.exchange import ImportReport
from boxwright.storage.files import write_whole

JSON_NAME, TEXT_NAME = "import-report.json", "import-report.txt"


def keep_report(report: ImportReport, folder: Path) -> None:
    """Write both files into the folder of a job's files. Raises StorageFull."""
    folder.mkdir(exist_ok=True)
    write_whole(folder / JSON_NAME, json.dumps(asdict(report), ensure_ascii=False, indent=1).encode())
    write_whole(folder / TEXT_NAME, "".join(f"{line}\n" for line in _lines(report)).encode("utf-8", "replace"))


def _lines(report: ImportReport) -> Iterator[str]:
    yield "Look at a dataset: nothing was changed" if report.dry_run else "Import of a dataset"
    yield f"format: {report.format}"
    yield f"found: {report.images} images, {report.annotations} annotations, {report.proposals} proposals"
    yield f"splits: {', '.join(f'{name} {count}' for name, count in report.splits.items()) or 'none'}"
    yield f"images: {report.images_added} new, {report.images_updated} updated, {report.images_skipped} left alone"
    for name in report.classes:
        target = report.class_map.get(name, name)
        yield f"class: {_plain(name)} -> {_plain(target) if target else '(dropped)'}"
    yield from (f"note: {_plain(note)}" for note in report.notes)
    yield f"problems: {report.problem_count}"
    for item in report.problems:
        line = "" if item.line is None else f":{item.line}"
        yield f"{_plain(item.file)}{line}: {_plain(item.message)} [{item.code}] ({item.action})"
    if report.problem_count > len(report.problems):
        yield f"and {report.problem_count - len(report.problems)} more"


def _plain(text: str) -> str:
    """Text of a dataset in one line."""
    return " ".join(text.split())
