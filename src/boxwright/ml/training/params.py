"""Every hyper-parameter of a training, with its default, its limits and what it does. Loads no torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from boxwright.domain.errors import Invalid
from boxwright.ml.training.presets import PRESETS, PresetName
from boxwright.ml.training.schema import ParameterHelp, check, choice, describe_fields, number, read_fields

Precision = Literal["auto", "fp32", "bf16", "fp16"]
Device = Literal["auto", "cpu", "cuda"]
Schedule = Literal["cosine", "one_cycle", "flat", "flat_cosine"]
Switch = Literal["off", "on"]
Start = Literal["starter", "random"]
# Below this the coarsest of a network's maps is hardly a map any more.
LEAST_SIZE = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingParams:
    """Hyper-parameters of a training; `describe()` lists them for pages and commands."""

    # fmt: off
    epochs: int = number("basics", 0, 0, 10_000, "Rounds over the training images. 0: chosen from their number.")
    batch: int = number("basics", 0, 0, 1024, "Images a step. 0: chosen from the number of images and the memory.")
    image_size: int = number(
        "basics", 0, 0, 2048,
        "Side of the network's square input in pixels, a multiple of 32. 0: chosen from the size of the objects.")
    patience: int = number("basics", 0, 0, 10_000, "Epochs without a better validation after which it ends. 0: never.")

    augment: PresetName = field(default="default", metadata=choice(
        "augmentation", PresetName,
        "Preset of the augmentation: it sets the other values of this group, and each can still be changed."))
    mosaic: float = number("augmentation", 1.0, 0.0, 1.0, "Chance that four images are joined into one.")
    close_mosaic: float = number("augmentation", 0.2, 0.0, 1.0, "Last part of the epochs that goes without mosaic.")
    scale: float = number("augmentation", 0.5, 0.0, 0.95, "Images are scaled by 1 plus or minus up to this.")
    translate: float = number("augmentation", 0.1, 0.0, 0.9, "Images are moved by up to this part of the size.")
    rotate: float = number(
        "augmentation", 0.0, 0.0, 180.0,
        "Images are turned by up to this many degrees; boxes then lie around the turned corners.")
    quarter_turns: float = number(
        "augmentation", 0.0, 0.0, 1.0, "Chance of turning by 90, 180 or 270 degrees; boxes stay exact.")
    flip_x: float = number(
        "augmentation", 0.5, 0.0, 1.0, "Chance of mirroring left and right. 0 where text or direction matters.")
    flip_y: float = number(
        "augmentation", 0.0, 0.0, 1.0, "Chance of mirroring top and bottom. 0.5 for views from above or a microscope.")
    hsv_h: float = number("augmentation", 0.015, 0.0, 1.0, "Hue changes by up to this part.")
    hsv_s: float = number("augmentation", 0.5, 0.0, 1.0, "Saturation changes by up to this part.")
    hsv_v: float = number("augmentation", 0.4, 0.0, 1.0, "Brightness changes by up to this part.")
    grey: float = number("augmentation", 0.0, 0.0, 1.0, "Chance that colour is taken away.")
    blur: float = number("augmentation", 0.0, 0.0, 1.0, "Chance of a slight blur.")
    tiles: int = number(
        "augmentation", 1, 1, 8,
        "For small objects: half of the views are parts at up to so many times the resolution. 1: whole images only.")
    min_visible: float = number(
        "augmentation", 0.25, 0.0, 1.0, "Objects cut to less than this part of their area are not learned from.")

    start: Start = field(default="starter", metadata=choice(
        "learning", Start,
        "What a Wren knows before where no model is chosen. starter: how things look, learned on generated scenes; "
        "random: nothing."))
    lr: float = number("learning", 0.003, 1e-6, 1.0, "Peak learning rate.")
    final_lr: float = number("learning", 0.01, 0.0, 1.0, "Learning rate at the end, as a part of the peak.")
    schedule: Schedule = field(default="cosine", metadata=choice(
        "learning", Schedule,
        "The learning rate after the warm-up. cosine: falls as half a wave; one_cycle: rises over a third, then falls; "
        "flat: stays; flat_cosine: stays for half of the time, then falls."))
    warmup: float = number(
        "learning", 0.1, 0.0, 0.9, "Part of all steps in which the learning rate rises to its peak.")
    weight_decay: float = number("learning", 0.05, 0.0, 1.0, "AdamW weight decay; norms and biases are spared.")
    clip_norm: float = number("learning", 10.0, 0.1, 1000.0, "Gradients longer than this are shortened to it.")
    accumulate: int = number(
        "learning", 1, 1, 1024,
        "A step's images are computed in so many parts, for batches larger than the memory. Doubled when it runs out.")
    box_gain: float = number("learning", 5.0, 0.0, 100.0, "Weight of the box loss.")
    cls_gain: float = number("learning", 1.0, 0.0, 100.0, "Weight of the class loss.")
    backbone_lr: float = number(
        "learning", 1.0, 0.0, 1.0,
        "Learning rate of a pretrained backbone, as a part of that of the rest. 0: it does not learn.")
    ema: float = number(
        "learning", 0.998, 0.0, 0.99999, "How slowly the averaged weights follow; those are validated and kept.")
    freeze: int = number(
        "learning", 0, 0, 100,
        "Stages of the backbone, from the input on, that do not learn; 100 is all of it. 0: everything learns.")
    rare_classes: float = number(
        "learning", 0.0, 0.0, 1.0,
        "Images with a class that is on less than this part of them are shown more often (repeat factor). 0: off.")
    multi_scale: float = number(
        "learning", 0.0, 0.0, 0.75, "Each step's size differs by up to this part, in steps of 32 pixels. 0: one size.")
    min_steps: int = number(
        "learning", 16, 1, 10_000, "Steps an epoch has at least; few images are repeated to fill them.")
    seed: int = number(
        "learning", 0, 0, 2**31 - 1, "Start of every random choice; on a CPU the same seed gives the same model.")

    precision: Precision = field(default="auto", metadata=choice(
        "machine", Precision, "auto: bf16 where the processor computes with it, else fp32. fp16: for older GPUs."))
    device: Device = field(default="auto", metadata=choice(
        "machine", Device, "auto: a CUDA GPU if there is one, else the CPU."))
    compile: Switch = field(default="off", metadata=choice(
        "machine", Switch, "on: the network is compiled first. Takes a minute or more and pays in long trainings."))
    threads: int = number("machine", 0, 0, 256, "Threads on the CPU. 0: one per core.")
    workers: int = number(
        "machine", 0, 0, 64, "Threads that prepare images. 0: one beside a CPU training, one per core beside a GPU.")
    cache_mb: int = number(
        "machine", 2048, 0, 1_000_000, "Memory for decoded images; what does not fit is decoded each time.")
    checkpoint_seconds: float = number(
        "machine", 30.0, 0.0, 86_400.0, "A checkpoint is written at each epoch and this often within.")
    # fmt: on

    def __post_init__(self) -> None:
        for item in fields(self):
            check(item.name, item.metadata, getattr(self, item.name), item.default)
        if self.image_size % 32 or 0 < self.image_size < LEAST_SIZE:
            lower = max(LEAST_SIZE, self.image_size // 32 * 32)
            raise Invalid(
                f"image_size: {self.image_size} is no multiple of 32 from {LEAST_SIZE} on; use {lower} or {lower + 32}",
                code="hyper_invalid",
            )

    @classmethod
    def from_json(cls, value: Mapping[str, object], base: Mapping[str, object] | None = None) -> "TrainingParams":
        """Read parameters. What is missing comes from the augmentation preset, then `base`, then the defaults.

        Raises Invalid with one line for each wrong field.
        """
        given = read_fields(cls, value)
        chosen = {**(base or {}), **given}
        preset = PRESETS[str(chosen.get("augment", cls.standard("augment")))]
        return cls(**{**(base or {}), **preset.values, **given})  # type: ignore[arg-type]

    @classmethod
    def standard(cls, name: str) -> object:
        """Return the default of a parameter."""
        return next(item.default for item in fields(cls) if item.name == name)


def describe() -> tuple[ParameterHelp, ...]:
    """List all parameters in their order, for forms, commands and documents."""
    return describe_fields(TrainingParams)


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


def plan(params: TrainingParams, images: int, batch: int = 0) -> Plan:
    """Choose what is left open; `batch`, where given, is what was found to fit the machine.

    30 epochs up to 500 images, then fewer, at least 10. Few images come in small batches, because an epoch is then more
    steps: on the blood cells (205 images, median of three seeds) batches of 4 gave mAP50-95 0.580 on val with two
    threads, batches of 8 gave 0.575 with one.
    """
    epochs = params.epochs or max(10, round(30 * min(1.0, math.sqrt(500 / images))))
    batch = params.batch or batch or standard_batch(images)
    return Plan(epochs, batch, max(params.min_steps, math.ceil(images / batch)))


def standard_batch(images: int) -> int:
    """Return the number of images a step that suits a number of images."""
    return 4 if images <= 500 else 8 if images <= 2000 else 16
