"""Imports of mutated datasets, in a process of their own: `python tests/fuzzing.py CASES SEED FOLDER [DATA]`.

Prints JSON: the cases run, what was imported and refused, the slowest, the peak of memory, and everything that should
not happen: an error that is none of ours, a case of over five seconds of processor time, a file outside the folder.
"""

import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tarfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from boxwright.domain import rle
from boxwright.domain.errors import BoxwrightError
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import (
    ImageRecord,
    Labelled,
    ManifestClass,
    ManifestHeader,
    read_header,
    read_records,
    write_manifest,
)
from boxwright.formats.registry import FORMATS, READABLE
from boxwright.formats.tasks import run_export, run_import
from boxwright.formats.tfexample import framed

Files = dict[str, bytes]
SECONDS, HANGING = 5.0, 120
_PICTURES = (".jpg", ".jpeg", ".png")
_SAMPLES = (
    *("cvat_dataset/for_images/export_project", "cvat_dataset/for_images/export_task", "cvat_dataset/for_video"),
    *("coco_dataset/coco", "coco_dataset/coco_roboflow", "voc_dataset/voc_dataset1", "yolo_dataset/strict"),
    *("yolo_dataset/labels", "roboflow_dataset/createml", "roboflow_dataset/yolo_obb", "roboflow_dataset/tfrecord"),
    *("open_images_dataset/v6", "datumaro_dataset/legacy", "tf_detection_api_dataset", "kaggle_dataset/relaxed_voc1"),
)
_NUMBERS = (
    b"-1",
    b"0",
    b"1e308",
    b"-1e-308",
    b"NaN",
    b"1e999",
    b"99999999999999999999999",
    b"0.1",
    b"2147483648",
    b'""',
    b"null",
)
_WORDS = (
    *(b"../../../evil", b"/etc/passwd", b"C:\\evil.jpg", b"\x00", b"=1+1", b"a" * 20_000, b"\xff\xfe", b"{}", b"[]"),
    *(b"[" * 5000, b'{"a":' * 3000, b"<a>" * 3000, b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"1,2;" * 4000),
)


class Context:
    """A task context that goes on."""

    def __init__(self, workdir: Path) -> None:
        self.workdir = workdir

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None: ...

    def metric(self, step: int, values: Mapping[str, float]) -> None: ...

    def log(self, message: str, level: str = "info") -> None: ...

    def checkpoint(self, path: Path) -> None: ...

    def stopping(self) -> str:
        return ""


def own_dataset(folder: Path) -> tuple[ManifestHeader, list[ImageRecord]]:
    """Every kind of shape on three small pictures."""
    pixels = np.zeros((80, 100), bool)
    pixels[10:40, 20:60] = True
    shapes = (
        Box(x0=1, y0=2, x1=30, y1=40),
        RotatedBox(cx=50, cy=40, w=30, h=12, angle=0.5),
        Polygon(rings=(((1, 1), (50, 2), (40, 60)),)),
        Mask(width=100, height=80, counts=rle.encode(pixels)),
        Ellipse(cx=50, cy=40, rx=9, ry=9),
        Polyline(points=((1, 1), (50, 50), (60, 10))),
        Points(points=((5, 5), (6, 7))),
    )
    about = {"note": "x", "age": 3, "occluded": True}
    items = tuple(
        Labelled(class_index=at % 2, geometry=shape, attributes=about, score=0.5, group_id="1", z=at)
        for at, shape in enumerate(shapes)
    )
    records = []
    for at, split in enumerate(("train", "val", "none")):
        path = folder / f"{at}.jpg"
        Image.fromarray(np.full((80, 100, 3), 40 * at, np.uint8)).save(path, "JPEG")
        records.append(
            ImageRecord(
                name=f"p{at}.jpg", width=100, height=80, annotations=items[: 7 - 2 * at], split=split, state="labeled",
                path=str(path), tags=("night",),
            )
        )  # fmt: skip
    return ManifestHeader(
        name="own", classes=(ManifestClass(id="1", name="cat"), ManifestClass(id="2", name="dog"))
    ), records


def sources(folder: Path, data: Path | None) -> list[Files]:
    """Our exports in every format that is read, and the real samples: annotation files with three pictures at most."""
    header, records = own_dataset(folder)
    write_manifest(folder / "manifest.jsonl", header, records)
    found = []
    for kind in READABLE:
        run_export({"manifest": str(folder / "manifest.jsonl"), "format": kind, "out": f"{kind}.zip"}, Context(folder))
        with zipfile.ZipFile(folder / f"{kind}.zip") as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        files.pop("boxwright-report.json")
        found.append(files)
    if data:
        assets = data / "many_formats" / "tests" / "assets"
        places = [assets / name for name in _SAMPLES] + sorted((data / "label_studio_exports").glob("test_export*"))
        places += [data / "car_damage_via", data / "yolo_mark"]
        found += [files for place in places if (files := _small(place))]
    return found


def _small(place: Path) -> Files:
    files: Files = {}
    pictures = 0
    for path in sorted(place.rglob("*")) if place.is_dir() else ():
        picture = path.suffix.lower() in _PICTURES
        if path.is_file() and path.stat().st_size < 200_000 and not (picture and pictures >= 3):
            files[path.relative_to(place).as_posix()] = path.read_bytes()
            pictures += picture
    return files


def mutated(files: Files, others: list[Files], rng: random.Random) -> Files:
    """The files with one to three of them changed, mostly annotations."""
    files = dict(files)
    notes = [name for name in files if not name.lower().endswith(_PICTURES)] or list(files)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        name = rng.choice(notes if rng.random() < 0.95 else list(files))
        change = rng.choice(_CHANGES)
        framed_again = name.endswith(".tfrecord") and rng.random() < 0.7
        files[name] = _inside(files[name], change, rng) if framed_again else change(files[name], rng)
        if rng.random() < 0.05:
            other = rng.choice(others)
            extra = rng.choice(list(other))
            files[f"more/{extra}"] = other[extra]
        if rng.random() < 0.03:
            files[rng.choice((f"x/{name}", name.swapcase(), f"{name}.json"))] = files[name]
    return files


def _inside(data: bytes, change: Callable[[bytes, random.Random], bytes], rng: random.Random) -> bytes:
    """Change one record of a file, with checksums that fit: else nothing behind them would be looked at."""
    pieces = []
    while len(data) > 16:
        length = int.from_bytes(data[:8], "little")
        pieces.append(data[12 : 12 + length])
        data = data[16 + length :]
    at = rng.randrange(len(pieces)) if pieces else 0
    return b"".join(framed(change(piece, rng) if number == at else piece) for number, piece in enumerate(pieces))


def _flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 3, 20)) if out else 0):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _cut(data: bytes, rng: random.Random) -> bytes:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:a] + data[b:] if rng.random() < 0.5 else data[:b]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    a = rng.randrange(len(data) + 1)
    piece = data[a : a + rng.choice((1, 10, 100, 1000))]
    return data[:a] + piece * rng.choice((2, 10, 300)) + data[a:]


def _token(pattern: re.Pattern[bytes], by: tuple[bytes, ...]) -> Callable[[bytes, random.Random], bytes]:
    def change(data: bytes, rng: random.Random) -> bytes:
        found = list(pattern.finditer(data[:300_000]))
        if not found:
            return data + rng.choice(by)
        for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 5)))), key=lambda m: -m.start()):
            data = data[: match.start()] + rng.choice(by) + data[match.end() :]
        return data

    return change


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _cut,
    _repeat,
    _token(re.compile(rb"-?\d+(\.\d+)?"), _NUMBERS),
    _token(re.compile(rb"-?\d+(\.\d+)?"), _NUMBERS),
    _token(re.compile(rb"[A-Za-z_][\w./-]*"), _WORDS),
    _token(re.compile(rb"[\[\]{}<>\",:;=]"), (b"", b"[", b"]", b"{", b"<", b">", b'"', b",", b"\n")),
    lambda data, rng: data + bytes(rng.randrange(256) for _ in range(200)),
    lambda _, rng: rng.choice((b"", b"\n", b"\x00" * 500, b"\xef\xbb\xbf", b"[]", b"{}", b"<annotations/>")),
)


def packed(files: Files, path: Path, rng: random.Random) -> None:
    """Write a ZIP or TAR, now and then with a name or bytes that should not be."""
    out = io.BytesIO()
    names = list(files)
    odd = rng.choice(names) if names and rng.random() < 0.04 else None
    if rng.random() < 0.2:
        with tarfile.open(fileobj=out, mode=rng.choice(("w", "w:gz"))) as tar:
            for name in names:
                info = tarfile.TarInfo("../evil" if name == odd else name)
                info.size = len(files[name])
                tar.addfile(info, io.BytesIO(files[name]))
    else:
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(
                    zipfile.ZipInfo(rng.choice(("../evil", "/evil", "a//b")) if name == odd else name), files[name]
                )
    data = out.getvalue()
    path.write_bytes(rng.choice(_CHANGES[:3])(data, rng) if rng.random() < 0.04 else data)


def watch(folder: Path) -> list[str]:
    """From now on, the list of files that are written outside of `folder`."""
    outside: list[str] = []
    inside = os.fspath(folder.resolve())

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        paths: tuple[object, ...] = ()
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            paths = arguments[:1]
        elif event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate"):
            paths = arguments[:2] if event in ("os.rename", "os.link", "os.symlink") else arguments[:1]
        names = [os.fsdecode(path) for path in paths if isinstance(path, str | bytes)]
        # Without links being followed: resolving would itself be seen by this hook.
        away = (name for name in names if not os.path.abspath(name).startswith((inside, "/dev/null")))  # noqa: PTH100
        outside.extend(f"{event} {name}" for name in away)

    sys.addaudithook(hook)
    return outside


def _one(files: Files, work: Path, rng: random.Random) -> str:
    """Import, and now and then export what came in; returns what became of it."""
    packed(files, work / "in.bin", rng)
    kind = "auto" if rng.random() < 0.8 else rng.choice(READABLE)
    try:
        given = {"archive": str(work / "in.bin"), "name": "fuzz.json", "format": kind, "dry_run": rng.random() < 0.3}
        result = run_import(given, Context(work))
    except BoxwrightError as error:
        if "\n" in error.message:
            raise AssertionError(f"a message of several lines: {error.message}") from error
        return f"refused: {error.code}"
    if rng.random() < 0.25 and not given["dry_run"]:
        came = work / str(result["files"]["records"])  # type: ignore[index]
        records = (replace(one, path=str(work / one.path) if one.path else None) for one in read_records(came))
        write_manifest(work / "again.jsonl", read_header(came), records)
        run_export({"manifest": str(work / "again.jsonl"), "format": rng.choice(FORMATS)}, Context(work))
    return f"read as {result['report']['format']}"  # type: ignore[index]


def run(cases: int, seed: int, folder: Path, data: Path | None) -> dict[str, object]:
    """Run the cases; each has its own numbers, so that a failing one can be run alone."""
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    given = sources(folder / "samples", data)
    outside = watch(folder)
    outcome: Counter[str] = Counter()
    failures: list[str] = []
    slowest = 0.0
    signal.signal(signal.SIGALRM, _hangs)
    for number in range(cases):
        rng = random.Random(f"{seed}-{number}")
        work = folder / "work"
        work.mkdir()
        files = mutated(rng.choice(given), given, rng)
        start = time.process_time()
        signal.alarm(HANGING)
        try:
            outcome[_one(files, work, rng)] += 1
        except Exception:  # noqa: BLE001 (whatever it is: it is what is looked for)
            failures.append(f"case {seed}-{number}: {traceback.format_exc()}")
        finally:
            signal.alarm(0)
        took = time.process_time() - start
        slowest = max(slowest, took)
        if took > SECONDS:
            failures.append(f"case {seed}-{number}: {took:.1f} s of processor time")
        shutil.rmtree(work)
    # Not ru_maxrss: that begins with the size of the process that started this one.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return {
        "cases": cases,
        "outcome": dict(outcome.most_common()),
        "failures": failures,
        "outside": sorted(set(outside)),
        "slowest_s": round(slowest, 2),
        "peak_mib": round(peak),
    }


def _hangs(*_: object) -> None:
    raise TimeoutError("hangs")


def _lines() -> Iterator[str]:
    cases, seed, folder, *data = sys.argv[1:]
    yield json.dumps(run(int(cases), int(seed), Path(folder), Path(data[0]) if data else None), indent=1)


if __name__ == "__main__":
    print(*_lines())
