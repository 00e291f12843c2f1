"""The run lengths of Label Studio's brush: bits that say the red, green, blue and alpha of each pixel, row by row.

A head of 32 bits (how many values), 5 (bits of a value, less one) and four times 4 (bits of the four sizes of lengths,
less one); then blocks: a bit (1: one value repeated, 0: values one by one), 2 bits (which size), the length less one,
and the values.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from boxwright.domain.errors import Invalid

_SIZES = (3, 4, 8, 16)
_SET = 128  # an alpha from here on is part of the mask


def alpha_runs(data: Any, width: int, height: int) -> list[int]:
    """Return runs of a mask, row by row, beginning with background. Raises Invalid where it does not fit."""
    if not isinstance(data, list) or not all(type(value) is int and 0 <= value < 256 for value in data):
        raise Invalid("a brush is no list of bytes", code="geometry_invalid")
    bits = _Bits(bytes(data))
    count = bits.take(32)
    if count != 4 * width * height:
        raise Invalid(f"a brush of {count} values on a picture of {width} x {height}", code="geometry_invalid")
    word = bits.take(5) + 1
    sizes = [bits.take(4) + 1 for _ in range(4)]
    return list(_merged(_alphas(bits, count, word, sizes)))


def _alphas(bits: "_Bits", count: int, word: int, sizes: Sequence[int]) -> Iterator[tuple[bool, int]]:
    """Yield (whether set, how many pixels)."""
    done = 0
    while done < count:
        repeated = bits.take(1)
        length = min(bits.take(sizes[bits.take(2)]) + 1, count - done)
        pixels = (done + length) // 4 - done // 4  # every fourth value is an alpha, the first is the third from 0
        if repeated:
            value = bits.take(word)
            if pixels:
                yield value >= _SET, pixels
        else:
            values = bits.words(length, word)
            start = (3 - done) % 4
            for value in values[start::4].tolist():
                yield value >= _SET, 1
        done += length


def _merged(parts: Iterator[tuple[bool, int]]) -> Iterator[int]:
    run, setting = 0, False
    for value, length in parts:
        if value == setting:
            run += length
        else:
            yield run
            run, setting = length, value
    yield run


class _Bits:
    """Bits of a block of bytes, from the first on."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        end = self._at + count
        if end > 8 * len(self._data):
            raise Invalid("a brush is cut short", code="geometry_invalid")
        piece = int.from_bytes(self._data[self._at // 8 : (end + 7) // 8], "big")
        self._at = end
        return (piece >> (-end % 8)) & ((1 << count) - 1)

    def words(self, count: int, size: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """Return the next `count` numbers of `size` bits each."""
        end = self._at + count * size
        if end > 8 * len(self._data):
            raise Invalid("a brush is cut short", code="geometry_invalid")
        first = self._at // 8
        bits = np.unpackbits(np.frombuffer(self._data[first : (end + 7) // 8], np.uint8))
        table = bits[self._at - 8 * first : end - 8 * first].reshape(count, size)
        self._at = end
        return table @ (1 << np.arange(size - 1, -1, -1, dtype=np.int64))


def brush_of(runs: Sequence[int]) -> list[int]:
    """Return the bytes for runs of a mask, row by row, beginning with background; set pixels are white and opaque."""
    out = _Writer()
    out.put(4 * sum(runs), 32)
    out.put(7, 5)
    for size in _SIZES:
        out.put(size - 1, 4)
    for number, run in enumerate(runs):
        left = 4 * run
        while left:
            length = min(left, 1 << _SIZES[-1])
            which = next(at for at, size in enumerate(_SIZES) if length <= 1 << size)
            out.put(1, 1)
            out.put(which, 2)
            out.put(length - 1, _SIZES[which])
            out.put(255 * (number % 2), 8)
            left -= length
    return out.bytes()


class _Writer:
    def __init__(self) -> None:
        self._value = self._bits = 0
        self._done: list[int] = []

    def put(self, value: int, size: int) -> None:
        self._value = self._value << size | value
        self._bits += size
        while self._bits >= 8:
            self._bits -= 8
            self._done.append(self._value >> self._bits)
            self._value &= (1 << self._bits) - 1

    def bytes(self) -> list[int]:
        if self._bits:
            self.put(0, 8 - self._bits)
        return self._done
