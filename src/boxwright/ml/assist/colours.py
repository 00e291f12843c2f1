"""Which pixels look like an object and which like its surroundings: colours counted, and edges respected."""

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.ml.assist.window import Floats, Rgb

_BINS = 32
_LEAST = 1e-4


class Colours:
    """The pixels of a window by colour (CIE L*a*b*, counted in 32 x 32 x 32 bins)."""

    def __init__(self, pixels: Rgb) -> None:
        lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
        bins = (lab // (256 // _BINS)).astype(np.int32)
        self._bin: NDArray[np.int32] = ((bins[..., 0] * _BINS + bins[..., 1]) * _BINS + bins[..., 2]).ravel()
        self.shape = pixels.shape[:2]
        self.light: list[Floats] = [np.asarray(lab[..., i] / 255, np.float32) for i in range(3)]

    def ratio(self, inside: Floats) -> Floats:
        """Return how much more likely each pixel's colour is inside than outside, as a logarithm.

        `inside` says of each pixel, from 0 to 1, how surely it is inside.
        """
        ours, theirs = self._counted(inside), self._counted(1 - inside)
        told = np.log((ours + _LEAST) / (theirs + _LEAST))
        return np.asarray(told[self._bin].reshape(self.shape), np.float32)

    def _counted(self, weights: Floats) -> Floats:
        counts: Floats = np.bincount(self._bin, weights.ravel(), _BINS**3).astype(np.float32)
        counts = counts.reshape(_BINS, _BINS, _BINS)
        for _ in range(3):  # each turn blurs along another axis: neighbouring bins are much the same colour
            flat = np.ascontiguousarray(counts.transpose(1, 2, 0)).reshape(_BINS**2, _BINS)
            flat = np.asarray(cv2.blur(flat, (3, 1), borderType=cv2.BORDER_REPLICATE), np.float32)
            counts = flat.reshape(_BINS, _BINS, _BINS)
        return np.asarray(counts.ravel() / max(float(weights.sum()), 1.0), np.float32)

    def guided(self, values: Floats, radius: int = 3, least: float = 0.003) -> Floats:
        """Return values smoothed within edges (the guided filter of He, Sun and Tang, 2013), led by each channel."""
        total = np.zeros(self.shape, np.float32)
        around = _mean(values, radius)
        for light in self.light:
            middle = _mean(light, radius)
            spread = _mean(light * light, radius) - middle * middle
            slope = np.asarray((_mean(light * values, radius) - middle * around) / (spread + least), np.float32)
            total += _mean(slope, radius) * light + _mean(around - slope * middle, radius)
        return np.asarray(total / 3, np.float32)


def _mean(values: Floats, radius: int) -> Floats:
    return np.asarray(cv2.blur(values, (2 * radius + 1, 2 * radius + 1)), np.float32)
