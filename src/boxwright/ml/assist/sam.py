"""Outlines by SAM 2.1 or EdgeTAM, where a person has brought the ONNX files: an encoder and a decoder.

Which of two files is which is told by what they take. Both are as the usual exports write them: the encoder takes
`image` [1, 3, 1024, 1024] and gives `image_embed`, `high_res_feats_0` and `high_res_feats_1`; the decoder takes these,
`point_coords` [1, n, 2], `point_labels` [1, n], `mask_input` [1, 1, 256, 256] and `has_mask_input` [1], and gives masks
and `iou_predictions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import boxwright
from boxwright.domain.assist import Prompt
from boxwright.domain.clock import now
from boxwright.domain.errors import InvalidModel
from boxwright.domain.geometry import Polygon
from boxwright.domain.inspection import TensorFacts
from boxwright.domain.models import ModelCard, ModelInput
from boxwright.ml.adapters.session import facts, open_session, run_session
from boxwright.ml.assist.lines import outlined
from boxwright.ml.assist.window import Floats, Rgb, Window

_MEAN = (123.675, 116.28, 103.53)
_DEVIATION = (58.395, 57.12, 57.375)
_INSIDE, _OUTSIDE, _FIRST, _SECOND, _NONE = 1, 0, 2, 3, -1
_MASKS = ("low_res_masks", "masks", "pred_masks")
_CLICKS = {"point_coords", "point_labels"}
_SIDES = (256, 4096)
_MOST = 2048
Pair = tuple[Path, Path]


@dataclass(frozen=True, kw_only=True)
class Embedding:
    """A picture as the encoder sees it; `width` and `height` are the picture's."""

    features: Mapping[str, NDArray[Any]]
    width: int
    height: int


class Sam:
    """The two networks. May be used from several threads.

    Args:
        files: the encoder and the decoder, in any order.
        memory: bytes that the networks may compute with, as models from elsewhere.

    Raises:
        InvalidModel: files that cannot be read, or others than are understood.
    """

    def __init__(self, files: Pair, memory: int | None = None) -> None:
        opened = [open_session(path, memory) for path in files]
        sessions = [session for session, _ in opened]
        takes_clicks = [is_decoder(session) for session in sessions]
        if takes_clicks.count(True) != 1:
            raise InvalidModel(_foreign(sessions, takes_clicks[0]), code="model_unknown")
        decoder = takes_clicks.index(True)
        self.encoder = files[1 - decoder]
        self._opened = opened[1 - decoder], opened[decoder]
        encoding, decoding = sessions[1 - decoder], sessions[decoder]
        image = encoding.get_inputs()[0]
        if len(encoding.get_inputs()) != 1 or len(image.shape) != 4 or image.shape[1] != 3:
            raise InvalidModel(f"the encoder takes {_told(encoding)}; one picture [1, 3, 1024, 1024] is expected")
        self._image = image.name
        self.side = image.shape[-1] if isinstance(image.shape[-1], int) else 1024
        if not _SIDES[0] <= self.side <= _SIDES[1]:
            raise InvalidModel(f"the encoder takes pictures of {self.side} pixels; 1024 are expected")
        features = {item.name for item in encoding.get_outputs()}
        self._wanted = {item.name: item for item in decoding.get_inputs()}
        if not set(self._wanted) <= {*features, *_CLICKS, "mask_input", "has_mask_input", "orig_im_size"}:
            raise InvalidModel(
                f"the decoder takes {_told(decoding)}, which does not fit the encoder; see docs/models.md"
            )
        if not {item.name for item in decoding.get_outputs()} & set(_MASKS):
            raise InvalidModel(f"the decoder gives no output {' or '.join(_MASKS)}; see docs/models.md")

    def facts(self) -> tuple[Sequence[TensorFacts], Sequence[TensorFacts]]:
        """Return the inputs and the outputs of both networks."""
        sessions = [session for session, _ in self._opened]
        inputs = [facts(item) for session in sessions for item in session.get_inputs()]
        return inputs, [facts(item) for session in sessions for item in session.get_outputs()]

    def card(self, name: str) -> ModelCard:
        """Return a card of this name."""
        told = [session.get_modelmeta().custom_metadata_map.get("license", "") for session, _ in self._opened]
        return ModelCard(
            name=name,
            task="assist",
            architecture="sam",
            decoder="sam",
            input=ModelInput(width=self.side, height=self.side, placement="stretch", mean=_MEAN, std=_DEVIATION),
            classes=(),
            parameters=sum(contents.parameters for _, contents in self._opened),
            licence=" ".join((told[0] or told[1]).split())[:200] or "unknown",
            boxwright_version=boxwright.__version__,
            created_at=now(),
        )

    def encode(self, rgb: Rgb) -> Embedding:
        """Return what the decoder needs of a picture. Raises InvalidModel where the network fails."""
        small = cv2.resize(rgb, (self.side, self.side), interpolation=cv2.INTER_AREA)
        values = (np.asarray(small, np.float32) - np.asarray(_MEAN, np.float32)) / np.asarray(_DEVIATION, np.float32)
        pixels = np.ascontiguousarray(values.transpose(2, 0, 1)[None])
        features = run_session(self._opened[0], {self._image: pixels})
        return Embedding(features=features, width=rgb.shape[1], height=rgb.shape[0])

    def decode(self, embedding: Embedding, prompt: Prompt) -> Polygon | None:
        """Return the likeliest outline of the object that a prompt means; None where there is none."""
        named = run_session(self._opened[1], self._feeds(embedding, prompt))
        masks = np.asarray(next(named[name] for name in _MASKS if name in named), np.float32)
        masks = masks.reshape(-1, *masks.shape[-2:])
        scores = np.asarray(named.get("iou_predictions", np.zeros(len(masks))), np.float32).ravel()
        if max(masks.shape[1:]) > _MOST or not np.isfinite(masks).all():
            raise InvalidModel(f"the decoder's masks are not finite, or larger than {_MOST} pixels a side")
        best = int(scores.argmax()) if len(scores) == len(masks) else 0
        size = embedding.width, embedding.height
        return outlined(masks[best], _whole(masks[best], size), size)

    def _feeds(self, embedding: Embedding, prompt: Prompt) -> dict[str, NDArray[Any]]:
        places, labels = _points(prompt)
        scale = self.side / embedding.width, self.side / embedding.height
        feeds: dict[str, NDArray[Any]] = {
            **embedding.features,
            "point_coords": np.asarray([[(x * scale[0], y * scale[1]) for x, y in places]], np.float32),
            "point_labels": np.asarray([labels], np.float32),
            "mask_input": np.zeros((1, 1, self.side // 4, self.side // 4), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.array([self.side, self.side]),
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


def is_decoder(session: Any) -> bool:
    """Tell whether a network takes clicks: the second half of SAM."""
    return {item.name for item in session.get_inputs()} >= _CLICKS


def is_encoder(session: Any) -> bool:
    """Tell whether a network makes of one picture what only a decoder can read: the first half of SAM."""
    taken = [item.shape for item in session.get_inputs()]
    if len(taken) != 1 or len(taken[0]) != 4 or taken[0][1] != 3 or not isinstance(taken[0][-1], int):
        return False
    side = taken[0][-1] // 16
    return any(list(item.shape) == [1, 256, side, side] for item in session.get_outputs())


def _foreign(sessions: Sequence[Any], clicks: bool) -> str:
    """Return why two files are no pair."""
    if clicks:
        return "both files are decoders of SAM; its encoder is missing"
    told = " and ".join(_told(session) for session in sessions)
    return f"these two are no encoder and decoder of SAM 2.1 or EdgeTAM: they take {told}, and neither takes clicks"


def _told(session: Any) -> str:
    return ", ".join(f"{item.name} {list(item.shape)}" for item in session.get_inputs())[:300]
