"""Tiles of very large pictures: made once, in the background, and kept in the cache folder."""

import shutil
import threading
from pathlib import Path

from boxwright import media
from boxwright.domain.answers import FileAnswer
from boxwright.domain.errors import BoxwrightError, Conflict, InvalidImage, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.ports import BlobStore
from boxwright.domain.tiles import Tiles
from boxwright.storage.files import full_disk_is_an_answer


class Tiling:
    """Cuts pictures, one at a time. Thread-safe."""

    def __init__(self, blobs: BlobStore, cache_dir: Path) -> None:
        self._blobs = blobs
        self._cache = cache_dir
        self._lock = threading.Lock()
        self._one = threading.Semaphore(1)
        self._making: set[str] = set()
        self._failed: dict[str, BoxwrightError] = {}

    def is_large(self, sha256: str) -> bool:
        """Tell whether a picture is so large that it is shown from tiles. Raises NotFound, InvalidImage."""
        return media.is_large(media.probe(self._blobs.local_path(sha256)))

    def about(self, sha256: str) -> Tiles:
        """Say how a picture is cut, and begin to cut it where that was not done yet.

        Raises:
            NotFound: no such picture.
            InvalidImage: it is not large enough for tiles (`not_tiled`), or broken.
            StorageFull: there was no room for its tiles.
        """
        original = self._blobs.local_path(sha256)
        info = media.probe(original)
        if not media.is_large(info):
            raise InvalidImage("this picture is shown as a whole: it needs no tiles", code="not_tiled")
        ready = self._folder(sha256).is_dir()
        if not ready:
            self._begin(sha256, original, info)
        return Tiles(size=media.TILE, levels=media.level_count(info), ready=ready)

    def tile(self, sha256: str, level: int, x: int, y: int) -> FileAnswer:
        """Return one tile as JPEG. Raises NotFound where there is none, Conflict (`tiles_not_ready`) before."""
        folder = self._folder(sha256)
        if not folder.is_dir():
            raise Conflict(
                "the tiles of this picture are not made yet: ask for its tiles first", code="tiles_not_ready"
            )
        levels = sum(1 for entry in folder.iterdir() if entry.is_dir())
        path = media.tile_file(folder, levels, level, x, y)
        if not path.is_file():
            raise NotFound(f"there is no tile {x}, {y} on level {level}")
        return FileAnswer(path=path, mime=media.TILE_MIME, name=f"{level}_{x}_{y}.jpg")

    def forget(self, sha256: str) -> None:
        """Remove the tiles of a picture that is gone."""
        shutil.rmtree(self._folder(sha256), ignore_errors=True)

    def _begin(self, sha256: str, original: Path, info: media.ImageInfo) -> None:
        with self._lock:
            failed = self._failed.pop(sha256, None)
            if failed is not None:
                raise failed
            if sha256 in self._making:
                return
            self._making.add(sha256)
        threading.Thread(target=self._make, args=(sha256, original, info), daemon=True, name="tiles").start()

    def _make(self, sha256: str, original: Path, info: media.ImageInfo) -> None:
        folder = self._folder(sha256)
        part = folder.with_name(f".{new_id()}_files")
        try:
            with self._one, full_disk_is_an_answer():
                folder.parent.mkdir(parents=True, exist_ok=True)
                media.make_tiles(original, part, info)
                part.replace(folder)
        except BoxwrightError as error:
            self._failed[sha256] = error
        except OSError as error:
            self._failed[sha256] = InvalidImage(f"the tiles could not be written: {error.strerror}")
        finally:
            shutil.rmtree(part, ignore_errors=True)
            self._making.discard(sha256)

    def _folder(self, sha256: str) -> Path:
        return self._cache / "tiles" / sha256[:2] / sha256
