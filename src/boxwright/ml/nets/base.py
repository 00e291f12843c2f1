"""What training and export ask of any network."""

from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Truth:
    """The g objects of a batch, all pictures in one list.

    `boxes` (g, 4) in input pixels, `labels` (g,), `image` (g,) the position of the picture in the batch.
    """

    boxes: Tensor
    labels: Tensor
    image: Tensor


@dataclass(frozen=True, slots=True)
class Losses:
    """Scalars: `total` is what the optimiser sees, `box` and `cls` its weighted parts."""

    total: Tensor
    box: Tensor
    cls: Tensor


class Learner(Protocol):
    """A network with what it minimises and how its outputs become boxes. `Raw` is whatever `net` returns."""

    net: nn.Module
    decoder: str
    licence: str

    def loss(self, raw: Any, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
        """Return the losses of a batch."""

    def decode(self, raw: Any) -> tuple[Tensor, Tensor]:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""

    def export_module(self, net: nn.Module) -> nn.Module:
        """Wrap a network of this kind so that it maps a picture to boxes and scores."""
