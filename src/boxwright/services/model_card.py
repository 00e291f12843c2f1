"""The texts that travel with a model: a model card (Mitchell et al., 2019) for people, and the licence."""

import json
from collections.abc import Iterator
from importlib import metadata

from boxwright.domain.models import Metrics, Model, ModelCard, class_scores
from boxwright.ml.export.standalone import gives_masks

_APACHE = "Apache-2.0"
_LIMITS = (
    "## Limits\n\nIt was measured on pictures like those it learned from. On others (another camera, light, angle, "
    "things it never saw) it may find less, or find what is not there. Measure it on your own pictures before you rely "
    "on it.\n"
)
_PLACEMENTS = {
    "top_left": "its ratio kept, at the top left",
    "center": "its ratio kept, in the middle",
    "stretch": "stretched",
}


def readme(model: Model, *, program: bool, weights: bool) -> str:
    """Return the model card in Markdown, with the front matter that model hubs read.

    Args:
        model: the model.
        program: whether `predict.py` is beside it.
        weights: whether `weights.safetensors` is.
    """
    card = model.card
    head = {"license": card.licence.lower(), "library_name": "onnx", "pipeline_tag": "object-detection"}
    parts = [
        "---\n" + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items()) + "---\n",
        f"# {_cell(model.name)}\n",
        _origin(model),
        _use(card, program),
        _files(program, weights),
        _input(card),
        "## Quality\n\n" + ("".join(_quality(model)) or "Not measured.\n"),
        "## Classes\n\n| number | class | counts from score | training | validation |\n|---:|---|---:|---:|---:|\n"
        + "".join(
            f"| {number} | {_cell(item.name)} | {_number(least)} | {item.train} | {item.val} |\n"
            for number, (item, least) in enumerate(zip(card.classes, class_scores(card), strict=True))
        ),
        _LIMITS,
        f"## Licence\n\n{card.licence}; see LICENSE.txt.\n",
    ]
    return "\n".join(parts)


def licence(card: ModelCard) -> str:
    """Return what is known of the licence: its name, and its text where it is that of Boxwright itself."""
    head = (
        f"The network {card.architecture} is licensed under: {card.licence}\n\nWhat it learned comes from the pictures "
        "it was trained with; whoever trained it says under which terms its weights are given on.\n"
    )
    text = _apache() if card.licence == _APACHE else None
    return head if text is None else f"{head}\n{'-' * 78}\n\n{text}"


def _apache() -> str | None:
    try:
        return metadata.distribution("boxwright").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        return None


def _origin(model: Model) -> str:
    card = model.card
    task = "object detection with outlines" if card.task == "segment" else "object detection"
    learned = "" if card.dataset_version is None else f" on dataset version {_cell(card.dataset_version)}"
    how = (
        f"trained{learned} with Boxwright {card.boxwright_version}" if model.job_id else "added to Boxwright as it was"
    )
    return f"{card.architecture} for {task}, {card.parameters:,} parameters, {how}, {card.created_at[:10]}.\n"


def _use(card: ModelCard, program: bool) -> str:
    if not program:
        return "## Use\n\nAdd this ZIP to Boxwright (`boxwright model import FILE --project NAME`).\n"
    return (
        "## Use\n\n```\npip install onnxruntime numpy pillow\npython predict.py picture.jpg\n```\n\n"
        "It prints a line of JSON for each picture: class, score and box (`x0 y0 x1 y1` in pixels of the upright "
        f"picture) of each object.{_masks(card)}\n"
    )


def _masks(card: ModelCard) -> str:
    if not gives_masks(card):
        return ""
    return (
        " `mask` are the object's pixels as COCO's run lengths, `{size: [height, width], counts: [...]}`: down each "
        "column, first outside, then inside, and so on."
    )


def _files(program: bool, weights: bool) -> str:
    lines = ["- `model.onnx`: the network, for ONNX Runtime", "- `card.json`: how to feed and read it, for programs"]
    if program:
        lines.append("- `predict.py`: a small program that does so")
    if weights:
        lines.append("- `weights.safetensors`: the trained weights, to go on training in Boxwright")
    return "## Files\n\n" + "\n".join(lines) + "\n"


def _input(card: ModelCard) -> str:
    spec = card.input
    numbers = ["/".join(f"{value:g}" for value in values) for values in (spec.mean, spec.std)]
    return (
        f"## Input\n\n{spec.width} x {spec.height} pixels, {spec.channels.upper()}, {_PLACEMENTS[spec.placement]}, the "
        f"rest {spec.pad}; values 0 to 255 minus {numbers[0]}, divided by {numbers[1]}. Boxes of a "
        f"class that overlap by over {card.iou_threshold:g} are one object.\n"
    )


def _quality(model: Model) -> Iterator[str]:
    for split, metrics in (("validation", model.val), ("test", model.test)):
        if metrics is not None and metrics.map50_95 is not None:
            yield _figures(split, metrics)


def _figures(split: str, metrics: Metrics) -> str:
    columns = {"AP50-95": "ap50_95", "AP50": "ap50", "best F1": "f1", "at score": "best_threshold"}
    said = f"mAP50-95 {_number(metrics.map50_95)}, mAP50 {_number(metrics.map50)}"
    if metrics.mask_map50_95 is not None:
        columns["outlines AP50-95"] = "mask_ap50_95"
        said += f"; of outlines mAP50-95 {_number(metrics.mask_map50_95)}, mAP50 {_number(metrics.mask_map50)}"
    lines = [
        f"On the {metrics.images} images of the {split} split: {said}.\n",
        f"| class | instances | {' | '.join(columns)} |",
        "|---|---:" + "|---:" * len(columns) + "|",
    ]
    for row in metrics.per_class:
        figures = (_number(getattr(row, name)) for name in columns.values())
        lines.append(f"| {_cell(row.name)} | {row.instances} | {' | '.join(figures)} |")
    return "\n".join(lines) + "\n\n"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _cell(text: str) -> str:
    """Return a text that stays inside its cell and is no markup."""
    return "".join(f"\\{char}" if char in "\\|`*_[]<>" else char for char in " ".join(text.split()))
