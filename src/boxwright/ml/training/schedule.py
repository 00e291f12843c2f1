"""The learning rate as a function of the iteration, so that a checkpoint need not keep a scheduler."""

import math

from boxwright.ml.training.params import TrainingParams

# The shape of the one-cycle policy as fastai made it common: a third rises, from a 25th of the peak.
_RISE, _START = 0.3, 1 / 25


def rate(step: int, total: int, params: TrainingParams) -> float:
    """Return the learning rate of iteration `step` (0 to total - 1) of `total`."""
    if params.schedule == "one_cycle":
        return one_cycle(step, total, params.lr, params.final_lr)
    rise = max(1, round(total * params.warmup))
    if step < rise:
        return params.lr * (step + 1) / rise
    stay = {"cosine": rise, "flat": total, "flat_cosine": max(rise, total // 2)}[params.schedule]
    return params.lr * _fall(step - stay + 1, total - stay, params.final_lr)


def one_cycle(step: int, total: int, peak: float, final: float) -> float:
    """Return the rate of the one-cycle policy (Smith, 2018): half a wave up to the peak, half a wave down."""
    rise = max(1, round(total * _RISE))
    if step < rise:
        return peak * (_START + (1 - _START) * (1 - math.cos(math.pi * (step + 1) / rise)) / 2)
    return peak * _fall(step - rise + 1, total - rise, final)


def _fall(step: int, steps: int, final: float) -> float:
    """Return half a wave from 1 (before step 1) to `final` at step `steps`; 1 for steps of 0 or less."""
    part = min(1.0, max(0, step) / max(1, steps))
    return final + (1 - final) * (1 + math.cos(math.pi * part)) / 2
