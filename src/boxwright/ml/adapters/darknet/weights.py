"""The weights file of Darknet: a header, then float32 numbers in the order of the layers."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.darknet.layers import Kernel

_EPSILON = 1e-6
Floats = NDArray[np.float32]


class Weights:
    """Gives the convolutions their numbers, one after the other.

    Args:
        path: the file.
        wanted: how many numbers the network needs.

    Raises:
        InvalidModel: code `darknet_weights`; the file is no weights file, or holds more or fewer numbers.
    """

    def __init__(self, path: Path, wanted: int) -> None:
        head = np.fromfile(path, np.int32, 3)
        if len(head) < 3 or not (0 <= head[0] < 1000 and 0 <= head[1] < 1000):
            raise InvalidModel(f"{path.name} is no weights file of Darknet", code="darknet_weights")
        # Since version 0.2 the number of pictures seen has 64 bits.
        start = 12 + (8 if head[0] * 10 + head[1] >= 2 else 4)
        size = path.stat().st_size - start
        if size != 4 * wanted:
            hint = "it holds only the first layers, to start a training from" if size < 4 * wanted else "another .cfg"
            raise InvalidModel(
                f"{path.name} holds {max(0, size) // 4:,} numbers and the network of the .cfg needs {wanted:,}; they "
                f"do not belong together ({hint}?)",
                code="darknet_weights",
            )
        self._numbers: Floats = (
            np.memmap(path, np.float32, "r", start, (wanted,)) if wanted else np.zeros(0, np.float32)
        )
        self._at = 0

    def convolution(self, kernel: Kernel, channels: int) -> tuple[Floats, Floats]:
        """Return kernels (filters, channels / groups, size, size) and biases (filters,), normalisation folded in."""
        bias = self._take(kernel.filters)
        scale, mean, variance = (self._take(kernel.filters) for _ in range(3)) if kernel.normalised else (None,) * 3
        shape = (kernel.filters, channels // kernel.groups, kernel.size, kernel.size)
        values = self._take(int(np.prod(shape))).reshape(shape)
        if scale is None or mean is None or variance is None:
            return values, bias
        factor = scale / np.sqrt(variance + _EPSILON)
        return (values * factor[:, None, None, None]).astype(np.float32), (bias - mean * factor).astype(np.float32)

    def _take(self, count: int) -> Floats:
        part = np.array(self._numbers[self._at : self._at + count])
        self._at += count
        return part
