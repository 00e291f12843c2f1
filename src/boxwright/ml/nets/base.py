"""What training and export ask of any network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from torch import Tensor, nn

from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.masks import Masks
from boxwright.ml.data.outlines import MaskGrid

if TYPE_CHECKING:
    from boxwright.ml.training.params import TrainingParams


@dataclass(frozen=True, slots=True)
class Truth:
    """The g objects of a batch, all pictures in one list.

    `boxes` (g, 4) in input pixels, `labels` (g,), `image` (g,) the position of the picture in the batch. For a learner
    with a grid also `masks` uint8 (g, rows, columns), 1 inside, and `masked` bool (g,), of which objects that is known.
    """

    boxes: Tensor
    labels: Tensor
    image: Tensor
    masks: Tensor | None = None
    masked: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """Scalars: `total` is what the optimiser sees, `box`, `cls` and, with masks, `mask` its weighted parts."""

    total: Tensor
    box: Tensor
    cls: Tensor
    mask: Tensor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exportable:
    """What becomes an ONNX file.

    Args:
        module: maps a batch fed as `input` says to `outputs`, in this order, tensors with the batch first.
        outputs: the parts that its decoder asks for.
        hidden: further outputs of `module`, made before a choice of the best; they prove the file and are not in it.
        axes: of inputs and outputs that follow the size of the picture, by name: the number of the axis and what it is.
    """

    module: nn.Module
    outputs: tuple[str, ...] = ("boxes", "scores")
    hidden: tuple[str, ...] = ()
    axes: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


class Learner(Protocol):
    """A network with what it minimises and how its outputs become boxes. `Raw` is whatever `forward` returns.

    `input` says how pictures are fed, in training as later; `decoder`, `options` and `outputs` go into the card; `nms`
    tells whether boxes of one object are still to be suppressed; `grid` where masks are looked at, None for boxes only.
    A learner is made from the name of the architecture, the number of classes, the side of the input in pixels and the
    weights to start from, if any; `origin` says for the log what was taken from them.
    """

    net: nn.Module
    origin: str | None
    decoder: str
    options: dict[str, str]
    outputs: dict[str, str]
    licence: str
    input: ModelInput
    nms: bool
    grid: MaskGrid | None

    def notes(self) -> dict[str, str]:
        """Return what has to stand in the weights file beside the tensors so that a learner can start from it."""

    def groups(self, net: nn.Module, params: "TrainingParams") -> list[dict[str, Any]]:
        """Return the optimiser's groups: `params`, `weight_decay`, and `scale`, a factor of the learning rate."""

    def forward(self, net: nn.Module, pixels: Tensor, truth: Truth | None = None) -> Any:
        """Run `net`, this learner's or its average, on (b, 3, h, w). With `truth`, `loss` can be asked afterwards."""

    def loss(self, raw: Any, truth: Truth, box_gain: float, cls_gain: float) -> Losses:
        """Return the losses of a batch."""

    def decode(self, raw: Any) -> tuple[Tensor, Tensor]:
        """Return boxes (b, n, 4) in input pixels and scores (b, n, classes), float32."""

    def masks(self, raw: Any) -> Sequence[Masks] | None:
        """Return for each picture the masks of its n boxes; None for boxes only."""

    def stages(self) -> list[nn.Module]:
        """Return the parts of the backbone in the order of the data, for `freeze`; together they are all of it."""

    def exportable(self, net: nn.Module) -> Exportable:
        """Wrap a network of this kind, on the CPU, for export."""


def plain_groups(net: nn.Module, weight_decay: float, scale: float = 1.0) -> list[dict[str, Any]]:
    """Return groups of what can be learned in which weights decay, but neither norms nor biases."""
    learned = [p for p in net.parameters() if p.requires_grad]
    weights, others = [p for p in learned if p.ndim > 1], [p for p in learned if p.ndim <= 1]
    groups = [
        {"params": weights, "weight_decay": weight_decay, "scale": scale},
        {"params": others, "weight_decay": 0.0, "scale": scale},
    ]
    return [group for group in groups if group["params"]]
