"""Pictures made ready for clicks by the networks that a person has put into the folder `assist`, if there are any."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boxwright.domain.assist import Assistant, Prompt
from boxwright.domain.errors import BoxwrightError, InvalidModel
from boxwright.domain.geometry import Polygon

if TYPE_CHECKING:
    from boxwright.ml.assist.sam import Embedding, Sam

log = logging.getLogger(__name__)
FILES = ("encoder.onnx", "decoder.onnx")
# An embedding of SAM 2.1 takes 16 MB.
_KEPT = 8
_WAITING = 3


class Embeddings:
    """Encodes pictures in the background, one at a time, and keeps the last ones."""

    def __init__(self, folder: Path, memory: int | None = None) -> None:
        self._folder, self._memory = folder, memory
        self._sam: Sam | None = None
        self._stamp: tuple[float, ...] | None = None
        self._broken = ""
        self._kept: OrderedDict[str, Embedding] = OrderedDict()
        self._waiting: set[str] = set()
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def assistant(self) -> Assistant:
        """Say whether there are networks, and what is wrong with them."""
        if self._stamp_now() is None:
            return Assistant(network="none", message="")
        return Assistant(network="broken" if self._loaded() is None else "ready", message=self._broken)

    def prepare(self, key: str, picture: Callable[[], Any]) -> bool:
        """Begin to encode a picture where that is worth it; tell whether it is ready for clicks."""
        if self._stamp_now() is None:
            return False
        with self._lock:
            if key in self._kept:
                return True
            if key in self._waiting or len(self._waiting) >= _WAITING:
                return False
            self._waiting.add(key)
        threading.Thread(target=self._encode, args=(key, picture), name="embedding", daemon=True).start()
        return False

    def decode(self, key: str, prompt: Prompt) -> tuple[bool, Polygon | None]:
        """Return whether the picture was ready, and the outline that is meant."""
        with self._lock:
            embedding = self._kept.get(key)
            if embedding is not None:
                self._kept.move_to_end(key)
        sam = None if embedding is None else self._loaded()
        return (False, None) if sam is None or embedding is None else (True, sam.decode(embedding, prompt))

    def _encode(self, key: str, picture: Callable[[], Any]) -> None:
        try:
            with self._turn:
                sam = self._loaded()
                if sam is not None:
                    embedding = sam.encode(picture())
                    with self._lock:
                        self._kept[key] = embedding
                        while len(self._kept) > _KEPT:
                            self._kept.popitem(last=False)
        except BoxwrightError as error:
            self._broken = error.message
            log.warning("a picture could not be made ready for clicks: %s", error)
        finally:
            with self._lock:
                self._waiting.discard(key)

    def _stamp_now(self) -> tuple[float, ...] | None:
        """Return what tells these files from later ones; None where one is missing."""
        try:
            return tuple((self._folder / name).stat().st_mtime for name in FILES)
        except OSError:
            return None

    def _loaded(self) -> "Sam | None":
        """Return the networks, loaded anew where other files lie there now; None where they cannot be used."""
        stamp = self._stamp_now()
        with self._lock:
            if stamp == self._stamp:
                return self._sam
            self._stamp, self._sam, self._broken = stamp, None, ""
            self._kept.clear()
            try:
                from boxwright.ml.assist.sam import Sam

                self._sam = None if stamp is None else Sam(self._folder, self._memory)
            except InvalidModel as error:
                self._broken = error.message
                log.warning("smart outlines go on without networks: %s", error)
            return self._sam
