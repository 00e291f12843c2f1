"""Every hyper-parameter of a training, with its default, its limits and what it does. Loads no torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast, get_args

from boxwright.domain.errors import Invalid

Precision = Literal["auto", "fp32", "bf16"]
Device = Literal["auto", "cpu", "cuda"]


def _number(default: float, low: float, high: float, text: str) -> Any:
    return field(default=default, metadata={"min": low, "max": high, "help": text})


def _choice(options: object, text: str) -> dict[str, object]:
    return {"options": get_args(options), "help": text}


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingParams:
    """Hyper-parameters of a training; `describe()` lists them for pages and commands."""

    epochs: int = _number(0, 0, 10_000, "Rounds over the training images. 0: chosen from the number of images.")
    batch: int = _number(0, 0, 1024, "Images a step. 0: chosen from the number of images.")
    image_size: int = _number(320, 64, 2048, "Side of the network's square input in pixels, a multiple of 32.")
    min_steps: int = _number(16, 1, 10_000, "Steps an epoch has at least; few images are repeated to fill them.")
    lr: float = _number(0.003, 1e-6, 1.0, "Peak learning rate.")
    final_lr: float = _number(0.01, 0.0, 1.0, "Learning rate at the end, as a part of the peak.")
    warmup: float = _number(0.1, 0.0, 0.9, "Part of all steps in which the learning rate rises to its peak.")
    weight_decay: float = _number(0.05, 0.0, 1.0, "AdamW weight decay; norms and biases are spared.")
    clip_norm: float = _number(10.0, 0.1, 1000.0, "Gradients longer than this are shortened to it.")
    box_gain: float = _number(5.0, 0.0, 100.0, "Weight of the box loss.")
    cls_gain: float = _number(1.0, 0.0, 100.0, "Weight of the class loss.")
    ema: float = _number(0.998, 0.0, 0.99999, "How slowly the averaged weights follow; those are validated and kept.")
    seed: int = _number(0, 0, 2**31 - 1, "Start of every random choice; on a CPU the same seed gives the same model.")
    mosaic: float = _number(1.0, 0.0, 1.0, "Chance that four images are joined into one.")
    close_mosaic: float = _number(0.2, 0.0, 1.0, "Last part of the epochs that goes without mosaic.")
    scale: float = _number(0.5, 0.0, 0.95, "Images are scaled by 1 plus or minus up to this.")
    translate: float = _number(0.1, 0.0, 0.9, "Images are moved by up to this part of the size.")
    rotate: float = _number(0.0, 0.0, 180.0, "Images are turned by up to this many degrees.")
    hsv_h: float = _number(0.015, 0.0, 1.0, "Hue changes by up to this part.")
    hsv_s: float = _number(0.5, 0.0, 1.0, "Saturation changes by up to this part.")
    hsv_v: float = _number(0.4, 0.0, 1.0, "Brightness changes by up to this part.")
    flip_x: float = _number(0.5, 0.0, 1.0, "Chance of mirroring left and right. 0 where text or direction matters.")
    flip_y: float = _number(
        0.0, 0.0, 1.0, "Chance of mirroring top and bottom. 0.5 for views from above or a microscope."
    )
    min_visible: float = _number(
        0.25, 0.0, 1.0, "Objects cut to less than this part of their area are not learned from."
    )
    patience: int = _number(0, 0, 10_000, "Epochs without a better validation after which training ends. 0: never.")
    precision: Precision = field(
        default="auto", metadata=_choice(Precision, "auto: bf16 where the processor computes with it, else fp32.")
    )
    device: Device = field(default="auto", metadata=_choice(Device, "auto: a CUDA GPU if there is one, else the CPU."))
    threads: int = _number(0, 0, 256, "Threads on the CPU. 0: one per core.")
    cache_mb: int = _number(2048, 0, 1_000_000, "Memory for decoded images; what does not fit is decoded each time.")
    checkpoint_seconds: float = _number(
        30.0, 0.0, 86_400.0, "A checkpoint is written at each epoch and this often within."
    )

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, item.metadata, getattr(self, item.name), item.default)
        if self.image_size % 32:
            lower = self.image_size // 32 * 32
            raise Invalid(
                f"image_size: {self.image_size} is no multiple of 32; use {lower} or {lower + 32}", code="hyper_invalid"
            )

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "TrainingParams":
        """Read parameters; missing ones take their defaults. Raises Invalid with one line for each wrong field."""
        known = {item.name: item for item in fields(cls)}
        problems, good = [], {}
        for name, given in value.items():
            if name not in known:
                problems.append(f"{name}: no such parameter")
                continue
            try:
                good[name] = _check(name, known[name].metadata, given, known[name].default)
            except Invalid as error:
                problems.append(error.message)
        if not problems:
            return cls(**good)  # type: ignore[arg-type]
        raise Invalid("; ".join(problems), code="hyper_invalid", detail={"fields": problems})


def _check(name: str, rule: Mapping[str, Any], value: object, default: object) -> object:
    """Return the value in the type of its default. Raises Invalid."""
    if "options" in rule:
        if value not in rule["options"]:
            raise Invalid(f"{name}: {value!r} is none of {', '.join(rule['options'])}", code="hyper_invalid")
        return value
    whole = isinstance(default, int)
    # Bounds and not math.isfinite, which cannot take a whole number of 400 digits.
    number = isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300
    if not number or (whole and value != int(value)):  # type: ignore[call-overload]
        raise Invalid(f"{name}: {value!r} is not a {'whole ' if whole else ''}number", code="hyper_invalid")
    if not rule["min"] <= value <= rule["max"]:
        raise Invalid(f"{name}: {value} is outside {rule['min']:g} to {rule['max']:g}", code="hyper_invalid")
    return int(value) if whole else float(value)  # type: ignore[call-overload, arg-type]


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterHelp:
    """A parameter for people; a choice has `options`, a number `min` and `max`."""

    name: str
    type: Literal["int", "float", "choice"]
    default: int | float | str
    help: str
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()


def describe() -> tuple[ParameterHelp, ...]:
    """List all parameters in their order, for forms, commands and documents."""
    kinds: dict[type, Literal["int", "float", "choice"]] = {int: "int", float: "float", str: "choice"}
    return tuple(
        ParameterHelp(
            name=item.name,
            type=kinds[type(item.default)],
            default=cast("int | float | str", item.default),
            help=item.metadata["help"],
            min=item.metadata.get("min"),
            max=item.metadata.get("max"),
            options=item.metadata.get("options", ()),
        )
        for item in fields(TrainingParams)
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What the parameters come to for a number of images."""

    epochs: int
    batch: int
    steps: int

    @property
    def iterations(self) -> int:
        """Steps of the whole training."""
        return self.epochs * self.steps


def plan(params: TrainingParams, images: int) -> Plan:
    """Choose what is left open.

    30 epochs up to 500 images, then fewer, at least 10. Few images come in small batches, because an epoch is then more
    steps: on the blood cells (205 images, median of three seeds) batches of 4 gave mAP50-95 0.580 on val with two
    threads, batches of 8 gave 0.575 with one.
    """
    epochs = params.epochs or max(10, round(30 * min(1.0, math.sqrt(500 / images))))
    batch = params.batch or (4 if images <= 500 else 8 if images <= 2000 else 16)
    return Plan(epochs, batch, max(params.min_steps, math.ceil(images / batch)))
