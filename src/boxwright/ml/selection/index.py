"""A file of vectors, one a picture, that is searched without being read into memory."""

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import Invalid
from boxwright.ml.files import write_atomic
from boxwright.ml.selection.projection import directions

Floats = NDArray[np.float32]
KEPT = 128
"""Dimensions that are compared: those in which the pictures of a project differ most."""
DAMAGED = "the file of the map is lost or damaged; look at the images again, which makes a new one"
_HEAD = 4096
_CHUNK = 8192


class Seen(NamedTuple):
    """What is compared: `vectors` (n, k), turned by `basis` (d, k) to where pictures differ, `mean` (d) taken off."""

    mean: Floats
    basis: Floats
    vectors: Floats


class Index:
    """Vectors of the pictures of a project. May be used from several threads.

    `ids` (n, 16) are bytes of UUIDs, `places` (n, 2) where each lies on the map, `raw` (n, d) what the network gave.
    Compared are `vectors` (n, k): without the mean of the project, turned to where the pictures differ, of length 1.

    Raises Invalid (`map_damaged`) where the file is cut short or none of ours.
    """

    def __init__(self, path: Path) -> None:
        n, d, k = _shape(path)
        at = _HEAD

        def array(kind: Any, *shape: int) -> NDArray[Any]:
            nonlocal at
            found: NDArray[Any] = np.memmap(path, kind, "r", at, shape) if 0 not in shape else np.zeros(shape, kind)
            at += int(np.prod(shape)) * np.dtype(kind).itemsize
            return found

        self.ids = array(np.uint8, n, 16)
        self.places: Floats = array(np.float32, n, 2)
        self._mean, self._basis = array(np.float32, d), array(np.float32, d, k)
        # In full precision: searching numbers of 16 bits takes twenty times as long.
        self.vectors: Floats = array(np.float32, n, k)
        self.raw = array(np.float16, n, d)
        self._rows: dict[bytes, int] | None = None

    def names(self, rows: Sequence[int] | None = None) -> list[str]:
        """Return the ids of some rows, or of all."""
        chosen = self.ids if rows is None else self.ids[np.asarray(rows, np.int64)]
        return [str(uuid.UUID(bytes=row.tobytes())) for row in chosen]

    def row(self, image_id: str) -> int | None:
        """Return the row of a picture; None where it is not among them."""
        if self._rows is None:
            self._rows = {row.tobytes(): number for number, row in enumerate(self.ids)}
        return self._rows.get(uuid.UUID(image_id).bytes)

    def vector(self, raw: Floats) -> Floats:
        """Return what a network gave for another picture, made comparable."""
        return np.asarray(_comparable(raw[None], self._mean, self._basis)[0], np.float32)

    def nearest(self, vector: Floats, most: int) -> list[tuple[int, float]]:
        """Return the rows that are most alike, the most alike first, each with its cosine."""
        found = self.vectors @ vector
        most = min(most, len(found))
        rows = np.argpartition(-found, most - 1)[:most] if most else np.zeros(0, np.int64)
        return [(int(row), float(found[row])) for row in rows[np.argsort(-found[rows], kind="stable")]]


def _shape(path: Path) -> tuple[int, int, int]:
    """Return how many pictures a file has, and of how many dimensions. Raises Invalid (`map_damaged`)."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    try:
        head = json.loads(raw)
        n, d, k = (int(head[name]) for name in ("n", "d", "k"))
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(DAMAGED, code="map_damaged") from error
    size = _HEAD + n * (16 + 4 * 2 + 4 * k + 2 * d) + 4 * d * (1 + k)
    if min(n, d, k) < 0 or path.stat().st_size != size:
        raise Invalid(DAMAGED, code="map_damaged")
    return n, d, k


def write_index(path: Path, ids: Sequence[str], raw: NDArray[np.float16], seen: Seen, places: Floats) -> None:
    """Write the vectors of pictures. Raises Invalid where they do not agree in number."""
    if not len(ids) == len(raw) == len(seen.vectors) == len(places):
        raise Invalid(f"{len(ids)} pictures, {len(raw)} vectors and {len(places)} places")
    head = json.dumps({"n": len(ids), "d": raw.shape[1], "k": seen.basis.shape[1]}).encode().ljust(_HEAD)
    packed = np.frombuffer(b"".join(uuid.UUID(name).bytes for name in ids), np.uint8)
    parts = (packed, places.astype(np.float32), seen.mean, seen.basis, seen.vectors, raw)

    def write(out: Any) -> None:
        out.write(head)
        for part in parts:
            out.write(np.ascontiguousarray(part).data)

    write_atomic(path, write)


def comparable(raw: NDArray[np.float16]) -> Seen:
    """Return vectors as they are compared. Only a part of them is in memory in full precision at a time."""
    n, d = raw.shape
    parts = [slice(start, start + _CHUNK) for start in range(0, n, _CHUNK)]
    mean = np.asarray(sum(raw[part].sum(0, dtype=np.float64) for part in parts) / max(1, n), np.float32).reshape(d)
    spread = np.zeros((d, d))
    for part in parts:
        off = raw[part].astype(np.float32) - mean
        spread += off.T @ off
    basis = directions(spread, min(KEPT, d))
    vectors = np.empty((n, basis.shape[1]), np.float32)
    for part in parts:
        vectors[part] = _comparable(raw[part].astype(np.float32), mean, basis)
    return Seen(mean, basis, vectors)


def _comparable(raw: Floats, mean: Floats, basis: Floats) -> Floats:
    turned = (raw - mean) @ basis
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9), np.float32)
