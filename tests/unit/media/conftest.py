"""Pictures made for tests."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

WIDTH, HEIGHT = 60, 40


@pytest.fixture
def quarters() -> np.ndarray:
    """60 x 40 pixels: white, red above; green, black below."""
    array = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    array[:20, :30] = 255
    array[:20, 30:] = (255, 0, 0)
    array[20:, :30] = (0, 255, 0)
    return array


@pytest.fixture
def encode(quarters: np.ndarray) -> Callable[..., bytes]:
    """Encode the quarters: `encode("JPEG", orientation=6, mode="L")`."""

    def make(kind: str, *, orientation: int | None = None, mode: str = "RGB", **options: object) -> bytes:
        picture = Image.fromarray(quarters).convert(mode)
        if orientation is not None and kind == "TIFF":
            options["tiffinfo"] = {0x0112: orientation}
        elif orientation is not None:
            exif = Image.Exif()
            exif[0x0112] = orientation
            options["exif"] = exif.tobytes()
        if kind in ("JPEG", "WEBP", "AVIF"):
            options.setdefault("quality", 95)
        out = io.BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    return make
