"""A project of a million images with eight objects each, put straight into the tables, for benchmarks.

Every image shows one of a few shared pictures; the rows are as an import and some months of work leave them: classes
by Zipf's law, splits, sources, scores, proposals, tags, metadata, attributes, people, videos, comments.
"""

from __future__ import annotations

import io
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from PIL import Image as Pixels

from boxwright.domain.clock import now, written
from boxwright.domain.projects import CLASS_COLORS, LabelClass
from boxwright.services.projects import Projects
from boxwright.storage.blobs import ObjectBlobs
from boxwright.storage.engine import is_sqlite, open_engine
from boxwright.storage.repositories.text import fold
from boxwright.storage.schema import prepare
from boxwright.storage.tables import metadata
from boxwright.storage.unit_of_work import UnitOfWork

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = ((1920, 1080), (1280, 720), (4000, 3000))
CLASSES = 80
BATCH = 20_000
LABELED = 0.88  # share of the images
# The last 1 % were changed after the version was made.
VERSION_AT = "2026-10-01T00:00:00.000Z"
Row = tuple[Any, ...]


class Deaf:
    """Nobody listens to the events."""

    def publish(self, events: Sequence[object]) -> None:
        """Forget them."""


@dataclass(frozen=True)
class Filled:
    """The project, and ids that filters name."""

    project_id: str
    classes: tuple[str, ...]
    version_id: str
    people: tuple[str, ...]


def identifier(number: int, kind: int) -> str:
    """Return a UUIDv7: ids sort as the numbers do."""
    at = int((BEGIN + timedelta(seconds=number * (20 if kind == 1 else 2))).timestamp() * 1000)
    return f"{at >> 16:08x}-{at & 0xFFFF:04x}-7{kind:03x}-8000-{number:012x}"


def fill(url: str, folder: Path, images: int, objects: float) -> Filled:
    """Make database and blobs, or take those that are here already."""
    record = folder / "million.json"
    if record.exists():
        found = json.loads(record.read_text())
        return Filled(found["project_id"], tuple(found["classes"]), found["version_id"], tuple(found["people"]))
    engine = open_engine(url)
    prepare(engine, folder / "backups")
    shas = pictures(folder / "blobs")
    uow = UnitOfWork(engine, Deaf())
    from boxwright.services.access import Access

    caller = Access(uow).ensure_local_user()
    project = Projects(uow).create(caller, "Million")
    label_ids = tuple(identifier(place, 9) for place in range(CLASSES + 2))
    names = [f"class {place:02}" for place in range(CLASSES)] + ["rare", "unused"]
    rows = [
        LabelClass(
            id=key,
            project_id=project.id,
            name=name,
            color=CLASS_COLORS[place % 14],
            hotkey=None,
            position=place,
            hidden=False,
        )
        for place, (key, name) in enumerate(zip(label_ids, names, strict=True))
    ]
    with uow.write() as tx:
        tx.classes.add(rows)
        set_id = tx.annotations.default_set(project.id)
    people = tuple(identifier(place, 8) for place in range(3))
    maker = Maker(project.id, set_id, label_ids, shas, people, (images, objects))
    begin = time.perf_counter()
    _load(engine, maker)
    print(f"rows and indexes: {time.perf_counter() - begin:.0f} s", flush=True)
    with uow.write() as tx:
        tx.projects.recount(project.id, at=now())
    print(f"counts: {time.perf_counter() - begin:.0f} s", flush=True)
    filled = Filled(project.id, label_ids, identifier(0, 7), people)
    record.write_text(json.dumps(vars(filled)))
    engine.dispose()
    return filled


def pictures(folder: Path) -> list[str]:
    """Store a few pictures; returns their hashes."""
    blobs = ObjectBlobs(folder)
    random = np.random.default_rng(1)
    found = []
    for size in SIZES:
        small = random.integers(0, 256, (9, 16, 3), dtype=np.uint8)
        out = io.BytesIO()
        Pixels.fromarray(small).resize(size).save(out, "JPEG", quality=60)
        found.append(blobs.put_bytes(out.getvalue()))
    return found


def _load(engine: sa.Engine, maker: Maker) -> None:
    """Write rows into tables without indexes, then make the indexes."""
    tables = [metadata.tables[name] for name in ("images", "annotations")]
    indexes = [index for table in tables for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection, checkfirst=True)
    write = _sqlite_writer(str(engine.url.database)) if is_sqlite(engine) else _postgres_writer(engine)
    for step, (images, states, objects) in enumerate(maker.batches()):
        write("images", IMAGE, images)
        write("image_set_state", STATE, states)
        write("annotations", ANNOTATION, objects)
        if step % 10 == 0:
            print(f"{(step + 1) * BATCH} images", flush=True)
    for name, columns, more in maker.others():
        write(name, columns, more)
    write("", (), [])
    for index in indexes:
        begin = time.perf_counter()
        with engine.begin() as connection:
            if is_sqlite(engine):
                connection.exec_driver_sql("PRAGMA cache_size=-1000000")
            else:
                connection.exec_driver_sql("SET maintenance_work_mem='1GB'")
            index.create(connection)
        print(f"{index.name}: {time.perf_counter() - begin:.0f} s", flush=True)
    if not is_sqlite(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _sqlite_writer(path: str) -> Any:
    connection = sqlite3.connect(path)
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")

    def write(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not table:
            connection.close()
            return
        marks = ",".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)
        connection.commit()

    return write


def _postgres_writer(engine: sa.Engine) -> Any:
    raw = engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None

    def write(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not table:
            raw.close()
            return
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            with cursor.copy(f"COPY {table} ({','.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        connection.commit()

    return write


IMAGE = (
    "id", "project_id", "name", "name_nfc", "name_fold", "width", "height", "pixels", "orientation",
    "format", "bytes", "sha256", "split", "state", "todo", "annotations", "proposals", "lowest_score",
    "revision", "created_at", "changed_at", "tags", "metadata", "video_id", "frame_index", "assignee_id",
    "work_state",
)  # fmt: skip
STATE = ("image_id", "set_id", "revision", "state", "annotations")
ANNOTATION = (
    "id", "project_id", "image_id", "set_id", "class_id", "type", "geometry", "x0", "y0", "x1", "y1", "area",
    "source", "state", "score", "z", "crowd", "attributes", "created_at", "updated_at",
)  # fmt: skip
_STATE_OF, _SCORE = ANNOTATION.index("state"), ANNOTATION.index("score")


class Maker:
    """Makes rows batch by batch, the same ones every time."""

    def __init__(
        self,
        project_id: str,
        set_id: str,
        classes: Sequence[str],
        shas: Sequence[str],
        people: Sequence[str],
        size: tuple[int, float],
    ) -> None:
        self._project, self._set, self._classes = project_id, set_id, classes
        self._shas, self._people = shas, people
        self._images, objects = size
        self._mean = objects / LABELED
        self._random = np.random.default_rng(7)
        weights = 1 / np.arange(1, CLASSES + 1)
        self._weights = weights / weights.sum()
        self._objects = 0

    def batches(self) -> Iterator[tuple[list[Row], list[Row], list[Row]]]:
        """Yield rows of images, of their states, of their annotations."""
        for start in range(0, self._images, BATCH):
            yield self._batch(range(start, min(start + BATCH, self._images)))

    def _batch(self, numbers: range) -> tuple[list[Row], list[Row], list[Row]]:
        random, size = self._random, len(numbers)
        counts = np.where(random.random(size) < LABELED, random.geometric(1 / self._mean, size), 0)
        proposed = np.where(random.random(size) < 0.03, random.integers(1, 4, size), 0)
        chance = random.random((size, 6))
        images, states, objects = [], [], []
        for place, number in enumerate(numbers):
            count, waiting = int(counts[place]), int(proposed[place])
            luck = chance[place]
            state = "labeled" if count else "empty" if luck[0] < 0.2 else "unlabeled"
            image_id = identifier(number, 1)
            kind = number % 3 if number % 10 else 2
            shapes = self._annotations(image_id, number, kind, count, waiting)
            lowest = min((row[_SCORE] for row in shapes if row[_STATE_OF] == "proposal"), default=2.0)
            images.append(self._image(image_id, number, kind, state, count, (waiting, lowest), luck))
            if state != "unlabeled":
                states.append((image_id, self._set, 1, state, count))
            objects += shapes
        return images, states, objects

    def _image(
        self, image_id: str, number: int, kind: int, state: str, count: int, waiting: tuple[int, float], luck: Any
    ) -> Row:
        at = written(BEGIN + timedelta(seconds=number * 20))
        name = f"Site-{number % 37:02}/cam{number % 5}/{at[:10]}/IMG_{number * 7919 % 10_000_000:07}.jpg"
        width, height = SIZES[kind]
        split = "train" if luck[1] < 0.7 else "val" if luck[1] < 0.85 else "test" if luck[1] < 0.999 else "none"
        tags = [tag for tag, share in (("night", 0.2), ("wet", 0.05)) if luck[2] * 7 % 1 < share]
        tags += ["odd"] if number % 3331 == 0 else []
        fields = {"camera": f"K{number % 40}", "site": f"Site-{number % 37:02}"} if luck[3] < 0.3 else {}
        fields |= {"note": "blurred"} if number % 9973 == 0 else {}
        video = identifier(number // 5000 % 2, 6) if 40_000 <= number < 50_000 else None
        mine = self._people[number % 3] if luck[4] < 0.1 else None
        work = ("in_work", "submitted", "accepted", "returned")[number % 4] if mine and luck[5] < 0.5 else "new"
        changed = VERSION_AT.replace("10-01", "10-02") if number % 100 == 7 else at
        return (
            image_id,
            self._project,
            name,
            name,
            fold(name),
            width,
            height,
            width * height,
            1,
            "jpeg",
            400_000,
            self._shas[kind],
            split,
            state,
            int(state != "unlabeled"),
            count,
            *waiting,
            int(state != "unlabeled"),
            at,
            changed,
            json.dumps(tags, separators=(",", ":")),
            json.dumps(fields, separators=(",", ":")),
            video,
            number % 5000 if video else None,
            mine,
            work,
        )

    def _annotations(self, image_id: str, number: int, kind: int, count: int, waiting: int) -> list[Row]:
        total = count + waiting
        if not total:
            return []
        random = self._random
        classes = random.choice(CLASSES, total, p=self._weights)
        numbers = random.random((total, 6))
        width, height = SIZES[kind]
        at = written(BEGIN + timedelta(seconds=number * 20 + 3))
        found = []
        for place in range(total):
            luck = numbers[place].tolist()
            wide, high = 8 * 40 ** luck[0], 8 * 40 ** luck[1]
            x0, y0 = round(luck[2] * (width - wide), 2), round(luck[3] * (height - high), 2)
            x1, y1 = round(x0 + wide, 2), round(y0 + high, 2)
            proposal = place >= count
            source = "model" if proposal or luck[4] < 0.1 else "manual" if luck[4] < 0.3 else "import"
            score = None if source != "model" else round(0.3 + 0.7 * luck[5], 4) if luck[5] > 0.0005 else 0.05
            attributes = "{}" if luck[5] > 0.05 else json.dumps({"color": "red" if luck[4] < 0.5 else "blue"})
            if luck[5] < 0.00002:
                attributes = '{"color":"teal"}'
            label = self._classes[CLASSES] if number % 1000 == 77 and place == 0 else self._classes[classes[place]]
            state = "proposal" if proposal else "accepted" if source == "model" else "manual"
            self._objects += 1
            found.append(
                (
                    identifier(self._objects, 2),
                    self._project,
                    image_id,
                    self._set,
                    label,
                    "box",
                    f'{{"x0":{x0},"y0":{y0},"x1":{x1},"y1":{y1},"type":"box"}}',
                    x0,
                    y0,
                    x1,
                    y1,
                    (x1 - x0) * (y1 - y0),
                    source,
                    state,
                    score,
                    0,
                    False,
                    attributes.replace(" ", ""),
                    at,
                    at,
                )
            )
        return found

    def others(self) -> Iterator[tuple[str, Sequence[str], list[Row]]]:
        """Yield rows of other tables: people, a version, comments."""
        names = ("id", "name", "name_fold", "admin", "created_at")
        yield "users", names, [(key, f"person {n}", f"person {n}", False, now()) for n, key in enumerate(self._people)]
        version = ("id", "project_id", "name", "content_hash", "manifest_sha256", "created_at")
        yield "dataset_versions", version, [(identifier(0, 7), self._project, "autumn", "0" * 64, "0" * 64, VERSION_AT)]
        said = ("id", "project_id", "image_id", "text", "created_at", "resolved_at")
        yield (
            "comments",
            said,
            [
                (
                    identifier(n, 5),
                    self._project,
                    identifier(n * 1999 % self._images, 1),
                    "look",
                    now(),
                    None if n % 2 else now(),
                )
                for n in range(min(500, self._images))
            ],
        )
