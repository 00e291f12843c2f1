"""What a picture looks like in a few bytes: to find others that show the same, and to tell a blurred one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boxwright.media.info import Source
from boxwright.media.pixels import decode_within

GREY_SIDE = 16
# Sharpness is measured at one size, so that it means the same for large and small pictures.
_MEASURED = 512


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A difference hash (Krawetz, 2013) of 64 bits, and a grey picture uint8 (16, 16)."""

    bits: int
    grey: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Look:
    """A fingerprint, the variance of the Laplacian and the mean (0 to 255) of a grey picture of at most 512 pixels."""

    fingerprint: Fingerprint
    sharpness: float
    brightness: float


def fingerprint_of(grey: NDArray[np.uint8]) -> Fingerprint:
    """Return the fingerprint of an upright grey picture (h, w)."""
    import cv2

    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    packed = np.packbits(small[:, 1:] > small[:, :-1])
    tiny = cv2.resize(grey, (GREY_SIDE, GREY_SIDE), interpolation=cv2.INTER_AREA)
    return Fingerprint(int.from_bytes(packed.tobytes(), "big"), np.asarray(tiny, np.uint8))


def look_at(source: Source) -> Look:
    """Read a picture as far as this needs it. Raises InvalidImage."""
    import cv2

    rgb, _ = decode_within(source, (_MEASURED, _MEASURED))
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    scale = _MEASURED / max(grey.shape)
    if scale < 1:
        size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    return Look(fingerprint_of(grey), sharpness, float(grey.mean()))
