"""Building blocks of Wren. All tensors are (batch, channels, height, width)."""

import torch
from torch import Tensor, nn


class ConvUnit(nn.Sequential):
    """Convolution without bias, batch norm, SiLU; padding keeps the size at stride 1."""

    def __init__(self, c_in: int, c_out: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(c_out, eps=1e-3, momentum=0.03),
            nn.SiLU(inplace=True),
        )


class Residual(nn.Module):
    """Two 3x3 units, with a shortcut where `shortcut` is set."""

    def __init__(self, channels: int, shortcut: bool) -> None:
        super().__init__()
        self.units = nn.Sequential(ConvUnit(channels, channels, 3), ConvUnit(channels, channels, 3))
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the shape of `x`."""
        y: Tensor = self.units(x)
        return x + y if self.shortcut else y


class CspStage(nn.Module):
    """Cross-stage-partial stage (Wang et al., CSPNet, 2020).

    Half of the channels passes `depth` residual blocks, and the output of each block joins the other half (the
    gathering of ELAN, Wang et al., 2022) before a 1x1 fusion.
    """

    def __init__(self, c_in: int, c_out: int, depth: int, shortcut: bool = True) -> None:
        super().__init__()
        half = c_out // 2
        self.enter = ConvUnit(c_in, 2 * half)
        self.blocks = nn.ModuleList(Residual(half, shortcut) for _ in range(depth))
        self.fuse = ConvUnit((2 + depth) * half, c_out)

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, c_in, h, w) to (b, c_out, h, w)."""
        parts = list(self.enter(x).chunk(2, 1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        fused: Tensor = self.fuse(torch.cat(parts, 1))
        return fused


class PyramidPool(nn.Module):
    """Spatial pyramid pooling by three chained 5x5 max pools (He et al., 2014, in its serial form)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.enter = ConvUnit(channels, half)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.fuse = ConvUnit(4 * half, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the shape of `x`."""
        parts = [self.enter(x)]
        for _ in range(3):
            parts.append(self.pool(parts[-1]))
        fused: Tensor = self.fuse(torch.cat(parts, 1))
        return fused
