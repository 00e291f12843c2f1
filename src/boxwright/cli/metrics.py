"""How good a model is, for people and for programs."""

from boxwright.cli.shell import table
from boxwright.domain.models import Metrics


def metric_values(metrics: Metrics | None) -> dict[str, object]:
    """Return `map50_95`, `map50` (0 to 1, None when undefined), `mask_...` of outlines if measured, and `per_class`."""
    if metrics is None:
        return {"map50_95": None, "map50": None, "per_class": []}
    masks = {name: getattr(metrics, name) for name in ("mask_map50_95", "mask_map50", "mask_map75")}
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
    columns = {"AP50": "ap50", "AP50-95": "ap50_95", "precision": "precision", "recall": "recall"}
    if metrics.mask_map50_95 is not None:
        columns["outlines AP50-95"] = "mask_ap50_95"
    rows = [
        [item.name, str(item.instances), *(figure(getattr(item, name)) for name in columns.values())]
        for item in metrics.per_class
    ]
    head = f"{split}: {quality_line(metrics)}{took}"
    return [head, *table(["class", "instances", *columns], rows)]


def quality_line(metrics: Metrics) -> str:
    """Return the headline figures, of outlines too where they were measured."""
    boxes = f"mAP50 {figure(metrics.map50)}, mAP50-95 {figure(metrics.map50_95)}"
    if metrics.mask_map50_95 is not None:
        boxes += f"; outlines: mAP50 {figure(metrics.mask_map50)}, mAP50-95 {figure(metrics.mask_map50_95)}"
    return f"{boxes} on {metrics.images} images"


def figure(value: float | None) -> str:
    """Return a figure between 0 and 1, or a dash where it is undefined."""
    return "-" if value is None else f"{value:.3f}"
