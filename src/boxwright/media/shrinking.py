"""Smaller JPEGs of JPEGs that we made ourselves."""

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidImage

_QUALITY = 80


def shrink_jpeg(data: bytes, width: int) -> bytes:
    """Return a JPEG at most `width` pixels wide (never enlarged). Raises InvalidImage where it is none."""
    import cv2

    size = _width(data)
    flags = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}
    # The last halving is left to the better filter.
    flag = next((flags[by] for by in (8, 4, 2) if size >= 2 * by * width), cv2.IMREAD_COLOR)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    if pixels is None:
        raise InvalidImage("the frame is damaged")
    height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
    if pixels.shape[1] > width:
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    elif size <= width:
        return data
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])


def grey_jpeg(data: bytes, reduced: int = 1) -> NDArray[np.uint8]:
    """Decode a JPEG to grey, `reduced` (1, 2, 4, 8) times smaller. Raises InvalidImage where it is none."""
    import cv2

    flags = {
        1: cv2.IMREAD_GRAYSCALE,
        2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
        4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
        8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    }
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags[reduced])
    if pixels is None:
        raise InvalidImage("the frame is damaged")
    return np.asarray(pixels, np.uint8)


def _width(data: bytes) -> int:
    """The width in pixels that the header of a JPEG says; 0 where it says none."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        if 0xC0 <= data[place + 1] <= 0xC2:
            return int.from_bytes(data[place + 7 : place + 9], "big")
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return 0
