"""The options that correct a model card, shared by the commands that add, look at and correct models."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.options import pairs
from boxwright.cli.shell import table
from boxwright.domain.corrections import CardChanges, InputChanges
from boxwright.domain.decoders import BY_NAME

if TYPE_CHECKING:
    from boxwright.domain.inspection import ModelInspection
    from boxwright.domain.models import ModelCard


class Channels(StrEnum):
    """Orders of the colours."""

    RGB = "rgb"
    BGR = "bgr"


class Placing(StrEnum):
    """Where a picture lies in the input."""

    TOP_LEFT = "top_left"
    CENTER = "center"
    STRETCH = "stretch"


Decoder = StrEnum("Decoder", {name.upper(): name for name in BY_NAME})  # type: ignore[misc]
_SHOWN = 20


def _option(name: str, help: str, **more: Any) -> Any:
    return typer.Option(name, help=help, show_default=False, **more)


_OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "decoder": (Annotated[Decoder | None, _option("--decoder", "How to read the outputs.")], None),
    "option": (
        Annotated[
            list[str] | None, _option("--option", "What the decoder must be told; repeatable.", metavar="KEY=VALUE")
        ],
        None,
    ),
    "size": (Annotated[str | None, _option("--input-size", "Size that is fed.", metavar="WxH")], None),
    "channels": (Annotated[Channels | None, _option("--channels", "Order of the colours.")], None),
    "placement": (
        Annotated[
            Placing | None, _option("--placement", "Where the picture lies in the input, or that it is stretched.")
        ],
        None,
    ),
    "pad": (Annotated[int | None, _option("--pad", "Grey around the picture.", min=0, max=255)], None),
    "mean": (
        Annotated[
            str | None, _option("--mean", "Subtracted from values of 0 to 255: one number or three.", metavar="N[,N,N]")
        ],
        None,
    ),
    "std": (
        Annotated[str | None, _option("--std", "Divisor after that: one number or three.", metavar="N[,N,N]")],
        None,
    ),
    "classes": (
        Annotated[
            Path | None,
            _option("--classes", "File with the names of the classes, one a line.", exists=True, dir_okay=False),
        ],
        None,
    ),
    "score": (Annotated[float | None, _option("--score", "Usual score threshold.", min=0, max=1)], None),
    "iou": (
        Annotated[float | None, _option("--iou", "Usual overlap from which boxes are suppressed.", min=0, max=1)],
        None,
    ),
    "licence": (Annotated[str | None, _option("--licence", "Licence of the model.")], None),
    "class_threshold": (
        Annotated[
            list[str] | None,
            _option("--class-threshold", "Operating score of a class; repeatable, or none.", metavar="NAME=SCORE"),
        ],
        None,
    ),
}


def correctable(handler: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a card; its parameter `changes` gets what was typed."""
    signature = inspect.signature(handler)
    own = [item for name, item in signature.parameters.items() if name != "changes"]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]

    @functools.wraps(handler)
    def run(shell: Any, **values: Any) -> None:
        typed = {name: values.pop(name) for name in _OPTIONS}
        handler(shell, **values, changes=_changes(typed))

    kept = [item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in own[1:]]
    run.__signature__ = signature.replace(parameters=[own[0], *kept, *added])  # type: ignore[attr-defined]
    return run


def _changes(typed: Mapping[str, Any]) -> CardChanges:
    width, height = _size(typed["size"])
    return CardChanges(
        decoder=_text(typed["decoder"]),
        options=pairs(typed["option"], "--option") if typed["option"] else None,
        input=InputChanges(
            width=width,
            height=height,
            channels=_text(typed["channels"]),  # type: ignore[arg-type]
            placement=_text(typed["placement"]),  # type: ignore[arg-type]
            pad=typed["pad"],
            mean=_three(typed["mean"], "--mean"),
            std=_three(typed["std"], "--std"),
        ),
        classes=_lines(typed["classes"]),
        score_threshold=typed["score"],
        iou_threshold=typed["iou"],
        licence=typed["licence"],
        thresholds=_scores(typed["class_threshold"]),
    )


def _scores(given: Sequence[str] | None) -> dict[str, float] | None:
    """Read `NAME=SCORE`; the one word `none` takes the scores of all classes away."""
    if not given:
        return None
    if list(given) == ["none"]:
        return {}
    try:
        scores = {name: float(value) for name, value in pairs(given, "--class-threshold").items()}
    except ValueError:
        wrong_use("--class-threshold should look like NAME=0.4, or be the word none")
    if not all(0 <= score <= 1 for score in scores.values()):
        wrong_use("--class-threshold takes scores from 0 to 1")
    return scores


def _text(choice: StrEnum | None) -> str | None:
    return None if choice is None else str(choice)


def _size(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    parts = text.lower().replace("×", "x").split("x")
    try:
        width, height = (int(part) for part in (parts * 2 if len(parts) == 1 else parts))
    except ValueError:
        wrong_use(f"--input-size {text!r} should look like 640x480")
    return width, height


def _three(text: str | None, option: str) -> tuple[float, float, float] | None:
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
        first, second, third = numbers * 3 if len(numbers) == 1 else numbers
    except ValueError:
        wrong_use(f"{option} {text!r} should be one number, or three separated by commas")
    return first, second, third


def _lines(path: Path | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        wrong_use(f"--classes {path} cannot be read as text")
    return tuple(line.strip() for line in lines if line.strip())


def card_lines(card: "ModelCard") -> list[str]:
    """Return how a model is run, for a person."""
    source = card.input
    if card.task == "assist":
        return [f"outlines   by clicks in the editor, {source.width} x {source.height}", f"licence    {card.licence}"]
    told = ", ".join(f"{key} {value}" for key, value in card.options.items())
    names = [item.name for item in card.classes]
    held = ", ".join(
        f"{item.name} {item.threshold:.2f}" for item in card.classes[:_SHOWN] if item.threshold is not None
    )
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return [
        f"decoder    {card.decoder}{f' ({told})' if told else ''}: {BY_NAME[card.decoder].title}",
        f"input      {source.width} x {source.height}, {source.channels}, {source.placement}, pad {source.pad}",
        f"normalised (value - {_numbers(source.mean)}) / {_numbers(source.std)}",
        f"classes    {len(names)}: {', '.join(names[:_SHOWN])}{more}",
        f"thresholds score {card.score_threshold}, overlap {card.iou_threshold}",
        *([f"operating  {held}"] if held else []),
    ]


def _numbers(values: tuple[float, float, float]) -> str:
    return f"{values[0]:g}" if len(set(values)) == 1 else ", ".join(f"{value:g}" for value in values)


def _title(card: "ModelCard") -> str:
    return "SAM" if card.task == "assist" else BY_NAME[card.decoder].title


def inspection_lines(found: "ModelInspection") -> list[str]:
    """Return what was recognised, for a person."""
    rows = [
        [part, item.name, " x ".join("any" if side is None else str(side) for side in item.shape), item.type]
        for part, items in (("input", found.inputs), ("output", found.outputs))
        for item in items
    ]
    if found.confidence == "unknown":
        fitting = ", ".join(found.alternatives)
        head = f"{found.card.name}: not recognised; choose --decoder ({fitting} can read such outputs)"
        return [head, *(f"- {reason}" for reason in found.reasons), *table(["", "name", "shape", "type"], rows)]
    others = [f"would fit too: {', '.join(found.alternatives)}"] if found.alternatives else []
    return [
        f"{found.card.name}: {_title(found.card)} ({found.confidence})",
        *(f"- {reason}" for reason in found.reasons),
        *others,
        *card_lines(found.card),
        f"one picture takes {found.milliseconds:g} ms on one core",
        *table(["", "name", "shape", "type"], rows),
    ]
