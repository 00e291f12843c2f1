"""Pictures of a project: take in, list, change, throw away, show."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from boxwright import media
from boxwright.domain.answers import FileAnswer
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Image, Split, Uploaded
from boxwright.domain.queries import ImageQuery, Neighbours
from boxwright.domain.tiles import Tiles
from boxwright.services import checks
from boxwright.services.image_actions import ACTIONS, Action, Looked, check_split, chosen, recount_split, set_states
from boxwright.services.metadata import checked_fields
from boxwright.services.previews import SIZES, Previews, ThumbnailSize
from boxwright.services.tagging import checked_tags
from boxwright.storage.files import sha256_of
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

# Seconds that counting the images of a filter may take while somebody waits for the next one.
_COUNTING = 0.02
# Names of deleted pictures that the audit log keeps, of each bulk action.
_NAMED = 20


class Images:
    """Rules about pictures."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, cache_dir: Path) -> None:
        self._uow = uow
        self._blobs = blobs
        self.previews = Previews(blobs, cache_dir)

    def page(
        self,
        project_id: str,
        query: ImageQuery,
        cursor: str | None = None,
        limit: int = 100,
        *,
        offset: int = 0,
        seconds: float | None = None,
    ) -> Page[Image]:
        """Return one page of the library; with `seconds`, what of it was found in about that time.

        With `offset` the page begins so many pictures down the list. Raises NotFound.
        """
        with self._uow.read() as tx:
            if not tx.projects.known(project_id, alive=True):
                raise NotFound("there is no such project, or it is in the trash")
            if offset:
                cursor = tx.images.cursor_at(project_id, query, offset)
                if cursor is None:
                    return Page(items=())
            return tx.images.page(project_id, query, cursor, limit, seconds=seconds)

    def add(self, project_id: str, name: str, source: Path, split: Split = "none") -> Uploaded:
        """Take in the file `source`; it is removed once its bytes and row are safe.

        The same bytes under the same name are the picture that is here already.

        Raises:
            NotFound: no such project.
            InvalidImage: the file is no picture we open.
            Conflict: with code `name_taken` where other bytes bear the name.
        """
        path = checks.path(name)
        check_split(split)
        info = media.probe(source)
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            sha256 = sha256_of(source)
            known = _same_name(tx, project_id, path, sha256)
        if known is None:
            self._blobs.put_file(source, sha256)
            image = Image(
                id=new_id(),
                project_id=project_id,
                name=path,
                width=info.upright_width,
                height=info.upright_height,
                orientation=info.orientation,
                format=info.format,
                bytes=source.stat().st_size,
                sha256=sha256,
                split=split,
                state="unlabeled",
                annotations=0,
                revision=0,
                created_at=now(),
            )
            known = self._insert_once(image)
        source.unlink(missing_ok=True)
        return known

    def _insert_once(self, image: Image) -> Uploaded:
        try:
            return self._insert(image)
        except Conflict as error:
            if error.code != "conflict":
                raise
            return self._insert(image)  # the same upload came twice at once, and the other one was a moment earlier

    def _insert(self, image: Image) -> Uploaded:
        with self._uow.write() as tx:
            project = tx.projects.get(image.project_id)
            known = _same_name(tx, image.project_id, image.name, image.sha256)
            if known is not None:
                return known
            duplicate = tx.images.with_bytes(image.project_id, image.sha256)
            tx.images.add(image)
            tx.projects.count_up(image.project_id, images=1, at=image.created_at)
            if project.cover_image_id is None:
                tx.projects.update(image.project_id, cover_image_id=image.id)
            tx.publish(Event(topic="image", project_id=image.project_id, id=image.id, data={"action": "created"}))
        return Uploaded(image=image, duplicate_of=duplicate)

    def get(self, image_id: str) -> Image:
        """Return a picture, also one in the trash. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.images.get(image_id)

    def update(
        self,
        image_id: str,
        *,
        split: Split | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        state: Looked | None = None,
        caller: Caller | None = None,
    ) -> Image:
        """Change what is not None. `state` says of a picture without annotations whether that is right (`empty`).

        With `empty` the caller also rejects what a model had proposed on it. Raises NotFound, Invalid, Conflict
        (`name_taken`, `image_has_annotations`, `image_in_trash`).
        """
        values: dict[str, Any] = {}
        if split is not None:
            values["split"] = check_split(split)
        if tags is not None:
            values["tags"] = checked_tags(tags)
        if metadata is not None:
            values["metadata"] = checked_fields(metadata)
        with self._uow.write() as tx:
            image = tx.images.lock(image_id)
            tx.projects.get(image.project_id)
            if name is not None:
                values["name"] = _free_name(tx, image, name)
            if state is not None:
                set_states(tx, [image], state, caller)
            if values:
                tx.images.update(image_id, **values)
            if split is not None and image.deleted_at is None:
                recount_split(tx, [image], split)
            tx.publish(Event(topic="image", project_id=image.project_id, id=image_id, data={"action": "updated"}))
            return tx.images.get(image_id)

    def bulk(
        self,
        project_id: str,
        ids: Sequence[str],
        action: Action,
        split: Split | None = None,
        caller: Caller | None = None,
    ) -> int:
        """Do one thing to many pictures, all or none; returns how many it changed.

        Only what lies in the trash can be deleted for good; `empty` and `unlabeled` are as in `update`. Raises NotFound
        where an id is no picture of the project, Invalid, Conflict (`name_taken`, `not_in_trash`,
        `image_has_annotations`, `image_in_trash`).
        """
        with self._uow.write() as tx:
            found = chosen(tx, project_id, ids)
            changed = ACTIONS[action](tx, found, split, caller)
            if changed:
                tx.projects.keep_cover(project_id)
                data = {"action": action, "count": len(changed)}
                if action not in ("empty", "unlabeled"):  # these are in the history of each picture
                    _note(tx, caller, action, found, {**data, "split": split})
                tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
        return len(changed)

    def neighbours(self, image_id: str, query: ImageQuery) -> Neighbours:
        """Return what stands before and after a picture in a list. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.images.neighbours(tx.images.get(image_id), query, _COUNTING)

    def file(self, image_id: str) -> FileAnswer:
        """Return the original bytes. Raises NotFound."""
        image = self.get(image_id)
        mime = media.MIMES[image.format]  # type: ignore[index]
        return FileAnswer(path=self._blobs.local_path(image.sha256), mime=mime, name=image.name)

    def view(self, image_id: str, *, whole: bool = True) -> FileAnswer:
        """Return the upright picture in a format that browsers show. Raises NotFound, InvalidImage.

        Unless the `whole` of it is wanted, of a very large picture, which has tiles, only the largest thumbnail comes.
        """
        image = self.get(image_id)
        if not whole and self.previews.tiling.is_large(image.sha256):
            return self.previews.thumbnail(image.sha256, image.name, SIZES[-1])
        return self.previews.view(image.sha256, image.name)

    def tiles(self, image_id: str) -> Tiles:
        """Say how a very large picture is cut, and begin with it. Raises NotFound, InvalidImage, StorageFull."""
        return self.previews.tiling.about(self.get(image_id).sha256)

    def tile(self, image_id: str, level: int, x: int, y: int) -> FileAnswer:
        """Return one tile. Raises NotFound, Conflict where none is made yet."""
        return self.previews.tiling.tile(self.get(image_id).sha256, level, x, y)

    def thumbnail(self, image_id: str, size: ThumbnailSize = 320) -> FileAnswer:
        """Return an upright thumbnail whose longer side is at most `size` pixels. Raises NotFound, InvalidImage."""
        if size not in SIZES:
            raise Invalid(f"a thumbnail has one of the sizes {SIZES}", code="size_invalid")
        image = self.get(image_id)
        return self.previews.thumbnail(image.sha256, image.name, size)


def _same_name(tx: Transaction, project_id: str, name: str, sha256: str) -> Uploaded | None:
    known = tx.images.named(project_id, name)
    if known is None:
        return None
    if known.sha256 != sha256:
        raise Conflict(f"another picture is named {name!r} already; rename one of them", code="name_taken")
    return Uploaded(image=known, duplicate_of=None)


def _free_name(tx: Transaction, image: Image, name: str) -> str:
    path = checks.path(name)
    other = tx.images.named(image.project_id, path)
    if other is not None and other.id != image.id:
        raise Conflict(f"another picture is named {path!r} already", code="name_taken")
    return path


def _note(
    tx: Transaction, caller: Caller | None, action: Action, found: Sequence[Image], detail: dict[str, Any]
) -> None:
    if action == "delete":
        detail["names"] = [image.name for image in found[:_NAMED]]
    tx.audit.add(caller, f"images.{action}", project_id=found[0].project_id, detail=detail)
