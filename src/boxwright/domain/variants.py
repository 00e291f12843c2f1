"""The same model in fewer bits, and what that costs and saves."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.models import Metrics

Precision = Literal["fp32", "fp16", "int8"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "fp16", "int8")


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """A model's file in one precision.

    `milliseconds` is the median for one picture on one core, from pixels to boxes, measured in turns with the others;
    `metrics` are those on the split of `ModelVariants`. `bytes` is None where it could not be made: `error` says why.
    """

    precision: Precision
    bytes: int | None
    milliseconds: float | None = None
    metrics: Metrics | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelVariants:
    """The variants of a model side by side; `serving` is the one that predicts.

    Without `split` nothing was made yet, and there is but the model's own file.
    """

    model_id: str
    serving: Precision
    rows: tuple[Variant, ...]
    split: str | None = None
    job_id: str | None = None
    created_at: str | None = None
