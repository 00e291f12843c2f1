"""TFRecord files of `tf.train.Example`: framing, checksums, and the few messages of protocol buffers in them.

Each record is its length (8 bytes), the checksum of that, the data, the checksum of the data. Records are read one at a
time; lengths are believed only after their checksum, and only up to a limit.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from boxwright.domain.errors import InvalidDataset
from boxwright.formats.crc32c import masked_crc

_LIMIT = 192 << 20
_VALUES = 1_000_000
_FEATURES = 10_000
Feature = Sequence[bytes] | Sequence[int] | Sequence[float]


def starts_like_one(path: Path) -> bool:
    """Tell whether a file begins with a length and its checksum."""
    with path.open("rb") as stream:
        head = stream.read(12)
    return len(head) == 12 and masked_crc(head[:8]) == struct.unpack("<I", head[8:])[0]


def records(path: Path, name: str) -> Iterator[bytes]:
    """Yield the data of each record. Raises InvalidDataset (`tfrecord_broken`) where a checksum or length is wrong."""
    with path.open("rb") as stream:
        number = 0
        while head := stream.read(12):
            number += 1
            if len(head) < 12 or masked_crc(head[:8]) != struct.unpack("<I", head[8:])[0]:
                raise _broken(name, number, "its length does not fit its checksum")
            (length,) = struct.unpack("<Q", head[:8])
            if length > _LIMIT:
                raise _broken(name, number, f"{length:,} bytes are more than {_LIMIT >> 20} MiB")
            data, tail = stream.read(length), stream.read(4)
            if len(data) < length or len(tail) < 4:
                raise _broken(name, number, "the file ends inside it")
            if masked_crc(data) != struct.unpack("<I", tail)[0]:
                raise _broken(name, number, "its data do not fit their checksum")
            yield data


def _broken(name: str, number: int, why: str) -> InvalidDataset:
    return InvalidDataset(f"{name}, record {number}: {why}", code="tfrecord_broken")


def framed(data: bytes) -> bytes:
    """Return a record as it stands in a file."""
    head = struct.pack("<Q", len(data))
    return b"".join((head, struct.pack("<I", masked_crc(head)), data, struct.pack("<I", masked_crc(data))))


def parse_example(data: bytes) -> dict[str, Feature]:
    """Return the features of an example by name. Raises ValueError for what is no such message."""
    found: dict[str, Feature] = {}
    for number, features in _fields(memoryview(data)):
        if number != 1 or not isinstance(features, memoryview):
            continue
        for key, entry in _fields(features):
            if key == 1 and isinstance(entry, memoryview):
                parts = {at: value for at, value in _fields(entry) if isinstance(value, memoryview)}
                found[bytes(parts.get(1, b"")).decode("utf-8", "replace")] = _feature(parts.get(2, memoryview(b"")))
                if len(found) > _FEATURES:
                    raise ValueError("too many features")
    return found


def _feature(data: memoryview) -> Feature:
    for kind, values in _fields(data):
        if isinstance(values, memoryview) and kind in (1, 2, 3):
            return (_bytes_list, _float_list, _int_list)[kind - 1](values)
    return []


def _bytes_list(data: memoryview) -> list[bytes]:
    found = []
    for key, value in _fields(data):
        if key == 1 and isinstance(value, memoryview):
            found.append(bytes(value))
            _count(found)
    return found


def _float_list(data: memoryview) -> list[float]:
    """Floats as the shortest decimals that mean them: 0.1 and not 0.10000000149."""
    found: list[float] = []
    for key, value in _fields(data):
        if key == 1 and isinstance(value, memoryview) and len(value) % 4 == 0:
            if len(value) > 4 * _VALUES:
                raise ValueError("too many values")
            found += np.frombuffer(value, "<f4").astype(float).tolist()
            _count(found)
    return found


def _int_list(data: memoryview) -> list[int]:
    found: list[int] = []
    for key, value in _fields(data):
        if key != 1:
            continue
        if isinstance(value, int):
            found.append(_signed(value))
        else:
            at = 0
            while at < len(value):
                number, at = _varint(value, at)
                found.append(_signed(number))
                _count(found)
        _count(found)
    return found


def _count(found: Sequence[object]) -> None:
    if len(found) > _VALUES:
        raise ValueError("too many values")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field: a number, or a view of its bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if kind == 2:
            length, at = _varint(data, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError("an unknown kind of field")
        if length > len(data) - at:
            raise ValueError("a field is longer than what holds it")
        yield key >> 3, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a number is cut short or too long")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7


def example(features: Mapping[str, Feature]) -> bytes:
    """Return an example with these features, in the order of their names."""
    entries = (
        _sized(1, _sized(1, key.encode()) + _sized(2, _list(values))) for key, values in sorted(features.items())
    )
    return _sized(1, b"".join(entries))


def _list(values: Feature) -> bytes:
    if values and isinstance(values[0], bytes):
        return _sized(1, b"".join(_sized(1, value) for value in values if isinstance(value, bytes)))
    if values and isinstance(values[0], int):
        return _sized(3, _sized(1, b"".join(_number(int(value) & 0xFFFFFFFFFFFFFFFF) for value in values)))
    return _sized(2, _sized(1, np.array(values, "<f4").tobytes()))


def _sized(field: int, data: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(data)) + data


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
