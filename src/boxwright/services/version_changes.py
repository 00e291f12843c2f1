"""Versions compared with each other and with the present, and brought back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from boxwright import media
from boxwright.domain.annotations import Annotation
from boxwright.domain.clock import now
from boxwright.domain.differences import Comparison, Restored, VersionDiff, compared
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import ImageRecord, ManifestHeader
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image, Split
from boxwright.services.classes import add_classes
from boxwright.services.image_actions import ACTIONS, recount_split, set_states
from boxwright.services.ledger import Edit, Signature, record
from boxwright.services.versions import Versions
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_BATCH = 500


class VersionChanges:
    """Rules about what versions have different, and about restoring them."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, versions: Versions) -> None:
        self._uow, self._blobs, self._versions = uow, blobs, versions

    def compare(self, version_id: str, other_id: str | None = None) -> VersionDiff:
        """Return what is different in another version of the project, or now. Raises NotFound."""
        version = self._versions.get(version_id)
        if other_id is not None and self._versions.get(other_id).project_id != version.project_id:
            raise NotFound("there is no such version in this project")
        with self._present(version.project_id, other_id) as later:
            return compared(self._manifest(version_id), later)

    def restore(self, version_id: str, caller: Caller) -> Restored:
        """Bring a project back to a version: one step, that is all or nothing, and that loses nothing.

        What the project is now becomes a version of its own first; restoring that one undoes this. Images that the
        version does not have go to the trash, those that it has come back from there, or from the version itself.
        Proposals stay. Raises NotFound.
        """
        version = self._versions.get(version_id)
        before = self._keep_present(version.project_id, f"Before {version.name} came back"[:200], caller)
        with self._present(version.project_id, before) as present:
            comparison = Comparison(present, self._manifest(version_id))
            pairs = list(comparison.pairs())
            with self._uow.write() as tx:
                work = _Restoring(tx, self._blobs, version.project_id, comparison.headers[1], caller)
                done = work.run(
                    wanted=[pair.after for pair in pairs if pair.after is not None],
                    gone=[pair.before.id for pair in pairs if pair.after is None and pair.before is not None],
                )
                detail = {"name": version.name, "count": done.changed + done.back + done.trashed}
                tx.audit.add(
                    caller, "version.restore", project_id=version.project_id, subject=version_id, detail=detail
                )
        return replace(done, before_id=before)

    def _keep_present(self, project_id: str, name: str, caller: Caller) -> str | None:
        try:
            return self._versions.create(project_id, name, caller).id
        except Invalid as error:
            if error.code != "project_empty":
                raise
            return None

    def _manifest(self, version_id: str) -> Path:
        with self._uow.read() as tx:
            digest = tx.versions.manifest(version_id)
        return self._blobs.local_path(digest)

    @contextmanager
    def _present(self, project_id: str, version_id: str | None) -> Iterator[Path]:
        """Give the manifest of a version, or of the project as it stands."""
        if version_id is not None:
            yield self._manifest(version_id)
            return
        with self._versions.scratch() as folder:
            path = folder / "present.jsonl"
            self._versions.freeze(project_id, path)
            yield path


class _Restoring:
    """One restore, inside one transaction."""

    def __init__(
        self, tx: Transaction, blobs: BlobStore, project_id: str, header: ManifestHeader, caller: Caller
    ) -> None:
        self._tx, self._blobs, self._project_id, self._caller = tx, blobs, project_id, caller
        tx.projects.get(project_id)
        self._set_id = tx.annotations.default_set(project_id)
        self._signature = Signature(change_id=f"restore:{new_id()}", author_id=caller.id)
        self._classes = self._class_ids(header)
        self._with_metadata = header.with_metadata

    def run(self, wanted: Sequence[ImageRecord], gone: Sequence[str]) -> Restored:
        """Make these pictures what the records say, and put others into the trash."""
        trashed = self._trash(gone)
        names = self._tx.images.names(self._project_id)
        back = changed = lost = 0
        waiting = iter(wanted)
        while chunk := list(islice(waiting, _BATCH)):
            records = {item.id: item for item in chunk}
            found = {image.id: image for image in self._tx.images.some(self._project_id, list(records), lock=True)}
            able = {key: item for key, item in records.items() if self._may_return(item, found.get(key), names)}
            returned = self._bring_back(able, found)
            self._settle(able)
            lost += len(records) - len(able)
            back += returned
            changed += len(able) - returned
        self._tx.projects.keep_cover(self._project_id)
        for topic in ("images", "project"):
            data = {"action": "restored"}
            self._tx.publish(Event(topic=topic, project_id=self._project_id, id=self._project_id, data=data))
        return Restored(before_id=None, back=back, trashed=trashed, changed=changed, lost=lost)

    def _trash(self, ids: Sequence[str]) -> int:
        found = self._tx.images.some(self._project_id, ids, lock=True)
        return len(ACTIONS["trash"](self._tx, found, None, self._caller))

    def _may_return(self, record: ImageRecord, image: Image | None, names: dict[str, str]) -> bool:
        """Tell whether a picture can be what it was: its name is free, and its bytes are here. Takes the name."""
        key = nfc(record.name)
        if names.get(key, record.id) != record.id or (image is None and not self._blobs.exists(record.sha256)):
            return False
        names[key] = record.id
        return True

    def _bring_back(self, records: Mapping[str, ImageRecord], found: Mapping[str, Image]) -> int:
        """Take pictures out of the trash, or make them anew; returns how many."""
        dead = [found[key] for key in records if key in found and found[key].deleted_at is not None]
        for image in dead:
            self._rename(image, records[image.id])
        ACTIONS["restore"](self._tx, [self._tx.images.get(image.id) for image in dead], None, self._caller)
        new = [self._made(item) for key, item in records.items() if key not in found]
        self._tx.images.bulk_insert((image, records[image.id].external_id) for image in new)
        if new:
            self._tx.projects.count_up(self._project_id, images=len(new), at=now())
        return len(dead) + len(new)

    def _made(self, item: ImageRecord) -> Image:
        path = self._blobs.local_path(item.sha256)
        return Image(
            id=item.id,
            project_id=self._project_id,
            name=item.name,
            width=item.width,
            height=item.height,
            orientation=item.orientation,
            format=media.probe(path).format,
            bytes=path.stat().st_size,
            sha256=item.sha256,
            split="none",
            state="unlabeled",
            annotations=0,
            revision=0,
            created_at=now(),
        )

    def _rename(self, image: Image, item: ImageRecord) -> None:
        if image.name != item.name:
            self._tx.images.update(image.id, name=item.name)

    def _settle(self, records: Mapping[str, ImageRecord]) -> None:
        """Give living pictures the names, splits, tags, metadata, objects and states of their records."""
        images = self._tx.images.some(self._project_id, list(records), lock=True)
        groups: dict[Split, list[Image]] = defaultdict(list)
        for image in images:
            item = records[image.id]
            self._rename(image, item)
            if image.tags != item.tags:
                self._tx.images.update(image.id, tags=[*item.tags])
            if self._with_metadata and dict(image.metadata) != item.metadata:
                self._tx.images.update(image.id, metadata=dict(item.metadata))
            if image.split != item.split:
                groups[item.split].append(image)
        for split, group in groups.items():
            self._tx.images.update_many([image.id for image in group], split=split)
            recount_split(self._tx, group, split)
        images = self._tx.images.some(self._project_id, list(records), lock=True)
        self._objects(images, records)
        for image in self._tx.images.some(self._project_id, list(records)):
            wanted = records[image.id].state
            if not image.annotations and image.state != wanted and wanted != "labeled":
                set_states(self._tx, [image], wanted, None)

    def _objects(self, images: Sequence[Image], records: Mapping[str, ImageRecord]) -> None:
        present = self._tx.annotations.of_images([image.id for image in images], self._set_id)
        here = {item.id: item for items in present.values() for item in items}
        missing = [one.id for item in records.values() for one in item.annotations if one.id not in here]
        known = here | self._tx.import_changes.buried(missing)
        edits = []
        for image in images:
            wanted = {item.id: item for item in self._annotations(records[image.id], known)}
            mine = {item.id: item for item in present[image.id] if item.state != "proposal"}
            put = [item for key, item in wanted.items() if mine.get(key) != item]
            gone = [key for key in mine if key not in wanted]
            if put or gone:
                empty = records[image.id].state == "empty"
                edits.append(Edit(image=image, before=present[image.id], put=put, gone=gone, empty=empty))
        record(self._tx, self._set_id, edits, self._signature)

    def _annotations(self, item: ImageRecord, known: Mapping[str, Annotation]) -> Iterator[Annotation]:
        """Yield the annotations of a record; what a manifest does not say is as it was last."""
        for one in item.annotations:
            class_id = self._classes[one.class_index]
            last = known.get(one.id) or Annotation(
                id=one.id, class_id=class_id, geometry=one.geometry, source="import", author_id=self._caller.id
            )
            yield replace(
                last,
                state="manual" if last.state == "proposal" else last.state,
                class_id=class_id,
                geometry=one.geometry,
                crowd=one.crowd,
                score=one.score,
                external_id=one.external_id,
                attributes=dict(one.attributes),
                z=one.z,
                group_id=one.group_id,
            )

    def _class_ids(self, header: ManifestHeader) -> list[str]:
        """Return the class here for each class of the version: itself, or the one that has its name by now."""
        ids = {item.id for item in header.classes}
        names = self._tx.classes.names(self._project_id)
        gone = ids - self._tx.classes.belonging(self._project_id, ids)
        free = [item.id for item in header.classes if item.id in gone and nfc(item.name) not in names]
        self._tx.classes.revive(self._project_id, free)
        living = self._tx.classes.belonging(self._project_id, ids)
        lost = [item.name for item in header.classes if item.id not in living]
        named = add_classes(self._tx, self._project_id, lost)
        return [item.id if item.id in living else named[nfc(item.name)] for item in header.classes]
