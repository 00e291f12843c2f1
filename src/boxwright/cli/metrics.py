"""How good a model is, for people and for programs."""

from boxwright.cli.shell import table
from boxwright.domain.models import Metrics


def metric_values(metrics: Metrics | None) -> dict[str, object]:
    """Return `map50_95`, `map50` (0 to 1, None when undefined) and `per_class`."""
    if metrics is None:
        return {"map50_95": None, "map50": None, "per_class": []}
    masks = {"mask_map50_95": metrics.mask_map50_95, "mask_map50": metrics.mask_map50}
    return {
        "map50_95": metrics.map50_95,
        "map50": metrics.map50,
        **{name: value for name, value in masks.items() if value is not None},
        "per_class": list(metrics.per_class),
    }


def metric_lines(split: str, metrics: Metrics | None, seconds: object) -> list[str]:
    """Return the same as lines, with a table of the classes."""
    took = f" in {seconds:.0f} s" if isinstance(seconds, int | float) else ""
    if metrics is None:
        return [f"not measured: the split {split} has no labelled images{took}"]
    rows = [
        [item.name, str(item.instances), *map(figure, (item.ap50, item.ap50_95, item.precision, item.recall))]
        for item in metrics.per_class
    ]
    boxes = f"mAP50 {figure(metrics.map50)}, mAP50-95 {figure(metrics.map50_95)}"
    masks = "" if metrics.mask_map50_95 is None else f", of outlines {figure(metrics.mask_map50_95)}"
    head = f"{split}: {boxes}{masks} on {metrics.images} images"
    return [head + took, *table(["class", "instances", "AP50", "AP50-95", "precision", "recall"], rows)]


def figure(value: float | None) -> str:
    """Return a figure between 0 and 1, or a dash where it is undefined."""
    return "-" if value is None else f"{value:.3f}"
