"""Wren: CSP backbone, PAN neck, decoupled anchor-free heads at strides 8, 16 and 32."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from boxwright.ml.nets.wren.blocks import ConvUnit, CspStage, PyramidPool

STRIDES = (8, 16, 32)


@dataclass(frozen=True, slots=True)
class WrenSize:
    """Widths of the five backbone stages, depth of their CSP stages (from the second on) and width of the heads."""

    widths: tuple[int, int, int, int, int]
    depths: tuple[int, int, int, int]
    head: int


SIZES = {"wren-n": WrenSize((16, 32, 64, 128, 192), (1, 2, 2, 1), 48)}


class Backbone(nn.Module):
    """(b, 3, h, w) to features at strides 8, 16 and 32."""

    def __init__(self, size: WrenSize) -> None:
        super().__init__()
        w = size.widths
        self.stem = ConvUnit(3, w[0], 3, 2)
        self.stages = nn.ModuleList(
            nn.Sequential(ConvUnit(w[i], w[i + 1], 3, 2), CspStage(w[i + 1], w[i + 1], depth))
            for i, depth in enumerate(size.depths)
        )
        self.pool = PyramidPool(w[4])

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the three feature maps, finest first."""
        x = self.stem(x)
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return [features[1], features[2], self.pool(features[3])]


class Neck(nn.Module):
    """Path aggregation (Liu et al., PANet, 2018): top-down, then bottom-up."""

    def __init__(self, widths: tuple[int, int, int]) -> None:
        super().__init__()
        a, b, c = widths
        self.down_b = CspStage(b + c, b, 1, shortcut=False)
        self.down_a = CspStage(a + b, a, 1, shortcut=False)
        self.shrink_a = ConvUnit(a, a, 3, 2)
        self.up_b = CspStage(a + b, b, 1, shortcut=False)
        self.shrink_b = ConvUnit(b, b, 3, 2)
        self.up_c = CspStage(b + c, c, 1, shortcut=False)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """Return three maps of the shapes of `features`."""
        a, b, c = features
        b = self.down_b(torch.cat([functional.interpolate(c, scale_factor=2.0), b], 1))
        a = self.down_a(torch.cat([functional.interpolate(b, scale_factor=2.0), a], 1))
        b = self.up_b(torch.cat([self.shrink_a(a), b], 1))
        c = self.up_c(torch.cat([self.shrink_b(b), c], 1))
        return [a, b, c]


class Head(nn.Module):
    """Distances to the four sides (in strides, before softplus) and class logits for one level."""

    def __init__(self, c_in: int, width: int, classes: int, stride: int) -> None:
        super().__init__()
        self.box = nn.Sequential(ConvUnit(c_in, width, 3), ConvUnit(width, width, 3), nn.Conv2d(width, 4, 1))
        self.score = nn.Sequential(ConvUnit(c_in, width, 3), ConvUnit(width, width, 3), nn.Conv2d(width, classes, 1))
        nn.init.constant_(self._bias(self.box), 1.5)
        # A prior of about five objects a picture of 640 pixels, so that the first steps are not spent on background.
        nn.init.constant_(self._bias(self.score), math.log(5 / classes / (640 / stride) ** 2))

    @staticmethod
    def _bias(branch: nn.Sequential) -> Tensor:
        last = branch[-1]
        assert isinstance(last, nn.Conv2d)
        assert last.bias is not None
        return last.bias

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return (b, 4, h, w) and (b, classes, h, w)."""
        return self.box(x), self.score(x)


class Wren(nn.Module):
    """The detector. `forward` returns raw outputs for the loss; `decode` turns them into boxes.

    Args:
        classes: number of classes, at least 1.
        size: one of SIZES.
    """

    def __init__(self, classes: int, size: WrenSize = SIZES["wren-n"]) -> None:
        super().__init__()
        widths = size.widths[2:]
        self.backbone = Backbone(size)
        self.neck = Neck(widths)
        self.heads = nn.ModuleList(Head(w, size.head, classes, s) for w, s in zip(widths, STRIDES, strict=True))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Map pictures (b, 3, h, w), 0 to 1, sides multiples of 32, to raw distances (b, n, 4) and logits (b, n, c)."""
        maps = self.neck(self.backbone(x))
        pairs = [head(m) for head, m in zip(self.heads, maps, strict=True)]
        distances = torch.cat([d.flatten(2) for d, _ in pairs], 2).transpose(1, 2)
        logits = torch.cat([s.flatten(2) for _, s in pairs], 2).transpose(1, 2)
        return distances, logits


def anchor_points(height: int, width: int, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Return the cell centres (n, 2) as x, y in input pixels and the strides (n, 1), both float32, in output order."""
    centres, strides = [], []
    for stride in STRIDES:
        ys, xs = torch.meshgrid(
            torch.arange(height // stride, device=device), torch.arange(width // stride, device=device), indexing="ij"
        )
        centre = (torch.stack([xs, ys], -1).reshape(-1, 2).float() + 0.5) * stride
        centres.append(centre)
        strides.append(torch.full((len(centre), 1), float(stride), device=device))
    return torch.cat(centres), torch.cat(strides)


def decode_boxes(distances: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Turn raw distances (b, n, 4) into boxes x0 y0 x1 y1 (b, n, 4) in input pixels, float32."""
    sides = functional.softplus(distances.float()) * strides
    return torch.cat([centres - sides[..., :2], centres + sides[..., 2:]], -1)


class WrenExport(nn.Module):
    """Wren with its decoding for one input size: picture (b, 3, h, w) to boxes (b, n, 4) and scores (b, n, classes)."""

    def __init__(self, net: Wren, height: int, width: int) -> None:
        super().__init__()
        self.net = net
        centres, strides = anchor_points(height, width)
        self.register_buffer("centres", centres)
        self.register_buffer("strides", strides)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return boxes in input pixels and scores 0 to 1."""
        distances, logits = self.net(x)
        assert isinstance(self.centres, Tensor)
        assert isinstance(self.strides, Tensor)
        return decode_boxes(distances, self.centres, self.strides), logits.float().sigmoid()
