"""A network as its ONNX file answers."""

from collections.abc import Callable

import torch
from torch import Tensor, nn


class Served(nn.Module):
    """Pictures (b, 3, h, w) to boxes (b, q, 4), logits (b, q, c), masks (b, q, h/4, w/4) and proposals (b, n, c).

    Args:
        net: one of transformers.
        proposals: path of the layer that scores the proposals, before the best become queries.
        masks: whether it answers masks.
    """

    def __init__(self, net: nn.Module, proposals: str, *, masks: bool) -> None:
        super().__init__()
        self.net, self.path, self.masks = net, proposals, masks
        for module in net.modules():
            if hasattr(module, "interpolate_pos_encoding"):
                # The size is fixed, and `fit_to_size` has resampled: a second time could not be traced.
                setattr(module, "interpolate_pos_encoding", _as_they_are(module))  # noqa: B010, no submodule

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return the outputs in this order."""
        kept: list[Tensor] = []
        handle = self.net.get_submodule(self.path).register_forward_hook(lambda _module, _args, out: kept.append(out))
        with torch.no_grad():
            answer = self.net(pixels)
        handle.remove()
        masks = (answer.pred_masks,) if self.masks else ()
        return answer.pred_boxes, answer.logits, *masks, kept[-1]


def _as_they_are(module: nn.Module) -> Callable[..., Tensor]:
    positions = module.position_embeddings
    assert isinstance(positions, Tensor)
    return lambda *_sizes: positions
