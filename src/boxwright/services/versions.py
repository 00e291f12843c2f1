"""Dataset versions: the state of a project, frozen as a manifest with a content hash."""

import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from boxwright.domain.annotations import Annotation
from boxwright.domain.clock import now
from boxwright.domain.collecting import seldom_collected
from boxwright.domain.errors import Invalid
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import (
    ImageRecord,
    Labelled,
    ManifestClass,
    ManifestHeader,
    hash_of_lines,
    line_of,
    read_header,
    read_heads,
    write_manifest,
)
from boxwright.domain.models import DatasetVersion
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image, Source, Split
from boxwright.services import checks
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_CHUNK = 500
Locate = Callable[[Iterable[ImageRecord]], Iterable[ImageRecord]]
"""Gives records the path of their bytes on this machine; None where they are gone."""


@dataclass(slots=True)
class _Tally:
    """What went into a manifest."""

    content_hash: str = ""
    images: int = 0
    annotations: int = 0
    splits: Counter[str] = field(default_factory=Counter)


class Versions:
    """Rules about dataset versions."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, scratch: Path) -> None:
        self._uow = uow
        self._blobs = blobs
        self._scratch = scratch

    def create(self, project_id: str, name: str | None, caller: Caller) -> DatasetVersion:
        """Freeze the present state; equal content returns the version that exists.

        Proposals that nobody accepted are left out. Raises NotFound, Invalid (`project_empty`), StorageFull.
        """
        label = checks.name(name, "the version's name") if name else None
        begun = now()  # whatever is changed while this is being written was changed since
        with self.scratch() as folder:
            path = folder / "manifest.jsonl"
            with self._uow.read() as tx:
                tally = _freeze(tx, project_id, path)
                known = tx.versions.with_hash(project_id, tally.content_hash)
            if known is not None:
                return known
            manifest = self._blobs.put_file(path)
        version = DatasetVersion(
            id=new_id(),
            project_id=project_id,
            name=label or "",
            content_hash=tally.content_hash,
            images=tally.images,
            annotations=tally.annotations,
            train=tally.splits["train"],
            val=tally.splits["val"],
            test=tally.splits["test"],
            created_at=begun,
            created_by=caller.id,
        )
        return self._insert(version, manifest, caller)

    def _insert(self, version: DatasetVersion, manifest: str, caller: Caller) -> DatasetVersion:
        with self._uow.write() as tx:
            known = tx.versions.with_hash(version.project_id, version.content_hash)
            if known is not None:
                return known
            if not version.name:
                version = replace(version, name=f"Version {tx.versions.count(version.project_id) + 1}")
            tx.versions.add(version, manifest)
            detail = {"name": version.name, "images": version.images}
            tx.audit.add(caller, "version.create", project_id=version.project_id, subject=version.id, detail=detail)
            tx.publish(Event(topic="version", project_id=version.project_id, id=version.id))
        return version

    def page(self, project_id: str, cursor: str | None = None, limit: int = 50) -> Page[DatasetVersion]:
        """Return versions, newest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.versions.page(project_id, cursor, limit)

    def get(self, version_id: str) -> DatasetVersion:
        """Return a version. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.versions.get(version_id)

    def write_manifest(
        self, version_id: str, path: Path, locate: Locate, *, splits: Collection[Split] | None = None
    ) -> None:
        """Write a version's manifest for a task on this machine: each picture with the path of its bytes.

        Only pictures of `splits`, where given. A picture whose bytes were purged has no path. Raises NotFound.
        """
        with self._uow.read() as tx:
            digest = tx.versions.manifest(version_id)
        self._localize(self._blobs.local_path(digest), path, locate, splits)

    def write_current(
        self,
        project_id: str,
        path: Path,
        locate: Locate,
        *,
        splits: Collection[Split] | None = None,
        sources: Collection[Source] = (),
    ) -> None:
        """Write the present state of a project as `write_manifest` does. Raises NotFound, Invalid (`project_empty`).

        With `sources` only their annotations, and the pictures that have one.
        """
        with self.scratch() as folder:
            frozen = folder / "manifest.jsonl"
            with seldom_collected():
                with self._uow.read() as tx:
                    _freeze(tx, project_id, frozen, sources)
                self._localize(frozen, path, locate, splits)

    def freeze(self, project_id: str, path: Path) -> None:
        """Write the present state of a project as versions have it, also of one without pictures. Raises NotFound."""
        with self._uow.read() as tx, full_disk_is_an_answer():
            _freeze(tx, project_id, path, empty=True)

    def relocate(self, path: Path, locate: Locate) -> None:
        """Give a manifest, written for an earlier start of its task, the paths that hold now."""
        self._localize(path, path, locate, None)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Open a folder for files of the moment, in the data folder; it is removed at the end. Raises StorageFull."""
        with full_disk_is_an_answer():
            self._scratch.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="manifest-", dir=self._scratch) as folder:
                yield Path(folder)

    @staticmethod
    def _localize(frozen: Path, path: Path, locate: Locate, splits: Collection[Split] | None) -> None:
        """Copy a manifest with the places of the bytes on this machine; it is at `path` when it is complete."""
        part = path.with_name(f"{path.name}.tmp")
        with full_disk_is_an_answer():
            chosen = _Chosen(frozen, splits)
            write_manifest(part, read_header(frozen), ())
            with part.open("ab") as out:
                for record in locate(chosen):
                    out.write(line_of(record, chosen.annotations(record.id)))
            part.replace(path)


class _Chosen:
    """The pictures of a manifest, of some splits, without annotations; counted only for whoever asks how many."""

    def __init__(self, path: Path, splits: Collection[Split] | None) -> None:
        self._path, self._splits = path, splits
        self._passed: deque[tuple[str, bytes]] = deque()

    def __iter__(self) -> Iterator[ImageRecord]:
        for record, annotations in read_heads(self._path):
            if self._splits is None or record.split in self._splits:
                self._passed.append((record.id, annotations))
                yield record

    def __length_hint__(self) -> int:
        return sum(self._splits is None or head.split in self._splits for head, _ in read_heads(self._path))

    def annotations(self, image_id: str) -> bytes:
        """Return what the line of a picture has, and forget those before it; to be asked in their order."""
        while True:
            passed, annotations = self._passed.popleft()
            if passed == image_id:
                return annotations


def _freeze(
    tx: Transaction, project_id: str, path: Path, sources: Collection[Source] = (), *, empty: bool = False
) -> _Tally:
    project = tx.projects.get(project_id)
    labels = tx.classes.list(project_id)
    classes = tuple(ManifestClass(id=item.id, name=item.name, color=item.color) for item in labels)
    header = ManifestHeader(name=project.name, classes=classes, with_metadata=True)
    ranks = {item.id: rank for rank, item in enumerate(classes)}
    body = path.with_name("body.jsonl")
    tally = _Tally()
    with body.open("wb") as out:

        def written() -> Iterator[bytes]:
            for head, shapes in _pictures(tx, project_id, ranks, sources):
                line = line_of(head, b",".join(shapes))
                out.write(line)
                tally.images += 1
                tally.annotations += len(shapes)
                tally.splits[head.split] += 1
                yield line

        tally.content_hash = hash_of_lines(header, written())
    if not tally.images and not empty:
        what = "no pictures with annotations of this source" if sources else "no pictures yet; add some first"
        raise Invalid(f"the project has {what}", code="project_empty")
    write_manifest(path, replace(header, content_hash=tally.content_hash), ())
    with path.open("ab") as out_bytes, body.open("rb") as lines:
        shutil.copyfileobj(lines, out_bytes)
    return tally


def _pictures(
    tx: Transaction, project_id: str, ranks: dict[str, int], sources: Collection[Source]
) -> Iterator[tuple[ImageRecord, list[bytes]]]:
    """Yield the living pictures by name, each with its ground truth, or what `sources` made of it."""
    set_id = tx.annotations.default_set(project_id)
    pictures = list(tx.images.all_living(project_id))
    for start in range(0, len(pictures), _CHUNK):
        chunk = pictures[start : start + _CHUNK]
        shapes = tx.annotations.texts_of_images([image.id for image, _ in chunk], set_id, ranks, sources)
        for image, external_id in chunk:
            if shapes[image.id] or not sources:
                yield record_of(image, external_id, [], ranks), shapes[image.id]


def record_of(image: Image, external_id: str | None, shapes: list[Annotation], ranks: dict[str, int]) -> ImageRecord:
    """Return a picture with its annotations as manifests have it; `ranks` are the places of classes by id."""
    labelled = tuple(
        Labelled(
            class_index=ranks[item.class_id],
            geometry=item.geometry,
            id=item.id,
            crowd=item.crowd,
            score=item.score,
            external_id=item.external_id,
            attributes=dict(item.attributes),
            z=item.z,
            group_id=item.group_id,
        )
        for item in shapes
        if item.state != "proposal"
    )
    return ImageRecord(
        id=image.id,
        name=image.name,
        width=image.width,
        height=image.height,
        annotations=labelled,
        split=image.split,
        state=image.state,
        orientation=image.orientation,
        sha256=image.sha256,
        external_id=external_id,
        tags=image.tags,
        metadata=dict(sorted(image.metadata.items())),
    )
