"""Wren: CSP backbone, PAN neck, decoupled anchor-free heads at strides 8, 16 and 32, and prototypes for masks."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from boxwright.ml.nets.wren.blocks import ConvUnit, CspStage, PyramidPool

STRIDES = (8, 16, 32)
MASK_STRIDE = 4


@dataclass(frozen=True, slots=True)
class WrenSize:
    """Widths of the five backbone stages, depth of their CSP stages (from the second on) and width of the heads.

    With masks, `mask` is the width of the branch that makes `prototypes` maps.
    """

    widths: tuple[int, int, int, int, int]
    depths: tuple[int, int, int, int]
    head: int
    mask: int = 32
    prototypes: int = 24


SIZES = {
    "wren-n": WrenSize((16, 32, 64, 128, 192), (1, 2, 2, 1), 48),
    "wren-s": WrenSize((32, 64, 112, 224, 352), (1, 2, 2, 1), 80, 48, 32),
}


class WrenRaw(NamedTuple):
    """What a Wren answers to b pictures of `size` (height, width) pixels.

    `distances` (b, n, 4) to the four sides in strides, before softplus; `logits` (b, n, classes). With masks also
    `coefficients` (b, n, k) of `prototypes` (b, k, height / 4, width / 4).
    """

    distances: Tensor
    logits: Tensor
    size: tuple[int, int]
    coefficients: Tensor | None = None
    prototypes: Tensor | None = None


class Backbone(nn.Module):
    """(b, 3, h, w) to features at strides 4, 8, 16 and 32."""

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
        """Return the four feature maps, finest first."""
        x = self.stem(x)
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return [*features[:3], self.pool(features[3])]


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
    """Distances to the four sides, class logits and, with masks, coefficients for one level."""

    def __init__(self, c_in: int, width: int, classes: int, stride: int, prototypes: int) -> None:
        super().__init__()
        self.box = nn.Sequential(ConvUnit(c_in, width, 3), ConvUnit(width, width, 3), nn.Conv2d(width, 4, 1))
        self.score = nn.Sequential(ConvUnit(c_in, width, 3), ConvUnit(width, width, 3), nn.Conv2d(width, classes, 1))
        self.mask = nn.Sequential(ConvUnit(c_in, width, 3), nn.Conv2d(width, prototypes, 1)) if prototypes else None
        nn.init.constant_(self._bias(self.box), 1.5)
        # A prior of about five objects a picture of 640 pixels, so that the first steps are not spent on background.
        nn.init.constant_(self._bias(self.score), math.log(5 / classes / (640 / stride) ** 2))

    @staticmethod
    def _bias(branch: nn.Sequential) -> Tensor:
        last = branch[-1]
        assert isinstance(last, nn.Conv2d)
        assert last.bias is not None
        return last.bias

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return (b, 4, h, w), (b, classes, h, w) and, with masks, (b, prototypes, h, w)."""
        branches = [self.box, self.score, self.mask]
        return [branch(x) for branch in branches if branch is not None]


class Prototypes(nn.Module):
    """Maps at stride 4 that the masks of all objects are mixed from (Bolya et al., YOLACT, 2019).

    The neck's finest map says what is there, the backbone's map at stride 4 where it ends.
    """

    def __init__(self, fine: int, coarse: int, width: int, count: int) -> None:
        super().__init__()
        self.fine, self.coarse = ConvUnit(fine, width), ConvUnit(coarse, width)
        self.mix = nn.Sequential(ConvUnit(width, width, 3), nn.Conv2d(width, count, 1))

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Map (b, fine, h, w) and (b, coarse, h / 2, w / 2) to (b, count, h, w)."""
        above = functional.interpolate(self.coarse(coarse), scale_factor=2.0)
        maps: Tensor = self.mix(self.fine(fine) + above)
        return maps


class Wren(nn.Module):
    """The detector. `forward` returns raw outputs for the loss; `decode_boxes` turns them into boxes.

    Args:
        classes: number of classes, at least 1.
        size: one of SIZES.
        masks: whether it gives masks too.
    """

    def __init__(self, classes: int, size: WrenSize = SIZES["wren-n"], *, masks: bool = False) -> None:
        super().__init__()
        widths, k = size.widths[2:], size.prototypes if masks else 0
        self.backbone = Backbone(size)
        self.neck = Neck(widths)
        self.heads = nn.ModuleList(Head(w, size.head, classes, s, k) for w, s in zip(widths, STRIDES, strict=True))
        self.prototypes = Prototypes(size.widths[1], widths[0], size.mask, k) if masks else None

    def forward(self, x: Tensor) -> WrenRaw:
        """Answer to pictures (b, 3, h, w), 0 to 1, sides multiples of 32."""
        fine, *features = self.backbone(x)
        maps = self.neck(features)
        levels = [[part.flatten(2) for part in head(m)] for head, m in zip(self.heads, maps, strict=True)]
        distances, logits, *coefficients = (torch.cat(parts, 2).transpose(1, 2) for parts in zip(*levels, strict=True))
        size = (x.shape[2], x.shape[3])
        if self.prototypes is None:
            return WrenRaw(distances, logits, size)
        return WrenRaw(distances, logits, size, coefficients[0], self.prototypes(fine, maps[0]))


def anchor_points(height: int, width: int, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Return the cell centres (n, 2) as x, y in input pixels and the strides (n, 1), both float32, in output order."""
    centres, strides = [], []
    for stride in STRIDES:
        ys, xs = torch.meshgrid(
            torch.arange(height // stride, device=device), torch.arange(width // stride, device=device), indexing="ij"
        )
        centre = (torch.stack([xs, ys], -1).reshape(-1, 2).float() + 0.5) * stride
        centres.append(centre)
        strides.append(torch.full_like(centre[:, :1], float(stride)))
    return torch.cat(centres), torch.cat(strides)


def decode_boxes(distances: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Turn raw distances (b, n, 4) into boxes x0 y0 x1 y1 (b, n, 4) in input pixels, float32."""
    sides = functional.softplus(distances.float()) * strides
    return torch.cat([centres - sides[..., :2], centres + sides[..., 2:]], -1)


class WrenExport(nn.Module):
    """Wren with its decoding.

    Maps pictures (b, 3, h, w) to boxes (b, n, 4) in input pixels, scores (b, n, classes) from 0 to 1 and, with masks,
    coefficients (b, n, k) and prototypes (b, k, h / 4, w / 4).
    """

    def __init__(self, net: Wren) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the outputs in their order."""
        raw: WrenRaw = self.net(x)
        found = decode_boxes(raw.distances, *anchor_points(*raw.size)), raw.logits.float().sigmoid()
        return (*found, *(part for part in (raw.coefficients, raw.prototypes) if part is not None))
