"""The program that travels with a model: one file that needs only onnxruntime, numpy and Pillow.

`predict.txt` is that program, with gaps: how the outputs of this model become boxes, which `_DECODE` fills, and how
they become masks, which `mask.txt` does where the network gives them.
"""

from collections.abc import Callable
from importlib import resources

from boxwright.domain.decoders import full_options
from boxwright.domain.models import ModelCard

_DECODE_GAP, _MASK_GAP, _OUTLINES_GAP = "    DECODE\n", "MASK\n", "    OUTLINES\n"
_CORNERS = "np.hstack([box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2])"
_SIZE = "np.float32([W, H] * 2)"
_SIGMOID, _SOFTMAX = "1 / (1 + np.exp(-sure))", "np.exp(sure) / np.exp(sure).sum(1, keepdims=True)"


def script(card: ModelCard) -> str | None:
    """Return the program for a model with this card; None where its family needs more than fits on a page."""
    decode = _DECODE.get(card.decoder)
    if decode is None:
        return None
    program = _text("predict.txt").replace(_DECODE_GAP, "".join(f"    {line}\n" for line in decode(card)))
    masks = gives_masks(card)
    program = program.replace(_MASK_GAP, _text("mask.txt") if masks else "")
    return program.replace(_OUTLINES_GAP, _outlines(card) if masks else "")


def gives_masks(card: ModelCard) -> bool:
    """Tell whether the program gives the pixels of each object: where the network does."""
    return card.decoder in _DECODE and not {"prototypes", "masks"}.isdisjoint(card.outputs)


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _outlines(card: ModelCard) -> str:
    lines = [*_fields(card), "for i, item in zip(keep, found):"]
    lines.append("    item['mask'] = mask(field(row[i]), boxes[i], shift, scale, batch.shape[2:], picture.shape[:2])")
    return "".join(f"    {line}\n" for line in lines)


def _fields(card: ModelCard) -> list[str]:
    """Return the lines that define `field`: what the network says about each cell of a grid for an object's row."""
    if "masks" in card.outputs:
        masks = f"out[{card.outputs['masks']!r}]"
        return [f"field = {masks}.reshape(-1, *{masks}.shape[-2:]).__getitem__"]
    planes = f"out[{card.outputs['prototypes']!r}][0]"
    if "coefficients" in card.outputs:
        return [f"field = lambda at: np.tensordot(out[{card.outputs['coefficients']!r}][0][at], {planes}, 1)"]
    # The last columns of the table mix the prototypes.
    turned = ["rows = rows.T if rows.shape[0] < rows.shape[1] else rows"] if card.decoder == "yolov8" else []
    table = f"rows = {_table(card, 'rows' if 'rows' in card.outputs else 'table')}"
    return [table, *turned, f"field = lambda at: np.tensordot(rows[at, -len({planes}) :], {planes}, 1)"]


def _table(card: ModelCard, part: str) -> str:
    """Return the expression for an output as a table (n, columns)."""
    name = card.outputs.get(part, part)
    return f"np.atleast_2d(np.squeeze(out[{name!r}]).astype(np.float32))"


def _unit(card: ModelCard) -> str:
    normalised = full_options(card.decoder, card.options).get("boxes") == "normalised"
    return f" * {_SIZE}" if normalised else ""


def _boxes_and_scores(card: ModelCard) -> list[str]:
    names = [card.outputs.get(part, part) for part in ("boxes", "scores")]
    return [f"return out[{names[0]!r}][0], out[{names[1]!r}][0], True"]


def _ultraface(card: ModelCard) -> list[str]:
    columns = {"first": "[:, 1:]", "last": "[:, :-1]"}.get(full_options(card.decoder, card.options)["background"], "")
    return [f"return {_table(card, 'boxes')}{_unit(card)}, {_table(card, 'scores')}{columns}, True"]


def _yolox(card: ModelCard) -> list[str]:
    options, last = full_options(card.decoder, card.options), 5 + len(card.classes)
    lines = [f"rows = {_table(card, 'rows')}", f"box, sure = rows[:, :4], rows[:, 4:{last}]"]
    if options["grid"] == "raw":
        cells = "(x, y, s) for s in (8, 16, 32, 64) for y in range(-(-H // s)) for x in range(-(-W // s))"
        lines += [
            f"cells = np.float32([{cells}][: len(rows)])",
            "box = np.hstack([rows[:, :2] + cells[:, :2], np.exp(rows[:, 2:4])]) * cells[:, 2:]",
        ]
    if options["scores"] == "logits":
        lines.append(f"sure = {_SIGMOID}")
    return [*lines, f"return {_CORNERS}, sure[:, :1] * sure[:, 1:], True"]


def _yolov5(card: ModelCard) -> list[str]:
    last = 5 + len(card.classes)
    return [
        f"rows = {_table(card, 'rows')}",
        f"box, sure = rows[:, :4]{_unit(card)}, rows[:, 4:5] * rows[:, 5:{last}]",
        f"return {_CORNERS}, sure, True",
    ]


def _yolov8(card: ModelCard) -> list[str]:
    last = 4 + len(card.classes)
    logits = full_options(card.decoder, card.options)["scores"] == "logits"
    return [
        f"rows = {_table(card, 'table')}",
        "rows = rows.T if rows.shape[0] < rows.shape[1] else rows",
        f"box, sure = rows[:, :4]{_unit(card)}, rows[:, 4:{last}]",
        f"return {_CORNERS}, {_SIGMOID if logits else 'sure'}, True",
    ]


def _yolov10(card: ModelCard) -> list[str]:
    return [
        f"rows = {_table(card, 'table')}",
        "rows = rows[:, [1, 2, 3, 4, 6, 5]] if rows.shape[1] == 7 else rows",
        f"sure = rows[:, 4:5] * (rows[:, 5:6] == np.arange({len(card.classes)}))",
        f"return rows[:, :4]{_unit(card)}, sure, False",
    ]


def _detr(card: ModelCard) -> list[str]:
    softly = full_options(card.decoder, card.options)["activation"] == "softmax"
    return [
        f"sure, box = {_table(card, 'logits')}, {_table(card, 'boxes')} * {_SIZE}",
        f"return {_CORNERS}, {f'({_SOFTMAX})[:, :-1]' if softly else _SIGMOID}, False",
    ]


_DECODE: dict[str, Callable[[ModelCard], list[str]]] = {
    "wren": _boxes_and_scores,
    "ultraface": _ultraface,
    "yolox": _yolox,
    "yolov5": _yolov5,
    "yolov8": _yolov8,
    "yolov10": _yolov10,
    "detr": _detr,
}
