"""Which of a project's models is the best, as far as their figures can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from boxwright.domain.models import Metrics, Model

# The test split first: on validation images operating scores and checkpoints are chosen, which flatters.
_SPLITS: tuple[Literal["test", "val"], ...] = ("test", "val")


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelChoice:
    """The model that is taken where nobody names one, and why.

    Of `among` models that were measured alike on `split` it has the highest mAP50-95, `score`, 0 to 1. Where nothing
    can be compared it is the newest, `split` and `score` are None.
    """

    model_id: str
    model_name: str
    split: Literal["test", "val"] | None
    score: float | None
    among: int


def best(models: Sequence[Model]) -> ModelChoice | None:
    """Choose among models, newest first: the best of those that were measured as the newest one was.

    Alike means: on the same split with as many images and objects, boxes with boxes, outlines with outlines. Without
    at least two such models it is the newest trained here, else the newest; None where there are none.
    """
    for split in _SPLITS:
        figures = [(model, metrics, score) for model in models for metrics, score in _figure(model, split)]
        if not figures:
            continue
        newest = figures[0][1]
        alike = [(model, score) for model, metrics, score in figures if _ground(metrics) == _ground(newest)]
        if len(alike) > 1:
            model, score = max(alike, key=lambda one: one[1])  # the first, hence newer, of equals
            return ModelChoice(model_id=model.id, model_name=model.name, split=split, score=score, among=len(alike))
    found = next((model for model in models if model.job_id is not None), next(iter(models), None))
    if found is None:
        return None
    return ModelChoice(model_id=found.id, model_name=found.name, split=None, score=None, among=len(models))


def _figure(model: Model, split: Literal["test", "val"]) -> list[tuple[Metrics, float]]:
    metrics = model.test if split == "test" else model.val
    if metrics is None or metrics.headline is None:
        return []
    return [(metrics, metrics.headline)]


def _ground(metrics: Metrics) -> tuple[int, int, bool]:
    """What was measured, as far as figures tell."""
    return metrics.images, metrics.instances, metrics.mask_map50_95 is not None
