"""Decoded pictures at training size, kept in memory up to a limit; beyond it they are decoded again each time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidImage
from boxwright.ml.data.letterbox import fit_size, resize
from boxwright.ml.data.samples import Sample, read_pixels

Rgb = NDArray[np.uint8]


class PictureCache:
    """Pictures scaled so that they fit `size` x `size`.

    Args:
        size: side of the network's input in pixels.
        limit: bytes of pixels to keep.
        tiles: pictures are kept at up to so many times that size, for views of a part of them.
    """

    def __init__(self, size: int, limit: int, tiles: int = 1) -> None:
        self.size, self.tiles = size, tiles
        self._left = limit
        self._kept: dict[str, Rgb] = {}

    def get(self, sample: Sample) -> Rgb:
        """Return the scaled pixels (h, w, 3), not to be written to. Raises InvalidImage."""
        return resize(self.large(sample), *fit_size(sample.width, sample.height, self.size, self.size))

    def large(self, sample: Sample) -> Rgb:
        """Return the pixels as they are kept, at up to `tiles` times the size; not to be written to."""
        kept = self._kept.get(sample.id)
        return self._read(sample) if kept is None else kept

    def _read(self, sample: Sample) -> Rgb:
        # Larger than the picture is, nothing can be seen in it; but never smaller than the network's input.
        side = min(self.size * self.tiles, max(self.size, sample.width, sample.height))
        return resize(read_pixels(sample), *fit_size(sample.width, sample.height, side, side))

    def fill(
        self,
        samples: Sequence[Sample],
        threads: int,
        failed: Callable[[InvalidImage], None],
        tick: Callable[[int], None],
        look: Callable[[Sample, Rgb], None] | None = None,
    ) -> list[Sample]:
        """Read every picture once and return the samples that can be read.

        Args:
            samples: what to read.
            threads: decoders at work.
            failed: told of each unreadable picture.
            tick: told the number of pictures done.
            look: shown each picture, while its pixels are at hand.
        """
        good = []
        with ThreadPoolExecutor(threads) as pool:
            # In slices, so that pictures over the limit do not pile up in the pool's results.
            for start in range(0, len(samples), 64):
                part = samples[start : start + 64]
                for sample, pixels in zip(part, pool.map(self._try, part), strict=True):
                    if isinstance(pixels, InvalidImage):
                        failed(pixels)
                    else:
                        self._keep(sample, pixels)
                        if look is not None:
                            look(sample, pixels)
                        good.append(sample)
                tick(min(start + 64, len(samples)))
        return good

    def _try(self, sample: Sample) -> Rgb | InvalidImage:
        try:
            return self._read(sample)
        except InvalidImage as error:
            return error

    def _keep(self, sample: Sample, pixels: Rgb) -> None:
        if pixels.nbytes <= self._left:
            self._left -= pixels.nbytes
            self._kept[sample.id] = pixels
