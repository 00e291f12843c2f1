"""CRC-32C (Castagnoli) of a block of bytes, many bytes at a time, and TFRecord's masking of it."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78
_LANES = 512
_Words = NDArray[np.uint32]


def masked_crc(data: bytes | memoryview) -> int:
    """Return the checksum as TFRecord writes it."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def crc32c(data: bytes | memoryview) -> int:
    """Return the checksum of a block.

    The block is cut into lanes that go forward together, and their sums are then joined: a sum moves over the bytes
    behind it as a linear map of its 32 bits.
    """
    values = np.frombuffer(data, np.uint8)
    crc = 0xFFFFFFFF
    step = len(values) // _LANES
    if step >= 16:
        lanes = values[: step * _LANES].reshape(_LANES, step)
        sums = np.zeros(_LANES, np.uint32)
        sums[0] = crc
        table = _table()
        for column in np.ascontiguousarray(lanes.T):
            sums = table[(sums ^ column) & 0xFF] ^ (sums >> 8)
        crc, over = 0, _moved_by(step)
        for lane in sums.tolist():
            crc = _move(over, crc) ^ lane
        values = values[step * _LANES :]
    numbers = _numbers()
    for byte in values.tolist():
        crc = numbers[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> _Words:
    sums = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        sums = np.where(sums & 1, (sums >> 1) ^ np.uint32(_POLYNOMIAL), sums >> 1).astype(np.uint32)
    return sums


@cache
def _numbers() -> list[int]:
    return [int(value) for value in _table()]


def _move(over: tuple[int, ...], crc: int) -> int:
    moved = 0
    at = 0
    while crc:
        if crc & 1:
            moved ^= over[at]
        crc >>= 1
        at += 1
    return moved


@cache
def _moved_by(count: int) -> tuple[int, ...]:
    """Where each of the 32 bits goes over `count` bytes of zero."""
    numbers = _numbers()
    result = tuple(1 << bit for bit in range(32))
    power = tuple(numbers[(1 << bit) & 0xFF] ^ ((1 << bit) >> 8) for bit in range(32))
    while count:
        if count & 1:
            result = tuple(_move(power, value) for value in result)
        power = tuple(_move(power, value) for value in power)
        count >>= 1
    return result
