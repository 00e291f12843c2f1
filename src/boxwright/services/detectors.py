"""Models that are loaded and ready to answer."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections, Detector
from boxwright.domain.looks import Looks
from boxwright.domain.models import ModelCard


def load_onnx(path: Path, card: ModelCard, memory: int | None = None) -> Detector:
    """Load a model for one thread a call: two sessions of one thread beat one of two (measured, 2 cores).

    `memory` is what all models from elsewhere together may use.
    """
    from boxwright.ml.adapters.onnx import (
        OnnxDetector,
    )  # ONNX Runtime loads with the first picture, not with the server

    return OnnxDetector(path, card, threads=1, memory=memory)


def look(detector: Detector, looks: Looks, iou: float) -> Detector:
    """Return a detector that looks more than once at a picture."""
    from boxwright.ml.adapters.looking import LookingDetector

    return LookingDetector(detector, looks, iou)


class _Slot:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.detector: Detector | None = None
        self.read: tuple[Path, ModelCard] | None = None


class Detectors:
    """Keeps the last used models loaded.

    Args:
        capacity: models kept.
        parallel: pictures worked on at the same time; by default one more than there are cores, so that none of these
            stands idle while a picture waits for the interpreter. More only take memory.
        load: makes a detector.
        load_foreign: makes one of a model from elsewhere; by default as any other.
    """

    def __init__(
        self,
        capacity: int = 4,
        parallel: int | None = None,
        load: Callable[[Path, ModelCard], Detector] = load_onnx,
        load_foreign: Callable[[Path, ModelCard], Detector] | None = None,
    ) -> None:
        self._capacity, self._load, self._load_foreign = capacity, load, load_foreign or load
        self._slots: OrderedDict[str, _Slot] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(parallel or 1 + (os.cpu_count() or 1))

    def predict(
        self,
        key: str,
        path: Path,
        card: ModelCard,
        picture: Callable[[tuple[int, int] | None], tuple[NDArray[np.uint8], tuple[int, int]]],
        *,
        foreign: bool = False,
        looks: Looks | None = None,
        **thresholds: Any,
    ) -> tuple[tuple[int, int], Detections]:
        """Return (width, height) and detections of one picture.

        Args:
            key: names the model; its id, as two models may share a file and read it by different cards.
            path: the ONNX file.
            card: its card.
            picture: decodes the picture for a size that is enough, see `media.decode_within`; called when it is this
                picture's turn, so that memory stays bounded.
            foreign: whether the model comes from elsewhere.
            looks: how to look at the picture; once at the whole of it by default.
            **thresholds: `score_threshold` and `iou_threshold`, None for the card's.
        """
        with self._turn:
            detector = self._detector(key, path, card, foreign)
            if looks is not None and not looks.once:
                detector = look(detector, looks, card.iou_threshold)
            rgb, size = picture(detector.within)
            found = detector.predict([rgb], **thresholds)[0]
            return size, found.resized((rgb.shape[1], rgb.shape[0]), size)

    def forget(self, key: str) -> None:
        """Unload a model."""
        with self._lock:
            self._slots.pop(key, None)

    def _detector(self, key: str, path: Path, card: ModelCard, foreign: bool) -> Detector:
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > self._capacity:
                self._slots.popitem(last=False)
        with slot.lock:
            # A card that was corrected since, or another of its files, asks for another detector.
            if slot.detector is None or slot.read != (path, card):
                load = self._load_foreign if foreign else self._load
                slot.detector, slot.read = load(path, card), (path, card)
            return slot.detector
