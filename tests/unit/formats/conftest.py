"""Datasets made for tests, and the import and export tasks run on them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from boxwright.domain.manifest import (
    ImageRecord,
    ManifestClass,
    ManifestHeader,
    read_header,
    read_records,
    write_manifest,
)
from boxwright.formats.tasks import run_export, run_import
from drawn import H, W


class Context:
    """A task context that remembers what it was told; `stop` is what `stopping` answers."""

    def __init__(self, workdir: Path) -> None:
        self.workdir = workdir
        self.stop = ""
        self.phases: list[str] = []

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        assert 0 <= done <= total
        self.phases.append(phase)

    def metric(self, step: int, values: Mapping[str, float]) -> None: ...

    def log(self, message: str, level: str = "info") -> None: ...

    def checkpoint(self, path: Path) -> None: ...

    def stopping(self) -> str:
        return self.stop


@dataclass
class Imported:
    """What an import gave."""

    header: ManifestHeader
    records: list[ImageRecord]
    report: dict
    workdir: Path

    @property
    def by_name(self) -> dict[str, ImageRecord]:
        return {record.name: record for record in self.records}

    @property
    def codes(self) -> list[str]:
        return [problem["code"] for problem in self.report["problems"]]

    def problems(self, code: str) -> list[dict]:
        return [problem for problem in self.report["problems"] if problem["code"] == code]

    def labels(self, name: str) -> list[tuple[str, tuple[float, ...]]]:
        """Class name and bounds of each annotation of a picture."""
        return [
            (self.header.classes[item.class_index].name, item.geometry.bounds)
            for item in self.by_name[name].annotations
        ]

    @property
    def class_names(self) -> list[str]:
        return [item.name for item in self.header.classes]


def picture(
    width: int = 100, height: int = 80, *, orientation: int | None = None, kind: str = "JPEG", shade: int = 0
) -> bytes:
    """Bytes of a picture; `shade` makes them different."""
    out = io.BytesIO()
    options = {}
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif.tobytes()
    Image.fromarray(np.full((height, width, 3), shade, np.uint8)).save(out, kind, **options)
    return out.getvalue()


def pack(path: Path, files: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Imported]:
    """Import a mapping of names to contents (or a finished archive)."""
    count = 0

    def run(files: Mapping[str, bytes | str] | Path, **params: object) -> Imported:
        nonlocal count
        count += 1
        workdir = tmp_path / f"import{count}"
        workdir.mkdir()
        archive = files if isinstance(files, Path) else pack(workdir / "in.zip", files)
        result = run_import({"archive": str(archive), "name": "set", **params}, Context(workdir))
        path = workdir / result["files"]["records"]
        return Imported(read_header(path), list(read_records(path)), result["report"], workdir)

    return run


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., tuple[Path, dict]]:
    """Export an import (or a header with records) and return the archive and the result."""
    count = 0

    def run(
        source: Imported | tuple[ManifestHeader, list[ImageRecord]], kind: str, **params: object
    ) -> tuple[Path, dict]:
        nonlocal count
        count += 1
        workdir = tmp_path / f"export{count}"
        workdir.mkdir()
        if isinstance(source, Imported):
            header = source.header
            records = [replace(r, path=str(source.workdir / r.path) if r.path else None) for r in source.records]
        else:
            header, records = source
        write_manifest(workdir / "manifest.jsonl", header, records)
        given = {"manifest": str(workdir / "manifest.jsonl"), "format": kind, "with_images": True, "out": "out.zip"}
        result = run_export({**given, **params}, Context(workdir))
        return workdir / result["files"]["export"], result

    return run


def contents(archive: Path) -> dict[str, bytes]:
    """All files of an export but the two that speak about it."""
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if name not in ("LOSSES.txt", "boxwright-report.json")]
        return {name: opened.read(name) for name in names}


@pytest.fixture
def make_picture() -> Callable[..., bytes]:
    return picture


@pytest.fixture
def unpack() -> Callable[[Path], dict[str, bytes]]:
    return contents


@pytest.fixture
def build(make_picture, tmp_path):
    """Give drawn records a name and a picture each."""
    names = ["a.jpg", "images/d.v2.jpg", "sub/b c.jpg", "train/ünï #1.jpg"]  # sorted, as VOC is read
    for number, name in enumerate(names):
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make_picture(W, H, shade=number * 20))

    def make(drawn):
        classes = (ManifestClass(id="4", name="cat"), ManifestClass(id="9", name="big dog"))
        records = [
            ImageRecord(
                name=name, width=W, height=H, annotations=annotations, split=split, state=state,
                path=str(tmp_path / "pictures" / name), tags=("night", 'a "b"') if split == "train" else (),
            )
            for name, (annotations, split, state) in zip(names, drawn, strict=False)
        ]  # fmt: skip
        return ManifestHeader(name="set", classes=classes), records

    return make


@pytest.fixture
def again(load, save, unpack) -> Callable[..., Imported]:
    """Export, import, export; the two exports must hold the same. Returns the import."""

    def run(dataset: tuple[ManifestHeader, list[ImageRecord]], kind: str) -> Imported:
        first, _ = save(dataset, kind)
        got = load(first)
        assert got.report["format"] == kind
        second, _ = save(got, kind)
        assert unpack(first) == unpack(second)
        third = load(second)
        assert [replace(r, path=None) for r in third.records] == [replace(r, path=None) for r in got.records]
        return got

    return run


@pytest.fixture
def context(tmp_path: Path) -> Context:
    folder = tmp_path / "work"
    folder.mkdir()
    return Context(folder)
