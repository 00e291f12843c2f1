"""The learning rate as a function of the iteration, so that a checkpoint need not keep a scheduler."""

import math


def one_cycle(step: int, total: int, peak: float, warmup: float, final: float) -> float:
    """Return the learning rate of iteration `step` of `total`: a linear rise, then half a cosine (Smith, 2018).

    Args:
        step: 0 to total - 1.
        total: iterations of the training.
        peak: highest rate.
        warmup: part of the iterations that rise.
        final: last rate as a part of the peak.
    """
    rise = max(1, round(total * warmup))
    if step < rise:
        return peak * (step + 1) / rise
    part = min(1.0, (step - rise + 1) / max(1, total - rise))
    return peak * (final + (1 - final) * (1 + math.cos(math.pi * part)) / 2)
