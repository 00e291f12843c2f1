"""Exponential moving average of weights (Polyak and Juditsky, 1992)."""

import copy

import torch
from torch import nn


class Average:
    """A copy of a network that follows it slowly; at the start faster, so that random weights are soon forgotten.

    Args:
        net: the network in training.
        decay: 0 follows at once, 0.999 over a thousand steps.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Take one step towards `net`."""
        self.steps += 1
        part = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        # Each tensor once, also where several layers share it.
        mine, theirs = ([*each.parameters(), *each.buffers()] for each in (self.net, net))
        floats = [pair for pair in zip(mine, theirs, strict=True) if pair[0].is_floating_point()]
        torch._foreach_lerp_([a for a, _ in floats], [b for _, b in floats], part)
        for a, b in zip(mine, theirs, strict=True):
            if not a.is_floating_point():
                a.copy_(b)
