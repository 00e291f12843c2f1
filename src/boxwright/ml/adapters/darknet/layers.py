"""Layers of Darknet: what each makes of the shapes before it, and which weights it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.darknet.cfg import Section

ACTIVATIONS = ("linear", "leaky", "mish", "logistic", "relu", "swish", "silu")
_MAX_SIDE, _MOST_ELEMENTS = 8192, 1 << 28
Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer with the numbers of the layers it reads (-1 is the picture) and its output: channels, rows, columns."""

    section: Section
    inputs: tuple[int, ...]
    shape: Shape

    @property
    def kind(self) -> str:
        """`convolutional`, `maxpool`, ..."""
        return self.section.kind


@dataclass(frozen=True, slots=True)
class Kernel:
    """The numbers of a convolution, each read and checked."""

    filters: int
    size: int
    stride: int
    padding: int
    groups: int
    dilation: int
    normalised: bool

    def weights(self, channels: int) -> int:
        """Return how many numbers it takes from the weights file."""
        return self.filters * (4 if self.normalised else 1) + self.filters * (channels // self.groups) * self.size**2


def kernel_of(section: Section) -> Kernel:
    """Read a `convolutional` section. Raises InvalidModel."""
    size = section.whole("size", 1, 1)
    return Kernel(
        filters=section.whole("filters", 1, 1),
        size=size,
        stride=section.whole("stride", 1, 1),
        padding=size // 2 if section.whole("pad", 0) else section.whole("padding", 0),
        groups=section.whole("groups", 1, 1),
        dilation=section.whole("dilation", 1, 1),
        normalised=bool(section.whole("batch_normalize", 0)),
    )


def arrange(sections: Sequence[Section]) -> tuple[Shape, list[Layer]]:
    """Return the shape of the input and the layers in order. Raises InvalidModel for what is not supported."""
    net = sections[0]
    start = (net.whole("channels", 3, 1), net.whole("height", 416, 1), net.whole("width", 416, 1))
    if start[0] != 3 or max(start) > _MAX_SIDE:
        raise net.wrong(
            f"an input of {start[2]} x {start[1]} with {start[0]} channels; three and 8192 pixels are the most"
        )
    layers: list[Layer] = []
    for section in sections[1:]:
        make = _SHAPES.get(section.kind)
        if make is None:
            raise section.wrong(f"such layers are not supported; known are {', '.join(sorted(_SHAPES))}")
        inputs, shape = make(section, layers, start)
        if min(shape) < 1 or shape[0] * shape[1] * shape[2] > _MOST_ELEMENTS:
            raise section.wrong(f"the output would be {shape[0]} x {shape[1]} x {shape[2]}")
        layers.append(Layer(section, inputs, shape))
    if not any(layer.kind == "yolo" for layer in layers):
        raise InvalidModel("the .cfg has no [yolo] layer; detectors of version 3 and 4 have", code="darknet_cfg")
    return start, layers


def _before(layers: Sequence[Layer], start: Shape) -> tuple[int, Shape]:
    return (len(layers) - 1, layers[-1].shape) if layers else (-1, start)


def _named(section: Section, number: int, layers: Sequence[Layer]) -> int:
    """Return the layer that a number means: from the start, or backwards where negative."""
    found = len(layers) + number if number < 0 else number
    if not 0 <= found < len(layers):
        raise section.wrong(f"there is no layer {number}")
    return found


Made = tuple[tuple[int, ...], Shape]


def _convolutional(section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, (channels, rows, columns) = _before(layers, start)
    kernel = kernel_of(section)
    if channels % kernel.groups or kernel.filters % kernel.groups:
        raise section.wrong(
            f"{channels} channels and {kernel.filters} filters cannot be parted into {kernel.groups} groups"
        )
    if section.texts.get("activation", "logistic") not in ACTIVATIONS:
        raise section.wrong(f"activation={section.texts['activation'][:40]}; known are {', '.join(ACTIVATIONS)}")
    reach = kernel.dilation * (kernel.size - 1) + 1
    sides = [(side + 2 * kernel.padding - reach) // kernel.stride + 1 for side in (rows, columns)]
    return (before,), (kernel.filters, sides[0], sides[1])


def pool_of(section: Section) -> tuple[int, int, int]:
    """Return size, stride and the sum of the padding on both sides."""
    stride = section.whole("stride", 1, 1)
    size = section.whole("size", stride, 1)
    return size, stride, section.whole("padding", size - 1)


def _maxpool(section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, (channels, rows, columns) = _before(layers, start)
    size, stride, padding = pool_of(section)
    high, wide = ((side + padding - size) // stride + 1 for side in (rows, columns))
    return (before,), (channels, high, wide)


def _upsample(section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, (channels, rows, columns) = _before(layers, start)
    times = section.whole("stride", 2, 1)
    return (before,), (channels, rows * times, columns * times)


def _route(section: Section, layers: Sequence[Layer], _start: Shape) -> Made:
    inputs = tuple(_named(section, number, layers) for number in section.wholes("layers"))
    shapes = [layers[number].shape for number in inputs]
    groups, group = section.whole("groups", 1, 1), section.whole("group_id", 0)
    if not shapes or len({shape[1:] for shape in shapes}) != 1 or group >= groups or any(s[0] % groups for s in shapes):
        raise section.wrong("its layers do not fit together")
    return inputs, (sum(shape[0] // groups for shape in shapes), *shapes[0][1:])


def _shortcut(section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, shape = _before(layers, start)
    others = [_named(section, number, layers) for number in section.wholes("from")]
    if not others or any(layers[number].shape != shape for number in others):
        raise section.wrong("it adds layers of different shapes")
    if section.texts.get("weights_type", "none") != "none":
        raise section.wrong("weights_type is not supported")
    return (before, *others), shape


def _yolo(section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, shape = _before(layers, start)
    wanted = len(section.wholes("mask")) * (5 + section.whole("classes", 20, 1))
    if shape[0] != wanted:
        raise section.wrong(
            f"it reads {wanted} channels (boxes a cell x (5 + classes)), but the layer before has {shape[0]}"
        )
    return (before,), shape


def _same(_section: Section, layers: Sequence[Layer], start: Shape) -> Made:
    before, shape = _before(layers, start)
    return (before,), shape


_SHAPES = {
    "convolutional": _convolutional,
    "maxpool": _maxpool,
    "upsample": _upsample,
    "route": _route,
    "shortcut": _shortcut,
    "yolo": _yolo,
    "dropout": _same,
}
