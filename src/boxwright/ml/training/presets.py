"""Augmentation presets: sets of values for the parameters of the group `augmentation`. Loads no torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PresetName = Literal["default", "no_flips", "aerial", "small_objects", "strong", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """What a preset is for, and the parameters in which it differs from the defaults."""

    name: PresetName
    help: str
    values: Mapping[str, float] = field(default_factory=dict)


_ALL = (
    Preset(name="default", help="Photographs of things: mirrored left and right, never upside down."),
    Preset(name="no_flips", help="Text, signs, art works, screens: nothing is mirrored.", values={"flip_x": 0.0}),
    # Quarter turns and mirrors leave boxes exact; at other angles the box around the turned corners is too large.
    Preset(
        name="aerial",
        help="Views from above or through a microscope, where no side is up: all quarter turns and mirrors.",
        values={"flip_y": 0.5, "quarter_turns": 0.75},
    ),
    Preset(
        name="small_objects",
        help="Objects that are small in large images: half of the views are parts at twice the resolution.",
        values={"tiles": 2, "scale": 0.3, "min_visible": 0.4},
    ),
    Preset(
        name="strong",
        help="Few images, or other conditions later: more of everything, also blurred and grey. Learns more slowly.",
        values={
            "scale": 0.7,
            "translate": 0.2,
            "rotate": 10.0,
            "close_mosaic": 0.1,
            "hsv_h": 0.03,
            "hsv_s": 0.7,
            "hsv_v": 0.6,
            "grey": 0.1,
            "blur": 0.15,
        },
    ),
    Preset(
        name="none",
        help="Images as they are: for a camera that never moves, and plenty of examples.",
        values=dict.fromkeys(("mosaic", "scale", "translate", "hsv_h", "hsv_s", "hsv_v", "flip_x"), 0.0),
    ),
)
PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in _ALL}
