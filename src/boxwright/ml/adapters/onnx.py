"""Detectors in ONNX files, run by ONNX Runtime."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.cards import card_from_json
from boxwright.domain.decoders import full_options
from boxwright.domain.detections import Detections
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard, ModelInput, class_scores
from boxwright.ml import registry
from boxwright.ml.adapters.batching import Batching
from boxwright.ml.adapters.decoders.base import Dense, Final, Frame, Outputs
from boxwright.ml.adapters.masks import Masks, outlined
from boxwright.ml.adapters.nms import best, pick, ranked
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.letterbox import letterbox, normalise, trimmed

METADATA_KEY = "boxwright.card"
_PARTS = {"boxes": 0, "scores": 1}


class OnnxDetector:
    """A detector of any family: pictures in, detections out. May be used from several threads.

    Args:
        model: the ONNX file, or what was opened from it.
        card: how to feed it and how to read it; by default the card inside the file.
        threads: of one prediction. They do not spin, so that the server's other work is not slowed.
        memory: bytes it may use, for a model from elsewhere.
        outlines: whether to give the outlines of objects where the model has masks.
        gpu: whether to run on a GPU, where one can be used.

    Raises:
        InvalidModel: no ONNX, weights in other files, or inputs and outputs that are not as the card says.
    """

    def __init__(
        self,
        model: Path | str | Network,
        card: ModelCard | None = None,
        threads: int = 1,
        memory: int | None = None,
        *,
        outlines: bool = True,
        gpu: bool = False,
    ) -> None:
        self._network = model if isinstance(model, Network) else Network(Path(model), threads, memory=memory, gpu=gpu)
        self.card = card or embedded_card(self._network.metadata)
        self._decode = registry.decoder(self.card.decoder).decode
        options = full_options(self.card.decoder, self.card.options)
        self._parts = _parts(self._network, self.card)
        self._outlines = outlines
        # Pictures go together only where that is known to work.
        self._batches = self.card.decoder == "wren" and (not self.card.outputs or "prototypes" in self.card.outputs)
        self._run = Batching(self._network.run) if self._batches and self.on_gpu else self._network.run
        size = self.card.input
        self._frame = Frame(
            width=size.width, height=size.height, classes=len(self.card.classes), options=options, floor=0.0
        )

    @property
    def on_gpu(self) -> bool:
        """Whether it runs on a GPU."""
        return self._network.on_gpu

    @property
    def within(self) -> tuple[int, int] | None:
        """Width and height that pictures are scaled to fit into, None where they do not keep their ratio."""
        return self.card.input.within

    def predict(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        """Return the detections of each picture, best first, in its own pixels and clipped to it.

        Args:
            pictures: upright RGB, uint8 (h, w, 3), of any sizes.
            score_threshold: 0 to 1; by default the operating score of each class, as in the card.
            iou_threshold: overlap from which the lower of two boxes of one class is dropped; the card's by default.
                Families that need no suppression do not look at it.
            max_detections: at most so many a picture.
        """
        if not pictures:
            return []
        least = class_scores(self.card) if score_threshold is None else (score_threshold,) * len(self.card.classes)
        score, by_class = min(least), np.asarray(least, np.float32)
        iou = self.card.iou_threshold if iou_threshold is None else iou_threshold
        placed = [letterbox(picture, self.card.input, self._canvas(picture)) for picture in pictures]
        answers = self._answers([canvas for canvas, _ in placed])
        results = []
        for outputs, (canvas, fit) in zip(answers, placed, strict=True):
            frame = replace(self._frame, width=canvas.shape[1], height=canvas.shape[0], floor=score)
            got, masks = self._read(outputs, frame, iou, max_detections)
            moved = fit.to_picture(got.boxes)
            # What lies wholly in the padding has no area in the picture.
            keep = np.flatnonzero((moved[:, 2:] > moved[:, :2]).all(1) & (got.scores >= by_class[got.class_ids]))
            found = Detections(moved, got.scores, got.class_ids).take(keep)
            if masks is not None and self._outlines:
                found = outlined(found, masks.take(keep), fit, (frame.width, frame.height))
            results.append(found)
        return results

    def _canvas(self, picture: NDArray[np.uint8]) -> ModelInput:
        """Return the input that a picture goes into. A GPU would plan anew for each shape, so there it is padded."""
        if self.on_gpu or self._network.size != (None, None):
            return self.card.input
        return trimmed(self.card.input, picture.shape[1], picture.shape[0])

    def _answers(self, canvases: Sequence[NDArray[np.uint8]]) -> Iterator[Outputs]:
        """Yield the outputs of each picture by their part."""
        spec = self.card.input
        if self._batches:
            for _, same in groupby(canvases, key=np.shape):
                batch = np.stack(list(same))
                answer = self._run(self._network.feed(normalise(batch, spec), spec))
                yield from ({p: answer[name][i] for p, name in self._parts.items()} for i in range(len(batch)))
            return
        for canvas in canvases:
            answer = self._run(self._network.feed(normalise(canvas[None], spec), spec))
            yield {part: answer[name] for part, name in self._parts.items()}

    def _read(self, outputs: Outputs, frame: Frame, iou: float, limit: int) -> tuple[Detections, Masks | None]:
        """Return detections in pixels of the input, and their masks if there are any."""
        score = frame.floor
        try:
            found: Dense | Final = self._decode(outputs, frame)
        except (ValueError, IndexError, TypeError) as error:
            raise InvalidModel(
                f"the outputs are not those of decoder {self.card.decoder}: {error}", code="model_foreign"
            ) from error
        if isinstance(found, Dense):
            got, index = pick(found.boxes, found.scores, score, iou if found.nms else None, limit)
        else:
            index = ranked(found.scores, found.labels, score, limit)
            got = best(found.boxes, found.scores, found.labels, score, limit)
            self._check_labels(got)
        return got, None if found.masks is None else found.masks.take(index)

    def _check_labels(self, got: Detections) -> None:
        if len(got) and int(got.class_ids.max()) >= len(self.card.classes):
            raise InvalidModel(
                f"the model answers with class number {int(got.class_ids.max())}, but its card names "
                f"{len(self.card.classes)} classes from 0; correct the classes of the model",
                code="model_classes",
            )


def embedded_card(metadata: Mapping[str, str]) -> ModelCard:
    """Return the card that Boxwright wrote into a model. Raises InvalidModel where there is none."""
    text = metadata.get(METADATA_KEY)
    if text is None:
        raise InvalidModel("the ONNX file carries no model card; it was not made by Boxwright", code="model_foreign")
    try:
        return card_from_json(json.loads(text))
    except ValueError as error:
        raise InvalidModel(f"the model card cannot be read: {error}", code="card_unreadable") from error


def _parts(network: Network, card: ModelCard) -> dict[str, str]:
    """Return part -> name of output. Raises InvalidModel unless inputs and outputs are as the card says."""
    if not card.outputs:
        _check_shapes(network, card)
        return {part: network.outputs[index].name for part, index in _PARTS.items()}
    names = {item.name for item in network.outputs}
    missing = sorted(set(card.outputs.values()) - names)
    if missing:
        raise InvalidModel(f"the model has no output {missing[0]!r} that its card asks for", code="model_foreign")
    for fixed, side, what in zip(network.size, (card.input.width, card.input.height), ("wide", "high"), strict=True):
        if fixed not in (None, side):
            raise InvalidModel(f"the network takes pictures {fixed} pixels {what}, not {side}", code="model_foreign")
    return dict(card.outputs)


def _check_shapes(network: Network, card: ModelCard) -> None:
    """Compare inputs and outputs with a card that names no outputs; a dimension with a name fits any size."""
    spec = card.input
    inputs, outputs = network.inputs, network.outputs
    wanted: list[tuple[int | None, ...]] = [(1, 3, spec.height, spec.width), (1, None, 4), (1, None, len(card.classes))]
    shapes = [item.shape for item in (*inputs, *outputs)]
    kinds = {item.type for item in (*inputs, *outputs)}
    fits = card.decoder == "wren" and len(inputs) == 1 and len(outputs) == 2 and kinds == {"tensor(float)"}
    if not fits or not all(_fits(shape, want) for shape, want in zip(shapes, wanted, strict=True)):
        raise InvalidModel(
            f"the model has inputs {[list(i.shape) for i in inputs]} and outputs {[list(o.shape) for o in outputs]}; "
            f"its card asks for [n, 3, {spec.height}, {spec.width}], for boxes [n, cells, 4] "
            f"and scores [n, cells, {len(card.classes)}]",
            code="model_foreign",
        )


def _fits(shape: Sequence[Any], want: Sequence[int | None]) -> bool:
    """Compare a shape, its batch dimension aside, with the wanted one (None: any size)."""
    pairs = zip(list(shape)[1:], want[1:], strict=False)
    return len(shape) == len(want) and all(w is None or not isinstance(s, int) or s == w for s, w in pairs)
