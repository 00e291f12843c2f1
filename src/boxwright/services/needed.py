"""Which files are needed, and the promise to a backup that none of them goes while it reads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from boxwright.domain.manifest import read_records
from boxwright.domain.ports import BlobStore


def pictures_of(blobs: BlobStore, manifest: str) -> Iterator[str]:
    """Yield what a version's manifest names. Raises BoxwrightError, OSError or ValueError where it cannot be read."""
    return (record.sha256 for record in read_records(blobs.local_path(manifest)))


class Keeper:
    """Lets files be removed one by one, and never while somebody keeps them all. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keeping = 0

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep every file until the end of the block; waits at most for one removal."""
        with self._lock:
            self._keeping += 1
        try:
            yield
        finally:
            with self._lock:
                self._keeping -= 1

    @contextmanager
    def removing(self) -> Iterator[bool]:
        """Tell whether one file may be removed within the block."""
        with self._lock:
            yield not self._keeping
