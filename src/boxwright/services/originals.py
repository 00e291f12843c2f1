"""Pictures by reference: how many there are, and copied in after all."""

from collections.abc import Sequence, Set
from pathlib import Path

from boxwright.domain.addresses import shown
from boxwright.domain.errors import BoxwrightError, StorageFull, Unavailable
from boxwright.domain.events import Event
from boxwright.domain.originals import CopiedIn, ImageOriginal, Original, OriginalCount
from boxwright.domain.ports import BlobStore
from boxwright.storage.cache import FileCache
from boxwright.storage.referenced import ReferencedBlobs
from boxwright.storage.unit_of_work import UnitOfWork

AT_ONCE = 50


def with_originals(uow: UnitOfWork, stored: BlobStore, cache: Path, limit: int) -> BlobStore:
    """Return a store that also knows what is not copied; it passes through a cache of `limit` bytes."""

    def find(sha256: str) -> Original | None:
        with uow.read() as tx:
            return tx.originals.find(sha256)

    def known(hashes: Set[str]) -> Set[str]:
        with uow.read() as tx:
            return tx.originals.known(hashes)

    return ReferencedBlobs(stored, FileCache(cache / "originals", limit), find, known)


class Originals:
    """Rules about pictures that are not copied."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore) -> None:
        self._uow, self._blobs = uow, blobs

    def count(self, project_id: str) -> OriginalCount:
        """Return how many pictures of a project are there by reference. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return OriginalCount(images=tx.originals.count(project_id))

    def of_image(self, image_id: str) -> Original | None:
        """Return where the bytes of a picture lie; None where they are here. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.originals.find(tx.images.get(image_id).sha256)

    def of_images(self, project_id: str, ids: Sequence[str]) -> tuple[ImageOriginal, ...]:
        """Return which of these pictures are there by reference, and where they lie. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            found = tx.originals.of_images(project_id, ids)
        return tuple(ImageOriginal(image_id=key, address=shown(address)) for key, address in sorted(found))

    def copy_in(
        self, project_id: str, after: str = "", limit: int = AT_ONCE, hashes: Sequence[str] | None = None
    ) -> CopiedIn:
        """Copy the next of a project's originals into the store, in the order of their hashes, behind `after`.

        With `hashes` none but these. What cannot be copied stays a reference, with a line that says why. Raises
        NotFound, StorageFull, Unavailable.
        """
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            waiting = tx.originals.of_project(project_id, after, limit, hashes)
        copied, problems = list[str](), list[str]()
        for sha256 in waiting:
            try:
                self._blobs.put_file(self._blobs.local_path(sha256), sha256)
                copied.append(sha256)
            except (StorageFull, Unavailable):
                raise
            except BoxwrightError as error:
                problems.append(error.message)
        with self._uow.write() as tx:
            tx.originals.delete(copied)
            left = tx.originals.count(project_id)
            if copied:
                data = {"action": "copied_in", "count": len(copied)}
                tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
        following = waiting[-1] if len(waiting) == limit else None
        return CopiedIn(copied=len(copied), left=left, problems=tuple(problems), next_after=following)
