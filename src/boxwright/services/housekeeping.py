"""What nobody needs any more goes: old trash, abandoned uploads, blobs without a reference."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from boxwright.domain.errors import BoxwrightError
from boxwright.domain.ports import BlobStore
from boxwright.services.needed import Keeper, pictures_of
from boxwright.services.previews import Previews
from boxwright.storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
GRACE = timedelta(hours=24)
UPLOAD_LIFE = timedelta(days=7)


class Housekeeping:
    """Cleans up; safe to run beside everything else."""

    def __init__(
        self,
        uow: UnitOfWork,
        blobs: BlobStore,
        previews: Previews,
        uploads: Path,
        trash_days: int,
        keeper: Keeper | None = None,
    ) -> None:
        self._uow = uow
        self._keeper = keeper or Keeper()
        self._blobs = blobs
        self._previews = previews
        self._uploads = uploads
        self._trash_days = trash_days

    def run(self) -> int:
        """Do all of it; returns how many blobs were removed."""
        self.empty_trash()
        self.drop_uploads()
        self._blobs.tidy()
        return self.sweep()

    def empty_trash(self) -> int:
        """Delete what lies in the trash for longer than `trash_days`; returns how many pictures went."""
        before = _ago(timedelta(days=self._trash_days))
        with self._uow.write() as tx:
            pictures = [image_id for _, image_id in tx.images.trashed_before(before)]
            tx.images.delete(pictures)
            tx.videos.delete_trashed_before(before)
            tx.projects.delete_trashed_before(before)
        return len(pictures)

    def drop_uploads(self) -> int:
        """Remove uploads that nobody touched for a week; returns how many."""
        with self._uow.write() as tx:
            old = tx.uploads.untouched_since(_ago(UPLOAD_LIFE))
            for upload_id in old:
                tx.uploads.delete(upload_id)
        for upload_id in old:
            (self._uploads / f"{upload_id}.upload").unlink(missing_ok=True)
        return len(old)

    def sweep(self, grace: timedelta = GRACE) -> int:
        """Remove blobs that nothing refers to and that are older than `grace`; returns how many.

        The grace covers bytes that were stored a moment ago and whose row is still to come. Where one manifest cannot
        be read nothing is removed, because it would say which pictures are needed; nor while a backup is being made.
        """
        candidates = set(self._blobs.all())
        with self._uow.read() as tx:
            needed = set(tx.references.named())
            manifests = tx.references.manifests()
        try:
            for manifest in manifests:
                needed.update(pictures_of(self._blobs, manifest))
        except (BoxwrightError, OSError, ValueError) as error:
            log.warning("no blobs were swept: a version's manifest cannot be read (%s)", error)
            return 0
        removed = self._forget_originals(needed, grace)
        for sha256 in candidates - needed:
            with self._keeper.removing() as allowed:
                if not allowed:
                    return removed
                if not self._blobs.delete_older(sha256, grace.total_seconds()):
                    continue
            self._previews.forget(sha256)
            removed += 1
        return removed

    def _forget_originals(self, needed: set[str], grace: timedelta) -> int:
        """Forget where bytes lie that no picture needs; they themselves are not ours to remove."""
        with self._uow.write() as tx:
            old = sorted(tx.originals.before(_ago(grace)) - needed)
            tx.originals.delete(old)
        for sha256 in old:
            self._previews.forget(sha256)
        return 0


def _ago(span: timedelta) -> str:
    return (datetime.now(UTC) - span).isoformat(timespec="milliseconds").replace("+00:00", "Z")
