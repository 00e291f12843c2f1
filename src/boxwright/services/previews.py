"""Upright views and thumbnails, made once and kept in the cache folder."""

import threading
from pathlib import Path
from typing import Literal

from boxwright import media
from boxwright.domain.answers import FileAnswer
from boxwright.domain.ports import BlobStore
from boxwright.services.tiles import Tiling
from boxwright.storage.files import write_whole

ThumbnailSize = Literal[160, 320, 640]
SIZES: tuple[ThumbnailSize, ...] = (160, 320, 640)
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class Previews:
    """What browsers are sent instead of the stored bytes. Thread-safe."""

    def __init__(self, blobs: BlobStore, cache_dir: Path) -> None:
        self._blobs = blobs
        self._cache = cache_dir
        self.tiling = Tiling(blobs, cache_dir)
        # A picture is decoded whole in places: not forty at the same time.
        self._slots = threading.BoundedSemaphore(4)

    def view(self, sha256: str, name: str) -> FileAnswer:
        """Return the picture, upright, in a format that browsers show. Raises NotFound, InvalidImage, StorageFull."""
        original = self._blobs.local_path(sha256)
        info = media.probe(original)
        if not media.needs_view(info):
            return FileAnswer(path=original, mime=info.mime, name=name)
        for mime, extension in _EXTENSIONS.items():
            path = self._path("views", sha256, extension)
            if path.is_file():
                return FileAnswer(path=path, mime=mime, name=name)
        with self._slots:
            mime, data = media.view(original)
        path = self._path("views", sha256, _EXTENSIONS[mime])
        write_whole(path, data)
        return FileAnswer(path=path, mime=mime, name=name)

    def thumbnail(self, sha256: str, name: str, size: ThumbnailSize) -> FileAnswer:
        """Return a WebP that fits into `size` x `size` pixels. Raises NotFound, InvalidImage, StorageFull."""
        path = self._path(f"thumbnails/{size}", sha256, "webp")
        if not path.is_file():
            original = self._blobs.local_path(sha256)
            with self._slots:
                data = media.thumbnail(original, size)
            write_whole(path, data)
        return FileAnswer(path=path, mime=media.THUMBNAIL_MIME, name=name)

    def forget(self, sha256: str) -> None:
        """Remove what was made of a picture that is gone."""
        self.tiling.forget(sha256)
        for size in SIZES:
            self._path(f"thumbnails/{size}", sha256, "webp").unlink(missing_ok=True)
        for extension in _EXTENSIONS.values():
            self._path("views", sha256, extension).unlink(missing_ok=True)

    def _path(self, kind: str, sha256: str, extension: str) -> Path:
        return self._cache / kind / sha256[:2] / f"{sha256}.{extension}"
