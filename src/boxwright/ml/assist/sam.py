"""Outlines by SAM 2.1 or EdgeTAM, where a person has brought the ONNX files: an encoder and a decoder.

Both files are as the usual exports write them: the encoder takes `image` [1, 3, 1024, 1024] and gives `image_embed`,
`high_res_feats_0` and `high_res_feats_1`; the decoder takes these, `point_coords` [1, n, 2], `point_labels` [1, n],
`mask_input` [1, 1, 256, 256] and `has_mask_input` [1], and gives masks and `iou_predictions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.assist import Prompt
from boxwright.domain.errors import InvalidModel
from boxwright.domain.geometry import Polygon
from boxwright.ml.adapters.session import first_line, open_session
from boxwright.ml.assist.lines import outlined
from boxwright.ml.assist.window import Floats, Rgb, Window

ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
_MEAN = np.array((123.675, 116.28, 103.53), np.float32)
_DEVIATION = np.array((58.395, 57.12, 57.375), np.float32)
_INSIDE, _OUTSIDE, _FIRST, _SECOND, _NONE = 1, 0, 2, 3, -1
_MASKS = ("low_res_masks", "masks", "pred_masks")
_SIDES = (256, 4096)
_MOST = 2048


@dataclass(frozen=True, kw_only=True)
class Embedding:
    """A picture as the encoder sees it; `width` and `height` are the picture's."""

    features: Mapping[str, NDArray[Any]]
    width: int
    height: int


class Sam:
    """The two networks of a folder. May be used from several threads.

    Args:
        folder: holds `encoder.onnx` and `decoder.onnx`.
        memory: bytes that the networks may compute with, as models from elsewhere.

    Raises:
        InvalidModel: no such files, or others than are understood.
    """

    def __init__(self, folder: Path, memory: int | None = None) -> None:
        self._encoder = open_session(folder / ENCODER, 1, memory)
        self._decoder = open_session(folder / DECODER, 1, memory)
        image = self._encoder.get_inputs()[0]
        if len(self._encoder.get_inputs()) != 1 or len(image.shape) != 4 or image.shape[1] != 3:
            raise InvalidModel(f"{ENCODER}: takes {_told(self._encoder)}; one picture [1, 3, 1024, 1024] is expected")
        self._image = image.name
        self._side = image.shape[-1] if isinstance(image.shape[-1], int) else 1024
        if not _SIDES[0] <= self._side <= _SIDES[1]:
            raise InvalidModel(f"{ENCODER}: takes pictures of {self._side} pixels; 1024 are expected")
        self._features = [item.name for item in self._encoder.get_outputs()]
        self._wanted = {item.name: item for item in self._decoder.get_inputs()}
        known = {*self._features, "point_coords", "point_labels", "mask_input", "has_mask_input", "orig_im_size"}
        strange = sorted(set(self._wanted) - known)
        if strange or not {"point_coords", "point_labels"} <= set(self._wanted):
            raise InvalidModel(
                f"{DECODER}: takes {_told(self._decoder)}, which does not fit {ENCODER}; see docs/models.md"
            )
        self._given = [item.name for item in self._decoder.get_outputs()]
        if not any(name in self._given for name in _MASKS):
            raise InvalidModel(f"{DECODER}: gives no output {' or '.join(_MASKS)}; see docs/models.md")

    def encode(self, rgb: Rgb) -> Embedding:
        """Return what the decoder needs of a picture. Raises InvalidModel where the network fails."""
        small = cv2.resize(rgb, (self._side, self._side), interpolation=cv2.INTER_AREA)
        values = (np.asarray(small, np.float32) - _MEAN) / _DEVIATION
        pixels = np.ascontiguousarray(values.transpose(2, 0, 1)[None])
        answers = _run(self._encoder, self._features, {self._image: pixels})
        features = dict(zip(self._features, answers, strict=True))
        return Embedding(features=features, width=rgb.shape[1], height=rgb.shape[0])

    def decode(self, embedding: Embedding, prompt: Prompt) -> Polygon | None:
        """Return the likeliest outline of the object that a prompt means; None where there is none."""
        answers = _run(self._decoder, self._given, self._feeds(embedding, prompt))
        named = dict(zip(self._given, answers, strict=True))
        masks = np.asarray(next(named[name] for name in _MASKS if name in named), np.float32)
        masks = masks.reshape(-1, *masks.shape[-2:])
        scores = np.asarray(named.get("iou_predictions", np.zeros(len(masks))), np.float32).ravel()
        if max(masks.shape[1:]) > _MOST or not np.isfinite(masks).all():
            raise InvalidModel(f"{DECODER}: its masks are not finite, or larger than {_MOST} pixels a side")
        best = int(scores.argmax()) if len(scores) == len(masks) else 0
        size = embedding.width, embedding.height
        return outlined(masks[best], _whole(masks[best], size), size)

    def _feeds(self, embedding: Embedding, prompt: Prompt) -> dict[str, NDArray[Any]]:
        places, labels = _points(prompt)
        scale = self._side / embedding.width, self._side / embedding.height
        feeds: dict[str, NDArray[Any]] = {
            **embedding.features,
            "point_coords": np.asarray([[(x * scale[0], y * scale[1]) for x, y in places]], np.float32),
            "point_labels": np.asarray([labels], np.float32),
            "mask_input": np.zeros((1, 1, self._side // 4, self._side // 4), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.array([self._side, self._side]),
        }
        return {name: _typed(feeds[name], item.type) for name, item in self._wanted.items()}


def _points(prompt: Prompt) -> tuple[Sequence[tuple[float, float]], Sequence[int]]:
    """Return places and what they mean; without a box one that means nothing, as the networks were trained."""
    places = [*prompt.inside, *prompt.outside]
    labels = [_INSIDE] * len(prompt.inside) + [_OUTSIDE] * len(prompt.outside)
    if prompt.box is None:
        return [*places, (0.0, 0.0)], [*labels, _NONE]
    x0, y0, x1, y1 = prompt.box
    return [(x0, y0), (x1, y1), *places], [_FIRST, _SECOND, *labels]


def _whole(mask: Floats, size: tuple[int, int]) -> Window:
    """Return the window that a mask over the whole picture is."""
    rows, columns = mask.shape
    pixels = np.zeros((rows, columns, 3), np.uint8)
    return Window(pixels=pixels, left=0, top=0, scale_x=columns / size[0], scale_y=rows / size[1])


def _typed(values: NDArray[Any], kind: str) -> NDArray[Any]:
    types = {"tensor(float16)": np.float16, "tensor(int32)": np.int32, "tensor(int64)": np.int64}
    return np.ascontiguousarray(values, types.get(kind, np.float32))


def _run(session: Any, names: Sequence[str], feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    try:
        answers: list[NDArray[Any]] = session.run(list(names), dict(feeds))
        return answers
    except Exception as error:  # onnxruntime raises its own kinds, all of them direct children of Exception
        raise InvalidModel(f"the network for smart outlines fails: {first_line(error)}", code="model_broken") from error


def _told(session: Any) -> str:
    return ", ".join(f"{item.name} {list(item.shape)}" for item in session.get_inputs())[:300]
